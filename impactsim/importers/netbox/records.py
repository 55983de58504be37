"""Records of NetBox in one form, whichever shape the file had: model, key, fields, and whether the thing is in use.

Knows which models are read at all, and nothing of what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from impactsim.files.documents import Document
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.problems import Path
from impactsim.quantities import shown

ENDPOINTS = {
    "sites": "dcim.site",
    "locations": "dcim.location",
    "rack-groups": "dcim.rackgroup",
    "racks": "dcim.rack",
    "device-roles": "dcim.devicerole",
    "devices": "dcim.device",
    "device-bays": "dcim.devicebay",
    "virtual-chassis": "dcim.virtualchassis",
    "power-panels": "dcim.powerpanel",
    "power-feeds": "dcim.powerfeed",
    "power-outlets": "dcim.poweroutlet",
    "power-ports": "dcim.powerport",
    "interfaces": "dcim.interface",
    "front-ports": "dcim.frontport",
    "rear-ports": "dcim.rearport",
    "cables": "dcim.cable",
    "cable-terminations": "dcim.cabletermination",
    "interface-connections": "dcim.interfaceconnection",
    "providers": "circuits.provider",
    "provider-networks": "circuits.providernetwork",
    "circuits": "circuits.circuit",
    "circuit-terminations": "circuits.circuittermination",
    "clusters": "virtualization.cluster",
    "virtual-machines": "virtualization.virtualmachine",
}
"""The last part of an address of the REST interface, and the model behind it."""

MODELS = frozenset(ENDPOINTS.values()) | {"dcim.portmapping", "contenttypes.contenttype"}
"""What is read at all; of everything else only the name of the app."""

PLURALS = {model: words.replace("-", " ") for words, model in ENDPOINTS.items()}
"""What people call the records of a model."""

_NOT_IN_USE = frozenset(
    (
        *("planned", "staged", "staging", "provisioning", "inventory"),
        *("offline", "failed", "paused"),
        *("decommissioning", "decommissioned", "deprovisioning", "retired", "deprecated"),
    )
)
_RACK_IN_USE = {0, 1, 3}
"""Reserved, available and active, when a status was a number; of every other model 1 was active, and only that."""
_LONGEST_KEY = 100
_LARGEST_KEY = 10**18
_LONGEST_TEXT = 200


def key_of(model: str, value: Any) -> str:
    """Return the key of what a value refers to: a number, a text, or an object with its id; nothing if it refers to nothing.

    Examples
    --------
    >>> key_of("dcim.site", 12), key_of("dcim.site", {"id": 12, "name": "Delft"}), key_of("dcim.site", [12])
    ('dcim.site 12', 'dcim.site 12', '')
    """
    if isinstance(value, Mapping):
        value = value.get("id")
    if isinstance(value, str):
        value = value.strip()
        return f"{model} {value}" if 0 < len(value) <= _LONGEST_KEY and value.isprintable() else ""
    is_number = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST_KEY
    return f"{model} {value}" if is_number else ""


def model_of(key: str) -> str:
    """Return the model of a key."""
    return key.partition(" ")[0]


def text_of(value: Any) -> str:
    """Return text on one line; a number as text; nothing for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return " ".join(value.split())[:_LONGEST_TEXT] if isinstance(value, str) else ""


def word_of(value: Any) -> str:
    """Return the word of a choice, which stands alone or in an object with a value and a label.

    Examples
    --------
    >>> word_of("Active"), word_of({"value": "active", "label": "Active"}), word_of({"value": 1, "label": "Active"})
    ('active', 'active', 'active')
    """
    if isinstance(value, Mapping):
        own = value.get("value")
        value = own if isinstance(own, str) else value.get("label", value.get("name"))
    return value.strip().lower() if isinstance(value, str) else ""


@dataclass(slots=True)
class Record:
    """One record."""

    model: str
    key: str
    """Model and primary key: ``dcim.device 12``."""
    fields: Mapping[str, Any] = field(repr=False)
    source: Source = field(repr=False)
    document: Document = field(repr=False)
    path: Path
    is_whole: bool = True
    """False for what another record only names."""

    @property
    def place(self) -> Place:
        """Where it stands; to find the line takes a while, so ask for it only where it is told."""
        return Place(self.source, self.document.line(self.path))

    def text(self, name: str) -> str:
        """Return a field as text on one line."""
        return text_of(self.fields.get(name))

    def word(self, name: str) -> str:
        """Return a field that holds a choice as a word in small letters."""
        return word_of(self.fields.get(name))

    def number(self, name: str) -> int:
        """Return a field that holds a whole number; 0 without one."""
        value = self.fields.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    def flag(self, name: str) -> bool:
        """Tell whether a field is true."""
        return self.fields.get(name) is True

    def refers(self, name: str, model: str) -> str:
        """Return the key of what a field refers to; nothing if it refers to nothing."""
        return key_of(model, self.fields.get(name))

    @property
    def not_in_use(self) -> str:
        """Why it is not in use, as a word: planned, offline; nothing for what is."""
        status = self.fields.get("status")
        word = word_of(status)
        if isinstance(status, Mapping) and not word:
            status = status.get("value")
        if word:
            return word if word in _NOT_IN_USE else ""
        if isinstance(status, bool):
            return "" if status else "planned"
        if not isinstance(status, int):
            return ""
        used = _RACK_IN_USE if self.model == "dcim.rack" else {1}
        return "" if status in used else shown(status)


class Records:
    """All records that were read, and what they only name."""

    def __init__(self) -> None:
        self._by_model: dict[str, dict[str, Record]] = {}

    def add(self, record: Record) -> None:
        """Add a record; what is whole counts before what is only named, and of equals the first, completed by the others."""
        own = self._by_model.setdefault(record.model, {})
        known = own.get(record.key)
        if known is None or (record.is_whole and not known.is_whole):
            own.pop(record.key, None)  # so that whole records have the order of their files
            own[record.key] = record
        elif record.is_whole == known.is_whole and record.fields.keys() - known.fields.keys():
            known.fields = {**record.fields, **known.fields}

    def get(self, key: str) -> Record | None:
        """Return the record of a key, also one that is only named."""
        return self._by_model.get(model_of(key), {}).get(key)

    def of(self, model: str, *, named_too: bool = False) -> Iterator[Record]:
        """Yield the records of a model in their order; on request also those that are only named."""
        for record in self._by_model.get(model, {}).values():
            if record.is_whole or named_too:
                yield record

    def has_any(self, *models: str) -> bool:
        """Tell whether there is a whole record of one of these models."""
        return any(True for model in models for _ in self.of(model))
