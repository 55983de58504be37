"""Every single failure of a system: which there are, when they end, how often they happen, and the users that they find.

A *case* is one failure: a component, or a common cause with what it strikes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from impactsim.audience import AudienceNames, compile_audience
from impactsim.compiled import JOB, LASTING, TIMED, Audience, Compiled, Plan
from impactsim.compiler import Names, PlanNames, compile_plan, compile_system, is_certain_enough, milliseconds
from impactsim.laws import Law
from impactsim.model.scenario import Scenario
from impactsim.model.system import Fails, System
from impactsim.quantities import format_duration
from impactsim.trials.arrivals import YEAR_MS
from impactsim.trials.jobs import DAY_MS

COMMON_CAUSE = "common-cause"
"""What stands in the place of the kind of a common cause."""
DEFAULT_FOR_MS = 4 * 3_600_000
"""How long a failure lasts of which nobody said how long its repair takes."""

_FOR_EVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Ends:
    """How the failures of a ranking end."""

    for_ms: int | None = None
    """After so long, all of them; without it by their repairs."""
    default_ms: int = DEFAULT_FOR_MS
    """After so long, those of which nobody said how long their repair takes."""
    horizon_ms: int | None = None
    """How long each case is followed; until nothing can change any more if absent."""


class Failure(NamedTuple):
    """One component of a case."""

    component: int
    kind: int
    """TIMED or JOB."""
    work_ms: int


@dataclass(frozen=True, slots=True)
class Case:
    """One failure: a component, or a common cause."""

    id: str
    kind: str
    """Kind of the component, or `COMMON_CAUSE`."""
    failures: tuple[Failure, ...]
    """What fails in a run that does not sample."""
    cause: int
    """Number of the common cause, -1 for a component."""
    per_year: float | None
    """How often it happens, if somebody said."""
    has_default_end: bool
    """Whether it ends when it does because nobody said how long its repair takes."""

    @property
    def is_cause(self) -> bool:
        """Whether it is a common cause."""
        return self.cause >= 0


@dataclass(frozen=True, slots=True)
class Ground:
    """A system in numbers, ready for any case."""

    system: System
    compiled: Compiled
    names: Names
    audience: Audience
    audience_names: AudienceNames
    is_service: NDArray[np.bool_]
    """Of components, those that stand for workarounds included."""

    @property
    def n_components(self) -> int:
        """How many components there are, without those that stand for workarounds."""
        return len(self.names.components)


def lay_ground(system: System, starts: datetime | None) -> Ground:
    """Turn a system into numbers.

    Parameters
    ----------
    system
        A system that the rules found right.
    starts
        When the failures happen. Without it they happen at any hour alike: of a segment with an activity so many are there
        as on the average of the 24 hours, which gives just the expected loss of user-minutes.
    """
    compiled, names = compile_system(system)
    audience, audience_names = compile_audience(system, names, len(compiled.crew), starts, DAY_MS)
    if starts is None:
        audience = _at_any_hour(system, audience)
    is_service = np.zeros(len(compiled.crew), bool)
    is_service[: len(names.components)] = [each.kind == "service" for each in system.components.values()]
    return Ground(system, compiled, names, audience, audience_names, is_service)


def _at_any_hour(system: System, audience: Audience) -> Audience:
    """Let as many be there at any time as on the average of the day."""
    rows: list[int] = []
    shares: list[float] = []
    for segment in system.users.values():
        rows.append(-1 if segment.activity is None else len(shares))
        if segment.activity is not None:
            shares.append(sum(segment.activity.hours) / len(segment.activity.hours))
    return audience._replace(
        group_activity=[*rows, *audience.group_activity[len(rows) :]],
        activity_from=list(range(len(shares) + 1)),
        activity_at_ms=[0] * len(shares),
        activity_share=shares,
        activity_until_ms=[_FOR_EVER],
    )


# Cases.


def cases_of(ground: Ground, ends: Ends, kinds: Collection[str] = ()) -> list[Case]:
    """Return every single failure of a system.

    Parameters
    ----------
    ground
        The system.
    ends
        How failures end.
    kinds
        Kinds of components, and `COMMON_CAUSE`; all of them if empty.

    Returns
    -------
    list of Case
        Components in the order of the file, then common causes.
    """
    system = ground.system
    cases = []
    for number, (name, component) in enumerate(system.components.items()):
        if not kinds or component.kind in kinds:
            failure = _failure(number, component.time_to_restore, ends)
            is_default = ends.for_ms is None and component.time_to_restore is None
            law = component.time_to_restore
            rate = _per_year(component.fails, 0.0 if law is None else law.mean())
            cases.append(Case(name, component.kind, (failure,), -1, rate, is_default))
    if not kinds or COMMON_CAUSE in kinds:
        cases += [_case_of_cause(ground, cause, ends) for cause in range(len(system.common_causes))]
    return cases


def _case_of_cause(ground: Ground, number: int, ends: Ends) -> Case:
    system = ground.system
    name, cause = list(system.common_causes.items())[number]
    laws = {each: cause.time_to_restore or system.components[each].time_to_restore for each in cause.strikes}
    failures = tuple(
        _failure(ground.names.index[member], laws[member], ends)
        for member, probability in cause.strikes.items()
        if is_certain_enough(probability)
    )
    is_default = ends.for_ms is None and any(law is None for law in laws.values())
    known = [law.mean() for law in laws.values() if law is not None]
    mean_ms = fmean(known) if known else 0.0
    return Case(name, COMMON_CAUSE, failures, number, _per_year(cause.fails, mean_ms), is_default)


def _failure(component: int, law: Law | None, ends: Ends) -> Failure:
    if ends.for_ms is not None:
        return Failure(component, TIMED, ends.for_ms)
    return Failure(component, TIMED, ends.default_ms) if law is None else Failure(component, JOB, milliseconds(law))


def _per_year(fails: Fails | None, mean_ms: float) -> float | None:
    """Return the rate of a failure; of a share of the time it is that share over the mean time to restore (S8.2)."""
    if fails is None or fails.per_year is not None:
        return None if fails is None else fails.per_year
    return None if fails.probability is None or mean_ms <= 0 else fails.probability * YEAR_MS / mean_ms


def scenario_of(case: Case, ends: Ends, starts: datetime | None = None, seed: int = 0, trials: int = 1) -> Scenario:
    """Return the scenario of one event that a case is; what has a default end has none in it (`plan_of`)."""
    event: dict[str, Any] = {"strike" if case.is_cause else "fail": case.id}
    if ends.for_ms is not None:
        event["for"] = format_duration(ends.for_ms)
    words: dict[str, Any] = {
        "impactsim": 1, "name": case.id, "system": "", "events": [event], "seed": seed, "trials": trials
    }  # fmt: skip
    scenario = Scenario.model_validate(words)
    return scenario.model_copy(update={"starts": starts, "horizon": ends.horizon_ms})


def plan_of(ground: Ground, case: Case, scenario: Scenario, ends: Ends) -> tuple[Plan, PlanNames]:
    """Return the plan of a case: that of its scenario, in which nothing lasts for ever."""
    plan, plan_names = compile_plan(ground.system, scenario, ground.compiled, ground.names)
    assert len(plan.fault_kind) >= len(case.failures), "it hits no less than in a run that does not sample"
    steps = [
        [(ends.default_ms, 1.0)]
        if kind == LASTING
        else [(plan.step_after_ms[i], plan.step_level[i]) for i in range(*plan.step_from[fault : fault + 2])]
        for fault, kind in enumerate(plan.fault_kind)
    ]
    plan = plan._replace(
        fault_kind=[TIMED if kind == LASTING else kind for kind in plan.fault_kind],
        step_from=[0, *np.cumsum([len(each) for each in steps], dtype=int).tolist()],
        step_after_ms=[after_ms for each in steps for after_ms, _ in each],
        step_level=[level for each in steps for _, level in each],
    )
    return plan, plan_names
