"""What all readers of NetBox records share: what a record is called, whether it counts, and how it becomes a component."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from impactsim.importers.draft import Draft
from impactsim.importers.ids import as_id
from impactsim.importers.netbox.records import PLURALS, Record, Records, model_of
from impactsim.importers.parts import Part, Place
from impactsim.model.system import STAY_UP_KINDS
from impactsim.quantities import shown

_KINDS = {
    "dcim.site": "site",
    "dcim.location": "site",
    "dcim.rackgroup": "site",
    "dcim.rack": "site",
    "dcim.device": "host",
    "dcim.powerpanel": "power",
    "dcim.powerfeed": "power",
    "circuits.provider": "provider",
    "circuits.providernetwork": "connectivity",
    "circuits.circuit": "connectivity",
    "virtualization.cluster": "host",
}
"""What the things of a model are, where no record says more."""

_WITH_SLUG = {"dcim.site", "dcim.location", "dcim.rackgroup", "circuits.provider"}
"""Components of these have a short name besides, by which people who use NetBox know them."""


class Estate:
    """Records on their way into a draft."""

    def __init__(self, records: Records, draft: Draft) -> None:
        self.records = records
        self.draft = draft
        self.kinds: dict[str, str] = {}
        """Kind of each component, by key."""
        self._around: dict[str, str] = {}
        """For people: what a component lies in, by key."""

    def in_use(self, model: str) -> Iterator[Record]:
        """Yield the records of a model that are in use, and count the others."""
        for record in self.records.of(model):
            if word := record.not_in_use:
                self.draft.leave_out(f"{PLURALS[model]} with the status {word}")
            else:
                yield record

    def name(self, key: str) -> str:
        """Return what people call a thing."""
        record = self.records.get(key)
        if record is None:
            return key.partition(".")[2]
        named = (record.text(field) for field in ("name", "cid", "display", "display_name", "slug"))
        return next((name for name in named if name), "") or key.partition(".")[2]

    def short_name(self, key: str) -> str:
        """Return the id that a thing wishes: its slug if it is of a model that has one, else its name."""
        record = self.records.get(key)
        slug = record.text("slug") if record is not None and record.model in _WITH_SLUG else ""
        return slug or self.name(key)

    def add(self, record: Record, kind: str, *, name: str = "", within: Sequence[str] = (), **words: Any) -> None:
        """Make a component of a record.

        Parameters
        ----------
        record, kind
            What it is made of, and what it is.
        name
            What people call it, where that is not the name of the record.
        within
            Keys of what tells it from others of its name, the widest first.
        words
            As of `Draft.component`.
        """
        self.kinds[record.key] = kind
        around = [key for key in within if key]
        self._around[record.key] = ", ".join(map(self.name, around))
        short = ", ".join(map(self.short_name, around)) or (kind if record.model in _WITH_SLUG else "")
        wish = name or self.short_name(record.key)
        called = name or self.name(record.key)
        own = called if called != wish else None
        self.draft.component(record.key, wish, record.place, within=short, kind=kind, name=own, **words)

    def wanted(self, key: str, by: Record) -> str:
        """Return the key of something that a record needs: nothing if it is not in use, and made here if no file describes it.

        Parameters
        ----------
        key
            What is needed; may be nothing.
        by
            The record that says so.
        """
        if not key or key in self.kinds:
            return key
        record = self.records.get(key)
        if record is not None and record.is_whole and record.not_in_use:
            self.draft.leave_out(f"needs on {PLURALS[record.model]} that are not in use")
            return ""
        return self.assumed(key, by)

    def assumed(self, key: str, by: Record) -> str:
        """Make a component of something that no record describes, or none that is in use; return its key."""
        kind = _KINDS.get(model_of(key), "unknown")
        place = by.place
        fault = f"{shown(self.name(by.key))} names {shown(self.name(key))}, and no record describes that: it is kept"
        remedy = "export it as well, or say what it is in a layer of your own"
        self.draft.notes.warning(place.line, "dangling", key, fault, remedy, file=place.source.name)
        self.kinds[key] = kind
        name, wish = self.name(key), self.short_name(key)
        own = name if name != wish else None
        self.draft.component(key, wish, place, record=key, kind=kind, confidence="guessed", name=own)
        return key

    def need(self, owner: str, members: list[str], place: Place, **words: Any) -> None:
        """Add a need, unless nothing is left of its members."""
        if members:
            self.draft.need(owner, members, place, **words)

    def to_stay_up(self, members: list[str]) -> str | None:
        """Say that a need is there to stay up, where the kinds of its members do not say so."""
        return None if all(self.kinds[member] in STAY_UP_KINDS for member in members) else "stay_up"

    def tell_names_apart(self) -> None:
        """Say of components that are called alike, for people, where each is."""
        names = Counter(as_id(_called(part)) for part in self.draft.parts.values())
        alike = [part for part in self.draft.parts.values() if names[as_id(_called(part))] > 1]
        for part in alike:
            if around := self._around.get(part.key):
                part.words["name"] = f"{_called(part)} ({around})"


def _called(part: Part) -> str:
    return str(part.words.get("name", part.id))


def n_of(n: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> n_of(1, "device"), n_of(1200, "device"), n_of(2, "chassis", "chassis")
    ('1 device', '1,200 devices', '2 chassis')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
