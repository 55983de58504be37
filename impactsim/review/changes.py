"""Which changes close which findings, and the cheapest for each: every change of the plan is made, and the plan reviewed again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from impactsim.audit.findings import Severity
from impactsim.files.plans import LoadedPlan, changed
from impactsim.review.facts import ChangeFacts, PlanFinding

TRIALS = 300
"""A change is tried with so many trials at most: what is not closed clearly is not closed."""

Look = Callable[[LoadedPlan], Sequence[PlanFinding]]
"""Finds what is wrong with a plan, with the trials and the seed of the changes."""


def tried(loaded: LoadedPlan, look: Look) -> tuple[ChangeFacts, ...]:
    """Make each change of a plan, and say what it closes and opens.

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
    before = high(look(loaded))
    found = []
    for name, change in loaded.plan.changes.items():
        after = high(look(changed(loaded, name)))
        closes, opens = _without(before, after), _without(after, before)
        found.append(ChangeFacts(name, change.text, change.cost, closes, opens))
    return tuple(found)


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
