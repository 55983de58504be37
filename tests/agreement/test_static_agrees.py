"""The question without a clock: the exact answers against the brute-force ones, over all states of random systems."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest

from agreement.brute_static import Answer, Brute, Table, Target, all_of, any_of, chance_of, goes_down, needs_of
from agreement.exact_answers import Exact, criterion_of
from agreement.random_static import PROFILES, random_static, random_to_run
from impactsim.audit.estate import Estate
from impactsim.exact.formula import AND, ATLEAST, EVENT, FALSE, OR, TRUE, Node
from impactsim.exact.propagation import Propagation
from impactsim.exact.single import single_points
from impactsim.exact.structure import Structure
from impactsim.model.rules import check_system
from impactsim.model.system import System

_BLOCK = 50
_BLOCKS = 8
_CRITERIA = pytest.mark.parametrize("is_degraded", [False, True], ids=["down", "degraded"])
_UNKNOWN = (0.0, 0.03)


def random_system(seed: int) -> System:
    return System.model_validate(random_static(seed))


def seeds_of(block: int) -> range:
    return range(block * _BLOCK, (block + 1) * _BLOCK)


def targets_of(system: System) -> Iterator[Target]:
    """Yield the components, and the needs of the first few."""
    yield from system.components
    for name in list(system.components)[:4]:
        for place in range(len(needs_of(system, name))):
            yield name, place


# --- what goes down ---------------------------------------------------------------------------------------------------


def check_propagation(seed: int, is_degraded: bool) -> None:
    system, rng = random_system(seed), random.Random(seed)
    estate = Estate(system)
    propagation = Propagation(estate.compiled, estate.causes, criterion_of(is_degraded))
    ids = [*system.components, *system.common_causes]
    for size in (0, 1, 1, 2, 3, 4):
        events = rng.sample(ids, min(size, len(ids)))
        down = {number for number in propagation.down(map(estate.event_of, events)) if number < len(system.components)}
        assert set(estate.ids_of(down)) == goes_down(system, events, is_degraded), (seed, events)


@_CRITERIA
@pytest.mark.parametrize("block", range(_BLOCKS))
def test_the_same_goes_down(block: int, is_degraded: bool) -> None:
    for seed in seeds_of(block):
        check_propagation(seed, is_degraded)


def test_every_event_is_as_likely() -> None:
    for seed in range(_BLOCK * _BLOCKS):
        system = random_system(seed)
        for unknown in _UNKNOWN:
            estate = Estate(system, unknown)
            for name in (*system.components, *system.common_causes):
                chance, expected = estate.chances[estate.event_of(name)], chance_of(system, name, unknown)
                assert chance.can_fail is (expected is not None), (seed, name)
                assert chance.probability == pytest.approx(expected or 0.0, rel=1e-12), (seed, name)


# --- formulas ---------------------------------------------------------------------------------------------------------


class Formulas:
    """The truth of formulas in every state of the brute-force answer."""

    def __init__(self, estate: Estate, structure: Structure, brute: Brute) -> None:
        self.structure, self.full = structure, brute.full
        self.events = {
            estate.event_of(event): brute.variable(len(brute.strikes) + i) for i, event in enumerate(brute.events)
        }
        strikes = {(cause, member): brute.variable(i) for i, (cause, member, _) in enumerate(brute.strikes)}
        for i, (cause, member) in enumerate(structure.strike_of):
            pair = (estate.id_of(cause), estate.id_of(member))
            if pair in strikes:
                self.events[structure.n_events + i] = strikes[pair]
        self.tables: dict[Node, Table] = {}

    def table(self, root: Node) -> Table:
        for node in self.structure.formula.below([root]):
            if node not in self.tables:
                self.tables[node] = self._table(node)
        return self.tables[root]

    def _table(self, node: Node) -> Table:
        formula = self.structure.formula
        kind, args, k = formula.kind[node], formula.args[node], formula.k[node]
        if kind in {FALSE, TRUE}:
            return self.full * (kind == TRUE)
        if kind == EVENT:
            return self.events[args[0]]
        below = [self.tables[arg] for arg in args]
        size = {OR: 1, AND: len(below), ATLEAST: k}[kind]
        return any_of(all_of(some, self.full) for some in combinations(below, size))


def check_formulas(seed: int, is_degraded: bool) -> None:
    system = random_system(seed)
    exact, brute = Exact(system, is_degraded), Brute(system, is_degraded)
    formulas = Formulas(exact.estate, exact.structure, brute)
    targets = list(targets_of(system))
    random.Random(seed).shuffle(targets)  # what was asked before must not matter
    for target in targets:
        assert formulas.table(exact.node(target)) == brute.down(target), (seed, target)


@_CRITERIA
@pytest.mark.parametrize("block", range(_BLOCKS))
def test_formulas_are_true_in_the_same_states(block: int, is_degraded: bool) -> None:
    for seed in seeds_of(block):
        check_formulas(seed, is_degraded)


# --- cut sets, probability, importance --------------------------------------------------------------------------------


def check_answers(seed: int, is_degraded: bool) -> None:
    system = random_system(seed)
    unknown = _UNKNOWN[seed % 2]
    exact, brute = Exact(system, is_degraded, unknown), Brute(system, is_degraded, unknown)
    answers = {target: brute.answer(target) for target in targets_of(system)}
    check_single_points(exact.estate, answers, is_degraded, seed)
    for target, expected in answers.items():
        where = (seed, "degraded" if is_degraded else "down", target)
        check_cut_sets(exact, target, expected, where)
        assert exact.probability(target) == pytest.approx(expected.probability, rel=1e-9, abs=1e-15), where
        birnbaum = exact.birnbaum(target)
        assert set(birnbaum) <= set(brute.events), where
        for event, importance in expected.importance.items():
            assert birnbaum.get(event, 0.0) == pytest.approx(importance.birnbaum, rel=1e-9, abs=1e-12), (where, event)
        check_importance(exact, target, expected, where)
    check_importance_of_sum(exact, answers, seed, is_degraded)


def check_importance(exact: Exact, target: Target, expected: Answer, where: tuple[object, ...]) -> None:
    """Hold every importance to the oracle's; of an event that plays no part, that it changes nothing."""
    found = exact.importance(target)
    for event, wanted in expected.importance.items():
        if event not in found:
            assert (wanted.birnbaum, wanted.fussell_vesely or 0.0) == pytest.approx((0.0, 0.0), abs=1e-12), (
                where,
                event,
            )
            continue
        each = found[event]
        assert each.birnbaum == pytest.approx(wanted.birnbaum, rel=1e-9, abs=1e-12), (where, event)
        holds(each.fussell_vesely, wanted.fussell_vesely, wanted.probability, (where, event, "fv"))
        holds(each.risk_achievement, wanted.risk_achievement_worth, wanted.probability, (where, event, "raw"))
        reduction_holds(each.risk_reduction, wanted.probability, wanted.impossible, (where, event, "rrw"))


def holds(found: float, wanted: float | None, divisor: float, where: tuple[object, ...]) -> None:
    """Compare a ratio; the oracle has none where its divisor is 0, and there the answer is infinite or nothing."""
    if wanted is None:
        assert divisor == 0.0, where
        assert math.isinf(found) or math.isnan(found), where
    else:
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12), where


def reduction_holds(found: float, whole: float, impossible: float, where: tuple[object, ...]) -> None:
    """Compare a risk reduction worth P / P0. P0 is a difference: what is left of nearly nothing has lost digits, one in 1e15 of P."""
    if impossible <= 1e-13 * whole:
        assert not math.isfinite(found) or found > 1e12, where
    else:
        worth = whole / impossible
        assert found == pytest.approx(worth, rel=max(1e-9, 1e-15 * worth)), where


def check_importance_of_sum(exact: Exact, answers: dict[Target, Answer], seed: int, is_degraded: bool) -> None:
    """Hold a weighted sum to the same sum of the oracle's probabilities."""
    rng = random.Random(seed)
    names = [target for target in answers if isinstance(target, str)]
    weighted = {name: rng.choice([1.0, 40.0, 1e6]) for name in rng.sample(names, min(3, len(names)))}
    found = exact.importance_of_sum(weighted)
    whole = math.fsum(weight * answers[name].probability for name, weight in weighted.items())
    for event, each in found.items():
        where = (seed, is_degraded, tuple(weighted), event)
        parts = [(weight, answers[name].importance[event]) for name, weight in weighted.items()]
        certain = math.fsum(weight * part.certain for weight, part in parts)
        impossible = math.fsum(weight * part.impossible for weight, part in parts)
        assert each.birnbaum == pytest.approx(certain - impossible, rel=1e-9, abs=1e-12 * sum(weighted.values())), where
        holds(each.fussell_vesely, (whole - impossible) / whole if whole else None, whole, where)
        holds(each.risk_achievement, certain / whole if whole else None, whole, where)
        reduction_holds(each.risk_reduction, whole, impossible, where)


def check_cut_sets(exact: Exact, target: Target, expected: Answer, where: tuple[object, ...]) -> None:
    wanted, node = expected.cut_sets, exact.node(target)
    assert exact.cut_sets(target) == pytest.approx(wanted, rel=1e-9, abs=0), where
    for order in (0, 1, 2, 3):
        assert set(exact.cut_sets(target, order)) == {each for each in wanted if len(each) <= order}, (where, order)
    assert exact.answers.count(node) == len(wanted), where
    for n in (1, 3, 1_000):
        smallest = exact.named(exact.answers.smallest(node, n))
        assert smallest == pytest.approx({each: wanted[each] for each in smallest}, rel=1e-9, abs=0), (where, n)
        assert list(map(len, smallest)) == sorted(map(len, wanted))[:n], (where, n)
        likeliest = exact.named(exact.answers.likeliest(node, n))
        assert likeliest == pytest.approx({each: wanted[each] for each in likeliest}, rel=1e-9, abs=0), (where, n)
        best = sorted(wanted.values(), reverse=True)[:n]
        assert list(likeliest.values()) == pytest.approx(best, rel=1e-9, abs=0), (where, n)


def check_single_points(estate: Estate, answers: dict[Target, Answer], is_degraded: bool, seed: int) -> None:
    """What is found for all at once, and without cut sets, are the cut sets of order 1."""
    numbers = [estate.names.index[target] for target in answers if isinstance(target, str)]
    events = [event for event, chance in enumerate(estate.chances) if chance.can_fail]
    found = single_points(estate.compiled, estate.causes, numbers, criterion_of(is_degraded), events)
    for number in numbers:
        name = estate.names.components[number]
        expected = {event for each in answers[name].cut_sets if len(each) == 1 for event in each}
        assert {estate.id_of(event) for event in found.of(number)} == expected, (seed, name)


@_CRITERIA
@pytest.mark.parametrize("block", range(_BLOCKS))
def test_cut_sets_and_figures_are_the_same(block: int, is_degraded: bool) -> None:
    for seed in seeds_of(block):
        check_answers(seed, is_degraded)


@pytest.mark.slow
@_CRITERIA
@pytest.mark.parametrize("block", range(_BLOCKS, 200))
def test_all_answers_are_the_same_on_many_more(block: int, is_degraded: bool) -> None:
    for seed in seeds_of(block):
        check_propagation(seed, is_degraded)
        check_formulas(seed, is_degraded)
        check_answers(seed, is_degraded)


# --- the random systems -----------------------------------------------------------------------------------------------


def test_the_rules_accept_the_random_systems_but_for_pools_that_are_too_small() -> None:
    for seed in range(_BLOCK * _BLOCKS):
        errors = {each.code for each in check_system(random_system(seed)) if each.severity == "error"}
        assert errors <= {"pool-too-small"}, seed
        to_run = System.model_validate(random_to_run(seed, delays=0.5))
        assert not [each for each in check_system(to_run) if each.severity == "error"], seed


def test_random_systems_reach_what_they_are_meant_to_exercise() -> None:
    reached: Counter[str] = Counter()
    for seed in range(8 * len(PROFILES)):
        system = random_system(seed)
        brute = Brute(system)
        facts = {
            "largest": len(system.components) == 14,
            "smallest": len(system.components) == 5,
            "uncertain strikes": len(brute.strikes) >= 3,
            "causes share a member": any(
                set(one.strikes) & set(other.strikes) for one, other in combinations(system.common_causes.values(), 2)
            ),
            "never": len(brute.events) < len(system.components),
            "certain": 1.0 in brute.chance.values(),
        }
        for name in system.components:
            cut_sets = brute.answer(name).cut_sets
            facts["many cut sets"] = facts.get("many cut sets", False) or len(cut_sets) > 8
            facts["order 3"] = facts.get("order 3", False) or any(len(each) >= 3 for each in cut_sets)
        reached.update(fact for fact, holds in facts.items() if holds)
        reached[PROFILES[seed % len(PROFILES)].name] += 1
    assert min(reached.values()) >= 8, reached
