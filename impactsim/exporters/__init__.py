"""Systems become documents of foreign formats: one file a format."""
