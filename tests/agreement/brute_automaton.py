"""The brute-force automaton: S1 to S5 and S7, instant by instant; brute.py lists the readings that it follows."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

from agreement.brute_needs import TINY, NeedState, OnReserve, happens, median_ms, nearest, settled
from agreement.brute_state import Fault, OthersJob, ReserveInterval, Snapshot, State, jobs_of_others
from impactsim.model.scenario import Degrade, Destroy, Repair, Scenario, Start, Stop, Strike, Switch
from impactsim.model.system import Copy, System

MOST_INSTANTS = 20_000
"""A run with more instants than this does not settle; a rule or a reading is wrong."""

MOST_ROUNDS = 1_000
"""The same for the rounds of one instant."""


class Automaton:
    """A run, instant by instant."""

    def __init__(self, system: System, scenario: Scenario) -> None:
        self.system = system
        self.scenario = scenario
        self.now = 0
        self.states = {name: State(name, system) for name in system.components}
        self.levels = dict.fromkeys(system.components, 1.0)
        self.faults: list[Fault] = []
        self.others = {crew: jobs_of_others(words) for crew, words in system.crews.items()}
        self.events = list(scenario.events)
        self.actions = list(scenario.actions)
        self.destroyed: set[str] = set()
        self.losses: dict[str, int | None] = {}
        self.lost: set[str] = set()
        self.workaround_needs = {
            (name, index): [NeedState(words, "run") for words in workaround.needs]
            for name, component in system.components.items()
            for index, workaround in enumerate(component.workarounds)
        }
        self.orders = count()
        self.loss_by_fault: dict[Fault, int] = {}
        self.end_ms = 0
        self.snapshots: list[Snapshot] = []
        self.reserve: dict[str, list[ReserveInterval]] = {name: [] for name in system.components}

    # --- time ---------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Go from instant to instant until the end (S1.2)."""
        self.instant()
        self.run_on(self.scenario.horizon)

    def run_on(self, horizon: int | None) -> None:
        """Go on from here, until the horizon or until nothing is due any more."""
        while (due := self.next_due()) is not None and (horizon is None or due <= horizon):
            self.move_to(min([due, *self.ends_of_others(self.system.crews)]))
            self.instant()
            assert len(self.snapshots) < MOST_INSTANTS, "the run does not settle"
        self.end_ms = self.now if horizon is None else horizon

    def all_needs(self) -> list[NeedState]:
        """Return the needs of all components and workarounds."""
        needs = [need for state in self.states.values() for need in state.needs]
        return needs + [need for own in self.workaround_needs.values() for need in own]

    def next_due(self) -> int | None:
        """Return when the next timed change of S7 (1) is due."""
        times = [words.at for words in (*self.events, *self.actions)]
        for fault in self.faults:
            times += [fault.clears_at] if fault.clears_at is not None else []
            times += [at for at, _ in fault.steps]
            times += [self.now + fault.work] if fault.is_worked_on and fault.work is not None else []
        for state in self.states.values():
            times += [state.start_end] if state.mode == "starting" else []
            times += [state.catch_up_end] if state.catch_up_end is not None else []
        for need in self.all_needs():
            times += need.due(self.levels, self.now)
        times += self.ends_of_others([crew for crew in self.system.crews if self.waiting(crew)])
        return min(times, default=None)

    def ends_of_others(self, crews: Iterable[str]) -> list[int]:
        """Return when members of these crews are done with the jobs of others that they are on."""
        return [self.now + job.work for crew in crews for job in self.others[crew] if job.has_member]

    def move_to(self, at_ms: int) -> None:
        """Charges and work move with time, between instants only (S7)."""
        for fault in self.faults:
            if fault.is_worked_on and fault.work is not None:
                fault.work -= at_ms - self.now
        for job in [job for jobs in self.others.values() for job in jobs if job.has_member]:
            job.work -= at_ms - self.now
        for need in self.all_needs():
            need.elapse(self.levels, at_ms - self.now)
        self.now = at_ms

    # --- one instant --------------------------------------------------------------------------------------------------

    def instant(self) -> None:
        """S7, as often as something is due on this millisecond."""
        self._round()
        for rounds in count(1):
            if self.next_due() != self.now:
                break
            assert rounds < MOST_ROUNDS, "the instant does not settle"
            self._round()
        self._note_downs_and_returns()
        met = {
            key: all(n.is_met(self.levels) for n in needs if n.is_hard) for key, needs in self.workaround_needs.items()
        }
        self.snapshots.append(Snapshot(self.now, dict(self.levels), met))
        self._note_reserve()

    def _round(self) -> None:
        while self._timed_changes():
            pass
        self._find_levels()
        while self._stops():
            self._find_levels()
        while self._immediate_starts():
            self._find_levels()
        self._begin_starts()
        for need in self.all_needs():
            if need.group:
                need.group.settle(self.levels, self.now)
        self._take_copies()
        self._send_crews()
        for fault in self.faults:
            fault.is_worked_on = self._can_be_worked_on(fault)

    # --- (1) timed changes --------------------------------------------------------------------------------------------

    def _timed_changes(self) -> bool:
        """Go once through what is due, in the order of S7 (1); tell whether anything was."""
        something = self._end_jobs()
        something |= self._move_faults()
        something |= self._events_and_actions()
        for state in self.states.values():
            if state.mode == "starting" and state.start_end <= self.now:
                state.mode, state.is_forced, something = "running", False, True
            if state.catch_up_end is not None and state.catch_up_end <= self.now:
                state.catch_up_end, something = None, True
        groups = [need.group for need in self.all_needs() if need.group]
        for group in groups:
            something |= group.end_switch(self.now)
        for group in groups:
            something |= group.spend(self.now)
        return something

    def _end_jobs(self) -> bool:
        done = [fault for fault in self.faults if fault.is_worked_on and fault.work == 0]
        for fault in done:
            self.faults.remove(fault)
        self.others = {crew: [job for job in jobs if job.work > 0] for crew, jobs in self.others.items()}
        return bool(done)

    def _move_faults(self) -> bool:
        something = False
        for fault in list(self.faults):
            while fault.steps and fault.steps[0][0] <= self.now:
                fault.level, something = fault.steps.pop(0)[1], True
                if fault.level > 1 - TINY:
                    fault.clears_at = self.now
            if fault.clears_at is not None and fault.clears_at <= self.now:
                self.faults.remove(fault)
                something = True
        return something

    def _events_and_actions(self) -> bool:
        events = [event for event in self.events if event.at <= self.now]
        actions = [action for action in self.actions if action.at <= self.now]
        for event in events:
            self.events.remove(event)
            self._happen(event)
        for action in actions:
            self.actions.remove(action)
            self._act(action)
        return bool(events or actions)

    def _happen(self, event: Any) -> None:
        if isinstance(event, Strike):
            for cause in event.strike:
                words = self.system.common_causes[cause]
                for name, probability in words.strikes.items():
                    if happens(probability):
                        self._fail(name, 0.0, event, words.time_to_restore)
        elif isinstance(event, Destroy):
            for name in event.destroy:
                self.destroyed.add(name)
                self.losses.setdefault(name, None)
                self.faults.append(Fault(name, self.now, next(self.orders), 0.0, is_destruction=True))
        elif isinstance(event, Degrade):
            for name in event.degrade:
                self._fail(name, settled(event.to), event, None)
        else:
            for name in event.fail:
                self._fail(name, 0.0, event, None)

    def _fail(self, name: str, level: float, event: Any, restore: Any) -> None:
        fault = Fault(name, self.now, next(self.orders), level)
        self.faults.append(fault)
        if event.lasts is not None:
            fault.clears_at = self.now + median_ms(event.lasts)
        elif event.then:
            fault.steps = [(self.now + step.after, step.to) for step in event.then]
        else:
            laws = [event.repair, restore, self.states[name].words.time_to_restore]
            given = [law for law in laws if law is not None]
            fault.work = median_ms(given[0]) if given else None

    def _act(self, action: Any) -> None:
        if isinstance(action, Repair):
            self.faults = [f for f in self.faults if f.component not in action.repair or f.is_destruction]
        elif isinstance(action, Start):
            for name in action.start:
                self.states[name].is_held = False
                if self.states[name].mode == "stopped":
                    self._begin_start(self.states[name], is_forced=True)
        elif isinstance(action, Stop):
            for name in action.stop:
                self.states[name].mode, self.states[name].is_held = "stopped", True
        elif isinstance(action, Switch):
            groups = [need.group for need in self.states[action.switch.of].needs if need.group]
            for member in [m for group in groups for m in group.members if m.use == action.switch.to]:
                member.by_action = True

    # --- (2) levels ---------------------------------------------------------------------------------------------------

    def health(self, name: str) -> float:
        """S2.1."""
        return min((fault.level for fault in self.faults if fault.component == name), default=1.0)

    def _find_levels(self) -> None:
        """S2.4: from the top downwards over the whole system, until nothing moves."""
        tops = {name: min(self.health(name), self._catch_up_level(name)) for name in self.states}
        levels = {name: tops[name] if self.states[name].mode == "running" else 0.0 for name in self.states}
        passing = {
            name: self.states[name].needs_to("run", "stay_up") if levels[name] > 0 else [] for name in self.states
        }
        while True:
            lower = {
                name: settled(min([levels[name], *(need.passes_on(levels) for need in passing[name])]))
                for name in self.states
            }
            if lower == levels:
                break
            levels = lower
        self.levels = levels

    def _catch_up_level(self, name: str) -> float:
        """S2.5: the cap; for a component that was down it is the one with which it would come back now."""
        state = self.states[name]
        if state.words.catch_up is None:
            return 1.0
        is_behind = state.catch_up_end is not None if state.down_since is None else self._catch_up_length(state) > 0
        return settled(state.words.catch_up.level) if is_behind else 1.0

    def _catch_up_length(self, state: State) -> int:
        """S2.5: s x D and what remained; D is the time from `down_since` until now."""
        assert state.words.catch_up is not None
        assert state.down_since is not None
        return nearest(state.words.catch_up.share * (self.now - state.down_since)) + state.backlog

    def _note_downs_and_returns(self) -> None:
        for name, state in self.states.items():
            if self.levels[name] == 0 and state.down_since is None:
                state.down_since = self.now
                state.backlog = state.catch_up_end - self.now if state.catch_up_end is not None else 0
                state.catch_up_end = None
            elif self.levels[name] > 0 and state.down_since is not None:
                if state.words.catch_up is not None and (length := self._catch_up_length(state)) > 0:
                    state.catch_up_end = self.now + length
                state.down_since, state.backlog = None, 0

    # --- (3) stops and (4) starts -------------------------------------------------------------------------------------

    def _stops(self) -> bool:
        """S5.1, all at once."""
        stopping = [name for name in self.states if self._must_stop(name)]
        for name in stopping:
            self.states[name].mode, self.states[name].is_forced = "stopped", False
        return bool(stopping)

    def _must_stop(self, name: str) -> bool:
        state = self.states[name]
        if state.mode == "stopped":
            return False
        purposes = ["stay_up"]
        if state.mode == "starting" and not state.is_forced:
            purposes.append("start")
        return self.health(name) == 0 or not all(need.is_met(self.levels) for need in state.needs_to(*purposes))

    def _can_start(self, name: str) -> bool:
        """S5.2."""
        state = self.states[name]
        if state.mode != "stopped" or state.is_held or self.health(name) == 0:
            return False
        return all(need.is_met(self.levels) for need in state.needs_to("start", "stay_up"))

    def _immediate_starts(self) -> bool:
        starting = [n for n, state in self.states.items() if median_ms(state.words.restart) == 0 and self._can_start(n)]
        for name in starting:
            self.states[name].mode = "running"
        return bool(starting)

    def _begin_starts(self) -> None:
        for name in [name for name in self.states if self._can_start(name)]:
            self._begin_start(self.states[name], is_forced=False)

    def _begin_start(self, state: State, *, is_forced: bool) -> None:
        state.mode, state.is_forced = "starting", is_forced
        state.start_end = self.now + median_ms(state.words.restart)

    # --- (5) copies and crews -----------------------------------------------------------------------------------------

    def is_usable(self, copy: Copy) -> bool:
        """Tell whether the copy works and its place was not destroyed."""
        return not happens(copy.fails) and copy.at not in self.destroyed

    def _take_copies(self) -> None:
        """S5.6."""
        for fault in [fault for fault in self.faults if fault.is_destruction and not fault.is_lost]:
            usable = [copy for copy in self.states[fault.component].words.copies if self.is_usable(copy)]
            if not usable:
                fault.is_lost, fault.copy, fault.work, fault.has_member = True, None, None, False
                self.lost.add(fault.component)
                continue
            if fault.copy is not None and self.is_usable(fault.copy) and self.levels[fault.copy.at] > 0:
                continue
            fault.copy = next((copy for copy in usable if self.levels[copy.at] > 0), None)
            fault.work = None if fault.copy is None else median_ms(fault.copy.restore)
            if fault.copy is not None:
                self._note_loss(fault)

    def _note_loss(self, fault: Fault) -> None:
        assert fault.copy is not None
        self.loss_by_fault[fault] = median_ms(fault.copy.lag) + fault.copy.every
        losses = [loss for other, loss in self.loss_by_fault.items() if other.component == fault.component]
        self.losses[fault.component] = max(losses)

    def _send_crews(self) -> None:
        """S5.5 and S5.5.1: the jobs of others have priority 0 and were there before any fault."""
        order = list(self.system.components)
        for crew, words in self.system.crews.items():
            line: list[tuple[tuple[int, ...], Fault | OthersJob]] = [
                ((-self.states[f.component].words.priority, f.began, order.index(f.component), f.order), f)
                for f in self.waiting(crew)
            ]
            line += [((0, -1, index), job) for index, job in enumerate(self.others[crew]) if not job.has_member]
            busy = [job for job in (*self._jobs_of(crew), *self.others[crew]) if job.has_member]
            for _, job in sorted(line, key=lambda each: each[0])[: words.members - len(busy)]:
                job.has_member = True

    def _jobs_of(self, crew: str) -> list[Fault]:
        return [f for f in self.faults if f.is_job and self.states[f.component].words.crew == crew]

    def waiting(self, crew: str) -> list[Fault]:
        """Return the jobs of ours that want nothing but a member of their crew."""
        return [fault for fault in self._jobs_of(crew) if not fault.has_member and self._could_be_worked_on(fault)]

    def _could_be_worked_on(self, fault: Fault) -> bool:
        """Tell whether nothing but a member of the crew is missing."""
        return fault.work is not None and all(
            need.is_met(self.levels) for need in self.states[fault.component].needs_to("repair")
        )

    def _can_be_worked_on(self, fault: Fault) -> bool:
        has_crew = self.states[fault.component].words.crew is not None
        return self._could_be_worked_on(fault) and (fault.has_member or not has_crew)

    # --- what is reported ---------------------------------------------------------------------------------------------

    def _note_reserve(self) -> None:
        for name, state in self.states.items():
            for index, need in enumerate(state.needs):
                self._note_reserve_of(name, index, need.reserve(self.levels, self.now))

    def _note_reserve_of(self, name: str, index: int, reserve: OnReserve | None) -> None:
        open_ones = [interval for interval in self.reserve[name] if interval.need == index and interval.to_ms is None]
        for interval in open_ones:
            if reserve and (interval.by, interval.member, interval.until) == (
                reserve.by,
                reserve.member,
                reserve.until,
            ):
                return
            interval.to_ms = self.now
        if reserve:
            interval = ReserveInterval(index, self.now, None, reserve.by, reserve.member, reserve.until)
            self.reserve[name].append(interval)

    def histories(self) -> dict[str, list[tuple[int, float]]]:
        """S2.4: an entry at 0, and where the level changed by 1e-9 or more."""
        histories: dict[str, list[tuple[int, float]]] = {name: [] for name in self.states}
        for snapshot in self.snapshots:
            for name, history in histories.items():
                level = snapshot.levels[name]
                if not history or abs(level - history[-1][1]) >= TINY:
                    history.append((snapshot.at_ms, level))
        return histories
