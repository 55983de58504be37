"""What the author of a notice is told of it: why it is refused, and what to know before it is published. No customer reads it."""

from __future__ import annotations

from datetime import datetime

from impactsim.notices.incident import State
from impactsim.problems import InvalidInput, Problem
from impactsim.reports.facts import Facts


def nobody_affected(state: State, was_any: bool) -> Problem:
    """Say why there is nothing to tell customers.

    Parameters
    ----------
    state
        That of the notice.
    was_any
        Whether some service was affected before.
    """
    if was_any:
        how = "tell them so with --state monitoring or --state resolved"
        return Problem((), "no service is affected any more", how, "nobody-affected")
    when = "yet" if state in {"investigating", "identified"} else "in it"
    fault = f"no service is affected {when}, so that there is nothing to tell customers"
    return Problem((), fault, "choose a later time with --at", "nobody-affected")


def about_previous(
    before_started_at: datetime | None,
    before_published_at: datetime | None,
    started_at: datetime,
    published_at: datetime,
) -> list[Problem]:
    """Say if the notice before is of another incident; None of what nobody knows of it.

    Raises
    ------
    InvalidInput
        If it was published after this one.
    """
    if before_published_at is not None and before_published_at > published_at:
        fault = (
            f"the notice before was published at {_told(before_published_at)}, after this one ({_told(published_at)})"
        )
        raise InvalidInput([Problem((), fault, "say a later time with --at, or name another file", "previous-later")])
    if before_started_at is None or before_started_at == started_at:
        return []
    fault = f"the notice before is of what began at {_told(before_started_at)}, and this one at {_told(started_at)}"
    how = "if it is another incident leave --previous out, for its estimate is followed"
    return [Problem((), fault, how, "previous-of-another", "warning")]


def deadlocks_ahead(course: Facts) -> list[Problem]:
    """Say what will wait for one another, and so has no end."""
    return [
        Problem(
            (),
            f"{', '.join(each.circle)} will wait for one another, so that it does not end by itself",
            "see impactsim now for what helps",
            "deadlock-ahead",
            "warning",
        )
        for each in course.deadlocks
    ]


def update_too_late(ends_at: datetime, last_at: datetime) -> Problem:
    """Say that the next update is announced for `last_at`, because the estimate ends at `ends_at`."""
    fault = f"the estimate ends at {_told(ends_at)}, and so the next update is announced for {_told(last_at)}"
    return Problem((), fault, "publish none with --no-estimate to be free of it", "update-too-late", "warning")


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M %z}"
