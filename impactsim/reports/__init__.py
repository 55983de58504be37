"""What a run says: facts with names, and their renderers."""
