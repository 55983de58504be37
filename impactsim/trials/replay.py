"""One of many trials alone: the same draws, by the driver that keeps the whole history.

What was drawn for the trial is written into copies of the system, the plan and the audience, as `engine.trials` does; the
figures are those of the trial among the others. Only more is recorded: levels with their causes, reserves, repairs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, NamedTuple, TypeVar

import numpy as np

from impactsim.audience import lengthened
from impactsim.compiled import Audience, Compiled, Plan
from impactsim.engine.state import IS_SHORT
from impactsim.engine.timeline import History, Workspace
from impactsim.engine.trials import Deal, set_numbers
from impactsim.trials.blocks import Job, Loaded
from impactsim.trials.draws import Dealer, Drawn

_Columns = TypeVar("_Columns", bound=NamedTuple)
_RESTARTS = 4


@dataclass(frozen=True, slots=True)
class Replay:
    """One trial: what it drew, and what became of it."""

    compiled: Compiled
    plan: Plan
    audience: Audience
    """Its hours of activity are known until the end."""
    history: History


def replay(job: Job, trial: int) -> Replay:
    """Run one trial of a job again.

    Parameters
    ----------
    job
        What the trials run; one without faults of each trial's own.
    trial
        Which trial, from 0.
    """
    assert job.loader is None, "the faults stand in the plan"
    restarts = _RESTARTS
    while True:
        workspace, plan, audience = _drawn(job, trial, restarts)
        history = workspace.run(plan)
        if not workspace.state.tally[IS_SHORT]:
            break
        restarts *= 2
    if audience.activity_until_ms[0] < history.end_ms:
        audience = lengthened(audience, job.hours, history.end_ms)
    return Replay(workspace.system, plan, audience, history)


def _drawn(job: Job, trial: int, restarts: int) -> tuple[Workspace, Plan, Audience]:
    """Return what a trial drew, with so many restart times of each component that has uncertain ones."""
    dealer = Dealer(job.luck, job.fault_luck, job.seed, restarts)
    first = dealer.restart_first()
    compiled, plan, audience = _copy(job.compiled), _copy(job.plan), _copy(job.audience)
    compiled = compiled._replace(
        restart_first=[first.get(component, -1) for component in range(len(compiled.crew))],
        restart_draw=[-1] * (len(first) * (restarts + 1)),
    )
    workspace = Workspace(compiled)
    set_numbers(compiled, plan, workspace.state, audience, _deal(dealer.deal(np.array([trial], np.int64))), 0)
    _look_at_dead(compiled)
    return workspace, plan, audience


def _copy(form: _Columns) -> _Columns:
    columns = {name: list(value) for name, value in form._asdict().items() if not isinstance(value, int)}
    return form._replace(**columns)


def _deal(drawn: Drawn) -> Deal:
    columns: dict[str, Any] = {each.name: getattr(drawn, each.name).tolist() for each in fields(Drawn)}
    return Deal(from_ms=0, **columns, **{each.name: [] for each in fields(Loaded)})


def _look_at_dead(compiled: Compiled) -> None:
    """Let the first instant look at each group that a member is missing from: it may be on reserve from the start (S3.8)."""
    groups = {compiled.slot_need[slot] for slot, is_dead in enumerate(compiled.slot_dead) if is_dead}
    compiled.seeds.extend(sorted(groups.difference(compiled.seeds)))
