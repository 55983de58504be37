"""From a situation to what may be said of it in public: the one place where names and exact figures become a `PublicIncident`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from impactsim.notices.causes import class_of_cause
from impactsim.notices.crowd import people_affected
from impactsim.notices.estimates import Chosen, Published, choose
from impactsim.notices.incident import (
    STATUSES,
    CauseClass,
    DataStatement,
    PublicIncident,
    PublicService,
    PublicWorkaround,
    Redaction,
    State,
    Status,
)
from impactsim.notices.losses import Losses
from impactsim.notices.remarks import about_previous, deadlocks_ahead, nobody_affected, update_too_late
from impactsim.notices.rounding import clock_down, clock_up, minute_of, people, shares
from impactsim.notices.severity import CADENCE_MS, Loss, severity_of
from impactsim.notices.times import incident_since_ms
from impactsim.outage.estimate import Estimates, Remaining, remaining
from impactsim.outage.situation import Situation
from impactsim.outage.snapshot import level_at, services_with_users
from impactsim.problems import InvalidInput, Problem, Severity
from impactsim.reports.facts import Facts

_NO_WORDS = "there is a workaround that has no words, and to say that there is none would be wrong"
_GIVE_WORDS = "say what people can do: {en: Order by telephone}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What people decide about a notice, and the model cannot know."""

    state: State
    redaction: Redaction = Redaction.CUSTOMERS
    cause: CauseClass | None = None
    """Instead of that of the first fault."""
    data: DataStatement | None = None
    may_recur: bool = False
    provider_will_change: bool = False
    is_grave: bool = False
    """Safety, data or an attack are at stake."""
    severity: int | None = None
    """Instead of that of ``severity.py``."""
    next_update_ms: int | None = None
    """The next update follows within so long, instead of the cadence of the severity."""
    has_estimates: bool = True
    """False: publish none, whatever the system says."""
    previous: Published | None = None
    """The estimate that was published before."""
    previous_started_at: datetime | None = None
    """Since when the incident of the notice before is said to last."""
    previous_published_at: datetime | None = None
    """When that notice was published."""
    zone: str | None = None
    """Time zone where a language has none of its own, instead of that of the system."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A public incident, and what its author should know before it is published."""

    incident: PublicIncident
    chosen: Chosen
    remaining: Remaining | None
    problems: tuple[Problem, ...]


def build(situation: Situation, course: Facts, rest: Facts, estimates: Estimates | None, asked: Asked) -> Draft:
    """Say in public terms what a situation is.

    Parameters
    ----------
    situation
        What is known; its scenario has a clock time at which it starts.
    course
        How it went, and goes on by the medians (``snapshot.expected``).
    rest
        How it goes on without repairs (``snapshot.unrepaired``).
    estimates
        What the trials say of its rest; None if it is over.
    asked
        What people decide.

    Raises
    ------
    InvalidInput
        If no service with a public name is affected, or a state is asked for that the situation is not in.
    """
    return _Builder(situation, course, rest, estimates, asked).draft()


class _Builder:
    def __init__(
        self, situation: Situation, course: Facts, rest: Facts, estimates: Estimates | None, asked: Asked
    ) -> None:
        assert course.starts is not None, "notices need a clock"
        self.starts = course.starts
        self.system = situation.system
        self.situation = situation
        self.course = course
        self.rest = rest
        self.estimates = estimates
        self.asked = asked
        self.at_ms = situation.at_ms
        self.losses = Losses(self.system, course)
        self.now = {name: self.losses.loss(name, self.at_ms) for name in course.services}
        named = [name for name in course.services if self.system.components[name].public_name]
        self.since_ms = incident_since_ms(course, named or course.services, self.at_ms)
        self.worst = {name: self.losses.worst(name, self.since_ms, self.at_ms) for name in course.services}
        self.problems: list[Problem] = []

    def draft(self) -> Draft:
        affected = self._affected()
        ended_ms = self._ended_ms(affected)
        self._check(affected, ended_ms)
        public = [name for name in affected if self.system.components[name].public_name]
        published_at = minute_of(self._clock(self.at_ms))
        rest = None if self.estimates is None or ended_ms is not None else remaining(self.estimates, public, self.at_ms)
        settings = self.system.notices
        chosen = choose(
            rest,
            self.situation.is_guessed,
            published_at,
            self.asked.previous,
            settings.estimates and self.asked.has_estimates,
        )
        if chosen.why_none == "no end":
            self.problems += deadlocks_ahead(self.course)
        severity = self.asked.severity or self._severity(ended_ms is not None)
        started_at = clock_down(self._clock(self.since_ms))
        before = (self.asked.previous_started_at, self.asked.previous_published_at)
        self.problems += about_previous(*before, started_at, published_at)
        # Rounded up, but not into the future of those who read it.
        ended_at = None if ended_ms is None else min(clock_up(self._clock(ended_ms)), published_at)
        said = self.asked.redaction < Redaction.EXPOSED
        low, high = people_affected(self.system, self.course, self.since_ms, self.at_ms, is_over=ended_ms is not None)
        incident = PublicIncident(
            reference=f"{started_at:%Y-%m-%d-%H%M}",
            state=self.asked.state,
            redaction=self.asked.redaction,
            severity=severity,
            started_at=started_at,
            published_at=published_at,
            affected=self._services(public, is_over=ended_ms is not None),
            unaffected=self._unaffected(affected),
            people=people(low, high, settings.smallest_group) if self._counts(public) else None,
            share=self._share(low, high) if self._counts(public) else None,
            estimate=chosen.estimate,
            has_estimates=chosen.why_none != "policy",
            is_late=chosen.is_late,
            workarounds=self._workarounds(public),
            cause=self._cause() if said else None,
            next_update_by=self._next_update_by(published_at, severity, chosen),
            ended_at=ended_at,
            lasted_ms=None if ended_at is None else round((ended_at - started_at) / timedelta(milliseconds=1)),
            data=self.asked.data,
            may_recur=self.asked.may_recur and said,
            provider_will_change=self.asked.provider_will_change and said,
            contact=settings.contact,
            zones=self._zones(),
        )
        return Draft(incident, chosen, rest, tuple(self.problems))

    def _zones(self) -> dict[str, str]:
        settings = self.system.notices
        other = self.asked.zone or settings.zone
        return {**settings.zones, **({"": other} if other else {})}

    # Services.

    def _affected(self) -> list[str]:
        """Return the services that are affected now; of what is being watched or over, those that were."""
        now = [name for name, loss in self.now.items() if loss.status != "operational"]
        if now or self.asked.state in {"investigating", "identified"}:
            return now
        return [name for name, loss in self.worst.items() if loss.status != "operational"]

    def _ended_ms(self, affected: Sequence[str]) -> int | None:
        """Return when all of the affected services were back for good; None if one is not."""
        back = [self.losses.back_ms(name, self.at_ms) for name in affected]
        known = [ms for ms in back if ms is not None]
        return max(known) if known and len(known) == len(back) else None

    def _check(self, affected: Sequence[str], ended_ms: int | None) -> None:
        nameless = [name for name in affected if not self.system.components[name].public_name]
        what = "and so stands in no notice"
        for name in nameless:
            path, how = ("components", name, "public_name"), "say what customers call it"
            fault = f"the service {name} is affected and has no public name, {what}"
            severity: Severity = "error" if len(nameless) == len(affected) else "warning"
            self.problems.append(Problem(path, fault, how, "no-public-name", severity))
        self.problems += [each for name in affected for each in self._without_words(name)]
        if not affected:
            was_any = any(loss.status != "operational" for loss in self.worst.values())
            self.problems.append(nobody_affected(self.asked.state, was_any))
        elif self.asked.state == "resolved" and ended_ms is None:
            names = ", ".join(name for name in affected if self.losses.back_ms(name, self.at_ms) is None)
            fault = f"it is not resolved by then: not back are {names}"
            how = "choose a later time with --at, or say until when it lasted with --until"
            self.problems.append(Problem((), fault, how, "not-resolved"))
        if any(problem.severity == "error" for problem in self.problems):
            raise InvalidInput(self.problems)

    def _without_words(self, name: str) -> Iterator[Problem]:
        """Find workarounds that are there, and that nobody could be told of."""
        component = self.system.components[name]
        for offer in self.losses.offers(name, self.at_ms) if component.public_name else ():
            if not offer.words.text:
                place = component.workarounds.index(offer.words)
                path = ("components", name, "workarounds", place, "text")
                yield Problem(path, _NO_WORDS, _GIVE_WORDS, "workaround-text")

    def _services(self, names: Sequence[str], *, is_over: bool) -> tuple[PublicService, ...]:
        losses = self.worst if is_over else self.now
        found = [self._service(name, losses[name].status) for name in names]
        return tuple(sorted(found, key=lambda each: -STATUSES.index(each.status)))

    def _service(self, name: str, status: Status) -> PublicService:
        component = self.system.components[name]
        effects = component.public_effects
        effect: Mapping[str, str] = {}
        if effects is not None and status != "operational":
            effect = effects.degraded if status == "degraded_performance" else effects.down
        return PublicService(component.public_name, status, effect)

    def _unaffected(self, affected: Sequence[str]) -> tuple[PublicService, ...]:
        return tuple(
            self._service(name, "operational")
            for name in self.course.services
            if name not in affected
            and self.now[name].status == "operational"
            and self.system.components[name].public_name
        )

    # People.

    def _counts(self, public: Sequence[str]) -> bool:
        """Tell whether somebody says who uses what is affected; a count that left some of them out would say too little."""
        return services_with_users(self.system).issuperset(public)

    def _share(self, low: float, high: float) -> tuple[float, float] | None:
        in_all = self.course.people
        if not in_all or high < self.system.notices.smallest_group:
            return None
        return shares(min(1.0, low / in_all), min(1.0, high / in_all))

    # Judgement.

    def _severity(self, is_over: bool) -> int:
        losses: list[Loss] = list((self.worst if is_over else self.now).values())
        on_reserve = not is_over and any(
            reserve.from_ms <= self.at_ms < reserve.to_ms and reserve.purpose in {"run", "stay_up"}
            for name in self.course.services
            for reserve in self.course.components[name].reserve
        )
        return severity_of(losses, is_grave=self.asked.is_grave, has_lost_redundancy=on_reserve)

    def _cause(self) -> CauseClass:
        if self.asked.cause is not None:
            return self.asked.cause
        if self.asked.state == "investigating":
            return "under_examination"
        return class_of_cause(self.system, self.course, self._affected(), self.at_ms)

    def _workarounds(self, names: Sequence[str]) -> tuple[PublicWorkaround, ...]:
        found = []
        for name in names:
            for offer in self.losses.offers(name, self.at_ms, self.rest):
                until = None if offer.until_ms is None else clock_down(self._clock(offer.until_ms))
                public = self.system.components[name].public_name
                found.append(PublicWorkaround(public, offer.words.text, until))
        return tuple(found)

    def _next_update_by(self, published_at: datetime, severity: int, chosen: Chosen) -> datetime | None:
        """Return when the next update follows: by the cadence, or as people decide, and always before an estimate passes."""
        if self.asked.state == "resolved":
            return None
        wait_ms = self.asked.next_update_ms or CADENCE_MS[severity]
        by = clock_up(published_at + timedelta(milliseconds=wait_ms))
        if chosen.estimate is None:
            return by
        ends_at = chosen.estimate.high_at
        last_at = clock_down(ends_at) if clock_down(ends_at) > published_at else ends_at
        if self.asked.next_update_ms is not None and last_at < by:
            self.problems.append(update_too_late(ends_at, last_at))
        return min(by, last_at)

    def _clock(self, at_ms: int) -> datetime:
        return self.starts + timedelta(milliseconds=at_ms)


def is_over(course: Facts, at_ms: int) -> bool:
    """Tell whether every service is whole at a time of a run."""
    return all(level_at(course.components[name], at_ms) == 1.0 for name in course.services)
