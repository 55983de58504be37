"""JSON: the allow-list and nothing else, and read back as the notice before."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta

import pytest

from impactsim.notices.forms.json_form import iso_duration, to_json
from impactsim.notices.forms.previous import read_previous
from impactsim.notices.incident import People, PublicIncident, Redaction
from impactsim.problems import InvalidInput
from notices.forms_sample import LANGUAGES, at, hostile, incident, resolved, told


def written(what: PublicIncident, *languages: str) -> str:
    said = told(what, *languages)
    return to_json(what, said.notices, said.shorts)


def test_json_has_every_field_of_a_public_incident():
    data = json.loads(written(incident()))
    fields = {field.name for field in dataclasses.fields(PublicIncident)} - {"zones"}
    assert fields <= data.keys()
    ours = {"impactsim", "notice", "status", "impact", "is_over", "zone", "lasted", "notices"}
    assert data.keys() - fields == ours


def test_times_have_the_offset_of_the_zone_that_stands_for_all_languages():
    data = json.loads(written(incident(), "ja"))
    assert (data["zone"], data["published_at"]) == ("Europe/Rome", "2026-11-21T14:15:00+01:00")
    other = json.loads(written(incident(zones={"ja": "Asia/Tokyo"}), "ja"))  # then the offset of the publication
    assert (other["zone"], other["published_at"]) == ("UTC+1", "2026-11-21T14:15:00+01:00")


def test_durations_are_there_for_people_and_for_programs():
    data = json.loads(written(resolved()))
    assert (data["lasted"], data["lasted_ms"]) == ("PT3H15M", 11_700_000)
    assert json.loads(written(incident()))["estimate"]["high"] == "PT4H"


def test_days_of_a_duration_are_of_24_hours():
    assert iso_duration(timedelta(days=2, minutes=30) // timedelta(milliseconds=1)) == "P2DT30M"
    assert iso_duration(60_000) == "PT1M"


def test_each_language_has_its_notice_and_its_short_form():
    data = json.loads(written(incident()))
    said = told(incident())
    assert [f"{each['language']}-{each['variant']}".rstrip("-") for each in data["notices"]] == list(LANGUAGES)
    assert [each["title"] for each in data["notices"]] == [notice.title for notice in said.notices]
    assert [each["short"] for each in data["notices"]] == [said.shorts[language] for language in LANGUAGES]
    assert all(each["is_reviewed"] is False for each in data["notices"])


def test_the_sentence_behind_a_workaround_is_there():
    items = [
        item["text"]
        for paragraph in json.loads(written(incident(), "en"))["notices"][0]["paragraphs"]
        for item in paragraph["items"]
    ]
    assert any(item.startswith("Orders: Order by telephone. ") and "17:00" in item for item in items)


def test_nothing_of_cause_or_repeat_is_in_json_where_somebody_may_attack():
    exposed = incident(redaction=Redaction.EXPOSED, may_recur=True, provider_will_change=True)
    data = json.loads(written(exposed))
    assert (data["cause"], data["may_recur"], data["provider_will_change"]) == (None, False, False)


def test_an_organisation_that_publishes_no_estimates_has_none_in_json():
    assert json.loads(written(incident(has_estimates=False)))["estimate"] is None


def test_hostile_words_are_plain_words_of_json():
    text = written(hostile())
    assert not set(text) & set("\x00\u202e\u2066")
    text.encode()
    assert "<script>alert(1)</script>" in json.loads(text)["contact"]["und"]


# The notice before.


def test_what_was_written_is_read_back():
    previous = read_previous(written(incident()))
    assert (previous.reference, previous.state, previous.severity) == ("2026-11-21-1405", "identified", 1)
    assert (previous.started_at, previous.published_at) == (at(14, 5), at(14, 15))
    assert (previous.low_at, previous.high_at) == (at(16, 15), at(18, 15))
    assert previous.people == People(12000, 15000)


def test_a_notice_without_estimate_and_people_is_read_back():
    previous = read_previous(written(resolved(people=None, share=None)))
    assert (previous.state, previous.low_at, previous.high_at, previous.people) == ("resolved", None, None, None)


def test_fewer_people_than_a_number_are_read_back():
    few = People(0, 100, 100)
    assert read_previous(written(incident(people=few))).people == few


def test_a_byte_order_mark_does_no_harm():
    assert read_previous("\ufeff" + written(incident())).severity == 1


def refused(text: str) -> list[tuple[str, str]]:
    """Return path and code of each problem."""
    with pytest.raises(InvalidInput) as caught:
        read_previous(text, "before.json")
    assert all(str(problem).startswith("before.json:") for problem in caught.value.problems)
    return [(".".join(map(str, problem.path)), problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize("text", ["[]", '"notice"', "{}", '{"impactsim": 1, "components": {}}', "", " \n"])
def test_what_is_no_notice_is_refused(text):
    assert refused(text) == [("", "previous-form")]


def test_what_is_no_json_is_refused_with_its_line():
    with pytest.raises(InvalidInput) as caught:
        read_previous('{\n"notice": 1,,\n}', "before.json")
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [("json-syntax", 2)]


@pytest.mark.parametrize(
    "change", [{"notice": 2}, {"notice": True}, {"notice": "1"}, {"impactsim": 2}, {"impactsim": None}]
)
def test_a_version_that_is_not_known_is_refused(change):
    assert refused(changed(**change)) == [("notice", "previous-version")]


def changed(**changes: object) -> str:
    return json.dumps(json.loads(written(incident())) | changes)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"state": "closed"}, "state"),
        ({"state": ["resolved"]}, "state"),
        ({"severity": 0}, "severity"),
        ({"severity": 6}, "severity"),
        ({"severity": True}, "severity"),
        ({"severity": 1.0}, "severity"),
        ({"reference": ""}, "reference"),
        ({"reference": 5}, "reference"),
        ({"published_at": "2026-11-21T14:15:00"}, "published_at"),
        ({"published_at": "yesterday"}, "published_at"),
        ({"published_at": None}, "published_at"),
        ({"published_at": 5}, "published_at"),
        ({"published_at": "0001-01-01T00:00:00+23:00"}, "published_at"),
        ({"published_at": "9998-12-31T23:59:00-23:00"}, "published_at"),
        ({"published_at": "2026-11-21T14:00:00+01:00"}, "published_at"),  # before it began
        ({"estimate": {}}, "estimate"),
        ({"estimate": 5}, "estimate"),
        ({"people": {"low": 5, "high": 4, "fewer_than": None}}, "people.high"),
        ({"people": {"low": -1, "high": 4, "fewer_than": None}}, "people.low"),
        ({"people": {"low": 1, "high": 4}}, "people"),
        ({"people": "many"}, "people"),
    ],
)
def test_a_value_that_no_notice_has_is_refused_at_its_place(change, place):
    found = refused(changed(**change))
    assert {path for path, _ in found} == {place}
    assert {code for _, code in found} == {"previous-form"}


def test_a_range_that_ends_before_it_begins_is_refused():
    estimate = json.loads(written(incident()))["estimate"]
    estimate["high_at"] = "2026-11-21T16:14:59+01:00"
    assert refused(changed(estimate=estimate)) == [("estimate.high_at", "previous-form")]


def test_all_problems_are_told_at_once():
    assert [path for path, _ in refused(changed(state="x", severity=9, people=7))] == ["state", "severity", "people"]


def test_missing_keys_are_named():
    data = json.loads(written(incident()))
    del data["estimate"], data["severity"]
    with pytest.raises(InvalidInput, match="`severity` is missing") as caught:
        read_previous(json.dumps(data))
    assert "`estimate` is missing" in str(caught.value)


def test_times_keep_their_instants_whatever_their_offset():
    text = changed(published_at="2026-11-21T13:15:00Z")
    assert read_previous(text).published_at == datetime.fromisoformat("2026-11-21T14:15:00+01:00")
