"""Blocks of trials: draw, run, and hand over what the trials left. Compiled where numba is there, else interpreted.

A block is known by its job and the numbers of its trials; whoever runs it, alone or beside others, gets the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from impactsim.audience import Hours, lengthened
from impactsim.compiled import FAR_MS, Audience, Compiled, Plan
from impactsim.engine import trials as engine
from impactsim.engine.account import N_CHANGES, N_LOSSES, N_ROWS, N_TALLY, Account, new_account
from impactsim.engine.crowd import new_crowd
from impactsim.engine.record import Record
from impactsim.engine.state import RECORD_ROOT, make_room, new_state
from impactsim.engine.timeline import new_record
from impactsim.luck import Luck, Quantity
from impactsim.trials.draws import Dealer, Drawn

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_ROOM = {"record": 256, "rows": 1024, "losses": 16, "roots": 256, "changes": 1024}


class Loader(Protocol):
    """Gives each trial faults of its own, in the place of those of a plan."""

    def load(self, trials: Ints) -> Loaded:
        """Return the faults of some trials."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Faults of some trials, trial by trial and in order of time: columns of `engine.trials.Deal`."""

    load_from: Ints
    load_component: Ints
    load_at_ms: Ints
    load_kind: Ints
    load_work_ms: Ints
    load_cause: Ints
    load_strikes: Ints


@dataclass(frozen=True, slots=True)
class Job:
    """All that a block of trials needs to be run anywhere."""

    compiled: Compiled
    plan: Plan
    audience: Audience
    hours: Hours
    luck: Luck
    fault_luck: tuple[Quantity, ...]
    seed: int
    minimum: tuple[float, ...]
    """Level at which the clock of each component's recovery time stops."""
    is_service: tuple[int, ...]
    loader: Loader | None = None
    from_ms: int = 0
    keeps_groups: bool = True
    keeps_roots: bool = False
    n_causes: int = 0
    followed: tuple[int, ...] = ()
    """Components, also those that stand for workarounds, of which each change of level is kept."""


@dataclass(frozen=True, slots=True)
class Block:
    """What the trials of a block left. Axis order: trial, component (or group).

    The times until all services were whole again are -1 where they were not by the end. Rows stand for the components
    that a trial changed; of all others the figures are 0.
    """

    trials: Ints
    figures: Floats
    """Users affected, peak, lost user-minutes: low, estimate and high of each; shape (B, 9)."""
    restored_ms: Ints
    end_ms: Ints
    group_figures: Floats
    """Affected, lost user-minutes, time out in ms: low, estimate and high of each group; shape (B, G, 9)."""
    row_trial: Ints
    row_component: Ints
    row_down_ms: Ints
    row_degraded_ms: Ints
    row_longest_ms: Ints
    row_outages: Ints
    row_flags: Ints
    loss_trial: Ints
    loss_component: Ints
    loss_ms: Ints
    root_trial: Ints
    root: Ints
    root_lost: Floats
    root_down_ms: Floats
    change_trial: Ints
    """Place of the trial in `trials`; trial by trial and, within one, in order of time."""
    change_component: Ints
    change_at_ms: Ints
    change_level: Floats
    seconds: float
    """How long it took, wherever that was: the only field that does not depend on job and trials alone."""


class _Lists:
    """A NamedTuple of lists, as the interpreter takes it."""

    def __init__(self, form: Any) -> None:
        self.argument = form._replace(
            **{name: list(_plain(value)) for name, value in form._asdict().items() if not isinstance(value, int)}
        )

    def get(self, name: str, size: int | None = None) -> NDArray[Any]:
        return np.array(getattr(self.argument, name)[:size], dtype=_dtype(self.argument, name))

    def set(self, name: str, value: Any) -> None:
        self.argument = self.argument._replace(**{name: _plain(value)})


class _Packs:
    """A NamedTuple of columns in memory, as the compiled engine takes it."""

    def __init__(self, form: Any) -> None:
        from impactsim.engine.kernel import Pack

        self.argument = Pack(form)

    def get(self, name: str, size: int | None = None) -> NDArray[Any]:
        return np.array(self.argument.columns[name][:size])

    def set(self, name: str, value: Any) -> None:
        self.argument.set(name, value)


def _plain(value: Any) -> Any:
    """Return numbers as the interpreter takes them soonest."""
    return value.tolist() if isinstance(value, np.ndarray) else value


def _dtype(form: NamedTuple, name: str) -> type:
    annotation = type(form).__annotations__[name]
    return np.float64 if "Floats" in str(annotation) else np.int64


class Runner:
    """Runs blocks of one job, one after the other, in memory that is made once.

    Parameters
    ----------
    job
        What to run.
    is_compiled
        Whether by machine code (needs numba) or by the interpreter; both give the same.
    """

    def __init__(self, job: Job, is_compiled: bool) -> None:
        self.job = job
        self.memory: Callable[[Any], _Lists | _Packs] = _Packs if is_compiled else _Lists
        if is_compiled:
            from impactsim.engine.kernel import run_trials

            self.run_trials: Callable[..., int] = run_trials
        else:
            self.run_trials = engine.run_trials
        self.restarts = 2
        self.n_faults = len(job.plan.fault_at_ms)
        self.audience_words = job.audience
        self.system = self.memory(job.compiled)
        self.plan = self.memory(job.plan)
        self.record = self.memory(new_record(_ROOM["record"]))
        self.audience = self.memory(job.audience)
        n_roots = len(job.compiled.crew) + job.n_causes if job.keeps_roots else 0
        self.crowd = self.memory(new_crowd(job.audience, n_roots))
        self.account = self.memory(_new_account(job))
        self._new_state()
        self._new_dealer()

    def run(self, trials: Ints) -> Block:
        """Run some trials.

        Parameters
        ----------
        trials
            Their numbers, int64, in any order; the result is in this order.
        """
        began = perf_counter()
        loaded = None if self.job.loader is None else self.job.loader.load(trials)
        if loaded is not None:
            self._room_for_faults(int(np.diff(loaded.load_from).max(initial=0)))
        deal = self.memory(_deal(self.job.from_ms, self.dealer.deal(trials), loaded))
        outcome = self.memory(_new_outcome(self.job, len(trials)))
        self.account.set("tally", [0] * N_TALLY)
        while True:
            status = self.run_trials(
                *(
                    each.argument
                    for each in (
                        self.system, self.plan, self.state, self.record, self.audience, self.crowd, self.account, deal,
                        outcome,
                    )
                )
            )  # fmt: skip
            if status == engine.ALL_DONE:
                return self._block(trials, outcome, began)
            if status == engine.MORE_DRAWS:
                self.restarts *= 2
                self._new_dealer()
                _set_drawn(deal, self.dealer.deal(trials))
            else:
                self._make_room(status, outcome)

    def _new_state(self) -> None:
        state = new_state(self.job.compiled)
        make_room(state, self.n_faults)
        state.tally[RECORD_ROOT] = int(self.job.keeps_roots)
        self.state = self.memory(state)

    def _new_dealer(self) -> None:
        self.dealer = Dealer(self.job.luck, self.job.fault_luck, self.job.seed, self.restarts)
        first = self.dealer.restart_first()
        components = range(len(self.job.compiled.crew))
        self.system.set("restart_first", [first.get(component, -1) for component in components])
        self.system.set("restart_draw", [-1] * (len(first) * (self.restarts + 1)))

    def _room_for_faults(self, faults: int) -> None:
        """Make room in plan and state for as many loaded faults."""
        if faults <= self.n_faults and self.plan.get("step_from").size > self.n_faults:
            return
        self.n_faults = max(faults, 2 * self.n_faults, 1)
        n = self.n_faults
        far = {"fault_at_ms": FAR_MS}
        for name in ("fault_component", "fault_at_ms", "fault_kind", "fault_work_ms", "fault_cause", "fault_strikes"):
            self.plan.set(name, [far.get(name, 0)] * n)
        self.plan.set("fault_level", [0.0] * n)
        self.plan.set("step_from", list(range(n + 1)))
        self.plan.set("step_after_ms", [0] * n)
        self.plan.set("step_level", [1.0] * n)
        self._new_state()

    def _make_room(self, status: int, outcome: _Lists | _Packs) -> None:
        if status == engine.MORE_STEPS:
            self.audience_words = lengthened(self.audience_words, self.job.hours)
            for name in ("activity_from", "activity_at_ms", "activity_share", "activity_until_ms"):
                self.audience.set(name, getattr(self.audience_words, name))
            return
        owner, prefix = {
            engine.MORE_RECORD: (self.record, ""),
            engine.MORE_ROWS: (self.account, "row_"),
            engine.MORE_LOSSES: (self.account, "loss_"),
            engine.MORE_CHANGES: (self.account, "change_"),
            engine.MORE_ROOTS: (outcome, "root"),
        }[status]
        form = {self.record: Record, self.account: Account}.get(owner, engine.Outcome)
        for name in form.__annotations__:
            if name.startswith(prefix) and name != "used":
                column = owner.get(name)
                owner.set(name, np.concatenate([column, np.zeros_like(column)]))

    def _block(self, trials: Ints, outcome: _Lists | _Packs, began: float) -> Block:
        n, groups = len(trials), len(self.job.audience.group_count) if self.job.keeps_groups else 0
        tally = self.account.get("tally")
        n_roots = int(outcome.get("next")[engine.N_ROOTS])
        sizes = {"row": int(tally[N_ROWS]), "loss": int(tally[N_LOSSES]), "change": int(tally[N_CHANGES])}
        columns: dict[str, Any] = {
            "trials": trials,
            "figures": outcome.get("figures").reshape(n, engine.N_FIGURES),
            "restored_ms": outcome.get("restored_ms"),
            "end_ms": outcome.get("end_ms"),
            "group_figures": outcome.get("group_figures").reshape(n, groups, engine.N_FIGURES),
        }
        for each in fields(Block):
            kind = each.name.partition("_")[0]
            if kind in sizes:
                columns[each.name] = self.account.get(each.name, sizes[kind])
            elif kind == "root":
                columns[each.name] = outcome.get(each.name, n_roots)
        return Block(**columns, seconds=perf_counter() - began)


def _new_account(job: Job) -> Account:
    # What stands for workarounds can be followed too.
    is_followed = [0] * len(job.compiled.crew) if job.followed else []
    for component in job.followed:
        is_followed[component] = 1
    room = _ROOM["changes"] if job.followed else 0
    return new_account(list(job.minimum), list(job.is_service), is_followed, _ROOM["rows"], _ROOM["losses"], room)


def _deal(from_ms: int, drawn: Drawn, loaded: Loaded | None) -> engine.Deal:
    columns: dict[str, Any] = {each.name: getattr(drawn, each.name) for each in fields(Drawn)}
    for each in fields(Loaded):
        columns[each.name] = [] if loaded is None else getattr(loaded, each.name)
    return engine.Deal(from_ms=from_ms, **columns)


def _set_drawn(deal: _Lists | _Packs, drawn: Drawn) -> None:
    for each in fields(Drawn):
        deal.set(each.name, getattr(drawn, each.name))


def _new_outcome(job: Job, n: int) -> engine.Outcome:
    groups = len(job.audience.group_count) if job.keeps_groups else 0
    roots = _ROOM["roots"] if job.keeps_roots else 0
    columns: dict[str, Any] = {
        "restored_ms": np.zeros(n, np.int64),
        "end_ms": np.zeros(n, np.int64),
        "figures": np.zeros(n * engine.N_FIGURES),
        "group_figures": np.zeros(n * groups * engine.N_FIGURES),
        "is_kept": [int(job.keeps_groups), int(job.keeps_roots)],
        "root_trial": np.zeros(roots, np.int64),
        "root": np.zeros(roots, np.int64),
        "root_lost": np.zeros(roots),
        "root_down_ms": np.zeros(roots),
        "next": [0, 0],
    }
    return engine.Outcome(**columns)
