"""Systems to restart, by hand and at random, and the timed engine beside them."""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Any

from impactsim.compiled import REPAIR
from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.exact.restart import Restart, restart
from impactsim.files.reading import validate_scenario, validate_system
from impactsim.model.system import System

Words = dict[str, Any]


def system_of(components: Words) -> System:
    return validate_system({"impactsim": 1, "name": "Test", "components": components}).system


class Answer:
    """An answer in names."""

    def __init__(self, components: Words, **options: int) -> None:
        system, names = compile_system(system_of(components))
        self.found: Restart = restart(system, **options)
        self.names = names.components
        self.waves = [(self.ids(each.by_itself), self.ids(each.by_hand)) for each in self.found.waves]
        self.stuck, self.lost, self.by_hand = map(self.ids, (self.found.stuck, self.found.lost, self.found.by_hand))

    def ids(self, components: Any) -> list[str]:
        return [self.names[component] for component in components]


def to(purpose: str, *members: str) -> Words:
    need: Words = {"component": members[0]} if len(members) == 1 else {"all_of": list(members)}
    return {**need, "to": purpose}


def dense(n: int, degree: int, rng: random.Random) -> Words:
    names = [f"c{i}" for i in range(n)]
    return {
        name: {"needs": [to("start", other) for other in rng.sample([o for o in names if o != name], degree)]}
        for name in names
    }


def random_components(rng: random.Random, most: int) -> Words:
    """Make a system in which much waits for much, with every form of need."""
    names = [f"c{i}" for i in range(rng.randint(2, most))]
    purposes = rng.choice((("start", "start", "run"), ("start", "stay_up", "run"), ("stay_up", "run"), ("start",)))
    slow = rng.choice((0.3, 1.0))
    return {name: random_component(rng, [o for o in names if o != name], purposes, slow) for name in names}


def random_component(rng: random.Random, others: list[str], purposes: tuple[str, ...], slow: float) -> Words:
    words: Words = {"kind": rng.choice(("service", "tool"))}
    needs = [random_need(rng, others, rng.choice(purposes)) for _ in range(rng.choice((0, 1, 1, 1, 2, 2)))]
    if needs:
        words["needs"] = needs
    if rng.random() < slow:
        words["restart"] = rng.choice(("1m", "2m", "5m"))
    return words


def random_need(rng: random.Random, others: list[str], purpose: str) -> Words:
    some = rng.sample(others, min(len(others), rng.randint(1, 3)))
    form = rng.choice(("one", "one", "all_of", "at_least", "pool", "any_of", "soft"))
    if form == "soft":
        return {"component": some[0], "impact": 0.5}
    if form == "one" or len(some) == 1:
        return {**to(purpose, some[0]), **({"holdover": "10m"} if rng.random() < 0.2 else {})}
    if form == "all_of":
        return to(purpose, *some)
    if form == "at_least":
        return {"at_least": rng.randint(1, len(some)), "of": some, "to": purpose}
    if form == "pool":
        return {
            "pool": {name: rng.choice((0, 10, 60)) if i else 60 for i, name in enumerate(some)},
            "demand": 60,
            "to": purpose,
        }
    members = [{"use": name, "failover": rng.choice((0, "1m", "7m"))} for name in some]
    if rng.random() < 0.2:
        members[-1]["fails_to_start"] = 0.9
    return {"any_of": members, "to": purpose}


class Engine:
    """Restarts from all-down in the timed engine, without charges, with everything by hand done again day after day."""

    def __init__(self, components: Words) -> None:
        self.components = components
        self.system = system_of(components)
        compiled, self.names = compile_system(self.system)
        self.compiled = compiled._replace(need_full=[0] * len(compiled.need_full))

    def normal(self) -> set[int]:
        """Return what serves when nothing fails."""
        return self.served([], events=[], actions=[{"start": self.names.components[0], "at": "30d"}])

    def restarted(self, by_hand: Collection[int], without: Collection[int] = ()) -> set[int]:
        """Return what serves at the end of a restart, with these starts by hand and without these needs."""
        ids = self.names.components
        days = range(1, len(by_hand) + 2)
        return self.served(
            without,
            events=[{"fail": ids, "at": 0, "for": "1ms"}],
            actions=[{"start": ids[component], "at": f"{day}d"} for day in days for component in by_hand],
        )

    def served(self, without: Collection[int], **words: Any) -> set[int]:
        purposes = [REPAIR if need in without else each for need, each in enumerate(self.compiled.need_purpose)]
        compiled = self.compiled._replace(need_purpose=purposes)
        data = {"impactsim": 1, "name": "Test", "components": self.components}
        scenario = validate_scenario({"impactsim": 1, "name": "All down", "system": data, **words}).scenario
        plan, _ = compile_plan(self.system, scenario, compiled, self.names)
        history = Workspace(compiled).run(plan)
        assert history.is_over
        return {component for component, level in enumerate(history.state.level) if level > 0.0}


def served_at_the_end(components: Words, by_hand: Collection[str]) -> set[str]:
    engine = Engine(components)
    index = engine.names.index
    return {engine.names.components[c] for c in engine.restarted([index[name] for name in by_hand])}
