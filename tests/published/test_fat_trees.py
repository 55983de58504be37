"""Fat trees of the redundancy audits INDaaS (Zhai et al., OSDI 2014) and RepAudit (Zhai et al., OOPSLA 2020).

FT(k) has k pods of h = k/2 racks; each server hangs on its rack's switch, each rack on any of the h aggregation switches of its
pod, and each of these on one core switch, which serves two of them. In the canonical fat tree each aggregation switch reaches h
cores. A service is down when all its replicas are. The number of minimal cut sets follows by hand: a pod is cut by a core or both of
its aggregation switches for each of h/2 pairs, 2^(h/2) ways, or by all h racks, each by its switch or all its h servers,
2^h ways; the pods share nothing.
"""

from __future__ import annotations

import math

import pytest

from impactsim.audit.estate import Estate
from impactsim.exact.answers import Answers
from impactsim.files.reading import validate_system

Words = dict[str, object]


def fat_tree(k: int, servers: list[int], is_canonical: bool = False) -> tuple[Answers, int]:
    """Return answers about FT(k), and the node of a service with replicas on these servers (from 1, rack by rack)."""
    h = k // 2
    components: dict[str, Words] = {f"core{c}": event(0.01) for c in range(1, h * h + 1)}
    for a in range(1, k * h + 1):
        group = (a - 1) % h
        up = [f"core{group * h + i}" for i in range(1, h + 1)] if is_canonical else [f"core{(a + 1) // 2}"]
        components[f"agg{a}"] = event(0.01, up)
    for t in sorted({(s - 1) // h + 1 for s in servers}):
        pod = (t - 1) // h
        components[f"tor{t}"] = event(0.01, [f"agg{a}" for a in range(pod * h + 1, pod * h + h + 1)])
    for s in servers:
        components[f"server{s}"] = event(0.02, [f"tor{(s - 1) // h + 1}"])
    components["storage"] = {"needs": need([f"server{s}" for s in servers]), "fails": {"probability": 0}}
    estate = Estate(validate_system({"impactsim": 1, "name": "FT", "components": components}).system)
    return estate.answers(), estate.structure().down(estate.event_of("storage"))


def need(members: list[str]) -> list[object]:
    """Return a need of any one of some components."""
    return [{"any_of": members}] if len(members) > 1 else list(members)


def event(p: float, members: list[str] | None = None) -> Words:
    """Return a component that is down with probability p."""
    return {"kind": "part", "fails": {"probability": p}, "needs": need(members or [])}


def apart(k: int, n: int) -> list[int]:
    """Return the first server of each of n pods."""
    return [1 + pod * (k // 2) ** 2 for pod in range(n)]


def test_all_servers_of_the_smallest_tree_fall_in_as_many_ways_as_counted_by_hand() -> None:
    k, h = 16, 8
    answers, storage = fat_tree(k, list(range(1, k * h * h + 1)))
    assert answers.count(storage) == (2 ** (h // 2) + 2**h) ** k
    best = answers.smallest(storage, 20)
    assert [len(each.events) for each in best] == [h * h] + [h * h + 1] * 19
    assert best[0].events == tuple(range(h * h)), "all cores"


@pytest.mark.parametrize(("k", "exact"), [(16, 8.880406014799e-4), (24, 8.880400000613e-4)])
def test_two_servers_in_two_pods(k: int, exact: float) -> None:
    answers, storage = fat_tree(k, apart(k, 2))
    assert answers.count(storage) == (2 + 2 ** (k // 4)) ** 2
    assert answers.probability(storage).low == pytest.approx(exact, rel=1e-12)
    assert [len(each.events) for each in answers.cut_sets(storage, max_order=2)] == [2] * 4


def test_three_servers_in_three_pods() -> None:
    answers, storage = fat_tree(16, apart(16, 3))
    assert answers.probability(storage).low == pytest.approx(2.646361888615e-5, rel=1e-12)


def test_four_servers_of_one_rack() -> None:
    answers, storage = fat_tree(16, [1, 2, 3, 4])
    orders = [len(each.events) for each in answers.cut_sets(storage)]
    assert orders == [1, 4, 4] + [5] * 4 + [6] * 6 + [7] * 4 + [8]
    assert answers.probability(storage).low == pytest.approx(1.000016869790e-2, rel=1e-12)


@pytest.mark.parametrize("k", [4, 16, 24, 48])
def test_two_servers_of_the_canonical_tree_share_the_cores(k: int) -> None:
    answers, storage = fat_tree(k, apart(k, 2), is_canonical=True)
    assert answers.count(storage) == 5 * 2 ** (k // 2)
    assert answers.probability(storage).low == pytest.approx(8.8804e-4, rel=1e-2 if k == 4 else 1e-7)
    assert [len(each.events) for each in answers.cut_sets(storage, max_order=2)] == [2] * 4


def test_the_largest_tree_has_all_its_sets_of_one_and_two_events() -> None:
    k = 64
    answers, storage = fat_tree(k, apart(k, 2))
    pairs = answers.cut_sets(storage, max_order=2)
    names = {"server": 0.02, "tor": 0.01}
    expected = sorted(a * b for a in names.values() for b in names.values())
    assert sorted(each.probability for each in pairs) == pytest.approx(expected)
    alone, one = fat_tree(k, [1])
    assert [len(each.events) for each in alone.cut_sets(one, max_order=2)] == [1, 1]
    assert answers.count(storage) == (2 + 2 ** (k // 4)) ** 2


def test_the_number_of_sets_of_the_largest_tree_is_known_without_listing_them() -> None:
    k, h = 24, 12
    answers, storage = fat_tree(k, list(range(1, k * h * h + 1)))
    count = answers.count(storage)
    assert count is not None
    assert math.log10(count) == pytest.approx(k * math.log10(2 ** (h // 2) + 2**h), rel=1e-12)
