"""What is taken where nobody says it, and between which ends it plausibly lies.

Knows figures only. The ends are wide on purpose and the same for all things of a kind: they are there to compare questions, not
to answer them. Where the program has a typical value with a source, its 5th and 95th percentile are the ends.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from impactsim.chances import ASSUMED_RESTORE_MS
from impactsim.law_forms import law
from impactsim.quantities import duration_ms
from impactsim.typical import values

MINUTE_MS = 60_000
DAY_MS = 86_400_000
YEAR_MINUTES = 365 * 1440

RATE = 1.0
"""Failures a year of whatever nobody says how often it fails: the same for all, so that the order means something."""
RATE_FACTOR = 3.0
"""It may as well fail three times as often, or a third as often."""
RESTORE_MS = ASSUMED_RESTORE_MS
"""How long it is down each time, where nobody says it and something else is asked about (S8.8)."""
DESTROYED_PER_YEAR = 0.1
"""Data are destroyed once in ten years."""
OF_MANY = 0.1
"""What a tenth of the users lean on has many users behind it, as in the audit."""

_TYPICAL = {"provider": "cloud-region", "power": "utility-us"}
"""Kinds that a typical value speaks of; of power, what needs nothing itself."""
_LOW, _HIGH = 0.05, 0.95


class Ends(NamedTuple):
    """Between what and what a time plausibly lies."""

    low_ms: float
    high_ms: float
    typical: str = ""
    """Name of the typical value that they come from; empty where it is none."""


WIDE = Ends(15 * MINUTE_MS, DAY_MS)
"""Of whatever no typical value speaks of."""
FROM_COPY = Ends(DAY_MS, 30 * DAY_MS)
"""How long destroyed data are gone: from a copy in a day, without one in a month."""


def ends_of_restore(kind: str, is_source: bool) -> Ends:
    """Return between what and what the time to restore plausibly lies.

    Parameters
    ----------
    kind
        Kind of the component.
    is_source
        Whether it needs nothing itself.
    """
    name = _TYPICAL.get(kind, "")
    return _ends(name) if name and (is_source or kind != "power") else WIDE


@cache
def _ends(name: str) -> Ends:
    found = law(dict(values()[name].law), duration_ms)
    return Ends(found.quantile(_LOW), found.quantile(_HIGH), name)
