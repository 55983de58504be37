"""A system in its author's words: components, what they need of one another, and who uses them.

Knows names and figures; knows neither files nor how a run works out. What the figures mean is in
``impactsim/docs/semantics.md``; what no schema can say is checked in ``rules.py``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from impactsim.model.fields import Count, CountQuantity, Day, DurationMs, DurationQuantity, Id, Share, Words
from impactsim.model.provenance import Confidence, Imported, Origins, Seen

Purpose = Literal["run", "stay_up", "start", "repair"]

KINDS = ("service", "provider", "power", "connectivity", "site", "host", "cooling", "data", "tool", "channel")
"""Kinds that mean something here; any other word is a kind of the author's own."""


def _spoken(value: Any) -> Any:
    return {"": value} if isinstance(value, str) else value


Spoken = Annotated[dict[str, str], BeforeValidator(_spoken, json_schema_input_type=str | dict[str, str])]
"""Words for customers by language tag; plain text, under ``""``, stands for all languages."""

STAY_UP_KINDS = frozenset({"power", "site", "host", "cooling"})
"""Kinds without which a component cannot stay up, unless its need says otherwise (S3.7)."""


class NeedWords(Words):
    """What every need may say, whatever it is a need of."""

    to: Purpose | None = None
    """What the need is for: run, stay_up, start or repair. Without it, by the kinds of its members."""
    impact: Share = 1.0
    """Share of the level that is lost when the need is not met at all. Below 1 the need is soft."""
    holdover: DurationQuantity | None = None
    """How long a battery, cache, stock or queue hides the loss."""
    recharge: DurationQuantity | None = None
    """How long the empty holdover takes to be full again; at once if absent."""
    confidence: Confidence | None = None
    """How sure it is that there is this need; as sure as the facts about its component if absent."""
    origin: Origins = ()
    """Where it was imported from: file and record."""
    seen: Seen | None = None
    """What was seen of it while somebody watched."""


class ComponentNeed(NeedWords):
    """A need of one component."""

    component: Id
    """The component that is needed."""

    def members(self) -> tuple[str, ...]:
        """Return the ids of the components of this need, in the author's order."""
        return (self.component,)


class AllOf(NeedWords):
    """A need of several components, all of them."""

    all_of: Annotated[tuple[Id, ...], Field(min_length=1)]
    """The components, all of which are needed."""

    def members(self) -> tuple[str, ...]:
        """Return the ids of the components of this need, in the author's order."""
        return self.all_of


class AtLeast(NeedWords):
    """A quorum: a number of components out of several."""

    at_least: Annotated[int, Field(ge=1, strict=True)]
    """How many are needed."""
    of: Annotated[tuple[Id, ...], Field(min_length=1)]
    """The components of which so many are needed."""

    def members(self) -> tuple[str, ...]:
        """Return the ids of the components of this need, in the author's order."""
        return self.of


class Pool(NeedWords):
    """Capacity from several components together."""

    pool: Annotated[dict[Id, Count], Field(min_length=1)]
    """The capacity of each component, in any unit."""
    demand: Annotated[Count, Field(gt=0)]
    """The capacity that is needed, in the same unit."""

    def members(self) -> tuple[str, ...]:
        """Return the ids of the components of this need, in the author's order."""
        return tuple(self.pool)


class Member(Words):
    """A primary or a standby of a group."""

    use: Id
    """The component."""
    failover: DurationQuantity | None = None
    """How long the switch to it takes; the group's if absent."""
    lasts: DurationQuantity | None = None
    """How long it can carry the load: fuel, quota."""
    fails_to_start: Share = 0.0
    """Probability that it does not start when it is called."""


def _member(value: Any) -> Any:
    return {"use": value} if isinstance(value, str) else value


class AnyOf(NeedWords):
    """A primary and its standbys, in order of preference."""

    any_of: Annotated[
        tuple[Annotated[Member, BeforeValidator(_member, json_schema_input_type=Id | Member)], ...], Field(min_length=1)
    ]
    """The primary first, then the standbys in order of preference."""
    failover: DurationQuantity | None = None
    """How long the switch to a member takes that does not say so itself; 0 if absent."""

    def members(self) -> tuple[str, ...]:
        """Return the ids of the components of this need, in the author's order."""
        return tuple(member.use for member in self.any_of)


def _need(value: Any) -> Any:
    return {"component": value} if isinstance(value, str) else value


def _form_of_need(value: Any) -> str | None:
    """Tell the form of a need by the key that only this form has."""
    if isinstance(value, NeedWords):
        return {ComponentNeed: "component", AllOf: "all_of", AtLeast: "at_least", Pool: "pool", AnyOf: "any_of"}[
            type(value)
        ]
    if isinstance(value, str):
        return "component"
    if not isinstance(value, dict):
        return None
    forms = [form for form in ("component", "all_of", "any_of", "at_least", "pool") if form in value]
    return forms[0] if forms else ("at_least" if "of" in value else "pool" if "demand" in value else None)


Need = Annotated[
    Annotated[ComponentNeed, BeforeValidator(_need, json_schema_input_type=Id | ComponentNeed), Tag("component")]
    | Annotated[AllOf, Tag("all_of")]
    | Annotated[AnyOf, Tag("any_of")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[Pool, Tag("pool")],
    Discriminator(_form_of_need),
]
"""One need: an id, or a mapping with one of component, all_of, any_of, at_least, pool."""


class Fails(Words):
    """How often something fails: a rate or a probability, not both."""

    per_year: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | None = None
    """Failures a year."""
    probability: Share | None = None
    """Share of the time in which it is down."""


class CatchUp(Words):
    """The backlog, or the cold caches, after an interruption."""

    share: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] | Share
    """How long catching up takes, as a share of the time that the component was down."""
    level: Share
    """The level at which it serves meanwhile."""


class Copy(Words):
    """A copy of the data elsewhere."""

    at: Id
    """The component where the copy lies."""
    every: DurationMs = 0
    """Time between two copies."""
    lag: DurationQuantity | None = None
    """How long a copy takes to be complete."""
    restore: DurationQuantity
    """How long the restore from it takes."""
    fails: Share = 0.0
    """Probability that the copy does not work."""
    tested: Day | None = None
    """Day of the last restore test."""


class Workaround(Words):
    """What the users of a service can do while it is down."""

    text: dict[str, str] = {}
    """What to do, by language tag."""
    covers: Share
    """Share of the loss that it makes up for."""
    after: DurationQuantity | None = None
    """How long into the loss it is there."""
    lasts: DurationQuantity | None = None
    """How long it can be kept up."""
    needs: tuple[Need, ...] = ()
    """What it needs itself."""


class Targets(Words):
    """The recovery objectives of a service."""

    rto: DurationMs | None = None
    """Recovery time objective."""
    rpo: DurationMs | None = None
    """Recovery point objective."""
    mtpd: DurationMs | None = None
    """Maximum tolerable period of disruption."""
    mbco: Share = 1.0
    """Minimum level at which the clock of the rto stops."""


class Effects(Words):
    """What customers notice of a service that is not as usual: whole sentences, by language tag."""

    down: Spoken = {}
    """When nobody, or only some, can use it."""
    degraded: Spoken = {}
    """When it works, but not as usual."""


class Component(Words):
    """Anything that can fail."""

    kind: Id = "service"
    """service, provider, power, connectivity, site, host, cooling, data, tool, channel, or a word of your own."""
    name: str | None = None
    """Name for people who plan; the id if absent."""
    public_name: Spoken = {}
    """What customers call it, in all languages or by language tag; only this ever stands in a notice."""
    public_effects: Effects | None = None
    """What customers notice, in sentences for a notice. Services only."""
    critical: bool | None = None
    """Whether it supports a critical or important function; services of which nobody says so count as critical."""
    aliases: tuple[str, ...] = ()
    """Other names of it, which a notice must not contain either."""
    at: Id | None = None
    """The site where it stands: short for a need on that site, to stay_up."""
    needs: tuple[Need, ...] = ()
    """What it needs of others."""
    restart: DurationQuantity | None = None
    """How long it takes to start; 0 if absent."""
    time_to_restore: DurationQuantity | None = None
    """Work that its repair takes."""
    fails: Fails | None = None
    """How often it fails by itself."""
    crew: Id | None = None
    """The crew that repairs it."""
    priority: Annotated[int, Field(strict=True)] = 0
    """Which of a crew's jobs goes first: the higher one."""
    catch_up: CatchUp | None = None
    """What happens after an interruption."""
    copies: tuple[Copy, ...] = ()
    """Copies of its data, in order of preference. Data only."""
    workarounds: tuple[Workaround, ...] = ()
    """What its users can do meanwhile. Services only."""
    users: CountQuantity | None = None
    """How many people use it, where the segments are not known. Services only."""
    targets: Targets | None = None
    """Its recovery objectives."""
    operator: str | None = None
    """Who runs it."""
    confidence: Confidence = "declared"
    """How sure the facts about it are."""
    source: str | None = None
    """Where its figures come from."""
    origin: Origins = ()
    """Where it was imported from: file and record."""
    does_not_need: tuple[Id, ...] = ()
    """What it does not need, whatever the layers below say."""


class CommonCause(Words):
    """One thing that takes down several components at once."""

    strikes: Annotated[dict[Id, Share], Field(min_length=1)]
    """Probability that it takes down each component."""
    name: str | None = None
    """Name for people; the id if absent."""
    fails: Fails | None = None
    """How often it strikes."""
    time_to_restore: DurationQuantity | None = None
    """Work that the repair of each struck component takes; the component's own if absent."""
    source: str | None = None
    """Where its figures come from."""


class Activity(Words):
    """How many of a segment's users are there, hour by hour."""

    zone: str
    """Time zone, such as Europe/Rome."""
    hours: Annotated[tuple[Share, ...], Field(min_length=24, max_length=24)]
    """Share of the users in each hour of the local day, from midnight."""


class Notices(Words):
    """How an organisation speaks to its customers."""

    zone: str | None = None
    """Time zone of the notices, such as Europe/Rome."""
    zones: dict[str, str] = {}
    """Time zone of the readers of a language, by its tag, where that is another."""
    contact: Spoken = {}
    """How customers reach the organisation: a sentence, in all languages or by language tag."""
    smallest_group: Annotated[int, Field(ge=1, strict=True)] = 100
    """No smaller number of people is published."""
    estimates: bool = True
    """Whether estimates of the remaining time are published at all."""
    public_words: tuple[str, ...] = ()
    """Names from this file that are no secret, because they are everyday words."""


def _uses(value: Any) -> Any:
    return dict.fromkeys(value, 1.0) if isinstance(value, list) and all(isinstance(i, str) for i in value) else value


class Segment(Words):
    """Users of one sort. Segments do not overlap."""

    count: CountQuantity
    """How many they are."""
    uses: Annotated[dict[Id, Share], BeforeValidator(_uses, json_schema_input_type=dict[Id, Share] | list[Id])]
    """Share of them who use each service; a list means all of them."""
    name: str | None = None
    """Name for people; the id if absent."""
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    """Country, as two letters of ISO 3166."""
    activity: Activity | None = None
    """How many of them are there at which hour; all of them at any hour if absent."""
    source: str | None = None
    """Where the figures come from."""


class Backlog(Words):
    """Jobs of others that wait for a crew when a run begins."""

    jobs: Annotated[int, Field(ge=1, le=10_000, strict=True)]
    """How many they are."""
    each: DurationQuantity
    """Work that each of them takes."""


class Crew(Words):
    """People who repair things."""

    members: Annotated[int, Field(ge=1, strict=True)]
    """How many jobs it can work on at a time."""
    operator: str | None = None
    """Whose people they are; ours if absent."""
    source: str | None = None
    """Where its figures come from."""
    backlog: Backlog | None = None
    """Jobs of others that wait for it when a run begins."""


_Members = Annotated[int, Field(ge=1)]


def _crew(value: Any) -> Any:
    return value if isinstance(value, dict | Crew) else {"members": value}


class System(Words):
    """Components and their users."""

    impactsim: Literal[1]
    """Version of the format."""
    name: str
    """Name of the system."""
    layers: tuple[str, ...] = ()
    """Files on which this one is laid, relative to it, the lowest first."""
    imported: Imported | None = None
    """What an import wrote this file from."""
    population: Count | None = None
    """How many people there are in all, where only users per service are known."""
    crews: dict[Id, Annotated[Crew, BeforeValidator(_crew, json_schema_input_type=_Members | Crew)]] = {}
    """Who repairs things, by id; a number is short for that many members."""
    components: Annotated[dict[Id, Component], Field(min_length=1)]
    """Everything that can fail, by id."""
    common_causes: dict[Id, CommonCause] = {}
    """What takes down several components at once, by id."""
    users: dict[Id, Segment] = {}
    """Segments of users, by id."""
    notices: Notices = Notices()
    """How the organisation speaks to its customers."""
