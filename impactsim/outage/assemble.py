"""What is known and estimated of an outage becomes `NowFacts`. The only place that does this."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from impactsim.model.system import Component, System
from impactsim.outage.actions import Saved, try_actions, window_of
from impactsim.outage.again import chance_of_any, what_may_recur
from impactsim.outage.ahead import runs_out
from impactsim.outage.estimate import FEWEST_USABLE, TRIALS, Estimates
from impactsim.outage.facts import (
    ActionNow,
    ChannelNow,
    NowFacts,
    Reported,
    ReserveNow,
    ServiceNow,
)
from impactsim.outage.faults import Known
from impactsim.outage.ground import Ground
from impactsim.outage.notes import notes_of
from impactsim.outage.repairs import repairs_of
from impactsim.outage.situation import Situation, value_of
from impactsim.outage.snapshot import (
    below_since_ms,
    expected,
    level_at,
    people_at,
    services_with_users,
    unrepaired,
)
from impactsim.problems import Problem
from impactsim.reports.facts import ComponentFacts, Facts, Link, Reserve, Why
from impactsim.reports.headline import kept_up_by

FEWEST_TRIALS = 400
MOST_CHANGES = 500_000
"""So many changes of level all trials together may make where nobody says how many trials there are to be."""


@dataclass(frozen=True, slots=True)
class Told:
    """What people said of an outage."""

    known: tuple[Known, ...]
    up: tuple[str, ...]
    starts: datetime
    """Clock time of its start, in the zone in which times are told."""
    zone: str
    """Name of the zone; empty if it is known by its offset only."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """An outage by the medians."""

    course: Facts
    """How it goes on."""
    ahead: Facts
    """How it goes on if nothing is repaired."""
    ground: Ground
    """The same in numbers, run until now."""


def trials_worth(course: Facts) -> int:
    """Return how many trials to run where nobody says: `TRIALS`, or fewer, at least `FEWEST_TRIALS`, where each is a flood."""
    changes = sum(len(each.levels) - 1 for each in course.components.values())
    return min(TRIALS, max(FEWEST_TRIALS, MOST_CHANGES // max(1, changes)))


def look_out(situation: Situation, course: Facts) -> Outlook:
    """Run an outage by the medians whose course is known (`snapshot.expected`); it can be done while the trials run."""
    return Outlook(course, unrepaired(situation), Ground(situation, window_of(course, situation.at_ms)))


def assemble_now(
    situation: Situation,
    told: Told,
    estimates: Estimates,
    is_compiled: bool,
    warnings: Sequence[Problem] = (),
    outlook: Outlook | None = None,
) -> NowFacts:
    """Work out all that `impactsim now` says.

    Parameters
    ----------
    situation
        What is known, made of `told`.
    told
        What people said.
    estimates
        What the trials say.
    is_compiled
        Whether actions are tried by machine code; the figures are the same.
    warnings
        About the files.
    outlook
        What `look_out` found; looked for here if absent.
    """
    return _Assembly(situation, told, estimates, outlook or look_out(situation, expected(situation))).facts(
        is_compiled, warnings
    )


class _Assembly:
    def __init__(self, situation: Situation, told: Told, estimates: Estimates, outlook: Outlook) -> None:
        self.situation = situation
        self.system: System = situation.system
        self.told = told
        self.estimates = estimates
        self.at_ms = situation.at_ms
        self.course, self.ahead, self.ground = outlook.course, outlook.ahead, outlook.ground
        self.levels = {name: level_at(each, self.at_ms) for name, each in self.course.components.items()}
        self.ongoing = tuple(dict.fromkeys(known.component for known in situation.ongoing))
        self.is_estimated = estimates.n_usable >= FEWEST_USABLE or estimates.n_usable == estimates.n_trials

    def facts(self, is_compiled: bool, warnings: Sequence[Problem]) -> NowFacts:
        services = self._services()
        tried = try_actions(self.ground, self.course, is_compiled)
        again = what_may_recur(self.system, self.told.known, self.situation, services)
        is_usable = self.is_estimated
        return NowFacts(
            system=self.system.name,
            starts=self.told.starts,
            at_ms=self.at_ms,
            zone=self.told.zone,
            seed=self.situation.scenario.seed,
            n_trials=self.estimates.n_trials,
            n_usable=self.estimates.n_usable,
            names=self._names(),
            reported=tuple(self._reported(each) for each in self.told.known),
            up=self.told.up,
            users=people_at(self.course, self.at_ms),
            people=self.course.people,
            has_users=self.course.has_users,
            uncounted=self._uncounted(services),
            services=services,
            n_services=len(self.course.services),
            runs_out=runs_out(self.system, self.ahead, self.at_ms),
            reserves=self._reserves(),
            repairs=repairs_of(self.situation, self.course, self.ground, self.estimates.n_trials),
            remaining=self.estimates.restored if is_usable else None,
            is_estimated=is_usable,
            at_risk=tuple(sorted(self.estimates.at_risk.items(), key=lambda each: -each[1])) if is_usable else (),
            lost_user_minutes=self.estimates.lost_user_minutes if is_usable else None,
            actions=tuple(self._action(each) for each in tried.saved),
            unit="user-minutes" if tried.has_users else "service-minutes",
            window_ms=tried.window_ms,
            n_tried=tried.n_tried,
            n_untried=tried.n_untried,
            channels=self._channels(),
            again=again,
            chance_again=chance_of_any(again),
            deadlocks=tuple(each.circle for each in self.course.deadlocks),
            notes=notes_of(self.situation, self.told.up, self.estimates, self.course),
            guesses=dict(self.course.guesses),
            warnings=tuple(warnings),
            rests=self.course.rests,
        )

    def _names(self) -> dict[str, str]:
        names = {name: each.name or name for name, each in self.system.common_causes.items()}
        return names | {name: each.name for name, each in self.course.components.items()}

    def _name(self, component: str) -> str:
        return self.course.components[component].name

    def _reported(self, known: Known) -> Reported:
        is_explained = known.component in self.situation.follows
        return Reported(known.component, known.level, known.since_ms, known.cause, is_explained)

    # Services.

    def _services(self) -> tuple[ServiceNow, ...]:
        below = [name for name in self.course.services if self.levels[name] < 1.0]
        behind = self._faults_behind()
        found = [self._service(self.course.components[name], self.levels[name], behind.get(name, ())) for name in below]
        return tuple(sorted(found, key=lambda each: (each.level, each.since_ms)))  # stable

    def _uncounted(self, services: Sequence[ServiceNow]) -> tuple[str, ...]:
        known = services_with_users(self.system)
        found = [each.service for each in services if each.service not in known]
        needed = {
            member for each in self.system.components.values() for need in each.needs for member in need.members()
        }
        return tuple(each for each in found if each not in needed)

    def _service(self, component: ComponentFacts, level: float, behind: Sequence[str]) -> ServiceNow:
        chain = _chain_at(component, self.at_ms)
        # A group that switches has lost nothing for good: its chain tells what it waits for.
        roots = {*behind, *(link.component for link in chain)}
        since_ms = below_since_ms(component, self.at_ms)
        assert since_ms is not None, "it is below 1 now"
        return ServiceNow(
            service=component.id,
            level=level,
            since_ms=since_ms,
            because=tuple(link.component for link in chain[1:]) or (component.id,),
            text=f"{self._name(chain[-1].component)} {chain[-1].text}" if chain else "",
            remaining=self.estimates.services.get(component.id) if self.is_estimated else None,
            rests_on=tuple(each for each in self.ongoing if each in roots),
            back_ms=component.levels[-1][0] if component.restored else None,
        )

    def _faults_behind(self) -> dict[str, list[str]]:
        """Return the faults under way that each component waits for: those below its needs that are not met now."""
        waiting_for: dict[str, list[str]] = {}
        for name, component in self.system.components.items():
            if self.levels[name] < 1.0:
                for member in self._unmet(component):
                    waiting_for.setdefault(member, []).append(name)
        behind: dict[str, list[str]] = {}
        for known in self.situation.ongoing:
            seen, waiting = {known.component}, [known.component]
            while waiting:
                new = [each for each in waiting_for.get(waiting.pop(), ()) if each not in seen]
                seen.update(new)
                waiting += new
            for name in seen:
                behind.setdefault(name, []).append(known.component)
        return behind

    def _unmet(self, component: Component) -> list[str]:
        """Return the members that are not whole of the needs of a component that are not met now."""
        unmet = [need for need in component.needs if value_of(need, self.levels) < 1.0]
        members = [component.at or "", *(member for need in unmet for member in need.members())]
        return [member for member in dict.fromkeys(members) if self.levels.get(member, 1.0) < 1.0]

    # What holds.

    def _reserves(self) -> tuple[ReserveNow, ...]:
        """Return what is kept up by a reserve now; what rests on the same stands together."""
        found: dict[tuple[object, ...], list[str]] = {}
        for component in self.course.components.values():
            for reserve in component.reserve:
                if _holds(component, reserve, self.at_ms):
                    key = (reserve.by, reserve.of, reserve.on, reserve.until_ms)
                    found.setdefault(key, []).append(component.id)
        reserves = [ReserveNow(tuple(ids), *key) for key, ids in found.items()]  # type: ignore[arg-type]
        return tuple(sorted(reserves, key=lambda each: math.inf if each.until_ms is None else each.until_ms))

    def _channels(self) -> tuple[ChannelNow, ...]:
        return tuple(
            self._channel(name) for name, component in self.system.components.items() if component.kind == "channel"
        )

    def _channel(self, name: str) -> ChannelNow:
        now, ahead = self.course.components[name], self.ahead.components[name]
        level = level_at(now, self.at_ms)
        if level == 0.0:
            return ChannelNow(name, level, None, now.levels[-1][0] if now.restored else None)
        return ChannelNow(
            name, level, next((ms for ms, to in ahead.levels if ms > self.at_ms and to == 0.0), None), None
        )

    # Actions.

    def _action(self, saved: Saved) -> ActionNow:
        candidate = saved.candidate
        return ActionNow(
            kind=candidate.kind,
            targets=candidate.targets,
            text=self._text_of(saved),
            at_ms=candidate.at_ms,
            saves=saved.saves,
            is_upper_bound=candidate.kind in ("repair", "several"),
        )

    def _text_of(self, saved: Saved) -> str:
        candidate = saved.candidate
        names = [self._name(each) for each in candidate.targets]
        if candidate.kind == "switch":
            return f"switch {names[0]} to {names[1]}"
        if candidate.kind == "several":
            return " and ".join(f"{word} {name}" for word, name in zip(candidate.words(), names, strict=True))
        if candidate.kind == "first":
            crew = self.system.components[candidate.targets[0]].crew
            return f"put the repair of {names[0]} first in the queue of {crew}"
        return f"{'repair' if candidate.kind == 'repair' else 'start by hand:'} {names[0]}"


def _chain_at(component: ComponentFacts, at_ms: int) -> tuple[Link, ...]:
    """Return why a component is not whole at a time, back to what failed first."""
    why: Why | None = next((each for each in reversed(component.why) if each.at_ms <= at_ms), None)
    return () if why is None else why.chain


def _holds(component: ComponentFacts, reserve: Reserve, at_ms: int) -> bool:
    """Tell whether a reserve keeps a component up at a time."""
    is_now = reserve.from_ms <= at_ms and (at_ms < reserve.to_ms or reserve.is_open)
    return is_now and kept_up_by(component, reserve) and level_at(component, at_ms) > 0.0
