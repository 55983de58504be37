"""What must be tested, for whom, and how: what a service leans on in the worst case, and what its tier demands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from impactsim.model.plan import TEST_TYPES, RecoveryPlan, TestType
from impactsim.review.facts import LastTest
from impactsim.review.findings.copies import data_behind
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import Path
from impactsim.review.findings.objectives import is_to_test
from impactsim.review.findings.tested import tests_of, tests_of_copy

DAY_MS = 86_400_000
_WEAKEST_TIER = 3

OWN_DEMANDS: dict[int, TestType] = {1: "parallel", 2: "simulation", _WEAKEST_TIER: "tabletop"}
"""The weakest test that is enough for a tier where the plan does not say; beyond the last, and without a tier, that of the last."""

_EVERY_MS = 365 * DAY_MS  # no test may be older, where the plan does not say


@dataclass(frozen=True, slots=True)
class Demand:
    """How something must be tested."""

    test: TestType
    """The weakest type that is enough."""
    every_ms: int
    """No test may be older."""
    of: str
    """Who demands it: ``tier 1 of the plan``."""


@dataclass(frozen=True, slots=True)
class Tested:
    """Something that must be tested."""

    id: str
    """Kind and ids, such as ``copy/orders-db/vault``."""
    name: str
    """As it stands in a sentence."""
    components: tuple[str, ...]
    leaning: dict[str, Path]
    """The services that lean on it, each with the path to it."""
    tests: tuple[LastTest, ...]
    """The oldest first."""
    is_several: bool = False
    """Is the name a plural?"""


def demand_of(plan: RecoveryPlan, services: Sequence[str]) -> Demand:
    """Return what the tiers of some services demand together: the strongest test, and the shortest time between two."""
    demands = [_of_tier(plan, plan.services[each].tier) for each in services]
    strongest = max(demands, key=lambda each: TEST_TYPES.index(each.test))
    return Demand(strongest.test, min(each.every_ms for each in demands), strongest.of)


def _of_tier(plan: RecoveryPlan, tier: int | None) -> Demand:
    said = next((each for each in plan.tiers if each.tier == tier), None)
    if said is not None:
        return Demand(said.test, said.every, f"tier {tier}, as the plan says,")
    of = "the lack of a tier" if tier is None else f"tier {tier}"
    return Demand(OWN_DEMANDS[min(tier or _WEAKEST_TIER, _WEAKEST_TIER)], _EVERY_MS, of)


def strong_enough(tests: Sequence[LastTest], demand: Demand) -> list[LastTest]:
    """Return the tests that are as strong as a demand asks for, however old."""
    return [test for test in tests if strength(test) >= TEST_TYPES.index(demand.test)]


def strength(test: LastTest) -> int:
    """Return the place of a test's type among all types, from the weakest."""
    return [str(each) for each in TEST_TYPES].index(test.type)


def all_to_test(ground: Ground) -> list[Tested]:
    """Return what must be tested: the services, the standbys and the copies that they lean on; nothing of what needs no test.

    Parameters
    ----------
    ground
        Plan and system.
    """
    found: dict[str, Tested] = {}
    for service, promise in ground.plan.services.items():
        for each in _behind(ground, service) if is_to_test(promise) else ():
            found.setdefault(each.id, each).leaning.update(each.leaning)
    order = ("service/", "standby/", "copy/")
    return sorted(found.values(), key=lambda each: next(i for i, kind in enumerate(order) if each.id.startswith(kind)))


def _behind(ground: Ground, service: str) -> Iterator[Tested]:
    itself: dict[str, Path] = {service: (service,)}
    yield Tested(f"service/{service}", f"the recovery of {service}", (service,), itself, tests_of(ground, service))
    for standby, (_, path) in ground.standbys[service].items():
        way = {service: (*path, standby)}
        yield Tested(f"standby/{standby}", f"the standby {standby}", (standby,), way, tests_of(ground, standby))
    for path in data_behind(ground, service):
        for place in dict.fromkeys(copy.at for copy in ground.system.components[path[-1]].copies):
            yield _copies_at(ground, path, place)


def _copies_at(ground: Ground, path: Path, place: str) -> Tested:
    """Return the copies of some data at one place; of several, the one that was not tested for longest speaks for all."""
    data = path[-1]
    same = [i for i, copy in enumerate(ground.system.components[data].copies) if copy.at == place]
    tests = min((tests_of_copy(ground, data, i) for i in same), key=lambda each: each[-1].date if each else date.min)
    name = f"the cop{'y' if len(same) == 1 else 'ies'} of {data} at {place}"
    return Tested(f"copy/{data}/{place}", name, (data, place), {path[0]: path}, tests, is_several=len(same) > 1)
