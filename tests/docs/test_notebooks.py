"""The notebooks run from top to bottom, and say what is so."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from docs.examples import ROOT

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
HOUR_MS = 3_600_000


def cells_of(notebook: Path) -> list[dict[str, Any]]:
    return json.loads(notebook.read_text(encoding="utf-8"))["cells"]


def played(name: str) -> dict[str, Any]:
    """Return what a notebook defines, once all its cells have run in its folder; its pictures are drawn, and shown to nobody."""
    import matplotlib.pyplot as plt

    found: dict[str, Any] = {"__name__": "__main__"}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(FOLDER)
        patch.setattr(plt, "show", lambda: [plt.figure(n).canvas.draw() for n in plt.get_fignums()])
        plt.switch_backend("agg")
        for cell in cells_of(FOLDER / name):
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), found)  # noqa: S102 - our own text
        plt.close("all")
    return found


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda each: each.stem)
def test_no_outputs_are_kept(notebook):
    assert [cell["id"] for cell in cells_of(notebook) if cell.get("outputs") or cell.get("execution_count")] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda each: each.stem)
def test_every_cell_has_its_own_id(notebook):
    cells = cells_of(notebook)
    assert len({cell["id"] for cell in cells}) == len(cells)


# What-if.


@pytest.fixture(scope="module")
def what_if():
    return played("what-if.ipynb")


def pert_grid() -> tuple[np.ndarray, np.ndarray]:
    """Return hours and their probabilities under PERT (6, 12, 36): a beta of 1 + 4 (12 - 6) / 30 and 1 + 4 (36 - 12) / 30."""
    share = (np.arange(200_000) + 0.5) / 200_000
    density = share**0.8 * (1 - share) ** 3.2
    return 6 + 30 * share, density / density.sum()


def hours_down(hours: np.ndarray, p: np.ndarray, volume: float) -> float:
    """Return the mean time down in a cut: 5 min of switching, and what the work takes beyond the mobile data; 2 min where the second line holds."""
    both = 5 / 60 + (p * np.maximum(hours - volume - 5 / 60, 0)).sum()
    return 0.8 * both + 0.2 * 2 / 60


def mean_of(run: Any) -> tuple[float, float]:
    down_ms = run.facts.components["checkout"].down_ms
    return down_ms.mean / HOUR_MS, (down_ms.high - down_ms.low) / HOUR_MS / (2 * 1.96)


def test_the_time_down_is_that_of_the_closed_form(what_if):
    hours, p = pert_grid()
    after = 1 - np.cumsum(p)
    first_of_two = 2 * p * (after + p / 2)
    for name, expected in {
        "As it is": hours_down(hours, p, 8),
        "Mobile data": hours_down(hours, p, 16),
        "Second crew": hours_down(hours, first_of_two, 8),
    }.items():
        mean, error = mean_of(what_if["runs"][name])
        assert abs(mean - expected) < 4 * error, name


def test_the_second_way_keeps_every_cut_to_the_switch(what_if):
    down_ms = what_if["runs"]["Second way"].facts.components["checkout"].down_ms
    assert (down_ms.least, down_ms.most) == (120_000, 120_000)


def test_the_cheapest_hour_is_that_of_mobile_data(what_if):
    assert what_if["value"]["price of a user-hour"].idxmin() == "Mobile data"
    assert what_if["value"]["user-hours saved a year"].idxmax() == "Second way"


def test_more_mobile_data_means_less_time_down_until_the_longest_work_is_covered(what_if):
    means = [each.mean for each in what_if["reached"]]
    assert means == sorted(means, reverse=True)
    assert means[-1] == pytest.approx((0.8 * 5 + 0.2 * 2) * 60_000, rel=0.05)  # nothing but the switch is left


def test_the_services_that_lean_on_the_duct_are_found(what_if):
    graph, exposed = what_if["graph"], what_if["exposed"]
    assert {name for name in exposed if graph.nodes[name]["kind"] == "service"} == {"catalogue", "checkout"}


def test_a_result_has_a_look(what_if):
    assert "Digger in duct A12" in what_if["result"]._repr_html_()


# An outage.


@pytest.fixture(scope="module")
def outage():
    return played("outage.ipynb")


def test_what_was_said_early_held_the_documented_end(outage):
    first = outage["outlook"][0.5]
    assert first.p20_ms < 25.5 * HOUR_MS < first.p90_ms


def test_an_outage_that_has_lasted_is_expected_to_last(outage):
    ends = [hour * HOUR_MS + rest.p50_ms for hour, rest in outage["outlook"].items()]
    assert all(later >= sooner for sooner, later in pairwise(ends))


def test_the_notice_says_nothing_of_the_operator(outage):
    texts = "\n".join(outage["told"].texts().values())
    assert "Rogers" not in texts
    assert "ip-core" not in texts
    assert "Pay by credit card or in cash" in texts


def test_the_last_notice_gives_the_documented_length(outage):
    assert "1 day 2 hours" in "".join(outage["last"].texts().values())  # about 26 hours


# A plan review.


@pytest.fixture(scope="module")
def plan_review():
    return played("plan-review.ipynb")


def test_no_step_begins_before_it_is_called_for(plan_review):
    for rehearsal in plan_review["review"].facts.rehearsals:
        for step in rehearsal.steps:
            if step.is_called and step.begins_ms is not None:
                assert step.begins_ms >= step.called_ms


def test_what_fails_has_a_finding_that_says_so(plan_review):
    services, findings = plan_review["services"], plan_review["findings"]
    late = services[services["achievable_rto_ms_p50"] > services["rto_ms"]]
    assert len(late) > 0
    assert set(late["verdict"]) == {"fails"}
    assert {f"DR02/{service}" for service in late.index} <= set(findings.index)


def test_what_is_said_to_close_a_finding_closes_it(plan_review):
    findings, changes = plan_review["findings"], plan_review["changes"]
    chosen = findings["cheapest_change"].dropna()
    assert len(chosen) > 5
    assert all(finding in changes.loc[change, "closes"] for finding, change in chosen.items())
    assert changes.loc["second-duct", "cost"] == 48_000


def test_what_waits_longest_waits_for_the_hired_server_room(plan_review):
    # Three days until a container with servers stands at the harbour; the password store is in the room that burned.
    assert plan_review["longest"].iloc[0] > 72
    assert "restore-stock" in plan_review["longest"].index[:3]


def test_the_handout_of_the_exercise_tells_no_cause(plan_review):
    text = plan_review["pack"].to_markdown("participants")
    assert "fire" not in text.lower()
    assert "Roles of the plan" in text
