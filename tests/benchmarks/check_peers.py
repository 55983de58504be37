"""The peers on small cases with known answers: a benchmark against a wrong answer says nothing."""

from __future__ import annotations

from math import sqrt
from statistics import mean, stdev

from layered_graphs import Graph, Group, Node, Outage, layered, outage, two_out_of_four

LOST = 7
"""Place of the estimate of the lost user-minutes among the figures of a trial."""


def check_simpy() -> None:
    """Hold the processes against figures by hand, then against the program."""
    _simpy_by_hand()
    _simpy_beside_the_program()
    _simpy_beside_many_trials()


def _simpy_by_hand() -> None:
    """Hold the down times of a few components, worked out by hand, against the processes."""
    from simpy_peer import Simulation

    nodes = (
        Node((), 0, 0),  # fails for an hour
        Node((Group((0,), 1, 600, -1),), 120, 0),  # held over for ten minutes, starts again in two
        Node((Group((0, 3), 1, 0, 60),), 0, 0),  # switches to 3 after a minute, and back at once
        Node((), 0, 0),
        Node((Group((0, 1, 3), 2, 0, -1),), 0, 0),  # 0 and 1 are down together from 10 minutes on, until 0 is back
        Node((Group((2,), 1, 30, -1),), 0, 10),  # half of the minute of 2 is hidden from its users
        Node((Group((1,), 1, 0, -1),), 0, 0),  # goes with 1
        Node((Group((0, 8), 1, 0, 100),), 0, 0),  # can switch only when 8 is back
        Node((), 0, 0),  # fails for half an hour
    )
    outage = Outage((0, 8))
    simulation = Simulation(Graph("By hand", nodes), outage)
    down_ms = simulation.trial([3_600_000, 1_800_000])
    expected_s = {0: 3600, 1: 3120, 2: 60, 4: 3000, 5: 30, 6: 3120, 7: 1900, 8: 1800}
    assert {number: ms / 1000 for number, ms in zip(simulation.reached, down_ms, strict=True)} == expected_s
    assert simulation.lost_user_minutes(down_ms) == 10 * 0.5


def _simpy_beside_the_program() -> None:
    """Hold the down times of a whole graph against one run of the program, all repair times being certain and different."""
    from simpy_peer import Simulation

    import impactsim

    graph = layered(200)
    out = outage(graph)
    repairs_ms = [7_200_000 + 777_777 * place for place in range(len(out.failed))]
    scenario = out.scenario(graph.system())
    for event, repair_ms in zip(scenario["events"], repairs_ms, strict=True):
        event["repair"] = f"{repair_ms}ms"
    simulation = Simulation(graph, out)
    down_ms = simulation.trial(repairs_ms)
    components = impactsim.run(scenario).facts.components
    assert down_ms == [components[f"c{number}"].down_ms for number in simulation.reached]
    assert sum(map(bool, down_ms)) > 50


def _simpy_beside_many_trials() -> None:
    """Hold the mean of the lost user-minutes against that of many trials; each side draws by itself, with fixed seeds."""
    import random

    from simpy_peer import Simulation

    import impactsim
    from impactsim.results import SampledResult

    graph = layered(100)
    out = outage(graph)
    simulation, rng = Simulation(graph, out), random.Random("lost user-minutes")
    theirs = [simulation.lost_user_minutes(simulation.trial(out.draw_repairs_ms(rng))) for _ in range(400)]
    result = impactsim.run(out.scenario(graph.system()), trials=5000, workers=1)
    assert isinstance(result, SampledResult)
    ours = result.gathered.figures[:, LOST].tolist()
    error = sqrt(stdev(theirs) ** 2 / len(theirs) + stdev(ours) ** 2 / len(ours))
    assert abs(mean(ours) - mean(theirs)) < 4 * error < mean(theirs) / 3


def check_networkx() -> None:
    """Hold the worklist against the definition, for every failure of some graphs."""
    from networkx_peer import Sweep, down_by_definition

    for seed in range(5):
        graph = layered(60, seed)
        sweep = Sweep(graph)
        losses = sweep.all_failures()
        for failed, loss in enumerate(losses):
            down = down_by_definition(graph, failed)
            assert sweep.down_after(failed) == down
            assert loss == (len(down), sum(graph.nodes[number].users for number in down))


def check_availsim4() -> None:
    """Hold the availability of 2 out of 4, of both, against its closed form; the seeds are fixed."""
    _availsim4_beside_the_closed_form()
    _program_beside_the_closed_form()


def _availsim4_beside_the_closed_form() -> None:
    from availsim4_peer import Parts, prepare, timelines

    parts, batches, size = Parts(up_h=100, repair_h=50, timeline_h=500), 20, 25
    context = prepare(parts)
    shares = [timelines(context, parts, size, seed=1 + size * batch).share for batch in range(batches)]
    assert abs(mean(shares) - parts.availability()) < 4 * stdev(shares) / sqrt(batches)


def _program_beside_the_closed_form() -> None:
    """Hold years of the program, all parts new at their beginning, against the same closed form."""
    from availsim4_peer import Parts

    import impactsim
    from impactsim.trials.forecast import Settings

    parts, years = Parts(up_h=1000, repair_h=100, timeline_h=8760), 20_000
    system = two_out_of_four(parts.up_h, parts.repair_h)
    result = impactsim.forecast(system, years=years, settings=Settings(run_in_ms=0), workers=1)
    moments = result.forecast.today.gathered.down.moments
    whole = list(system["components"]).index("whole")
    year_ms = parts.timeline_h * 3_600_000
    share = 1 - moments.mean(years)[whole] / year_ms
    error = sqrt(moments.variance(years)[whole] / years) / year_ms
    assert abs(share - parts.availability()) < 4 * error < (1 - share) / 10


CHECKS = {"simpy": check_simpy, "networkx": check_networkx, "availsim4": check_availsim4}


if __name__ == "__main__":
    for check in CHECKS.values():
        check()
