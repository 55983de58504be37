"""The exact answers of the audit beside MaxSAT and decision diagrams: ``audit.py [PART...]``.

Every question is asked in a process of its own, by both sides from the same file, reading included; where both answer, the
answers must agree. Figures are CPU time; beside them stands the peak of memory of the whole process.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from math import isclose
from pathlib import Path
from statistics import median
from typing import Any

import audit_models as models
from audit_child import Spent, spent
from measuring import Row, show

OURS, MAXSAT, DIAGRAMS = "audit_ours.py", "audit_peers.py", "audit_diagrams.py"
FASTER = 1 / 20
"""Goal beside MaxSAT, for the largest tree."""
GOAL_PORTS, GOAL_S, CHANGE_GOAL_S = 64, 1.0, 0.05
TOP = 20
MOST_S = 60
"""A question that takes longer is given up."""
DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "openpsa"


@contextmanager
def _file(lines: list[str]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "topology.txt"
        models.write(path, lines)
        yield path


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even what holds it
        return False


def _answered(found: Spent | None) -> Spent:
    assert found is not None, f"more than {MOST_S} s"
    return found


def _memory(ours: Spent, peer: Spent | None = None) -> str:
    return f"peak {ours.memory}" if peer is None else f"peak {ours.memory}, peer {peer.memory}"


# ---- Fat trees: the smallest cut sets ----


def smallest(*ports: int, alone: tuple[int, ...] = ()) -> None:
    """Find the smallest cut sets of all servers of fat trees, with the peer or alone."""
    rows: list[Row | str] = []
    for each in (*ports, *alone):
        with _file(models.fat_tree(each)) as path:
            rows.append(_smallest(path, each, has_peer=each in ports))
    show(f"The {TOP} smallest cut sets of all servers of a fat tree, from a text file", rows)


def _smallest(path: Path, ports: int, *, has_peer: bool) -> Row | str:
    ours = _answered(spent(OURS, "smallest", path, TOP))
    cores = (ports // 2) ** 2
    assert ours.answer == [cores] + [cores + 1] * (TOP - 1)
    what = f"{ports} ports, {len(models.fat_tree(ports)) - 1:,} nodes"
    if not has_peer:
        return Row(what, ours.seconds, remark=_memory(ours), goal=GOAL_S)
    if not _there("pysat"):
        return f"{what}: skipped, python-sat is not installed"
    peer = _answered(spent(MAXSAT, "routes", path, TOP))
    assert peer.answer == ours.answer
    goal = FASTER if ports == GOAL_PORTS else None
    return Row(what, ours.seconds, "RC2", peer.seconds, _memory(ours, peer), goal)


def whole_road(ports: int = 64) -> None:
    """Find the same from a system file as people write it, checked with all rules."""
    with tempfile.TemporaryDirectory() as folder:
        text, path = Path(folder) / "topology.txt", Path(folder) / "system.json"
        models.write(text, models.fat_tree(ports))
        path.write_text(json.dumps(models.words(models.read(str(text)))), encoding="utf-8")
        ours = _answered(spent(OURS, "whole_road", path, TOP))
        edge = _answered(spent(OURS, "one_edge", text, TOP))
    load_s, compile_s, answer_s = ours.answer["steps"]
    remark = f"load {load_s:.2f} s, compile {compile_s:.2f} s, answer {answer_s:.2f} s; {_memory(ours)}"
    rows = [
        Row("from a JSON system file", ours.seconds, remark=remark),
        Row("again after one edge changed", edge.answer["seconds"], remark=_memory(edge), goal=CHANGE_GOAL_S),
    ]
    show(f"The same, {ports} ports", rows)


# ---- A fat tree with software and power: the likeliest cut sets ----


def likeliest(ports: int = 48, n: int = 100, of_peer: int = 10) -> None:
    """Find the likeliest cut sets of replicas that share software and power; the peer finds the first of them."""
    rows: list[Row | str] = []
    for replicas in (3, 5, 8, 10):
        with _file(models.layered_fat_tree(ports, replicas)) as path:
            ours = _answered(spent(OURS, "likeliest", path, n, most_s=MOST_S))
            assert len(ours.answer["costs"]) == n
            rows.append(Row(f"{replicas} replicas, {n} sets", ours.seconds, remark=_memory(ours), goal=GOAL_S))
            rows.append(_likeliest(path, ours, of_peer))
    show(f"The likeliest cut sets, shared software and power, {ports} ports", rows)


def _likeliest(path: Path, ours: Spent, n: int) -> Row | str:
    if not _there("pysat"):
        return "skipped: python-sat is not installed"
    peer = spent(MAXSAT, "likeliest", path, n, most_s=MOST_S)
    if peer is None:
        return f"RC2 gave up after {MOST_S} s"
    first = ours.answer["costs"][:n]
    assert all(isclose(a, b, abs_tol=1e-4) for a, b in zip(first, peer.answer["costs"], strict=True))
    remark = f"peer only the first {n}; {_memory(ours, peer)}"
    return Row("the same", ours.seconds, "RC2", peer.seconds, remark)


# ---- Random fault trees: the likeliest cut set ----


def fault_trees(*sizes: int) -> None:
    """Find the likeliest cut set of random fault trees, 20 of each size."""
    if not _there("pysat"):
        show("The likeliest cut set of random fault trees", ["skipped: python-sat is not installed"])
        return
    show("The likeliest cut set of random fault trees", [row for nodes in sizes for row in _fault_trees(nodes)])


def _fault_trees(nodes: int, cases: int = 20) -> list[Row | str]:
    both: list[tuple[Spent, Spent]] = []
    n_ours = n_theirs = 0
    for case in range(cases):
        with _file(models.fault_tree(nodes, 0.2 if case < cases // 2 else 0.4, case)) as path:
            ours = spent(OURS, "likeliest", path, 1, most_s=MOST_S)
            peer = spent(MAXSAT, "likeliest", path, 1, most_s=MOST_S)
        is_solved = ours is not None and ours.answer["costs"] is not None
        n_ours += is_solved
        n_theirs += peer is not None
        if is_solved and ours is not None and peer is not None:
            # The peer's weights are rounded, so of nearly equal sets it may take the other.
            (mine,), (theirs,) = ours.answer["costs"], peer.answer["costs"]
            assert mine <= theirs + 1e-9
            assert isclose(mine, theirs, abs_tol=1e-6 * (len(peer.answer["sizes"]) + peer.answer["sizes"][0]))
            both.append((ours, peer))
    return _summary(f"{nodes:,} nodes, {cases} cases", f"solved {n_ours}, peer {n_theirs}", both)


def _summary(what: str, solved: str, both: list[tuple[Spent, Spent]]) -> list[Row | str]:
    if not both:
        return [f"{what}: {solved}"]
    mine, theirs = ([pair[side].seconds for pair in both] for side in (0, 1))
    sizes = [ours.answer["sizes"][0] for ours, _ in both]
    largest = max(both, key=lambda pair: pair[0].peak_bytes)
    remark = f"{solved}; {sizes.count(1)} single, largest {max(sizes)} events; {_memory(*largest)}"
    return [
        Row(what, sum(mine), "RC2 stratified", sum(theirs), remark),
        Row("of them, the median", median(mine), "RC2 stratified", median(theirs)),
        Row("of them, the slowest of each", max(mine), "RC2 stratified", max(theirs)),
    ]


# ---- A published fault tree, complete ----


def published(name: str = "baobab1") -> None:
    """Import a fault tree, work out its probability, count its minimal cut sets and list them all."""
    title = f"{name}: import, probability, number of minimal cut sets, all of them in order"
    path = DATA / f"aralia-{name}.xml"
    if not path.exists():
        show(title, [f"skipped: no {path.name}"])
        return
    ours = _answered(spent(OURS, "fault_tree", path))
    assert ours.answer["count"] == ours.answer["listed"] == 46_188
    rows = [_published(path, ours, task, module) for task, module in (("oxidd", "oxidd"), ("cudd", "dd.cudd"))]
    show(title, rows)


def _published(path: Path, ours: Spent, task: str, module: str) -> Row | str:
    if not _there(module):
        return f"skipped: {module} is not installed"
    peer = _answered(spent(DIAGRAMS, task, path))
    assert _same(ours.answer, peer.answer)
    return Row("complete", ours.seconds, task, peer.seconds, _memory(ours, peer), 1.0)


def _same(mine: dict[str, Any], theirs: dict[str, Any]) -> bool:
    return mine["count"] == theirs["count"] and isclose(mine["probability"], theirs["probability"], rel_tol=1e-9)


PARTS: dict[str, Any] = {
    "smallest": partial(smallest, 16, 24, 48, alone=(64,)),
    "whole_road": whole_road,
    "likeliest": likeliest,
    "fault_trees": partial(fault_trees, 1_000, 2_500),
    "published": published,
}
ASKED_FOR: dict[str, Any] = {
    "smallest_64": partial(smallest, 64),
    "fault_trees_5000": partial(fault_trees, 5_000),
    "fault_trees_7500": partial(fault_trees, 7_500),
    "fault_trees_10000": partial(fault_trees, 10_000),
}
"""Parts that take minutes and are run only by name."""


def main(names: list[str] | None = None) -> None:
    """Run the parts with these names, all that are short without one."""
    for name in names or PARTS:
        (PARTS | ASKED_FOR)[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
