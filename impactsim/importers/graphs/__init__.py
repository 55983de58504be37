"""Graph files of other programs, and the flat rows of our own exports."""
