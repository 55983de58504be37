"""A system as a graph that other programs draw and count in: GraphML, node-link JSON, DOT.

Nodes are components, edges go from who needs to what is needed, one for each member of each need; what both say stands in
attributes (``flat.py``), by which the importers make the same components and needs of them again. Where a component stands is an
edge as well, of the form ``at``. GraphML is read by yEd, Gephi and networkx, node-link JSON by networkx and D3, DOT by Graphviz.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from impactsim.exporters.flat import Row, Value, edges, nodes
from impactsim.importers.graphs.flat import EDGE_COLUMNS, NODE_COLUMNS
from impactsim.importers.graphs.flat_cells import AT
from impactsim.importers.graphs.graph import MARK
from impactsim.model.system import System

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHAPES = {"data": "cylinder", "provider": "hexagon", "site": "house", "host": "box3d", "power": "octagon"}
"""How Graphviz draws kinds; boxes if not said."""
_STYLES = {"any_of": "dashed", AT: "dotted"}


def graphml_text(system: System) -> str:
    """Write a system as GraphML.

    Examples
    --------
    >>> components = {"web": {"needs": ["db"]}, "db": {"kind": "data"}}
    >>> text = graphml_text(System.model_validate({"impactsim": 1, "name": "Shop", "components": components}))
    >>> [line.strip() for line in text.splitlines() if "<node" in line or "<edge" in line]
    ['<node id="web">', '<node id="db">', '<edge source="web" target="db">']
    """
    return "\n".join(_graphml(system)) + "\n"


def node_link_text(system: System) -> str:
    """Write a system as node-link JSON, as networkx 3.6 does: the list of edges is called ``edges``."""
    node_rows, edge_rows = _rows(system)
    head = {"directed": True, "multigraph": True, "graph": {MARK: 1, "name": system.name}}
    lines = [json.dumps(head, ensure_ascii=False)[:-1] + ","]
    for name, rows in (("nodes", node_rows), ("edges", [_between(row) for row in edge_rows])):
        end = "]," if name == "nodes" else "]}"
        texts = [json.dumps(row, ensure_ascii=False) for row in rows]
        lines += [f'"{name}": [', ",\n".join(texts), end] if texts else [f'"{name}": [{end}']
    return "\n".join(lines) + "\n"


def dot_text(system: System) -> str:
    r"""Write a system as DOT.

    Examples
    --------
    >>> components = {"web": {"name": 'The "shop"', "needs": ["db"]}, "db": {}}
    >>> print(dot_text(System.model_validate({"impactsim": 1, "name": "Shop", "components": components})), end="")
    digraph "Shop" {
      graph [impactsim=1, rankdir=LR];
      node [shape=box];
      "web" [label="The \"shop\"", kind="service", name="The \"shop\"", confidence="declared"];
      "db" [label="db", kind="service", confidence="declared"];
      "web" -> "db" [need="0", form="component", place="0", confidence="declared"];
    }
    """
    return "\n".join(_dot(system)) + "\n"


def _rows(system: System) -> tuple[list[Row], list[Row]]:
    """Return nodes with what is drawn on them, and edges, also those to where something stands."""
    node_rows = [{"id": row["id"], "label": row.get("name", row["id"]), **row} for row in nodes(system)]
    stands = [{"from": row["id"], "to": row["at"], "form": AT} for row in node_rows if "at" in row]
    return node_rows, [*edges(system), *stands]


def _between(row: Row) -> Row:
    return {"source": row["from"], "target": row["to"], **{k: v for k, v in row.items() if k not in {"from", "to"}}}


# GraphML.


def _graphml(system: System) -> Iterator[str]:
    node_rows, edge_rows = _rows(system)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    yield f'  <key id="{MARK}" for="graph" attr.name="{MARK}" attr.type="int"/>'
    yield '  <key id="graph-name" for="graph" attr.name="name" attr.type="string"/>'
    yield from _keys("node", ("label", *NODE_COLUMNS), node_rows)
    yield from _keys("edge", EDGE_COLUMNS, edge_rows)
    yield '  <graph edgedefault="directed">'
    yield f'    <data key="{MARK}">1</data>'
    yield f'    <data key="graph-name">{_xml(system.name)}</data>'
    for row in node_rows:
        yield f"    <node id={_attribute(row['id'])}>"
        yield from _data("node", row, ("id",))
        yield "    </node>"
    for row in edge_rows:
        yield f"    <edge source={_attribute(row['from'])} target={_attribute(row['to'])}>"
        yield from _data("edge", row, ("from", "to"))
        yield "    </edge>"
    yield "  </graph>"
    yield "</graphml>"


def _keys(sort: str, columns: Iterable[str], rows: Sequence[Row]) -> Iterator[str]:
    for column in columns:
        values = [row[column] for row in rows if column in row]
        if values and column not in {"id", "from", "to"}:
            yield f'  <key id="{sort}-{column}" for="{sort}" attr.name="{column}" attr.type="{_type(values)}"/>'


def _type(values: Sequence[Value]) -> str:
    if all(isinstance(value, bool) for value in values):
        return "boolean"
    if any(isinstance(value, bool | str) for value in values):
        return "string"
    return "long" if all(isinstance(value, int) for value in values) else "double"


def _data(sort: str, row: Row, without: tuple[str, ...]) -> Iterator[str]:
    for column, value in row.items():
        if column not in without:
            yield f'      <data key="{sort}-{column}">{_xml(_plain(value))}</data>'


def _xml(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _attribute(text: Any) -> str:
    return quoteattr(_NOT_IN_XML.sub("\ufffd", str(text)))


# DOT.


def _dot(system: System) -> Iterator[str]:
    node_rows, edge_rows = _rows(system)
    yield f"digraph {_quoted(system.name)} {{"
    yield f"  graph [{MARK}=1, rankdir=LR];"
    yield "  node [shape=box];"
    for row in node_rows:
        shape = _SHAPES.get(str(row["kind"]))
        drawn = {"shape": shape} if shape else {}
        yield f"  {_quoted(row['id'])} [{_words({**row, **drawn}, ('id',))}];"
    sizes = Counter((row["from"], row.get("need")) for row in edge_rows)
    for row in edge_rows:
        drawn = _drawn(row, sizes[row["from"], row.get("need")])
        yield f"  {_quoted(row['from'])} -> {_quoted(row['to'])} [{_words({**row, **drawn}, ('from', 'to'))}];"
    yield "}"


def _drawn(row: Row, size: int) -> dict[str, str]:
    """Return how an edge of a need with so many members is drawn: groups are told from plain needs, and from one another."""
    form = str(row["form"])
    drawn = {"style": _STYLES[form]} if form in _STYLES else {}
    said = ""
    if form == "any_of":
        said = "any of"
    elif form == "at_least":
        said = f"{row['at_least']} of {size}"
    elif form == "pool":
        said = f"{row['capacity']} for {row['demand']}"
    if said:
        drawn["label"] = f"#{int(row['need']) + 1}: {said}"
    return drawn | ({"color": "gray"} if "impact" in row else {})


def _words(row: Row, without: tuple[str, ...]) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in row.items() if name not in without)


def _quoted(value: Value) -> str:
    """Return text in quotes; backslashes are doubled, so that none can hide the quote behind it."""
    return '"' + _plain(value).replace("\\", "\\\\").replace('"', '\\"').replace("\0", "\ufffd") + '"'


def _plain(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
