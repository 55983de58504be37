"""Ids of what is imported: the ones of an earlier import, else those that the source wishes, told apart where they clash."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from itertools import count

from impactsim.importers.notes import Notes
from impactsim.importers.parts import Part
from impactsim.problems import Fault
from impactsim.quantities import identifier, shown

_LONGEST = 120  # of an id that is made of a name: what tells two apart still fits behind it


class Ids:
    """An id for each part: the one of an earlier import, else the wished one, else that with what tells it apart."""

    def __init__(self, parts: Collection[Part], known: Mapping[str, str], notes: Notes) -> None:
        self.of: dict[str, str] = {}
        self._taken: set[str] = set()
        waiting = list[Part]()
        for part in parts:
            earlier = known.get(record_of(part.origin[0]), "")
            if earlier and earlier not in self._taken:
                self._give(part, earlier)
            else:
                waiting.append(part)
        wishes = Counter(as_id(part.id) for part in waiting)
        rest = list[Part]()
        for part in waiting:
            wish = as_id(part.id)
            if wishes[wish] == 1 and wish not in self._taken:
                self._give(part, wish)
            else:
                rest.append(part)
        for part in rest:
            self._give(part, self._told_apart(part))
            if part.within and self.of[part.key].startswith(f"{as_id(part.within)}."):
                continue
            fault = f"several are called {shown(part.id)}"
            remedy = f"this one has the id {self.of[part.key]}"
            notes.warning(part.place.line, "id-clash", part.key, fault, remedy, file=part.place.source.name)

    def _give(self, part: Part, own: str) -> None:
        self.of[part.key] = own
        self._taken.add(own)

    def _told_apart(self, part: Part) -> str:
        wish = as_id(part.id)
        if part.within and (own := f"{as_id(part.within)}.{wish}") not in self._taken:
            return own
        if (own := as_id(part.key)) not in self._taken and own != wish:
            return own
        return next(own for n in count(2) if (own := f"{wish}-{n}") not in self._taken)


def as_id(text: str) -> str:
    """Return the id that is nearest to a text.

    Examples
    --------
    >>> as_id("Cisco ISR 1111-8P"), as_id("rack/5 (north)"), as_id("***")
    ('Cisco-ISR-1111-8P', 'rack-5-north', 'unnamed')
    """
    try:
        return identifier(text) if len(text) <= _LONGEST else identifier("")
    except Fault:
        better = re.sub(r"[^\w.\-]+", "-", text)[:_LONGEST].strip("-_.")
        try:
            return identifier(better)
        except Fault:
            return "unnamed"


def record_of(origin: str) -> str:
    """Return the record of an origin, without its file: exports are called by the day, records are not.

    Examples
    --------
    >>> record_of("dump-2026-11-01.json: dcim.device 12")
    'dcim.device 12'
    """
    return origin.partition(": ")[2] or origin
