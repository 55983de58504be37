"""DR12: a standby that carries less than the minimum level of a service.

For each standby group that a service of the plan leans on, one run by the medians: the first member fails for ever and all else is
well. What the service serves once it has switched over is what the standby can carry. A standby that carries nothing is no question of
capacity: then both share something, and DR05 and DR06 say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from impactsim.audit.findings import Severity
from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.laws import Certain
from impactsim.model.needs import purpose
from impactsim.model.plan import RecoveryPlan
from impactsim.model.scenario import Fail, Scenario
from impactsim.model.system import AnyOf, Component, Need, Pool, System
from impactsim.quantities import LONGEST_MS, about_duration, about_share, format_share
from impactsim.review.facts import STEP_PREFIX, PlanFinding
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.judged import each_once

_SAME = 1e-9  # levels that differ by less are equal (S2.4)


@dataclass(frozen=True, slots=True)
class _Carried:
    """What a service serves while the first member of a group is gone."""

    owner: str
    first: str
    service: str
    level: float
    """The highest level after it fell below its minimum."""
    failed: str
    """What failed alone; another one than the first member where the standby of that one was spent before."""
    at_ms: int
    """When it reached that level."""


def findings(ground: Ground) -> list[PlanFinding]:
    """Return a finding for each service that its standby cannot carry."""
    # What fails by itself comes before what goes down with something else.
    carried = sorted(_carried_by_standbys(ground), key=lambda each: each.failed != each.first)  # stable
    return list(each_once(_finding(ground, each) for each in carried))


def _carried_by_standbys(ground: Ground) -> Iterator[_Carried]:
    """Yield each service that stays below its minimum level, but not at 0, while the first member of a group is gone."""
    groups = _groups(ground)
    if not groups:
        return
    switched = _with_switches(ground.plan, ground.system)
    compiled, names = compile_system(switched)
    workspace = Workspace(compiled)
    blank = Scenario(impactsim=1, name="", system=ground.system.name)
    for first in dict.fromkeys(first for _, first in groups):
        never = Fail.model_construct(fail=(first,), at=0, repair=Certain(LONGEST_MS))
        compiled_plan, _ = compile_plan(switched, blank.model_copy(update={"events": (never,)}), compiled, names)
        record = workspace.run(compiled_plan._replace(horizon_ms=LONGEST_MS // 2)).record
        course = _Course(names.index, record.component, record.at_ms, record.level)
        for owner, _ in (each for each in groups if each[1] == first):
            yield from _too_little(ground, course, groups, owner, first)


class _Course:
    """The levels of a run, by id."""

    def __init__(
        self, index: Mapping[str, int], components: Sequence[int], times: Sequence[int], levels: Sequence[float]
    ) -> None:
        self._index = index
        self._entries: dict[int, list[tuple[int, float]]] = {}
        for component, at_ms, level in zip(components, times, levels, strict=True):
            self._entries.setdefault(int(component), []).append((int(at_ms), float(level)))

    def of(self, name: str) -> list[tuple[int, float]]:
        """Return the changes of a level: (at_ms, level)."""
        return self._entries.get(self._index[name], [])

    def level(self, name: str, at_ms: int) -> float:
        """Return a level at the end of an instant; 1 before the first change."""
        return next((level for since, level in reversed(self.of(name)) if since <= at_ms), 1.0)


def _too_little(
    ground: Ground, course: _Course, groups: Sequence[tuple[str, str]], owner: str, first: str
) -> Iterator[_Carried]:
    for service, promise in ground.plan.services.items():
        if owner != service and owner not in ground.at_all[service]:
            continue
        least = 1.0 if promise.mbco is None else promise.mbco
        changes = course.of(service)
        fell = next((i for i, (_, level) in enumerate(changes) if level < least - _SAME), None)
        at_ms, best = (0, 1.0) if fell is None else max(changes[fell:], key=lambda change: change[1])
        if _SAME < best < least - _SAME:
            by = _carrying(ground, course, groups, service, at_ms) or (owner, first)
            yield _Carried(*by, service, best, first, at_ms)


def _carrying(
    ground: Ground, course: _Course, groups: Sequence[tuple[str, str]], service: str, at_ms: int
) -> tuple[str, str] | None:
    """Return the group nearest to a service whose first member is gone, and whose owner serves less than all.

    It need not be that of what failed: once a generator is spent, it is the standby of the machines that carries.
    """
    near = {service: 0} | {name: len(path) for name, path in ground.at_all[service].items()}
    limiting = [
        (near[owner], owner, first)
        for owner, first in groups
        if owner in near and course.level(first, at_ms) <= _SAME < course.level(owner, at_ms) < 1.0 - _SAME
    ]
    return min(limiting)[1:] if limiting else None


def _groups(ground: Ground) -> list[tuple[str, str]]:
    """Return each standby group on which a service of the plan leans: its owner and its first member, each pair once."""
    needed = {each for name, needed in ground.at_all.items() for each in (name, *needed)}
    return list(
        dict.fromkeys(
            (owner, need.any_of[0].use)
            for owner, component in ground.system.components.items()
            if owner in needed
            for need in component.needs
            if isinstance(need, AnyOf) and len(need.any_of) > 1 and need.to not in {"start", "repair"}
        )
    )


# Standbys that a step brings into service, at the share that they then carry (S10.5).


def _with_switches(plan: RecoveryPlan, system: System) -> System:
    """Return the system in which each standby that a step switches to is at hand, at its capacity."""
    components = dict(system.components)
    for name, step in plan.steps.items():
        if step.switches is not None:
            stand_in, member = f"{STEP_PREFIX}{name}", step.switches.to
            load = Pool.model_construct(pool={member: step.switches.capacity}, demand=1.0, to="run")
            components[stand_in] = Component(kind="step").model_copy(update={"needs": (load,)})
            for owner in step.switches.of:
                needs = tuple(_switched(system, need, member, stand_in) for need in components[owner].needs)
                components[owner] = components[owner].model_copy(update={"needs": needs})
    return system.model_copy(update={"components": components})


def _switched(system: System, need: Need, member: str, stand_in: str) -> Need:
    if not isinstance(need, AnyOf) or member not in need.members():
        return need
    instead = {"use": stand_in, "failover": Certain(0.0)}
    members = tuple(each.model_copy(update=instead) if each.use == member else each for each in need.any_of)
    # What the need is for follows from the kinds of its members, unless somebody says so.
    return need.model_copy(update={"any_of": members, "to": purpose(need, system.components)})


# Words.


def _finding(ground: Ground, carried: _Carried) -> PlanFinding:
    service, owner, first = carried.service, carried.owner, carried.first
    promise = ground.plan.services[service].mbco
    least = 1.0 if promise is None else promise
    through = owner if owner == service else f"{service} through {owner}"
    run = f"run by the medians in which {carried.failed} alone fails and stays down: "
    if carried.failed != first:
        run += f"{first} goes down too in the end, and from {about_duration(carried.at_ms)} on "
    run += f"{through} serves {about_share(carried.level)} at the most once it has switched over"
    backups = "; ".join(_backups(ground, owner, first))
    return PlanFinding(
        id=f"DR12/{service}/{first}",
        code="DR12",
        severity=Severity.HIGH,
        text=f"without {first} its standby carries {about_share(carried.level)} of {service}, less than its minimum "
        f"level of {format_share(least)}",
        services=(service,),
        evidence=(
            run,
            backups,
            *(() if promise is not None else ("the plan says no minimum level (mbco), so 100% is meant",)),
        ),
        remedy=f"let the standby of {first} carry {format_share(least)} of the demand, or agree on a lower minimum level",
        components=(owner, first),
        figures=(("level", carried.level), ("mbco", least)),
    )


def _backups(ground: Ground, owner: str, first: str) -> Iterator[str]:
    """Yield what stands behind the first member, with the capacity that the plan gives it."""
    capacity = {
        step.switches.to: (name, step.switches.capacity)
        for name, step in ground.plan.steps.items()
        if step.switches is not None and owner in step.switches.of
    }
    for need in ground.system.components[owner].needs:
        for member in need.any_of[1:] if isinstance(need, AnyOf) and need.any_of[0].use == first else ():
            by = capacity.get(member.use)
            carries = f", which step {by[0]} switches to, at {format_share(by[1])} of the demand" if by else ""
            yield f"behind {first} of {owner} stands {member.use}{carries}"
