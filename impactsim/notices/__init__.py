"""What customers are told: a public object, sentences in six languages, forms to send, and the search for what must not stand there."""
