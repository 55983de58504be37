"""The documents of each report: which blocks stand in them, made of the same words as the text on a screen."""
