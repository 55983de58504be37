"""Integers become names again: a finished run becomes `Facts`. The only place that does this."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.audience import AudienceNames, compile_audience
from impactsim.compiled import DESTROYED, GROUP, NEVER, Audience, Compiled, Plan
from impactsim.compiler import Names, PlanNames
from impactsim.engine.deadlocks import Break, find_deadlocks
from impactsim.engine.repair import JOB_COPY, JOB_CREW, JOB_DONE, JOB_LOST, JOB_NEEDS, JOB_WORKING
from impactsim.engine.state import NO_RESERVE, ON_HOLDOVER, ON_LAST, ON_STANDBY
from impactsim.engine.timeline import History
from impactsim.engine.users import Affected, affected_users
from impactsim.model.scenario import FaultWords, Scenario
from impactsim.model.system import Need, Purpose, System
from impactsim.reports.basis import guesses_of, has_users, people_of, sources_of
from impactsim.reports.because import Explainer
from impactsim.reports.facts import (
    ComponentFacts,
    DataFacts,
    DeadlockFacts,
    Facts,
    JobStatus,
    Phase,
    Repair,
    Reserve,
    ReserveKind,
)
from impactsim.reports.headline import was_down
from impactsim.reports.moments import Hit, moments_of
from impactsim.reports.unaffected import why_unaffected
from impactsim.rests.footing import Below, Footing, stopped_by
from impactsim.rests.shares import Rests

_BY: dict[int, ReserveKind] = {ON_HOLDOVER: "holdover", ON_STANDBY: "standby", ON_LAST: "quorum"}
_PURPOSES: tuple[Purpose, ...] = ("run", "stay_up", "start", "repair")
_STATUS: dict[int, JobStatus] = {
    JOB_WORKING: "at work",
    JOB_NEEDS: "held up",
    JOB_CREW: "waits for its crew",
    JOB_COPY: "waits for a copy",
    JOB_LOST: "lost for good",
}


def assemble(
    system: System,
    scenario: Scenario,
    compiled: Compiled,
    names: Names,
    plan: Plan,
    plan_names: PlanNames,
    history: History,
    audience: tuple[Audience, AudienceNames] | None = None,
) -> Facts:
    """Work out all that a run says.

    Parameters
    ----------
    system
        The system with the scenario's changes.
    scenario
        The scenario that was run.
    compiled, names, plan, plan_names
        What `compile_system` and `compile_plan` made of them.
    history
        What the run left; its state must still be that of this run.
    audience
        What `compile_audience` made of the users, known until the end of the run; made here if absent.

    Returns
    -------
    Facts
        The figures of the run, with names. It knows no warnings, and not which trial it was.
    """
    if audience is None:
        audience = compile_audience(system, names, len(compiled.crew), scenario.starts, history.end_ms)
    return _Assembly(system, scenario, compiled, names, plan, plan_names, history, audience).facts()


class _Assembly:
    def __init__(
        self,
        system: System,
        scenario: Scenario,
        compiled: Compiled,
        names: Names,
        plan: Plan,
        plan_names: PlanNames,
        history: History,
        audience: tuple[Audience, AudienceNames],
    ) -> None:
        self.system = system
        self.scenario = scenario
        self.compiled = compiled
        self.names = names
        self.plan = plan
        self.plan_names = plan_names
        self.history = history
        self.audience, self.audience_names = audience
        self.end_ms = history.end_ms
        self.levels = self._levels()

    def facts(self) -> Facts:
        components = self._components()
        services = tuple(name for name, each in self.system.components.items() if each.kind == "service")
        repairs = self._repairs()
        data = self._data()
        segments, users = self._users()
        affected = {name for name, each in components.items() if each.was_affected}
        carried = {name for name, each in components.items() if each.reserve}
        hits = self._hits()
        return Facts(
            system=self.system.name,
            scenario=self.scenario.name,
            starts=self.scenario.starts,
            seed=self.scenario.seed,
            end_ms=self.end_ms,
            is_over=self.history.is_over,
            has_horizon=self.scenario.horizon is not None,
            components=components,
            services=services,
            repairs=repairs,
            data=data,
            deadlocks=self._deadlocks(),
            segments=segments,
            users=users,
            people=people_of(self.system, segments, self.audience.group_count),
            segment_names={name: each.name or name for name, each in self.system.users.items()},
            has_users=has_users(self.system),
            moments=moments_of(self.system, self.scenario, hits, components, repairs, self.end_ms),
            unaffected=why_unaffected(self.system, components, self._needed_by),
            guesses=guesses_of(self.system, self.scenario, affected, carried),
            sources=sources_of(self.system, affected),
            warnings=(),
            rests=self._rests(hits, components),
        )

    def _levels(self) -> dict[int, list[tuple[int, float]]]:
        """Return the history of each component that has one."""
        levels: dict[int, list[tuple[int, float]]] = {}
        record = self.history.record
        for component, at_ms, level in zip(record.component, record.at_ms, record.level, strict=True):
            mine = levels.setdefault(component, [(0, 1.0)])
            if at_ms == 0:
                mine[0] = (0, level)
            else:
                mine.append((at_ms, level))
        return levels

    def _hits(self) -> list[list[Hit]]:
        """Return what each event hits, as far as chance lets it."""
        hits: list[list[Hit]] = [[] for _ in self.scenario.events]
        for fault, component in enumerate(self.plan.fault_component):
            if self.plan.fault_strikes[fault] != NEVER:
                event = self.scenario.events[self.plan_names.fault_event[fault]]
                first = self.plan.step_from[fault]
                is_timed = isinstance(event, FaultWords) and event.lasts is not None
                hits[self.plan_names.fault_event[fault]].append(
                    Hit(
                        self._id(component),
                        self.plan_names.fault_cause[fault],
                        self.plan.step_after_ms[first] if is_timed else None,
                    )
                )
        return hits

    def _rests(self, hits: list[list[Hit]], components: dict[str, ComponentFacts]) -> Rests | None:
        below = {
            name: Below(each.down_ms, each.degraded_ms, was_down(each))
            for name, each in components.items()
            if each.was_affected
        }
        struck = {hit.component for mine in hits for hit in mine}
        footing = Footing(self.system)
        return footing.worth_telling(footing.rests(struck | stopped_by(self.scenario), below))

    # Components.

    def _components(self) -> dict[str, ComponentFacts]:
        whys = Explainer(
            self.system, self.scenario, self.compiled, self.names, self.plan_names, self.history.record
        ).all_whys()
        reserves = self._reserves()
        facts = {}
        for i, (name, component) in enumerate(self.system.components.items()):
            levels = self.levels.get(i)
            if levels is None:
                facts[name] = ComponentFacts(
                    name, component.name or name, component.kind, ((0, 1.0),), 0, 0, True, (), reserves.get(i, ())
                )
                continue
            down_ms, degraded_ms = self._time_below(levels)
            facts[name] = ComponentFacts(
                id=name,
                name=component.name or name,
                kind=component.kind,
                levels=tuple(levels),
                down_ms=down_ms,
                degraded_ms=degraded_ms,
                restored=levels[-1][1] == 1.0,
                why=tuple(whys.get(i, ())),
                reserve=reserves.get(i, ()),
            )
        return facts

    def _time_below(self, levels: Sequence[tuple[int, float]]) -> tuple[int, int]:
        """Return how long a component was down, and how long degraded, in milliseconds."""
        down_ms = degraded_ms = 0
        ends = [*(at_ms for at_ms, _ in levels[1:]), self.end_ms]
        for (at_ms, level), until_ms in zip(levels, ends, strict=True):
            if level == 0.0:
                down_ms += until_ms - at_ms
            elif level < 1.0:
                degraded_ms += until_ms - at_ms
        return down_ms, degraded_ms

    def _needed_by(self, name: str) -> list[tuple[str, Need]]:
        """Return who needs a component, workarounds left out, and by which need."""
        compiled, component = self.compiled, self.names.index[name]
        slots = compiled.use_slot[compiled.use_from[component] : compiled.use_from[component + 1]]
        needs = [compiled.slot_need[slot] for slot in slots]
        owners = [(compiled.need_component[need], need) for need in needs]
        return [
            (self._id(owner), self.names.needs[need]) for owner, need in owners if owner < len(self.names.components)
        ]

    def _level_at(self, component: int, at_ms: int) -> float:
        found = 1.0
        for since_ms, level in self.levels.get(component, ()):
            if since_ms > at_ms:
                break
            found = level
        return found

    def _id(self, component: int) -> str:
        return self.names.components[component]

    def _reserves(self) -> dict[int, tuple[Reserve, ...]]:
        record = self.history.record
        entries: dict[int, list[int]] = {}
        for i, need in enumerate(record.reserve_need):
            entries.setdefault(need, []).append(i)
        found: dict[int, list[Reserve]] = {}
        for need, mine in entries.items():
            component = self.compiled.need_component[need]
            if component >= len(self.names.components):
                continue
            for i, following in zip(mine, [*mine[1:], None], strict=True):
                if record.reserve_kind[i] != NO_RESERVE:
                    to_ms = None if following is None else record.reserve_at_ms[following]
                    found.setdefault(component, []).append(self._reserve(i, need, to_ms))
        return {c: tuple(sorted(each, key=_begin_of_reserve)) for c, each in found.items()}

    def _reserve(self, entry: int, need: int, to_ms: int | None) -> Reserve:
        record = self.history.record
        owner = self.compiled.need_component[need]
        has_site = self.system.components[self._id(owner)].at is not None
        place = need - self.compiled.need_from[owner] - has_site
        kind, from_ms = record.reserve_kind[entry], record.reserve_at_ms[entry]
        slots = range(self.compiled.slot_from[need], self.compiled.slot_from[need + 1])
        members = [self.compiled.slot_component[slot] for slot in slots]
        lost = [member for member in members if self._level_at(member, from_ms) < 1.0]
        on: list[int] = []
        if kind == ON_STANDBY:
            standby = record.reserve_slot[entry]
            on = [self.compiled.slot_component[standby]]
            lost = members[: standby - slots.start]
        elif kind == ON_LAST and self.compiled.need_form[need] == GROUP:
            on = members[:1]
        elif kind == ON_LAST:
            on = [member for member in members if self._level_at(member, from_ms) > 0.0]
        until_ms = record.reserve_until_ms[entry]
        return Reserve(
            from_ms=from_ms,
            to_ms=self.end_ms if to_ms is None else to_ms,
            by=_BY[kind],
            of=tuple(map(self._id, lost)),
            on=tuple(map(self._id, on)),
            until_ms=until_ms if until_ms >= 0 else None,
            need=place if place >= 0 else None,
            purpose=_PURPOSES[self.compiled.need_purpose[need]],
            is_open=to_ms is None,
        )

    # Repairs, data, deadlocks.

    def _repairs(self) -> tuple[Repair, ...]:
        record = self.history.record
        jobs: dict[int, list[int]] = {}
        for i, fault in enumerate(record.job_fault):
            jobs.setdefault(fault, []).append(i)
        return tuple(self._repair(fault, entries) for fault, entries in sorted(jobs.items()))

    def _repair(self, fault: int, entries: list[int]) -> Repair:
        record = self.history.record
        phases = []
        ended_ms = None
        for i, following in zip(entries, [*entries[1:], None], strict=True):
            if record.job_status[i] == JOB_DONE:
                ended_ms = record.job_at_ms[i]
                continue
            to_ms = self.end_ms if following is None else record.job_at_ms[following]
            status = _STATUS[record.job_status[i]]
            phases.append(Phase(record.job_at_ms[i], to_ms, status, self._waits_for(fault, i)))
        component = self._id(self.plan.fault_component[fault])
        is_restore = self.plan.fault_kind[fault] == DESTROYED
        return Repair(component, self.plan.fault_at_ms[fault], ended_ms, tuple(phases), is_restore)

    def _waits_for(self, fault: int, entry: int) -> tuple[str, ...]:
        """Return what holds up the repair of a fault from an entry on."""
        record, compiled = self.history.record, self.compiled
        component = self.plan.fault_component[fault]
        if record.job_status[entry] == JOB_COPY:
            copies = range(compiled.copy_from[component], compiled.copy_from[component + 1])
            waited = [compiled.copy_place[copy] for copy in copies if compiled.copy_works[copy]]
        elif record.job_status[entry] == JOB_NEEDS:
            need = record.job_need[entry]
            waited = list(compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]])
        else:
            return ()
        at_ms = record.job_at_ms[entry]
        down = [member for member in waited if self._level_at(member, at_ms) == 0.0]
        return tuple(dict.fromkeys(map(self._id, down or waited)))

    def _data(self) -> dict[str, DataFacts]:
        """Return what became of each destroyed component (S5.6)."""
        data: dict[str, DataFacts] = {}
        state = self.history.state
        for fault in range(self.history.begun):
            name = self._id(self.plan.fault_component[fault])
            if self.plan.fault_kind[fault] != DESTROYED:
                continue
            copy = state.taken[fault]
            loss = self.compiled.copy_age_ms[copy] if copy >= 0 else None
            before = data.get(name)
            if before is not None:
                losses = [each for each in (before.loss_ms, loss) if each is not None]
                loss = max(losses, default=None)
            lost = state.lost[fault] == 1 or (before is not None and before.lost_for_good)
            data[name] = DataFacts(lost, None if lost else loss)
        return data

    def _deadlocks(self) -> tuple[DeadlockFacts, ...]:
        found = find_deadlocks(self.compiled, self.plan, self.history, len(self.names.components))
        return tuple(
            DeadlockFacts(tuple(map(self._id, each.circle)), tuple(map(self._break, each.break_with))) for each in found
        )

    def _break(self, each: Break) -> dict[str, tuple[str, ...]]:
        words = {"start": tuple(map(self._id, each.start)), "repair": tuple(map(self._id, each.repair))}
        return {action: targets for action, targets in words.items() if targets}

    # Users.

    def _users(self) -> tuple[dict[str, Affected], Affected]:
        groups, together = affected_users(self.audience, self.history.record, self.end_ms)
        return dict(zip(self.audience_names.groups, groups, strict=True)), together


def _begin_of_reserve(reserve: Reserve) -> tuple[int, int]:
    """Order reserves of one component by their begin, then by their need; the one of ``at`` comes first."""
    return reserve.from_ms, -1 if reserve.need is None else reserve.need
