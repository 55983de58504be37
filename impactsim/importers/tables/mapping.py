"""Which column of a table says what: a small YAML file that people keep beside their tables, and correct.

Whatever it does not say is found out. Its form is in `_BEFORE`, which stands above what an import writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from impactsim.files.documents import Document
from impactsim.files.opening import read_document
from impactsim.files.system_text import data_text
from impactsim.files.writing import write_new
from impactsim.importers.draft import Draft
from impactsim.importers.notes import Notes
from impactsim.importers.tables.words import UNITS, Sort, fold
from impactsim.model.provenance import SURENESS, Confidence
from impactsim.problems import Path as Steps
from impactsim.quantities import shown

_BEFORE = """\
# Which column says what, for `impactsim import {format} ... --mapping THIS_FILE`. Correct it, and add what is missing:
#   nodes, edges: columns (header of each word, or a list of headers), leave_out (rows, by column and values), confidence
#   {more}values: what cells mean, by word, such as kind: {{Rechner: host}}; "" means that it says nothing
# Words of nodes: {nodes}
# Words of edges: {edges}
"""
_MORE = """edges also: reverse: true (`from` is needed by `to`), form (of groups that do not say theirs)
#   crews: members of each crew; units: of durations without one, such as rto: h; yes, no: words for them
#   """
_SORTS = ("nodes", "edges")
_OF_SORT = {"nodes": ("columns", "leave_out", "confidence"), "edges": ("columns", "leave_out", "confidence")}
_FORMS = ("any_of", "all_of")
_FORM_REMEDY = "write any_of or all_of; at_least stands in the tables, with a number under k for each group"

Texts = tuple[str, ...]


@dataclass
class TableMapping:
    """What people say of their tables; what is empty they do not say."""

    file: str = ""
    columns: dict[str, dict[str, Texts]] = field(default_factory=dict)
    """Headers by sort of table and word."""
    leave_out: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    """Rows to leave out: folded values by sort and header."""
    confidence: dict[str, Confidence] = field(default_factory=dict)
    """How sure the rows of a sort are."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """What cells mean: by word and folded text."""
    crews: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    is_reversed: bool = False
    form: str = ""
    headers: frozenset[str] = frozenset()
    """All headers, folded."""
    data: dict[str, Any] = field(default_factory=dict)
    """As it stands in the file."""

    def names(self, header: str) -> bool:
        """Is it the header of a column that is mapped?"""
        return fold(header) in self.headers

    def value(self, word: str, text: str) -> str:
        """Return what a cell means, as it stands there or as people have said."""
        known = self.values.get(word)
        return known.get(fold(text), text) if known else text


def read_mapping(file: str | None, sorts: Sequence[Sort], has_more: bool, notes: Notes) -> TableMapping:
    """Read a mapping; what is wrong with it is noted.

    Parameters
    ----------
    file
        Its path; none or empty for a mapping that says nothing.
    sorts
        What tables there may be.
    has_more
        Are crews, units, and so on, of use?
    notes
        Take what is wrong.
    """
    if not file:
        return TableMapping()
    document, problems = read_document(Path(file))
    notes.take(problems)
    mapping = TableMapping(file)
    if document is not None:
        _Reading(document, {sort.name: sort for sort in sorts}, has_more, notes).read(mapping)
    return mapping


def write_mapping(
    file: str, format_: str, sorts: Sequence[Sort], data: dict[str, Any], unused: Sequence[str], draft: Draft
) -> None:
    """Write a mapping to a new file, with a comment for each column that means nothing.

    Parameters
    ----------
    file
        A path where nothing lies.
    format_
        Name of the format.
    sorts
        What tables there are; their words are told.
    data
        What was used.
    unused
        Columns that were not used, with their tables.
    draft
        Takes what goes wrong.
    """
    words = {sort.name: ", ".join(sort.headers) for sort in sorts}
    head = _BEFORE.format(format=format_, more=_MORE if format_ == "table" else "", **words)
    rest = "".join(f"# not used: {each}\n" for each in unused)
    try:
        write_new({Path(file): head + rest + data_text(data)})
    except FileExistsError:
        remedy = "use it with --mapping, or name a new file"
        draft.notes.error(
            0, "mapping-there", "", "a file lies there already, and none is overwritten", remedy, file=file
        )
    except (OSError, ValueError):
        draft.notes.error(
            0, "mapping-not-written", "", "it cannot be written", "name a file in a folder of yours", file=file
        )
    else:
        draft.remark(f"what was used to read the columns was written to {file}")


class _Reading:
    """Reads the data of a mapping."""

    def __init__(self, document: Document, sorts: Mapping[str, Sort], has_more: bool, notes: Notes) -> None:
        self.document = document
        self.sorts = sorts
        self.has_more = has_more
        self.notes = notes

    def read(self, mapping: TableMapping) -> None:
        more = ("crews", "units", "yes", "no") if self.has_more else ()
        data = self._mapping(self.document.data, (), (*_SORTS, "values", *more))
        mapping.data = data
        for sort in _SORTS:
            self._sort(mapping, sort, data.get(sort))
        words = [word for sort in self.sorts.values() for word in sort.headers]
        for word, known in self._mapping(data.get("values"), ("values",), words).items():
            named = self._named(known, ("values", word))
            mapping.values[word] = {fold(key): text for key, text in named.items()}
        mapping.yes = frozenset(map(fold, self._texts(data.get("yes"), ("yes",))))
        mapping.no = frozenset(map(fold, self._texts(data.get("no"), ("no",))))
        for word, unit in self._named(data.get("units"), ("units",)).items():
            mapping.units[word] = UNITS.get(fold(unit), "")
            if not mapping.units[word]:
                self._error(("units", word), f"{shown(unit)} is no unit of time", "write ms, s, m, h, d or w")
        self._crews(mapping, data.get("crews"))
        texts = [text for columns in mapping.columns.values() for several in columns.values() for text in several]
        mapping.headers = frozenset(map(fold, texts))

    def _sort(self, mapping: TableMapping, name: str, data: Any) -> None:
        more = ("reverse", "form") if name == "edges" and self.has_more else ()
        data = self._mapping(data, (name,), (*_OF_SORT[name], *more))
        if "columns" in data:
            columns = self._mapping(data["columns"], (name, "columns"), tuple(self.sorts[name].headers))
            mapping.columns[name] = {
                word: self._texts(headers, (name, "columns", word)) for word, headers in columns.items()
            }
        leave_out = self._mapping(data.get("leave_out"), (name, "leave_out"))
        mapping.leave_out[name] = {
            header: frozenset(map(fold, self._texts(values, (name, "leave_out", header))))
            for header, values in leave_out.items()
        }
        if (sure := data.get("confidence")) is not None:
            if sure in SURENESS:
                mapping.confidence[name] = sure
            else:
                self._error(
                    (name, "confidence"),
                    f"{shown(sure)} is not how sure one can be",
                    "write declared, observed or guessed",
                )
        if "reverse" in data:
            mapping.is_reversed = data["reverse"] is True
            if not isinstance(data["reverse"], bool):
                self._error(
                    (name, "reverse"), f"{shown(data['reverse'])} is neither true nor false", "write true or false"
                )
        if "form" in data:
            mapping.form = str(data["form"])
            if mapping.form not in _FORMS:
                self._error((name, "form"), f"{shown(data['form'])} is no form for all groups", _FORM_REMEDY)

    def _crews(self, mapping: TableMapping, data: Any) -> None:
        for crew, members in self._mapping(data, ("crews",)).items():
            if isinstance(members, int) and not isinstance(members, bool) and 1 <= members <= 1_000_000:
                mapping.crews[crew] = members
            else:
                self._error(
                    ("crews", crew), f"{shown(members)} is no number of people", "write a whole number from 1 on"
                )

    def _mapping(self, data: Any, path: Steps, known: Sequence[str] | None = None) -> dict[str, Any]:
        """Return a mapping whose keys are texts, and known if it matters."""
        if data is None:
            return {}
        if not isinstance(data, dict):
            self._error(path, f"this must be a mapping, and is {shown(data)}", "write it as key: value")
            return {}
        found = {}
        for key, value in data.items():
            if not isinstance(key, str) or (known is not None and key not in known):
                near = get_close_matches(str(key)[:80], known or (), 1)
                remedy = f"did you mean '{near[0]}'?" if near else f"write one of {', '.join(known or ())}"
                self._error((*path, str(key)[:80]), f"{shown(key)} is no word of a mapping", remedy)
            else:
                found[key] = value
        return found

    def _named(self, data: Any, path: Steps) -> dict[str, str]:
        """Return a mapping of texts to texts."""
        found = {}
        for key, value in self._mapping(data, path).items():
            texts = self._texts(value, (*path, key))
            found[key] = texts[0] if texts else ""
        return found

    def _texts(self, data: Any, path: Steps) -> Texts:
        """Return one text or several; a number or a truth value counts as what it looks like."""
        texts = [self._text(each, path) for each in (data if isinstance(data, list) else [data])]
        return tuple(text for text in texts if text is not None)

    def _text(self, data: Any, path: Steps) -> str | None:
        match data:
            case None:
                return None
            case str():
                return " ".join(data.split())
            case bool():
                return "true" if data else "false"
            case int() | float() if abs(data) < 10**15:
                return f"{data:.15g}"
        self._error(path, f"this must be text, and is {shown(data)}", "put it in quotes")
        return None

    def _error(self, path: Steps, fault: str, remedy: str) -> None:
        place = ".".join(map(str, path))
        self.notes.error(self.document.line(path), "mapping", place, fault, remedy, file=self.document.file)
