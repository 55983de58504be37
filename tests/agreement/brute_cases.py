"""What the hand-made examples share: the implementations that they run against, and short words for systems and scenarios."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agreement import brute, engine_answer
from impactsim.model.scenario import Scenario
from impactsim.model.system import System

Words = dict[str, Any]

IMPLEMENTATIONS: dict[str, Callable[[System, Scenario], Any]] = {
    "brute": brute.run,
    "engine": engine_answer.run,
}
"""Each takes a system and a scenario; what it returns has the fields of `brute.Outcome`."""


class Case:
    """An implementation, and the way from plain data to its answer."""

    def __init__(self, implementation: Callable[[System, Scenario], Any]) -> None:
        self.implementation = implementation

    def __call__(self, system: Words, scenario: Words) -> Any:
        return self.implementation(System.model_validate(system), Scenario.model_validate(scenario))

    def levels(self, system: Words, scenario: Words, name: str) -> list[tuple[float, float]]:
        """Return the history of a component, in minutes and levels rounded well below 1e-9's reach."""
        history = self(system, scenario).levels[name]
        return [(at_ms / 60_000, round(level, 12)) for at_ms, level in history]


every_implementation = pytest.mark.parametrize(
    "run_case", [pytest.param(Case(run), id=name) for name, run in IMPLEMENTATIONS.items()]
)


def system(components: Words, **others: Any) -> Words:
    """Write a system; a component that needs no words is None."""
    words = {name: component or {} for name, component in components.items()}
    return {"impactsim": 1, "name": "By hand", "components": words, **others}


def scenario(*events: Words, actions: tuple[Words, ...] = (), **others: Any) -> Words:
    """Write a scenario."""
    return {
        "impactsim": 1,
        "name": "By hand",
        "system": "by-hand.yaml",
        "events": list(events),
        "actions": list(actions),
        **others,
    }


def down(name: str, start: int, end: int) -> Words:
    """Write a fault of a component from one minute to another."""
    return {"fail": name, "at": f"{start}m", "for": f"{end - start}m"}
