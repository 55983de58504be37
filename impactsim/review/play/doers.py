"""Who does something in a run with a plan woven into it: the ids of the components that stand for gates and steps (S10.2, S10.3).

Step ids that would clash (``detection``, ``declaration``, ends such as ``.not-before``) are refused when a plan is checked.
"""

from __future__ import annotations

from impactsim.model.plan import RecoveryStep
from impactsim.review.facts import STEP_PREFIX

DETECTION = STEP_PREFIX + "detection"
DECLARATION = STEP_PREFIX + "declaration"
KIND = "step"
"""Kind of the components that stand for what people do."""

_NOT_BEFORE = ".not-before"
_SWITCH = ".switch"


def id_of(step: str) -> str:
    """Return the id of a step in runs."""
    return STEP_PREFIX + step


def step_of(component: str) -> str | None:
    """Return the step, ``detection`` or ``declaration`` that a component of a run stands for or belongs to; None for all others."""
    if not component.startswith(STEP_PREFIX):
        return None
    return component.removeprefix(STEP_PREFIX).removesuffix(_NOT_BEFORE).removesuffix(_SWITCH)


def not_before_of(step: str) -> str:
    """Return the id in runs of the time that must pass before a step."""
    return id_of(step) + _NOT_BEFORE


def gate_of(step: RecoveryStep) -> str | None:
    """Return the id in runs of what a step waits for at the least."""
    return {"outage": None, "detection": DETECTION, "declaration": DECLARATION}[step.begins]


def switch_of(step: str) -> str:
    """Return the id in runs of the standby that a step makes ready."""
    return id_of(step) + _SWITCH
