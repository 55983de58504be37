"""A need with another member: the answers are those of the system as if it had been compiled anew."""

from __future__ import annotations

import random
from typing import Any

import pytest

from agreement.random_static import random_static
from impactsim.audit.estate import Estate
from impactsim.compiled import STAY_UP, Compiled
from impactsim.exact import parts
from impactsim.exact.answers import Answers
from impactsim.exact.formula import AND, Formula, Node
from impactsim.exact.parts import Decomposer
from impactsim.exact.pieces import Part
from impactsim.exact.propagation import Criterion
from impactsim.exact.revision import revised, rewired
from impactsim.exact.structure import Structure
from impactsim.exact.wide import Factoring, Grouping
from impactsim.files.reading import validate_system
from impactsim.model.system import System
from impactsim.order import order_of_levels

Words = dict[str, Any]


@pytest.fixture
def every_gate_is_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small gates be remembered as those of thousands of inputs are, and changed however much of them changes."""
    monkeypatch.setattr("impactsim.exact.parts._WIDE", 2)
    monkeypatch.setattr("impactsim.exact.wide._FEW", 0)


def shape_of(part: Part) -> object:
    return part.shape, part.event, part.k, part.skeleton and part.skeleton.gates, tuple(map(shape_of, part.parts))


def anew(estate: Estate, system: Compiled, criterion: Criterion) -> Answers:
    structure = Structure(system, estate.causes, criterion, [each.can_fail for each in estate.chances])
    return Answers(structure, estate.probability)


def is_in_order(system: Compiled) -> bool:
    """Tell whether each component stands behind those that it needs, but for circles."""
    return all(
        system.by_rank[system.rank[owner]] == owner
        and (system.rank[member] < system.rank[owner] or system.circle[member] == system.circle[owner] >= 0)
        for slot, member in enumerate(system.slot_component)
        if system.need_purpose[system.slot_need[slot]] <= STAY_UP
        for owner in [system.need_component[system.slot_need[slot]]]
    )


def check_same(old: Answers, new: Answers, component: int) -> None:
    mine, theirs = old.structure.down(component), new.structure.down(component)
    assert shape_of(old.part(mine)) == shape_of(new.part(theirs))
    assert old.probability(mine) == new.probability(theirs)
    assert old.smallest(mine, 5) == new.smallest(theirs, 5)
    assert old.cut_sets(mine, 2) == new.cut_sets(theirs, 2)
    assert old.count(mine) == new.count(theirs)


def change_at_random(seed: int, criterion: Criterion) -> int:
    """Change a random system a few times; return how many changes did not need a compiler."""
    estate, rng, n_done = Estate(System.model_validate(random_static(seed))), random.Random(seed), 0
    system, answers = estate.compiled, estate.answers(criterion)
    for component in range(estate.n_components):
        answers.part(answers.structure.down(component))
    for _ in range(4 if system.slot_component else 0):
        slot, member = rng.randrange(len(system.slot_component)), rng.randrange(estate.n_components)
        changed = rewired(system, slot, member)
        if changed is None:
            continue
        assert is_in_order(changed)
        n_done += 1
        system, answers = changed, revised(answers, changed, system.need_component[system.slot_need[slot]])
        fresh = anew(estate, system, criterion)
        for component in range(estate.n_components):
            check_same(answers, fresh, component)
    return n_done


@pytest.mark.usefixtures("every_gate_is_wide")
@pytest.mark.parametrize("criterion", list(Criterion))
@pytest.mark.parametrize("block", range(4))
def test_changed_systems_give_the_same_as_new_ones(block: int, criterion: Criterion) -> None:
    assert sum(change_at_random(seed, criterion) for seed in range(block * 20, block * 20 + 20)) > 20


@pytest.mark.parametrize("seed", range(40))
def test_columns_are_those_of_the_compiler(seed: int) -> None:
    estate, rng = Estate(System.model_validate(random_static(seed))), random.Random(seed)
    system = estate.compiled
    for _ in range(8 if system.slot_component else 0):
        slot, member = rng.randrange(len(system.slot_component)), rng.randrange(estate.n_components)
        slots = [*system.slot_component]
        slots[slot] = member
        _, circle = order_of_levels(system.need_from, system.need_purpose, system.slot_from, slots)
        changed = rewired(system, slot, member)
        if changed is None:
            continue
        assert changed.slot_component == slots
        assert [each >= 0 for each in circle] == [each >= 0 for each in changed.circle]
        for component in range(estate.n_components):
            uses = changed.use_slot[changed.use_from[component] : changed.use_from[component + 1]]
            assert uses == [place for place, each in enumerate(slots) if each == component]


def system_of(components: Words) -> Estate:
    words = {"impactsim": 1, "name": "changed", "components": components}
    system = validate_system(words).system
    assert system is not None
    return Estate(system)


def failing(*needs: Any) -> Words:
    return {"kind": "service", "fails": {"probability": 0.1}, "needs": list(needs)}


def slot_of(estate: Estate, component: str) -> int:
    system = estate.compiled
    return system.slot_from[system.need_from[estate.names.index[component]]]


def test_a_circle_is_left_to_the_compiler() -> None:
    estate = system_of({"a": failing("b"), "b": failing("c"), "c": failing("d"), "d": failing()})
    index = estate.names.index
    assert rewired(estate.compiled, slot_of(estate, "c"), index["a"]) is None
    assert rewired(estate.compiled, slot_of(estate, "c"), index["c"]) is None
    assert rewired(estate.compiled, slot_of(estate, "a"), index["c"]) is not None


def test_a_member_that_came_later_comes_first() -> None:
    estate = system_of({"a": failing("b"), "b": failing(), "c": failing("d"), "d": failing()})
    index = estate.names.index
    changed = rewired(estate.compiled, slot_of(estate, "a"), index["c"])
    assert changed is not None
    answers = revised(estate.answers(), changed, index["a"])
    found = answers.cut_sets(answers.structure.down(index["a"]))
    assert [each.events for each in found] == [(index["a"],), (index["c"],), (index["d"],)]


def test_the_answers_before_stay_good() -> None:
    estate = system_of({"a": failing("b"), "b": failing(), "c": failing()})
    index, before = estate.names.index, estate.answers()
    node = before.structure.down(index["a"])
    changed = rewired(estate.compiled, slot_of(estate, "a"), index["c"])
    assert changed is not None
    after = revised(before, changed, index["a"])
    assert [each.events for each in after.smallest(after.structure.down(index["a"]), 5)] == [(0,), (2,)]
    assert before.structure.down(index["a"]) == node
    assert [each.events for each in before.smallest(node, 5)] == [(0,), (1,)]


def racks_in_a_row(n_racks: int, n_hosts: int) -> Words:
    """Return hosts in racks, racks on one feed or two; one service is up while any host is."""
    words: Words = {f"feed-{i}": failing() for i in range(n_racks + 1)}
    words |= {
        f"rack-{i}": failing({"any_of": [f"feed-{i}", f"feed-{i + 1}"]} if i % 3 else f"feed-{i}")
        for i in range(n_racks)
    }
    hosts = {f"host-{i}-{j}": failing(f"rack-{i}") for i in range(n_racks) for j in range(n_hosts)}
    return words | hosts | {"shop": failing({"any_of": list(hosts)})}


def test_a_service_on_hundreds_of_hosts_is_changed_one_host_at_a_time() -> None:
    estate, rng = system_of(racks_in_a_row(300, 2)), random.Random(1)
    index, system, answers = estate.names.index, estate.compiled, estate.answers()
    shop = index["shop"]
    answers.part(answers.structure.down(shop))
    for _ in range(6):
        host = f"host-{rng.randrange(300)}-{rng.randrange(2)}"
        changed = rewired(system, slot_of(estate, host), index[f"rack-{rng.randrange(300)}"])
        assert changed is not None
        system, answers = changed, revised(answers, changed, index[host])
        check_same(answers, anew(estate, system, Criterion.DOWN), shop)


# Wide gates alone: the same whether done from the beginning or changed.


def random_inputs(formula: Formula, rng: random.Random, n: int) -> list[Node]:
    """Return gates of few events, so that many have something in common."""
    found: dict[Node, None] = {}
    while len(found) < n:
        some = [formula.event(rng.randrange(2 * n)) for _ in range(rng.choice([1, 2, 2, 3]))]
        node = formula.any([*some[:-1], formula.all([some[-1], formula.event(rng.randrange(2 * n))])])
        if formula.kind[node] != AND:  # that would be merged into the gate
            found[node] = None
    return list(found)


@pytest.mark.parametrize("seed", range(60))
def test_changed_gates_are_like_new_ones(seed: int) -> None:
    formula, rng = Formula(), random.Random(seed)
    args = random_inputs(formula, rng, 60)
    factoring, grouping = Factoring(formula, AND, args), Grouping(formula, args)
    factoring.result()
    for _ in range(12):
        args = list(args)
        for arg in rng.sample(random_inputs(formula, rng, 60), rng.choice([1, 2])):
            if arg not in args:
                args[rng.randrange(len(args))] = arg
        assert factoring.revise(args)
        assert factoring.result() == Factoring(formula, AND, args).result()
        assert grouping.revise(args)
        assert grouping.result() == Grouping(formula, args).result()


def test_few_gates_are_remembered() -> None:
    formula = Formula()
    decomposer = Decomposer(formula)
    for i in range(3 * parts._REMEMBERED):
        wide = [formula.any([formula.event(1000 * i + j), formula.event(1000 * i + j + 1)]) for j in range(0, 900, 2)]
        decomposer.part_of(formula.all(wide))
    assert len(decomposer._groupings) == len(decomposer._factorings) == parts._REMEMBERED
