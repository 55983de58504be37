"""The whole pack: who takes part, what they are told when, what surprises, what is expected, and how it is scored."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.exercise.criteria import criteria
from impactsim.exercise.facts import DraftNotice, ExerciseFacts, Participant
from impactsim.exercise.ground import Ground
from impactsim.exercise.injects import injects
from impactsim.exercise.questions import AT_THE_END
from impactsim.exercise.surprises import surprises
from impactsim.reports.words import clean, joined
from impactsim.review.facts import PlanFinding, ReviewFacts

_N_FINDINGS = 12
_EVERYWHERE = frozenset({"DR09", "DR14", "DR15"})
"""Codes of findings about the plan itself, which show in any scenario."""


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
    told = injects(ground, surprising)
    return ExerciseFacts(
        plan=clean(review.plan),
        system=clean(review.system),
        scenario=clean(ground.rehearsal.name),
        file=ground.rehearsal.file,
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
        detected_ms=ground.detected_ms,
        declared_ms=ground.declared_ms,
        questions=AT_THE_END,
        drafts=tuple(drafts),
        no_drafts=no_drafts,
        findings=_findings(ground, review)[:_N_FINDINGS],
        criteria=criteria(ground, review, surprising),
    )


def _aims(ground: Ground) -> tuple[str, ...]:
    hit = [each.name for each in ground.components if each.id in ground.plan.services and each.was_affected]
    return (
        "see whether people find out, decide and act in the order that the plan says, with the tools that are left",
        f"see what becomes of the promises for {joined(hit, 4)}" if hit else "see whether anybody notices",
        "find what the plan does not say",
    )


def _participants(ground: Ground) -> tuple[Participant, ...]:
    """Return the roles that the scenario calls for: those that decide first, then those that do steps, in their order."""
    steps = [(step, role) for step in ground.steps for role in ground.plan.steps[step.id].by]
    roles = dict.fromkeys([*ground.plan.declaration.by, *(role for _, role in steps)])
    return tuple(_participant(ground, role, [step.name for step, by in steps if by == role]) for role in roles)


def _participant(ground: Ground, role: str, steps: Sequence[str]) -> Participant:
    found = ground.plan.roles.get(role)
    decides = ["decides that the plan is put into action"] if role in ground.plan.declaration.by else []
    quoted = [f"'{each}'" for each in steps]
    does = [f"does {joined(quoted, 4)}"] if steps else []
    people = () if found is None else tuple(clean(each) for each in found.people)
    return Participant(role, ground.name(role), people, joined(decides + does))


def _findings(ground: Ground, review: ReviewFacts) -> tuple[PlanFinding, ...]:
    """Return what the review found of what this run touches, the worst first."""
    hit = {each.id for each in ground.components if each.was_affected}
    called = {step.id for step in ground.steps}

    def is_here(finding: PlanFinding) -> bool:
        touches = hit.intersection((*finding.services, *finding.components)) or called.intersection(finding.steps)
        return bool(touches) or (finding.code in _EVERYWHERE and not finding.services)

    return tuple(finding for finding in review.findings if is_here(finding))
