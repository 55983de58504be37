"""Missing facts that one person is asked about in one question are one gap."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from impactsim.audit.single_points import listed
from impactsim.gaps.facts import Gap, Part, Whom
from impactsim.gaps.words import KINDS, many_in_words
from impactsim.quantities import about_figure

_N_NAMED = 3


def joined(parts: Iterable[Part]) -> list[Gap]:
    """Return gaps, what matters most first; of equals by id."""
    found: dict[tuple[str, str, Whom], list[Part]] = {}
    for part in parts:
        found.setdefault((part.kind, part.noun, part.whom), []).append(part)
    gaps = [
        _gap(sorted(group, key=lambda each: (-each.value, each.component, each.others))) for group in found.values()
    ]
    return sorted(gaps, key=lambda each: (-each.value, each.id))


def _gap(parts: Sequence[Part]) -> Gap:
    first = parts[0]
    value = math.fsum(part.value for part in parts)
    if len(parts) == 1:
        return Gap(_id(first), first.kind, first.text, first.ask, first.whom, tuple(parts), value, _evidence(first))
    kind, what, n = KINDS[first.kind], many_in_words(parts, first.whom), f"{sum(part.n for part in parts):,}"
    most = listed([f"{_name(part)} {about_figure(part.value)}" for part in parts], _N_NAMED)
    return Gap(
        _id(first),
        first.kind,
        kind.many.format(what=what, n=n),
        kind.ask.format(what=what, n=n),
        first.whom,
        tuple(parts),
        value,
        (f"of this {most}", *_evidence(first)),
    )


def _id(part: Part) -> str:
    """Return the id: kind and place, the same whether one or many are missing."""
    where = {"operator": f"of {part.whom.name}", "site": f"at {part.whom.name}", "file": f"in {part.whom.name}"}
    if part.whom.by in where:
        return f"{part.kind}/{part.noun} {where[part.whom.by]}"
    return f"{part.kind}/{part.whom.name}" if part.whom.name else part.kind


def _name(part: Part) -> str:
    return f"{part.component} -> {' '.join(part.others)}" if part.others else part.component


def _evidence(part: Part) -> tuple[str, ...]:
    return (*part.evidence, *(f"from {origin}" for origin in part.origin[:_N_NAMED]))
