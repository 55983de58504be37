"""Random recovery plans that put S10 under strain: shared people, several calls, copies, crews, late and lost tools.

`random_recovery(seed)` gives a plan, a system and a scenario in the form of the files. Each seed has one of the profiles of
`random_systems`; in half of them everything happens at one time, so that each step is called once.
"""

from __future__ import annotations

import random
from typing import Any

from agreement.random_systems import ODD, ROUND, Words, random_case

PEOPLE = ("first", "second", "third", "fourth")
ROLES: dict[str, int] = {"lead": 2, "hand": 3, "expert": 1, "anybody": 4}


def random_recovery(seed: int) -> tuple[Words, Words, Words]:
    """Return a plan, a system and a scenario, the same for the same seed."""
    rng = random.Random(f"recovery {seed}")
    system, scenario = random_case(rng.randrange(1_000_000))
    if rng.random() < 0.5:
        _lasting(rng, scenario)
    if rng.random() < 0.5:
        _at_once(rng, scenario)
    make = _Plan(rng, system, scenario)
    return make.plan(seed), system, scenario


def _at_once(rng: random.Random, scenario: Words) -> None:
    """Let all that happens happen at one time."""
    at = rng.choice((0, "10m", "7ms"))
    for event in scenario["events"]:
        event["at"] = at


def _lasting(rng: random.Random, scenario: Words) -> None:
    """Let fewer faults end by themselves."""
    for event in scenario["events"]:
        if rng.random() < 0.8:
            event.pop("for", None)
            event.pop("then", None)


class _Plan:
    """Makes one plan."""

    def __init__(self, rng: random.Random, system: Words, scenario: Words) -> None:
        self.rng = rng
        self.names = list(system["components"])
        self.hit = sorted({name for event in scenario["events"] for name in self._hit(event)})
        self.groups = _groups(system)
        self.switched: set[tuple[str, str]] = set()

    def plan(self, seed: int) -> Words:
        rng = self.rng
        steps: Words = {}
        for i in range(rng.choice((1, 2, 3, 4, 5, 6, 8))):
            steps[f"s{i}"] = self._step(list(steps))
        order = rng.sample(list(steps), len(steps))
        scene: Words = {"file": "scenario.yaml"}
        for key in ("detection", "decision"):
            if rng.random() < 0.3:
                scene[key] = self._duration()
        return {
            "impactsim": 1,
            "plan": f"Plan {seed}",
            "system": "system.yaml",
            "services": {
                name: rng.choice(({}, {"tier": 1}, {"tier": 2}, {"tier": 3}))
                for name in rng.sample(self.names, min(3, len(self.names)))
            },
            "declaration": {
                "detection": self._duration(),
                "decision": self._duration(),
                "by": self._roles(),
                "with": self._some(self.names, (0, 0, 0, 1)),
            },
            "roles": {role: {"people": rng.sample(PEOPLE, most)} for role, most in ROLES.items()},
            "steps": {name: steps[name] for name in order},
            "scenarios": [scene],
        }

    def _step(self, before: list[str]) -> Words:
        rng = self.rng
        words: Words = {"takes": self._duration()}
        if rng.random() < 0.75:
            names = self.hit if self.hit and rng.random() < 0.8 else self.names
            words["restores"] = self._some(names, (1, 1, 2, 3))
        if self.groups and rng.random() < 0.3:
            words |= self._switch()
        if ("restores" in words or "switches" in words) and rng.random() < 0.15:
            words["takes"] = "unknown"
        words["by"] = self._roles()
        words["with"] = self._some(self.names, (0, 0, 0, 1, 2))
        words["at"] = self._some(self.names, (0, 0, 0, 0, 1))
        words["after"] = self._some(before, (0, 0, 1, 2))
        words["begins"] = rng.choice(("outage", "detection", "declaration", "declaration"))
        if rng.random() < 0.25:
            words["not_before"] = self._duration()
        return words

    def _switch(self) -> Words:
        owner, to = self.rng.choice(self.groups)
        if (owner, to) in self.switched:
            return {}
        self.switched.add((owner, to))
        words: Words = {"of": owner, "to": to}
        if self.rng.random() < 0.3:
            words["capacity"] = self.rng.choice(("50%", "80%", 0))
        return {"switches": words}

    def _roles(self) -> list[str]:
        return self._some(list(ROLES), (0, 1, 1, 2, 3))

    def _duration(self) -> Any:
        if self.rng.random() < 0.12:
            return 0
        return self.rng.choice((*ROUND, *ROUND, *ODD, {"low": "5m", "high": "50m"}, {"median": "20m", "p90": "2h"}))

    def _some(self, names: list[str], numbers: tuple[int, ...]) -> list[str]:
        return self.rng.sample(names, min(len(names), self.rng.choice(numbers)))

    def _hit(self, event: Words) -> list[str]:
        hit: Any = event.get("fail", event.get("degrade", event.get("destroy", [])))
        return [hit] if isinstance(hit, str) else list(hit)


def _groups(system: Words) -> list[tuple[str, str]]:
    """Return (owner, standby) of all standby groups."""
    found = []
    for owner, component in system["components"].items():
        for need in component.get("needs", ()):
            members = need.get("any_of", ()) if isinstance(need, dict) else ()
            found += [(owner, each["use"] if isinstance(each, dict) else each) for each in members[1:]]
    return found
