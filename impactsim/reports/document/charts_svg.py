"""A figure of matplotlib as SVG that belongs to its page: its colours are variables, its text is text in the font of the page.

What matplotlib writes for a file of its own (metadata, ids, fonts) is left out. The same figure gives the same text.
matplotlib is imported with this module, so import it only to draw.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from impactsim.reports.document.blocks import Clock
from impactsim.reports.document.colours import paint, variable_of
from impactsim.reports.document.words import tidy
from impactsim.reports.layout import fitted, width, wrapped
from impactsim.reports.ticks import ticks_of

WIDTH_INCHES = 9.2
"""883 pixels of CSS: what a page is wide."""
LETTER_INCHES = 0.073
"""About what a letter of the usual size takes."""
_ROOMY = 1.22  # readers may set letters further apart, and no text may then leave its picture
_PIXELS = 96 / 72  # a point of matplotlib in pixels of CSS
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_LONG_NUMBER = re.compile(r"-?\d+\.\d+")
_FONT_SIZE = re.compile(r"([\d.]+)px")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_PLAIN = {"stroke-linejoin", "stroke-linecap", "stroke-miterlimit", "font-family", "font-style", "font-variant"}
_STYLE: Any = {  # matplotlib types the keys one by one
    "font.family": ["DejaVu Sans"],  # only its widths count, and they are larger than those of the fonts of pages
    "font.size": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "impactsim",
    "text.parse_math": False,  # a name may have a dollar sign
    "hatch.linewidth": 0.8,
    "path.simplify": False,
}


@contextmanager
def canvas() -> Iterator[None]:
    """Set how matplotlib draws for a page; letters that its own font lacks are no matter, the page has them."""
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*missing from")
        yield


def svg_of(name: str, height_inches: float, fill: Callable[[Figure], None]) -> str:
    """Draw a figure and return it for a page.

    Parameters
    ----------
    name
        What its ids begin with.
    height_inches
        How high it is; it is `WIDTH_INCHES` wide.
    fill
        What draws it, with colours of `colours.paint`.

    Returns
    -------
    str
        ``<svg ...>...</svg>``
    """
    with canvas():
        figure = Figure(figsize=(WIDTH_INCHES, height_inches))
        figure.patch.set_visible(False)
        fill(figure)
        file = io.BytesIO()
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(file, format="svg", metadata=nothing, transparent=True)
    root = ET.fromstring(file.getvalue())  # noqa: S314 - matplotlib wrote it
    _make_plain(root)
    _rename_ids(root, name)
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "width": f"{WIDTH_INCHES * 72 * _PIXELS:.0f}",
        "height": f"{height_inches * 72 * _PIXELS:.0f}",
    }
    return ET.tostring(root, encoding="unicode")


def _make_plain(element: ET.Element) -> None:
    """Leave out namespaces, metadata and style sheets, put variables for colours, cut long numbers, below an element."""
    element.tag = _local(element.tag)
    element.attrib = {_local(key): _short(key, value) for key, value in element.attrib.items()}
    if paints := [f"{key}: {element.attrib.pop(key)}" for key in ("fill", "stroke") if key in element.attrib]:
        element.attrib["style"] = "; ".join([*paints, element.attrib.get("style", "")])  # variables belong into styles
    if element.tag != "text":
        element.text = None
    element.tail = None
    if "style" in element.attrib:
        element.attrib["style"] = _style(element.attrib["style"], element.tag == "text")
    for child in list(element):
        if _local(child.tag) in {"metadata", "style"}:
            element.remove(child)
        else:
            _make_plain(child)
    kept: list[ET.Element] = []
    for child in element:
        is_idle = child.tag == "g" and not set(child.attrib) - {"id"}
        kept += list(child) if is_idle else [child]
    element[:] = [child for child in kept if child.tag != "defs" or len(child)]


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _short(key: str, value: str) -> str:
    if _local(key) not in {"d", "x", "y", "width", "height", "transform", "points"}:
        return value
    return " ".join(_LONG_NUMBER.sub(lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), value).split())


def _style(style: str, is_text: bool) -> str:
    """Keep what a page needs of a style."""
    kept = []
    for rule in filter(None, (part.strip() for part in style.split(";"))):
        key, value = (part.strip() for part in rule.split(":", 1))
        if key == "font" and is_text:
            size = _FONT_SIZE.search(value)
            kept.append(f"font-size:{size[1] if size else 9}px")
            if "bold" in value or re.search(r"\b[67]00\b", value):
                kept.append("font-weight:650")
        elif key not in _PLAIN:
            kept.append(f"{key}:{_COLOUR.sub(lambda colour: variable_of(colour[0]), value)}")
    return ";".join(kept)


def _rename_ids(root: ET.Element, name: str) -> None:
    """Drop ids to which nothing refers, and number the others."""
    used: dict[str, str] = {}
    for element in root.iter():
        for value in element.attrib.values():
            for old in (*_REFERENCE.findall(value), *([value[1:]] if value.startswith("#") else [])):
                used.setdefault(old, f"{name}-{len(used) + 1}")
    for element in root.iter():
        kept = {}
        for key, value in element.attrib.items():
            if key == "id":
                if value in used:
                    kept[key] = used[value]
            elif key == "href":
                kept[key] = "#" + used[value[1:]]
            else:
                kept[key] = _REFERENCE.sub(lambda old: f"url(#{used[old[1]]})", value)
        element.attrib = kept


def panel(figure: Figure, left: float, top: float, right: float, high: float) -> Axes:
    """Add axes so many inches from the left, top and right of a figure, and so high, without a frame."""
    wide, tall = figure.get_size_inches()
    axes = figure.add_axes((left / wide, 1 - (top + high) / tall, 1 - (left + right) / wide, high / tall))
    axes.patch.set_visible(False)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(paint("rule"))
    axes.tick_params(colors=paint("rule"), labelcolor=paint("ink"), length=3, labelsize=8.5)
    axes.set_axisbelow(True)
    return axes


def rows(axes: Axes, n_rows: int) -> None:
    """Let rows run from 0 at the top."""
    axes.set_ylim(n_rows - 0.5, -0.5)
    axes.set_yticks([])


def time_axis(axes: Axes, clock: Clock, end_ms: int) -> None:
    """Write times below axes."""
    end_ms = max(end_ms, 60_000)  # what takes no time still has an axis
    places, texts, title = ticks_of(clock.starts, end_ms, 9)
    axes.set_xlim(0, end_ms)
    axes.set_xticks(places, texts)
    axes.grid(axis="x", color=paint("line"), linewidth=0.6)
    axes.set_xlabel(title, color=paint("quiet"), fontsize=8.5)


def in_lines(name: str, columns: int, n_lines: int = 2) -> str:
    """Break a name into lines; what is too long even so ends with three dots."""
    return "\n".join(fitted(line, columns) for line in wrapped(tidy(name).strip(), columns, 0, n_lines))


def label(axes: Axes, row: float, text: str, **look: Any) -> None:
    """Write a text left of a row, from the left edge of the figure."""
    _write(axes, row, text, ("figure fraction", "data"), 0, 2, **look)


def remark(axes: Axes, row: float, text: str) -> None:
    """Write a text right of a row."""
    _write(axes, row, text, ("axes fraction", "data"), 1, 12, fontsize=8.5)


def _write(axes: Axes, row: float, text: str, coords: tuple[str, str], x: float, shift: float, **look: Any) -> None:
    look = {"linespacing": 1.15, **look}
    axes.annotate(text, (x, row), xytext=(shift, 0), xycoords=coords, textcoords="offset points", ha="left",
                  va="center", annotation_clip=False, **{"color": paint("ink"), **look})  # fmt: skip


def room_for_labels(texts: list[str]) -> float:
    """Return how many inches names left of rows take; one whose letters are set further apart runs into its row."""
    return _room_for(texts)


def room_for(texts: list[str]) -> float:
    """Return how many inches remarks right of rows take; they are at the edge."""
    return _room_for(texts) * _ROOMY


def _room_for(texts: list[str]) -> float:
    return LETTER_INCHES * max([width(line) for text in texts for line in text.split("\n")] + [8]) + 0.2
