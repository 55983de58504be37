"""A scenario played with the steps of a plan as the repairs (S10)."""
