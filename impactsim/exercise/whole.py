"""The whole pack: who takes part, what they are told when, what surprises, what is expected, and how it is scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.exercise.channels import channels
from impactsim.exercise.consequences import with_surprises
from impactsim.exercise.criteria import criteria
from impactsim.exercise.facts import DraftNotice, ExerciseFacts, ExpectedFinding, Inject, Message, Participant
from impactsim.exercise.given import assumptions, left_open
from impactsim.exercise.ground import Ground
from impactsim.exercise.injects import injects
from impactsim.exercise.questions import AT_THE_END
from impactsim.exercise.surprises import surprises
from impactsim.reports.words import clean, joined
from impactsim.review.facts import PlanFinding, ReviewFacts

_N_FINDINGS = 12
_N_SHOWN = 4
_EVERYWHERE = frozenset({"DR09", "DR14", "DR15"})
"""Codes of findings about the plan itself, which show in any scenario."""
_OF_TIMES = frozenset({"DR01", "DR02", "DR03", "DR04", "DR11"})
"""Codes of findings about services, which show where the service is down."""
_OF_TARGETS = frozenset({"DR01", "DR02", "DR03"})
"""Codes of findings about times that were promised."""


def exercise_of(
    ground: Ground, review: ReviewFacts, drafts: Sequence[DraftNotice] = (), no_drafts: str = ""
) -> ExerciseFacts:
    """Make a tabletop pack.

    Parameters
    ----------
    ground
        The plan, and the run of it in the scenario.
    review
        What the review of the plan says: what the exercise should find.
    drafts
        What customers could be told.
    no_drafts
        Why there is none of them, or not all.
    """
    surprising = surprises(ground)
    ground = with_surprises(ground, surprising)
    told = injects(ground, surprising)
    return ExerciseFacts(
        plan=clean(review.plan),
        system=clean(review.system),
        scenario=clean(ground.rehearsal.name),
        file=ground.rehearsal.file,
        starts=ground.run.starts,
        trial=ground.run.trial,
        seed=review.seed,
        as_of=review.as_of,
        version=review.version,
        end_ms=max((each.at_ms for each in told), default=0),
        aims=_aims(ground),
        participants=_participants(ground),
        injects=told,
        surprises=surprising,
        steps=ground.steps,
        services=ground.services,
        detected_ms=ground.detected_ms,
        declared_ms=ground.declared_ms,
        questions=AT_THE_END,
        drafts=tuple(drafts),
        no_drafts=no_drafts,
        findings=tuple(_findings(ground, review, told))[:_N_FINDINGS],
        criteria=criteria(ground, surprising),
        assumptions=tuple(assumptions(ground, surprising)),
        left_open=tuple(left_open(ground)),
        names={each: ground.name(each) for each in channels(ground)},
    )


def _aims(ground: Ground) -> tuple[str, ...]:
    hit = [each.name for each in ground.services]
    return (
        "see whether people find out, decide and act in the order that the plan says, with the tools that are left",
        f"see what becomes of the promises for {joined(hit, 4)}" if hit else "see whether anybody notices",
        "find what the plan does not say",
    )


def _participants(ground: Ground) -> tuple[Participant, ...]:
    """Return all roles of the plan: those that decide first, then those that do steps here, in their order, then the others.

    Who takes part must not tell what fails, so the table of participants has all of them.
    """
    steps = [(step, role) for step in ground.steps for role in ground.plan.steps[step.id].by]
    roles = dict.fromkeys([*ground.plan.declaration.by, *(role for _, role in steps), *ground.plan.roles])
    return tuple(_participant(ground, role, [step.name for step, by in steps if by == role]) for role in roles)


def _participant(ground: Ground, role: str, steps: Sequence[str]) -> Participant:
    found = ground.plan.roles.get(role)
    decides = ["decides that the plan is put into action"] if role in ground.plan.declaration.by else []
    quoted = [f"'{each}'" for each in steps]
    does = [f"does {joined(quoted, 4)}"] if steps else []
    people = () if found is None else tuple(clean(each) for each in found.people)
    return Participant(role, ground.name(role), people, joined(decides + does))


def _findings(ground: Ground, review: ReviewFacts, told: Sequence[Inject]) -> Iterator[ExpectedFinding]:
    """Yield what the review found that this run can show, the worst first, and by which injects."""
    hit = {each.id for each in ground.components if each.was_affected}
    steps = {step.id for step in ground.steps}
    used = hit | _leaned_on(ground)
    for finding in review.findings:
        if _can_show(finding, hit, used, steps):
            yield ExpectedFinding(finding, _shown_by(finding, told))


def _leaned_on(ground: Ground) -> set[str]:
    """Return the ids of what the steps lean on: tools, places, standbys, and where the copies of what they restore lie."""
    system = ground.rehearsal.system
    found: set[str] = set()
    for step in ground.steps:
        said = ground.plan.steps[step.id]
        found.update((*said.tools, *said.at), () if said.switches is None else (said.switches.to,))
        known = [system.components[each] for each in said.restores if system and each in system.components]
        found.update(copy.at for each in known for copy in each.copies if each.kind == "data")
    return found


def _can_show(finding: PlanFinding, hit: set[str], used: set[str], steps: set[str]) -> bool:
    """Tell whether a run shows a finding: it touches what the finding is about."""
    if finding.steps:
        return bool(steps.intersection(finding.steps))
    if finding.code in _OF_TIMES:
        return bool(hit.intersection(finding.services))
    if finding.components:
        return used.issuperset(finding.components)
    return bool(hit.intersection(finding.services)) or (finding.code in _EVERYWHERE and not finding.services)


def _shown_by(finding: PlanFinding, told: Sequence[Inject]) -> tuple[int, ...]:
    """Return the numbers of the injects that show a finding: those of its surprise, of an owner who asks, of what fails first."""
    about = {*finding.components, *finding.services}
    for is_told in (_surprises_by, _asks_for, _tells_of):
        found = [each.number for each in told if any(is_told(message, finding, about) for message in each.messages)]
        if found:
            return tuple(found[:_N_SHOWN])
    return ()


def _surprises_by(message: Message, finding: PlanFinding, about: set[str]) -> bool:
    hits = message.step in finding.steps or about.intersection(message.components)
    return message.is_surprise and finding.code not in _OF_TARGETS and bool(hits)


def _asks_for(message: Message, finding: PlanFinding, about: set[str]) -> bool:
    return message.kind == "asked" and finding.code in _OF_TARGETS and bool(about.intersection(message.components))


def _tells_of(message: Message, finding: PlanFinding, about: set[str]) -> bool:
    if finding.steps and finding.code not in _OF_TARGETS:
        return message.step in finding.steps
    return message.kind != "done" and bool(about.intersection(message.components))
