"""What is missing as JSON: one object on one line. Keys are only ever added."""

from __future__ import annotations

from typing import Any

from impactsim.gaps.facts import Gap, GapsFacts, Part
from impactsim.gaps.fill_in import component_lines
from impactsim.gaps.words import asked_in_words
from impactsim.reports.json_form import VERSION, number, one_line


def to_json(facts: GapsFacts) -> str:
    """Return what is missing as one line of JSON, without a line end."""
    return one_line(to_object(facts))


def to_object(facts: GapsFacts) -> dict[str, Any]:
    """Return what is missing as plain data.

    Returns
    -------
    dict
        ``gaps`` holds the gaps, what matters most first; values are in ``unit`` a year.
    """
    return {
        "impactsim": VERSION,
        "system": facts.system,
        "unit": facts.unit,
        "people": number(facts.people),
        "kinds": list(facts.kinds),
        "gaps": [_gap(each) for each in facts.gaps],
        "without_effect": facts.n_idle,
        "notes": list(facts.notes),
    }


def _gap(each: Gap) -> dict[str, Any]:
    return {
        "id": each.id,
        "kind": each.kind,
        "value": number(each.value),
        "is_bound": each.is_bound,
        "text": each.text,
        "ask": each.ask,
        "whom": asked_in_words(each.whom),
        "whom_by": each.whom.by,
        "facts": each.n,
        "evidence": list(each.evidence),
        "layer": "\n".join(component_lines([each], None)),
        "parts": [_part(part) for part in each.parts],
    }


def _part(each: Part) -> dict[str, Any]:
    return {
        "component": each.component,
        "components": list(each.components),
        "others": list(each.others),
        "kind_of_component": each.noun,
        "text": each.text,
        "value": number(each.value),
        "low": number(each.low),
        "high": number(each.high),
        "is_bound": each.is_bound,
        "evidence": list(each.evidence),
        "origin": list(each.origin),
    }
