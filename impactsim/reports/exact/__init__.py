"""The answers to single questions without a clock: cut sets, importance, the choice of a backup."""
