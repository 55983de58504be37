"""Sampled runs: facts, renderers and comparisons of many trials."""
