"""The question without a clock (S8): structure, cut sets, probability, importance. Integers only: no name and no file."""
