"""What people fill in: a layer of their own, with a line for each missing fact and a comment that says whom to ask.

A line is either empty where nothing is below, so that it says nothing until something stands in it, or a comment. Needs stand in a
list that is empty as printed, as `needs:` without one would take them away. So the layer as it is printed changes nothing, and each
line can be filled in by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from impactsim.files.system_text import data_text
from impactsim.gaps.facts import Gap, GapsFacts, Line
from impactsim.laws import Law
from impactsim.model.fields import Words
from impactsim.quantities import format_duration

_MOST_PARTS = 10
"""Of one gap so many parts, those that matter most."""


def layer_text(facts: GapsFacts, gaps: Sequence[Gap], layer: str = "", most_parts: int | None = _MOST_PARTS) -> str:
    """Return a layer to fill in.

    Parameters
    ----------
    facts
        What it is a layer of.
    gaps
        The gaps whose facts are to be filled in.
    layer
        The file on which it is to be laid; left open if empty.
    most_parts
        Of a gap with many parts so many; None for all.
    """
    head = [
        f"# What is missing in {_one_line(facts.system)}: what matters most stands first (impactsim gaps).",
        "# Fill in what you know. What stays empty, or a comment, changes nothing.",
        "impactsim: 1",
        f"name: {flow(facts.system)}",
        f"layers: [{flow(layer)}]" if layer else "layers: [system.yaml]  # the file that this is laid upon",
    ]
    return "\n".join([*head, *component_lines(gaps, most_parts)]) + "\n"


def component_lines(gaps: Sequence[Gap], most_parts: int | None = _MOST_PARTS) -> list[str]:
    """Return the lines of components and common causes, each named once."""
    found: dict[bool, dict[str, list[Line]]] = {False: {}, True: {}}
    for gap in gaps:
        for part in gap.parts[:most_parts]:
            for line in part.lines:
                own = found[line.is_cause].setdefault(line.component, [])
                if line not in own:
                    own.append(line)
    written = []
    for is_cause, title in ((False, "components:"), (True, "common_causes:")):
        if found[is_cause]:
            written += [title, *(text for name, lines in found[is_cause].items() for text in _block(name, lines))]
    left = sum(len(gap.parts[most_parts:]) for gap in gaps) if most_parts is not None else 0
    return [*written, f"# and {left:,} more (--all)"] if left else written


def _block(name: str, lines: Sequence[Line]) -> Iterator[str]:
    yield f"  {flow(name)}:"
    by_key: dict[str, list[Line]] = {}
    for line in lines:
        by_key.setdefault(line.key, []).append(line)
    if all(each.key == "does_not_need" or (each.value and each.key != "needs") for each in lines):
        by_key = {"needs": [], **by_key}  # something has to stand there: an empty component would be taken away
    for key, own in by_key.items():
        if key == "needs":
            yield "    needs: [" if own else "    needs: []"
            yield from (f"      # {line.value},  # {_one_line(line.comment)}" for line in own)
            yield from ["      ]"] if own else []
        elif key == "does_not_need":
            names = ", ".join(dict.fromkeys(line.value.strip("[]") for line in own))
            yield f"    # does_not_need: [{names}]  # what it can do without"
        else:
            line = min(own, key=lambda each: each.value)
            yield f"    {f'# {key}: {line.value}' if line.value else f'{key}:'}  # {_one_line(line.comment)}"


def flow(value: Any) -> str:
    """Return plain data as YAML on one line.

    Examples
    --------
    >>> flow({"any_of": ["a", "12"], "failover": "2m"}), flow("no")
    ('{any_of: [a, "12"], failover: 2m}', '"no"')
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return data_text({"x": value}).removeprefix("x: ").rstrip("\n")


def plain(value: Any) -> Any:
    """Return what an author would have written for a need: mappings, lists, text and numbers."""
    if isinstance(value, Words):
        fields = [name for name in type(value).model_fields if name in value.model_fields_set]
        if fields == ["use"]:
            return plain(value.use)  # type: ignore[attr-defined]
        return {name: plain(getattr(value, name)) for name in fields}
    if isinstance(value, Law):
        return value.words(lambda ms: format_duration(round(ms)))
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def _one_line(text: str) -> str:
    """Return text as one line of a comment."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))
