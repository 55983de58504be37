"""Which changes close which findings, and the cheapest for each: every change of the plan is made, and the plan reviewed again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from impactsim.audit.findings import Severity
from impactsim.files.plans import LoadedPlan, changed
from impactsim.model.plan import PlanChange
from impactsim.review.facts import ChangeFacts, Eased, PlanFinding, Worsened

TRIALS = 300
"""A change is tried with so many trials at most: what is not closed clearly is not closed."""

Look = Callable[[LoadedPlan], Sequence[PlanFinding]]
"""Finds what is wrong with a plan, with the trials and the seed of the changes."""


def tried(loaded: LoadedPlan, look: Look) -> tuple[ChangeFacts, ...]:
    """Make each change of a plan, and say what it closes, opens, eases and worsens.

    All share their luck, so that a difference is the change's doing.

    Parameters
    ----------
    loaded
        The plan as it is.
    look
        How a plan is looked at.
    """
    if not loaded.plan.changes:
        return ()
    before = look(loaded)
    return tuple(
        _held_against(before, look(changed(loaded, name)), name, change) for name, change in loaded.plan.changes.items()
    )


def _held_against(
    before: Sequence[PlanFinding], after: Sequence[PlanFinding], name: str, change: PlanChange
) -> ChangeFacts:
    ids, ids_after = high(before), high(after)
    known = {each.id: each.severity for each in before}
    closes, opens = _without(ids, ids_after), _without(ids_after, known)
    left = {each.id: each for each in after if each.id in ids_after}
    eases = tuple(
        _eased(each, left[each.id]) for each in before if each.id in ids and is_eased(each, left.get(each.id))
    )
    worsens = tuple(
        Worsened(each.id, known[each.id], each.severity)
        for each in left.values()
        if each.id in known and each.severity > known[each.id]
    )
    return ChangeFacts(name, change.text, change.cost, closes, opens, eases, worsens)


def is_eased(before: PlanFinding, after: PlanFinding | None) -> bool:
    """Tell whether a finding that stays is less severe, or shows in fewer scenarios and in none besides.

    Parameters
    ----------
    before
        The finding without the change.
    after
        The same with it; None where it is gone.
    """
    if after is None or after.severity > before.severity:
        return False
    is_fewer = set(after.scenarios) < set(before.scenarios)
    return is_fewer or (after.severity < before.severity and set(after.scenarios) <= set(before.scenarios))


def _eased(before: PlanFinding, after: PlanFinding) -> Eased:
    gone = tuple(each for each in before.scenarios if each not in after.scenarios)
    return Eased(before.id, before.severity, after.severity, gone)


def cheapest(found: Iterable[PlanFinding], changes: Collection[ChangeFacts]) -> dict[str, str | None]:
    """Return the cheapest change that closes each finding, high or worse, of equals the first; None where none does.

    Parameters
    ----------
    found
        All findings of the plan as it is.
    changes
        What was tried.
    """
    by_cost = sorted(changes, key=lambda change: change.cost)  # stable
    return {name: next((each.id for each in by_cost if name in each.closes), None) for name in high(found)}


def high(found: Iterable[PlanFinding]) -> tuple[str, ...]:
    """Return the ids of the findings that are high or worse, in their order."""
    return tuple(each.id for each in found if each.severity >= Severity.HIGH)


def _without(ids: Iterable[str], others: Collection[str]) -> tuple[str, ...]:
    unwanted = set(others)
    return tuple(each for each in ids if each not in unwanted)
