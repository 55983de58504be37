"""Many trials: luck, blocks, figures."""
