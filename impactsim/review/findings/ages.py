"""How old a figure or a test is on the day of the review."""

from __future__ import annotations

from datetime import date

STALE_DAYS = 365
"""Figures that were set or confirmed longer ago are stale."""


def age_days(day: date, as_of: date) -> int:
    """Return how many days before the day of the review a day lies; negative if it lies after it.

    Examples
    --------
    >>> age_days(date(2026, 5, 4), date(2027, 5, 4))
    365
    """
    return (as_of - day).days


def age_told(day: date, as_of: date) -> str:
    """Say a day and how long ago it was.

    Examples
    --------
    >>> age_told(date(2026, 5, 4), date(2026, 5, 5)), age_told(date(2026, 5, 4), date(2026, 5, 4))
    ('2026-05-04, 1 day ago', '2026-05-04, the day of the review')
    """
    days = age_days(day, as_of)
    if days == 0:
        return f"{day}, the day of the review"
    ago = f"{abs(days):,} day{'s' * (abs(days) != 1)}"
    return f"{day}, {ago} ago" if days > 0 else f"{day}, {ago} after the day of the review"
