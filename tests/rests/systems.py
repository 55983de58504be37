"""Small systems of which it can be said by hand what rests on guesses."""

from __future__ import annotations

from typing import Any

from impactsim.model.provenance import Confidence
from impactsim.model.system import System
from impactsim.rests.footing import Below, Footing
from impactsim.rests.shares import Rests

HOUR = 3_600_000


def system_of(components: dict[str, Any], **words: Any) -> System:
    """Return a system of these components."""
    return System.model_validate({"impactsim": 1, "name": "x", "components": components, **words})


def judged(components: dict[str, Any], *hit: str, whole: tuple[str, ...] = (), **words: Any) -> dict[str, Confidence]:
    """Return how sure it is of each service, where all but the `whole` ones went down."""
    rests = rests_of(components, *hit, whole=whole, **words)
    return {} if rests is None else rests.sure


def rests_of(components: dict[str, Any], *hit: str, whole: tuple[str, ...] = (), **words: Any) -> Rests | None:
    """Return what rests on what, where all but the `whole` ones were down for an hour."""
    system = system_of(components, **words)
    below = {name: Below(HOUR, 0, was_down=True) for name in system.components if name not in whole}
    return Footing(system).rests(hit, below)
