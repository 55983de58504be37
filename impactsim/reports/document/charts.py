"""Which module draws which picture."""

from __future__ import annotations

from impactsim.reports.document.blocks import BandsPicture, GanttPicture, LevelsPicture, MapPicture, Picture


def draw(picture: Picture, name: str) -> str:
    """Draw a picture as SVG to be put into a page.

    Parameters
    ----------
    picture
        What is drawn.
    name
        What ids inside begin with, so that several pictures stand in one page.

    Returns
    -------
    str
        ``<svg ...>...</svg>`` whose colours are variables of the page.
    """
    if isinstance(picture, MapPicture):
        from impactsim.reports.document.map import draw_map

        return draw_map(picture)
    # matplotlib is imported with each of these
    if isinstance(picture, LevelsPicture):
        from impactsim.reports.document.charts_levels import draw_levels

        return draw_levels(picture, name)
    if isinstance(picture, BandsPicture):
        from impactsim.reports.document.charts_bands import draw_bands

        return draw_bands(picture, name)
    if isinstance(picture, GanttPicture):
        from impactsim.reports.document.charts_gantt import draw_gantt

        return draw_gantt(picture, name)
    from impactsim.reports.document.charts_ranges import draw_ranges

    return draw_ranges(picture, name)
