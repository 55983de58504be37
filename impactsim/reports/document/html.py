"""A document as one page of HTML: style and pictures are in it, nothing is loaded, and no script is needed.

The template ``page.html`` says what stands where, ``style.css`` how it looks; this module numbers sections and figures, and
keeps ids apart. What others wrote is escaped by jinja2, and cleaned by `words.tidy`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from impactsim.reports.document.blocks import (
    Block,
    Column,
    Details,
    Document,
    Figure,
    KeyFigures,
    Section,
    Table,
    Words,
)
from impactsim.reports.document.colours import stylesheet
from impactsim.reports.document.signs import symbols
from impactsim.reports.document.words import pieces, plain, tidy

if TYPE_CHECKING:
    from jinja2 import Environment

_WIDE = 8
"""Tables of more columns are printed across."""
_SHORT, _LONG = 18, 60
"""Cells of up to so many letters are not broken; those of more than so many have room."""
_UPRIGHT, _ACROSS = 1250.0, 1500.0
"""Pictures of up to so many pixels are printed on an upright sheet, or across; larger ones on a sheet of twice the size."""
_WIDTH = re.compile(r' width="([\d.]+)"')


def to_html(document: Document) -> str:
    """Write a document as a page.

    Parameters
    ----------
    document
        What it says.

    Returns
    -------
    str
        A whole file in UTF-8 with newlines at its end; the same document gives the same bytes.
    """
    from markupsafe import Markup

    page = _Page(document)
    template = _environment().get_template("page.html")
    written: str = template.render(
        document=document,
        page=page,
        colours=Markup(stylesheet()),  # noqa: S704 - our own
        symbols=Markup(symbols()),  # noqa: S704 - our own
    )
    return written.strip() + "\n"


class _Page:
    """What is kept while a page is written: which ids there are, how far figures are counted.

    Parameters
    ----------
    document
        What is written.
    """

    def __init__(self, document: Document) -> None:
        self._targets = {anchor(each) for each in ids_of((*document.summary, *document.sections))}
        self._taken: set[str] = set()
        self._n_figures = 0

    def claim(self, wanted: str) -> str:
        """Return the id for the first that asks for it, and an empty text for others: an id stands once in a page."""
        taken = anchor(wanted)
        if taken in self._taken:
            return ""
        self._taken.add(taken)
        return taken

    def href(self, to: str) -> str:
        """Return where a link leads; empty if there is no such place in the document."""
        return "#" + quote(anchor(to)) if anchor(to) in self._targets else ""

    def next_figure(self) -> int:
        """Count a figure."""
        self._n_figures += 1
        return self._n_figures


def anchor(wanted: str) -> str:
    """Return an id as HTML allows it; none of ours begins like these."""
    return "at-" + "".join("_" if letter.isspace() or not letter.isprintable() else letter for letter in wanted)


def ids_of(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Yield every id to which a link may go, in order."""
    for block in blocks:
        if isinstance(block, Section | Figure):
            yield block.id
        if isinstance(block, Section | Details):
            yield from ids_of(block.blocks)
        elif isinstance(block, Table):
            yield from block.ids
        elif isinstance(block, Figure):
            yield from block.table.ids


def _picture(figure: Figure, number: int) -> str:
    """Draw the picture of a figure, named by the elements that the template writes around it."""
    from markupsafe import Markup

    from impactsim.reports.document.charts import draw

    drawing = draw(figure.picture, f"f{number}")
    assert drawing.startswith("<svg")
    named = f'<svg role="img" aria-labelledby="page-f{number}" aria-describedby="page-f{number}-text"'
    return Markup(named + drawing.removeprefix("<svg"))  # noqa: S704 - drawn by us, its texts escaped there


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        loader=PackageLoader("impactsim.reports.document", "."),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "kind": lambda block: type(block).__name__,
        "pieces": pieces,
        "tidy": tidy,
        "picture": _picture,
        "sheet": _sheet,
        "is_wide": lambda table: len(table.columns) > _WIDE,
        "longest": _longest,
        "look": _look,
    }
    return environment


def _sheet(drawing: str) -> str:
    """Return the class of a figure by the sheet that its picture takes; empty for the usual one."""
    wide = _WIDTH.search(drawing)
    pixels = float(wide[1]) if wide else 0.0
    return "" if pixels <= _UPRIGHT else "across" if pixels <= _ACROSS else "large"


def _look(cell: Words, column: Column) -> str:
    """Return the classes of a cell of a table."""
    n_letters = len(plain(cell))
    looks = {"number": column.is_number, "whole": n_letters <= _SHORT, "long": n_letters > _LONG}
    return " ".join(look for look, is_so in looks.items() if is_so)


def _longest(block: KeyFigures) -> int:
    """Return how many figures are to stand in a row."""
    return min(len(block.figures), 4)
