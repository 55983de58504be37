"""The service graph of OpenTelemetry: Prometheus text and answers of queries."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from impactsim.importers.finished import ImportedSystem
from impactsim.importers.notes import Notes
from impactsim.importers.observed.prometheus_text import samples_of
from impactsim.problems import InvalidInput

Imported = Callable[..., ImportedSystem]


def needs(found: ImportedSystem) -> dict[tuple[str, str], dict[str, Any]]:
    listed = ((own, need) for own, each in found.data["components"].items() for need in each.get("needs", ()))
    return {(own, need["component"]): need for own, need in listed}


def test_series_of_a_pair_belong_together_with_their_errors(imported: Imported):
    """500 by GET, 100 by POST, of which 6 failed; 1,000 requests of users came into the gate."""
    found = needs(imported("opentelemetry", "opentelemetry/graph.prom"))
    assert found["gate", "booking"]["seen"] == {"calls": 600, "share": 0.6, "errors": 0.01}


def test_users_are_no_component_and_their_requests_count(imported: Imported):
    found = imported("opentelemetry", "opentelemetry/graph.prom")
    assert "user" not in found.data["components"]
    assert needs(found)["gate", "timetable"]["impact"] == 0.3  # 300 of 1,000, not of the 600 of its largest pair
    assert any("'user'" in what for what in found.left_out)


def test_a_database_is_data_and_a_virtual_node_a_guessed_third_party(imported: Imported):
    components = imported("opentelemetry", "opentelemetry/graph.prom").data["components"]
    assert (components["bookings-db"]["kind"], components["bookings-db"]["confidence"]) == ("data", "observed")
    assert (components["pay.example"]["kind"], components["pay.example"]["confidence"]) == ("provider", "guessed")


def test_the_receiver_of_messages_needs_the_sender_without_impact(imported: Imported):
    found = needs(imported("opentelemetry", "opentelemetry/graph.prom"))
    assert found["mailer", "booking"]["impact"] == 0
    assert ("booking", "mailer") not in found


def test_connection_type_unset_is_an_ordinary_call(imported: Imported):
    components = imported("opentelemetry", "opentelemetry/graph.prom").data["components"]
    assert "kind" not in components["timetable"]


def test_the_report_says_that_counters_began_with_the_process(imported: Imported):
    found = imported("opentelemetry", "opentelemetry/graph.prom")
    assert any("counters since the writing process began" in remark for remark in found.remarks)


def test_a_graph_without_connection_types_says_what_may_be_mistaken(imported: Imported):
    def doubts(file: str) -> list[str]:
        return [remark for remark in imported("opentelemetry", file).remarks if "connection_type" in remark]

    assert doubts("opentelemetry/rates.json")
    assert not doubts("opentelemetry/graph.prom")


def test_spans_without_a_partner_are_counted_as_left_out(imported: Imported):
    left_out = imported("opentelemetry", "opentelemetry/graph.prom").left_out
    assert left_out["spans that found no partner or no room (unpaired_spans_total)"] == 4


def test_odd_values_and_lines_are_told_by_their_line(imported: Imported):
    found = imported("opentelemetry", "opentelemetry/odd.prom")
    told = [(problem.line, problem.code) for problem in found.problems]
    assert told == [
        (1, "calls-series"),
        (2, "calls-series"),
        (3, "calls-series"),
        (4, "calls-series"),
        (6, "calls-line"),
    ]
    assert {each.get("name") for each in found.data["components"].values()} == {None, 'quay "A", \\north'}
    assert ("gate", "pier") in needs(found)  # behind its value stands an exemplar


def test_the_label_of_virtual_nodes_says_which_side_it_is(imported: Imported):
    """A turnstile that is virtual is a user; something called user that is a virtual server is a third party."""
    components = imported("opentelemetry", "opentelemetry/virtual-label.prom").data["components"]
    assert list(components) == ["gate", "user"]
    assert components["user"]["kind"] == "provider"


def test_answers_of_queries_are_read_at_their_last_point(imported: Imported):
    found = imported("opentelemetry", "opentelemetry/calls.json", "opentelemetry/failed.json")
    assert needs(found)["gate", "booking"]["seen"] == {"calls": 200, "share": 1, "errors": 0.25}  # 50, not 3
    assert [problem.code for problem in found.problems] == ["calls-series"]  # NaN


def test_rates_give_shares_and_no_counts(imported: Imported):
    found = imported("opentelemetry", "opentelemetry/rates.json")
    assert needs(found)["booking", "fares"]["seen"] == {"share": 0.25}  # left in, though 0.125 is less than ten calls
    assert any("without a name are taken for calls" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    "text", ["", "up 1\n", "{}", "[]", '{"status":"error","error":"x"}', '{"data":{"result":[7,{"metric":3}]}}']
)
def test_a_file_without_a_service_graph_is_an_error(imported: Imported, tmp_path, text):
    path = tmp_path / "other.txt"
    path.write_text(text)
    with pytest.raises(InvalidInput):
        imported("opentelemetry", path)


@pytest.mark.parametrize("piece", ['a="b",', "a" * 3, '\\"', " ", "{", '"', ",", 'a="'])
def test_a_line_costs_no_more_time_than_it_is_long(piece):
    """A line of ten times the length takes about ten times as long: not a hundred times."""
    notes, line = Notes("x.prom"), "service_graph_request_total{" + piece * 300_000
    start = time.process_time()
    list(samples_of(line + "\n" + line + '"} 5 \n', "service_graph_", notes, "x.prom"))
    assert time.process_time() - start < 5


def test_text_and_answers_of_one_graph_are_the_same_system(imported: Imported, tmp_path):
    text, answer = tmp_path / "calls.prom", tmp_path / "calls.json"
    pairs = [("gate", "booking", 500), ("booking", "fares", 100), ("booking", "seats", 500)]
    name = "traces_service_graph_request_total"
    text.write_text("".join(f'{name}{{client="{a}",server="{b}"}} {n}\n' for a, b, n in pairs))
    series = [{"metric": {"__name__": name, "client": a, "server": b}, "value": [1, str(n)]} for a, b, n in pairs]
    answer.write_text(json.dumps({"data": {"result": series}}))
    one, other = imported("opentelemetry", text), imported("opentelemetry", answer)
    assert one.data["components"].keys() == other.data["components"].keys()
    assert {pair: need["seen"] for pair, need in needs(one).items()} == {
        pair: need["seen"] for pair, need in needs(other).items()
    }
