"""GLPI: lists of assets, and the table of its impact analysis (``glpi_impactrelations``).

An asset is known by its type and its number, such as ``Computer`` 12. The type of a list stands in a column ``itemtype``, or in the
name of the file or the sheet, as a type (``Computer.csv``) or as a table (``glpi_computers.csv``). In a relation the source
impacts the other asset: that one needs the source.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from impactsim.importers.draft import Draft
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.importers.tables.cells import kind as kind_of_own
from impactsim.importers.tables.columns import Tables, opened
from impactsim.importers.tables.files import Row, Table
from impactsim.importers.tables.headers import Columns
from impactsim.importers.tables.references import References, folded
from impactsim.importers.tables.words import YES, Sort, fold
from impactsim.problems import Fault
from impactsim.quantities import shown

_ASSETS = Sort(
    "nodes",
    {
        "id": ("items_id", "numero", "nummer"),
        "name": ("nom", "nome", "nombre", "bezeichnung"),
        "itemtype": ("item type", "type d'élément", "tipo elemento"),
        "location": ("locations_id", "completename", "lieu", "standort", "luogo", "ubicación"),
        "is_deleted": ("deleted",),
        "is_template": ("template",),
    },
    (("id",), ("name", "itemtype")),
)
_IMPACTS = Sort(
    "edges",
    dict.fromkeys(("itemtype_source", "items_id_source", "itemtype_impacted", "items_id_impacted"), ()),
    (("itemtype_source",), ("items_id_source",), ("itemtype_impacted",), ("items_id_impacted",)),
)
_KINDS = {
    "Computer": "host",
    "NetworkEquipment": "connectivity",
    "Appliance": "service",
    "Software": "service",
    "Domain": "connectivity",
    "DatabaseInstance": "data",
    "Database": "data",
    "Cluster": "cluster",
    "PDU": "power",
    "Rack": "site",
    "Enclosure": "site",
    "DCRoom": "site",
    "Datacenter": "site",
    "Location": "site",
    "Supplier": "provider",
    "Line": "connectivity",
    "PassiveDCEquipment": "connectivity",
    "Monitor": "monitor",
    "Printer": "printer",
    "Peripheral": "peripheral",
    "Phone": "phone",
    "Certificate": "certificate",
}
"""Kinds by type; a type that is not here becomes a kind of its own."""
_TYPES = {fold(type_): type_ for type_ in _KINDS}
_TABLES = {fold(f"glpi_{type_}s"): type_ for type_ in _KINDS} | {
    fold("glpi_networkequipments"): "NetworkEquipment",
    fold("glpi_softwares"): "Software",
    fold("glpi_passivedcequipments"): "PassiveDCEquipment",
}


def read_glpi(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read lists of assets and the table of impacts."""
    tables = opened(sources, settings, draft, (_IMPACTS, _ASSETS))
    reading = _Reading(tables)
    for columns in tables.of["nodes"]:
        reading.assets(columns)
    reading.stand()
    for columns in tables.of["edges"]:
        reading.impacts(columns)
    tables.tell_columns()
    if tables.of["edges"]:
        draft.remark(
            "each impact counts as a hard need: what is impacted needs the source, and nothing says how much of it"
        )
    if file := settings.get("save_mapping"):
        tables.save(file, "glpi", {})


class _Reading:
    """Reads assets and impacts."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.draft = tables.draft
        self.references = References(tables.draft)
        self.references.has_rows = bool(tables.of["nodes"])
        self._places: list[tuple[str, str, Place]] = []

    def assets(self, columns: Columns) -> None:
        """Read a list of assets."""
        usual = _type_of_table(columns.table)
        if "itemtype" not in columns.at and usual is None:
            fault = "no column and no name says of which type these assets are: the list is left out"
            remedy = "call the file by its type, such as Computer.csv, or add a column itemtype"
            self.draft.notes.error(0, "no-itemtype", "", fault, remedy, file=columns.table.source.name)
            return
        for row, is_left_out in self.tables.rows(columns):
            type_ = _type(self.tables.cell(columns, row, "itemtype")) or usual or ""
            number = self.tables.cell(columns, row, "id")
            if not type_ or not number:
                self.draft.leave_out("rows of assets without a type or a number")
                continue
            key = f"{type_}-{number}"
            if is_left_out or self._is_gone(columns, row):
                self.references.leave_out((key,))
                continue
            self._asset(key, type_, columns, row)

    def stand(self) -> None:
        """Put assets at their places: ones of the lists by number or by name, or ones that are made."""
        for key, location, place in self._places:
            listed = f"Location-{location}"
            named = self.references.known(location)
            sites = [each for each in named if self.draft.parts[each].words.get("kind") == "site"]
            site = (
                listed if listed in self.draft.parts else sites[0] if len(sites) == 1 else f"place {folded(location)}"
            )
            if site == key or location == "0":
                continue
            if site not in self.draft.parts:
                name = listed if location.isdigit() else location
                self.draft.component(site, name, place, kind="site")
            self.draft.parts[key].words.setdefault("at", site)

    def impacts(self, columns: Columns) -> None:
        """Read a table of impacts."""
        for row, is_left_out in self.tables.rows(columns):
            if is_left_out:
                continue
            source, impacted = self._end(columns, row, "source"), self._end(columns, row, "impacted")
            if source is None or impacted is None:
                continue
            if source == impacted:
                self.draft.leave_out("impacts of an asset on itself")
            else:
                self.draft.need(impacted, source, columns.table.place(row), confidence=self.tables.sure(columns))

    def _is_gone(self, columns: Columns, row: Row) -> bool:
        for word, what in (("is_deleted", "assets that are in the bin"), ("is_template", "templates of assets")):
            if fold(self.tables.cell(columns, row, word)) in YES:
                self.draft.leave_out(what)
                return True
        return False

    def _asset(self, key: str, type_: str, columns: Columns, row: Row) -> None:
        name, place = self.tables.cell(columns, row, "name"), columns.table.place(row)
        if key in self.draft.parts:
            self.tables.tell(columns, row, "id", "row-twice", f"a second row for {shown(key)}", "export each list once")
        sure = self.tables.sure(columns)
        self.draft.component(key, name or key, place, within=type_, confidence=sure, kind=_kind(type_))
        self.references.add(key, (name,))
        if location := self.tables.cell(columns, row, "location"):
            self._places.append((key, location, place))

    def _end(self, columns: Columns, row: Row, end: str) -> str | None:
        """Return the key of an end; none, and counted, if there is none or if it was left out."""
        type_, number = (
            self.tables.cell(columns, row, f"itemtype_{end}"),
            self.tables.cell(columns, row, f"items_id_{end}"),
        )
        if not type_ or not number:
            self.draft.leave_out("impacts without one of their ends")
            return None
        spot = columns.table.spot(columns.header(f"items_id_{end}"))
        type_ = _type(type_)
        kind = "unknown" if self.references.has_rows else _kind(type_)
        key = self.references.key(f"{type_}-{number}", columns.table.place(row), spot, kind)
        if key is None:
            self.draft.leave_out("impacts of or on assets that are left out")
        return key


def _type(text: str) -> str:
    """Return a type as GLPI writes it; classes of plug-ins and of newer versions have a path before the name."""
    bare = text.replace("\\", "/").rpartition("/")[2].strip()
    return _TYPES.get(fold(bare), bare)


def _kind(type_: str) -> str:
    if type_ in _KINDS:
        return _KINDS[type_]
    try:
        return kind_of_own(type_)
    except Fault:
        return "asset"


def _type_of_table(table: Table) -> str | None:
    """Return the type that the name of a sheet or file says: itself, or a table, also with a date behind it."""
    for name in (table.name, table.source.short.rsplit(".", 1)[0]):
        bare = fold(re.sub(r"[-_ .(]*[0-9][-_ .0-9():]*$", "", name))
        for known in (bare, f"glpi{bare}", bare.removesuffix("s")):
            if (found := _TYPES.get(known) or _TABLES.get(known)) is not None:
                return found
    return None
