"""One history: the driver of the automaton for a run that does not sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from impactsim.compiled import Compiled, Plan
from impactsim.engine.instant import FULL, advance
from impactsim.engine.record import Record
from impactsim.engine.state import (
    LAST_MS,
    N_HEAP,
    NEXT_ACTION,
    NEXT_FAULT,
    RECORD_DETAILS,
    State,
    make_room,
    new_state,
    reset,
)


@dataclass(frozen=True, slots=True)
class History:
    """What one run leaves.

    ``state`` belongs to the workspace and is that of this run only until the next one.
    """

    record: Record
    end_ms: int
    """When the run ended: the horizon, or the last instant."""
    is_over: bool
    """Nothing is under way any more, and nothing more was planned."""
    begun: int
    """How many faults of the plan have begun."""
    state: State


class Workspace:
    """The state of a system, made once and used for one run after the other.

    Making it costs what the system holds, each run what it touches.

    Parameters
    ----------
    system
        The system.
    room
        How many changes the record has room for at first; it grows as a run needs it.
    """

    def __init__(self, system: Compiled, room: int = 64) -> None:
        self.system = system
        self.state = new_state(system)
        self.record = new_record(room)

    def run(self, plan: Plan) -> History:
        """Run `plan` on the system from its beginning."""
        reset(self.system, self.state)
        make_room(self.state, len(plan.fault_at_ms))
        self.state.tally[RECORD_DETAILS] = 1
        while advance(self.system, plan, self.state, self.record) == FULL:
            _lengthen(self.record)
        tally = self.state.tally
        is_over = (
            tally[N_HEAP] == 0
            and tally[NEXT_FAULT] == len(plan.fault_at_ms)
            and tally[NEXT_ACTION] == len(plan.action_at_ms)
        )
        end_ms = plan.horizon_ms if plan.horizon_ms >= 0 else max(tally[LAST_MS], plan.last_ms)
        return History(_cut(self.record), end_ms, is_over, tally[NEXT_FAULT], self.state)


def new_record(room: int) -> Record:
    """Return a record with room for as many entries, reserves and changes of jobs."""
    columns: dict[str, Any] = {name: [0] * room for name in Record._fields}
    columns["level"] = [0.0] * room
    columns["used"] = [0, 0, 0]
    return Record(**columns)


def _lengthen(record: Record) -> None:
    """Double the room."""
    for column in record[:-1]:
        cast("list[float]", column).extend(column)


def _cut(record: Record) -> Record:
    """Return what a run left in `record`, without the room that it did not use, and make `record` ready for the next."""
    entries, reserves, jobs = record.used
    copy = Record(
        component=record.component[:entries],
        at_ms=record.at_ms[:entries],
        level=record.level[:entries],
        by_kind=record.by_kind[:entries],
        by_id=record.by_id[:entries],
        root=record.root[:entries],
        reserve_need=record.reserve_need[:reserves],
        reserve_at_ms=record.reserve_at_ms[:reserves],
        reserve_kind=record.reserve_kind[:reserves],
        reserve_slot=record.reserve_slot[:reserves],
        reserve_until_ms=record.reserve_until_ms[:reserves],
        job_fault=record.job_fault[:jobs],
        job_at_ms=record.job_at_ms[:jobs],
        job_status=record.job_status[:jobs],
        job_need=record.job_need[:jobs],
        used=[entries, reserves, jobs],
    )
    record.used[:] = [0, 0, 0]
    return copy
