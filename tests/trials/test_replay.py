"""One trial alone: exactly the figures that it has among the others, with everything uncertain that can be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agreement.random_systems import random_case
from impactsim.files.reading import load_scenario
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reports.assemble import assemble
from impactsim.reports.facts import Facts
from impactsim.trials.blocks import Block, Runner
from impactsim.trials.jobs import Prepared, prepare
from impactsim.trials.replay import replay

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DURATIONS = (
    "restart",
    "time_to_restore",
    "holdover",
    "recharge",
    "failover",
    "lasts",
    "restore",
    "lag",
    "after",
    "for",
    "repair",
)


def made_uncertain(words: Any, key: str = "") -> Any:
    """Return words in which each duration that may be uncertain is, and each number of people, and each strike."""
    if isinstance(words, dict):
        if key == "strikes":
            return dict.fromkeys(words, "50%")
        # In a list of steps `after` is no quantity.
        return {
            name: each if "to" in words and name == "after" else made_uncertain(each, name)
            for name, each in words.items()
        }
    if isinstance(words, list):
        return [made_uncertain(each) for each in words]
    if key in DURATIONS and isinstance(words, str):
        return {"samples": ["17s", words, "3m", "41m7s"]}
    if key in {"count", "users"} and isinstance(words, int):
        return {"low": words, "high": 2 * words + 1}
    return words


def facts_of_trial(system: System, scenario: Scenario, prepared: Prepared, trial: int) -> Facts:
    one = replay(prepared.job, trial)
    audience = (one.audience, prepared.audience_names)
    return assemble(
        system, scenario, one.compiled, prepared.names, one.plan, prepared.plan_names, one.history, audience
    )


def assert_same(facts: Facts, block: Block, trial: int, prepared: Prepared) -> None:
    """Hold all that a block knows of a trial against its facts, digit by digit."""
    ranges = [facts.users.affected, facts.users.peak, facts.users.lost_user_minutes]
    assert [
        x for low, estimate, high in ranges for x in (low, high if estimate is None else estimate, high)
    ] == block.figures[trial].tolist()
    for group, segment in enumerate(facts.segments.values()):
        ranges = [segment.affected, segment.lost_user_minutes, segment.out_ms]
        figures = [x for low, estimate, high in ranges for x in (low, high if estimate is None else estimate, high)]
        assert figures == block.group_figures[trial, group].tolist()
    assert facts.end_ms == block.end_ms[trial]
    mine = block.row_trial == trial
    rows = zip(block.row_component[mine], block.row_down_ms[mine], block.row_degraded_ms[mine], strict=True)
    assert {prepared.names.components[i]: (down, degraded) for i, down, degraded in rows if down or degraded} == {
        name: (each.down_ms, each.degraded_ms)
        for name, each in facts.components.items()
        if each.down_ms or each.degraded_ms
    }
    lost = {
        prepared.names.components[block.loss_component[i]]
        for i in np.flatnonzero(block.loss_ms == -2)
        if block.loss_trial[i] == trial
    }
    assert {name for name, each in facts.data.items() if each.lost_for_good} == lost
    services = [facts.components[name] for name in facts.services]
    last_ms = max((each.levels[-1][0] for each in services), default=0)
    assert block.restored_ms[trial] == (last_ms if all(each.restored for each in services) else -1)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_a_trial_alone_has_the_figures_that_it_has_among_others(first: int) -> None:
    n_uncertain = 0
    for seed in range(first, first + 20):
        words, happening = random_case(seed)
        system = System.model_validate(made_uncertain(words))
        scenario = Scenario.model_validate(
            {**happening, "events": made_uncertain(happening.get("events", [])), "seed": seed}
        )
        prepared = prepare(system, scenario)
        n_uncertain += len(prepared.job.luck.quantities) + len(prepared.job.fault_luck)
        block = Runner(prepared.job, is_compiled=False).run(np.arange(4))
        for trial in range(4):
            assert_same(facts_of_trial(system, scenario, prepared, trial), block, trial, prepared)
    assert n_uncertain > 50


@pytest.mark.parametrize(
    "path", sorted(SCENARIOS.glob("*/[0-9]*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_so_it_is_in_the_shipped_scenarios(path: Path) -> None:
    loaded = load_scenario(str(path))
    prepared = prepare(loaded.system, loaded.scenario)
    block = Runner(prepared.job, is_compiled=False).run(np.array([0, 1, 31, 57]))
    for place, trial in enumerate((0, 1, 31, 57)):
        assert_same(facts_of_trial(loaded.system, loaded.scenario, prepared, trial), block, place, prepared)


def test_as_many_starts_as_it_takes_are_drawn() -> None:
    # Each hour a fault of a minute, then a restart of its own length: ten draws, of which none is that of another start.
    system = System.model_validate(
        {"impactsim": 1, "name": "s", "components": {"a": {"restart": {"low": "1m", "high": "20m"}}}}
    )
    events = [{"fail": "a", "at": f"{hour}h", "for": "1m"} for hour in range(10)]
    scenario = Scenario.model_validate({"impactsim": 1, "name": "n", "system": "s", "events": events})
    prepared = prepare(system, scenario)
    facts = facts_of_trial(system, scenario, prepared, 3)
    levels = facts.components["a"].levels
    lasted_ms = [up - down for (down, _), (up, _) in zip(levels[::2], levels[1::2], strict=True)]
    assert len(set(lasted_ms)) == 10
    assert all(2 * 60_000 <= each <= 21 * 60_000 for each in lasted_ms)
    assert_same(facts, Runner(prepared.job, is_compiled=False).run(np.arange(4)), 3, prepared)


def test_a_standby_that_does_not_start_leaves_the_group_on_reserve_from_the_beginning() -> None:
    components = {
        "grid": {"kind": "power"},
        "generator": {"kind": "power"},
        "shop": {"needs": [{"any_of": ["grid", {"use": "generator", "fails_to_start": "50%"}]}]},
    }
    system = System.model_validate({"impactsim": 1, "name": "s", "components": components})
    words = {"impactsim": 1, "name": "n", "system": "s", "events": [{"fail": "grid", "at": "1h", "for": "1h"}]}
    scenario = Scenario.model_validate(words)
    prepared = prepare(system, scenario)
    shops = [facts_of_trial(system, scenario, prepared, trial).components["shop"] for trial in range(20)]
    for shop in shops:
        (first, *_) = shop.reserve
        if shop.down_ms:  # it has nothing but the grid
            assert (first.from_ms, first.by) == (0, "quorum")
        else:
            assert (first.from_ms, first.by) == (3_600_000, "standby")
    assert {shop.down_ms for shop in shops} == {0, 3_600_000}


def test_the_time_line_tells_what_was_drawn() -> None:
    components = {"a": {}, "b": {}, "c": {}}
    cause = {"strikes": {"a": "50%", "b": "50%", "c": "50%"}}
    system = System.model_validate(
        {"impactsim": 1, "name": "s", "components": components, "common_causes": {"flood": cause}}
    )
    event = {"strike": "flood", "at": "1h", "for": {"low": "1h", "high": "9h"}}
    scenario = Scenario.model_validate({"impactsim": 1, "name": "n", "system": "s", "events": [event]})
    prepared = prepare(system, scenario)
    n_struck = set()
    for trial in range(12):
        facts = facts_of_trial(system, scenario, prepared, trial)
        struck = {name for name, each in facts.components.items() if each.down_ms}
        told = [moment for moment in facts.moments if moment.what == "event"]
        assert {each for moment in told for each in moment.components} == struck
        ended = {each: moment.at_ms for moment in facts.moments if moment.what == "step" for each in moment.components}
        assert ended == {each: facts.components[each].levels[-1][0] for each in struck}
        n_struck.add(len(struck))
    assert len(n_struck) > 2
