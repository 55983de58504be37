"""Steps over time: waiting is a thin line, work a bar, its late end a whisker; what is critical has a mark of its own."""

from __future__ import annotations

import math
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from impactsim.quantities import about_duration
from impactsim.reports.document.blocks import Bar, GanttPicture
from impactsim.reports.document.charts_svg import (
    in_lines,
    label,
    panel,
    remark,
    room_for,
    room_for_labels,
    svg_of,
    time_axis,
)
from impactsim.reports.document.colours import paint
from impactsim.reports.document.words import tidy
from impactsim.reports.layout import fitted

_COLUMNS, _NAME_COLUMNS = 42, 34
_GROUP_INCHES, _ROW_INCHES, _TWO_LINES_INCHES = 0.23, 0.26, 0.335
_HIGH = 0.16
"""Height of a bar, in inches as all places from the top down."""
_BELOW_INCHES = 0.95
CRITICAL = "\u25c6"
"""Stands before the name of what is on the critical path."""
_INDENT = "   "
"""About as wide as the mark."""


def draw_gantt(picture: GanttPicture, name: str) -> str:
    """Draw steps over time as SVG for a page."""
    lines = _lines(picture)
    names = [line if isinstance(line, str) else _name(line) for line in lines]
    endings = [_ending(bar) for bar in picture.bars]
    above = 0.15 + 0.2 * _n_levels_of_marks(picture)
    places, high = _places(lines, names)

    def fill(figure: Figure) -> None:
        axes = panel(figure, room_for_labels(names), above, room_for(endings), high)
        axes.set_ylim(high, 0)
        axes.set_yticks([])
        time_axis(axes, picture.clock, picture.end_ms)
        for place, line, words in zip(places, lines, names, strict=True):
            label(axes, place, words, fontweight="bold" if isinstance(line, str) else "normal")
            if isinstance(line, Bar):
                _draw_bar(axes, line, place)
        _draw_marks(axes, picture)
        _legend(figure)

    return svg_of(name, above + high + _BELOW_INCHES, fill)


def _places(lines: list[str | Bar], names: list[str]) -> tuple[list[float], float]:
    """Return where the middle of each line stands below the top, and the height of all, in inches."""
    places, top = [], 0.0
    for line, name in zip(lines, names, strict=True):
        tall = _GROUP_INCHES if isinstance(line, str) else _TWO_LINES_INCHES if "\n" in name else _ROW_INCHES
        places.append(top + tall / 2)
        top += tall
    return places, top + _GROUP_INCHES / 4


def _lines(picture: GanttPicture) -> list[str | Bar]:
    """Return the bars with the name of each group above them."""
    lines: list[str | Bar] = []
    for group, bars in groupby(picture.bars, key=lambda bar: bar.group):
        if group:
            lines.append(fitted(tidy(group), _COLUMNS))
        lines += bars
    return lines or ["nothing to do"]


def _name(bar: Bar) -> str:
    first, *rest = in_lines(bar.name, _NAME_COLUMNS).split("\n")
    return "\n".join([(f"{CRITICAL} " if bar.is_critical else _INDENT) + first, *(_INDENT + line for line in rest)])


def _draw_bar(axes: Axes, bar: Bar, row: float) -> None:
    end_ms = axes.get_xlim()[1]
    begins_ms, ends_ms = min(bar.begins_ms, end_ms), min(bar.ends_ms, end_ms)
    axes.plot([bar.waits_ms, begins_ms], [row, row], color=paint("rule"), linewidth=1.4, solid_capstyle="butt")
    look: dict[str, Any] = {"facecolor": paint("vital" if bar.is_critical else "work"), "edgecolor": paint("outline")}
    if begins_ms < end_ms:
        axes.add_patch(Rectangle((begins_ms, row - _HIGH / 2), ends_ms - begins_ms, _HIGH, linewidth=0.7, **look))
    if bar.late_ms is not None and bar.late_ms > ends_ms:
        _draw_whisker(axes, ends_ms, min(bar.late_ms, end_ms), bar.late_ms > end_ms, row)
    if not (bar.begins_ms <= end_ms and bar.ends_ms <= end_ms):
        _arrow(axes, row)
    remark(axes, row, _ending(bar))


def _draw_whisker(axes: Axes, from_ms: float, to_ms: float, is_cut: bool, row: float) -> None:
    axes.plot([from_ms, to_ms], [row, row], color=paint("ink"), linewidth=1.0)
    if is_cut:
        _arrow(axes, row)
    else:
        axes.plot([to_ms, to_ms], [row - _HIGH / 3, row + _HIGH / 3], color=paint("ink"), linewidth=1.0)


def _arrow(axes: Axes, row: float) -> None:
    """Point beyond the right edge."""
    axes.plot([1], [row], marker=">", markersize=5, color=paint("ink"), clip_on=False, linestyle="none",
              transform=axes.get_yaxis_transform())  # fmt: skip


def _ending(bar: Bar) -> str:
    if math.isinf(bar.begins_ms):
        return "never begins"
    if math.isinf(bar.ends_ms):
        return "never ends"
    return f"takes {about_duration(bar.ends_ms - bar.begins_ms)}"


def _n_levels_of_marks(picture: GanttPicture) -> int:
    return min(3, len(picture.marks))


def _draw_marks(axes: Axes, picture: GanttPicture) -> None:
    """Draw vertical lines; their names stand above, one below the other where they are near."""
    levels = max(1, _n_levels_of_marks(picture))
    end_ms = axes.get_xlim()[1]
    for i, (at_ms, text) in enumerate(sorted(picture.marks)):
        if at_ms > end_ms:
            continue
        axes.axvline(at_ms, color=paint("course"), linewidth=1.2, linestyle=(0, (4, 2)))
        is_late = at_ms > 0.6 * end_ms
        axes.annotate(tidy(text), (at_ms, 1), xytext=(-3 if is_late else 3, 3 + 12 * (i % levels)),
                      xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=8.5,
                      ha="right" if is_late else "left", va="bottom", color=paint("course"))  # fmt: skip


def _legend(figure: Figure) -> None:
    edge: dict[str, Any] = {"edgecolor": paint("outline"), "linewidth": 0.7}
    handles = [
        Line2D([], [], color=paint("rule"), linewidth=1.4, label="waits"),
        Patch(facecolor=paint("work"), label="work", **edge),
        Patch(facecolor=paint("vital"), label=f"{CRITICAL} decides when a service is back (critical path)", **edge),
        Line2D([], [], color=paint("ink"), linewidth=1.0, marker="|", label="until its late end (P90)"),
    ]
    height = figure.get_size_inches()[1]
    figure.legend(handles=handles, loc="lower left", ncols=4, frameon=False, fontsize=8.5, handlelength=1.6,
                  labelcolor=paint("ink"), bbox_to_anchor=(0.0, 0.02 / height))  # fmt: skip
