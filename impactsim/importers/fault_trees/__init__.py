"""Fault trees of the Open-PSA format."""
