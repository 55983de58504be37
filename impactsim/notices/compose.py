"""A notice in one language: the title and paragraphs that a public incident comes to.

Sentences come from the catalogue of the language; an author's words (names, effects, workarounds, contact) stand after a
colon or as items of a list, marked with their language where it is another one. Paragraphs come in the order in which people
ask: what, for how long (if it is over), how many, why, what is being done, what they can do, what works, until when, data,
the next word, an apology. While it is not over nothing is said of a repeat; at L3 nothing of a cause or a repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from impactsim.notices.incident import (
    PublicIncident,
    PublicService,
    PublicWorkaround,
    Redaction,
    Status,
    in_language,
)
from impactsim.notices.moments import Time
from impactsim.notices.telling import Telling, cause_to_tell, form_of_estimate, has_ways, people_figures, progress

TITLE_LIMIT = 255
"""Longest title that status pages take, in characters."""
_NAMES_IN_TITLE = 4
_NAMED_UNAFFECTED = 5
_WORSE_FIRST: tuple[Status, ...] = ("major_outage", "partial_outage", "degraded_performance")


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list."""

    text: str
    """An author's words; before them, where it is told apart by it, the name of a service."""
    language: str | None = None
    """Language tag of the author's words where they are not in the language of the notice."""
    until: str = ""
    """A sentence of ours behind it: until when it is there."""
    times: tuple[Time, ...] = ()
    """Times in `until`."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a notice says of one matter."""

    key: str
    """What it is about: what, what_partial_outage, what_degraded_performance, lasted, people, cause, working, workaround,
    unaffected, estimate, data, recurrence, provider, action, next_update, apology, contact. Each stands once at most."""
    text: str
    """One or more whole sentences; the last one introduces `items` if there are any."""
    items: tuple[Item, ...] = ()
    times: tuple[Time, ...] = ()
    """Times in `text`, in order."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in one language."""

    language: str
    """Language tag of BCP 47."""
    variant: str
    """``easy`` for plain Japanese, else empty."""
    title: str
    """At most 255 characters."""
    paragraphs: tuple[Paragraph, ...]
    published: Time
    """When it was published: date with year, time and zone."""
    is_reviewed: bool
    """Has a native reader signed the catalogue?"""


def compose(incident: PublicIncident, language: str) -> Notice:
    """Write the notice of an incident.

    Parameters
    ----------
    incident
        All that may be said.
    language
        en, it, de, fr, ja, vi or ja-easy.

    Raises
    ------
    KeyError
        If there is no such language.
    ZoneInfoNotFoundError
        If the zone of the readers is in no list.
    """
    told = Telling(incident, language)
    sections = _OVER if told.is_over else _OPEN
    paragraphs = tuple(paragraph for section in sections for paragraph in section(told))
    book = told.book
    published = told.clock.stamp(incident.published_at)
    return Notice(book.tag, book.variant, _title(told), paragraphs, published, book.is_reviewed)


def _title(told: Telling) -> str:
    key = _title_key(told)
    n = len(told.headline)
    if not n:
        return told.say(f"title.{key}")
    if n <= _NAMES_IN_TITLE:
        title = told.say(f"title.{key}", n)
        if len(title) <= TITLE_LIMIT:
            return title
    return told.say(f"title.unnamed.{key}", n)


def _title_key(told: Telling) -> str:
    incident = told.incident
    if not incident.affected:
        return "resolved_operational" if incident.state == "resolved" else "operational"
    if told.is_over:
        if incident.state == "monitoring":
            return "monitoring"
        return "recurring" if _may_recur(incident) else "resolved"
    # What is there for a service that is less affected helps nobody with those that the title names
    return f"{told.status}.{'none' if has_ways(incident) is False else 'workaround'}"


def _paragraph(told: Telling, key: str, *texts: str, items: tuple[Item, ...] = ()) -> Paragraph:
    """Join the sentences of a paragraph, and note the times that they print."""
    joiner = "" if told.book.tag == "ja" else " "
    return Paragraph(key, joiner.join(texts), items, told.clock.take())


def _what(told: Telling) -> Iterator[Paragraph]:
    services = told.incident.affected
    if not services:
        yield _paragraph(told, "what", told.say("what.operational"))
        return
    worst = told.status
    for status in _WORSE_FIRST:
        group = [service for service in services if service.status == status]
        if group:
            key, sentence = ("what", "what") if status == worst else (f"what_{status}", "also")
            items = tuple(_effect(told, service) for service in group)
            yield _paragraph(told, key, told.say(f"{sentence}.{status}", len(group)), items=items)


def _again(told: Telling) -> Iterator[Paragraph]:
    services = told.incident.affected
    if not services:
        yield _paragraph(told, "what", told.say("what.operational_over"))
        return
    items = tuple(Item(name) for name in told.names(services))
    key = "what.again_undated" if told.incident.ended_at is None else "what.again"
    yield _paragraph(told, "what", told.say(key, len(services)), items=items)


def _effect(told: Telling, service: PublicService) -> Item:
    name, effect = (in_language(words, told.language) for words in (service.name, service.effect))
    if not effect:
        return Item(name)
    return Item(told.book.sentence("item.named", name=name, text=effect), told.foreign(service.effect))


def _lasted(told: Telling) -> Iterator[Paragraph]:
    yield _paragraph(told, "lasted", told.say("lasted.start" if told.incident.lasted_ms is None else "lasted.known"))


def _people(told: Telling) -> Iterator[Paragraph]:
    figures = people_figures(told.incident)
    if figures is not None:
        yield _paragraph(told, "people", told.say(f"people.{figures}{'_over' if told.is_over else ''}"))


def _cause(told: Telling) -> Iterator[Paragraph]:
    cause = cause_to_tell(told.incident)
    if cause is not None:
        yield _paragraph(told, "cause", told.say(f"{'cause_over' if told.is_over else 'cause'}.{cause}"))


def _working(told: Telling) -> Iterator[Paragraph]:
    if told.incident.state != "resolved":
        yield _paragraph(told, "working", told.say(f"working.{progress(told.incident)}"))


def _workaround(told: Telling) -> Iterator[Paragraph]:
    found = told.incident.workarounds
    if found:
        text = told.say("workaround.listed", len(found))
        yield _paragraph(told, "workaround", text, items=tuple(_way(told, way) for way in found))
    elif told.incident.affected:
        yield _paragraph(told, "workaround", told.say("workaround.none"))


def _way(told: Telling, way: PublicWorkaround) -> Item:
    name, text = (in_language(words, told.language) for words in (way.service, way.text))
    if len(told.incident.affected) > 1:  # else there is no doubt what it is for
        text = told.book.sentence("item.named", name=name, text=text)
    item = Item(text, told.foreign(way.text))
    if way.until is None:
        return item
    if text[-1:].isalnum():  # a sentence of ours follows
        item = replace(item, text=text + told.book.sentence("item.stop"))
    until = way.until
    sentence = told.book.sentence("workaround.until", until=lambda form: told.clock.moment(until, form))
    return replace(item, until=sentence, times=told.clock.take())


def _unaffected(told: Telling) -> Iterator[Paragraph]:
    names = told.names(told.incident.unaffected)
    if not names:
        return
    if len(names) > _NAMED_UNAFFECTED and told.incident.affected:
        yield _paragraph(told, "unaffected", told.say("unaffected.all"))
    elif told.incident.affected:
        items = tuple(Item(name) for name in names)
        yield _paragraph(told, "unaffected", told.say("unaffected.listed", len(names)), items=items)


def _estimate(told: Telling) -> Iterator[Paragraph]:
    incident = told.incident
    if not incident.affected:  # then all is normal already
        return
    keys = ["late"] if incident.is_late else []
    if incident.estimate is not None and incident.has_estimates:
        keys += [form_of_estimate(incident), "may_change"]
    elif incident.has_estimates:
        keys.append("none")
    if keys:
        yield _paragraph(told, "estimate", *(told.say(f"estimate.{key}") for key in keys))


def _data(told: Telling) -> Iterator[Paragraph]:
    if told.incident.data is not None:
        yield _paragraph(told, "data", told.say(f"data.{told.incident.data}"))


def _after(told: Telling) -> Iterator[Paragraph]:
    incident = told.incident
    if _may_recur(incident):
        yield _paragraph(told, "recurrence", told.say("after.recurrence"))
    if incident.provider_will_change and incident.redaction < Redaction.EXPOSED:
        yield _paragraph(told, "provider", told.say("after.provider"))
    # Whoever lost data, or may have, will want to do something
    if incident.state == "resolved" and incident.affected and incident.data in {None, "none_lost"}:
        yield _paragraph(told, "action", told.say("after.no_action"))


def _next_update(told: Telling) -> Iterator[Paragraph]:
    if told.incident.next_update_by is not None:
        yield _paragraph(told, "next_update", told.say("closing.next_update"))


def _apology(told: Telling) -> Iterator[Paragraph]:
    if told.incident.affected:
        yield _paragraph(told, "apology", told.say("closing.apology_over" if told.is_over else "closing.apology"))


def _contact(told: Telling) -> Iterator[Paragraph]:
    words = told.incident.contact
    text = in_language(words, told.language)
    if text:
        yield _paragraph(told, "contact", told.say("closing.contact"), items=(Item(text, told.foreign(words)),))


def _may_recur(incident: PublicIncident) -> bool:
    return incident.may_recur and incident.redaction < Redaction.EXPOSED


_Section = Callable[[Telling], Iterator[Paragraph]]
_OPEN: tuple[_Section, ...] = (
    _what, _people, _cause, _working, _workaround, _unaffected, _estimate, _data, _next_update, _apology, _contact,
)  # fmt: skip
_OVER: tuple[_Section, ...] = (
    _again, _lasted, _people, _cause, _working, _data, _after, _next_update, _apology, _contact,
)  # fmt: skip
