"""A tabletop pack as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from impactsim.exercise.facts import ExerciseFacts
from impactsim.reports.json_form import one_line
from impactsim.review.facts import PlanFinding


def to_json(facts: ExerciseFacts) -> str:
    """Return a pack as one line of JSON: the fields of `ExerciseFacts` by name, times in milliseconds."""
    return one_line(
        {**asdict(facts), "as_of": facts.as_of.isoformat(), "findings": [_finding(each) for each in facts.findings]}
    )


def _finding(finding: PlanFinding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "code": finding.code,
        "severity": finding.severity.word,
        "text": finding.text,
        "evidence": finding.evidence,
        "remedy": finding.remedy,
    }
