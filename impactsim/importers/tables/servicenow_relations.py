"""Relations of a ServiceNow CMDB (``cmdb_rel_ci``): who needs whom, by the type of each.

The direction of failure is not that of the relation: a rack contains a server, and the server needs the rack; a service contains
an application, and the service needs it. Where the type does not say it, the classes do, and where they do not, nothing is
guessed: it is told, and left out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from impactsim.importers.parts import Place
from impactsim.importers.tables.columns import Tables
from impactsim.importers.tables.files import Row
from impactsim.importers.tables.headers import Columns
from impactsim.importers.tables.references import References
from impactsim.importers.tables.servicenow_words import KNOWN, SAID, Meaning, relation
from impactsim.importers.tables.words import fold
from impactsim.quantities import shown

_HOLDS = {"host", "cluster", "power", "cooling", "connectivity", "data"}
"""Kinds whose contents fall with them."""
_SYS_ID = re.compile(r"[0-9a-f]{32}")


class Relations:
    """Reads lists of relations.

    Parameters
    ----------
    tables
        With the lists.
    references
        Know all items.
    classes
        The class of each item, folded, by key.
    members_needed
        Of clusters: a number, ``all`` or ``all-but-one``.
    """

    def __init__(self, tables: Tables, references: References, classes: dict[str, str], members_needed: str) -> None:
        self.tables = tables
        self.draft = tables.draft
        self.references = references
        self.classes = classes
        self.members_needed = members_needed
        self._clusters: dict[str, tuple[Place, dict[str, None]]] = {}
        self._unknown: dict[str, tuple[Columns, Row]] = {}
        self._n: Counter[str] = Counter()
        self._unsure: dict[str, tuple[Columns, Row]] = {}
        self._n_data = 0

    def read(self) -> None:
        """Read all relations."""
        for columns in self.tables.of["edges"]:
            for row, is_left_out in self.tables.rows(columns):
                if not is_left_out:
                    self._relation(columns, row)
        for owner, (place, members) in self._clusters.items():
            k = self._k(len(members))
            self.draft.need(owner, list(members), place, form="at_least", k=k, confidence="guessed")

    def tell(self) -> None:
        """Say what was made of relations, and what could not be understood."""
        if self._clusters:
            guess = f"each is taken to need {self.members_needed} of its members, which is a guess (--members-needed)"
            self.draft.remark(f"clusters: {len(self._clusters):,}; {guess}")
        if self._n_data:
            why = "no list says how much is lost without them, and how long a queue lasts: fill in impact and holdover"
            self.draft.remark(f"needs of data that are kept without effect (impact: 0): {self._n_data:,}; {why}")
        for type_, (columns, row) in self._unknown.items():
            fault = f"what the type {shown(type_)} means is not known; relations of it that are left out: {self._n[type_]:,}"
            remedy = "say under `values`, `type` in a mapping: parent needs child, child needs parent, or nothing"
            if _SYS_ID.fullmatch(type_):
                remedy = "export the name of the type (type.name), not its sys_id"
            self.tables.tell(columns, row, "type", "relation-type", fault, remedy)
        for told, (columns, row) in self._unsure.items():
            fault = f"{told}, and which of both fails with the other is not clear; left out: {self._n[told]:,}"
            remedy = "say what the type means in a mapping, or write the needs in a layer of your own"
            self.tables.tell(columns, row, "type", "contains-unclear", fault, remedy)

    def _relation(self, columns: Columns, row: Row) -> None:
        type_ = self.tables.cell(columns, row, "type")
        meaning, is_reversed = (
            SAID.get(" ".join(type_.casefold().split())) or KNOWN.get(relation(type_)) or (None, False)
        )
        if meaning is None:
            self._unknown.setdefault(type_, (columns, row))
            self._n[type_] += 1
            return
        if meaning == "nothing":
            self.draft.leave_out(f"relations of the type {shown(type_)}, which say nothing of failures")
            return
        ends = [self._end(columns, row, word) for word in ("parent", "child")]
        parent, child = reversed(ends) if is_reversed else ends
        if parent is None or child is None:
            return
        if parent == child:
            self.draft.leave_out("relations of a CI to itself")
        else:
            self._take(meaning, parent, child, columns, row)

    def _end(self, columns: Columns, row: Row, word: str) -> str | None:
        """Return the key of an end; none, and counted, if there is none or if it was left out."""
        spot_word = f"{word}_sys_id" if self.tables.cell(columns, row, f"{word}_sys_id") else word
        text = self.tables.cell(columns, row, spot_word)
        if not text:
            self.draft.leave_out("relations without one of their ends")
            return None
        class_ = fold(self.tables.cell(columns, row, f"{word}_class"))
        if class_:
            found = [key for key in self.references.known(text) if self.classes.get(key) == class_]
            if len(found) == 1:
                return found[0]
        key = self.references.key(text, columns.table.place(row), columns.table.spot(columns.header(spot_word)))
        if key is None:
            self.draft.leave_out("relations with a CI that is left out")
        return key

    def _take(self, meaning: Meaning, parent: str, child: str, columns: Columns, row: Row) -> None:
        place = columns.table.place(row)
        if meaning == "contains":
            self._contain(parent, child, columns, row)
        elif meaning == "members":
            is_turned = self._kind(child) == "cluster" and self._kind(parent) != "cluster"
            self._join(*((child, parent) if is_turned else (parent, child)), place)
        elif meaning == "gets data":
            self._n_data += 1
            self.draft.need(parent, child, place, confidence="guessed", impact=0)
        elif meaning == "stands in":
            self._stand(parent, child, columns, place)
        else:
            self._need(parent, child, columns, place)

    def _contain(self, parent: str, child: str, columns: Columns, row: Row) -> None:
        """Find by the classes who falls with whom."""
        place, holder, held = columns.table.place(row), self._kind(parent), self._kind(child)
        if holder == "site":
            self._stand(child, parent, columns, place)
        elif holder == "cluster" and held == "host":
            self._join(parent, child, place)
        elif holder in _HOLDS:
            self._need(child, parent, columns, place)
        elif holder == "service":
            self._need(parent, child, columns, place)
        else:
            told = f"something of the kind {shown(holder)} contains something of the kind {shown(held)}"
            self._unsure.setdefault(told, (columns, row))
            self._n[told] += 1

    def _join(self, cluster: str, member: str, place: Place) -> None:
        self._clusters.setdefault(cluster, (place, {}))[1][member] = None

    def _stand(self, key: str, site: str, columns: Columns, place: Place) -> None:
        words: dict[str, Any] = self.draft.parts[key].words
        if self._kind(site) == "site" and words.setdefault("at", site) == site:
            return
        self._need(key, site, columns, place)

    def _need(self, owner: str, member: str, columns: Columns, place: Place) -> None:
        self.draft.need(owner, member, place, confidence=self.tables.sure(columns))

    def _kind(self, key: str) -> str:
        return str(self.draft.parts[key].words.get("kind") or "service")

    def _k(self, n: int) -> int:
        if self.members_needed.isdigit():
            return min(int(self.members_needed), n)
        return n if self.members_needed == "all" else max(1, n - 1)
