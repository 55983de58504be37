"""A system as two CSV tables, of components and of members of needs, for spreadsheets.

A cell that begins as a formula does would be one in a spreadsheet, and names may come from files of strangers: such text gets an
apostrophe before it, which spreadsheets read as "this is text", and which the importer takes away again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from impactsim.exporters.flat import Row, Value, edges, nodes
from impactsim.importers.graphs.flat import EDGE_COLUMNS, NODE_COLUMNS
from impactsim.importers.graphs.flat_cells import guarded
from impactsim.model.system import System

_ALWAYS = {"id", "name", "kind", "at", "confidence", "from", "to", "need", "form", "place"}
"""Columns that stand there even where no row has them: people fill them in."""


def csv_texts(system: System) -> dict[str, str]:
    """Write a system as CSV.

    Returns
    -------
    dict[str, str]
        ``nodes.csv`` and ``edges.csv``, and the text of each.

    Examples
    --------
    >>> components = {"web": {"name": "=1+2", "needs": ["db"]}, "db": {}}
    >>> texts = csv_texts(System.model_validate({"impactsim": 1, "name": "Shop", "components": components}))
    >>> print(texts["nodes.csv"], end="")
    id,kind,name,at,confidence
    web,service,'=1+2,,declared
    db,service,,,declared
    """
    tables = (("nodes.csv", NODE_COLUMNS, nodes(system)), ("edges.csv", EDGE_COLUMNS, edges(system)))
    return {name: _text(columns, rows) for name, columns, rows in tables}


def _text(columns: Iterable[str], rows: Sequence[Row]) -> str:
    used = _ALWAYS | {column for row in rows for column in row}
    header = [column for column in columns if column in used]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(row.get(column, "")) for column in header] for row in rows)
    return out.getvalue()


def _cell(value: Value) -> Value:
    if isinstance(value, bool):
        return str(value).lower()
    return guarded(value) if isinstance(value, str) else value
