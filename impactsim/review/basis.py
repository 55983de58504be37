"""On what a review rests: assumptions, guesses and sources of what matters, and the names of it all."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.model.plan import RecoveryStep
from impactsim.review.findings import by_itself
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.static import static_assumptions
from impactsim.review.play.works import work_of
from impactsim.review.report.times import duration


def assumptions(ground: Ground) -> tuple[str, ...]:
    """Return what the review took for granted, one sentence each, without a full stop.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    """
    return (*_assumptions(ground), *static_assumptions(ground))


def _assumptions(ground: Ground) -> Iterator[str]:
    plan = ground.plan
    yield (
        "recovery times count from the beginning of the outage; those from the activation of the plan (declaration) are told "
        "beside them"
    )
    yield (
        "a service misses a target if it does so in more than half of the trials of a scenario, and is at risk if it does so in more "
        "than 10%; of several scenarios the worst counts"
    )
    detection, decision = (duration(law.median()) for law in (plan.declaration.detection, plan.declaration.decision))
    yield (
        f"an outage is known after {detection}, and the decision takes {decision}, each by its median and where a scenario "
        "does not say otherwise"
    )
    yield "people are there when a step needs them, unless they are on another one; who does what is settled by the medians"
    yield "each step succeeds at the first attempt, once its tools, places and people are there"
    yield from by_itself.assumptions(ground)
    if any(ground.system.components[name].workarounds for name in plan.services):
        yield (
            "workarounds do not stop the clock of the RTO: they carry people over an outage, and do not end it; a level that is "
            "enough meanwhile is said as mbco"
        )
    everywhere = [name for name, promise in plan.services.items() if promise.mbco is None]
    if everywhere:
        yield f"{_n(len(everywhere), 'service')} without a minimum level (mbco) must serve 100%: {', '.join(everywhere)}"
    unknown = [name for name, step in plan.steps.items() if step.takes == "unknown" and _has_length(ground, step)]
    if unknown:
        yield f"{_n(len(unknown), 'step')} of unknown length take what the system says of what they restore: {', '.join(unknown)}"


def _has_length(ground: Ground, step: RecoveryStep) -> bool:
    return any(work_of(step, ground.system, destroyed) is not None for destroyed in ((), step.restores))


def _n(n: int, word: str) -> str:
    return f"{n:,} {word}{'s' if n > 1 else ''}"


def guesses(ground: Ground) -> dict[str, str]:
    """Return what is not certain about components that matter: ``guessed`` or ``observed``, by id, in the order of the system.

    Those matter that a service of the plan leans on, that fail or are hit in a rehearsal, or with which a step is done.
    """
    matters = _matter(ground)
    return {
        name: each.confidence
        for name, each in ground.system.components.items()
        if name in matters and each.confidence != "declared"
    }


def sources(ground: Ground) -> dict[str, str]:
    """Return where the figures come from of components that matter, and of steps, roles and suppliers, by id.

    Of a component and a step of one id the component's stands; steps go before roles, those before suppliers.
    """
    plan = ground.plan
    matters = _matter(ground)
    found = {name: each.source for name, each in ground.system.components.items() if name in matters}
    for name, source in (
        *((name, step.source) for name, step in plan.steps.items()),
        *((name, role.source) for name, role in plan.roles.items()),
        *((name, supplier.evidence) for name, supplier in plan.suppliers.items()),
    ):
        found[name] = found.get(name) or source
    return {name: source for name, source in found.items() if source}


def names(ground: Ground) -> dict[str, str]:
    """Return the names for people of components, steps, roles and suppliers, by id; of one id the first of these."""
    plan = ground.plan
    parts = (ground.system.components, plan.steps, plan.roles, plan.suppliers)
    found: dict[str, str] = {}
    for part in parts:
        for name, each in part.items():
            found.setdefault(name, each.name or name)
    return found


def _matter(ground: Ground) -> set[str]:
    found = {each for name, below in ground.at_all.items() for each in (name, *below)}
    for rehearsal in ground.rehearsals:
        found |= {name for name, each in rehearsal.run.components.items() if each.was_affected}
    for step in ground.plan.steps.values():
        found |= {*step.restores, *step.tools, *step.at}
    return found | set(ground.plan.declaration.tools)
