"""Jaeger: links as it counted them, and traces."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from impactsim.importers.finished import ImportedSystem
from impactsim.problems import InvalidInput

Imported = Callable[..., ImportedSystem]


def needs(found: ImportedSystem) -> dict[tuple[str, str], dict[str, Any]]:
    listed = ((own, need) for own, each in found.data["components"].items() for need in each.get("needs", ()))
    return {(own, need["component"]): need for own, need in listed}


def told(found: ImportedSystem, code: str) -> list[int]:
    return [problem.line for problem in found.problems if problem.code == code]


def test_an_answer_and_a_saved_list_are_the_same_system(imported: Imported):
    answer, saved = imported("jaeger", "jaeger/links.json"), imported("jaeger", "jaeger/saved-list.json")
    assert needs(answer).keys() == needs(saved).keys()
    assert len(needs(answer)) == 8  # of ten pairs one is below 1 per cent, one is a soft need seen once
    assert answer.remarks == saved.remarks


def test_services_keep_their_names_and_are_observed(imported: Imported):
    found = imported("jaeger", "jaeger/links.json")
    assert list(found.data["components"])[:3] == ["gate", "booking", "timetable"]
    assert {component.confidence for component in found.system.components.values()} == {"observed"}
    assert needs(found)["booking", "fares"]["origin"] == "links.json: booking -> fares"


def test_calls_of_a_pair_in_several_files_belong_together(imported: Imported):
    found = imported("jaeger", "jaeger/links.json", "jaeger/saved-list.json")
    need = needs(found)["booking", "loyalty"]
    assert need["seen"] == {"calls": 400, "share": 0.2}
    assert need["origin"] == ["links.json: booking -> loyalty", "saved-list.json: booking -> loyalty"]


def test_a_record_that_cannot_be_right_is_told_by_its_line_and_the_rest_is_read(imported: Imported):
    found = imported("jaeger", "jaeger/odd-links.json")
    assert told(found, "calls-name") == [6, 7]
    assert told(found, "calls-number") == [8, 9, 10, 11, 12, 13]
    assert told(found, "calls-record") == [15, 16]
    # 60 and 40 calls of the same pair, and 100 as text.
    assert {pair: need["seen"]["calls"] for pair, need in needs(found).items()} == {
        ("gate", "booking"): 100,
        ("booking", "fares"): 100,
    }


def test_calls_to_itself_are_no_need_and_are_counted(imported: Imported):
    found = imported("jaeger", "jaeger/odd-links.json")
    assert found.left_out["services that called themselves, which is no need"] == 1
    assert found.left_out["pairs without a single call"] == 1


def test_names_that_no_id_may_have_are_changed_and_told_apart(imported: Imported):
    components = imported("jaeger", "jaeger/odd-names.json").data["components"]
    assert components["Ticket-Office-north"]["name"] == "Ticket Office (north)"
    assert len(components) == 3  # ferry/booking and ferry booking wish the same id
    assert {each.get("name") for each in components.values()} == {
        "Ticket Office (north)",
        "ferry/booking",
        "ferry booking",
    }


def test_a_span_is_called_by_the_service_of_its_parent(imported: Imported):
    found = imported("jaeger", "jaeger/traces.json")
    # Two traces, each with one request into gate, which called booking once; one answer was an error.
    assert needs(found)["gate", "booking"]["seen"] == {"calls": 2, "share": 1, "errors": 0.5}


def test_what_comes_in_without_a_parent_counts_as_served(imported: Imported):
    """Into booking came two calls of gate, and one whose parent is in no file; one of the three used the database."""
    found = imported("jaeger", "jaeger/traces.json")
    assert needs(found)["booking", "bookings-db"]["impact"] == 0.3333


def test_what_has_no_spans_is_a_store_or_a_third_party(imported: Imported):
    components = imported("jaeger", "jaeger/traces.json").data["components"]
    assert (components["bookings-db"]["kind"], components["bookings-db"]["confidence"]) == ("data", "observed")
    assert (components["pay.example"]["kind"], components["pay.example"]["confidence"]) == ("provider", "guessed")
    assert "kind" not in components["booking"]


def test_the_receiver_of_messages_needs_the_sender_without_impact(imported: Imported):
    found = imported("jaeger", "jaeger/traces.json")
    for receiver in ("mailer", "ledger"):  # a consumer span; a span that only follows
        assert needs(found)[receiver, "booking"]["impact"] == 0
        assert ("booking", receiver) not in needs(found)
    assert any("holdover" in remark for remark in found.remarks)


def test_spans_that_stand_twice_or_belong_to_nobody_are_counted(imported: Imported):
    left_out = imported("jaeger", "jaeger/traces.json").left_out
    assert left_out["spans that stand there twice"] == 1
    assert left_out["spans without a service"] == 1


def test_no_secret_of_a_tag_enters_the_system(imported: Imported):
    found = imported("jaeger", "jaeger/traces.json")
    everything = found.text + " ".join(map(str, found.problems)) + " ".join(found.remarks)
    assert "hunter2" not in everything
    assert "card" not in everything
    assert "pay.example" in everything


def test_spans_that_are_each_others_parents_are_read(imported: Imported):
    assert set(needs(imported("jaeger", "jaeger/spans-in-a-ring.json"))) == {("gate", "booking"), ("booking", "gate")}


@pytest.mark.parametrize(
    "data",
    [7, "x", None, {}, {"data": None, "errors": [{"code": 404}]}, [7], {"data": [{"spans": 3}]}, [[[]]], [{}, []]],
)
def test_what_is_neither_links_nor_traces_is_an_error(imported: Imported, tmp_path, data):
    path = tmp_path / "other.json"
    path.write_text(json.dumps(data))
    with pytest.raises(InvalidInput) as refused:
        imported("jaeger", path)
    assert {problem.code for problem in refused.value.problems} & {"calls-form", "nothing-imported"}


def test_the_same_file_gives_the_same_bytes(imported: Imported):
    assert imported("jaeger", "jaeger/traces.json").text == imported("jaeger", "jaeger/traces.json").text
