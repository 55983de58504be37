"""The notebook runs from top to bottom, and says what is so."""

from __future__ import annotations

import json

import pytest

from docs.examples import ROOT

NOTEBOOK = ROOT / "notebooks" / "what-if.ipynb"
CELLS = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


@pytest.fixture(scope="module")
def names():
    """What the notebook defines, once all its cells have run in its folder."""
    found: dict[str, object] = {"__name__": "__main__"}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(NOTEBOOK.parent)
        for cell in CELLS:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), cell["id"], "exec"), found)  # noqa: S102 - our own text
    return found


def test_no_outputs_are_kept():
    assert [cell["id"] for cell in CELLS if cell.get("outputs") or cell.get("execution_count")] == []


def test_every_cell_has_its_own_id():
    assert len({cell["id"] for cell in CELLS}) == len(CELLS)


def test_more_mobile_data_means_less_time_down(names):
    # The crew has spliced the first line 12 h after the cut. The router carries from 5 min on, as long as its data last.
    assert names["hours"] == {"2h": 10.0, "4h": 8.0, "8h": 4.0, "12h": 0.08, "16h": 0.08}


def test_the_second_way_keeps_the_outage_to_the_switch(names):
    frame = names["comparison"].to_frame()
    assert frame.loc[("down_ms", "checkout", "")].tolist() == [4 * 3_600_000, 2 * 60_000]


def test_the_services_that_lean_on_the_duct_are_found(names):
    graph, exposed = names["graph"], names["exposed"]
    assert {name for name in exposed if graph.nodes[name]["kind"] == "service"} == {"catalogue", "checkout"}


def test_a_result_has_a_look(names):
    assert "Digger in duct A12" in names["result"]._repr_html_()
