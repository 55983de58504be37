"""Random recovery plans for random systems and scenarios, in the form of the files: steps, people, tools, standbys."""

from __future__ import annotations

import random
from typing import Any

from agreement.random_systems import ODD, ROUND, Words, random_case

PEOPLE = ("ann-seat", "bob-seat", "cyd-seat", "dee-seat")
UNCERTAIN: tuple[Any, ...] = ({"median": "20m", "p90": "2h"}, {"low": "5m", "high": "50m"}, {"mean": "30m"})


def random_plan_case(seed: int) -> tuple[Words, Words, Words]:
    """Return a plan, a system and a scenario, the same for the same seed."""
    system, scenario = random_case(seed)
    rng = random.Random(f"plan {seed}")
    names = list(system["components"])
    steps: Words = {}
    for i in range(rng.randint(1, 9)):
        steps[f"s{i}"] = _step(rng, names, list(steps), system)
    order = list(steps)
    rng.shuffle(order)
    plan = {
        "impactsim": 1,
        "plan": f"Plan {seed}",
        "system": "system.yaml",
        "services": {rng.choice(names): {}},
        "declaration": {
            "detection": _duration(rng),
            "decision": _duration(rng),
            "by": rng.sample(["lead", "hand"], rng.randint(0, 2)),
            "with": rng.sample(names, rng.choice((0, 0, 1))),
        },
        "roles": {
            "lead": {"people": rng.sample(PEOPLE, 2)},
            "hand": {"people": rng.sample(PEOPLE, rng.randint(1, 3))},
            "expert": {"people": rng.sample(PEOPLE, rng.randint(1, 2))},
        },
        "steps": {name: steps[name] for name in order},
        "scenarios": ["scenario.yaml"],
    }
    return plan, system, scenario


def _duration(rng: random.Random) -> Any:
    if rng.random() < 0.1:
        return 0
    return rng.choice((*ROUND, *ODD, *UNCERTAIN))


def _step(rng: random.Random, names: list[str], before: list[str], system: Words) -> Words:
    words: Words = {"takes": "unknown" if rng.random() < 0.1 else _duration(rng)}
    groups = _groups(system)
    if rng.random() < 0.7:
        words["restores"] = rng.sample(names, rng.randint(1, min(2, len(names))))
    if groups and rng.random() < 0.4:
        owner, member = rng.choice(groups)
        words["switches"] = {"of": owner, "to": member}
        if rng.random() < 0.3:
            words["switches"]["capacity"] = "50%"
    words["by"] = rng.sample(["lead", "hand", "expert"], rng.choice((0, 1, 1, 2, 3)))
    words["with"] = rng.sample(names, rng.choice((0, 0, 1)))
    words["at"] = rng.sample(names, rng.choice((0, 0, 0, 1)))
    words["after"] = rng.sample(before, min(len(before), rng.choice((0, 0, 1, 2))))
    words["begins"] = rng.choice(("outage", "detection", "declaration", "declaration"))
    if rng.random() < 0.2:
        words["not_before"] = _duration(rng)
    return words


def _groups(system: Words) -> list[tuple[str, str]]:
    """Return (owner, standby) of all standby groups."""
    found = []
    for owner, component in system["components"].items():
        for need in component.get("needs", ()):
            members = need.get("any_of", ()) if isinstance(need, dict) else ()
            found += [(owner, each["use"] if isinstance(each, dict) else each) for each in members[1:]]
    return found
