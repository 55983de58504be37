"""In which order importances are told."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from impactsim.reports.exact.facts import EventImportance, Sort

SORTS: dict[Sort, str] = {
    "birnbaum": "birnbaum",
    "fv": "fussell_vesely",
    "raw": "risk_achievement",
    "rrw": "risk_reduction",
    "user-minutes": "user_minutes",
}
"""The figure behind each order."""


def sorted_by(rows: Iterable[EventImportance], sort: Sort) -> list[EventImportance]:
    """Return events, the most important first; equal ones by Birnbaum, then by their ids."""
    figure = attrgetter(SORTS[sort])
    return sorted(rows, key=lambda each: (-figure(each), -each.birnbaum, each.id))
