"""What a ranking of failures is to say, and whether all that is asked for is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches

from impactsim.model.rules_users import is_zone
from impactsim.model.system import System
from impactsim.reports.rank.facts import By
from impactsim.trials.cases import COMMON_CAUSE, Ends
from impactsim.trials.pairs import MOST_PAIRS


@dataclass(frozen=True, slots=True)
class Asked:
    """What a ranking is to say. Names are those of the system: `unknown_names` finds those that are not."""

    kinds: tuple[str, ...] = ()
    ends: Ends = field(default_factory=Ends)
    starts: datetime | None = None
    trials: int = 1
    seed: int = 0
    by: By | None = None
    """By user-minutes lost if absent, or by the time of services down where there are no users."""
    service: str | None = None
    n_shown: int | None = 20
    """How many of the ranking are explained; all if absent."""
    shown: tuple[str, ...] = ()
    """Failures that are explained wherever they stand."""
    has_pairs: bool = False
    most_pairs: int = MOST_PAIRS
    has_hours: bool = False
    component: str | None = None
    """The failure whose hours are looked at; the worst if absent."""
    zone: str | None = None
    """Time zone of the hours; that of the largest segment with an activity if absent."""


def unknown_names(system: System, asked: Asked) -> list[tuple[str, str]]:
    """Return what was asked for and is not there: the option, and what is wrong with it, in words."""
    kinds = {each.kind for each in system.components.values()}
    if system.common_causes:
        kinds.add(COMMON_CAUSE)
    services = [name for name, each in system.components.items() if each.kind == "service"]
    failures = [*system.components, *system.common_causes]
    found = [("kind", _unknown("component is of the kind", kind, kinds)) for kind in asked.kinds if kind not in kinds]
    if asked.service is not None and asked.service not in services:
        found.append(("service", _unknown("service is called", asked.service, services)))
    if asked.component is not None and asked.component not in failures:
        found.append(("component", _unknown("component or common cause is called", asked.component, failures)))
    found += [
        ("why", _unknown("component or common cause is called", each, failures))
        for each in asked.shown
        if each not in failures
    ]
    if asked.zone is not None and not is_zone(asked.zone):
        found.append(("zone", f"there is no time zone '{asked.zone}'; write it as Europe/Rome"))
    return found


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), 3, 0.5)
    return f"no {what} '{name}'" + (f"; did you mean {' or '.join(near)}?" if near else "")
