"""A number over time with its band."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from impactsim.reports.document.blocks import BandsPicture
from impactsim.reports.document.charts_svg import panel, svg_of, time_axis
from impactsim.reports.document.colours import paint
from impactsim.reports.document.words import tidy
from impactsim.reports.words import people

_HIGH_INCHES, _ABOVE_INCHES, _BELOW_INCHES = 2.3, 0.35, 0.65
_LEFT_INCHES, _RIGHT_INCHES = 0.95, 0.3


def draw_bands(picture: BandsPicture, name: str) -> str:
    """Draw a number over time, with its band, as SVG for a page."""

    def fill(figure: Figure) -> None:
        axes = panel(figure, _LEFT_INCHES, _ABOVE_INCHES, _RIGHT_INCHES, _HIGH_INCHES)
        time_axis(axes, picture.clock, picture.end_ms)
        _draw_course(axes, picture)
        _counts(axes)
        text = f"{tidy(picture.unit)} \u2013 line: the middle; band: {tidy(picture.band)}"
        axes.set_title(text, loc="left", fontsize=9, color=paint("ink"), pad=8)

    return svg_of(name, _ABOVE_INCHES + _HIGH_INCHES + _BELOW_INCHES, fill)


def _draw_course(axes: Axes, picture: BandsPicture) -> None:
    points = picture.points or ((0, 0.0, 0.0, 0.0),)
    times = [*(point[0] for point in points), max(picture.end_ms, points[-1][0])]
    low, middle, high = ([*(point[i] for point in points), points[-1][i]] for i in (1, 2, 3))
    axes.fill_between(times, low, high, step="post", facecolor=paint("band"), edgecolor=paint("rule"), linewidth=0.6)
    axes.step(times, middle, where="post", color=paint("course"), linewidth=1.8)
    axes.set_ylim(0, max(1.0, *high) * 1.08)


def _counts(axes: Axes) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: people(value) if value >= 10 else f"{value:g}"))
    axes.grid(axis="y", color=paint("line"), linewidth=0.6)
