"""What the roads are given: systems and scenarios as files, mappings or loaded, and the figures that are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Integral
from os import PathLike
from typing import Any

from impactsim.files.reading import (
    LoadedScenario,
    LoadedSystem,
    load_scenario,
    load_system_or_scenario,
    validate_scenario,
    validate_system,
)
from impactsim.quantities import TRIALS_LIMIT

Source = str | PathLike[str] | Mapping[str, Any] | LoadedScenario
"""What can be run: a scenario's file, its content as a mapping, or a scenario that was loaded."""

OnProgress = Callable[[int, int], None]
"""Told how many trials are done, and how many there will be at most."""

_MOST_TRIALS = 1 << 40  # so many have a luck of their own


def loaded_system(system: Source | LoadedSystem) -> LoadedSystem | LoadedScenario:
    """Return a system that holds, or a scenario whose system it is."""
    if isinstance(system, LoadedSystem | LoadedScenario):
        return system
    if isinstance(system, Mapping):
        data = dict(system)
        return validate_system(data) if "components" in data else validate_scenario(data)
    return load_system_or_scenario(str(system))


def loaded_scenario(scenario: Source) -> LoadedScenario:
    """Return a scenario that holds."""
    if isinstance(scenario, LoadedScenario):
        return scenario
    if isinstance(scenario, Mapping):
        return validate_scenario(dict(scenario))
    return load_scenario(str(scenario))


def demand(
    trials: int | None, seed: int | None, precision: float | None, workers: int | None, trial: int | None
) -> None:
    """Refuse what `run` cannot do."""
    for name, value, least in (("trials", trials, 1), ("seed", seed, 0), ("workers", workers, 1), ("trial", trial, 0)):
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise ValueError(f"{name} is {value!r}, and must be a whole number")
        if value < least:
            raise ValueError(f"{name} is {value}, and must be {least} or more")
    if trials is not None and trials > TRIALS_LIMIT:
        raise ValueError(f"trials is {trials:,}, and must be {TRIALS_LIMIT:,} or less")
    if trial is not None and trial >= _MOST_TRIALS:
        raise ValueError(f"trial is {trial}, and must be below 2^40: so many have a luck of their own")
    if precision is not None and not 0.0 < precision <= 1.0:
        raise ValueError(f"precision is {precision}, and must be above 0, and 1 at most; 0.02 is 2 %")
    if trial is not None and (trials is not None or precision is not None):
        raise ValueError("one trial alone is run again: leave out trials and precision")
    if precision is not None and trials == 1:
        raise ValueError("a single run has no interval: leave out trials, or precision")
