"""When notices of a simulated outage are published, where nobody says: as people in a real one would."""

from __future__ import annotations

from impactsim.notices.incident import State
from impactsim.notices.losses import Losses
from impactsim.problems import InvalidInput, Problem
from impactsim.reports.facts import Facts

_MINUTE_MS = 60_000
_AFTER_FIRST_MS: dict[State, int] = {"investigating": 10 * _MINUTE_MS, "identified": 30 * _MINUTE_MS}
_AFTER_LAST_MS: dict[State, int] = {"monitoring": 5 * _MINUTE_MS, "resolved": 30 * _MINUTE_MS}


def usual_time_ms(course: Facts, losses: Losses, state: State) -> int:
    """Return when a notice in a state is published.

    That is ten minutes after the first service is affected (investigating), half an hour after (identified), five minutes after all
    are back (monitoring), half an hour after (resolved).

    Parameters
    ----------
    course, losses
        The run.
    state
        Which notice.

    Raises
    ------
    InvalidInput
        If no service is ever affected, or if one is not back by the end.
    """
    since = [losses.affected_since_ms(name, course.end_ms) for name in course.services]
    affected = [name for name, ms in zip(course.services, since, strict=True) if ms is not None]
    if not affected:
        raise InvalidInput(
            [
                Problem(
                    (),
                    "no service is affected in it, so that there is nothing to tell customers",
                    "",
                    "nobody-affected",
                )
            ]
        )
    first_ms = min(ms for ms in since if ms is not None)
    back = [losses.back_ms(name, course.end_ms) for name in affected]
    last_ms = None if None in back else max(ms for ms in back if ms is not None)
    if state in _AFTER_FIRST_MS:
        # Of what is over sooner than anybody writes, the first moment is told.
        wanted_ms = first_ms + _AFTER_FIRST_MS[state]
        return wanted_ms if last_ms is None or wanted_ms < last_ms else first_ms
    if last_ms is None:
        names = ", ".join(name for name, ms in zip(affected, back, strict=True) if ms is None)
        raise InvalidInput(
            [
                Problem(
                    (),
                    f"it does not end in the run: not back are {names}",
                    "give the faults an end, or a longer horizon",
                    "not-resolved",
                )
            ]
        )
    return last_ms + _AFTER_LAST_MS[state]
