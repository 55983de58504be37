"""Files of NetBox become records: dumps (``manage.py dumpdata``) and answers of the REST interface, old and new.

Of nested objects of an answer only those are looked at whose field is in a short list; of records whose model is not read,
only the name of the app is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

from impactsim.files.documents import Document
from impactsim.importers.draft import Draft
from impactsim.importers.netbox.records import ENDPOINTS, MODELS, PLURALS, Record, Records, key_of
from impactsim.importers.sources import Source
from impactsim.problems import Path

_ADDRESS = re.compile(r"/api/([a-z]+)/([a-z\-]+)/[^/]*/?\Z")
_APP = re.compile(r"[a-z][a-z0-9_]{0,40}")
_DEEPEST = 4
"""Objects nested deeper are not looked at: a port, its device, nothing below."""
_MOST_NESTED = 1000
"""More entries of a list inside a record are not looked at."""

_NAMED_BY = {
    "site": "dcim.site",
    "location": "dcim.location",
    "group": "dcim.rackgroup",
    "rack": "dcim.rack",
    "role": "dcim.devicerole",
    "device_role": "dcim.devicerole",
    "device": "dcim.device",
    "parent_device": "dcim.device",
    "installed_device": "dcim.device",
    "master": "dcim.device",
    "virtual_chassis": "dcim.virtualchassis",
    "power_panel": "dcim.powerpanel",
    "power_port": "dcim.powerport",
    "power_outlet": "dcim.poweroutlet",
    "interface": "dcim.interface",
    "interface_a": "dcim.interface",
    "interface_b": "dcim.interface",
    "rear_port": "dcim.rearport",
    "front_port": "dcim.frontport",
    "provider": "circuits.provider",
    "provider_network": "circuits.providernetwork",
    "circuit": "circuits.circuit",
    "cluster": "virtualization.cluster",
}
"""Which model an object has that stands in a field, where it has no address."""

_HOLDS_OTHERS = {
    "termination": "termination_type",
    "termination_a": "termination_a_type",
    "termination_b": "termination_b_type",
    "a_terminations": "",
    "b_terminations": "",
    "object": "object_type",
    "scope": "scope_type",
    "parent": "",
    "cable_peer": "cable_peer_type",
    "link_peers": "link_peers_type",
    "connected_endpoint": "connected_endpoint_type",
    "connected_endpoints": "connected_endpoints_type",
    "_link_peer": "",
}
"""Fields with objects of several models, and the field beside them that says which."""

_SIGNATURES: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(fields.split()), model)
    for fields, model in (
        ("termination_a_type termination_b_type", "dcim.cable"),
        ("a_terminations b_terminations", "dcim.cable"),
        ("interface_a interface_b", "dcim.interfaceconnection"),
        ("term_side circuit", "circuits.circuittermination"),
        ("cid provider", "circuits.circuit"),
        ("device power_outlet", "dcim.powerport"),
        ("device maximum_draw", "dcim.powerport"),
        ("device connected_port", "dcim.poweroutlet"),
        ("device feed_leg", "dcim.poweroutlet"),
        ("device rear_port", "dcim.frontport"),
        ("device positions", "dcim.rearport"),
        ("device mgmt_only", "dcim.interface"),
        ("power_panel supply", "dcim.powerfeed"),
        ("device_type site", "dcim.device"),
        ("vcpus cluster", "virtualization.virtualmachine"),
        ("u_height desc_units site", "dcim.rack"),
        ("physical_address shipping_address", "dcim.site"),
    )
)
"""What a record without an address is, by fields that only it has."""


class _Here(NamedTuple):
    """A record in a document."""

    source: Source
    document: Document
    path: Path


def read_records(sources: Sequence[Source], draft: Draft) -> Records:
    """Read files.

    Parameters
    ----------
    sources
        Dumps, answers, lists of records, in any order and mixed.
    draft
        Takes what is wrong with them, and how much was not read.
    """
    reading = _Reading(draft)
    for source in sources:
        for document in source.documents(draft.notes):
            reading.take_document(source, document)
    reading.tell()
    return reading.records


class _Reading:
    def __init__(self, draft: Draft) -> None:
        self.records = Records()
        self._draft = draft
        self._other_apps: Counter[str] = Counter()
        self._wanted: dict[str, tuple[int, _Here]] = {}
        """Of each model how many records there are, as the pages say."""
        self._held: Counter[str] = Counter()
        """Of each model how many records the pages hold."""

    def take_document(self, source: Source, document: Document) -> None:
        strange = 0
        for item, path in _items(document.data):
            here = _Here(source, document, path)
            if isinstance(item, Mapping) and isinstance(item.get("results"), list):
                strange += self._take_page(item, here)
            else:
                strange += not self._take(item, here)
        if strange:
            which = "this is" if strange == 1 else f"{strange:,} entries are"
            fault = f"{which} neither a record of a dump nor one of an answer of the REST interface"
            remedy = "give what `manage.py dumpdata` or GET /api/dcim/devices/ and the like answer"
            self._draft.notes.warning(0, "not-a-record", "", fault, remedy, file=source.name)

    def _take_page(self, page: Mapping[str, Any], here: _Here) -> int:
        """Take a page of an answer; return how many of its entries are no records."""
        models: Counter[str] = Counter()
        strange = 0
        for position, item in enumerate(page["results"]):
            model = self._take(item, here._replace(path=(*here.path, "results", position)))
            strange += not model
            models[model] += 1
        if models:
            self._note_page(page, models.most_common(1)[0][0], here)
        return strange

    def _note_page(self, page: Mapping[str, Any], model: str, here: _Here) -> None:
        n, count = len(page["results"]), page.get("count")
        self._held[model] += n
        wanted = count if isinstance(count, int) and not isinstance(count, bool) else 0
        if not wanted and page.get("next"):
            wanted = self._held[model] + 1
        if wanted > self._wanted.get(model, (0, here))[0]:
            self._wanted[model] = (wanted, here)

    def _take(self, item: Any, here: _Here) -> str:
        """Take one record, of either shape; return its model, nothing if it is no record."""
        if not isinstance(item, Mapping):
            return ""
        model, fields = item.get("model"), item.get("fields")
        if isinstance(model, str) and isinstance(fields, Mapping):
            return self._take_known(model.lower(), item.get("pk"), fields, here)
        if key_of("", item):
            return self._take_known(_model_of_answer(item, here.source), item["id"], item, here)
        return ""

    def _take_known(self, model: str, pk: Any, fields: Mapping[str, Any], here: _Here) -> str:
        app = model.partition(".")[0]
        if model not in MODELS:
            self._other_apps[app if _APP.fullmatch(app) else ""] += 1
            return model or "unknown"
        key = key_of(model, pk)
        if not key:
            return ""
        self.records.add(Record(model, key, fields, *here))
        if "id" in fields:
            self._take_named(fields, here, 1)
        return model

    def _take_named(self, fields: Mapping[str, Any], here: _Here, depth: int) -> None:
        """Remember what an answer names: objects inside its records."""
        for name, value in fields.items():
            if not isinstance(value, dict | list) or (name not in _NAMED_BY and name not in _HOLDS_OTHERS):
                continue
            kind = fields.get(_HOLDS_OTHERS.get(name, ""))
            usual = _NAMED_BY.get(name) or (kind if isinstance(kind, str) else "")
            for each in value[:_MOST_NESTED] if isinstance(value, list) else [value]:
                if isinstance(each, Mapping):
                    model = _model_of_address(each) if _has_address(each) else usual
                    if model in MODELS and (key := key_of(model, each)):
                        self.records.add(Record(model, key, each, *here, is_whole=False))
                    if depth < _DEEPEST:
                        self._take_named(each, here, depth + 1)

    def tell(self) -> None:
        """Say what was not read, and which pages are missing."""
        for app, n in sorted(self._other_apps.items()):
            told = f"records of {app} that are not read" if app else "records that do not say what they are"
            self._draft.leave_out(told, n)
        for model, (wanted, here) in self._wanted.items():
            if (held := self._held[model]) < wanted:
                fault = f"the answer has {wanted:,} {PLURALS.get(model, 'records')}, and these files hold {held:,}"
                remedy = "give the other pages too, or ask for all at once with ?limit=0"
                line = here.document.line(here.path)
                self._draft.notes.warning(line, "incomplete-page", "", fault, remedy, file=here.source.name)


def _items(data: Any) -> Iterator[tuple[Any, Path]]:
    """Yield what a document holds: the entries of a list, or the whole."""
    if isinstance(data, list):
        yield from ((item, (position,)) for position, item in enumerate(data))
    else:
        yield data, ()


def _model_of_answer(item: Mapping[str, Any], source: Source) -> str:
    """Tell what a record of an answer is: by its address, by fields that only it has, or by the name of the file."""
    if _has_address(item):
        return _model_of_address(item) or _app_of_address(item)
    for fields, model in _SIGNATURES:
        if fields <= item.keys():
            return model
    return _model_of_file(source.short)


def _model_of_address(item: Mapping[str, Any]) -> str:
    """Return the model of an object by its own address: ``.../api/dcim/power-ports/12/``; nothing if it is not read."""
    url = item.get("url")
    found = _ADDRESS.search(url) if isinstance(url, str) else None
    model = ENDPOINTS.get(found[2], "") if found else ""
    return model if found and model.startswith(f"{found[1]}.") else ""


def _has_address(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("url"), str) and _ADDRESS.search(item["url"]) is not None


def _app_of_address(item: Mapping[str, Any]) -> str:
    found = _ADDRESS.search(item["url"])
    return found[1] if found else ""


def _model_of_file(name: str) -> str:
    """Tell the model by the name of a file, such as ``dcim_power_ports.json``: by the last words in it that name one."""
    words = re.sub(r"[^a-z]+", "-", PurePath(name).stem.lower())
    ends = {
        model: (found.end(), len(endpoint))
        for endpoint, model in ENDPOINTS.items()
        for found in re.finditer(rf"(?<![a-z]){endpoint}(?![a-z])", words)
    }
    return max(ends, key=lambda model: ends[model]) if ends else ""
