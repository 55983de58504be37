"""What happens to our users if this fails?

impactsim propagates failures through a graph of services, providers, power and connectivity over time, and says
who is affected, for how long and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from impactsim.problems import InvalidInput, Problem
    from impactsim.results import (
        Audit,
        BackupChoice,
        Comparison,
        CutSets,
        Exercise,
        ForecastResult,
        Gaps,
        Importances,
        Ranking,
        Result,
        Review,
        SampledComparison,
        SampledResult,
    )
    from impactsim.workflow import (
        audit_system,
        backtest_incidents,
        check,
        choose_backup,
        compare,
        cutsets,
        exercise_plan,
        find_gaps,
        forecast,
        importance,
        load,
        notice,
        now,
        rank,
        reportability,
        review_plan,
        run,
    )

__all__ = [
    "Audit",
    "BackupChoice",
    "Comparison",
    "CutSets",
    "Exercise",
    "ForecastResult",
    "Gaps",
    "Importances",
    "InvalidInput",
    "Problem",
    "Ranking",
    "Result",
    "Review",
    "SampledComparison",
    "SampledResult",
    "audit_system",
    "backtest_incidents",
    "check",
    "choose_backup",
    "compare",
    "cutsets",
    "exercise_plan",
    "find_gaps",
    "forecast",
    "importance",
    "load",
    "notice",
    "now",
    "rank",
    "reportability",
    "review_plan",
    "run",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the API when it is asked for: the command line starts without it."""
    if name in {"InvalidInput", "Problem"}:
        from impactsim import problems

        return getattr(problems, name)
    if name in __all__ and name[0].isupper():
        from impactsim import results

        return getattr(results, name)
    if name in __all__:
        from impactsim import workflow

        return getattr(workflow, name)
    raise AttributeError(f"module 'impactsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
