"""Small systems whose outages can be followed by hand, and how their trials are run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from impactsim.files.reading import validate_scenario, validate_system
from impactsim.model.system import System
from impactsim.outage.estimate import Estimates, estimate
from impactsim.outage.faults import Known
from impactsim.outage.situation import Situation, situation_of
from impactsim.trials.workers import Here

MIN = 60_000
H = 3_600_000
STARTS = datetime.fromisoformat("2026-03-02T14:00+01:00")


def system_of(components: dict[str, Any], **words: Any) -> System:
    """Return a system of these components, as an author writes them."""
    return validate_system({"impactsim": 1, "name": "Test", "components": components, **words}).system


def scenario_of(components: dict[str, Any], events: list[dict[str, Any]], **words: Any) -> Any:
    """Return a loaded scenario of a system of these components."""
    system = {"impactsim": 1, "name": "Test", "components": components}
    return validate_scenario({"impactsim": 1, "name": "Test", "system": system, "events": events, **words})


def at(system: System, at_ms: int, *down: str | Known, up: tuple[str, ...] = (), seed: int = 0) -> Situation:
    """Return the situation in which these have been down since the start, or as they say."""
    known = [Known(each) if isinstance(each, str) else each for each in down]
    return situation_of(system, known, up, at_ms, STARTS, seed)


def estimated(situation: Situation, n: int = 1000) -> Estimates:
    """Run the trials of a situation, interpreted."""
    return estimate(situation, Here(is_compiled=False), n)
