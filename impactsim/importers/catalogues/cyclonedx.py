"""CycloneDX, version 1.4 and later, as JSON: the services of bills of materials.

Read are services, also those in others, with bom-ref, name, group and provider, and `dependencies`. That a service stands in
another is no need. A service of somebody else becomes a provider with that name as its operator. Of the software (components) only
what depends on a service, straight or by way of other software, becomes a component, so that no way between two services is lost;
a program (``application``) is a service then. A reference into another document (``urn:cdx:``) is followed where that is imported as
well. Endpoints, flows of data, licences and vulnerabilities are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from impactsim.files.documents import Document
from impactsim.importers.catalogues.cyclonedx_graph import Bill, Node
from impactsim.importers.catalogues.words import listed, mapping, text_of, texts_of
from impactsim.importers.draft import Draft
from impactsim.importers.ids import as_id
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.problems import Path
from impactsim.quantities import shown

_OLDEST = (1, 4)
_VERSION = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})")
_LONGEST = 1_000
_KINDS = {"application": "service", "device": "host", "": "component"}
"""Kinds of components by the type of software; all other types are kinds of their own."""
_MAKERS = ("supplier", "manufacturer", "manufacture")
_TOLD = 5


def read_cyclonedx(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read the services of bills of materials into a draft.

    Parameters
    ----------
    sources
        Documents, each a world of its own: equal references in two of them mean two things.
    settings
        ``own_provider`` (a list).
    draft
        Takes components and needs.
    """
    labels: dict[str, int] = {}
    documents = [(source, document) for source in sources if (document := _document(source, draft)) is not None]
    bills = [_Reader(source, document, draft).bill(labels) for source, document in documents]
    by_serial = {bill.serial: bill for bill in bills if bill.serial}
    own = texts_of(settings["own_provider"])
    own = own or [name for bill in bills for name in bill.makers] or [name for bill in bills for name in bill.above]
    for bill in bills:
        bill.keep(draft)
    for bill in bills:
        bill.enter(draft, {name.casefold() for name in own}, by_serial)
    _remark(draft, bills, own)


def _document(source: Source, draft: Draft) -> Document | None:
    """Return a bill of materials; none, and why, of anything else."""
    if source.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        fault = "this is the XML form, which is not read"
        draft.notes.error(1, "xml-form", "", fault, "save the bill of materials as JSON", file=source.name)
        return None
    document = source.document(draft.notes)
    if document is None:
        return None
    data = document.data if isinstance(document.data, dict) else {}
    if text_of(data.get("bomFormat")) != "CycloneDX":
        fault = "this is no CycloneDX document: its bomFormat does not say so"
        draft.notes.error(1, "not-cyclonedx", "", fault, "check the format", file=source.name)
        return None
    version = _VERSION.fullmatch(text_of(data.get("specVersion")))
    if version is None or (int(version[1]), int(version[2])) < _OLDEST:
        fault = "the specVersion is older than 1.4, or none: it is read as if it were 1.4"
        line = document.line(("specVersion",))
        draft.notes.warning(line, "old-version", "specVersion", fault, "check what was found", file=source.name)
    return document


class _Reader:
    """Reads one document."""

    def __init__(self, source: Source, document: Document, draft: Draft) -> None:
        self.source = source
        self.document = document
        self.data: dict[str, Any] = document.data
        self.draft = draft

    def bill(self, labels: dict[str, int]) -> Bill:
        """Return what the document says; `labels` counts how often each label was taken."""
        metadata = mapping(self.data, "metadata")
        main = mapping(metadata, "component")
        label = text_of(main.get("name")) or _reference(main.get("bom-ref"))
        labels[label] = labels.get(label, 0) + 1
        label = label if labels[label] == 1 else f"{label} {labels[label]}".strip()
        bill = Bill(label, text_of(self.data.get("serialNumber")).casefold().removeprefix("urn:uuid:"))
        makers = [_name(each.get(word)) for each in (metadata, main) for word in _MAKERS]
        bill.makers = [name for name in [*makers, text_of(main.get("publisher"))] if name]
        for path, each, around in _nested(self.data, "services"):
            provider, above = _name(each.get("provider")), _name((around or {}).get("provider"))
            bill.above += [above] if above else []
            node = Node("", self._place(path), group=text_of(each.get("group")), provider=provider)
            self._add(bill, path, each, node)
        if main:
            self._add_software(bill, ("metadata", "component"), main)
            for path, each, _ in _nested(main, "components"):
                self._add_software(bill, ("metadata", "component", *path), each)
        for path, each, _ in _nested(self.data, "components"):
            self._add_software(bill, path, each)
        self._depend(bill)
        return bill

    def _place(self, path: Path) -> Place:
        return Place(self.source, self.document.line(path))

    def _add_software(self, bill: Bill, path: Path, data: dict[str, Any]) -> None:
        type_ = text_of(data.get("type")).casefold()
        kind = _KINDS[type_] if type_ in _KINDS else as_id(type_)
        self._add(bill, path, data, Node("", self._place(path), kind, is_service=False))

    def _add(self, bill: Bill, path: Path, data: dict[str, Any], node: Node) -> None:
        """Add a service or a piece of software; of two with one reference the first counts."""
        own = _reference(data.get("bom-ref"))
        node.name = text_of(data.get("name")) or own
        if not own and node.is_service:  # nothing can depend on it, and it is there all the same
            own = f"service {node.name or '.'.join(map(str, path))}"
        if not own:
            self.draft.leave_out("pieces of software that depend on no service")
        elif own in bill.nodes:
            fault = f"two have the bom-ref {shown(own)}: it is not clear which of them is meant"
            line = self.document.line((*path, "bom-ref"))
            self.draft.notes.warning(line, "duplicate-ref", "", fault, "the first counts", file=self.source.name)
        else:
            bill.nodes[own] = node

    def _depend(self, bill: Bill) -> None:
        """Read who depends on whom."""
        for n, each in listed(self.data.get("dependencies")):
            entry = each if isinstance(each, dict) else {}
            owner = _reference(entry.get("ref"))
            path: Path = ("dependencies",) if n is None else ("dependencies", n)
            if not owner:
                fault = "this says of nothing what it depends on: it has no ref"
                self._warn(path, "bad-reference", fault)
                continue
            bill.stated.add(owner)
            for step, value in listed(entry.get("dependsOn")):
                target = _reference(value)
                at = (*path, "dependsOn") if step is None else (*path, "dependsOn", step)
                if not target:
                    self._warn(at, "bad-reference", "dependsOn names what is no reference")
                elif target != owner:
                    bill.needs.setdefault(owner, {}).setdefault(target, self._place(at))
        for n, each in listed(self.data.get("compositions")):
            entry = each if isinstance(each, dict) else {}
            if text_of(entry.get("aggregate")).startswith("incomplete") and entry.get("dependencies"):
                path = ("compositions",) if n is None else ("compositions", n)
                self._warn(path, "not-whole", "the document says that its dependencies are incomplete")

    def _warn(self, path: Path, code: str, fault: str) -> None:
        remedy = "look for what is missing"
        self.draft.notes.warning(self.document.line(path), code, "", fault, remedy, file=self.source.name)


def _nested(data: Mapping[str, Any], word: str) -> Iterator[tuple[Path, dict[str, Any], dict[str, Any] | None]]:
    """Yield what stands in lists within lists: path, mapping, and the mapping around it; in the order of the file."""
    waiting: list[tuple[Path, Any, dict[str, Any] | None]] = [((word,), data.get(word), None)]
    while waiting:
        path, value, around = waiting.pop()
        if isinstance(value, list):
            waiting += [((*path, n), each, around) for n, each in reversed(list(enumerate(value)))]
        elif isinstance(value, dict):
            yield path, value, around
            if value.get(word):
                waiting.append(((*path, word), value[word], value))


def _name(value: Any) -> str:
    return text_of(value.get("name")) if isinstance(value, dict) else ""


def _reference(value: Any) -> str:
    return text_of(value, _LONGEST) if isinstance(value, str) else ""


def _remark(draft: Draft, bills: Sequence[Bill], own: Sequence[str]) -> None:
    names = {name.casefold() for name in own}
    providers = [node.provider for bill in bills for node in bill.nodes.values() if node.provider]
    others = list(dict.fromkeys(name for name in providers if name.casefold() not in names))
    if others:
        draft.remark(f"taken for third parties: {_some(others)} (--own-provider names those that are yours)")
    ours = {name.casefold(): name for name in reversed(providers) if name.casefold() in names}
    if ours:
        draft.remark(f"taken for your own organisation: {_some([*reversed(ours.values())])}")
    silent = [
        node.name
        for bill in bills
        for own_ref, node in bill.nodes.items()
        if node.is_service and own_ref not in bill.stated
    ]
    if silent:
        draft.remark(f"the documents do not say what these depend on, if anything: {_some(silent)}")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _TOLD:,} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more
