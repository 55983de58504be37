"""Random systems for the question without a clock (S8), as plain data in the form of the files.

`random_static(seed)` gives a small system whose states can all be looked at. Each seed has a profile, in turn: most make one
feature frequent, so that a fault in it is not hidden by others. Beside what S8 looks at there is what it must not look at:
needs to start and to repair, holdover, failover, fuel, restart, workarounds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any

Words = dict[str, Any]

KINDS = ("service", "service", "service", "provider", "connectivity", "data", "tool", "pump")
STEADY_KINDS = ("power", "site", "host", "cooling")
RESTORES = ("30m", "2h", "4h", "3d", {"mean": "5h"}, {"median": "1h", "p90": "9h"}, {"low": "1h", "high": "2h"}, {"samples": ["1h", "20h"]})  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """How frequent each feature is: probabilities, unless the name says otherwise."""

    name: str
    least: int = 5
    most: int = 14
    """How many components."""
    most_needs: int = 3
    single: float = 3
    """Weight of a need of one component; the others follow."""
    all_of: float = 1
    at_least: float = 1
    pool: float = 0.7
    any_of: float = 2
    most_members: int = 4
    circle: float = 0.15
    """That a need reaches back."""
    to: float = 0.15
    """That a need says its purpose."""
    steady: float = 0.3
    """That a component is of a kind that others need to stay up."""
    at: float = 0.3
    soft: float = 0.1
    most_causes: int = 2
    most_struck: int = 4
    partial: float = 0.5
    """That a cause strikes a member or does not."""
    never: float = 0.15
    """That something is said never to fail."""
    certain: float = 0.05
    """That something is said always to be down."""
    silent: float = 0.15
    """That nobody says how often something fails."""
    rate: float = 0.3
    """That a rate is given, and no probability."""
    too_small: float = 0.1
    """That a pool cannot carry its demand at all (the rules refuse it, the question has an answer)."""
    tiny: tuple[float, ...] = (0.1, 0.2)
    """Capacities of next to nothing (a circle through one shrinks so slowly that a run of it takes seconds)."""
    delays: float = 0.15
    """That a need, a standby or a start takes its time."""
    limits: bool = True
    """Whether standbys may run out of fuel, or not start at all."""
    workaround: float = 0.1
    variables: int = 16
    """How many events and uncertain strikes there are at most."""


PROFILES = (
    Profile("plain", soft=0, circle=0, most_causes=0),
    Profile("circles", circle=0.8, single=5),
    Profile("tight-circles", most=7, circle=1.0, single=2, any_of=4),
    Profile("quorums", at_least=8, single=1, most_members=6),
    Profile("pools", pool=8, single=1, most_members=5),
    Profile("pools-in-circles", pool=5, single=2, circle=0.7, most=9),
    Profile("groups", any_of=8, single=1, most_members=3, most=14),
    Profile("soft", soft=0.6, circle=0.3),
    Profile("sites", steady=0.6, at=0.9),
    Profile("causes", most=9, most_causes=4, partial=0, most_struck=6),
    Profile("partial-strikes", most=8, most_causes=3, partial=0.9, variables=16),
    Profile("shared-strikes", least=5, most=6, most_causes=4, partial=0.7, most_struck=6, any_of=5, at_least=4, variables=16),
    Profile("causes-alone", most=10, never=0.7, most_causes=4, partial=0.5),
    Profile("odd-chances", never=0.3, certain=0.3, silent=0.2),
    Profile("rates", rate=1.0, silent=0.1, most_causes=3),
    Profile("everything", most=14, circle=0.4, soft=0.25, to=0.3, at=0.4, most_causes=3, delays=0.4, workaround=0.3),
    Profile("redundant", most=14, least=9, any_of=5, at_least=3, single=0.6, most_needs=2, circle=0.1, most_members=3),
)  # fmt: skip


def random_static(seed: int) -> Words:
    """Return a random system, the same for the same seed."""
    return _Make(random.Random(f"static {seed}"), PROFILES[seed % len(PROFILES)]).system(seed)


def random_to_run(seed: int, delays: float) -> Words:
    """Return a random system that also runs: the rules accept it, and a cause strikes all that it can.

    Parameters
    ----------
    seed
        Any number.
    delays
        How frequent holdover, failover and restart times are; with 0 all happens in one instant. Nothing has limits.
    """
    profile = replace(PROFILES[seed % len(PROFILES)], delays=delays, limits=False, tiny=(), partial=0.0, too_small=0.0)
    return _Make(random.Random(f"in time {seed}"), profile).system(seed)


class _Make:
    """Makes one system."""

    def __init__(self, rng: random.Random, profile: Profile) -> None:
        self.rng = rng
        self.profile = profile
        number = rng.randint(profile.least, profile.most)
        self.names = [f"c{i}" for i in range(number)]
        self.kinds = {name: rng.choice(STEADY_KINDS if self.chance(profile.steady) else KINDS) for name in self.names}

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def some(self, names: list[str], most: int, least: int = 1) -> list[str]:
        least = min(least, len(names))
        return self.rng.sample(names, self.rng.randint(least, max(least, min(most, len(names)))))

    def system(self, seed: int) -> Words:
        components = {name: self.component(place) for place, name in enumerate(self.names)}
        causes = {f"cause{i}": self.cause() for i in range(self.rng.randint(0, self.profile.most_causes))}
        self.keep_small(components, causes)
        return {"impactsim": 1, "name": f"Random {seed}", "components": components, "common_causes": causes}

    def keep_small(self, components: Words, causes: Words) -> None:
        """Make strikes certain, then drop causes, until there are few enough variables."""
        left = self.profile.variables - len(components) - len(causes)
        for cause in causes.values():
            for member, share in cause["strikes"].items():
                if share not in {0, 1}:
                    left -= 1
                    cause["strikes"][member] = share if left >= 0 else 1
        while causes and len(components) + len(causes) > self.profile.variables:
            causes.popitem()

    def component(self, place: int) -> Words:
        profile, name = self.profile, self.names[place]
        earlier, others = self.names[:place], [other for other in self.names if other != name]
        words: Words = {"kind": self.kinds[name], **self.fails()}
        reach = [
            others if self.chance(profile.circle) else earlier for _ in range(self.rng.randint(0, profile.most_needs))
        ]
        if needs := [self.need(names) for names in reach if names]:
            words["needs"] = needs
        if self.chance(profile.delays):
            words["restart"] = self.rng.choice(("1m", "20m"))
        sites = [other for other in earlier if self.kinds[other] in {"site", "host"}]
        if sites and self.chance(profile.at):
            words["at"] = self.rng.choice(sites)
        if self.kinds[name] == "service" and self.chance(profile.workaround):
            words["workarounds"] = [{"covers": 0.5, "needs": [self.need(others, is_workaround=True)]}]
        return words

    def fails(self) -> Words:
        profile, rng = self.profile, self.rng
        words: Words = {"time_to_restore": rng.choice(RESTORES)} if self.chance(0.4) else {}
        if self.chance(profile.never):
            return {**words, "fails": rng.choice(({"probability": 0}, {"per_year": 0}))}
        if self.chance(profile.certain):
            return {**words, "fails": rng.choice(({"probability": 1}, {"per_year": 100_000}))}
        if self.chance(profile.silent):
            return words
        if self.chance(profile.rate):
            return {**words, "fails": {"per_year": rng.choice((0.01, 0.5, 2, 12, 400))}}
        return {**words, "fails": {"probability": rng.choice((1e-9, 0.001, 0.01, 0.05, 0.2, 0.5, 0.9, rng.random()))}}

    def cause(self) -> Words:
        words = self.fails()
        words["strikes"] = {name: self.share() for name in self.some(self.names, self.profile.most_struck)}
        return words

    def share(self) -> float:
        if self.chance(self.profile.partial):
            return self.rng.choice((0.01, 0.1, 0.5, 0.5, 0.9, self.rng.random()))
        return 0 if self.chance(0.05) else 1

    # --- needs --------------------------------------------------------------------------------------------------------

    def need(self, names: list[str], is_workaround: bool = False) -> Any:
        profile = self.profile
        forms = ("single", "all_of", "at_least", "pool", "any_of")
        form = self.rng.choices(forms, [getattr(profile, form) for form in forms])[0]
        words: Words = getattr(self, f"_{form}")(names)
        if self.chance(profile.delays):
            words["holdover"] = self.rng.choice(("1h", "10m"))
        if is_workaround:
            return words
        if self.chance(profile.soft):
            words["impact"] = self.rng.choice((0, 0.1, 0.5, 0.9))
        elif self.chance(profile.to):
            words["to"] = self.rng.choice(("run", "run", "stay_up", "stay_up", "start", "repair"))
        return words["component"] if list(words) == ["component"] and self.chance(0.5) else words

    def _single(self, names: list[str]) -> Words:
        return {"component": self.rng.choice(names)}

    def _all_of(self, names: list[str]) -> Words:
        return {"all_of": self.some(names, self.profile.most_members)}

    def _at_least(self, names: list[str]) -> Words:
        members = self.some(names, self.profile.most_members + 1, least=2)
        return {"at_least": self.rng.randint(1, len(members)), "of": members}

    def _pool(self, names: list[str]) -> Words:
        members = self.some(names, self.profile.most_members, least=2)
        capacities = {name: self.rng.choice((0, *self.profile.tiny, 20, 30, 50, 50, 50, 60, 100)) for name in members}
        capacities[members[0]] = capacities[members[0]] or 50
        full = sum(capacities.values())
        if self.chance(self.profile.too_small):
            return {"pool": capacities, "demand": full * 1.5}
        demand = self.rng.choice((full, full * 0.9, max(capacities.values()), full / 2, full * 0.3))
        return {"pool": capacities, "demand": demand}

    def _any_of(self, names: list[str]) -> Words:
        return {"any_of": [self._member(name) for name in self.some(names, self.profile.most_members, least=2)]}

    def _member(self, name: str) -> Any:
        if not self.chance(self.profile.delays):
            return name
        delays: tuple[Words, ...] = ({"failover": "5m"},)
        limits: tuple[Words, ...] = ({"lasts": "8h"}, {"fails_to_start": 0.9})
        return {"use": name, **self.rng.choice((*delays, *limits) if self.profile.limits else delays)}
