"""A system as a Mermaid flowchart, for READMEs and wikis: a picture, which nothing reads back.

An arrow goes from who needs to what is needed. A group is a small node of its own: "any of", "2 of 3", "60 of 100". What can only
be degraded, and where something stands, is dotted. Times, failures and users are not drawn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count

from impactsim.model.system import AllOf, AnyOf, AtLeast, Component, ComponentNeed, Need, Pool, System
from impactsim.quantities import about_share

_MOST_EDGES = 500
"""Mermaid draws no more, unless it is told to (maxEdges)."""
_WORDS = {
    *(
        "end",
        "graph",
        "flowchart",
        "subgraph",
        "default",
        "class",
        "classdef",
        "style",
        "linkstyle",
        "click",
        "call",
        "href",
    ),
    *("direction", "interpolate", "accTitle".lower(), "accDescr".lower()),
}
"""Words of Mermaid, which no node may be called."""
_COLOURS = {
    "service": "fill:#dbeafe,stroke:#1e40af",
    "provider": "fill:#fce7f3,stroke:#9d174d",
    "power": "fill:#fef9c3,stroke:#854d0e",
    "connectivity": "fill:#dcfce7,stroke:#166534",
    "site": "fill:#e5e7eb,stroke:#374151",
    "host": "fill:#ede9fe,stroke:#5b21b6",
    "cooling": "fill:#cffafe,stroke:#155e75",
    "data": "fill:#ffedd5,stroke:#9a3412",
    "tool": "fill:#f3f4f6,stroke:#4b5563",
    "channel": "fill:#e0f2fe,stroke:#075985",
}
_SPECIAL = re.compile(r"[\"#<>&`\\]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def mermaid_text(system: System) -> tuple[str, list[str]]:
    """Write a system as a Mermaid flowchart.

    Returns
    -------
    tuple[str, list[str]]
        The text, and what its reader should know.

    Examples
    --------
    >>> components = {"web": {"needs": [{"any_of": ["db-1", "db-2"]}]}, "db-1": {}, "db-2": {}}
    >>> text, _ = mermaid_text(System.model_validate({"impactsim": 1, "name": "Shop", "components": components}))
    >>> print(text, end="")
    flowchart LR
      web["web"]:::service
      db_1["db-1"]:::service
      db_2["db-2"]:::service
      group_1(("any of"))
      web --> group_1
      group_1 --> db_1
      group_1 -.-> db_2
      classDef service fill:#dbeafe,stroke:#1e40af,color:#111
    """
    lines = list(_Chart(system).lines())
    n = sum("-->" in line or "-.->" in line for line in lines)
    remarks = ["times, failures, users, crews, copies and workarounds are not drawn"]
    if n > _MOST_EDGES:
        remarks.append(
            f"Mermaid draws at most {_MOST_EDGES} arrows unless maxEdges says otherwise, and these are {n:,}"
        )
    return "\n".join(lines) + "\n", remarks


class _Chart:
    """Draws one system."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.taken: set[str] = set()
        self.tried: Counter[str] = Counter()
        """How many numbers have been tried behind a name."""
        self.names = {own: self._free(own) for own in system.components}
        self.groups = count(1)

    def lines(self) -> Iterator[str]:
        components = self.system.components
        yield "flowchart LR"
        for own, component in components.items():
            kind = f":::{component.kind}" if component.kind in _COLOURS else ""
            yield f'  {self.names[own]}["{_label(component.name or own)}"]{kind}'
        for own, component in components.items():
            yield from self._needs(self.names[own], component)
        kinds = dict.fromkeys(component.kind for component in components.values())
        for kind in kinds:
            if kind in _COLOURS:
                yield f"  classDef {kind} {_COLOURS[kind]},color:#111"

    def _needs(self, own: str, component: Component) -> Iterator[str]:
        if component.at is not None:
            yield f"  {own} -.->|at| {self.names[component.at]}"
        for need in component.needs:
            if isinstance(need, ComponentNeed | AllOf) or len(need.members()) == 1:
                for member in need.members():
                    yield f"  {own} {_arrow(need)} {self.names[member]}"
            else:
                yield from self._group(own, need)

    def _group(self, own: str, need: Need) -> Iterator[str]:
        group = self._free(f"group-{next(self.groups)}")
        yield f'  {group}(("{_group_label(need)}"))'
        yield f"  {own} {_arrow(need)} {group}"
        for place, member in enumerate(need.members()):
            arrow = "-.->" if isinstance(need, AnyOf) and place else "-->"
            said = f"|{need.pool[member]:g}|" if isinstance(need, Pool) else ""
            yield f"  {group} {arrow}{said} {self.names[member]}"

    def _free(self, own: str) -> str:
        """Return a name for a node that Mermaid takes, and that no other node has."""
        plain = re.sub("[^A-Za-z0-9_]", "_", own)
        plain = f"n_{plain}" if plain.lower() in _WORDS or not plain.strip("_") else plain
        name = plain
        while name in self.taken:
            self.tried[plain] += 1
            name = f"{plain}_{self.tried[plain] + 1}"
        self.taken.add(name)
        return name


def _arrow(need: Need) -> str:
    words: list[str] = [need.to] if need.to is not None else []
    words += [about_share(need.impact)] if need.impact < 1 else []
    return ("-.->" if need.impact < 1 else "-->") + (f"|{', '.join(words)}|" if words else "")


def _group_label(need: Need) -> str:
    match need:
        case AtLeast():
            return f"{need.at_least} of {len(need.of)}"
        case Pool():
            return f"{need.demand:g} of {sum(need.pool.values()):g}"
        case _:
            return "any of"


def _label(text: str) -> str:
    """Return text that Mermaid shows as it is: what could be read as its own words, or as HTML, by number."""
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", _UNPRINTABLE.sub(" ", text))
