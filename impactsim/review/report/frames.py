"""A review as tables (pandas), for those who go on computing with it. An infinite time is infinite here too, an unknown one not a number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from impactsim.model.fields import Target
from impactsim.review.facts import ReviewFacts, ServiceRow, Spread

if TYPE_CHECKING:
    import pandas as pd


def to_frame(facts: ReviewFacts, what: str = "services") -> pd.DataFrame:
    """Return a table of a review.

    Parameters
    ----------
    facts
        What the review says.
    what
        ``services`` (one row each, by id), ``findings`` (by id, the worst first), ``steps`` (one row for each scenario and step that
        it calls for), ``recoveries`` (one row for each scenario and service that it touches) or ``changes`` (by id).

    Returns
    -------
    pandas.DataFrame
        Times in milliseconds, chances in [0, 1]. A target that is unknown, not applicable or missing is not a number.

    Raises
    ------
    ValueError
        If there is no such table.
    """
    if what not in _TABLES:
        raise ValueError(f"there is no table '{what}'; there are {', '.join(_TABLES)}")
    import pandas as pd

    index, rows_of = _TABLES[what]
    rows = list(rows_of(facts))
    return pd.DataFrame(rows).set_index(list(index)) if rows else pd.DataFrame()


def _services(facts: ReviewFacts) -> Iterator[dict[str, Any]]:
    for row in facts.rows:
        yield {
            "service": row.id,
            "name": row.name,
            "tier": row.tier,
            "verdict": row.verdict,
            "scenario": row.scenario,
            "rto_ms": _figure(row.rto),
            **_spread("achievable_rto_ms", row.achievable_rto),
            "p_rto_met": _chance(row),
            "rpo_ms": _figure(row.rpo),
            **_spread("achievable_rpo_ms", row.achievable_rpo),
            "p50_scenario": row.p50_scenario or row.scenario,
            "p90_scenario": row.p90_scenario or row.scenario,
            "wave": row.wave,
            "n_findings": len(row.findings),
        }


def _findings(facts: ReviewFacts) -> Iterator[dict[str, Any]]:
    for each in facts.findings:
        yield {
            "finding": each.id,
            "code": each.code,
            "severity": each.severity.word,
            "text": each.text,
            "services": ", ".join(each.services),
            "scenarios": ", ".join(each.scenarios),
            "cheapest_change": facts.cheapest.get(each.id),
        }


def _steps(facts: ReviewFacts) -> Iterator[dict[str, Any]]:
    for rehearsal in facts.rehearsals:
        for step in rehearsal.steps:
            if step.is_called:
                yield {
                    "scenario": rehearsal.name,
                    "step": step.id,
                    "name": step.name,
                    "wave": step.wave,
                    "called_ms": step.called_ms,
                    "begins_ms": math.inf if step.begins_ms is None else step.begins_ms,
                    "ends_ms": math.inf if step.ends_ms is None else step.ends_ms,
                    **_spread("ends_ms", step.ends),
                    "people": ", ".join(person for _, person in step.people),
                    "is_critical": step.is_critical,
                }


def _recoveries(facts: ReviewFacts) -> Iterator[dict[str, Any]]:
    for rehearsal in facts.rehearsals:
        for each in rehearsal.services.values():
            if each.is_affected:
                yield {
                    "scenario": rehearsal.name,
                    "service": each.id,
                    **_spread("rto_ms", each.rto),
                    **_spread("from_declaration_ms", each.from_declaration),
                    "p_rto_met": math.nan if each.p_rto_met is None else each.p_rto_met[0],
                    **_spread("rpo_ms", each.rpo),
                }


def _changes(facts: ReviewFacts) -> Iterator[dict[str, Any]]:
    for each in facts.changes:
        yield {
            "change": each.id,
            "text": each.text,
            "cost": each.cost,
            "n_closed": len(each.closes),
            "n_eased": len(each.eases),
            "n_opened": len(each.opens),
            "n_worsened": len(each.worsens),
            "closes": ", ".join(each.closes),
            "opens": ", ".join(each.opens),
        }


_TABLES: dict[str, tuple[tuple[str, ...], Callable[[ReviewFacts], Iterator[dict[str, Any]]]]] = {
    "services": (("service",), _services),
    "findings": (("finding",), _findings),
    "steps": (("scenario", "step"), _steps),
    "recoveries": (("scenario", "service"), _recoveries),
    "changes": (("change",), _changes),
}


def _figure(target: Target | None) -> float:
    return float(target) if isinstance(target, int) else math.nan


def _spread(name: str, spread: Spread | None) -> dict[str, float]:
    figures = (math.nan,) * 3 if spread is None else (spread.p10_ms, spread.p50_ms, spread.p90_ms)
    return dict(zip((f"{name}_p10", f"{name}_p50", f"{name}_p90"), figures, strict=True))


def _chance(row: ServiceRow) -> float:
    return math.nan if row.p_rto_met is None else row.p_rto_met[0]
