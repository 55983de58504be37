"""Cut sets, importances and the choice of a backup as JSON and CSV: one object on one line, one row each."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from impactsim.audit.choose import Addition, BackupPair, Choice
from impactsim.audit.facts import Probability
from impactsim.reports.audit.json_form import cut_set_object, probability_object
from impactsim.reports.exact.facts import CutSetsFacts, EventImportance, ImportanceFacts
from impactsim.reports.json_form import VERSION, number, one_line
from impactsim.reports.rests import needs_key
from impactsim.reports.rows import Cells, write_rows

CUT_SETS = ("place", "order", "events", "probability", "known", "paths")
IMPORTANCES = (
    "place", "event", "name", "kind", "probability", "known", "birnbaum", "fussell_vesely", "risk_achievement",
    "risk_reduction", "user_minutes",
)  # fmt: skip

PAIRS = (
    "place", "first", "second", "present", "both_down_low", "both_down_high", "promised_low", "promised_high", "known", "shared",
    "double", "overlap",
)  # fmt: skip
ADDITIONS = (
    "place", "candidate", "group_down_low", "group_down_high", "owner_down_low", "owner_down_high", "shared", "closes",
    "needs_owner",
)  # fmt: skip


def cut_sets_json(facts: CutSetsFacts) -> str:
    """Return cut sets as one line of JSON, without a line end."""
    return one_line(
        {
            "impactsim": VERSION,
            "system": facts.system,
            "component": facts.id,
            "name": facts.name,
            "criterion": facts.criterion.value,
            **probability_object(facts.probability),
            "unknown_events": facts.n_unknown,
            "n_cut_sets": facts.n_in_all,
            "complete": facts.is_whole,
            "complete_to_order": facts.complete_to,
            "cut_sets": [
                {**cut_set_object(each), "paths": [list(path) for path in paths]}
                for each, paths in zip(facts.cut_sets, facts.paths, strict=True)
            ],
            **needs_key(facts.needs),
        }
    )


def importance_json(facts: ImportanceFacts) -> str:
    """Return importances as one line of JSON, without a line end; what is infinite is null."""
    return one_line(
        {
            "impactsim": VERSION,
            "system": facts.system,
            "service": facts.id,
            "criterion": facts.criterion.value,
            "figure": number(facts.figure),
            "unit": "probability" if facts.id is not None else "user-minutes a year",
            "unknown_events": facts.n_unknown,
            "sort": facts.sort,
            "events": [_event(each) for each in facts.events],
            **needs_key(facts.needs),
        }
    )


def _event(each: EventImportance) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "kind": each.kind,
        "probability": number(each.probability),
        "known": each.is_known,
        "birnbaum": number(each.birnbaum),
        "fussell_vesely": number(each.fussell_vesely),
        "risk_achievement": _finite(each.risk_achievement),
        "risk_reduction": _finite(each.risk_reduction),
        "user_minutes": number(each.user_minutes),
    }


def _finite(value: float) -> float | None:
    return number(value) if math.isfinite(value) else None


def write_cut_sets(facts: CutSetsFacts, folder: Path) -> list[Path]:
    """Write ``cutsets.csv``.

    Raises
    ------
    OSError
        If it cannot be written; a file that was there is then unchanged.
    """
    return write_rows({"cutsets.csv": (CUT_SETS, _cut_set_rows(facts))}, folder)


def _cut_set_rows(facts: CutSetsFacts) -> Iterator[Cells]:
    for place, (each, paths) in enumerate(zip(facts.cut_sets, facts.paths, strict=True), 1):
        ways = "; ".join(" needs ".join(path) for path in paths)
        yield place, each.order, " ".join(each.events), each.probability, each.is_known, ways


def write_importances(facts: ImportanceFacts, folder: Path) -> list[Path]:
    """Write ``importance.csv``.

    Raises
    ------
    OSError
        If it cannot be written; a file that was there is then unchanged.
    """
    return write_rows({"importance.csv": (IMPORTANCES, _importance_rows(facts))}, folder)


def _importance_rows(facts: ImportanceFacts) -> Iterator[Cells]:
    for place, each in enumerate(facts.events, 1):
        yield (
            place, each.id, each.name, each.kind, each.probability, each.is_known, each.birnbaum, each.fussell_vesely,
            each.risk_achievement, each.risk_reduction, each.user_minutes,
        )  # fmt: skip


def choice_json(system: str, choice: Choice) -> str:
    """Return the choice of a backup as one line of JSON, without a line end; a probability is a pair of bounds."""
    return one_line(
        {
            "impactsim": VERSION,
            "system": system,
            "group": choice.owner,
            "members": list(choice.members),
            "candidates": list(choice.candidates),
            "best": choice.best,
            "group_down": _bounds(choice.group_down),
            "owner_down": _bounds(choice.owner_down),
            "shared": list(choice.shared),
            "known": choice.is_known,
            "additions": [_addition(each) for each in choice.additions],
            "pairs": [_pair(each) for each in choice.pairs],
            **needs_key(choice.needs),
        }
    )


def _bounds(value: Probability) -> list[float]:
    return [number(value.low), number(value.high)]


def _addition(each: Addition) -> dict[str, Any]:
    return {
        "candidate": each.candidate,
        "group_down": _bounds(each.group_down),
        "owner_down": _bounds(each.owner_down),
        "shared": list(each.shared),
        "closes": list(each.closes),
        "needs_owner": each.needs_owner,
    }


def _pair(each: BackupPair) -> dict[str, Any]:
    return {
        "first": each.first,
        "second": each.second,
        "present": each.is_present,
        "needs_owner": each.needs_owner,
        "both_down": _bounds(each.both_down),
        "promised": _bounds(each.promised),
        "factor": None if each.factor is None else number(each.factor),
        "known": each.is_known,
        "shared": list(each.shared),
        "double": each.n_double,
        "overlap": number(each.overlap),
        "evidence": list(each.evidence),
    }


def write_choice(choice: Choice, folder: Path) -> list[Path]:
    """Write ``additions.csv`` and ``pairs.csv``.

    Raises
    ------
    OSError
        If they cannot be written; then no file there was changed.
    """
    tables = {"additions.csv": (ADDITIONS, _addition_rows(choice)), "pairs.csv": (PAIRS, _pair_rows(choice))}
    return write_rows(tables, folder)


def _addition_rows(choice: Choice) -> Iterator[Cells]:
    for place, each in enumerate(choice.additions, 1):
        group, owner = each.group_down, each.owner_down
        yield (
            place, each.candidate, group.low, group.high, owner.low, owner.high, " ".join(each.shared), " ".join(each.closes),
            each.needs_owner,
        )  # fmt: skip


def _pair_rows(choice: Choice) -> Iterator[Cells]:
    for place, each in enumerate(choice.pairs, 1):
        both, promised = each.both_down, each.promised
        yield (
            place, each.first, each.second, each.is_present, both.low, both.high, promised.low, promised.high, each.is_known,
            " ".join(each.shared), each.n_double, each.overlap,
        )  # fmt: skip
