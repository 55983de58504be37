"""What a review finds, one sort a module, and what they look things up in."""
