"""Foreign formats become systems: one file a format, a document in, a system and what is doubtful about it out."""
