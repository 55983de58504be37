"""DR08: what people need to recover, and what goes down with what is to be recovered: tools, places, copies, channels.

Two looks at each: statically, it leans alone on what the step restores or on what fails in a scenario that calls for the step; and
as it was seen, it was down in a rehearsal when it was needed. One finding for each such thing, whatever the number of steps that need
it: whoever gives it a second way closes it for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from impactsim.audit.findings import Severity
from impactsim.files.loading import LoadedScenario
from impactsim.model.plan import RecoveryPlan, RecoveryStep
from impactsim.model.scenario import Degrade, Destroy, Fail, Strike
from impactsim.review.facts import PlanFinding, Rehearsal, StepFacts
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import Path, bridged_ms, needed_alone, path_words
from impactsim.review.findings.told import listed
from impactsim.review.report.times import duration


def findings(ground: Ground, scenarios: Sequence[LoadedScenario]) -> list[PlanFinding]:
    """Return what of the recovery's own means leans on what is to be recovered, one finding for each of them.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    scenarios
        The scenarios of the rehearsals, in the same order.
    """
    hindrance = _Hindrance(ground, scenarios)
    for step in ground.plan.steps:
        hindrance.see_step(step)
    hindrance.see_declaration()
    for contact in ground.plan.contacts:
        hindrance.see_contact(contact)
    return hindrance.found()


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


@dataclass(slots=True)
class _Case:
    """What was found about one thing with which something is done."""

    id: str
    severity: Severity = Severity.NOTE
    roles: list[str] = field(default_factory=list)
    """What it is in the plan: tool, place, copy of something, channel."""
    deeds: list[str] = field(default_factory=list)
    """What is done with it: steps, the declaration, contacts."""
    on: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    scenarios: dict[str, Severity] = field(default_factory=dict)

    def note(self, severity: Severity, evidence: str, on: str, scenario: str | None = None) -> None:
        """Take note of something that is wrong with it, and in which scenario it shows."""
        self.severity = max(self.severity, severity)
        self.evidence.append(evidence)
        self.on.append(on)
        if scenario is not None:
            self.scenarios[scenario] = max(severity, self.scenarios.get(scenario, severity))

    def add(self, other: _Case) -> None:
        """Take over what was found about it in another place."""
        self.severity = max(self.severity, other.severity)
        self.roles += other.roles
        self.deeds += other.deeds
        self.on += other.on
        self.evidence += other.evidence
        self.services += other.services
        self.steps += other.steps
        for scenario, severity in other.scenarios.items():
            self.scenarios[scenario] = max(severity, self.scenarios.get(scenario, severity))


class _Hindrance:
    """The means of a plan, held against what fails."""

    def __init__(self, ground: Ground, scenarios: Sequence[LoadedScenario]) -> None:
        self.ground = ground
        self.plan = ground.plan
        self.system = ground.system
        self.scenes = list(zip(ground.rehearsals, map(failing, scenarios), strict=True))
        self._alone: dict[str, Mapping[str, str]] = {}
        self._cases: dict[str, _Case] = {}

    def found(self) -> list[PlanFinding]:
        """Return the findings of what was looked at, in the order in which it was."""
        return [_finding(self.plan, case) for case in self._cases.values()]

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

    def _keep(self, case: _Case, role: str, deed: str, services: Iterable[str], steps: Sequence[str] = ()) -> None:
        """Put what was found about something beside what is known of it already."""
        if case.evidence:
            case.roles.append(role)
            case.deeds.append(deed)
            case.services += services
            case.steps += steps
            self._cases.setdefault(case.id, _Case(case.id)).add(case)

    def _note_failing(self, case: _Case, rehearsal: Rehearsal, fails: Sequence[str], but: str | None = None) -> None:
        """Note that it leans on what fails in a scenario."""
        leans = self.leans(case.id)
        for each in fails:
            if each in leans and each != but:
                way = f"{leans[each]}, which fails in '{rehearsal.name}'"
                case.note(Severity.MEDIUM, way, each, rehearsal.name)

    # Steps.

    def see_step(self, name: str) -> None:
        """Look at the tools, the places and the copies of a step."""
        step = self.plan.steps[name]
        means = dict.fromkeys([*((each, "tool") for each in step.tools), *((each, "place") for each in step.at)])
        for each, role in means:
            case = _Case(each)
            self._restored_by(step, name, case)
            for rehearsal, fails in self.scenes:
                self._seen(name, rehearsal, case, fails)
            self._keep(case, role, f"step {name}", self._services_of(step), (name,))
        self._see_copies(step, name)

    def _restored_by(self, step: RecoveryStep, name: str, case: _Case) -> None:
        """Does it lean on what the step itself brings back?"""
        of = step.switches.of if step.switches is not None else ()
        leans = self.leans(case.id)
        for each in dict.fromkeys((*step.restores, *of)):
            if each in leans:
                case.note(Severity.MEDIUM, f"{leans[each]}, which step {name} brings back", each)

    def _seen(self, name: str, rehearsal: Rehearsal, case: _Case, fails: Sequence[str]) -> None:
        """Does it lean on what fails in a scenario that calls for the step, and was it down when the step needed it?"""
        step = next((each for each in rehearsal.steps if each.id == name and each.is_called), None)
        if step is not None:
            self._note_failing(case, rehearsal, fails)
            _note_waits(f"step {name}", step, rehearsal, case)

    def _see_copies(self, step: RecoveryStep, name: str) -> None:
        """Look at the copies of what a step restores. While one is in reach, the step merely has fewer to choose from."""
        for data in step.restores:
            places = dict.fromkeys(copy.at for copy in self.system.components[data].copies)
            cases = [self._copy(data, name, place) for place in places]
            for case in cases if all(case.evidence for case in cases) else ():
                self._keep(case, f"copy of {data}", f"step {name}", self._services_of(step), (name,))

    def _copy(self, data: str, step: str, place: str) -> _Case:
        case, leans = _Case(place), self.leans(place)
        if data in leans:
            case.note(Severity.MEDIUM, f"{leans[data]}, which step {step} restores from it", data)
        for rehearsal, fails in self.scenes:
            # What merely fails is repaired, not restored from a copy.
            if data in rehearsal.run.data and any(each.id == step and each.is_called for each in rehearsal.steps):
                self._note_failing(case, rehearsal, fails, but=data)
        return case

    def _services_of(self, step: RecoveryStep) -> list[str]:
        """Return the services that need what a step brings back."""
        back = {*step.restores, *(step.switches.of if step.switches is not None else ())}
        return [each for each in self.plan.services if not self._needed[each].isdisjoint(back)]

    # The declaration and contacts.

    def see_declaration(self) -> None:
        """Look at what those who decide need."""
        for name in dict.fromkeys(self.plan.declaration.tools):
            case = _Case(name)
            for rehearsal, fails in self.scenes:
                self._note_failing(case, rehearsal, fails)
                for gate in rehearsal.gates:
                    if gate.id == "declaration":
                        _note_waits("the declaration", gate, rehearsal, case)
            self._keep(case, "tool", "the declaration", self._services_on(case))

    def see_contact(self, name: str) -> None:
        """Look at the channels over which somebody is to be reached."""
        channels = list(dict.fromkeys(self.plan.contacts[name].by))
        cases = {channel: _Case(channel) for channel in channels}
        silent: set[str] = set()
        for rehearsal, fails in self.scenes:
            hit = [each for each in channels if self._is_hit(rehearsal, fails, cases[each])]
            if len(hit) == len(channels):
                silent.update(hit)
        for channel, case in cases.items():
            # While another channel stays the words go that way.
            case.severity = case.severity if channel in silent else Severity.LOW
            self._keep(case, "channel", f"the contact {name}", self._services_on(case))

    def _is_hit(self, rehearsal: Rehearsal, fails: Sequence[str], case: _Case) -> bool:
        """Note what a scenario does to a channel; tell whether it does anything."""
        before = len(case.evidence)
        self._note_failing(case, rehearsal, fails)
        facts = rehearsal.run.components.get(case.id)
        if facts is not None and facts.down_ms > 0:
            told = f"'{rehearsal.name}': {case.id} is down for {duration(facts.down_ms)}"
            case.note(Severity.HIGH, told, case.id, rehearsal.name)
        return len(case.evidence) > before

    def _services_on(self, case: _Case) -> list[str]:
        return [each for each in self.plan.services if not self._needed[each].isdisjoint(case.on)]


def _finding(plan: RecoveryPlan, case: _Case) -> PlanFinding:
    on = [each for each in dict.fromkeys(case.on) if each != case.id]
    leans_on = f", which leans on {listed(on)}" if on else ", which fails itself" if case.id in case.on else ""
    role = case.roles[0]
    deeds = list(dict.fromkeys(case.deeds))
    worst = sorted(case.scenarios, key=lambda each: -case.scenarios[each])  # stable
    return PlanFinding(
        id=f"DR08/{case.id}",
        code="DR08",
        severity=case.severity,
        text=f"{_deeds_told(deeds)} need{'s' if len(deeds) == 1 else ''} the {role} {case.id}{leans_on}",
        services=tuple(each for each in plan.services if each in case.services),
        evidence=tuple(dict.fromkeys(case.evidence)),
        remedy=_REMEDIES[role.split(" ", maxsplit=1)[0]].format(what=case.id),
        components=(case.id, *on),
        steps=tuple(dict.fromkeys(case.steps)),
        scenarios=tuple(worst),
    )


def _deeds_told(deeds: Sequence[str]) -> str:
    steps = [each.removeprefix("step ") for each in deeds if each.startswith("step ")]
    others = [each for each in deeds if not each.startswith("step ")]
    told = [f"step{'s' if len(steps) > 1 else ''} {listed(steps)}"] if steps else []
    return ", and ".join((*told, *([listed(others)] if others else [])))


_REMEDIES = {
    "tool": "keep a second way that does not lean on it: an offline copy of {what}, or one elsewhere",
    "place": "name a second place besides {what} from which it can be done",
    "copy": "keep a copy at another place than {what} that shares nothing with it",
    "channel": "add a channel that does not lean on what fails, such as telephones outside the company, besides {what}",
}


def _note_waits(deed: str, step: StepFacts, rehearsal: Rehearsal, case: _Case) -> None:
    """Note when a step or the declaration waited for what it is done with, and whether it did so until the end."""
    means = case.id
    for wait in step.waits:
        is_open = step.ends_ms is None and wait.to_ms == rehearsal.run.end_ms
        if wait.kind in {"tool", "place"} and means in wait.of and not is_open:
            told = f"'{rehearsal.name}': {deed} waits {duration(wait.to_ms - wait.from_ms)} for {means}, until {duration(wait.to_ms)}"
            case.note(Severity.HIGH, told, means, rehearsal.name)
    if _is_stuck(step, rehearsal, means):
        told = f"'{rehearsal.name}': {means} is still down at the end, and so {deed} is never done, although all before it is"
        case.note(Severity.CRITICAL, told, means, rehearsal.name)


def _is_stuck(step: StepFacts, rehearsal: Rehearsal, means: str) -> bool:
    """Does what a step is done with keep it from ever ending: is it down at the end, and is all done that comes before?"""
    facts = rehearsal.run.components.get(means)
    if step.ends_ms is not None or facts is None or facts.levels[-1][1] > 0.0:
        return False
    ends = {each.id: each.ends_ms for each in (*rehearsal.gates, *rehearsal.steps)}
    gates = [wait.of[0] for wait in step.waits if wait.kind == "gate" and wait.of[0] in ends]
    return all(ends[each] is not None for each in (*step.after, *gates))
