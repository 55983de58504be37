"""A review in words: for a terminal, as a document, as JSON, as tables."""
