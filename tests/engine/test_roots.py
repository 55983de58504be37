"""What a loss goes back to: the failure at the end of the chain that decided on each level."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from impactsim.files.reading import validate_scenario
from impactsim.trials.blocks import Runner
from impactsim.trials.jobs import prepare

HOUR_MS = 3_600_000


def charged(
    components: dict[str, Any], events: list[dict[str, Any]], causes: dict[str, Any] | None = None
) -> dict[str, float]:
    """Return the user-minutes that each root is charged with; ten people use `shop`."""
    system = {
        "impactsim": 1,
        "name": "Test",
        "components": components,
        "common_causes": causes or {},
        "users": {"people": {"count": 10, "uses": ["shop"]}},
    }
    loaded = validate_scenario({"impactsim": 1, "name": "Test", "system": system, "events": events})
    prepared = prepare(loaded.system, loaded.scenario)
    block = Runner(replace(prepared.job, keeps_roots=True), is_compiled=False).run(np.arange(1))
    n = len(prepared.job.compiled.crew)
    names = [*components, *[""] * (n - len(components)), *(causes or {})]
    return {names[root]: lost for root, lost in zip(block.root.tolist(), block.root_lost.tolist(), strict=True)}


def test_a_chain_goes_back_to_what_failed_first() -> None:
    components = {"grid": {"kind": "power"}, "room": {"kind": "site", "needs": ["grid"]}, "shop": {"needs": ["room"]}}
    assert charged(components, [{"fail": "grid", "for": "1h"}]) == {"grid": 600.0}


def test_of_two_equal_members_the_one_lost_last_decided() -> None:
    components = {"a": {}, "b": {}, "shop": {"needs": [{"at_least": 1, "of": ["a", "b"]}]}}
    events = [{"fail": "b", "for": "3h"}, {"fail": "a", "at": "1h", "for": "1h"}]
    assert charged(components, events) == {"a": 600.0}


def test_the_worse_of_two_losses_is_the_reason() -> None:
    components = {"a": {}, "b": {}, "shop": {"needs": ["a", "b"]}}
    events = [{"degrade": "a", "to": "60%", "for": "2h"}, {"fail": "b", "at": "1h", "for": "1h"}]
    assert charged(components, events) == {"a": 240.0, "b": 600.0}


def test_what_a_common_cause_struck_goes_back_to_the_cause() -> None:
    components = {"a": {}, "b": {}, "shop": {"needs": [{"at_least": 1, "of": ["a", "b"]}]}}
    causes = {"digger": {"strikes": {"a": 1, "b": 1}}}
    assert charged(components, [{"strike": "digger", "for": "1h"}], causes) == {"digger": 600.0}


def test_the_time_of_a_restart_belongs_to_what_stopped_it() -> None:
    components = {"host": {"kind": "host"}, "shop": {"needs": ["host"], "restart": "30m"}}
    assert charged(components, [{"fail": "host", "for": "1h"}]) == {"host": 900.0}


def test_a_battery_that_runs_out_goes_back_to_the_grid() -> None:
    components = {"grid": {"kind": "power"}, "shop": {"needs": [{"component": "grid", "holdover": "20m"}]}}
    assert charged(components, [{"fail": "grid", "for": "1h"}]) == {"grid": 400.0}


def test_what_somebody_stopped_goes_back_to_itself() -> None:
    components = {"a": {}, "shop": {"needs": ["a"]}}
    system = {
        "impactsim": 1,
        "name": "Test",
        "components": components,
        "users": {"people": {"count": 10, "uses": ["shop"]}},
    }
    actions = [{"stop": "a", "at": 0}, {"start": "a", "at": "1h"}]
    loaded = validate_scenario({"impactsim": 1, "name": "Test", "system": system, "actions": actions})
    block = Runner(replace(prepare(loaded.system, loaded.scenario).job, keeps_roots=True), is_compiled=False).run(
        np.arange(1)
    )
    assert (block.root.tolist(), block.root_lost.tolist()) == ([0], [600.0])
    assert block.root_down_ms.tolist() == [HOUR_MS]
