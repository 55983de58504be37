"""What a reader should know of how an outage was understood, a sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.outage.estimate import FEWEST_USABLE, Estimates
from impactsim.outage.situation import Situation
from impactsim.outage.snapshot import level_at
from impactsim.reports.facts import Facts
from impactsim.reports.words import clean, joined

_FEW = 6


def notes_of(situation: Situation, up: Sequence[str], estimates: Estimates, course: Facts) -> tuple[str, ...]:
    """Return what will wait for one another, what follows, what was set aside, contradictions, and which trials were left out.

    Parameters
    ----------
    situation
        What is known.
    up
        What people say is up.
    estimates
        What the trials say.
    course
        How the outage goes on by the medians.
    """
    return (
        *_deadlocks(course),
        *_follows(situation, course),
        *_set_aside(situation, course),
        *_contradictions(situation, up, course),
        *_left_out(estimates),
    )


def _names(course: Facts, components: Sequence[str]) -> str:
    return joined([clean(course.components[each].name) for each in components], _FEW)


def _deadlocks(course: Facts) -> list[str]:
    return [
        f"recovery deadlock to come: {_names(course, each.circle)} wait for one another, until somebody acts"
        for each in course.deadlocks
    ]


def _follows(situation: Situation, course: Facts) -> list[str]:
    if not situation.follows:
        return []
    are, count = ("is", "counts") if len(situation.follows) == 1 else ("are", "count")
    names = _names(course, situation.follows)
    return [f"{names} {are} as reported because of the rest, and {count} as needing no repair"]


def _set_aside(situation: Situation, course: Facts) -> list[str]:
    return [
        f"{_names(course, [name])} is up although the system says that it needs {_names(course, members)}: that need is set aside"
        for name, members in situation.set_aside
    ]


def _contradictions(situation: Situation, up: Sequence[str], course: Facts) -> list[str]:
    wrong = [name for name in up if level_at(course.components[name], situation.at_ms) == 0.0]
    wrong += [each for each in situation.unexplained if each not in wrong]
    if not wrong:
        return []
    return [f"{_names(course, wrong)}: said to be up, and nothing that the system says explains how"]


def _left_out(estimates: Estimates) -> list[str]:
    left = estimates.n_trials - estimates.n_usable
    if not left:
        return []
    text = f"{left:,} of {estimates.n_trials:,} trials contradict what is reported, and are left out"
    return [text if estimates.n_usable >= FEWEST_USABLE else f"{text}: too few are left for an estimate"]
