"""What single questions without a clock say, with names: every figure that their text, JSON and CSV print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from impactsim.audit.facts import NamedCutSet, Probability
from impactsim.exact.propagation import Criterion

if TYPE_CHECKING:
    from impactsim.model.provenance import Confidence

Sort = Literal["birnbaum", "fv", "raw", "rrw", "user-minutes"]


@dataclass(frozen=True, slots=True)
class CutSetsFacts:
    """The minimal cut sets of one component."""

    system: str
    id: str
    name: str
    criterion: Criterion
    probability: Probability
    """Of being down at a random time, from what is known."""
    n_unknown: int
    """How many events that matter to it nobody gives a rate of."""
    cut_sets: tuple[NamedCutSet, ...]
    """Those that were asked for."""
    paths: tuple[tuple[tuple[str, ...], ...], ...]
    """Of each cut set and each of its events, the way from the component to it; none for what takes other ways."""
    n_in_all: int | None
    """How many there are; None if they could not be counted."""
    complete_to: int
    """All up to this order are listed."""
    is_whole: bool
    """Are all listed?"""
    is_by_probability: bool = False
    """Are they the likeliest, and not the smallest?"""
    needs: dict[Confidence, int] | None = None
    """How many needs of each confidence it rests on; None where all of the system is declared."""


@dataclass(frozen=True, slots=True)
class EventImportance:
    """How much one component or common cause matters."""

    id: str
    name: str
    kind: str
    """Kind of the component, or ``common-cause``."""
    probability: float
    is_known: bool
    """Does somebody say how often it fails?"""
    birnbaum: float
    """By how much the figure is larger if it has failed than if it has not."""
    fussell_vesely: float
    """The share of the figure in which it has a part."""
    risk_achievement: float
    """How many times as large the figure is if it has failed; infinite where it was 0."""
    risk_reduction: float
    """How many times as large the figure is as it would be if it never failed; infinite where nothing would be left."""
    user_minutes: float
    """User-minutes a year that would not be lost if it never failed."""


@dataclass(frozen=True, slots=True)
class ImportanceFacts:
    """What matters most to one service, or to the users of all."""

    system: str
    id: str | None
    """The service; None for the user-minutes of all."""
    name: str
    criterion: Criterion
    figure: float
    """The probability of being down, or the user-minutes lost a year."""
    n_unknown: int
    """How many events that matter nobody gives a rate of."""
    sort: Sort
    events: tuple[EventImportance, ...]
    """The most important first."""
    needs: dict[Confidence, int] | None = None
    """How many needs of each confidence it rests on; None where all of the system is declared."""
