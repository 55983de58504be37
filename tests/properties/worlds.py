"""What the property tests share: settings that repeat, systems to draw, and histories to compare."""

from __future__ import annotations

import copy
import random
import re
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from agreement.random_systems import random_case
from impactsim.compiled import Compiled, Plan
from impactsim.compiler import Names, PlanNames, compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reports.assemble import assemble
from impactsim.reports.facts import Facts

Words = dict[str, Any]
Levels = tuple[tuple[int, float], ...]

repeatable = settings(max_examples=max(150, settings().max_examples), suppress_health_check=list(HealthCheck))
"""As the profile in ``conftest.py`` says, with a few more examples; drawing whole systems may take its time."""

seeds = st.integers(0, 1_000_000)
"""Seeds of `random_case`: systems with everything in them."""

MINUTE = 60_000


class Case(NamedTuple):
    """A system and a scenario, compiled."""

    system: System
    scenario: Scenario
    compiled: Compiled
    names: Names
    plan: Plan
    plan_names: PlanNames


def case(system: Words, scenario: Words) -> Case:
    """Compile a system and a scenario."""
    model, happening = System.model_validate(system), Scenario.model_validate(scenario)
    compiled, names = compile_system(model)
    return Case(model, happening, compiled, names, *compile_plan(model, happening, compiled, names))


def random_words(seed: int) -> tuple[Words, Words]:
    """Return a random system and scenario that may be changed."""
    return copy.deepcopy(random_case(seed))


def facts_of(system: Words, scenario: Words, workspace: Workspace | None = None) -> Facts:
    """Run a scenario."""
    made = case(system, scenario)
    history = (workspace or Workspace(made.compiled)).run(made.plan)
    return assemble(made.system, made.scenario, made.compiled, made.names, made.plan, made.plan_names, history)


def levels_of(system: Words, scenario: Words) -> dict[str, Levels]:
    """Return the histories of a run."""
    return {name: component.levels for name, component in facts_of(system, scenario).components.items()}


def is_never_below(levels: Levels, others: Levels) -> bool:
    """Is the first history at every time at least as high as the second?"""
    times = sorted({at_ms for at_ms, _ in (*levels, *others)})
    return all(level_at(levels, at_ms) >= level_at(others, at_ms) - 1e-9 for at_ms in times)


def level_at(levels: Levels, at_ms: int) -> float:
    """Return the level at a time."""
    return [level for since_ms, level in levels if since_ms <= at_ms][-1]


def renamed(words: Any, names: dict[str, str]) -> Any:
    """Return words with other ids, wherever they stand."""
    if isinstance(words, dict):
        return {names.get(key, key): renamed(value, names) for key, value in words.items()}
    if isinstance(words, list):
        return [renamed(value, names) for value in words]
    return names.get(words, words) if isinstance(words, str) else words


def renamed_text(text: str, names: dict[str, str]) -> str:
    """Return a text in which other ids stand, as whole words."""
    return re.sub(r"\bc[0-9]+\b", lambda found: names.get(found[0], found[0]), text)


def with_different_priorities(system: Words, seed: int) -> Words:
    """Return the system without jobs that only the place in the file would put in order (S5.5)."""
    components = system["components"]
    priorities = random.Random(seed).sample(range(len(components)), len(components))
    for component, priority in zip(components.values(), priorities, strict=True):
        component["priority"] = priority
    return system


def system_of(components: Words, **others: Any) -> Words:
    """Write a system."""
    return {"impactsim": 1, "name": "By hand", "components": components, **others}


def scenario_of(*events: Words, **others: Any) -> Words:
    """Write a scenario."""
    return {"impactsim": 1, "name": "By hand", "system": "-", "events": list(events), **others}


def down(name: str, start: int, end: int) -> Words:
    """Write a fault from one minute to another."""
    return {"fail": name, "at": f"{start}m", "for": f"{end - start}m"}


# Systems in which only availability counts.


@st.composite
def pure_systems(draw: st.DrawFn, *, has_circles: bool, purposes: tuple[str, ...]) -> Words:
    """Draw a system without start, repair, crews, restart, failover, catch-up and `lasts`."""
    names = [f"c{i}" for i in range(draw(st.integers(2, 6)))]
    components: Words = {}
    for place, name in enumerate(names):
        others = [other for other in names if other != name] if has_circles else names[:place]
        needs = draw(st.lists(_pure_needs(others, purposes), max_size=3)) if others else []
        components[name] = {"needs": needs}
    return system_of(components)


@st.composite
def _pure_needs(draw: st.DrawFn, others: list[str], purposes: tuple[str, ...]) -> Words:
    members = draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True))
    form = draw(st.sampled_from(("all_of", "at_least", "any_of", "pool")))
    words: Words
    if form == "at_least":
        words = {"at_least": draw(st.integers(1, len(members))), "of": members}
    elif form == "pool":
        words = {"pool": dict.fromkeys(members, 30), "demand": draw(st.sampled_from((30, 45, 60)))}
    else:
        words = {form: members}
    if draw(st.integers(0, 3)) == 0:
        words["holdover"] = draw(st.sampled_from(("1m", "7m", "20m")))
        if draw(st.booleans()):
            words["recharge"] = draw(st.sampled_from(("3m", "30m")))
    if draw(st.integers(0, 4)) == 0:
        words["impact"] = draw(st.sampled_from((0.2, 0.5)))
    else:
        words["to"] = draw(st.sampled_from(purposes))
    return words


@st.composite
def faults(draw: st.DrawFn, system: Words) -> Words:
    """Draw a scenario in which components fail or degrade, for a while or for good."""
    events = []
    for _ in range(draw(st.integers(1, 5))):
        name, at = draw(st.sampled_from(list(system["components"]))), draw(st.integers(0, 40))
        event: Words = (
            {"fail": name} if draw(st.booleans()) else {"degrade": name, "to": draw(st.sampled_from((0.3, 0.5)))}
        )
        event["at"] = f"{at}m" if at else 0
        if draw(st.booleans()):
            event["for"] = f"{draw(st.integers(1, 30))}m"
        events.append(event)
    return scenario_of(*events)
