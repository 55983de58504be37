"""Random systems and scenarios, as plain data in the form of the files, for engines to be held against each other.

`random_case(seed)` gives a system and a scenario that the rules of the model accept. Each seed has a profile, in turn: most
make one feature frequent, so that a fault in it is not hidden by others, the last ones mix everything. Durations come from a
small set, so that much falls on the same millisecond, and from odd ones, so that charges end within a second.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

Words = dict[str, Any]

ROUND = ("1m", "2m", "5m", "5m", "10m", "10m", "10m", "15m", "20m", "30m", "30m", "1h", "1h", "90m", "2h")
ODD = (
    "1ms",
    "2ms",
    "7ms",
    "61001ms",
    "299999ms",
    "10m1ms",
    "599.999s",
    "PT7M0.003S",
    "1h1ms",
    "123457ms",
    "29m59.997s",
)
KINDS = ("service", "service", "service", "service", "provider", "connectivity", "data", "tool", "channel", "pump")
STEADY_KINDS = ("power", "site", "host", "cooling")
SHARES = ("10%", "30%", "50%", 0.25, 0.7, "90%")
ZONES = ("Europe/Rome", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
STARTS = ("2026-03-02T14:00+01:00", "2026-03-29T00:30:00+00:00", "2026-10-25T01:17:31+02:00", "2026-04-04T14:10+00:00")


@dataclass(frozen=True)
class Profile:
    """How frequent each feature is: probabilities, unless the name says otherwise."""

    name: str
    most_components: int = 9
    single: float = 4
    """Weight of a need of one component; the others follow."""
    all_of: float = 1
    at_least: float = 1
    pool: float = 0.5
    any_of: float = 1
    most_members: int = 3
    circle: float = 0.15
    """That a need reaches back."""
    to: float = 0.25
    """That a need says its purpose."""
    purposes: tuple[str, ...] = ("run", "stay_up", "start", "repair")
    steady: float = 0.35
    """That a component is of a kind that others need to stay up."""
    soft: float = 0.1
    holdover: float = 0.15
    recharge: float = 0.4
    failover: float = 0.7
    lasts: float = 0.2
    fails_to_start: float = 0.05
    restart: float = 0.4
    time_to_restore: float = 0.7
    crew: float = 0.15
    catch_up: float = 0.1
    data: float = 0.15
    destroy: float = 0.02
    degrade: float = 0.1
    strike: float = 0.1
    most_events: int = 4
    most_actions: int = 1
    actions: tuple[str, ...] = ("repair", "start", "stop", "switch")
    horizon: float = 0.3
    users: float = 0.3
    zero: float = 0.03
    """That a duration is 0."""
    odd: float = 0.15
    """That a duration is an odd number of milliseconds."""
    short: bool = False
    """Whether faults are short and many."""


PROFILES = (
    Profile("plain", any_of=0.5, holdover=0, soft=0, crew=0, catch_up=0, most_actions=0, users=0),
    Profile("graded", pool=4, soft=0.3, circle=0.5, degrade=0.6, catch_up=0.3, crew=0, any_of=2),
    Profile("graded-circles", single=2, pool=3, soft=0.4, circle=0.9, degrade=0.8, steady=0.05, to=0.05, crew=0),
    Profile("deadlock", circle=0.8, to=0.6, steady=0.6, restart=0.6, purposes=("stay_up", "start", "start", "repair"), most_actions=2, actions=("start", "repair", "start", "stop"), single=8, time_to_restore=1, destroy=0, soft=0, degrade=0.03, any_of=0.3, horizon=0.15),
    Profile("standby", single=1, any_of=6, all_of=0.2, at_least=0.2, pool=0.2, most_members=5, lasts=0.5, failover=0.85, fails_to_start=0.15, most_events=8, short=True, most_actions=2, actions=("switch", "repair"), crew=0),
    Profile("standby-circles", single=1, any_of=5, most_members=4, lasts=0.4, circle=0.7, holdover=0.3, most_events=7, short=True, most_actions=2, degrade=0.3),
    Profile("battery", holdover=0.7, recharge=0.8, most_events=10, short=True, odd=0.5, crew=0, most_components=6),
    Profile("crews", crew=0.9, to=0.5, purposes=("repair", "repair", "run"), most_events=8, time_to_restore=0.95, most_components=12, destroy=0.15, data=0.3),
    Profile("data", data=0.6, destroy=0.6, most_events=6, crew=0.4, short=True, most_components=8, circle=0.3),
    Profile("actions", most_actions=7, restart=0.7, to=0.4, most_events=5, circle=0.3, any_of=3),
    Profile("catch-up", catch_up=0.8, most_events=8, short=True, circle=0.3, soft=0.2, holdover=0.25),
    Profile("users", users=1, horizon=0.6, soft=0.25, degrade=0.4, steady=0.1, single=6, most_components=6, catch_up=0.2),
    Profile("zeros", zero=0.35, most_events=6, most_actions=3, short=True, lasts=0.3, crew=0.3, data=0.3, destroy=0.2),
    Profile("tiny", most_components=3, circle=0.5, holdover=0.4, lasts=0.4, most_events=5, most_actions=3, catch_up=0.3, crew=0.4, data=0.3, destroy=0.2),
    Profile("everything", most_components=14, any_of=3, pool=1, circle=0.4, to=0.4, soft=0.2, holdover=0.3, lasts=0.35, fails_to_start=0.1, crew=0.4, catch_up=0.3, data=0.3, destroy=0.2, degrade=0.25, strike=0.25, most_events=8, most_actions=5, users=0.5),
    Profile("everything-circular", most_components=10, any_of=3, pool=1, circle=0.9, to=0.5, soft=0.2, holdover=0.35, lasts=0.35, crew=0.4, catch_up=0.3, data=0.25, destroy=0.2, degrade=0.25, most_events=8, most_actions=5, users=0.3, short=True),
)  # fmt: skip


def profile_of(seed: int) -> str:
    """Return the name of the profile of a seed."""
    return PROFILES[seed % len(PROFILES)].name


def random_case(seed: int) -> tuple[Words, Words]:
    """Return a system and a scenario in the form of the files, the same for the same seed."""
    make = _Make(random.Random(f"case {seed}"), PROFILES[seed % len(PROFILES)])
    system = make.system(seed)
    scenario = make.scenario(seed)
    _add_backlogs(system, random.Random(f"backlogs {seed}"))
    return system, scenario


def _add_backlogs(system: Words, rng: random.Random) -> None:
    """Let jobs of others wait for some crews."""
    for crew, members in system.get("crews", {}).items():
        if rng.random() < 0.5:
            each = rng.choice((*ROUND, *ODD, 0, {"low": "5m", "high": "15m"}))
            backlog = {"jobs": rng.choice((1, 2, 3, 5, 12)), "each": each}
            system["crews"][crew] = {"members": members, "operator": "Telco", "backlog": backlog}
            for component in system["components"].values():
                if component.get("crew") == crew and rng.random() < 0.1:
                    component["priority"] = -1


class _Make:
    """Makes one case."""

    def __init__(self, rng: random.Random, profile: Profile) -> None:
        self.rng = rng
        self.profile = profile
        self.components: dict[str, Words] = {}
        self.kinds: dict[str, str] = {}
        self.causes: list[str] = []
        self.has_activity = False
        self.to_destroy: list[str] = []

    # --- dice ---------------------------------------------------------------------------------------------------------

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def some(self, names: list[str], most: int, least: int = 1) -> list[str]:
        least = min(least, len(names))
        return self.rng.sample(names, self.rng.randint(least, max(least, min(most, len(names)))))

    def duration(self) -> str | int:
        if self.chance(self.profile.zero):
            return 0
        return self.rng.choice(ODD if self.chance(self.profile.odd) else ROUND)

    def quantity(self) -> Any:
        """Make a duration that may be uncertain."""
        if self.chance(0.9):
            return self.duration()
        return self.rng.choice(
            (
                {"median": "10m", "p90": "1h"},
                {"low": "5m", "high": "15m"},
                {"samples": ["1m", "10m", "1h"]},
                {"low": "1m", "likely": "5m", "high": "20m"},
            )
        )

    def at(self) -> str | int:
        """Make a time of an event: often the same as another one's."""
        if self.chance(0.1):
            return 0
        if self.chance(0.15):
            return self.rng.choice(ODD)
        step = 5 if self.profile.short else 10
        return f"{step * self.rng.randint(1, 24)}m"

    # --- the system ---------------------------------------------------------------------------------------------------

    def system(self, seed: int) -> Words:
        number = self.rng.randint(2, self.profile.most_components)
        for index in range(number):
            steady = self.chance(self.profile.steady)
            kind = self.rng.choice(STEADY_KINDS) if steady else self.rng.choice(KINDS)
            self.kinds[f"c{index}"] = "data" if self.chance(self.profile.data) else kind
        crews = {"field": 1, "night": 2} if self.profile.crew else {}
        for name in self.kinds:
            self.components[name] = self.component(name, crews)
        names = list(self.components)
        self.rng.shuffle(names)
        system: Words = {
            "impactsim": 1,
            "name": f"Random {seed}: {self.profile.name}",
            "components": {name: self.components[name] for name in names},
        }
        if crews:
            system["crews"] = {"field": self.rng.randint(1, 2), "night": 1}
        if self.chance(self.profile.strike) or self.profile.strike > 0.2:
            system["common_causes"] = {f"cause{i}": self.cause() for i in range(self.rng.randint(1, 2))}
            self.causes = list(system["common_causes"])
        if self.chance(self.profile.users):
            self.add_users(system)
        return system

    def component(self, name: str, crews: Words) -> Words:
        profile, rng = self.profile, self.rng
        words: Words = {"kind": self.kinds[name]}
        others = [other for other in self.kinds if other != name]
        earlier = others[: list(self.kinds).index(name)]
        pools = [others if self.chance(profile.circle) else earlier for _ in range(rng.choice((0, 1, 1, 2, 2, 3)))]
        needs = [self.need(pool) for pool in pools if pool]
        if needs:
            words["needs"] = needs
        sites = [other for other in earlier if self.kinds[other] == "site"]
        if sites and self.chance(0.4):
            words["at"] = rng.choice(sites)
        if self.chance(profile.restart):
            words["restart"] = self.quantity()
        if self.chance(profile.time_to_restore):
            words["time_to_restore"] = self.quantity()
        if self.chance(profile.crew):
            words["crew"] = rng.choice(list(crews)) if self.chance(0.3) else "field"
            words["priority"] = rng.choice((0, 0, 1, 5))
        if self.chance(profile.catch_up):
            share = rng.choice(("20%", "40%", 0.6, 1, 2, 2.4))
            words["catch_up"] = {"share": share, "level": rng.choice(("30%", "50%", "80%", 1))}
        if self.kinds[name] == "data" and self.chance(0.8):
            words["copies"] = [self.copy(others) for _ in range(rng.randint(1, 3))]
        if self.kinds[name] == "service" and self.chance(profile.users):
            words["workarounds"] = [self.workaround(others) for _ in range(rng.choice((0, 1, 1, 2)))]
        return words

    def copy(self, others: list[str]) -> Words:
        words: Words = {"at": self.rng.choice(others), "restore": self.quantity()}
        if self.chance(0.7):
            words["every"] = self.duration()
        if self.chance(0.4):
            words["lag"] = self.duration()
        if self.chance(0.2):
            words["fails"] = self.rng.choice(("5%", "50%", 0.8))
        return words

    def workaround(self, others: list[str]) -> Words:
        words: Words = {"covers": self.rng.choice((*SHARES, "100%"))}
        if self.chance(0.5):
            words["after"] = self.duration()
        if self.chance(0.5):
            words["lasts"] = self.duration()
        if self.chance(0.5):
            need = self.need(others)
            if isinstance(need, dict):
                need.pop("to", None)
                need.pop("impact", None)
            words["needs"] = [need]
        return words

    def cause(self) -> Words:
        struck = self.some(list(self.kinds), 3)
        words: Words = {"strikes": {name: self.rng.choice(("100%", "80%", 0.5, 0.49)) for name in struck}}
        if self.chance(0.4):
            words["time_to_restore"] = self.quantity()
        return words

    # --- needs --------------------------------------------------------------------------------------------------------

    def need(self, others: list[str]) -> Any:
        profile = self.profile
        forms = ("single", "all_of", "at_least", "pool", "any_of")
        weights = [getattr(profile, form) for form in forms]
        form = self.rng.choices(forms, weights)[0]
        if len(others) < 2 and self.chance(0.9):
            form = "single"
        words: Words = getattr(self, f"_{form}")(others)
        if self.chance(profile.holdover):
            words["holdover"] = self.quantity()
            if self.chance(profile.recharge):
                words["recharge"] = self.quantity()
        if self.chance(profile.soft):
            words["impact"] = self.rng.choice(SHARES)
            if self.chance(0.2):
                words["to"] = "run"
        elif self.chance(profile.to):
            words["to"] = self.rng.choice(profile.purposes)
        return words["component"] if list(words) == ["component"] and self.chance(0.5) else words

    def _single(self, others: list[str]) -> Words:
        return {"component": self.rng.choice(others)}

    def _all_of(self, others: list[str]) -> Words:
        return {"all_of": self.some(others, self.profile.most_members)}

    def _at_least(self, others: list[str]) -> Words:
        members = self.some(others, self.profile.most_members + 1, least=2)
        return {"at_least": self.rng.randint(1, len(members)), "of": members}

    def _pool(self, others: list[str]) -> Words:
        capacities = {name: self.rng.choice((20, 30, 50, 50, 60, 100)) for name in self.some(others, 4, least=2)}
        full = sum(capacities.values())
        demand = self.rng.choice((full, full - 10, max(capacities.values()), full // 2, full * 0.8))
        return {"pool": capacities, "demand": demand}

    def _any_of(self, others: list[str]) -> Words:
        words: Words = {
            "any_of": [self._member(name) for name in self.some(others, self.profile.most_members, least=2)]
        }
        if self.chance(self.profile.failover / 2):
            words["failover"] = self.quantity()
        return words

    def _member(self, name: str) -> Any:
        words: Words = {"use": name}
        if self.chance(self.profile.failover):
            words["failover"] = self.quantity()
        if self.chance(self.profile.lasts):
            words["lasts"] = self.quantity()
        if self.chance(self.profile.fails_to_start):
            words["fails_to_start"] = self.rng.choice(("5%", "50%", "90%"))
        return name if list(words) == ["use"] and self.chance(0.5) else words

    # --- users --------------------------------------------------------------------------------------------------------

    def add_users(self, system: Words) -> None:
        services = [name for name, kind in self.kinds.items() if kind == "service"]
        if not services:
            return
        if self.chance(0.3):
            for name in self.some(services, len(services)):
                self.components[name]["users"] = self.rng.choice((100, 2500, 40_000, {"low": 10, "high": 30}))
            if self.chance(0.7):
                system["population"] = 50_000
            return
        system["users"] = {f"segment{i}": self.segment(services) for i in range(self.rng.randint(1, 3))}

    def segment(self, services: list[str]) -> Words:
        used = self.some(services, 4)
        uses: Any = used if self.chance(0.3) else {name: self.rng.choice((*SHARES, "100%", 1)) for name in used}
        words: Words = {
            "count": self.rng.choice((1000, 120_000, 7, {"low": 10, "likely": 20, "high": 60})),
            "uses": uses,
        }
        if self.chance(0.4):
            hours = [self.rng.choice((0, 0.1, 0.5, "80%", 1)) for _ in range(24)]
            words["activity"] = {"zone": self.rng.choice(ZONES), "hours": hours}
            self.has_activity = True
        return words

    # --- the scenario -------------------------------------------------------------------------------------------------

    def scenario(self, seed: int) -> Words:
        self.to_destroy = list(self.components)
        events = [self.event() for _ in range(self.rng.randint(1, self.profile.most_events))]
        actions = [self.action() for _ in range(self.rng.randint(0, self.profile.most_actions))]
        scenario: Words = {"impactsim": 1, "name": f"Random {seed}", "system": "random.yaml", "events": events}
        scenario["actions"] = [action for action in actions if action]
        if self.has_activity or self.chance(0.1):
            scenario["starts"] = self.rng.choice(STARTS)
        if self.chance(self.profile.horizon):
            scenario["horizon"] = self.rng.choice(("2h", "2h", "3h", "4h30m", "1d"))
        return scenario

    def event(self) -> Words:
        profile, names = self.profile, list(self.components)
        if self.to_destroy and self.chance(profile.destroy):
            data = [name for name in self.to_destroy if self.kinds[name] == "data"]
            lost = self.rng.choice(data if data and self.chance(0.6) else self.to_destroy)
            self.to_destroy.remove(lost)
            return {"destroy": lost, "at": self.at()}
        if self.causes and self.chance(profile.strike):
            return {"strike": self.rng.choice(self.causes), "at": self.at(), **self.end(0.0)}
        struck: Any = self.some(names, 2) if self.chance(0.3) else self.rng.choice(names)
        if self.chance(profile.degrade):
            level = self.rng.choice((0.1, 0.3, 0.5, 0.5, 0.75, 0))
            return {"degrade": struck, "to": level, "at": self.at(), **self.end(level)}
        return {"fail": struck, "at": self.at(), **self.end(0.0)}

    def end(self, level: float) -> Words:
        """Make the way in which a fault ends; nothing is as the component says."""
        profile = self.profile
        form = self.rng.choice(
            ("for", "for", "then", "repair", "", "") if profile.short else ("for", "then", "repair", "", "", "")
        )
        if form == "then":
            return {"then": self.steps(level)}
        if not form:
            return {}
        short = profile.short and self.chance(0.6)
        return {form: self.rng.choice(("1m", "2m", "5m", "10m", "61001ms", "7ms")) if short else self.duration()}

    def steps(self, level: float) -> list[Words]:
        levels = sorted(to for to in self.rng.sample((0.2, 0.4, 0.5, 0.8, 0.9), self.rng.randint(0, 2)) if to > level)
        if self.chance(0.85) or not levels:
            levels.append(1)
        minutes = sorted(self.rng.sample((5, 10, 15, 20, 30, 45, 60, 90), len(levels)))
        return [{"after": f"{after}m", "to": to} for after, to in zip(minutes, levels, strict=True)]

    def action(self) -> Words:
        kind = self.rng.choice(self.profile.actions)
        if kind != "switch":
            names = self.some(list(self.components), 2)
            return {kind: names if self.chance(0.5) else names[0], "at": self.at()}
        switches = [
            {"of": name, "to": member if isinstance(member, str) else member["use"]}
            for name, words in self.components.items()
            for need in words.get("needs", ())
            if isinstance(need, dict)
            for member in need.get("any_of", ())
        ]
        return {"switch": self.rng.choice(switches), "at": self.at()} if switches else {}
