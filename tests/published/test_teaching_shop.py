"""The teaching example: what its README promises, worked out by hand from the rules."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import impactsim
from impactsim.notices.build import Asked
from impactsim.notices.bundle import Notices
from impactsim.notices.incident import LANGUAGES
from impactsim.workflow.notices import notice

SCENARIOS = Path(__file__).parents[2] / "scenarios"
LIBRARY = sorted(path for path in SCENARIOS.glob("*/*.yaml") if path.name[0].isdigit())
MINUTE_MS = 60_000


@cache
def outcome(scenario: str) -> dict[str, Any]:
    """Run a scenario of the shop and return its results as they stand in JSON."""
    result: dict[str, Any] = json.loads(impactsim.run(SCENARIOS / "teaching-shop" / scenario).to_json())
    return result


def history(scenario: str, component: str) -> list[tuple[float, float]]:
    """Return times in minutes and levels of a component."""
    return [(at_ms / MINUTE_MS, level) for at_ms, level in outcome(scenario)["components"][component]["levels"]]


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_scenario_of_the_library_has_no_error_and_something_happens_in_it(path: Path) -> None:
    assert not [problem for problem in impactsim.check(path) if problem.severity == "error"]
    components = json.loads(impactsim.run(path, trials=1).to_json())["components"].values()
    assert any(component["levels"] != [[0, 1.0]] for component in components)


@pytest.mark.parametrize("folder", sorted({path.parent for path in LIBRARY}), ids=lambda folder: folder.name)
def test_every_folder_of_the_library_explains_each_of_its_scenarios(folder: Path) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert not [path.name for path in folder.glob("[0-9]*.yaml") if path.name not in readme]


def test_power_cut_is_carried_by_battery_then_generator_and_nobody_notices() -> None:
    cut = outcome("1-power-cut.yaml")
    reserve = cut["components"]["shop-power"]["reserve"]
    spans = [(entry["by"], entry["from_ms"] / MINUTE_MS, entry["to_ms"] / MINUTE_MS) for entry in reserve]
    assert spans == [("holdover", 10, 11), ("standby", 11, 190)]
    # The battery would have lasted until 10 + 10 minutes, the diesel until 11 minutes + 12 hours.
    assert [entry["until_ms"] / MINUTE_MS for entry in reserve] == [20, 731]
    assert history("1-power-cut.yaml", "checkout") == [(0, 1)]


def test_provider_gone_leaves_a_queue_of_a_tenth_of_the_time() -> None:
    assert history("2-provider-gone.yaml", "checkout") == [(0, 1), (30, 0), (390, 0.6), (426, 1)]
    assert history("2-provider-gone.yaml", "catalogue") == [(0, 1)]
    # At half past nine 12% of 120,000 are there, 30% of them order, and the telephone is not there yet.
    assert outcome("2-provider-gone.yaml")["users"]["segments"]["shoppers-it"]["affected"]["high"] == pytest.approx(
        4320
    )


def test_destroyed_data_comes_back_from_the_vault_and_not_from_the_fresher_copy_that_went_too() -> None:
    data = outcome("3-data-destroyed.yaml")["data"]["orders-db"]
    assert (data["lost_for_good"], data["loss_ms"]) == (False, (24 * 60 + 10) * MINUTE_MS)
    # Three hours of restore, then ten minutes of restart.
    assert history("3-data-destroyed.yaml", "orders-db") == [(0, 1), (60, 0), (250, 1)]


def test_duct_cut_is_bridged_by_the_mobile_router_until_its_volume_is_used_up() -> None:
    assert history("4-duct-cut.yaml", "internet-access") == [(0, 1), (20, 0), (25, 1), (505, 0), (740, 1)]
    assert history("4-duct-cut.yaml", "isp-second")[-1] == (1460, 1), "one crew, one cable after the other"
    assert history("5-duct-cut-second-way.yaml", "internet-access") == [(0, 1), (20, 0), (22, 1)]


def test_long_power_cut_ends_in_a_deadlock_that_either_start_breaks() -> None:
    (deadlock,) = outcome("6-restart-deadlock.yaml")["deadlocks"]
    assert set(deadlock["circle"]) == {"config-store", "identity"}
    assert {"start": ["config-store"]} in deadlock["break_with"]
    assert {"start": ["identity"]} in deadlock["break_with"]
    assert history("6-restart-deadlock.yaml", "checkout") == [(0, 1), (731, 0)]


def test_restart_by_hand_brings_tools_servers_and_ordering_back_in_their_order() -> None:
    returns = {
        component: history("7-restart-by-hand.yaml", component)[2][0]
        for component in ("config-store", "web-1", "identity", "checkout")
    }
    assert returns == {"config-store": 1262, "web-1": 1265, "identity": 1266, "checkout": 1267}


def test_planned_work_follows_the_table_of_the_readme() -> None:
    checkout = [(0, 1), (30, 0.4), (45, 1), (60, 0.8), (120, 0.9), (180, 1)]
    assert [at for at, _ in history("8-planned-work.yaml", "checkout")] == [at for at, _ in checkout]
    levels = [level for _, level in history("8-planned-work.yaml", "checkout")]
    assert levels == pytest.approx([level for _, level in checkout])
    assert history("8-planned-work.yaml", "catalogue") == [(0, 1), (240, 0), (250, 1)]
    assert history("8-planned-work.yaml", "internet-access") == [(0, 1)], "a planned change-over leaves no gap"
    assert history("8-planned-work.yaml", "web-3") == [(0, 1), (20, 0), (53, 1)]


def test_customers_are_told_of_an_estimate_first_and_of_none_once_the_outage_lasts_longer() -> None:
    early, later = (told(minutes).incident.estimate for minutes in (40, 45))
    assert early is not None
    assert (early.low_ms, early.high_ms) == (15 * MINUTE_MS, 120 * MINUTE_MS)
    assert later is None


def test_customers_are_offered_the_telephone_from_half_an_hour_on_and_for_four_hours() -> None:
    assert told(59).incident.workarounds == ()
    (way,) = told(60).incident.workarounds
    assert way.until is not None
    assert f"{way.until:%H:%M}" == "14:00"


def test_customers_read_no_name_of_the_provider_in_any_language() -> None:
    for text in told(60).texts("json").values():
        assert not [name for name in ("payright", "nimbus", "payments", "lantern") if name in text.casefold()]


@cache
def told(minutes: int) -> Notices:
    """Return the notices of the lesson on notices, so many minutes into it."""
    scenario = SCENARIOS / "teaching-shop" / "11-what-customers-are-told.yaml"
    return notice(scenario, Asked("identified"), LANGUAGES, at_ms=minutes * MINUTE_MS, workers=1)
