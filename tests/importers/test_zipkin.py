"""Zipkin: links as it counted them, and spans of both versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from impactsim.importers.finished import ImportedSystem

Imported = Callable[..., ImportedSystem]


def needs(found: ImportedSystem) -> dict[tuple[str, str], dict[str, Any]]:
    listed = ((own, need) for own, each in found.data["components"].items() for need in each.get("needs", ()))
    return {(own, need["component"]): need for own, need in listed}


def test_errors_of_links_become_a_share(imported: Imported):
    found = needs(imported("zipkin", "zipkin/links.json"))
    assert found["gate", "booking"]["seen"] == {"calls": 200, "share": 1, "errors": 0.04}
    assert found["booking", "mysql"]["seen"] == {"calls": 400, "share": 1, "errors": 0.01}  # 4 errors of 200 and 200


def test_two_sides_of_a_call_that_share_an_id_are_one_call(imported: Imported):
    """The server's side of span 02 has a shorter trace id, as a side that knows 64 bits only writes it."""
    found = needs(imported("zipkin", "zipkin/spans-2.json"))
    assert found["gate", "booking"]["seen"] == {"calls": 1, "share": 1, "errors": 1}


def test_children_of_a_shared_span_belong_to_the_side_that_was_called(imported: Imported):
    found = needs(imported("zipkin", "zipkin/spans-2.json"))
    assert {member for owner, member in found if owner == "gate"} == {"booking"}
    assert ("booking", "harbour-mysql") in found


def test_a_remote_side_counts_only_where_no_span_answers(imported: Imported):
    found = needs(imported("zipkin", "zipkin/spans-2.json"))
    assert found["booking", "fares"]["seen"]["calls"] == 1  # the client says fares, and the server's span is there too
    assert ("fares", "booking") not in found


def test_remote_sides_are_stores_brokers_and_third_parties(imported: Imported):
    components = imported("zipkin", "zipkin/spans-2.json").data["components"]
    assert components["harbour-mysql"]["kind"] == "data"
    assert components["kafka"]["kind"] == "queue"
    assert (components["pay.example"]["kind"], components["pay.example"]["confidence"]) == ("provider", "guessed")


def test_messages_need_the_broker_and_the_sender_without_impact(imported: Imported):
    found = needs(imported("zipkin", "zipkin/spans-2.json"))
    assert found["mailer", "kafka"]["impact"] == 0
    assert found["mailer", "booking"]["impact"] == 0
    assert "impact" not in found["booking", "kafka"]  # it hands the message over while it serves
    assert ("booking", "mailer") not in found


def test_traces_as_lists_of_spans_are_the_same_system(imported: Imported):
    flat, nested = imported("zipkin", "zipkin/spans-2.json"), imported("zipkin", "zipkin/traces-2.json")
    assert list(flat.data["components"]) == list(nested.data["components"])
    assert needs(flat).keys() == needs(nested).keys()


def test_spans_without_an_endpoint_are_counted(imported: Imported):
    assert imported("zipkin", "zipkin/spans-2.json").left_out["spans without a service"] == 1


def test_a_caller_that_is_not_traced_is_there_and_an_unknown_one_is_not(imported: Imported):
    found = imported("zipkin", "zipkin/untraced-caller.json")
    assert list(found.data["components"]) == ["gate", "turnstile"]
    assert set(needs(found)) == {("turnstile", "gate")}


def test_version_1_says_by_annotations_who_called_whom(imported: Imported):
    """One record holds both sides of the call to booking; sa names the data store; a local span calls nobody."""
    found = imported("zipkin", "zipkin/spans-1.json")
    assert set(needs(found)) == {("gate", "booking"), ("booking", "bookings-postgres")}
    assert found.data["components"]["bookings-postgres"]["kind"] == "data"
    assert needs(found)["gate", "booking"]["seen"]["errors"] == 1


def test_no_query_enters_the_system(imported: Imported):
    for file in ("zipkin/spans-1.json", "zipkin/spans-2.json"):
        found = imported("zipkin", file)
        assert "secret" not in found.text
        assert "10.0.0.1" not in found.text
