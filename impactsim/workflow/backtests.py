"""Forecasts of what remains of an outage, held against incidents of the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from impactsim.backtest.facts import BacktestFacts
    from impactsim.files.incidents import Columns


def backtest_incidents(
    incidents: str | PathLike[str],
    until: datetime | float,
    *,
    columns: Columns | None = None,
    elapsed_s: Sequence[float] | None = None,
    longest_s: float | None = None,
) -> BacktestFacts:
    """Say how good forecasts of remaining times were, ours and those of simpler ways.

    Parameters
    ----------
    incidents
        A CSV file, one incident a line.
    until
        Incidents that began before are known, those from then on are forecast; UTC where it has no offset, or a number of seconds
        where the table counts them from somewhere else than 1970.
    columns
        Which column is which; found by their names if absent.
    elapsed_s
        After how many seconds the forecasts are made: 0, 30 min, 1 h, 2 h, 4 h and 8 h if absent.
    longest_s
        What lasted so many seconds or more is left out: 60 days if absent.

    Raises
    ------
    InvalidInput
        With every row that cannot be understood.
    NoIncidents
        If there is not one whose length is known (a ValueError).
    TooFewIncidents
        If there is too little to learn from, or nothing to forecast (a ValueError).
    """
    from impactsim.backtest import whole
    from impactsim.files.incidents import read_incidents

    if longest_s is None:
        longest_s = whole.LONGEST_S
    if elapsed_s is None:
        elapsed_s = whole.ELAPSED_S
    if not elapsed_s or any(not 0 <= each < longest_s for each in elapsed_s):
        raise ValueError("an elapsed time is below 0, or not below the longest duration")
    read = read_incidents(Path(incidents), columns)
    kept = [each for each in read.incidents if each.duration_s < longest_s]
    left_out = {
        "told twice": read.n_told_twice,
        "without an end": read.n_without_end,
        "without a length": read.n_without_length,
        "too long": len(read.incidents) - len(kept),
    }
    until_s = _seconds(until) if isinstance(until, datetime) else float(until)
    return whole.backtest(kept, until_s, elapsed_s, left_out)


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
