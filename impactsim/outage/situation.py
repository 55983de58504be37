"""What is known of an outage under way, as a scenario whose past is known and whose future is drawn.

Theory of operation. What people report as down or degraded becomes faults, unless it follows from the rest of what they report:
each is left out in turn, the last first, and stays out if it is as bad without a fault of its own. A run in which no repair ever
ends then says how much work each repair has had by now (it may have waited for its crew, or for what it needs). The law of that
work is replaced by what it says of a job that has taken so long already (`laws.Longer`), so that trials continue the outage
from here; an estimate that was missed makes the rest longer, never nothing. What is said to be up is not forced in the trials: the
reserves that it rests on have lasted so long by then (``evidence.py``), and trials that contradict it all the same are left out
(``estimate.py``). Where even the course by the medians contradicts it, the needs that would take it down are set aside, and a
note says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from impactsim.compiler import compile_system
from impactsim.laws import Certain
from impactsim.model.scenario import Scenario
from impactsim.model.system import AllOf, AnyOf, AtLeast, Component, ComponentNeed, Need, Pool, System
from impactsim.outage.evidence import believing
from impactsim.outage.faults import Basis, Known, Numbers, continued, singly
from impactsim.outage.medians import Medians, fault


@dataclass(frozen=True, slots=True)
class Situation:
    """An outage at a time."""

    system: System
    scenario: Scenario
    """What has happened until then, each fault that is under way with what remains of it. It draws on."""
    at_ms: int
    """Now, in milliseconds from the start of the scenario."""
    ongoing: tuple[Known, ...]
    """Faults under way."""
    bases: tuple[Basis, ...]
    """One for each fault under way that is repaired or ends, and one for each of which nobody knows."""
    expected: dict[str, bool]
    """What people say of components now: True for up."""
    follows: tuple[str, ...] = ()
    """What was reported as down, and is so because of the rest."""
    set_aside: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Components that are up although they should not be, and the members of their needs that were set aside."""
    unexplained: tuple[str, ...] = ()
    """What is said to be up, or to serve a share, and is down by all that is known, for whatever reason."""
    compiled: Numbers | None = field(default=None, repr=False, compare=False)
    """``system`` compiled, where that was done already."""

    @property
    def numbers(self) -> Numbers:
        """The system compiled."""
        return compile_system(self.system) if self.compiled is None else self.compiled

    @property
    def is_guessed(self) -> bool:
        """Whether a remaining time rests on a guess."""
        return any(basis.is_guessed for basis in self.bases)


def situation_of(
    system: System, known: Sequence[Known], up: Iterable[str], at_ms: int, starts: datetime | None, seed: int = 0
) -> Situation:
    """Make a situation of what people report.

    Parameters
    ----------
    system
        The system.
    known
        What is down or degraded, at least one, none twice.
    up
        Ids of components that are up; none of `known`.
    at_ms
        Now, in milliseconds from the start of the outage (`starts`), not before any of `known`.
    starts
        Clock time of the start.
    seed
        Seed of all that is drawn.
    """
    blank = Scenario(impactsim=1, name="Outage under way", system=system.name, starts=starts, seed=seed)
    alive = tuple(dict.fromkeys((*up, *(each.component for each in known if each.level > 0.0))))
    runs, set_aside, unexplained = _believing(Medians(system, blank, at_ms), known, alive)
    system, causes = runs.system, _causes(runs, known)
    follows = tuple(each.component for each in known if each not in causes)
    expected = {each.component: each.level > 0.0 for each in known} | dict.fromkeys(alive, True)
    scenario = blank.model_copy(update={"events": tuple(fault(system, each) for each in causes)})
    numbers = (runs.compiled, runs.names)
    going_on = continued(system, scenario, at_ms, never_ends=True, numbers=numbers)
    return Situation(
        system=going_on.system,
        scenario=going_on.scenario,
        at_ms=at_ms,
        ongoing=going_on.ongoing,
        bases=_with_causes(system, going_on.bases, causes),
        expected=expected,
        follows=follows,
        set_aside=set_aside,
        unexplained=unexplained,
        compiled=numbers if going_on.system is system else None,
    )


def situation_until(
    system: System, known: Sequence[Known], until_ms: int, at_ms: int, starts: datetime | None, seed: int = 0
) -> Situation:
    """Make a situation of an outage of which all that was reported is over.

    Parameters
    ----------
    system, known, at_ms, starts, seed
        As for `situation_of`.
    until_ms
        When it was over: after all of `known` began, and not after `at_ms`.
    """
    blank = Scenario(impactsim=1, name="Outage that is over", system=system.name, starts=starts, seed=seed)
    events = tuple(
        fault(system, each).model_copy(update={"lasts": Certain(float(until_ms - each.since_ms)), "repair": None})
        for each in _causes(Medians(system, blank, until_ms), known)
    )
    return situation_at(system, blank.model_copy(update={"events": events}), at_ms)


def situation_at(system: System, scenario: Scenario, at_ms: int) -> Situation:
    """Make a situation of a scenario at a time: until then it went as the medians say, and what it holds in store is not known.

    Parameters
    ----------
    system
        The system with the scenario's changes.
    scenario
        The scenario. Its events after `at_ms` have not happened; its actions are what people plan to do.
    at_ms
        Now, in milliseconds from its start.
    """
    happened = [each for event in scenario.events if event.at <= at_ms for each in singly(system, event)]
    scenario = scenario.model_copy(update={"events": tuple(happened)})
    going_on = continued(system, scenario, at_ms)
    return Situation(going_on.system, going_on.scenario, at_ms, going_on.ongoing, going_on.bases, {})


# What follows from the rest.


def _causes(runs: Medians, known: Sequence[Known]) -> list[Known]:
    """Leave out what is as bad as reported without a fault of its own; the first listed stays of those that explain one another.

    What went down before something else does not follow from that.
    """
    kept = list(known)
    for each in reversed(known):
        others = [other for other in kept if other is not each]
        below = runs.below(each.component, [other.component for other in others])
        earlier = [other for other in others if other.since_ms <= each.since_ms and other.component in below]
        if earlier and runs.level(earlier, each.component) <= each.level + 1e-9:
            kept = others
    return kept


def _with_causes(system: System, bases: Sequence[Basis], causes: Sequence[Known]) -> tuple[Basis, ...]:
    """Name the source of the common cause where its time to restore is what an estimate rests on."""
    struck = {each.component: system.common_causes[each.cause] for each in causes if each.cause}
    return tuple(
        replace(basis, source=struck[basis.component].source or "", is_guessed=False)
        if basis.component in struck and struck[basis.component].time_to_restore is not None
        else basis
        for basis in bases
    )


def _believing(
    runs: Medians, known: Sequence[Known], up: Sequence[str]
) -> tuple[Medians, tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]:
    """Set aside needs of what is up although the reports say that it should not be.

    Returns the runs of the changed system, what was set aside, and what stays down all the same: it waits for its start, say.
    """
    set_aside: list[tuple[str, tuple[str, ...]]] = []
    unexplained: list[str] = []
    if not up:
        return runs, (), ()
    runs = believing(runs, known, up)
    while True:
        levels = runs.levels(known)
        wrong = next((name for name in up if levels.get(name, 1.0) == 0.0 and name not in unexplained), None)
        if wrong is None:
            return runs, tuple(set_aside), tuple(unexplained)
        changed, lost = without_unmet(runs.system.components[wrong], levels)
        if not lost:
            unexplained.append(wrong)
            continue
        set_aside.append((wrong, lost))
        components = {**runs.system.components, wrong: changed}
        runs = Medians(runs.system.model_copy(update={"components": components}), runs.blank, runs.at_ms)


def without_unmet(component: Component, levels: Mapping[str, float]) -> tuple[Component, tuple[str, ...]]:
    """Return a component without the needs that are not met at all, and what these were of."""
    unmet = [need for need in component.needs if value_of(need, levels) == 0.0]
    lost = [member for need in unmet for member in need.members() if levels.get(member, 1.0) == 0.0]
    changes: dict[str, object] = {"needs": tuple(need for need in component.needs if need not in unmet)}
    if component.at is not None and levels.get(component.at, 1.0) == 0.0:
        changes["at"] = None
        lost.insert(0, component.at)
    return component.model_copy(update=changes), tuple(dict.fromkeys(lost))


def value_of(need: Need, levels: Mapping[str, float]) -> float:
    """Return what its members give to a need now (S3.1 to S3.3), any member of a standby group counting as at hand."""
    found = [levels.get(member, 1.0) for member in need.members()]
    if isinstance(need, ComponentNeed):
        return found[0]
    if isinstance(need, AllOf):
        return min(found)
    if isinstance(need, AtLeast):
        return sorted(found, reverse=True)[need.at_least - 1]
    if isinstance(need, AnyOf):
        return max(found)
    assert isinstance(need, Pool)
    return min(
        1.0, sum(capacity * level for capacity, level in zip(need.pool.values(), found, strict=True)) / need.demand
    )
