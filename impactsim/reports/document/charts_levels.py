"""Levels over time: a strip each, the lost share filled from its top, so that the height says what the colour says."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from impactsim.quantities import about_duration, about_share
from impactsim.reports.document.blocks import LevelsPicture, Strip
from impactsim.reports.document.charts_svg import (
    LETTER_INCHES,
    WIDTH_INCHES,
    in_lines,
    label,
    panel,
    remark,
    room_for,
    room_for_labels,
    rows,
    svg_of,
    time_axis,
)
from impactsim.reports.document.colours import paint

_COLUMNS = 30
_ROW_INCHES = 0.31
_HIGH = 0.78
_BELOW_INCHES = 0.95


def draw_levels(picture: LevelsPicture, name: str) -> str:
    """Draw levels over time as SVG for a page."""
    n_rows = max(1, len(picture.strips))
    names = [in_lines(strip.name, _COLUMNS) for strip in picture.strips]
    outcomes = [outcome(strip, picture.end_ms) for strip in picture.strips]

    def fill(figure: Figure) -> None:
        left, right = room_for_labels(names), room_for(outcomes)
        axes = panel(figure, left, 0.1, right, _ROW_INCHES * n_rows)
        rows(axes, n_rows)
        time_axis(axes, picture.clock, picture.end_ms)
        for row, strip in enumerate(picture.strips):
            label(axes, row, names[row])
            _draw_strip(axes, strip, row, WIDTH_INCHES - left - right)
            remark(axes, row, outcomes[row])
        _legend(figure)

    return svg_of(name, 0.1 + _ROW_INCHES * n_rows + _BELOW_INCHES, fill)


def _draw_strip(axes: Axes, strip: Strip, row: int, inches: float) -> None:
    top, end_ms = row - _HIGH / 2, axes.get_xlim()[1]
    axes.add_patch(Rectangle((0, top), end_ms, _HIGH, facecolor=paint("track"), edgecolor=paint("rule"), linewidth=0.5))
    for from_ms, to_ms, level in spans(strip, end_ms):
        if level >= 1:
            continue
        tone, long = "critical" if level <= 0 else "medium", to_ms - from_ms
        axes.add_patch(Rectangle((from_ms, top), long, _HIGH * (1 - level), facecolor=paint(tone),
                                 edgecolor=paint("outline"), linewidth=0.6))  # fmt: skip
        text = "down" if level <= 0 else about_share(level)
        if long / end_ms * inches > LETTER_INCHES * (len(text) + 1):
            place, ink = _place_of_word(top, level)
            axes.text(from_ms + long / 2, place, text, ha="center", va="center", fontsize=7.5, color=paint(ink))
    for from_ms, to_ms in strip.reserves:
        axes.add_patch(Rectangle((from_ms, row + _HIGH / 4), to_ms - from_ms, _HIGH / 4, facecolor=paint("reserve"),
                                 edgecolor=paint("outline"), hatch="////", linewidth=0.6))  # fmt: skip


def _place_of_word(top: float, level: float) -> tuple[float, str]:
    """Return where in a strip there is room for a word, and its colour: in what is lost or in what is left."""
    lost = 1 - level
    if lost >= 0.5:
        return top + _HIGH * lost / 2 + 0.02, "on-critical" if level <= 0 else "on-medium"
    return top + _HIGH * (1 + lost) / 2 + 0.02, "ink"


def spans(strip: Strip, end_ms: float) -> list[tuple[int, float, float]]:
    """Return (from_ms, to_ms, level) of a strip until the end."""
    ends = [*(at_ms for at_ms, _ in strip.levels[1:]), end_ms]
    return [(at_ms, to_ms, level) for (at_ms, level), to_ms in zip(strip.levels, ends, strict=True) if at_ms < to_ms]


def outcome(strip: Strip, end_ms: int) -> str:
    """Say in two or three words how a strip fared."""
    if strip.levels and strip.levels[-1][1] < 1:
        return "not restored"
    lost = [(to_ms - from_ms, level) for from_ms, to_ms, level in spans(strip, end_ms) if level < 1]
    if not lost:
        return "kept up"
    if down_ms := sum(long for long, level in lost if level <= 0):
        return f"down {about_duration(down_ms)}"
    return f"degr. {about_duration(sum(long for long, _ in lost))}"


def _legend(figure: Figure) -> None:
    edge: dict[str, Any] = {"edgecolor": paint("outline"), "linewidth": 0.6}
    handles = [
        Patch(facecolor=paint("critical"), label="down", **edge),
        Patch(facecolor=paint("medium"), label="degraded (filled: the share lost)", **edge),
        Patch(facecolor=paint("track"), edgecolor=paint("rule"), linewidth=0.5, label="up"),
        Patch(facecolor=paint("reserve"), hatch="////", label="kept up by a reserve", **edge),
    ]
    height = figure.get_size_inches()[1]
    figure.legend(handles=handles, loc="lower left", ncols=4, frameon=False, fontsize=8.5, handlelength=1.6,
                  labelcolor=paint("ink"), bbox_to_anchor=(0.0, 0.02 / height))  # fmt: skip
