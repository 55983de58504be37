"""What leans on what, by the words of a system."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.audit.estate import Estate
from impactsim.model.system import System
from impactsim.review.findings.leaning import bridged_ms, falls_after, needed_alone, needed_at_all, standbys
from impactsim.review.findings.roles import steps_for
from impactsim.review.findings.suppliers import ourselves
from review.static_cases import HOUR_MS, found_in
from review.static_ground import ground


def system(**components: Any) -> System:
    return System.model_validate({"impactsim": 1, "name": "x", "components": components})


def test_alone_is_what_nothing_else_can_take_the_place_of() -> None:
    needs = [
        "one",
        {"all_of": ["two", "three"]},
        {"at_least": 2, "of": ["four", "five"]},
        {"at_least": 1, "of": ["six", "seven"]},
        {"any_of": ["eight", "nine"]},
        {"any_of": ["ten"]},
        {"pool": {"eleven": 5, "twelve": 5}, "demand": 10},
        {"pool": {"thirteen": 5, "fourteen": 0}, "demand": 5},
        {"component": "soft", "impact": 0.9},
        {"component": "start", "to": "start"},
        {"component": "repair", "to": "repair"},
    ]
    names = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "soft",
        "start",
        "repair",
        "site",
    ]
    made = system(shop={"needs": needs, "at": "site"}, **{name: {} for name in names})
    alone = {"one", "two", "three", "four", "five", "ten", "thirteen", "start", "site"}
    assert set(needed_alone(made, "shop")) == alone
    assert set(needed_at_all(made, "shop")) == alone | {"six", "seven", "eight", "nine", "eleven", "twelve", "soft"}


def test_what_is_lost_together_fells_groups_of_which_none_is_left_when_the_last_holdover_ends() -> None:
    made = system(
        shop={"needs": [{"any_of": ["near", "far"], "holdover": "10m"}, {"at_least": 2, "of": ["a", "b", "c"]}]},
        near={"needs": ["telco"]},
        far={"needs": [{"component": "telco", "holdover": "2h"}]},
        desk={"needs": [{"pool": {"a": 5, "b": 5}, "demand": 6}]},
        soft={"needs": [{"component": "telco", "impact": 0.5}]},
        **{name: {} for name in ("telco", "a", "b", "c")},
    )
    # Far holds for 2 h, and the shop for 10 min more; near alone does not fell it.
    assert falls_after(made, ["telco"]) == {"telco": 0, "near": 0, "far": 2 * HOUR_MS, "shop": 2 * HOUR_MS + 600_000}
    assert falls_after(made, ["a"]) == {"a": 0}  # two of three are left, and a pool that is not empty
    assert falls_after(made, ["a", "b"]) == {"a": 0, "b": 0, "desk": 0, "shop": 0}


@pytest.mark.parametrize("lost", [("fibre",), ("fibre", "lte"), ("vault", "attic"), ("hosting",), ("orders", "lte")])
def test_what_falls_together_is_what_the_audit_propagates(lost: tuple[str, ...]) -> None:
    made = ground().system
    estate = Estate(made)
    down = estate.ids_of(estate.down(*map(estate.event_of, lost)))
    assert set(falls_after(made, lost)) == {each for each in down if each in made.components}


@pytest.mark.parametrize(
    ("operator", "name", "is_one_of_us"),
    [
        ("Vallone", "Vallone Water", True),
        ("vallone water", "Vallone Water works", True),
        ("Vallone Power", "Vallone Water", False),
        ("Val", "Vallone Water", False),
        ("Water", "Vallone Water", False),
    ],
)
def test_an_operator_with_whose_name_the_system_begins_is_no_supplier(
    operator: str, name: str, is_one_of_us: bool
) -> None:
    system_words = {"name": name, "components": {"fibre": {"operator": operator}}}
    assert (ourselves(ground(system=system_words)) == [operator]) is is_one_of_us
    assert (f"DR13/not-covered/{operator}" not in found_in(system=system_words)) is is_one_of_us


def test_a_circle_ends_and_the_beginning_does_not_need_itself() -> None:
    made = system(dns={"needs": ["identity"]}, identity={"needs": ["dns", "host"]}, host={})
    assert needed_alone(made, "dns") == {"identity": ("dns", "identity"), "host": ("dns", "identity", "host")}


def test_the_path_is_that_by_which_the_loss_is_felt_first() -> None:
    made = system(
        shop={"needs": [{"component": "stock", "holdover": "8h"}, "app"]},
        app={"needs": [{"component": "bus", "holdover": "1h"}]},
        bus={"needs": [{"component": "stock", "holdover": "2h"}]},
        stock={},
    )
    path = needed_alone(made, "shop")["stock"]
    assert path == ("shop", "app", "bus", "stock")
    assert bridged_ms(made, path) == 3 * HOUR_MS
    assert bridged_ms(made, ("shop", "stock")) == 8 * HOUR_MS


def test_standbys_are_all_members_but_the_first_of_groups_on_the_way() -> None:
    made = system(
        shop={"needs": ["app", {"any_of": ["crew-a", "crew-b"], "to": "repair"}]},
        app={"needs": [{"any_of": ["fibre", "lte", "sat"]}]},
        **{name: {} for name in ("fibre", "lte", "sat", "crew-a", "crew-b")},
    )
    assert standbys(made, "shop") == {"lte": ("app", ("shop", "app")), "sat": ("app", ("shop", "app"))}


def test_the_steps_for_a_service_are_those_that_bring_back_what_it_leans_on_and_those_before_them() -> None:
    steps = {"switch-lte": {"switches": {"of": "shop", "to": "lte"}, "takes": "1m"}, "call": {"takes": "1m"}}
    made = ground(plan={"steps": {**steps, "prepare": {"after": ["call"]}}})
    assert steps_for(made, "shop") == ("prepare", "restore-orders", "switch-lte", "call")
    assert steps_for(made, "blog") == ("rewrite-blog",)
