"""Figures with their intervals, a row each on one axis, beside their targets."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from impactsim.quantities import about_duration, about_figure, about_share
from impactsim.reports.document.blocks import RangeBar, RangesPicture, Tone
from impactsim.reports.document.charts_svg import label, panel, remark, room_for, room_for_labels, rows, svg_of
from impactsim.reports.document.colours import paint
from impactsim.reports.document.words import tidy
from impactsim.reports.layout import fitted
from impactsim.reports.ticks import ticks_of
from impactsim.reports.words import people

_COLUMNS = 42
_ROW_INCHES = 0.29
_BELOW_INCHES = 0.95
_MARKERS: dict[Tone, str] = {"good": "o", "low": "v", "medium": "^", "high": "D", "critical": "s", "unknown": "h"}
_NEVER = "never"
_MOST_TICKS = 7


def draw_ranges(picture: RangesPicture, name: str) -> str:
    """Draw figures with their intervals as SVG for a page."""
    names = [fitted(tidy(bar.name), _COLUMNS) for bar in picture.rows]
    values = [_value(bar, picture.unit) for bar in picture.rows]
    n_rows = max(1, len(picture.rows))

    def fill(figure: Figure) -> None:
        axes = panel(figure, room_for_labels(names), 0.1, room_for(values), _ROW_INCHES * n_rows)
        rows(axes, n_rows)
        _axis(axes, picture)
        for row, bar in enumerate(picture.rows):
            label(axes, row, names[row])
            _draw_row(axes, bar, row)
            remark(axes, row, values[row])
        _legend(figure, any(bar.target is not None for bar in picture.rows))

    return svg_of(name, 0.1 + _ROW_INCHES * n_rows + _BELOW_INCHES, fill)


def _axis(axes: Axes, picture: RangesPicture) -> None:
    numbers = [each for bar in picture.rows for each in (bar.low, bar.middle, bar.high, bar.target)]
    finite = [each for each in numbers if each is not None and math.isfinite(each)]
    least, most = min([0.0, *finite]), max([0.0, *finite])
    most = most if most > least else least + 1.0
    axes.set_xlim(least - (most - least) * 0.02 * (least < 0), most + (most - least) * 0.04)
    if picture.unit == "duration" and least >= 0:
        axes.set_xticks(*ticks_of(None, max(1, round(most)), _MOST_TICKS)[:2])
    else:
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _written(value, picture.unit)))
    axes.grid(axis="x", color=paint("line"), linewidth=0.6)
    axes.set_xlabel(tidy(picture.title), color=paint("quiet"), fontsize=8.5)


def _draw_row(axes: Axes, bar: RangeBar, row: int) -> None:
    right = axes.get_xlim()[1]
    if not math.isnan(bar.low) and not math.isnan(bar.high):
        axes.plot([min(bar.low, right), min(bar.high, right)], [row, row], color=paint("rule"), linewidth=4,
                  solid_capstyle="butt")  # fmt: skip
    if math.isinf(bar.high):
        axes.plot([1], [row], marker=">", markersize=6, color=paint("ink"), clip_on=False, linestyle="none",
                  transform=axes.get_yaxis_transform())  # fmt: skip
    if math.isfinite(bar.middle):
        axes.plot([bar.middle], [row], marker=_MARKERS[bar.tone], markersize=7, color=paint(bar.tone),
                  markeredgecolor=paint("outline"), markeredgewidth=0.9, linestyle="none", clip_on=False)  # fmt: skip
    if bar.target is not None and math.isfinite(bar.target):
        axes.plot([bar.target, bar.target], [row - 0.36, row + 0.36], color=paint("course"), linewidth=2)


def _value(bar: RangeBar, unit: str) -> str:
    """Write a figure and its interval; once where they are one."""
    middle, low, high = (_written(each, unit) for each in (bar.middle, bar.low, bar.high))
    return f"{middle}" if low == middle == high else f"{middle} ({low} to {high})"


def _written(value: float, unit: str) -> str:
    if math.isnan(value):
        return "not known"
    if math.isinf(value):
        return _NEVER
    if value < 0:
        return "\u2212" + _written(-value, unit)
    if unit == "duration":
        return about_duration(value)
    if unit == "share":
        return about_share(value)
    return people(value) if unit == "people" else about_figure(value)


def _legend(figure: Figure, has_targets: bool) -> None:
    handles = [
        Line2D([], [], color=paint("rule"), linewidth=4, marker="o", markersize=7, markerfacecolor=paint("good"),
               markeredgecolor=paint("outline"), label="figure and its interval"),
    ]  # fmt: skip
    if has_targets:
        handles.append(Line2D([], [], color=paint("course"), linewidth=2, marker="|", linestyle="none", markersize=10,
                              markeredgewidth=2, label="target"))  # fmt: skip
    height = figure.get_size_inches()[1]
    figure.legend(handles=handles, loc="lower left", ncols=2, frameon=False, fontsize=8.5, handlelength=2,
                  labelcolor=paint("ink"), bbox_to_anchor=(0.0, 0.02 / height))  # fmt: skip
