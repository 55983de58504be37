"""A run as a picture: what was down or degraded over time, one strip each, and below it the users affected.

The lost share of a strip is coloured from the top, so that the height says what the colour says, and words stand where
there is room. The colours are those of Okabe and Ito (2008), told apart by the colour-blind. The same run gives the same
bytes. matplotlib is imported with this module, so import it only to draw.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from impactsim.quantities import about_duration, about_share
from impactsim.reports.csv_form import write_whole
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.reports.headline import affected_others, affected_services, headline, kept_up_by, was_down
from impactsim.reports.layout import fitted, width, wrapped
from impactsim.reports.ticks import ticks_of
from impactsim.reports.words import clean, counted, people, range_of_people

DOWN, DEGRADED, UP, RESERVE, INK = "#d55e00", "#e69f00", "#e4e4e4", "#56b4e9", "#222222"
_MOST_SERVICES, _MOST_OTHERS = 24, 16
_LABEL_COLUMNS = 38
_LETTER_INCHES = 0.075
_ROW_INCHES = 0.27
_WIDTH_INCHES = 11.0
_RIGHT_INCHES = 1.35
_HAVE_EAST_ASIAN = (
    "Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "Meiryo", "IPAGothic", "IPAexGothic", "MS Gothic",
    "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "Malgun Gothic", "NanumGothic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Strip:
    """Components that fared exactly alike."""

    components: tuple[ComponentFacts, ...]

    @property
    def label(self) -> str:
        """Their names, as many as there is room for."""
        names = [clean(component.name) for component in self.components]
        for n_shown in range(len(names), 0, -1):
            more = f" and {len(names) - n_shown} more" if n_shown < len(names) else ""
            label = ", ".join(names[:n_shown]) + more
            if width(label) <= _LABEL_COLUMNS or n_shown == 1:
                break
        return label if width(label) <= _LABEL_COLUMNS else fitted(names[0], _LABEL_COLUMNS - width(more)) + more


def draw(facts: Facts, path: Path) -> bool:
    """Draw a run.

    Parameters
    ----------
    facts
        What the run says.
    path
        File to write, ending in ``.svg`` or ``.png``.

    Returns
    -------
    bool
        Whether all letters are in it: a PNG lacks those that no font here has, an SVG leaves them to its viewer.

    Raises
    ------
    OSError
        If it cannot be written; a file that was there is then unchanged.
    """
    installed = {font.name for font in fontManager.ttflist}
    style: Any = {
        "font.family": ["DejaVu Sans", *(name for name in _HAVE_EAST_ASIAN if name in installed)],
        "font.size": 9,
        "svg.fonttype": "none",  # text stays text: it can be searched, and the viewer has the letters that are missing here
        "svg.hashsalt": "impactsim",
        "text.parse_math": False,  # a name may have a dollar sign
        "axes.edgecolor": "#888888",
        "hatch.linewidth": 0.5,
    }
    kind = path.suffix.lower().lstrip(".")
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context(style), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure = picture(facts)
        write_whole({path: lambda to: figure.savefig(to, format=kind, dpi=150, metadata=metadata)})
    return kind == "svg" or not any("missing from" in str(warning.message) for warning in caught)


def picture(facts: Facts) -> Figure:
    """Return the figure of a run, not yet written."""
    services, n_more_services = _strips(affected_services(facts), _MOST_SERVICES)
    others, n_more_others = _strips([*affected_others(facts), *_only_on_reserve(facts)], _MOST_OTHERS)
    groups = [(word, strips, more) for word, strips, more in (
        ("Services", services, n_more_services), ("Other components", others, n_more_others)) if strips]  # fmt: skip
    titles = [part for line in headline(facts) for part in wrapped(line.text, 125, 2)]
    n_rows = sum(1 + len(strips) + bool(more) for _, strips, more in groups) or 1
    has_users = facts.has_users and facts.users.affected.high > 0
    top, rows, users, bottom = 0.25 + 0.19 * len(titles), _ROW_INCHES * n_rows, 1.6 * has_users, 0.85
    height = top + rows + users + 0.35 * has_users + bottom
    labels = [strip.label for _, strips, _ in groups for strip in strips]
    left = 0.45 + _LETTER_INCHES * max([width(label) for label in labels] + [16])
    figure = Figure(figsize=(_WIDTH_INCHES, height))
    for i, title in enumerate(titles):
        figure.text(
            0.15 / _WIDTH_INCHES, 1 - (0.22 + 0.19 * i) / height, title, fontweight="bold" if not i else None, color=INK
        )
    across = (left / _WIDTH_INCHES, 1 - (left + _RIGHT_INCHES) / _WIDTH_INCHES)

    def panel(above: float, high: float) -> Axes:
        return figure.add_axes((across[0], 1 - (above + high) / height, across[1], high / height))

    strips_axes = panel(top, rows)
    _draw_groups(strips_axes, facts, groups, n_rows, across[1] * _WIDTH_INCHES)
    if has_users:
        _draw_users(panel(top + rows + 0.35, users), facts)
    _time_axis(figure.axes, facts)
    _legend(figure, height)
    return figure


def _only_on_reserve(facts: Facts) -> list[ComponentFacts]:
    return [
        each
        for each in facts.components.values()
        if not each.was_affected and any(kept_up_by(each, reserve) for reserve in each.reserve)
    ]


def _strips(components: Sequence[ComponentFacts], most: int) -> tuple[list[_Strip], int]:
    """Put components that fared alike together, and count those for whose strips there is no room."""
    alike: dict[object, list[ComponentFacts]] = {}
    for component in components:
        reserves = tuple((each.from_ms, each.to_ms) for each in component.reserve)
        alike.setdefault((component.levels, reserves), []).append(component)
    strips = [_Strip(tuple(each)) for each in alike.values()]
    return strips[:most], sum(len(strip.components) for strip in strips[most:])


def _draw_groups(
    axes: Axes, facts: Facts, groups: Sequence[tuple[str, list[_Strip], int]], n_rows: int, inches: float
) -> None:
    axes.set_ylim(n_rows - 0.5, -0.5)
    axes.set_yticks([])
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    row = 0
    for word, strips, n_more in groups:
        _beside(axes, row, word, fontweight="bold")
        row += 1
        for strip in strips:
            _beside(axes, row, strip.label)
            _draw_strip(axes, facts, strip.components[0], row, inches)
            row += 1
        if n_more:
            _beside(axes, row, f"and {counted(n_more, 'more')}".removesuffix("s"), color="#666666")
            row += 1
    if not groups:
        axes.text(0.5, 0.5, "Nothing was affected", transform=axes.transAxes, ha="center", va="center", color=INK)


def _beside(axes: Axes, row: int, text: str, **look: str) -> None:
    axes.annotate(text, (0, row), xytext=(-8, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                  ha="right", va="center", **{"color": INK, **look})  # type: ignore[arg-type]  # fmt: skip


def _draw_strip(axes: Axes, facts: Facts, component: ComponentFacts, row: int, inches: float) -> None:
    end_ms = _end(facts)
    high = 0.74
    ends = [*(at_ms for at_ms, _ in component.levels[1:]), end_ms]
    for (from_ms, level), to_ms in zip(component.levels, ends, strict=True):
        long, lost = to_ms - from_ms, 1.0 - level
        axes.add_patch(Rectangle((from_ms, row - high / 2), long, high, facecolor=UP, linewidth=0))
        if lost > 0:
            colour = DOWN if level <= 0 else DEGRADED
            axes.add_patch(Rectangle((from_ms, row - high / 2), long, high * lost, facecolor=colour, linewidth=0))
            text = "down" if level <= 0 else about_share(level)
            if long / end_ms * inches > _LETTER_INCHES * (len(text) + 1):
                axes.text(from_ms + long / 2, row, text, ha="center", va="center", fontsize=7.5,
                          color="white" if level <= 0 else INK)  # fmt: skip
    for from_ms, to_ms in _served_on_reserve(component, end_ms):
        place, long, high_of_it = (from_ms, row + high / 6), to_ms - from_ms, high / 3
        axes.add_patch(
            Rectangle(place, long, high_of_it, facecolor=RESERVE, edgecolor="white", hatch="////", linewidth=0)
        )
    axes.annotate(_outcome(component), (1, row), xytext=(6, 0), xycoords=("axes fraction", "data"),
                  textcoords="offset points", ha="left", va="center", fontsize=8, color=INK)  # fmt: skip


def _served_on_reserve(component: ComponentFacts, end_ms: int) -> list[tuple[int, int]]:
    """Return when a component was on reserve and served anything: a reserve that saves nothing is not drawn."""
    ends = [*(at_ms for at_ms, _ in component.levels[1:]), end_ms]
    served = [(at_ms, to_ms) for (at_ms, level), to_ms in zip(component.levels, ends, strict=True) if level > 0]
    both = (
        (max(each.from_ms, a), min(each.to_ms, b))
        for each in component.reserve
        if kept_up_by(component, each)
        for a, b in served
    )
    return [(from_ms, to_ms) for from_ms, to_ms in both if from_ms < to_ms]


def _outcome(component: ComponentFacts) -> str:
    if not component.was_affected:
        return "kept up"
    if not component.restored:
        return "not restored"
    if was_down(component):
        return f"down {about_duration(component.down_ms)}"
    return f"degr. {about_duration(component.degraded_ms)}"


def _draw_users(axes: Axes, facts: Facts) -> None:
    end_ms = _end(facts)
    curve = facts.users.curve
    times = [*(at_ms for at_ms, _ in curve), end_ms]
    values = [*(value for _, value in curve), curve[-1][1]]
    low, high = [value.low for value in values], [value.high for value in values]
    axes.fill_between(times, low, high, step="post", color=RESERVE, alpha=0.5, linewidth=0)
    estimates = [value.estimate for value in values]
    label = f"users affected: {range_of_people(facts.users.affected)}"
    if None not in estimates:
        axes.step(times, [each or 0.0 for each in estimates], where="post", color="#0072b2", linewidth=1.4)
        label += "; line: estimate, band: at least to at most" if high != low else ""
    else:
        axes.step(times, high, where="post", color="#0072b2", linewidth=1.0)
        axes.step(times, low, where="post", color="#0072b2", linewidth=1.0)
        label += "; band: at least to at most" if high != low else ""
    axes.set_title(label, loc="left", fontsize=9, color=INK, pad=4)
    axes.set_ylim(0, max(high) * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: people(value) if value >= 10 else f"{value:g}"))
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    for side in ("right", "top"):
        axes.spines[side].set_visible(False)


def _end(facts: Facts) -> int:
    """Return where the picture ends: a run in which nothing happens still has a time."""
    return max(facts.end_ms, 60_000)


def _time_axis(panels: Sequence[Axes], facts: Facts) -> None:
    """Put the same times below all panels, and words only below the last."""
    places, words, title = ticks_of(facts.starts, _end(facts))
    for axes in panels:
        axes.set_xlim(0, _end(facts))
        axes.set_xticks(places, words if axes is panels[-1] else [""] * len(words))
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
    panels[-1].set_xlabel(title, color=INK)


def _legend(figure: Figure, height: float) -> None:
    handles = [
        Patch(facecolor=DOWN, label="down"),
        Patch(facecolor=DEGRADED, label="degraded (coloured: the share lost)"),
        Patch(facecolor=UP, label="up"),
        Patch(facecolor=RESERVE, edgecolor="white", hatch="////", label="kept up by a reserve"),
    ]
    figure.legend(handles=handles, loc="lower left", ncols=4, frameon=False, fontsize=8, handlelength=1.6,
                  bbox_to_anchor=(0.1 / _WIDTH_INCHES, 0.02 / height))  # fmt: skip
