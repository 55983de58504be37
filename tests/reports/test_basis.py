"""What an answer rests on, of one run and of many trials: guesses, typical values, sources."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reports.basis import guesses_of
from reports.both_ways import sampled, single

TYPICAL = {"typical": "cloud-region"}
EVENT = {"fail": "grid", "for": "9h"}


def fragile(**shop: Any) -> dict[str, Any]:
    return {
        "components": {
            "grid": {"kind": "power"},
            "spare": {"kind": "power"},
            "shop": {"needs": ["grid"], **shop},
        }
    }


WORKAROUND = {
    "covers": "50%",
    "after": TYPICAL,
    "lasts": TYPICAL,
    "needs": [{"component": "spare", "holdover": TYPICAL}],
}
CAUSE = {"flood": {"strikes": {"grid": "100%"}, "time_to_restore": TYPICAL}}


@pytest.mark.parametrize(
    ("system", "event", "owner", "fields"),
    [
        (fragile(restart=TYPICAL), EVENT, "shop", ["restart"]),
        (
            fragile(needs=[{"component": "grid", "holdover": {"typical": "rack-failure"}, "recharge": TYPICAL}]),
            {"fail": "grid"},
            "shop",
            ["holdover without grid", "recharge after grid"],
        ),
        (
            fragile(needs=[{"any_of": ["grid", {"use": "spare", "failover": TYPICAL, "lasts": TYPICAL}]}]),
            EVENT,
            "shop",
            ["failover to spare", "how long spare lasts"],
        ),
        (fragile(needs=[{"any_of": ["grid", "spare"], "failover": TYPICAL}]), EVENT, "shop", ["failover"]),
        (
            fragile(copies=[{"at": "spare", "lag": TYPICAL, "restore": TYPICAL}], kind="data"),
            EVENT,
            "shop",
            ["restore from spare", "lag of the copy at spare"],
        ),
        (
            fragile(workarounds=[WORKAROUND]),
            EVENT,
            "shop",
            ["time until the workaround", "how long the workaround lasts", "holdover without spare"],
        ),
        (fragile(), {"fail": "grid", "for": TYPICAL}, "grid", ["how long it lasts"]),
        (fragile(), {"degrade": "grid", "to": "10%", "repair": TYPICAL}, "grid", ["repair"]),
        ({**fragile(), "common_causes": CAUSE}, {"strike": "flood"}, "flood", ["time_to_restore"]),
        ({**fragile(), "common_causes": CAUSE}, {"strike": "flood", "repair": TYPICAL}, "flood", ["repair"]),
    ],
)
def test_what_rests_on_a_typical_value_says_so(
    system: dict[str, Any], event: dict[str, Any], owner: str, fields: list[str]
) -> None:
    for facts in (single(system, {"events": [event]}), sampled(system, {"events": [event]}, 60)):
        assert [text.split(" is the typical value ")[0] for text in facts.guesses[owner].split(", ")] == fields
        assert set(facts.guesses) == {owner}


@pytest.mark.parametrize("is_sampled", [True, False])
def test_a_reserve_that_held_rests_on_its_typical_value_and_what_lost_nothing_does_not(is_sampled: bool) -> None:
    # Cloud regions are down for more than a minute; so the holdover outlasts the event. The idle one needs what stays up.
    needs = [{"component": "grid", "holdover": TYPICAL}]
    system = fragile(needs=needs, restart=TYPICAL)
    system["components"]["idle"] = {"needs": [{"component": "spare", "holdover": TYPICAL}]}
    scenario = {"events": [{"fail": "grid", "for": "1ms"}]}
    facts = sampled(system, scenario, 20) if is_sampled else single(system, scenario)
    assert facts.guesses == {"shop": "holdover without grid is the typical value cloud-region"}


def test_nothing_that_comes_to_nothing_is_a_guess() -> None:
    system = {**fragile(restart=TYPICAL), "common_causes": {"flood": {**CAUSE["flood"], "strikes": {"grid": 0.0}}}}
    scenario = {"events": [{"strike": "flood"}], "horizon": "1h"}
    assert sampled(system, scenario, 20).guesses == single(system, scenario).guesses == {}


def test_a_crew_has_its_source_and_its_typical_backlog_where_it_repairs_what_was_affected() -> None:
    system = fragile()
    system["components"]["grid"]["crew"] = "grid"  # a crew may be called as a component is
    system["components"]["spare"]["crew"] = "idle"
    backlog = {"jobs": 2, "each": TYPICAL}
    system["crews"] = {
        "grid": {"members": 1, "source": "contract", "backlog": backlog},
        "idle": {"members": 1, "source": "roster", "backlog": backlog},
    }
    scenario = {"events": [{"fail": "grid", "repair": "1h"}]}
    for facts in (single(system, scenario), sampled(system, scenario, 20)):
        assert facts.sources == {"crews.grid": "contract"}
        assert facts.guesses == {"crews.grid": "work of each job of others is the typical value cloud-region"}


def test_a_crew_of_a_number_alone_has_no_source_and_no_guess() -> None:
    system = fragile()
    system["components"]["grid"]["crew"] = "own"
    facts = single({**system, "crews": {"own": 1}}, {"events": [{"fail": "grid", "repair": "1h"}]})
    assert (facts.sources, facts.guesses) == ({}, {})


def test_in_a_forecast_crews_are_free_so_that_no_backlog_is_a_guess() -> None:
    system = fragile()
    system["components"]["grid"]["crew"] = "net"
    system["crews"] = {"net": {"members": 1, "backlog": {"jobs": 2, "each": TYPICAL}}}
    words = System.model_validate({"impactsim": 1, "name": "x", **system})
    scenario = Scenario.model_validate({"impactsim": 1, "name": "x", "system": "x.yaml", "events": []})
    assert set(guesses_of(words, scenario, {"grid"}, ())) == {"crews.net"}
    assert guesses_of(words, scenario, {"grid"}, (), has_backlogs=False) == {}
