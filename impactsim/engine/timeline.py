"""One history: the driver of the automaton for a run that does not sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from impactsim.compiled import Compiled, Plan
from impactsim.engine.instant import FULL, N_ENTRIES, N_JOBS, N_RESERVES, Record, advance
from impactsim.engine.state import (
    LAST_MS,
    N_HEAP,
    NEXT_ACTION,
    NEXT_FAULT,
    RECORD_RESERVE,
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
    """

    def __init__(self, system: Compiled) -> None:
        self.system = system
        self.state = new_state(system)

    def run(self, plan: Plan) -> History:
        """Run `plan` on the system from its beginning."""
        reset(self.system, self.state)
        make_room(self.state, len(plan.fault_at_ms))
        self.state.tally[RECORD_RESERVE] = 1
        record = _new_record(64)
        while advance(self.system, plan, self.state, record) == FULL:
            _lengthen(record)
        tally = self.state.tally
        is_over = (
            tally[N_HEAP] == 0
            and tally[NEXT_FAULT] == len(plan.fault_at_ms)
            and tally[NEXT_ACTION] == len(plan.action_at_ms)
        )
        end_ms = plan.horizon_ms if plan.horizon_ms >= 0 else max(tally[LAST_MS], plan.last_ms)
        return History(_trimmed(record), end_ms, is_over, tally[NEXT_FAULT], self.state)


def _new_record(room: int) -> Record:
    columns: dict[str, Any] = {name: [0] * room for name in Record._fields}
    columns["level"] = [0.0] * room
    columns["used"] = [0, 0, 0]
    return Record(**columns)


def _lengthen(record: Record) -> None:
    """Double the room."""
    for column in record[:-1]:
        cast("list[float]", column).extend(column)


def _trimmed(record: Record) -> Record:
    """Cut off the room that was not used."""
    used = record.used
    ends = {"reserve": used[N_RESERVES], "job": used[N_JOBS]}
    columns: dict[str, Any] = {
        name: cast("list[float]", column)[: ends.get(name.split("_", maxsplit=1)[0], used[N_ENTRIES])]
        for name, column in zip(Record._fields[:-1], record[:-1], strict=True)
    }
    return Record(**columns, used=used)
