"""A run as tables (pandas) and as a graph (networkx), for those who go on computing with it.

Both libraries are imported when a table or a graph is asked for, and not before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from impactsim.engine.users import Range
from impactsim.model.needs import purpose
from impactsim.model.system import AllOf, AnyOf, AtLeast, ComponentNeed, Need, Pool, System
from impactsim.reports.compare import figures_of, labels_of
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.reports.headline import lowest_level

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

_FORMS: dict[type, str] = {
    ComponentNeed: "component",
    AllOf: "all_of",
    AtLeast: "at_least",
    Pool: "pool",
    AnyOf: "any_of",
}


def to_frame(facts: Facts, what: str = "components") -> pd.DataFrame:
    """Return a table of a run.

    Parameters
    ----------
    facts
        What the run says.
    what
        ``components`` (one row each, by id), ``levels`` (one row for each change), ``users`` (one row for each segment,
        and one for all) or ``timeline`` (one row for each moment).

    Returns
    -------
    pandas.DataFrame
        Times in milliseconds from the start, and as clock times where the scenario has a start.

    Raises
    ------
    ValueError
        If there is no such table.
    """
    if what not in TABLES:
        raise ValueError(f"there is no table '{what}'; there are {', '.join(TABLES)}")
    return TABLES[what](facts)


def components_frame(facts: Facts) -> pd.DataFrame:
    """Return one row for each component, indexed by its id.

    Returns
    -------
    pandas.DataFrame
        name, kind, lowest_level, final_level (in [0, 1]), down_ms, degraded_ms, restored, was_affected, first_ms
        (when it was first not up; missing if never), because (ids up to what failed first).
    """
    rows = []
    for component in facts.components.values():
        below = [at_ms for at_ms, level in component.levels if level < 1.0]
        worst = next((why for why in component.why if why.level <= lowest_level(component)), None)
        rows.append(
            {
                "component": component.id,
                "name": component.name,
                "kind": component.kind,
                "lowest_level": lowest_level(component),
                "final_level": component.levels[-1][1],
                "down_ms": component.down_ms,
                "degraded_ms": component.degraded_ms,
                "restored": component.restored,
                "was_affected": component.was_affected,
                "first_ms": below[0] if below else None,
                "because": " <- ".join(worst.because) if worst is not None and component.was_affected else "",
            }
        )
    frame = _frame(
        rows, "component name kind lowest_level final_level down_ms degraded_ms restored was_affected first_ms because"
    )
    return frame.astype({"first_ms": "Int64", "lowest_level": float, "final_level": float}).set_index("component")


def levels_frame(facts: Facts) -> pd.DataFrame:
    """Return one row for each change of a level: component, at_ms, (at,) level."""
    rows = [
        {"component": component.id, **_time(facts, at_ms), "level": level}
        for component in facts.components.values()
        for at_ms, level in component.levels
    ]
    return _frame(rows, f"component {_time_columns(facts)} level").astype({"level": float})


def users_frame(facts: Facts) -> pd.DataFrame:
    """Return one row for each segment and a last one, ``all``: bounds and estimates (missing where there are none).

    Returns
    -------
    pandas.DataFrame
        affected, peak, lost_user_minutes and out_ms, each as _low, _estimate and _high. How long all users together
        were out is not known, and missing.
    """
    import pandas as pd

    columns = [f"{figure}_{bound}" for figure in _FIGURES for bound in Range._fields]
    rows: list[list[Any]] = [
        [name, *(bound for figure in _FIGURES for bound in getattr(group, figure))]
        for name, group in facts.segments.items()
    ]
    rows.append(
        ["all", *(bound for figure in _FIGURES[:3] for bound in getattr(facts.users, figure)), None, None, None]
    )
    frame = pd.DataFrame(rows, columns=["segment", *columns])
    return frame.astype(dict.fromkeys(columns, float)).set_index("segment")


_FIGURES = ("affected", "peak", "lost_user_minutes", "out_ms")


def timeline_frame(facts: Facts) -> pd.DataFrame:
    """Return one row for each moment: at_ms, (at,) what, components, text."""
    rows = [
        {**_time(facts, each.at_ms), "what": each.what, "components": " ".join(each.components), "text": each.text}
        for each in facts.moments
    ]
    return _frame(rows, f"{_time_columns(facts)} what components text")


TABLES: dict[str, Callable[[Facts], pd.DataFrame]] = {
    "components": components_frame,
    "levels": levels_frame,
    "users": users_frame,
    "timeline": timeline_frame,
}
"""The tables by name."""


def comparison_frame(runs: Sequence[Facts]) -> pd.DataFrame:
    """Return one row for each figure (of a service, a segment or all) and one column for each scenario.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``figure``, ``of`` and ``bound``. A figure that a run does not have is missing.
    """
    import pandas as pd

    columns = {label: figures_of(facts) for label, facts in zip(labels_of(runs), runs, strict=True)}
    keys = list(dict.fromkeys(key for figures in columns.values() for key in figures))
    index = pd.MultiIndex.from_tuples(keys, names=["figure", "of", "bound"])
    return pd.DataFrame({label: [figures.get(key) for key in keys] for label, figures in columns.items()}, index=index)


def to_graph(system: System, facts: Facts, at_ms: int | None = None) -> nx.DiGraph[Any]:
    """Return the dependency graph, an arrow from each component to what it needs.

    Parameters
    ----------
    system
        The system that was run.
    facts
        What the run says.
    at_ms
        Time of the nodes' ``level``; the end of the run if absent.

    Returns
    -------
    networkx.DiGraph
        Nodes with ``name``, ``kind``, ``level``, ``down_ms``, ``degraded_ms``. Arrows with ``needs``: for each need that
        makes the arrow its ``purpose``, ``form``, ``group`` (its place in the list of needs, -1 for ``at``), ``impact``;
        and the first of them as attributes of the arrow itself.
    """
    import networkx as nx

    at_ms = facts.end_ms if at_ms is None else at_ms
    graph: nx.DiGraph[Any] = nx.DiGraph(name=system.name)
    for name, each in facts.components.items():
        graph.add_node(
            name,
            name=each.name,
            kind=each.kind,
            level=level_at(each, at_ms),
            down_ms=each.down_ms,
            degraded_ms=each.degraded_ms,
        )
    for name, component in system.components.items():
        if component.at is not None:
            _arrow(graph, name, component.at, {"purpose": "stay_up", "form": "component", "group": -1, "impact": 1.0})
        for group, need in enumerate(component.needs):
            words = _words_of(need, group, system)
            for member in need.members():
                _arrow(graph, name, member, words)
    return graph


def level_at(component: ComponentFacts, at_ms: int) -> float:
    """Return the level of a component at a time; before the start, the first."""
    place = bisect_right(component.levels, at_ms, key=lambda entry: entry[0])
    return component.levels[max(0, place - 1)][1]


def _words_of(need: Need, group: int, system: System) -> dict[str, Any]:
    return {
        "purpose": purpose(need, system.components),
        "form": _FORMS[type(need)],
        "group": group,
        "impact": need.impact,
    }


def _arrow(graph: nx.DiGraph[Any], name: str, member: str, words: dict[str, Any]) -> None:
    if graph.has_edge(name, member):
        graph.edges[name, member]["needs"].append(words)
    else:
        graph.add_edge(name, member, **words, needs=[words])


def _frame(rows: list[dict[str, Any]], columns: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=columns.split())


def _time(facts: Facts, at_ms: int) -> dict[str, Any]:
    clock = facts.clock(at_ms)
    return {"at_ms": at_ms} if clock is None else {"at_ms": at_ms, "at": clock}


def _time_columns(facts: Facts) -> str:
    return "at_ms" if facts.starts is None else "at_ms at"
