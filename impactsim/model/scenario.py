"""A scenario in its author's words: what happens to a system, and what people then do.

Knows names and figures; what they mean is in ``impactsim/docs/semantics.md``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from impactsim.model.fields import ClockTime, DurationMs, DurationQuantity, Id, Share, Words
from impactsim.model.system import System
from impactsim.quantities import TRIALS_LIMIT


def _ids(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Ids = Annotated[
    tuple[Id, ...],
    BeforeValidator(_ids, json_schema_input_type=Id | Annotated[list[Id], Field(min_length=1)]),
    Field(min_length=1),
]
"""One id or a list of ids."""


class Step(Words):
    """One step of a graded restoration."""

    after: DurationMs
    """Time since the fault began."""
    to: Share
    """Level that is possible from then on; the fault is cleared at 100%."""


class EventWords(Words):
    """What every event may say."""

    at: DurationMs = 0
    """When it happens, from the start of the scenario."""
    seen: Annotated[str, Field(min_length=1)] | None = None
    """What somebody on site sees of it, for exercises: plain text. It changes no run, and no notice says it."""


class FaultWords(EventWords):
    """A fault, and at most one way in which it ends."""

    lasts: DurationQuantity | None = Field(default=None, alias="for")
    """How long it lasts. Without `for`, `then` and `repair` it is repaired in the component's time_to_restore."""
    then: tuple[Step, ...] = ()
    """A graded restoration."""
    repair: DurationQuantity | None = None
    """Work that this repair takes, instead of the component's time_to_restore."""


class Fail(FaultWords):
    """Components fail entirely."""

    fail: Ids
    """What fails."""


class Degrade(FaultWords):
    """Components can serve only a share."""

    degrade: Ids
    """What is degraded."""
    to: Share
    """The level that is left."""


class Destroy(EventWords):
    """Components are destroyed; their data comes back only from a copy."""

    destroy: Ids
    """What is destroyed."""


class Strike(FaultWords):
    """A common cause strikes."""

    strike: Ids
    """The common causes."""


def _form_of_event(value: Any) -> str | None:
    if isinstance(value, EventWords):
        return type(value).__name__.lower()
    if not isinstance(value, dict):
        return None
    return next((form for form in ("fail", "degrade", "destroy", "strike") if form in value), None)


Event = Annotated[
    Annotated[Fail, Tag("fail")]
    | Annotated[Degrade, Tag("degrade")]
    | Annotated[Destroy, Tag("destroy")]
    | Annotated[Strike, Tag("strike")],
    Discriminator(_form_of_event),
]
"""One event: a mapping with one of fail, degrade, destroy, strike."""


class ActionWords(Words):
    """What every action may say."""

    at: DurationMs
    """When people do it, from the start of the scenario."""


class Repair(ActionWords):
    """All faults of the components clear, except destruction."""

    repair: Ids
    """What is repaired."""


class Start(ActionWords):
    """Components begin to start although what they need to start is missing."""

    start: Ids
    """What is started."""


class Stop(ActionWords):
    """Components stop, until a start."""

    stop: Ids
    """What is stopped."""


class SwitchTo(Words):
    """Which member of whose standby group."""

    of: Id
    """The component that has the standby group."""
    to: Id
    """The member that is at hand from then on."""


class Switch(ActionWords):
    """A planned change-over to a standby."""

    switch: SwitchTo
    """Which member of whose standby group."""


def _form_of_action(value: Any) -> str | None:
    if isinstance(value, ActionWords):
        return type(value).__name__.lower()
    if not isinstance(value, dict):
        return None
    return next((form for form in ("repair", "start", "stop", "switch") if form in value), None)


Action = Annotated[
    Annotated[Repair, Tag("repair")]
    | Annotated[Start, Tag("start")]
    | Annotated[Stop, Tag("stop")]
    | Annotated[Switch, Tag("switch")],
    Discriminator(_form_of_action),
]
"""One action: a mapping with one of repair, start, stop, switch."""


class Scenario(Words):
    """What happens to a system, from when, and for how long we look."""

    impactsim: Literal[1]
    """Version of the format."""
    name: str
    """Name of the scenario."""
    system: str | System
    """File of the system, relative to this one; or a whole system."""
    starts: ClockTime | None = None
    """Clock time at which the scenario starts, with its offset from UTC."""
    events: tuple[Event, ...] = ()
    """What happens."""
    actions: tuple[Action, ...] = ()
    """What people do about it."""
    changes: dict[str, Any] | None = None
    """A what-if on the system: JSON Merge Patch (RFC 7396)."""
    horizon: DurationMs | None = None
    """When the run ends; without it, when nothing can change any more."""
    trials: Annotated[int, Field(ge=1, le=TRIALS_LIMIT, strict=True)] = 1
    """How many trials; 1 takes the median of every uncertain quantity."""
    seed: Annotated[int, Field(ge=0, strict=True)] = 0
    """Seed of the trials."""
