"""What the workflow gives back: the facts, and ways to look at them. Nothing here computes a figure."""

from __future__ import annotations

from impactsim.results.audits import Audit, BackupChoice, CutSets, Gaps, Importances
from impactsim.results.failures import ForecastResult, Ranking
from impactsim.results.plans import Exercise, Review
from impactsim.results.runs import Comparison, Result, SampledComparison, SampledResult

__all__ = [
    "Audit",
    "BackupChoice",
    "Comparison",
    "CutSets",
    "Exercise",
    "ForecastResult",
    "Gaps",
    "Importances",
    "Ranking",
    "Result",
    "Review",
    "SampledComparison",
    "SampledResult",
]
