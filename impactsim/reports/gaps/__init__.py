"""Gaps as text, JSON and CSV."""
