"""What an import holds while it goes on: components and needs by keys, with where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from impactsim.importers.sources import Source
from impactsim.model.provenance import Confidence
from impactsim.model.system import System
from impactsim.problems import Problem

Form = Literal["all_of", "any_of", "at_least"]
"""How several members of a need stand together."""

_MEMBERS = ("component", "all_of", "any_of", "of", "pool")
"""Words of a need whose values name its members."""


class Place(NamedTuple):
    """Where a record stands."""

    source: Source
    line: int = 0


@dataclass
class Part:
    """A component while it is imported."""

    key: str
    id: str
    """The wished id; any text."""
    within: str
    """What tells it from others that wish the same id, such as its site."""
    place: Place
    confidence: Confidence
    words: dict[str, Any]
    """What an author could write for it; ``at`` is a key."""
    origin: list[str]
    needs: dict[tuple[object, ...], Link] = field(default_factory=dict)


@dataclass
class Link:
    """A need while it is imported."""

    members: tuple[str, ...]
    """Keys of what is needed."""
    form: Form
    k: int
    confidence: Confidence
    words: dict[str, Any]
    origin: list[str]
    place: Place
    written: dict[str, Any] | None = None
    """The form as an author would have written it, with keys for ids, where members say more than their names."""


@dataclass(frozen=True)
class Drafted:
    """What an import found."""

    data: dict[str, Any] | None
    """The system as an author would have written it; none if there is an error."""
    system: System | None
    """The same, read."""
    problems: list[Problem]
    remarks: list[str]
    """What the reader of a report must know: which rule was used, and what it changes."""
    left_out: dict[str, int]
    """What was not taken, and how many of it."""


def need_data(part: Part, link: Link, ids: Mapping[str, str]) -> dict[str, Any] | None:
    """Return a need as an author would write it; none where it names nothing but its owner."""
    if link.written is not None:
        return _finished_need(part, link, _renamed(link.written, ids))
    members = list(dict.fromkeys(ids[key] for key in link.members if key != part.key))
    if not members:
        return None
    need: dict[str, Any]
    if len(members) == 1 and (link.form != "at_least" or link.k >= 1):
        need = {"component": members[0]}
    elif link.form == "at_least":
        need = {"at_least": min(link.k, len(members)), "of": members}
    else:
        need = {link.form: members}
    return _finished_need(part, link, need)


def _finished_need(part: Part, link: Link, need: dict[str, Any]) -> dict[str, Any]:
    need |= {word: value for word, value in link.words.items() if word != "seen"}
    if link.confidence != part.confidence:
        need["confidence"] = link.confidence
    need |= seen_of(link.words)
    need["origin"] = link.origin[0] if len(link.origin) == 1 else link.origin
    return need


def names_in(form: Mapping[str, Any]) -> list[str]:
    """Return the keys in the form of a need, as somebody wrote it."""
    (members,) = (form[word] for word in _MEMBERS if word in form)
    listed = [members] if isinstance(members, str) else members
    return [each["use"] if isinstance(each, dict) else each for each in listed]


def _renamed(form: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """Return the form of a need with ids for keys."""
    (word,) = (word for word in _MEMBERS if word in form)
    members: Any = form[word]
    if isinstance(members, str):
        return {**form, word: ids[members]}
    if isinstance(members, dict):
        return {**form, word: {ids[key]: capacity for key, capacity in members.items()}}
    named = [each | {"use": ids[each["use"]]} if isinstance(each, dict) else ids[each] for each in members]
    return {**form, word: named}


def seen_of(words: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was seen of a need, as one of its words."""
    return {"seen": words["seen"]} if "seen" in words else {}
