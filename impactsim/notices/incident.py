"""What may be said in public of an outage: the only thing that the sentences of a notice are made from.

It is an allow-list. A component enters it as its `public_name` and in no other way; figures enter it rounded. What is not a
field here can stand in no notice, whatever a template does. Times are instants with an offset from UTC, durations are
milliseconds, shares are in [0, 1].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Literal, get_args

LANGUAGES = ("en", "it", "de", "fr", "ja", "vi")
"""Languages of notices, by tag."""
EASY_JAPANESE = "ja-easy"
"""Plain Japanese (yasashii nihongo), beside the six languages."""

State = Literal["investigating", "identified", "monitoring", "resolved"]
STATES: tuple[State, ...] = get_args(State)

Status = Literal["operational", "degraded_performance", "partial_outage", "major_outage"]
"""What a status page shows of a service, from the best to the worst."""
STATUSES: tuple[Status, ...] = get_args(Status)

Impact = Literal["none", "minor", "major", "critical"]
IMPACTS: dict[Status, Impact] = {
    "operational": "none",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}

CauseClass = Literal["our_systems", "supplier", "power", "connectivity", "planned_work", "under_examination"]
CAUSE_CLASSES: tuple[CauseClass, ...] = get_args(CauseClass)

DataStatement = Literal["none_lost", "being_checked", "some_lost"]
DATA_STATEMENTS: tuple[DataStatement, ...] = get_args(DataStatement)

Words = Mapping[str, str]
"""An author's text by language tag; under ``""`` what stands for every language that has none of its own."""


class Redaction(IntEnum):
    """How much a notice may say."""

    RESPONDERS = 0
    """L0: everything."""
    PARTNERS = 1
    """L1, for regulators and partners under an agreement: components, suppliers, places, what depends on what."""
    CUSTOMERS = 2
    """L2: what users notice, rounded figures, and the class of the cause."""
    EXPOSED = 3
    """L3, while somebody attacks or may: as L2, without the cause."""


@dataclass(frozen=True, slots=True)
class PublicService:
    """A service as customers know it."""

    name: Words
    """Its public name."""
    status: Status
    effect: Words = field(default_factory=dict)
    """What its author says that customers notice at this status: whole sentences, with their full stops."""


@dataclass(frozen=True, slots=True)
class PublicWorkaround:
    """What customers can do meanwhile."""

    service: Words
    """Public name of the service."""
    text: Words
    """What to do, in its author's words."""
    until: datetime | None = None
    """When it will no longer be there."""


@dataclass(frozen=True, slots=True)
class People:
    """A number of people, rounded outward."""

    low: int
    high: int
    fewer_than: int | None = None
    """Fewer than that many: then `low` is 0 and `high` is that number, and neither is said."""


@dataclass(frozen=True, slots=True)
class PublicEstimate:
    """How much longer it takes, counted from the publication, rounded outward."""

    low_ms: int
    high_ms: int
    low_at: datetime
    """`published_at` + `low_ms`."""
    high_at: datetime


@dataclass(frozen=True, slots=True)
class PublicIncident:
    """All that a notice at L2 or L3 may say."""

    reference: str
    """A public name of the incident, made of its start: ``2026-11-21-1405``."""
    state: State
    redaction: Redaction
    severity: int
    """1 (worst) to 5."""
    started_at: datetime
    """Rounded down to five minutes."""
    published_at: datetime
    """To the minute."""
    affected: tuple[PublicService, ...]
    """Services that are not as usual (of a resolved incident: that were not), the worst status first; for a resolved or
    monitored incident with the worst status that they had."""
    unaffected: tuple[PublicService, ...]
    """The other services that have a public name."""
    people: People | None
    """How many may be affected; None where nobody says how many users there are."""
    share: tuple[float, float] | None
    """The same as a share of all users, in whole percents, rounded outward; equal if the two are one figure."""
    estimate: PublicEstimate | None
    """Remaining time; None without a basis, or if it is over."""
    has_estimates: bool
    """False if the organisation publishes none as a policy: then the lack of one is not mentioned either."""
    is_late: bool
    """An estimate that was published before has not held."""
    workarounds: tuple[PublicWorkaround, ...]
    cause: CauseClass | None
    """None at L3."""
    next_update_by: datetime | None
    """None only of a resolved incident."""
    ended_at: datetime | None = None
    """When it was over, to five minutes; only where everything is back."""
    lasted_ms: int | None = None
    """`ended_at` - `started_at`."""
    data: DataStatement | None = None
    """Only what a person said."""
    may_recur: bool = False
    """Only what a person said, and never at L3."""
    provider_will_change: bool = False
    """Only what a person said, and never at L3."""
    contact: Words = field(default_factory=dict)
    """How to reach the organisation, in its own words."""
    zones: Words = field(default_factory=dict)
    """Time zone of the readers by language (IANA); under ``""`` that of all others; the offset of `published_at` if there is none."""

    @property
    def status(self) -> Status:
        """The worst status of any service."""
        return max((each.status for each in self.affected), key=STATUSES.index, default="operational")

    @property
    def impact(self) -> Impact:
        """The impact that goes with the worst status."""
        return IMPACTS[self.status]


def in_language(words: Words, language: str) -> str:
    """Return an author's text in a language, or in the nearest that there is (`language_of`); empty if there is none.

    Examples
    --------
    >>> in_language({"en": "Sign-in", "": "Login"}, "de"), in_language({"ja": "ログイン"}, "ja-easy")
    ('Login', 'ログイン')
    """
    found = language_of(words, language)
    return "" if found is None else words[found]


def language_of(words: Words, language: str) -> str | None:
    """Return the tag of the text that stands for a language: its own, that of its plain form, ``""``, English, the first.

    Examples
    --------
    >>> language_of({"it": "Accesso", "en": "Sign-in"}, "de"), language_of({}, "de")
    ('en', None)
    """
    tags = (language, language.partition("-")[0], "", "en", *words)
    return next((tag for tag in tags if words.get(tag)), None)
