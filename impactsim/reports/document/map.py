"""The map of a run as a drawing: boxes with their fates, frames of sites, and the arrows along which the loss went.

Nothing is told by colour alone: a fate is a shape and words too, the way of the loss is heavier and unbroken, what failed first says
so and has a double line, several components in one box look like a pile. Colours and shapes are those of the page
(`colours.stylesheet`, `signs.symbols`), so that dark pages and paper have theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise

from impactsim.reports.document.blocks import MapPicture
from impactsim.reports.document.map_choice import MapChoice, choose, fate_of, map_of, tone_of
from impactsim.reports.document.map_layout import (
    BOX_PADDING,
    BOX_WIDTH,
    LINE_HEIGHT,
    Arrow,
    Box,
    Frame,
    MapLayout,
    Point,
    lay_out,
)
from impactsim.reports.layout import fitted, width
from impactsim.reports.words import clean, counted

__all__ = ["MapChoice", "choose", "draw_map", "fate_of", "map_of", "tone_of"]

_STRIP = 7
_TEXT = _STRIP + 8
_SIGN = 13
_WORD_COLUMNS, _SITE_LETTER = 23, 6.6
_HEAD_LONG, _HEAD_HIGH = 9.0, 4.2
_LEGEND_HEIGHT, _LEGEND_LETTER, _LEGEND_SAMPLE = 24, 6.4, 40
_NARROWEST = 420.0

STYLE = """
.map text { font: 12px/1 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink, #1b2027); }
.map .name { font-weight: 600; }
.map .word, .map .legend { font-size: 11px; }
.map .first { font-size: 11px; font-weight: 700; }
.map .site { font-size: 12px; font-weight: 600; fill: var(--quiet, #525b66); }
.map .frame { fill: var(--panel, #f4f6f8); stroke: var(--rule, #7f8994); stroke-width: 1; }
.map .box { fill: var(--page, #fff); stroke: var(--outline, #333); stroke-width: 1; }
.map .twice { fill: none; stroke: var(--outline, #333); stroke-width: 1.6; }
.map .strip { fill: var(--fill, #c3cbd6); stroke: var(--outline, #333); stroke-width: 1; }
.map .loss { fill: none; stroke: var(--ink, #1b2027); stroke-width: 2.2; stroke-linejoin: round; }
.map .quiet { fill: none; stroke: var(--rule, #7f8994); stroke-width: 1; stroke-dasharray: 4 3; }
.map .loss-head { fill: var(--ink, #1b2027); }
.map .quiet-head { fill: var(--rule, #7f8994); }
"""


def draw_map(picture: MapPicture) -> str:
    """Draw a map.

    Parameters
    ----------
    picture
        What is on it.

    Returns
    -------
    str
        An ``<svg>`` for a page that has the colours and shapes of reports. It has no ids.
    """
    layout = lay_out(picture)
    across = max(layout.width, _NARROWEST)
    legend, legend_height = _legend(picture, across, layout.height)
    high = layout.height + legend_height
    size = f'viewBox="0 0 {across:g} {high:g}" width="{across:g}" height="{high:g}"'
    parts = [
        f'<svg class="map" xmlns="http://www.w3.org/2000/svg" {size}>',
        f"<style>{STYLE}</style>",
        *(_frame(frame) for frame in layout.frames),
        *_lines(layout),
        *(_box(box) for box in layout.boxes),
        *legend,
        "</svg>",
    ]
    return "\n".join(parts)


# Frames and boxes.


def _frame(frame: Frame) -> str:
    name = _fit(frame.name, int((frame.width - 16) / _SITE_LETTER))
    return (
        f'<g><rect class="frame" x="{frame.x:g}" y="{frame.y:g}" width="{frame.width:g}" height="{frame.height:g}" rx="8"/>'
        f'<text class="site" x="{frame.x + 10:g}" y="{frame.y + 17:g}">{escape(name)}</text>{_title(frame.name)}</g>'
    )


def _box(box: Box) -> str:
    node = box.node
    x, y = box.x, box.y
    parts = [f'<g class="tone-{node.tone}">', _title(_in_full(box))]
    if node.n_components > 1:
        parts.append(_rect("box", x + 4, y + 4, BOX_WIDTH, box.height))
    parts.append(_rect("box", x, y, BOX_WIDTH, box.height))
    parts.append(_rect("strip", x, y, _STRIP, box.height))
    if node.is_origin:
        parts.append(_rect("twice", x - 3, y - 3, BOX_WIDTH + 6, box.height + 6))
    line = y + BOX_PADDING + LINE_HEIGHT - 4
    for text in box.name:
        parts.append(_text("name", x + _TEXT, line, text))
        line += LINE_HEIGHT
    if node.is_origin:
        parts.append(_text("first", x + _TEXT, line, "began here"))
        line += LINE_HEIGHT
    sign = f'<use href="#sign-{node.tone}" x="{x + _TEXT:g}" y="{line - 10:g}" width="{_SIGN}" height="{_SIGN}"/>'
    return "".join([*parts, sign, _text("word", x + _TEXT + _SIGN + 4, line, _fit(_fate(box), _WORD_COLUMNS)), "</g>"])


def _fate(box: Box) -> str:
    """Say how a component fared, and of which kind it is where there is room."""
    node = box.node
    both = f"{node.word}, {node.kind}"
    return node.word if node.n_components > 1 or node.kind == "service" or width(both) > _WORD_COLUMNS else both


def _in_full(box: Box) -> str:
    node = box.node
    first = ", it began here" if node.is_origin else ""
    return f"{node.name} ({node.kind}): {node.word}{first}"


def _fit(text: str, columns: int) -> str:
    return fitted(clean(text), columns)


def _title(text: str) -> str:
    return f"<title>{escape(clean(text))}</title>"


def _rect(look: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{look}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="3"/>'


def _text(look: str, x: float, y: float, text: str) -> str:
    return f'<text class="{look}" x="{x:g}" y="{y:g}">{escape(clean(text))}</text>'


# Arrows.


def _lines(layout: MapLayout) -> Iterator[str]:
    """Draw all arrows of a look at once, each part that several share only once; those of the loss above the others."""
    for is_loss, look in ((False, "quiet"), (True, "loss")):
        arrows = [each for each in layout.arrows if each.is_loss is is_loss]
        if arrows:
            parts = dict.fromkeys(part for each in arrows for part in _parts(each.points))
            yield f'<path class="{look}" d="{" ".join(parts)}"/>'
            yield f'<path class="{look}-head" d="{" ".join(dict.fromkeys(_head(each) for each in arrows))}"/>'


def _parts(points: Sequence[Point]) -> Iterator[str]:
    """Return the parts of a line: bent between two columns, straight through one."""
    if len(points) == 2 and points[0][0] == points[1][0]:
        (x, y), (_, to) = points
        yield f"M{x:g} {y:g}C{x + 34:g} {y:g} {x + 34:g} {to:g} {x:g} {to:g}"
        return
    for i, ((x, y), (to_x, to_y)) in enumerate(pairwise(points)):
        if i % 2:
            yield f"M{x:g} {y:g}H{to_x:g}"
        else:
            bend = (to_x - x) / 2
            yield f"M{x:g} {y:g}C{x + bend:g} {y:g} {to_x - bend:g} {to_y:g} {to_x:g} {to_y:g}"


def _head(arrow: Arrow) -> str:
    """Return the head at the box of what is needed."""
    (before_x, _), (x, y) = arrow.points[-2:]
    long = -_HEAD_LONG if x > before_x else _HEAD_LONG
    return f"M{x:g} {y:g}l{long:g} {-_HEAD_HIGH:g}v{2 * _HEAD_HIGH:g}z"


# What the looks mean.


def _legend(picture: MapPicture, across: float, top: float) -> tuple[list[str], float]:
    """Draw what the looks mean, as many beside one another as there is room for; return it and its height."""
    x, y = 12.0, top + 4
    parts = []
    for sample, text in _entries(picture):
        wide = len(text) * _LEGEND_LETTER + (_LEGEND_SAMPLE if sample else 0) + 18
        if x > 12.0 and x + wide > across:
            x, y = 12.0, y + _LEGEND_HEIGHT
        parts.append(_sample(sample, x, y + 8))
        parts.append(_text("legend", x + (_LEGEND_SAMPLE if sample else 0), y + 12, text))
        x += wide
    return parts, y + _LEGEND_HEIGHT - top


def _entries(picture: MapPicture) -> Iterable[tuple[str, str]]:
    if any(is_loss for _, _, is_loss in picture.arrows):
        yield "loss", "needs it, and the loss came this way"
    if not all(is_loss for _, _, is_loss in picture.arrows):
        yield "quiet", "needs it"
    if any(node.is_origin for node in picture.nodes):
        yield "twice", "where it began"
    if any(node.n_components > 1 for node in picture.nodes):
        yield "pile", "several that fared alike"
    if picture.n_left_out:
        yield "", f"{counted(picture.n_left_out, 'component')} not drawn"


def _sample(sample: str, x: float, y: float) -> str:
    if sample in ("loss", "quiet"):
        head = f"M{x + 32:g} {y:g}l{-_HEAD_LONG:g} {-_HEAD_HIGH:g}v{2 * _HEAD_HIGH:g}z"
        return f'<path class="{sample}" d="M{x:g} {y:g}h26"/><path class="{sample}-head" d="{head}"/>'
    if sample == "twice":
        return _rect("box", x + 5, y - 5, 24, 10) + _rect("twice", x + 2, y - 8, 30, 16)
    return _rect("box", x + 7, y - 2, 24, 10) + _rect("box", x + 3, y - 6, 24, 10) if sample == "pile" else ""
