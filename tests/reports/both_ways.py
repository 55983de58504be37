"""A small system and a scenario, run once and run many times."""

from __future__ import annotations

from typing import Any

from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reports.facts import Facts
from impactsim.reports.sampled.assemble import Request, assemble_sampled
from impactsim.reports.sampled.facts import SampledFacts
from impactsim.trials.jobs import prepare
from impactsim.trials.sample import sample
from impactsim.trials.workers import Here
from properties.worlds import facts_of


def sampled(system: dict[str, Any], scenario: dict[str, Any], n: int = 400) -> SampledFacts:
    """Return what `n` trials say of a system and a scenario."""
    model = System.model_validate({"impactsim": 1, "name": "s", **system})
    happening = Scenario.model_validate({"impactsim": 1, "name": "n", "system": "s", **scenario})
    prepared = prepare(model, happening)
    gathered, is_complete = sample(prepared.job, prepared.limits, n, Here(is_compiled=False))
    return assemble_sampled(model, happening, prepared, gathered, Request(n, None, is_complete))


def single(system: dict[str, Any], scenario: dict[str, Any]) -> Facts:
    """Return what one run says of them."""
    return facts_of({"impactsim": 1, "name": "s", **system}, {"impactsim": 1, "name": "n", "system": "s", **scenario})
