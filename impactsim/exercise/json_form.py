"""A tabletop pack as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from impactsim.exercise.facts import ExerciseFacts, ExpectedFinding
from impactsim.reports.json_form import one_line


def to_json(facts: ExerciseFacts) -> str:
    """Return a pack as one line of JSON: the fields of `ExerciseFacts` by name, times in milliseconds."""
    said = asdict(facts) | {
        "as_of": facts.as_of.isoformat(),
        "starts": None if facts.starts is None else facts.starts.isoformat(),
        "findings": [_finding(each) for each in facts.findings],
    }
    return one_line(said)


def _finding(expected: ExpectedFinding) -> dict[str, Any]:
    finding = expected.finding
    return {
        "id": finding.id,
        "code": finding.code,
        "severity": finding.severity.word,
        "text": finding.text,
        "evidence": finding.evidence,
        "remedy": finding.remedy,
        "injects": expected.injects,
    }
