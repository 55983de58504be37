from __future__ import annotations

from typing import Any

import pytest

from impactsim.files.validation import keys_of, validate
from impactsim.model.scenario import Scenario
from impactsim.model.system import Component, System
from impactsim.problems import dotted


def told(component: dict[str, Any]) -> list[str]:
    """Return what is wrong with a component, each as its path below the component, fault, remedy and code."""
    data = {"impactsim": 1, "name": "x", "components": {"a": component}}
    _, problems = validate(System, data)
    return [f"{dotted(problem.path)}: {problem.fault}; {problem.remedy} [{problem.code}]" for problem in problems]


def told_of_event(event: Any) -> list[str]:
    _, problems = validate(Scenario, {"impactsim": 1, "name": "x", "system": "s", "events": [event]})
    return [f"{dotted(problem.path)}: {problem.fault}; {problem.remedy} [{problem.code}]" for problem in problems]


def test_an_unknown_key_is_told_with_the_nearest_key_of_the_same_mapping() -> None:
    lines = told({"time_to_restor": "4h", "needs": [{"any_of": ["b", {"use": "c", "failver": "2m"}]}]})
    assert lines == [
        "components.a.needs[0].any_of[1].failver: there is no such key here; did you mean 'failover'? [unknown-key]",
        "components.a.time_to_restor: there is no such key here; did you mean 'time_to_restore'? [unknown-key]",
    ]


def test_an_unknown_key_like_no_other_is_told_with_all_that_are_known() -> None:
    [line] = told({"targets": {"zzz": 1}})
    assert line == (
        "components.a.targets.zzz: there is no such key here; the keys here are rto, rpo, mtpd and mbco [unknown-key]"
    )


def test_a_key_is_known_by_the_name_that_authors_write() -> None:
    assert told_of_event({"fail": "a", "lasts": "2h"})[0].startswith("events[0].lasts: there is no such key here")
    assert told_of_event({"fail": "a", "for": "2h"}) == []
    assert told_of_event({"fail": "a", "for": "x"})[0].startswith("events[0].for: 'x' is not a duration")


def test_a_key_of_another_form_is_told_with_that_form() -> None:
    assert told({"needs": [{"component": "b", "demand": 5}]}) == [
        "components.a.needs[0].demand: a need with this key has pool; leave it out [unknown-key]"
    ]
    assert told({"needs": [{"component": "b", "failover": "5m"}]}) == [
        "components.a.needs[0].failover: a need with this key has any_of; leave it out [unknown-key]"
    ]


def test_two_forms_at_once_are_refused() -> None:
    assert told({"needs": [{"any_of": ["b"], "pool": {"c": 1}, "demand": 1}]})[0] == (
        "components.a.needs[0].pool: a need has one of component, all_of, any_of, at_least or pool; "
        "this one has any_of and pool; make two needs of it [need-form]"
    )
    assert told_of_event({"fail": "a", "destroy": "b"}) == [
        (
            "events[0].destroy: an event has one of fail, degrade, destroy or strike; this one has fail and destroy; "
            "make two events of it [event-form]"
        )
    ]


def test_no_form_at_all_is_told_with_the_forms() -> None:
    assert told({"needs": [{"componet": "b"}]}) == [
        (
            "components.a.needs[0]: a need is an id, or a mapping with one of component, all_of, any_of, at_least or pool; "
            "this one has componet; did you mean 'component'? [need-form]"
        )
    ]
    assert told({"needs": [5, {}]}) == [
        (
            "components.a.needs[0]: a need is an id, or a mapping with one of component, all_of, any_of, at_least or pool, "
            "not 5;  [need-form]"
        ),
        (
            "components.a.needs[1]: a need is an id, or a mapping with one of component, all_of, any_of, at_least or pool; "
            "this one is empty;  [need-form]"
        ),
    ]


def test_the_forms_of_needs_of_a_workaround_are_told_at_its_place() -> None:
    [line] = told({"workarounds": [{"covers": "5%", "needs": ["b", {"at_least": 2}]}]})
    assert line.startswith("components.a.workarounds[0].needs[1]: the key 'of' is missing; add it: the components")


@pytest.mark.parametrize(
    ("component", "line"),
    [
        ({"needs": "b"}, "components.a.needs: must be a list, not 'b'; write [b] [wrong-type]"),
        ({"name": 5}, "components.a.name: must be text, not 5; put it in quotes [wrong-type]"),
        ({"priority": 1.5}, "components.a.priority: must be a whole number, not 1.5;  [wrong-type]"),
        ({"name": None, "kind": None}, "components.a.kind: nothing is not an id;  [bad-id]"),
        ({"priority": True}, "components.a.priority: must be a whole number, not true;  [wrong-type]"),
        (
            {"priority": "3"},
            "components.a.priority: must be a whole number, not '3'; write it without quotes [wrong-type]",
        ),
        ({"targets": []}, "components.a.targets: must be a mapping (key: value), not a list;  [wrong-type]"),
        (
            {"needs": None},
            "components.a.needs: nothing stands here; a list is expected; leave the key out [wrong-type]",
        ),
        ({"needs": [{"all_of": []}]}, "components.a.needs[0].all_of: at least one entry is needed;  [length]"),
        ({"fails": {"per_year": -1}}, "components.a.fails.per_year: must be 0 or more, not -1;  [range]"),
        ({"fails": {"per_year": float("inf")}}, "components.a.fails.per_year: must be finite, not inf;  [range]"),
        ({"fails": {"per_year": True}}, "components.a.fails.per_year: must be a number, not true;  [wrong-type]"),
        (
            {"confidence": "gessed"},
            "components.a.confidence: 'gessed' is none of declared, observed and guessed; did you mean 'guessed'? [choice]",
        ),
        (
            {"copies": [{"at": "b", "restore": "1h", "tested": 5}]},
            "components.a.copies[0].tested: 5 is no day; write it as 2026-05-04 [day]",
        ),
        (
            {"copies": [{"at": "b", "restore": "1h", "tested": "2026-02-30"}]},
            "components.a.copies[0].tested: '2026-02-30' is no day; write it as 2026-05-04 [day]",
        ),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(component: dict[str, Any], line: str) -> None:
    assert told(component) == [line]


def test_a_value_that_may_be_of_two_types_is_told_once() -> None:
    assert len(told({"catch_up": {"share": "much", "level": "50%"}})) == 1
    assert len(told({"catch_up": {"share": {"a": 1}, "level": "50%"}})) == 1
    assert told({"catch_up": {"share": 2.5, "level": "50%"}}) == []


def test_a_short_form_is_told_at_the_word_that_stands_there() -> None:
    assert told({"needs": ["b c"]})[0].startswith("components.a.needs[0]: 'b c' has a character")
    assert told({"needs": [{"any_of": ["b c"]}]})[0].startswith("components.a.needs[0].any_of[0]: 'b c' has")
    assert told_of_event({"fail": "b c"})[0].startswith("events[0].fail: 'b c' has")
    assert told_of_event({"fail": ["a", "b c"]})[0].startswith("events[0].fail[1]: 'b c' has")


def test_a_short_list_of_uses_is_told_at_its_item() -> None:
    users = {"u": {"count": 1, "uses": ["a", "b c"]}}
    _, [problem] = validate(System, {"impactsim": 1, "name": "x", "components": {"a": {}}, "users": users})
    assert problem.path == ("users", "u", "uses", 1)


def test_components_may_have_the_names_of_keys() -> None:
    component = {"needs": ["needs", {"any_of": ["component", "events"]}, {"pool": {"pool": 1, "of": "x"}, "demand": 1}]}
    names = {name: {} for name in ("needs", "component", "events", "pool", "of", "any_of")}
    data = {"impactsim": 1, "name": "x", "components": {"[key]": {}, "a": component, **names}}
    _, problems = validate(System, data)
    assert [problem.path for problem in problems] == [
        ("components", "[key]"),
        ("components", "a", "needs", 2, "pool", "of"),
    ]


def test_a_time_of_day_has_a_day_and_an_offset() -> None:
    def told_of_start(starts: Any) -> str:
        _, [problem] = validate(Scenario, {"impactsim": 1, "name": "x", "system": "s", "starts": starts})
        return f"{problem.fault}; {problem.remedy} [{problem.code}]"

    example = "2026-03-02T14:00+01:00"
    assert told_of_start("2026-03-02T14:00") == (
        f"'2026-03-02T14:00' has no time zone; write the offset from UTC, such as {example} [clock-time]"
    )
    assert told_of_start("2026-03-02T25:00Z") == f"'2026-03-02T25:00Z' is no time; write it as {example} [clock-time]"
    assert told_of_start(1_700_000_000) == f"1700000000 is no time; write it as {example} [clock-time]"


def test_a_later_version_is_told_alone() -> None:
    _, [problem] = validate(System, {"impactsim": 2, "anything": "else"})
    assert problem.code == "version-later"
    assert "version 2" in problem.fault
    assert "version 1" in problem.fault


@pytest.mark.parametrize("version", ["1", 0, None, [1], "x", 1.5])
def test_what_is_no_version_is_told(version: Any) -> None:
    _, problems = validate(System, {"impactsim": version, "name": "x", "components": {"a": {}}})
    assert [problem.code for problem in problems] == ["version"]


def test_the_keys_of_a_class_are_those_of_its_schema() -> None:
    for model in (System, Scenario, Component):
        assert keys_of(model) == list(model.model_json_schema()["properties"])
