"""The compiled engine does what the interpreted one does, to the last bit."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from agreement.random_systems import random_case
from agreement.uncertain import uncertain_case
from impactsim.files.reading import validate_scenario
from impactsim.trials.blocks import Block, Runner
from impactsim.trials.jobs import Prepared, prepare

TRIALS = np.arange(6)


def prepared(case: tuple[dict[str, Any], dict[str, Any]]) -> Prepared:
    system, scenario = case
    loaded = validate_scenario({**scenario, "system": system})
    return prepare(loaded.system, loaded.scenario)


def assert_same(one: Block, other: Block) -> None:
    for each in fields(Block):
        if each.name == "seconds":
            continue
        assert np.array_equal(getattr(one, each.name), getattr(other, each.name)), each.name


@pytest.mark.parametrize("seed", range(150))
def test_a_block_is_the_same_compiled_and_interpreted(seed: int) -> None:
    pytest.importorskip("numba")
    job = prepared(uncertain_case(seed)).job
    assert_same(Runner(job, is_compiled=True).run(TRIALS), Runner(job, is_compiled=False).run(TRIALS))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1_000, 21_000, 1_000))
def test_a_thousand_blocks_are_the_same_compiled_and_interpreted(first: int) -> None:
    pytest.importorskip("numba")
    for seed in range(first, first + 1_000):
        job = prepared(uncertain_case(seed)).job
        assert_same(Runner(job, is_compiled=True).run(TRIALS), Runner(job, is_compiled=False).run(TRIALS))


@pytest.mark.parametrize("seed", range(40))
def test_a_trial_depends_on_its_number_alone(seed: int) -> None:
    job = prepared(uncertain_case(seed)).job
    together = Runner(job, is_compiled=False).run(TRIALS)
    backwards = Runner(job, is_compiled=False)
    for trial in TRIALS[::-1]:
        alone = backwards.run(np.array([trial]))
        assert np.array_equal(alone.figures[0], together.figures[trial])
        assert alone.restored_ms[0] == together.restored_ms[trial]
        mine = together.row_trial == trial
        assert np.array_equal(alone.row_component, together.row_component[mine])
        assert np.array_equal(alone.row_down_ms, together.row_down_ms[mine])


@pytest.mark.parametrize("seed", range(40))
def test_a_run_that_found_no_room_leaves_nothing_behind(seed: int) -> None:
    job = prepared(random_case(seed)).job
    runner = Runner(job, is_compiled=False)
    cramped = Runner(job, is_compiled=False)
    for memory in (cramped.record, cramped.account):
        for name in type(memory.argument)._fields:
            if name.startswith(("component", "at_ms", "level", "by_", "root", "job_", "reserve_", "row_", "loss_")):
                column = memory.get(name)
                if memory is cramped.record or name.startswith(("row_", "loss_")):
                    memory.set(name, column[:1])
    assert_same(cramped.run(TRIALS[:2]), runner.run(TRIALS[:2]))
