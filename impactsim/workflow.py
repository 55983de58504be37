"""The road walked once for each thing that people want: load, check, run, compare. The Python API.

>>> import impactsim
>>> result = impactsim.run(
...     {
...         "impactsim": 1,
...         "name": "Power cut",
...         "system": {
...             "impactsim": 1,
...             "name": "Shop",
...             "components": {
...                 "grid": {"kind": "power"},
...                 "shop": {"needs": [{"component": "grid", "holdover": "10m"}]},
...             },
...         },
...         "events": [{"fail": "grid", "for": "1h"}],
...     }
... )
>>> result.facts.components["shop"].levels
((0, 1.0), (600000, 0.0), (3600000, 1.0))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

from impactsim.collector import collector_paused
from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.files.reading import (
    LoadedScenario,
    LoadedSystem,
    check_files,
    load_file,
    load_scenario,
    load_scenarios,
    validate_scenario,
)
from impactsim.problems import Problem
from impactsim.reports.assemble import assemble
from impactsim.reports.facts import Facts

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Source = str | PathLike[str] | Mapping[str, Any] | LoadedScenario
"""What can be run: a scenario's file, its content as a mapping, or a scenario that was loaded."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one run says, and ways to look at it."""

    loaded: LoadedScenario
    """The scenario and the system that were run."""
    facts: Facts
    """All figures, with names."""

    def to_frame(self, what: str = "components") -> pd.DataFrame:
        """Return a table.

        Parameters
        ----------
        what
            ``components`` (one row each), ``levels`` (one row for each change), ``users`` (one row for each segment) or
            ``timeline`` (one row for each moment).

        Returns
        -------
        pandas.DataFrame
            Times in milliseconds, levels and shares in [0, 1].

        Raises
        ------
        ValueError
            If there is no such table.
        """
        from impactsim.reports.frames import to_frame

        return to_frame(self.facts, what)

    def to_graph(self, at_ms: int | None = None) -> nx.DiGraph[Any]:
        """Return the dependency graph, an arrow from each component to what it needs.

        Parameters
        ----------
        at_ms
            Time for which the nodes' ``level`` is given; the end of the run if absent.

        Returns
        -------
        networkx.DiGraph
            Nodes with ``kind``, ``name``, ``level``, ``down_ms``; arrows with ``purpose`` and ``form``.
        """
        from impactsim.reports.frames import to_graph

        return to_graph(self.loaded.system, self.facts, at_ms)

    def to_json(self) -> str:
        """Return the result as one line of JSON, as ``impactsim run --json`` prints it."""
        from impactsim.reports.json_form import to_json

        return to_json(self.facts)

    def __str__(self) -> str:
        from impactsim.reports.text import to_text

        return to_text(self.facts)

    def _repr_html_(self) -> str:
        from impactsim.reports.notebook import to_html

        return to_html(self.facts)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several runs side by side; the first is what the others are compared with."""

    results: tuple[Result, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each figure and one column for each scenario."""
        from impactsim.reports.frames import comparison_frame

        return comparison_frame([result.facts for result in self.results])

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html())


def load(path: str | PathLike[str]) -> LoadedSystem | LoadedScenario:
    """Read and check a file, system or scenario.

    Raises
    ------
    InvalidInput
        With every problem, if one of them is an error.
    """
    return load_file(str(path))


def check(*paths: str | PathLike[str]) -> list[Problem]:
    """Return every problem of some files, errors and warnings."""
    return check_files([str(path) for path in paths])


def run(scenario: Source) -> Result:
    """Run a scenario once, with the median of every uncertain quantity.

    Parameters
    ----------
    scenario
        A file, its content as a mapping (with the system in it), or a loaded scenario.

    Returns
    -------
    Result
        Who is affected, for how long, and why.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    """
    return _run(_loaded(scenario))


def run_files(paths: Sequence[str | PathLike[str]]) -> list[Result]:
    """Run several scenarios; a system that they share is read once."""
    return [_run(loaded) for loaded in load_scenarios([str(path) for path in paths])]


def compare(*scenarios: Source) -> Comparison:
    """Run scenarios side by side; the first is what the others are compared with.

    Raises
    ------
    ValueError
        Without a scenario.
    InvalidInput
        With every problem of the files, if one of them is an error.
    """
    if not scenarios:
        raise ValueError("nothing to compare: name at least one scenario")
    return Comparison(tuple(run(scenario) for scenario in scenarios))


def _loaded(scenario: Source) -> LoadedScenario:
    if isinstance(scenario, LoadedScenario):
        return scenario
    if isinstance(scenario, Mapping):
        return validate_scenario(dict(scenario))
    return load_scenario(str(scenario))


def _run(loaded: LoadedScenario) -> Result:
    system, scenario = loaded.system, loaded.scenario
    with collector_paused():
        compiled, names = compile_system(system)
        plan, plan_names = compile_plan(system, scenario, compiled, names)
        history = Workspace(compiled).run(plan)
        facts = assemble(system, scenario, compiled, names, plan, plan_names, history, loaded.problems)
    return Result(loaded, facts)
