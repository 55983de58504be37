"""What a backtest says, as numbers with names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from impactsim.backtest.scores import Score

OURS = "ours"
"""Name of our own forecast among the ways."""


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The forecasts of outages that had lasted so long already."""

    elapsed_s: float
    """Seconds."""
    n_incidents: int
    """How many outages of the test lasted longer."""
    scores: Mapping[str, Score]
    """By way, ours first, losses in hours; empty where no outage lasted so long."""

    @property
    def best(self) -> str:
        """The way with the least pinball loss; the first of those that are equal, and empty without an outage."""
        return min(self.scores, key=lambda way: self.scores[way].pinball, default="")


@dataclass(frozen=True, slots=True)
class Group:
    """A provider or a service."""

    name: str
    """Empty where all are one."""
    n_train: int
    n_test: int
    is_pooled: bool
    """Whether it had too few outages of its own before the split, and was forecast from those of all."""
    median_s: float | None
    """Median in seconds of the log-logistic law fitted to all of its outages; none where they are too few."""
    shape: float | None
    """The shape of that law."""


@dataclass(frozen=True, slots=True)
class BacktestFacts:
    """What came of a backtest."""

    until_s: float
    """The split: outages that began before are known, those from then on are forecast. Seconds since 1970, UTC, or as in the table."""
    n_train: int
    n_test: int
    n_left_out: Mapping[str, int]
    """How many rows were left out, by why."""
    tail: float
    """The factor that calibrates the tails, from the outages before the split alone."""
    by_elapsed: tuple[Elapsed, ...]
    groups: tuple[Group, ...]
    """By name."""
