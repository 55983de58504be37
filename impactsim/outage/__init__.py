"""An outage under way: what is known of it, what follows, how long it may last, what would help."""
