"""Why nobody brings back what fails in a scenario, and what would: no step is there, or one that cannot, for it is destroyed."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.review.facts import Rehearsal
from impactsim.review.findings.told import listed


def why_not(rehearsal: Rehearsal, component: str) -> str:
    """Return why a component does not come back, as one sentence without a full stop.

    What an event destroys comes back from one of its copies and from nothing else (S5.6); a step restores faults.
    """
    steps = _steps_for(rehearsal, component)
    if not steps:
        return f"no step restores {component}, and it has no time to restore either"
    return f"{listed(steps)} restores {component}, which '{rehearsal.name}' destroys, and what is destroyed comes back from a copy only"


def remedy(rehearsal: Rehearsal, components: Sequence[str]) -> str:
    """Return what would bring components back, as one sentence without a full stop."""
    missing = [each for each in components if not _steps_for(rehearsal, each)]
    destroyed = [each for each in components if each not in missing]
    told = []
    if missing:
        told.append(f"write a step that restores {listed(missing)}, with who does it and how long it takes")
    if destroyed:
        told.append(
            f"if {listed(destroyed)} can be replaced, let '{rehearsal.name}' say `fail` instead of `destroy`, and `destroy` for the data alone"
        )
    return "; ".join(told)


def _steps_for(rehearsal: Rehearsal, component: str) -> list[str]:
    return [step.id for step in rehearsal.steps if component in step.restores]
