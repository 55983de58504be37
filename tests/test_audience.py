"""Users in words become columns."""

from __future__ import annotations

from datetime import datetime

from impactsim.audience import Hours, compile_audience, lengthened
from impactsim.compiler import compile_system
from impactsim.model.system import System

HOUR = 3_600_000
OFFICE = {"zone": "Europe/Rome", "hours": [0.2] * 8 + [1.0] * 10 + [0.2] * 6}
SHIFT = {"zone": "Asia/Tokyo", "hours": [0.0, 0.5] * 12}
SYSTEM = System.model_validate(
    {
        "impactsim": 1,
        "name": "By hand",
        "population": 5000,
        "components": {
            "unused": {"workarounds": [{"covers": 0.9}]},
            "power": {"kind": "power"},
            "mail": {"users": 700, "workarounds": [{"covers": 0.1}, {"covers": 0.2, "after": "5m", "lasts": "2h"}]},
            "shop": {"users": 900},
            "till": {"workarounds": [{"covers": 0.5, "needs": ["power"]}]},
            "chat": {"users": {"low": 100, "high": 300}},
        },
        "users": {
            "office": {"count": 40, "uses": {"till": 0.5, "shop": 0.25}, "activity": OFFICE},
            "night": {"count": 10, "uses": ["shop"], "activity": SHIFT},
            "others": {"count": 30, "uses": ["till"], "activity": OFFICE},
            "always": {"count": 20, "uses": ["till"]},
        },
    }
)
STARTS = datetime.fromisoformat("2026-03-02T07:00+01:00")


def made(starts: datetime | None = STARTS, until_ms: int = 24 * HOUR) -> tuple:  # type: ignore[type-arg]
    compiled, names = compile_system(SYSTEM)
    return (*compile_audience(SYSTEM, names, len(compiled.crew), starts, until_ms), names)


def test_services_are_those_that_somebody_uses_and_counts_of_those_in_segments_are_left_out() -> None:
    audience, words, names = made()
    assert words.services == ["mail", "shop", "till", "chat"]
    assert [names.components[component] for component in audience.service_component] == words.services
    # shop has a count of its own, but segments use it.
    assert words.groups == ["office", "night", "others", "always", "population"]
    assert list(words.counts) == ["mail", "chat"]
    assert [words.is_population(group) for group in range(5)] == [False] * 4 + [True]
    assert audience.group_count == [40, 10, 30, 20, 5000]
    assert audience.use_share[words.counts["mail"]] == 700
    assert audience.use_share[words.counts["chat"]] == 200


def test_each_use_is_found_from_its_group_and_from_its_service() -> None:
    audience, words, _ = made()
    uses = [
        [
            (words.services[audience.use_service[use]], audience.use_share[use])
            for use in range(audience.use_from[group], audience.use_from[group + 1])
        ]
        for group in range(4)
    ]
    assert uses == [[("till", 0.5), ("shop", 0.25)], [("shop", 1.0)], [("till", 1.0)], [("till", 1.0)]]
    till = words.services.index("till")
    of_till = audience.usage[audience.usage_from[till] : audience.usage_from[till + 1]]
    assert [words.groups[audience.use_group[use]] for use in of_till] == ["office", "others", "always"]
    assert sorted(audience.usage) == list(range(len(audience.use_group)))


def test_workarounds_of_unused_services_are_left_out_and_the_others_know_their_components() -> None:
    audience, words, names = made()
    assert list(words.workarounds) == [("mail", 0), ("mail", 1), ("till", 0)]
    # All workarounds have components, behind the others; that of the unused service is the first.
    first = len(names.components)
    assert audience.workaround_component == [first + 1, first + 2, first + 3]
    roles = {component: role for component, role in enumerate(audience.component_role) if role >= 0}
    assert {component: role for component, role in roles.items() if component >= first} == {
        first + 1: 4,
        first + 2: 5,
        first + 3: 6,
    }
    assert {names.components[component]: role for component, role in roles.items() if component < first} == {
        "mail": 0,
        "shop": 1,
        "till": 2,
        "chat": 3,
    }
    assert audience.workaround_from == [0, 2, 2, 3, 3]
    assert audience.workaround_after_ms == [0, 5 * 60_000, 0]
    assert audience.workaround_lasts_ms == [-1, 2 * HOUR, -1]


def test_segments_with_the_same_hours_share_a_row() -> None:
    audience, words, _ = made()
    assert audience.group_activity == [0, 1, 0, -1, -1]
    assert [zone for zone, _ in words.hours.rows] == ["Europe/Rome", "Asia/Tokyo"]
    assert audience.activity_at_ms[: audience.activity_from[1]] == [0, HOUR, 11 * HOUR]
    assert audience.activity_share[: audience.activity_from[1]] == [0.2, 1.0, 0.2]


def test_without_a_start_everybody_is_always_there() -> None:
    audience, words, _ = made(starts=None)
    assert audience.group_activity == [-1] * 5
    assert words.hours == Hours(None, ())


def test_a_lengthened_audience_is_one_that_was_longer_from_the_start() -> None:
    short, words, _ = made(until_ms=HOUR)
    long, _, _ = made(until_ms=240 * HOUR)
    assert lengthened(short, words.hours, 240 * HOUR) == long
    assert lengthened(short, words.hours).activity_until_ms[0] >= 2 * HOUR
