"""The rules of reporting as data: what stands in ``regimes/``, read and checked.

Knows what a rule may say, and neither trials nor users. Only what was read is there: each rule says whether in the wording of
the law (``text``) or in somebody's account of it (``secondary``). Figures that somebody only remembers are not let in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from impactsim.model.fields import Words

Operator = Literal[">", ">="]
Evidence = Literal["text", "secondary"]
Scope = Literal["service", "critical", "together"]
Metric = Literal[
    "critical",
    "flag",
    "affected-users",
    "user-minutes",
    "user-hours",
    "incident",
    "downtime",
    "limited",
    "unavailable",
    "unavailable-in-all",
    "member-states",
    "loss",
]
Limit = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern="^[a-z0-9-]+$")]

UNITS: Mapping[str, tuple[str, ...]] = {
    "affected-users": ("users", "%"),
    "user-minutes": ("user-minutes",),
    "user-hours": ("user-hours",),
    "incident": ("min", "h"),
    "downtime": ("min", "h"),
    "limited": ("min", "h"),
    "unavailable": ("min", "h"),
    "unavailable-in-all": ("min", "h"),
    "member-states": ("member states",),
    "loss": ("EUR",),
}
"""In what the limit of each metric may be given; the others have none."""

UNIT_MS = {"min": 60_000.0, "h": 3_600_000.0}
"""Milliseconds of a unit of time."""

PLANNED = "planned"
"""The flag of planned maintenance, which some regimes do not count."""

MOST_EUR = 1e15
"""No cost and no turnover is more: more is a slip, and its products would leave the range of numbers."""

LEGAL = "Nothing here is legal advice: a person who knows the law decides what is reported, and may know more than the model."
"""What stands below everything that is printed."""

EVENTS = ("occurrence", "awareness", "classification", "quarter")
"""From when a deadline may count; or from another deadline."""


class Lasting(Words):
    """For how long what a rule says must hold without a break."""

    operator: Operator
    """Whether so long exactly is enough."""
    value: Limit
    """How long, in `unit`."""
    unit: Literal["min", "h"]
    """Minutes or hours."""

    @property
    def ms(self) -> float:
        """The time in milliseconds."""
        return self.value * UNIT_MS[self.unit]


class Rule(Words):
    """One condition of a regime."""

    id: Name
    """Its name within the regime."""
    group: Name = ""
    """The criterion that it belongs to, of which any rule is enough; a criterion of its own if absent."""
    article: str
    """Where it stands."""
    says: str
    """What it says, in a few words of ours."""
    metric: Metric
    """What is measured; ``flag`` is what a person knows and no model."""
    scope: Scope = "service"
    """Any one service, any one that supports a critical function, or all services together."""
    operator: Operator | None = None
    """Whether the limit itself counts."""
    value: Limit | None = None
    """The limit, in `unit`."""
    unit: str | None = None
    """See `UNITS`."""
    at_most: Annotated[float, Field(gt=0)] | None = None
    """So many users, where they are fewer than `value` percent."""
    turnover: Annotated[float, Field(gt=0, le=100)] | None = None
    """So many percent of the turnover, where that is less than `value`."""
    lasting: Lasting | None = None
    """For how long so many users must be affected."""
    flag: Name | None = None
    """What a person has to say."""

    @property
    def criterion(self) -> str:
        """The name by which `combine` knows it."""
        return self.group or self.id

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        limit = (self.operator, self.value, self.unit)
        if self.metric in UNITS:
            if None in limit or self.unit not in UNITS[self.metric]:
                raise ValueError(
                    f"{self.id}: {self.metric} needs an operator, a value and one of the units {UNITS[self.metric]}"
                )
        elif limit != (None, None, None):
            raise ValueError(f"{self.id}: {self.metric} has no limit")
        if (self.metric == "flag") != (self.flag is not None):
            raise ValueError(f"{self.id}: flag goes with the metric flag")
        if self.metric != "affected-users" and (self.lasting or self.at_most):
            raise ValueError(f"{self.id}: lasting and at_most go with affected-users")
        if (self.at_most is not None and self.unit != "%") or (self.turnover is not None and self.metric != "loss"):
            raise ValueError(f"{self.id}: at_most goes with %, turnover with loss")
        return self


class AllOf(Words):
    """All of some criteria."""

    all: tuple[Node, ...]
    """Criteria, or combinations of them."""


class AnyOf(Words):
    """Any of some criteria."""

    any: tuple[Node, ...]
    """Criteria, or combinations of them."""


class AtLeast(Words):
    """So many of some criteria, or more."""

    at_least: Annotated[int, Field(ge=1)]
    """How many."""
    of: tuple[Node, ...]
    """Criteria, or combinations of them."""


Node = str | AllOf | AnyOf | AtLeast
"""A criterion, or a combination of some."""

AllOf.model_rebuild()
AnyOf.model_rebuild()
AtLeast.model_rebuild()


class Within(Words):
    """A time after an event."""

    hours: Annotated[float, Field(ge=0)] | None = None
    """Hours, or"""
    days: Annotated[int, Field(ge=1)] | None = None
    """days of 24 hours, or"""
    months: Annotated[int, Field(ge=1)] | None = None
    """months of the calendar."""
    after: str
    """One of `EVENTS`, or the id of a deadline before this one."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(each is not None for each in (self.hours, self.days, self.months)) != 1:
            raise ValueError("one of hours, days and months")
        return self


class Deadline(Words):
    """By when what has to be told."""

    id: Name
    """Its name within the regime."""
    what: str
    """What has to be told."""
    within: Annotated[tuple[Within, ...], Field(min_length=1)]
    """The earliest of these."""
    article: str
    """Where it stands."""
    evidence: Evidence
    """Whether the wording was read, or an account of it."""
    source: str
    """What was read."""


class Regime(Words):
    """The rules of one regulator for one sort of entity."""

    id: Name
    """Its name on the command line."""
    name: str
    """What it is about."""
    jurisdiction: str
    """Country, as two letters of ISO 3166, or EU."""
    law: str
    """The law."""
    applies_if: str
    """For whom it is; the program does not know who the reader is."""
    region: str | None = None
    """Whose users count, as two letters of ISO 3166, or EU; everybody's if absent."""
    status: str = ""
    """What to know before using it at all."""
    evidence: Evidence
    """Whether the wording of the rules was read, or an account of it."""
    source: str
    """What was read."""
    url: str
    """Where the law stands."""
    read_on: date
    """The day on which it was read."""
    valid_from: date | None = None
    """Since when it applies, where that was read."""
    valid_to: date | None = None
    """Until when it applied."""
    counts_planned: bool = True
    """Whether planned maintenance counts."""
    needs_judgement: bool = False
    """Whether no number decides, so that somebody has to assess it."""
    combine: Node
    """How the criteria are combined."""
    combine_words: str
    """The same in words."""
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    """The conditions."""
    deadlines: tuple[Deadline, ...] = ()
    """By when what has to be told."""
    notes: tuple[str, ...] = ()
    """What else to know."""

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags of its rules, in order."""
        own = [rule.flag for rule in self.rules if rule.flag is not None]
        return tuple(dict.fromkeys([*own, *([] if self.counts_planned else [PLANNED])]))

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        ids = [rule.id for rule in self.rules]
        criteria = {rule.criterion for rule in self.rules}
        if len(set(ids)) < len(ids):
            raise ValueError(f"{self.id}: two rules have one id")
        if set(names_of(self.combine)) != criteria:
            raise ValueError(f"{self.id}: combine must name each of {sorted(criteria)}, and nothing else")
        known = set(EVENTS)
        for deadline in self.deadlines:
            if wrong := {each.after for each in deadline.within} - known:
                raise ValueError(f"{self.id}: {deadline.id} counts from {sorted(wrong)}, which is nothing before it")
            known.add(deadline.id)
        return self


def names_of(node: Node) -> Iterator[str]:
    """Return the criteria of a combination, as often as it names them."""
    if isinstance(node, str):
        yield node
        return
    parts = node.all if isinstance(node, AllOf) else node.any if isinstance(node, AnyOf) else node.of
    for part in parts:
        yield from names_of(part)
