"""What the documents of all reports share: sentences and rows of the text reports as blocks, signs for looks, long lists cut.

The text reports say it first; here stands only how their lines and cells become paragraphs, lists and tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from impactsim.reports.document.blocks import (
    Block,
    Column,
    Details,
    Paragraph,
    Piece,
    Points,
    Section,
    Sign,
    Table,
    Tone,
    Words,
)
from impactsim.reports.layout import Cell, Row
from impactsim.reports.layout import Section as TextSection
from impactsim.reports.page import Screen, Symbols
from impactsim.reports.words import counted

_NO_SIGNS = Symbols(down="", degraded="", up="", event="", action="", reserve="")
WHOLE = Screen(columns=1_000_000, n_lines=None, symbols=_NO_SIGNS)
"""A screen without an edge: a sentence is one line."""
SHORT = Screen(columns=1_000_000, n_lines=40, symbols=_NO_SIGNS)
"""The same for what matters most only."""

TONES: dict[str, Tone] = {"down": "high", "degraded": "medium", "up": "good", "reserve": "low"}
"""Tone of each look of the text reports that is a status."""

Heads = Sequence[tuple[str, bool]]
"""(title, whether it is a column of numbers)."""

_MOST_ROWS = 25


def sentences(section: TextSection) -> tuple[str, ...]:
    """Return the entries of a section of a text report that was laid out for a screen without an edge."""
    return tuple(" ".join(" ".join(entry.lines).split()) for entry in section.entries)


def part(id_: str, title: str, *blocks: Block | None) -> Section | None:
    """Return a section of those blocks that there are; None if there are none."""
    found = tuple(block for block in blocks if block is not None)
    return Section(id_, title, found) if found else None


def parts(*sections: Section | None) -> tuple[Section, ...]:
    """Return the sections that there are."""
    return tuple(section for section in sections if section is not None)


def listed(items: Iterable[Words], most: int = 12) -> Points | None:
    """Return a list; None if it is empty."""
    found = tuple(items)[:most]
    return Points(found) if found else None


def list_blocks(items: Iterable[Words], what: str, most: int = 12) -> list[Block]:
    """Return a list, the rest of a long one on demand.

    Parameters
    ----------
    items
        What is listed.
    what
        What the items are, in the plural, such as ``reasons``.
    most
        How many are seen at once.
    """
    found = tuple(items)
    if len(found) <= most + 1:
        return [Points(found)] if found else []
    rest = len(found) - most
    return [Points(found[:most]), Details(f"{rest:,} more {what}", (Points(found[most:]),))]


def table_blocks(
    caption: str, heads: Heads, rows: Sequence[Row], ids: Sequence[str] = (), most: int = _MOST_ROWS
) -> list[Block]:
    """Return rows of a text report as a table, the rest of a long one on demand, without columns in which nothing stands.

    Parameters
    ----------
    caption
        What the table says.
    heads
        A title for each column.
    rows
        Cells; one with the look of a status becomes a sign.
    ids
        An id for each row, or none.
    most
        How many rows are seen at once.
    """
    if not rows:
        return []
    whole = table_of(caption, heads, rows, ids)
    if len(rows) <= most + 3:
        return [whole]
    rest = f"{caption}: the other {len(rows) - most:,}"
    first = Table(caption, whole.columns, whole.rows[:most], whole.ids[:most])
    others = Table(rest, whole.columns, whole.rows[most:], whole.ids[most:])
    return [first, Details(counted(len(rows) - most, "more row"), (others,))]


def table_of(caption: str, heads: Heads, rows: Sequence[Row], ids: Sequence[str] = ()) -> Table:
    """Return rows as one table, however long; parameters as of `table_blocks`."""
    used = [i for i in range(len(heads)) if i == 0 or any(_text(row[i]) not in ("", "-") for row in rows)]
    return Table(
        caption=caption,
        columns=tuple(Column(heads[i][0], heads[i][1]) for i in used),
        rows=tuple(tuple(words_of(row[i]) for i in used) for row in rows),
        ids=tuple(ids),
    )


def words_of(cell: str | Cell) -> Words:
    """Return a cell as words; a sign if it has the look of a status."""
    if isinstance(cell, Cell):
        text = cell.text.strip()
        return Sign(TONES[cell.look], text) if cell.look in TONES and text not in ("", "-") else text
    return cell.strip()


def _text(cell: str | Cell) -> str:
    return (cell.text if isinstance(cell, Cell) else cell).strip()


def without_look(cell: str | Cell) -> str:
    """Return a cell as text, whatever its look: of what is no status."""
    return _text(cell)


def answers(lines: Iterable[tuple[str, str]]) -> list[Block]:
    """Return the lines of a headline, each with the sign of its look, as paragraphs; the first says how bad it is."""
    return [Paragraph(_answer(text, look, _FIRST if not i else _LATER)) for i, (text, look) in enumerate(lines)]


_FIRST = {"down": "Outage", "degraded": "Degraded", "up": "Good"}
_LATER = {"down": "Attention", "degraded": "Attention", "up": "Good"}


def _answer(text: str, look: str, signs: dict[str, str]) -> tuple[Piece, ...]:
    return (Sign(TONES[look], signs[look]), f" {text}.") if look in signs else (f"{text}.",)


def repeat_with(command: str, luck: str = "") -> tuple[str, ...]:
    """Return the lines with which the same can be had again.

    Parameters
    ----------
    command
        The command line; empty if there was none.
    luck
        Seed and number of trials, as far as there are any.
    """
    from importlib.metadata import version

    return tuple(filter(None, (command, ", ".join(filter(None, (f"impactsim {version('impactsim')}", luck))))))
