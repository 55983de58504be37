"""DR08: what people need to recover, and what goes down with what is to be recovered: tools, places, copies, channels.

Two looks at each: statically, it leans alone on what the step restores or on what fails in a scenario that calls for the step; and
as it was seen, it was down in a rehearsal when it was needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from impactsim.audit.findings import Severity
from impactsim.files.loading import LoadedScenario
from impactsim.model.plan import RecoveryStep
from impactsim.model.scenario import Degrade, Destroy, Fail, Strike
from impactsim.review.facts import PlanFinding, Rehearsal, StepFacts
from impactsim.review.ground import Ground
from impactsim.review.leaning import Path, bridged_ms, needed_alone, path_words
from impactsim.review.told import listed
from impactsim.review.words import duration


def findings(ground: Ground, scenarios: Sequence[LoadedScenario]) -> list[PlanFinding]:
    """Return what of the recovery's own means leans on what is to be recovered.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    scenarios
        The scenarios of the rehearsals, in the same order.
    """
    hindrance = _Hindrance(ground, scenarios)
    found = [each for step in ground.plan.steps for each in hindrance.of_step(step)]
    found += hindrance.of_declaration()
    found += [each for contact in ground.plan.contacts for each in hindrance.of_contact(contact)]
    return found


def failing(scenario: LoadedScenario) -> tuple[str, ...]:
    """Return the ids of what fails, degrades, is destroyed or is struck in a scenario, in the order of its events."""
    found: dict[str, None] = {}
    for event in scenario.scenario.events:
        match event:
            case Fail():
                names: Sequence[str] = event.fail
            case Degrade():
                names = event.degrade
            case Destroy():
                names = event.destroy
            case Strike():
                names = [name for cause in event.strike for name in scenario.system.common_causes[cause].strikes]
        found.update(dict.fromkeys(names))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Means:
    """One thing with which something is done."""

    id: str
    role: str
    """What it is in the plan: tool, place, copy, channel."""


@dataclass(slots=True)
class _Case:
    """What was found about one means of one deed."""

    severity: Severity
    evidence: list[str]
    on: list[str]


class _Hindrance:
    """The means of a plan, held against what fails."""

    def __init__(self, ground: Ground, scenarios: Sequence[LoadedScenario]) -> None:
        self.ground = ground
        self.plan = ground.plan
        self.system = ground.system
        self.scenes = list(zip(ground.rehearsals, map(failing, scenarios), strict=True))
        self._alone: dict[str, Mapping[str, str]] = {}

    @cached_property
    def _needed(self) -> dict[str, set[str]]:
        return {name: {name, *self.ground.at_all[name]} for name in self.plan.services}

    def leans(self, name: str) -> Mapping[str, str]:
        """Return what a component cannot do without, itself included, each with the path to it in words."""
        if name not in self._alone:
            below = {other: self._way(path) for other, path in needed_alone(self.system, name).items()}
            self._alone[name] = {name: name, **below}
        return self._alone[name]

    def _way(self, path: Path) -> str:
        hidden_ms = bridged_ms(self.system, path)
        return path_words(path) + (f" (which holdovers hide for {duration(hidden_ms)})" if hidden_ms else "")

    # Steps.

    def of_step(self, name: str) -> Iterator[PlanFinding]:
        """Yield the findings about one step."""
        step = self.plan.steps[name]
        means = dict.fromkeys(
            [*(_Means(each, "tool") for each in step.tools), *(_Means(each, "place") for each in step.at)]
        )
        for each in means:
            case = _Case(Severity.NOTE, [], [])
            self._restored_by(step, name, each, case)
            for rehearsal, fails in self.scenes:
                self._seen(name, rehearsal, each, case, fails)
            if case.evidence:
                yield self._finding(name, f"step {name}", each, case, self._services_of(step), (name,))
        yield from self._of_copies(step, name)

    def _restored_by(self, step: RecoveryStep, name: str, means: _Means, case: _Case) -> None:
        """Does it lean on what the step itself brings back?"""
        of = step.switches.of if step.switches is not None else ()
        leans = self.leans(means.id)
        for each in dict.fromkeys((*step.restores, *of)):
            if each in leans:
                _note(case, Severity.MEDIUM, f"{leans[each]}, which step {name} brings back", each)

    def _seen(self, name: str, rehearsal: Rehearsal, means: _Means, case: _Case, fails: Sequence[str]) -> None:
        """Does it lean on what fails in a scenario that calls for the step, and was it down when the step needed it?"""
        step = next((each for each in rehearsal.steps if each.id == name and each.is_called), None)
        if step is None:
            return
        leans = self.leans(means.id)
        for each in fails:
            if each in leans:
                _note(case, Severity.MEDIUM, f"{leans[each]}, which fails in '{rehearsal.name}'", each)
        _note_waits(f"step {name}", step, rehearsal, means.id, case)

    def _of_copies(self, step: RecoveryStep, name: str) -> Iterator[PlanFinding]:
        """Yield a finding for each copy of what a step restores that is out of reach when the step needs it."""
        for data in step.restores:
            places = list(dict.fromkeys(copy.at for copy in self.system.components[data].copies))
            cases = {place: self._copy(data, name, place) for place in places}
            for place, case in cases.items():
                if case.evidence:
                    # With another copy in reach the step is merely one choice poorer.
                    if not all(each.evidence for each in cases.values()):
                        case.severity = Severity.LOW
                    means = _Means(place, f"copy of {data}")
                    yield self._finding(name, f"step {name}", means, case, self._services_of(step), (name,))

    def _copy(self, data: str, step: str, place: str) -> _Case:
        case = _Case(Severity.NOTE, [], [])
        leans = self.leans(place)
        if data in leans:
            _note(case, Severity.MEDIUM, f"{leans[data]}, which step {step} restores from it", data)
        for rehearsal, fails in self.scenes:
            is_called = any(each.id == step and each.is_called for each in rehearsal.steps)
            # What merely fails is repaired, not restored from a copy.
            if is_called and data in rehearsal.run.data:
                for each in fails:
                    if each in leans and each != data:
                        _note(case, Severity.MEDIUM, f"{leans[each]}, which fails in '{rehearsal.name}'", each)
        return case

    # The declaration.

    def of_declaration(self) -> Iterator[PlanFinding]:
        """Yield the findings about what those who decide need."""
        for name in dict.fromkeys(self.plan.declaration.tools):
            means, case = _Means(name, "tool"), _Case(Severity.NOTE, [], [])
            leans = self.leans(name)
            for rehearsal, fails in self.scenes:
                for each in fails:
                    if each in leans:
                        _note(case, Severity.MEDIUM, f"{leans[each]}, which fails in '{rehearsal.name}'", each)
                for gate in rehearsal.gates:
                    if gate.id == "declaration":
                        _note_waits("the declaration", gate, rehearsal, name, case)
            if case.evidence:
                services = tuple(each for each in self.plan.services if not self._needed[each].isdisjoint(case.on))
                yield self._finding("declaration", "the declaration", means, case, services, ())

    # Contacts.

    def of_contact(self, name: str) -> Iterator[PlanFinding]:
        """Yield the findings about the channels over which somebody is to be reached."""
        channels = list(dict.fromkeys(self.plan.contacts[name].by))
        cases: dict[str, _Case] = {}
        silent: set[str] = set()
        for rehearsal, fails in self.scenes:
            hit = [each for each in channels if self._channel(rehearsal, fails, each, cases)]
            if len(hit) == len(channels):
                silent.update(hit)
        for channel, case in cases.items():
            # While another channel stays the words go that way.
            case.severity = case.severity if channel in silent else Severity.LOW
            services = tuple(each for each in self.plan.services if not self._needed[each].isdisjoint(case.on))
            yield self._finding(
                f"contact/{name}", f"the contact {name}", _Means(channel, "channel"), case, services, ()
            )

    def _channel(self, rehearsal: Rehearsal, fails: Sequence[str], channel: str, cases: dict[str, _Case]) -> bool:
        """Note what a scenario does to a channel; tell whether it does anything."""
        case = _Case(Severity.NOTE, [], [])
        leans = self.leans(channel)
        for each in fails:
            if each in leans:
                _note(case, Severity.MEDIUM, f"{leans[each]}, which fails in '{rehearsal.name}'", each)
        facts = rehearsal.run.components.get(channel)
        if facts is not None and facts.down_ms > 0:
            _note(case, Severity.HIGH, f"'{rehearsal.name}': {channel} is down for {duration(facts.down_ms)}", channel)
        if case.evidence:
            known = cases.setdefault(channel, _Case(Severity.NOTE, [], []))
            known.severity = max(known.severity, case.severity)
            known.evidence += case.evidence
            known.on += case.on
        return bool(case.evidence)

    # All of them.

    def _services_of(self, step: RecoveryStep) -> tuple[str, ...]:
        """Return the services that need what a step brings back."""
        back = {*step.restores, *(step.switches.of if step.switches is not None else ())}
        return tuple(each for each in self.plan.services if not self._needed[each].isdisjoint(back))

    def _finding(
        self, place: str, deed: str, means: _Means, case: _Case, services: tuple[str, ...], steps: tuple[str, ...]
    ) -> PlanFinding:
        on = [each for each in dict.fromkeys(case.on) if each != means.id]
        leans_on = f", which leans on {listed(on)}" if on else ", which fails itself" if means.id in case.on else ""
        return PlanFinding(
            id=f"DR08/{place}/{means.id}",
            code="DR08",
            severity=case.severity,
            text=f"{deed} needs the {means.role} {means.id}{leans_on}",
            services=services,
            evidence=tuple(dict.fromkeys(case.evidence)),
            remedy=_REMEDIES[means.role.split(" ", maxsplit=1)[0]].format(what=means.id),
            components=(means.id, *on),
            steps=steps,
        )


_REMEDIES = {
    "tool": "keep a second way that does not lean on it: an offline copy of {what}, or one elsewhere",
    "place": "name a second place besides {what} from which it can be done",
    "copy": "keep a copy at another place than {what} that shares nothing with it",
    "channel": "add a channel that does not lean on what fails, such as telephones outside the company, besides {what}",
}


def _note(case: _Case, severity: Severity, evidence: str, on: str) -> None:
    case.severity = max(case.severity, severity)
    case.evidence.append(evidence)
    case.on.append(on)


def _note_waits(deed: str, step: StepFacts, rehearsal: Rehearsal, means: str, case: _Case) -> None:
    """Note when a step or the declaration waited for what it is done with, and whether it did so until the end."""
    for wait in step.waits:
        is_open = step.ends_ms is None and wait.to_ms == rehearsal.run.end_ms
        if wait.kind in {"tool", "place"} and means in wait.of and not is_open:
            told = f"'{rehearsal.name}': {deed} waits {duration(wait.to_ms - wait.from_ms)} for {means}, until {duration(wait.to_ms)}"
            _note(case, Severity.HIGH, told, means)
    if _is_stuck(step, rehearsal, means):
        told = f"'{rehearsal.name}': {means} is still down at the end, and so {deed} is never done, although all before it is"
        _note(case, Severity.CRITICAL, told, means)


def _is_stuck(step: StepFacts, rehearsal: Rehearsal, means: str) -> bool:
    """Does what a step is done with keep it from ever ending: is it down at the end, and is all done that comes before?"""
    facts = rehearsal.run.components.get(means)
    if step.ends_ms is not None or facts is None or facts.levels[-1][1] > 0.0:
        return False
    ends = {each.id: each.ends_ms for each in (*rehearsal.gates, *rehearsal.steps)}
    gates = [wait.of[0] for wait in step.waits if wait.kind == "gate" and wait.of[0] in ends]
    return all(ends[each] is not None for each in (*step.after, *gates))
