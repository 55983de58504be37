"""A tabletop pack as JSON, as much of it as its reader may see."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from impactsim.exercise.document import Reader
from impactsim.exercise.facts import ExerciseFacts, ExpectedFinding, Message
from impactsim.exercise.participants import OPEN, RULES
from impactsim.reports.json_form import one_line


def to_json(facts: ExerciseFacts, reader: Reader = "both") -> str:
    """Return a pack as one line of JSON, times in milliseconds.

    Parameters
    ----------
    facts
        What it says.
    reader
        For whom: the facilitator has the fields of `ExerciseFacts` by name (and so has ``both``); participants the situation, roles
        and questions to keep in mind; cards what is heard with each inject. Neither of the last two has the name of the scenario.
    """
    if reader == "participants":
        return one_line(_situation(facts) | {"roles": _roles(facts), "rules": RULES, "questions": OPEN})
    if reader == "cards":
        return one_line(_situation(facts) | {"cards": _cards(facts)})
    return one_line(_all(facts))


def _situation(facts: ExerciseFacts) -> dict[str, Any]:
    return {
        "plan": facts.plan,
        "system": facts.system,
        "starts": None if facts.starts is None else facts.starts.isoformat(),
        "version": facts.version,
    }


def _roles(facts: ExerciseFacts) -> list[dict[str, Any]]:
    """Return the roles by name: the order of the run would tell of it."""
    roles = sorted(facts.participants, key=lambda each: (each.name, each.role))
    return [{"role": each.role, "name": each.name, "people": each.people} for each in roles]


def _cards(facts: ExerciseFacts) -> list[dict[str, Any]]:
    return [
        {"number": each.number, "at_ms": each.at_ms, "messages": [_heard(message) for message in each.messages]}
        for each in facts.injects
    ]


def _heard(message: Message) -> dict[str, Any]:
    return {"at_ms": message.at_ms, "by": message.by, "how": message.how, "text": message.text}


def _all(facts: ExerciseFacts) -> dict[str, Any]:
    return asdict(facts) | {
        "as_of": facts.as_of.isoformat(),
        "starts": None if facts.starts is None else facts.starts.isoformat(),
        "findings": [_finding(each) for each in facts.findings],
    }


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
