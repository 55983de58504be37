"""ServiceNow: lists of configuration items (``cmdb_ci`` and its children) and of their relations (``cmdb_rel_ci``).

A list that people export has display values: names, which need not be unique, and labels. One of the interface has ``sys_id``.
Both are read. Which class has which kind, and what each type of relation says of failures, stands in ``servicenow_words.py``; a
mapping (``table_mapping.py``) can say otherwise, and has to for headers and types in languages that are not known here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from impactsim.importers.draft import Draft
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.importers.tables.cells import kind as kind_of_own
from impactsim.importers.tables.columns import Tables, opened
from impactsim.importers.tables.files import Row
from impactsim.importers.tables.headers import Columns
from impactsim.importers.tables.references import References, folded
from impactsim.importers.tables.servicenow_relations import Relations
from impactsim.importers.tables.servicenow_words import ITEMS, RELATIONS, kind_of
from impactsim.importers.tables.words import fold
from impactsim.model.system import KINDS
from impactsim.problems import Fault
from impactsim.quantities import shown

_GONE = {"2": "non-operational", "nonoperational": "non-operational", "6": "retired", "retired": "retired"}
_CRITICAL = {
    "1": True,
    "1mostcritical": True,
    "mostcritical": True,
    "4": False,
    "4notcritical": False,
    "notcritical": False,
}
"""What is clear; between them nothing is."""
_TOLD = 20


def read_servicenow(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read lists of configuration items and of relations."""
    tables = opened(sources, settings, draft, (RELATIONS, ITEMS))
    needed = _members_needed(str(settings.get("members_needed") or "1"), draft)
    items = _Items(tables)
    items.read()
    relations = Relations(tables, items.references, items.classes, needed)
    relations.read()
    items.stand()
    tables.tell_columns()
    items.tell()
    relations.tell()
    if file := settings.get("save_mapping"):
        tables.save(file, "servicenow", {})


def _members_needed(text: str, draft: Draft) -> str:
    """Return the setting, if it can be understood."""
    if not re.fullmatch(r"[1-9][0-9]{0,5}|all|all-but-one", text):
        fault = f"{shown(text)} is not how many members a cluster needs"
        draft.notes.error(0, "members-needed", "members_needed", fault, "write a number from 1 on, all, or all-but-one")
        return "1"
    return text


class _Items:
    """Reads lists of configuration items."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.draft = tables.draft
        self.references = References(tables.draft)
        self.references.has_rows = bool(tables.of["nodes"])
        self.classes: dict[str, str] = {}
        """The class of each key, folded."""
        self._places: list[tuple[str, str, Place]] = []
        self._unknown: Counter[str] = Counter()
        self._n_without_class = 0

    def read(self) -> None:
        """Read all items."""
        for columns in self.tables.of["nodes"]:
            for row, is_left_out in self.tables.rows(columns):
                self._item(columns, row, is_left_out)

    def stand(self) -> None:
        """Put the items at their locations: sites of that name, or ones that are made."""
        places = [(key, self._site(location, place), place) for key, location, place in self._places]
        for key, site, _ in places:
            if key != site:
                self.draft.parts[key].words.setdefault("at", site)
        for key, site, place in places:
            if key != site and not self._reaches(key, site):
                self.draft.need(key, site, place)

    def tell(self) -> None:
        """Say in the report what was made of classes."""
        if not self.references.has_rows:
            self.draft.remark("no list describes CIs: all that have relations count as services")
        if self._unknown:
            read = [f"{shown(text)} {n:,}" for text, n in self._unknown.most_common(_TOLD)]
            self.draft.remark(f"classes without a kind that means something: {', '.join(read)}")
        if self._n_without_class:
            self.draft.remark(f"CIs without a class, which are kept as something unknown: {self._n_without_class:,}")

    def _item(self, columns: Columns, row: Row, is_left_out: bool) -> None:
        own, name, class_ = (self.tables.cell(columns, row, word) for word in ("sys_id", "name", "class"))
        gone = _GONE.get(fold(self.tables.cell(columns, row, "status")))
        if gone and not is_left_out:
            self.draft.leave_out(f"CIs that are {gone}")
        if gone or is_left_out:
            self.references.leave_out((own, name))
            return
        if not own and not name:
            self.draft.leave_out("rows of CIs without a name and without a sys_id")
            return
        key = own or (f"{class_} {name}" if class_ else name)
        place = columns.table.place(row)
        if key in self.classes:
            self._tell_twice(name, own, columns, row)
        words: dict[str, Any] = {"kind": self._kind(class_)}
        if words["kind"] == "service":
            words["critical"] = _CRITICAL.get(fold(self.tables.cell(columns, row, "critical")))
        sure = self.tables.sure(columns)
        self.draft.component(key, name or own, place, within=class_, confidence=sure, **words)
        self.classes[key] = fold(class_)
        self.references.add(key, (name,))
        if location := self.tables.cell(columns, row, "location"):
            self._places.append((key, location, place))

    def _tell_twice(self, name: str, own: str, columns: Columns, row: Row) -> None:
        if own:
            self.tables.tell(
                columns, row, "sys_id", "row-twice", f"a second row for {shown(own)}", "export each list once"
            )
        else:
            fault = f"several are called {shown(name)}, and only a sys_id could tell them apart: they count as one"
            self.tables.tell(columns, row, "name", "name-clash", fault, "export the column sys_id as well")

    def _kind(self, class_: str) -> str:
        if not class_:
            self._n_without_class += 1
            return "unknown"
        kind = class_ if class_ in KINDS else kind_of(class_)
        if kind is None:
            self._unknown[class_] += 1
            try:
                kind = kind_of_own(class_.casefold().removeprefix("cmdb_ci_"))
            except Fault:
                kind = "unknown"
        return kind

    def _site(self, location: str, place: Place) -> str:
        """Return the key of a location: an item that is a site of that name, else one that is made."""
        sites = [key for key in self.references.known(location) if self.draft.parts[key].words.get("kind") == "site"]
        if len(sites) == 1:
            return sites[0]
        key = f"location {folded(location)}"
        if key not in self.draft.parts:
            self.draft.component(key, location, place, kind="site")
        return key

    def _reaches(self, key: str, site: str) -> bool:
        """Does something stand at a site already, by way of what it stands in?"""
        seen = {key}
        at: Any = self.draft.parts[key].words.get("at")
        while at in self.draft.parts and at not in seen:
            if at == site:
                return True
            seen.add(at)
            at = self.draft.parts[at].words.get("at")
        return bool(at == site)
