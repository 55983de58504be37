"""A comparison on common luck as JSON and as a table (pandas)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from impactsim.reports.json_form import VERSION
from impactsim.reports.rests import rests_key
from impactsim.reports.sampled.compare import (
    BOUNDS,
    NOT_RESTORED,
    RESTORED,
    USER_FIGURES,
    Compared,
    ComparedScenario,
    ComparisonFacts,
    Difference,
)
from impactsim.reports.sampled.json_form import to_chance, to_distribution

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = ("mean", "low", "high", "p10", "p50", "p90", "least", "most")


def comparison_object(comparison: ComparisonFacts) -> dict[str, Any]:
    """Return a comparison as plain data: distributions of the figures of each scenario, and of their differences from the first.

    Returns
    -------
    dict
        Each difference is a distribution with ``p_less`` and ``p_more``: in which share of the trials the figure is less and
        more than the first's. It is null where one of the two has no such figure.
    """
    first = comparison.scenarios[0]
    return {
        "impactsim": VERSION,
        "compared_with": first.label,
        "trials": comparison.n_trials,
        "trials_asked": comparison.n_asked,
        "complete": comparison.is_complete,
        "seed": comparison.seed,
        "scenarios": [_scenario(each, is_first=each is first) for each in comparison.scenarios],
    }


def _scenario(scenario: ComparedScenario, is_first: bool) -> dict[str, Any]:
    figures = scenario.figures
    users = {figure: _people(figures, figure) for figure in USER_FIGURES}
    down = {key[1]: {"down_ms": to_distribution(each.value)} for key, each in figures.items() if key[0] == "down_ms"}
    plain = {
        "scenario": scenario.label,
        "system": scenario.system,
        "users": {"known": scenario.has_users, **users},
        "restored_ms": to_distribution(figures[RESTORED].value),
        "p_not_restored": to_chance(scenario.not_restored),
        "services": down,
        **rests_key(scenario.rests),
    }
    return plain if is_first else {**plain, "difference": _differences(figures)}


def _people(figures: dict[Any, Compared], figure: str) -> dict[str, Any]:
    found = {bound: figures.get((figure, "", bound)) for bound in BOUNDS}
    return {bound: None if each is None else to_distribution(each.value) for bound, each in found.items()}


def _differences(figures: dict[Any, Compared]) -> dict[str, Any]:
    def of(figure: str, whose: str = "", bound: str = "") -> dict[str, Any] | None:
        found = figures.get((figure, whose, bound))
        return None if found is None or found.difference is None else _difference(found.difference)

    return {
        "users": {figure: {bound: of(figure, "", bound) for bound in BOUNDS} for figure in USER_FIGURES},
        "restored_ms": of(*RESTORED),
        "p_not_restored": of(*NOT_RESTORED),
        "services": {key[1]: {"down_ms": of(*key)} for key in figures if key[0] == "down_ms"},
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        **to_distribution(difference.by),
        "p_less": to_chance(difference.less),
        "p_more": to_chance(difference.more),
    }


def comparison_frame(comparison: ComparisonFacts) -> pd.DataFrame:
    """Return one row for each figure (of a service or of all) and scenario.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``figure``, ``of``, ``bound`` and ``scenario``: the distribution, that of the difference from the first scenario as
        ``difference_mean`` and so on, and the shares of the trials in which the figure is less and more. What is not
        known is missing.
    """
    import pandas as pd

    rows = [
        [*key, scenario.label, *(getattr(each.value, figure) for figure in _FIGURES), *_cells(each.difference)]
        for scenario in comparison.scenarios
        for key, each in scenario.figures.items()
    ]
    index = ["figure", "of", "bound", "scenario"]
    columns = [*_FIGURES, *(f"difference_{figure}" for figure in _FIGURES), "p_less", "p_more"]
    frame = pd.DataFrame(rows, columns=[*index, *columns]).astype(dict.fromkeys(columns, float))
    return frame.set_index(index)


def _cells(difference: Difference | None) -> list[float | None]:
    if difference is None:
        return [None] * (len(_FIGURES) + 2)
    return [*(getattr(difference.by, figure) for figure in _FIGURES), difference.less.p, difference.more.p]
