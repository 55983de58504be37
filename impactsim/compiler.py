"""Names become integers: the one place that knows both the author's words and the engines' numbers.

Uncertain quantities become their medians here, and chances become certainties: what fails with a probability of
1/2 or more fails. The workarounds of a service are compiled as components of their own, behind all others, whose needs
are those of the workaround; so they are up and down by the same rules as everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import gcd
from typing import Any, NamedTuple

from impactsim.compiled import (
    ACT_REPAIR,
    ACT_START,
    ACT_STOP,
    ACT_SWITCH,
    ALWAYS,
    DESTROYED,
    GROUP,
    JOB,
    LASTING,
    NEVER,
    ORDER,
    POOL,
    REPAIR,
    RUN,
    START,
    STAY_UP,
    TIMED,
    Causes,
    Compiled,
    Ints,
    Plan,
)
from impactsim.laws import Law
from impactsim.model.needs import purpose
from impactsim.model.scenario import Degrade, Destroy, FaultWords, Repair, Scenario, Start, Stop, Strike, Switch
from impactsim.model.system import AnyOf, AtLeast, Component, ComponentNeed, Need, Pool, System
from impactsim.order import order_of_levels

PURPOSES = {"run": RUN, "stay_up": STAY_UP, "start": START, "repair": REPAIR}


@dataclass(frozen=True, slots=True)
class Names:
    """What the integers of a `Compiled` and a `Plan` stand for."""

    components: list[str]
    """Id of each component; workarounds have none and stand behind."""
    index: dict[str, int]
    """Number of each component by its id."""
    needs: list[Need]
    """The author's words for each need."""
    workarounds: list[tuple[str, int]]
    """Service and place of each workaround, in the order of their components."""
    crews: list[str]
    """Id of each crew."""


class PlanNames(NamedTuple):
    """What the numbers of a `Plan` stand for."""

    fault_event: Ints
    """Place in the scenario's events of each fault."""
    fault_cause: list[str]
    """Id of the common cause behind each fault; empty if none."""
    action_place: Ints
    """Place in the scenario's actions of each action."""


def milliseconds(law: Law | None, default: int = 0) -> int:
    """Return the median of a duration as whole milliseconds (S1.1), or `default` if there is none."""
    return default if law is None else round(law.median())


def is_certain_enough(probability: float) -> bool:
    """Tell whether something happens in a run that does not sample."""
    return probability >= 0.5


def compile_system(system: System) -> tuple[Compiled, Names]:
    """Turn a system that the rules found right into arrays.

    Returns
    -------
    Compiled
        The arrays, as plain lists.
    Names
        What their numbers stand for.
    """
    names = Names(list(system.components), {}, [], [], list(system.crews))
    names.index.update((name, i) for i, name in enumerate(names.components))
    arrays = _Arrays(system, names)
    for component in system.components.values():
        arrays.add(component)
    for owner, component in system.components.items():
        for place, workaround in enumerate(component.workarounds):
            names.workarounds.append((owner, place))
            arrays.add_workaround(workaround.needs)
    return arrays.compiled(), names


def compile_causes(system: System, names: Names) -> Causes:
    """Turn the common causes of a system into arrays; what a cause strikes with probability 0 is left out."""
    strikes = [
        [(names.index[member], share) for member, share in cause.strikes.items() if share > 0.0]
        for cause in system.common_causes.values()
    ]
    return Causes(
        strike_from=[0, *accumulate(map(len, strikes))],
        strike_component=[component for each in strikes for component, _ in each],
        strike_share=[float(share) for each in strikes for _, share in each],
    )


# The columns of each table of `Compiled`, in the order of the rows below.
_OF_COMPONENTS = ("need_from", "crew", "priority", "restart_ms", "catch_up_share", "catch_up_level", "copy_from")
_OF_NEEDS = (
    "need_component", "need_form", "need_k", "need_demand", "need_purpose", "need_impact", "need_full", "need_drain",
    "need_fill", "slot_from",
)  # fmt: skip
_OF_SLOTS = ("slot_component", "slot_need", "slot_capacity", "slot_failover_ms", "slot_lasts_ms", "slot_dead")
_OF_COPIES = ("copy_place", "copy_restore_ms", "copy_age_ms", "copy_works")


class _Arrays:
    """The arrays while they grow: a row for each thing, turned into columns at the end."""

    def __init__(self, system: System, names: Names) -> None:
        self.system = system
        self.names = names
        self.crews = {name: i for i, name in enumerate(names.crews)}
        self.sites: dict[str, ComponentNeed] = {}
        self.components: list[tuple[float, ...]] = []
        self.needs: list[tuple[float, ...]] = []
        self.slots: list[tuple[float, ...]] = []
        self.copies: list[tuple[float, ...]] = []
        self.seeds: Ints = []

    def add(self, component: Component) -> None:
        """Append a component with its needs and copies."""
        crew = -1 if component.crew is None else self.crews[component.crew]
        restart_ms = milliseconds(component.restart)
        share, level = (component.catch_up.share, component.catch_up.level) if component.catch_up else (0.0, 1.0)
        self.components.append((len(self.needs), crew, component.priority, restart_ms, share, level, len(self.copies)))
        if component.at is not None:
            site = self.sites.get(component.at)
            if site is None:
                site = self.sites[component.at] = ComponentNeed(component=component.at, to="stay_up")
            self._add_need(site, STAY_UP)
        for need in component.needs:
            self._add_need(need, PURPOSES[purpose(need, self.system.components)])
        for copy in component.copies:
            place, age_ms = self.names.index[copy.at], milliseconds(copy.lag) + copy.every
            self.copies.append((place, milliseconds(copy.restore), age_ms, int(not is_certain_enough(copy.fails))))

    def add_workaround(self, needs: tuple[Need, ...]) -> None:
        """Append a workaround as a component that serves while its needs are met (S6.3)."""
        self.components.append((len(self.needs), -1, 0, 0, 0.0, 1.0, len(self.copies)))
        for need in needs:
            self._add_need(need, RUN)

    def _add_need(self, need: Need, to: int) -> None:
        number, first = len(self.needs), len(self.slots)
        form, k, demand = ORDER, 1, 0.0
        index, slots = self.names.index, self.slots
        if isinstance(need, AnyOf):
            form = GROUP
            slots.extend(self._group(need, number))
        elif isinstance(need, Pool):
            form, demand = POOL, need.demand
            slots.extend((index[member], number, capacity, 0, -1, 0) for member, capacity in need.pool.items())
        else:
            members = need.members()
            k = need.at_least if isinstance(need, AtLeast) else len(members)
            slots.extend([(index[member], number, 0.0, 0, -1, 0) for member in members])
        full, drain, fill = (0, 1, 0)
        if need.holdover is not None:
            full, drain, fill = charge_units(milliseconds(need.holdover), milliseconds(need.recharge))
        owner = len(self.components) - 1
        self.needs.append((owner, form, k, demand, to, need.impact, full, drain, fill, first))
        self.names.needs.append(need)
        if self._is_seed(need, first):
            self.seeds.append(number)

    def _group(self, need: AnyOf, number: int) -> list[tuple[float, ...]]:
        """Return the slots of a standby group."""
        return [
            (
                self.names.index[member.use],
                number,
                0.0,
                milliseconds(need.failover if member.failover is None else member.failover),
                milliseconds(member.lasts, -1),
                int(is_certain_enough(member.fails_to_start)),
            )
            for member in need.any_of
        ]

    def _is_seed(self, need: Need, first: int) -> bool:
        """Tell whether the first instant must look at a need although all is well."""
        if isinstance(need, AnyOf):
            lasts, dead = _OF_SLOTS.index("slot_lasts_ms"), _OF_SLOTS.index("slot_dead")
            return self.slots[first][lasts] >= 0 or any(slot[dead] for slot in self.slots[first:])
        return isinstance(need, Pool) and sum(need.pool.values()) < need.demand

    def compiled(self) -> Compiled:
        """Return the arrays, with what can only be known at the end."""
        columns: dict[str, Any] = {
            **_columns(_OF_COMPONENTS, self.components),
            **_columns(_OF_NEEDS, self.needs),
            **_columns(_OF_SLOTS, self.slots),
            **_columns(_OF_COPIES, self.copies),
            "seeds": self.seeds,
            **_crews(self.system),
        }
        columns["need_from"].append(len(self.needs))
        columns["copy_from"].append(len(self.copies))
        columns["slot_from"].append(len(self.slots))
        columns["use_from"], columns["use_slot"] = _uses(len(self.components), columns["slot_component"])
        columns["by_rank"], columns["circle"] = order_of_levels(
            columns["need_from"], columns["need_purpose"], columns["slot_from"], columns["slot_component"]
        )
        columns["rank"] = [0] * len(self.components)
        for place, component in enumerate(columns["by_rank"]):
            columns["rank"][component] = place
        columns["restart_first"] = [-1] * len(self.components)
        columns["restart_draw"] = []
        return Compiled(**columns)


def _crews(system: System) -> dict[str, Ints]:
    """Return the columns of crews, and of the jobs of others that wait for them."""
    crews = system.crews.values()
    backlogs = [[] if crew.backlog is None else [milliseconds(crew.backlog.each)] * crew.backlog.jobs for crew in crews]
    return {
        "crew_size": [crew.members for crew in crews],
        "backlog_from": [0, *accumulate(map(len, backlogs))],
        "backlog_ms": [work_ms for each in backlogs for work_ms in each],
    }


def _columns(names: tuple[str, ...], rows: list[tuple[float, ...]]) -> dict[str, list[float]]:
    """Turn rows into named columns."""
    if not rows:
        return {name: [] for name in names}
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def charge_units(holdover_ms: int, recharge_ms: int) -> tuple[int, int, int]:
    """Return the full charge, what a millisecond takes and what it gives back, in units that make all three whole.

    Where the charge would need more than 61 bits (both times are weeks, and share no divisor) the rates are rounded, by
    less than one part in 50,000.
    """
    if holdover_ms == 0 or recharge_ms == 0:
        return holdover_ms, 1, 0
    common = max(gcd(holdover_ms, recharge_ms), (holdover_ms * recharge_ms >> 61) + 1)
    drain = max(1, recharge_ms // common)
    return holdover_ms * drain, drain, max(1, holdover_ms // common)


def _uses(components: int, slot_component: Ints) -> tuple[Ints, Ints]:
    """Return the slots of each component as ranges (counting sort)."""
    use_from = [0] * (components + 1)
    for component in slot_component:
        use_from[component + 1] += 1
    for component in range(components):
        use_from[component + 1] += use_from[component]
    free = use_from[:-1]
    use_slot = [0] * len(slot_component)
    for slot, component in enumerate(slot_component):
        use_slot[free[component]] = slot
        free[component] += 1
    return use_from, use_slot


class _Fault(NamedTuple):
    at_ms: int
    component: int
    level: float
    kind: int
    work_ms: int
    steps: list[tuple[int, float]]
    event: int
    cause: str
    strikes: int = ALWAYS


def compile_plan(system: System, scenario: Scenario, compiled: Compiled, names: Names) -> tuple[Plan, PlanNames]:
    """Turn what happens in a scenario into arrays.

    Returns
    -------
    Plan
        Faults and actions in order of time, then of the file.
    PlanNames
        What their numbers stand for.
    """
    faults: list[_Fault] = []
    for place, event in enumerate(scenario.events):
        if isinstance(event, Strike):
            for cause in event.strike:
                common = system.common_causes[cause]
                for member, probability in common.strikes.items():
                    work = common.time_to_restore or system.components[member].time_to_restore
                    fault = _fault(event, place, names.index[member], 0.0, work, cause)
                    faults.append(fault if is_certain_enough(probability) else fault._replace(strikes=NEVER))
        elif isinstance(event, Destroy):
            faults.extend(
                _Fault(event.at, names.index[member], 0.0, DESTROYED, 0, [], place, "") for member in event.destroy
            )
        else:
            hit, level = (event.degrade, event.to) if isinstance(event, Degrade) else (event.fail, 0.0)
            for member in hit:
                work = system.components[member].time_to_restore
                faults.append(_fault(event, place, names.index[member], level, work, ""))
    faults.sort(key=lambda fault: fault.at_ms)
    actions = _actions(scenario, compiled, names)
    causes = {name: number for number, name in enumerate(system.common_causes)}
    steps = [step for fault in faults for step in fault.steps]
    step_from = [0]
    for fault in faults:
        step_from.append(step_from[-1] + len(fault.steps))
    plan = Plan(
        horizon_ms=-1 if scenario.horizon is None else scenario.horizon,
        last_ms=max((each.at for each in (*scenario.events, *scenario.actions)), default=0),
        fault_component=[fault.component for fault in faults],
        fault_at_ms=[fault.at_ms for fault in faults],
        fault_level=[fault.level for fault in faults],
        fault_kind=[fault.kind for fault in faults],
        fault_work_ms=[fault.work_ms for fault in faults],
        fault_cause=[causes.get(fault.cause, -1) for fault in faults],
        fault_strikes=[fault.strikes for fault in faults],
        step_from=step_from,
        step_after_ms=[after_ms for after_ms, _ in steps],
        step_level=[level for _, level in steps],
        action_at_ms=[at_ms for at_ms, _, _, _ in actions],
        action_kind=[kind for _, kind, _, _ in actions],
        action_target=[target for _, _, target, _ in actions],
    )
    return plan, PlanNames(
        [fault.event for fault in faults],
        [fault.cause for fault in faults],
        [place for _, _, _, place in actions],
    )


def _fault(event: FaultWords, place: int, component: int, level: float, work: Law | None, cause: str) -> _Fault:
    """Return the fault of an event on one component, with the way in which it ends (S5.4)."""
    kind, work_ms, steps = LASTING, 0, []
    if event.lasts is not None:
        kind, steps = TIMED, [(milliseconds(event.lasts), 1.0)]
    elif event.then:
        kind, steps = TIMED, sorted((step.after, step.to) for step in event.then)
    elif event.repair is not None or work is not None:
        kind, work_ms = JOB, milliseconds(event.repair or work)
    return _Fault(event.at, component, level, kind, work_ms, steps, place, cause)


def _actions(scenario: Scenario, compiled: Compiled, names: Names) -> list[tuple[int, int, int, int]]:
    """Return time, kind, target and place in the file of each action, in order."""
    actions: list[tuple[int, int, int, int]] = []
    for place, action in enumerate(scenario.actions):
        if isinstance(action, Switch):
            owner, member = names.index[action.switch.of], names.index[action.switch.to]
            actions.extend((action.at, ACT_SWITCH, slot, place) for slot in _group_slots(compiled, owner, member))
            continue
        if isinstance(action, Repair):
            kind, targets = ACT_REPAIR, action.repair
        elif isinstance(action, Start):
            kind, targets = ACT_START, action.start
        else:
            assert isinstance(action, Stop)
            kind, targets = ACT_STOP, action.stop
        actions.extend((action.at, kind, names.index[target], place) for target in targets)
    actions.sort(key=lambda action: action[0])
    return actions


def _group_slots(compiled: Compiled, owner: int, member: int) -> Ints:
    """Return the slots of a member in the standby groups of a component."""
    first = compiled.slot_from[compiled.need_from[owner]]
    after = compiled.slot_from[compiled.need_from[owner + 1]]
    return [
        slot
        for slot in range(first, after)
        if compiled.slot_component[slot] == member and compiled.need_form[compiled.slot_need[slot]] == GROUP
    ]
