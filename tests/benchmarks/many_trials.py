"""Many trials and sweeps, each beside the tool that people would otherwise use: ``many_trials.py [PART...]``.

One core, after compilation, CPU time, both sides in turn in this process; figures per timeline or per trial, so that the
ratio does not depend on how many each side ran. A ratio of 0.001 is a thousand times as fast. The peers are the extra
``bench``; what is missing is named and left out. Before a peer is measured it must give known answers (`check_peers`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from math import log
from statistics import linear_regression, median
from time import process_time
from typing import Any

import fresh_processes
from check_peers import CHECKS
from layered_graphs import Graph, call_graph, layered, outage, two_out_of_four
from measuring import Row, collector_paused, show
from numpy import int64, zeros

import impactsim
from impactsim.files.reading import LoadedScenario, validate_scenario, validate_system
from impactsim.trials.blocks import Runner
from impactsim.trials.cases import Case, Ends, Ground, cases_of, lay_ground
from impactsim.trials.forecast import Settings
from impactsim.trials.gather import Gathered
from impactsim.trials.jobs import Prepared, prepare
from impactsim.trials.rank import Swept
from impactsim.trials.rank import sweep as swept
from impactsim.trials.sample import sample
from impactsim.trials.workers import Here

REPEATS = 3
AS_FAST = 1 / 1000
"""The goal against the simulators of timelines."""
SWEEP_AS_FAST = 1 / 10
LARGE_SWEEP_S = 60

# ---- Our side: the only place that calls the program ----


def compile_now() -> None:
    """Have the machine code there, so that nothing short is interpreted meanwhile."""
    Runner(ours_prepared(layered(20)).job, is_compiled=True).run(zeros(1, int64))


def ours_prepared(graph: Graph) -> Prepared:
    """Return the outage of a graph, ready for any number of trials."""
    loaded = _loaded(graph)
    return prepare(loaded.system, loaded.scenario)


def ours_sampled(prepared: Prepared, trials: int) -> Gathered:
    """Run so many trials of what is ready: all of a run but reading it and writing the report."""
    return sample(prepared.job, prepared.limits, trials, Here(is_compiled=True))[0]


def ours_trials(scenario: LoadedScenario, trials: int) -> Any:
    """Run so many trials of a scenario that is loaded, report included."""
    return impactsim.run(scenario, trials=trials, workers=1)


def ours_years(system: Mapping[str, Any], years: int) -> Any:
    """Run so many years of ordinary luck from new on, each a timeline; loading and report included."""
    return impactsim.forecast(system, years=years, settings=Settings(run_in_ms=0), workers=1)


def ours_sweep(ground: Ground, cases: Sequence[Case], ends: Ends) -> Swept:
    """Run every single failure over time: all of a ranking but loading, putting in order and explaining."""
    return swept(ground, cases, ends, Here(is_compiled=True))


def ours_ranking(system: Mapping[str, Any]) -> Any:
    """Rank every single failure and explain the 20 worst, loading and checks included."""
    return impactsim.rank(system, workers=1)


# ---- The parts ----

YEARS, PEER_YEARS = 200_000, 200
TRIALS = {100: (6_000, 75), 1000: (800, 12), 10_000: (80, 1)}
"""Components, and the trials of each side: about a second each."""
SWEEP = 1000
REPAIRED = {"time_to_restore": {"median": "2h", "p90": "8h"}}
SIZES, TRIALS_OF_SIZES = (100, 300, 1000, 3000, 10_000), 300
NUMBERS, COMPONENTS_OF_NUMBERS = (300, 1000, 3000, 10_000), 300


def timelines() -> None:
    """Years of four parts of which two are needed, beside availsim4: parts that often fail, and parts that seldom do."""
    peer = _peer("availsim4_peer", "availsim4")
    rows = []
    for name, up_h, repair_h in (("down a tenth of the time", 1000, 100), ("one failure a year", 8760, 24)):
        system = two_out_of_four(up_h, repair_h)
        actions = [partial(ours_years, system, YEARS)]
        if peer:
            parts = peer.Parts(up_h, repair_h, 8760)
            actions.append(partial(peer.timelines, peer.prepare(parts), parts, PEER_YEARS))
        ours_s, *peer_s = _seconds(actions, warm_up=partial(ours_years, system, 10))
        rows.append(
            _row(f"one year, parts {name}", "timelines", ours_s / YEARS, [s / PEER_YEARS for s in peer_s], "availsim4")
        )
    show(f"Timelines of 4 parts of which 2 are needed: impactsim.forecast with its report, {YEARS:,} years", rows)


def outages() -> None:
    """Outages of layered graphs, beside a SimPy process for each component that they reach."""
    peer = _peer("simpy_peer", "simpy")
    rows = []
    for components, (trials, peer_trials) in TRIALS.items():
        graph = layered(components)
        reached, prepared = _reached(graph), ours_prepared(graph)
        actions = [partial(ours_sampled, prepared, trials)]
        if peer:
            actions.append(partial(peer.Simulation(graph, outage(graph)).trials, peer_trials))
        ours_s, *peer_s = _seconds(actions, warm_up=partial(ours_sampled, prepared, 10))
        each = [s / peer_trials / reached for s in peer_s]
        row = _row(
            f"{components:,} components, one of {reached:,} it reaches",
            "component-trials",
            ours_s / trials / reached,
            each,
            "SimPy",
        )
        rows.append(row)
    show("Outages over time, per component reached and trial: all but loading and report", rows)


def _loaded(graph: Graph) -> LoadedScenario:
    return validate_scenario(outage(graph).scenario(graph.system()))


def _reached(graph: Graph) -> int:
    return len(outage(graph).reached(graph))


def sweep() -> None:
    """Every single failure: over time here, without a clock in the peer."""
    graph, ends = layered(SWEEP), Ends()
    words = graph.system(**REPAIRED)
    peer = _peer("networkx_peer", "networkx")
    ground = lay_ground(validate_system(words).system, None)
    # The peer's graph is built before as well.
    actions = [partial(ours_sweep, ground, cases_of(ground, ends), ends)]
    if peer:
        actions.append(peer.Sweep(graph).all_failures)
    ours_s, *peer_s = _seconds(actions, warm_up=actions[0])
    ranking_s = _seconds([partial(ours_ranking, words)], warm_up=partial(ours_ranking, words))[0]
    rows = [
        _row(f"{SWEEP:,} components, layered", "sweeps", ours_s, peer_s, "networkx", goal=SWEEP_AS_FAST),
        Row("the same as impactsim.rank", ranking_s, remark="loading, checks and the whys of the 20 worst included"),
    ]
    large = call_graph()
    large_s = _seconds([partial(ours_ranking, large)], repeats=1)[0]
    services = len(large["components"])
    remark = f"{services / large_s:,.0f} failures/s; the same included"
    rows.append(Row(f"{services:,} services, call graph, impactsim.rank", large_s, goal=LARGE_SWEEP_S, remark=remark))
    show("Sweep of all single failures", rows)


def cost() -> None:
    """How the cost grows with the components and with the trials."""
    rows: list[Row | str] = []
    graphs = [layered(components) for components in SIZES]
    loaded = [_loaded(graph) for graph in graphs]
    ours_trials(loaded[0], 10)
    by_size = [_seconds([partial(ours_trials, one, TRIALS_OF_SIZES)])[0] for one in loaded]
    reached = [_reached(graph) for graph in graphs]
    for components, count, seconds in zip(SIZES, reached, by_size, strict=True):
        rows.append(Row(f"{components:,} components, {TRIALS_OF_SIZES:,} trials", seconds, remark=f"{count:,} reached"))
    rows.append(f"seconds ~ components^{_exponent(SIZES, by_size):.2f}, reached^{_exponent(reached, by_size):.2f}")
    one = loaded[SIZES.index(COMPONENTS_OF_NUMBERS)]
    by_number = [_seconds([partial(ours_trials, one, trials)])[0] for trials in NUMBERS]
    for trials, seconds in zip(NUMBERS, by_number, strict=True):
        rows.append(Row(f"{COMPONENTS_OF_NUMBERS:,} components, {trials:,} trials", seconds))
    rows.append(f"seconds ~ trials^{_exponent(NUMBERS, by_number):.2f}")
    show("Cost of a sampled run against its size, compiled: impactsim.run of a loaded scenario, report included", rows)


PARTS = {
    "timelines": timelines,
    "outages": outages,
    "sweep": sweep,
    "cost": cost,
    "cold_start": fresh_processes.cold_start,
}
ASKED_FOR = {"memory": fresh_processes.memory}
"""Parts that take minutes and are run only by name."""


def main(names: list[str] | None = None) -> None:
    """Run the parts with these names, all that are short without one."""
    compile_now()
    for name in names or PARTS:
        (PARTS | ASKED_FOR)[name]()


# ---- The frame ----


def _row(what: str, unit: str, ours_s: float, peer_s: Sequence[float], peer: str, *, goal: float = AS_FAST) -> Row:
    """Return a row for what one unit takes, beside the peer if it was measured."""
    if not peer_s:
        return Row(what, ours_s, remark=f"{1 / ours_s:,.3g} {unit}/s")
    times = peer_s[0] / ours_s
    written = f"{times:,.0f}" if times > 10 else f"{times:.2g}"
    remark = f"{written} times as fast: {1 / ours_s:,.3g} and {1 / peer_s[0]:,.3g} {unit}/s"
    return Row(what, ours_s, peer, peer_s[0], remark, goal)


def _peer(module: str, package: str) -> Any:
    """Return the module of a peer that has given known answers; nothing, and say so, where its package is not installed."""
    try:
        peer = import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name == module:
            raise
        print(f"\nNot compared with {package}: not installed (pip install 'impactsim[bench]')")  # noqa: T201
        return None
    CHECKS[package]()
    return peer


def _seconds(
    actions: Sequence[Callable[[], Any]], *, repeats: int = REPEATS, warm_up: Callable[[], Any] | None = None
) -> list[float]:
    """Return the median CPU time of each action; all in turn, so that a slow spell of the machine meets them all."""
    if warm_up:
        # Compiles, or reads what was compiled.
        warm_up()
    rounds = [[_once(action) for action in actions] for _ in range(repeats)]
    return [median(figures) for figures in zip(*rounds, strict=True)]


def _once(action: Callable[[], Any]) -> float:
    with collector_paused():
        begun = process_time()
        action()
        return process_time() - begun


def _exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """Return the slope of the line of least squares through the logarithms."""
    return linear_regression([log(size) for size in sizes], [log(second) for second in seconds]).slope


if __name__ == "__main__":
    main(sys.argv[1:])
