"""How text is laid out on a screen of fixed-width letters: widths, wrapping, tables, and what is left out.

Knows letters and columns, and nothing of runs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Paint = Callable[[str, str], str]
"""Text and the name of a look (see `LOOKS`) to text with the codes of the terminal, or to the same text."""

LOOKS: dict[str, dict[str, object]] = {
    "heading": {"bold": True},
    "down": {"fg": "red", "bold": True},
    "degraded": {"fg": "yellow"},
    "up": {"fg": "green"},
    "reserve": {"fg": "cyan"},
    "quiet": {"dim": True},
}


def plain(text: str, look: str) -> str:  # noqa: ARG001 - the signature of a Paint
    """Return the text as it is."""
    return text


def coloured(text: str, look: str) -> str:
    """Return the text with the codes of a terminal."""
    import click  # only a terminal needs it

    return click.style(text, **LOOKS[look]) if look else text  # type: ignore[arg-type]


def width(text: str) -> int:
    """Return how many columns a text takes: two for the wide letters of East Asia, none for accents of their own.

    Examples
    --------
    >>> width("abc"), width("\u6c7a\u6e08"), width("e\u0301")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def fitted(text: str, columns: int) -> str:
    """Cut a text to so many columns, with three dots at its end if anything is lost."""
    if width(text) <= columns:
        return text
    used = min(3, columns)
    kept = ""
    for letter in text:
        used += _columns(letter)
        if used > columns:
            break
        kept += letter
    return kept.rstrip() + "..."[:columns]


def padded(text: str, columns: int, right: bool = False) -> str:
    """Fill a text up to so many columns."""
    fill = " " * max(0, columns - width(text))
    return fill + text if right else text + fill


def wrapped(text: str, columns: int, indent: int = 0, n_lines: int | None = None) -> list[str]:
    """Break a text into lines between words, all but the first indented.

    Parameters
    ----------
    text
        One line, its first letters at their place already.
    columns
        Width of the screen.
    indent
        Spaces before all lines but the first.
    n_lines
        At most so many lines; the last then ends with three dots.
    """
    lead = text[: len(text) - len(text.lstrip())]
    lines: list[str] = []
    line = ""
    for word in _pieces(text.strip(), columns - max(indent, len(lead))):
        longer = f"{line} {word}" if line.strip() else (line or lead) + word
        if line.strip() and width(longer) > columns:
            lines.append(line.rstrip())
            longer = " " * indent + word
        line = longer
    lines.append(line.rstrip())
    if n_lines is not None and len(lines) > n_lines:
        last = lines[n_lines - 1]
        while width(last) > columns - 4 and " " in last.strip():
            last = last.rsplit(" ", 1)[0]
        return [*lines[: n_lines - 1], fitted(last, columns - 4) + " ..."]
    return lines


def _pieces(text: str, columns: int) -> list[str]:
    """Split at each space (two in a row stay two), and what is wider than a line anywhere."""
    pieces: list[str] = []
    for word in text.split(" "):
        piece, used = "", 0
        for letter in word:
            used += _columns(letter)
            if used > columns:
                pieces.append(piece)
                piece, used = "", _columns(letter)
            piece += letter
        pieces.append(piece)
    return pieces


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    is_right: bool = False
    """Whether its cells stand to the right, as numbers do."""
    least: int = 0
    """What it can shrink to where the screen is narrow; 0 if it cannot."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with a look of its own."""

    text: str
    look: str = ""


Row = Sequence["str | Cell"]


def table(
    columns: Sequence[Column], rows: Sequence[Row], screen: int, indent: int, paint: Paint
) -> tuple[str, list[str]]:
    """Lay out a table whose columns are two spaces apart.

    Returns
    -------
    str
        The line of titles.
    list of str
        One line a row.
    """
    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    used = [i for i, column in enumerate(columns) if i == 0 or any(row[i].text not in ("", "-") for row in cells)]
    widths = {i: max([width(columns[i].title), *(width(row[i].text) for row in cells)]) for i in used}
    _shrink(widths, columns, screen - indent - 2 * (len(used) - 1))

    def line(row: Sequence[Cell]) -> str:
        parts = []
        for i in used:
            cell = row[i]
            text = padded(fitted(cell.text, widths[i]), widths[i], columns[i].is_right)
            # Paint what is written, not the space around it.
            parts.append(text.replace(text.strip(), paint(text.strip(), cell.look), 1) if cell.look else text)
        return (" " * indent + "  ".join(parts)).rstrip()

    return line([Cell(column.title, "quiet") for column in columns]), [line(row) for row in cells]


def _shrink(widths: dict[int, int], columns: Sequence[Column], room: int) -> None:
    """Narrow the widest of the columns that can shrink until all fit."""
    while sum(widths.values()) > room:
        can_shrink = [i for i in widths if columns[i].least and widths[i] > columns[i].least]
        if not can_shrink:
            return
        widths[max(can_shrink, key=lambda i: widths[i])] -= 1


@dataclass(slots=True)
class Entry:
    """One item of a section, of one line or more."""

    lines: list[str]
    rank: int = 0
    """What is left out last: 0; where room is short the highest rank goes first, and of one rank the last."""


@dataclass(slots=True)
class Section:
    """A heading and its entries, in the order in which they are printed."""

    heading: str
    entries: list[Entry]
    titles: str = ""
    """Titles of a table."""
    tail: list[str] = field(default_factory=list)
    """Lines at the end that are never left out."""
    least: int = 2
    """How many entries stay, however little room there is; with 0 the heading goes as well, and is named at the end."""
    weight: float = 1.0
    """How much longer than others it may be before it loses entries."""
    unseen: int = 0
    """How many more entries there are that nobody wrote because there could not be room for them."""
    by_rank: list[int] = field(init=False)
    """Indices of the entries, those that are left out first at the end."""

    def __post_init__(self) -> None:
        self.by_rank = sorted(range(len(self.entries)), key=lambda i: self.entries[i].rank)  # stable

    @property
    def count(self) -> int:
        """How many entries there are, written or not."""
        return len(self.entries) + self.unseen

    def size(self, n_shown: int) -> int:
        """Return how many lines it takes, the empty one before it included."""
        if not n_shown:
            return 0
        lines = sum(len(self.entries[i].lines) for i in self._chosen(n_shown))
        is_cut = n_shown < self.count
        return 2 + bool(self.titles) + lines + is_cut + len(self.tail)

    def lines(self, n_shown: int, paint: Paint) -> list[str]:
        """Return its lines."""
        lines = ["", paint(self.heading, "heading")]
        if self.titles:
            lines.append(self.titles)
        for i in self._chosen(n_shown):
            lines += self.entries[i].lines
        if n_shown < self.count:
            lines.append(paint(f"  and {self.count - n_shown:,} more (--all)", "quiet"))
        return lines + self.tail

    def _chosen(self, n_shown: int) -> list[int]:
        return sorted(self.by_rank[:n_shown])


STAYS = 2.0
"""Weight from which on a section never goes as a whole."""


def fit(sections: Sequence[Section], n_lines: int | None, paint: Paint, columns: int = 100) -> list[str]:
    """Write sections into so many lines, each cut so that the longest (for its weight) loses first.

    Parameters
    ----------
    sections
        In order; those without entries are left out.
    n_lines
        Room, or None for all of them whole. First each section loses entries down to its least, then the lightest go as a
        whole; those that stay keep their least, even if that is more than there is room for.
    paint
        How words get their looks.
    columns
        Width of the screen.
    """
    sections = [section for section in sections if section.entries]
    shown = [len(section.entries) for section in sections]
    if n_lines is not None:
        shown = [min(n, n_lines) for n in shown]
    while n_lines is not None and _size(sections, shown) > n_lines:
        longest = _longest(sections, shown)
        if longest is not None:
            shown[longest] -= 1
            continue
        lightest = min((i for i in range(len(sections)) if shown[i]), key=lambda i: sections[i].weight, default=None)
        if lightest is None or sections[lightest].weight >= STAYS:
            break
        shown[lightest] = 0
    for i, section in enumerate(sections):
        if 0 < shown[i] == section.count - 1 and section.size(shown[i]) == section.size(shown[i] + 1):
            shown[i] += 1  # it takes no more room than the line that would stand for it
    lines = [line for section, n in zip(sections, shown, strict=True) if n for line in section.lines(n, paint)]
    left_out = [f"{s.heading} ({s.count:,})" for s, n in zip(sections, shown, strict=True) if not n]
    if not left_out:
        return lines
    last = wrapped(f"Left out (--all): {', '.join(left_out)}", columns, 2, 2)
    return [*lines, "", *(paint(line, "quiet") for line in last)]


def _size(sections: Sequence[Section], shown: Sequence[int]) -> int:
    """Return how many lines sections take, with those for what was left out."""
    return sum(section.size(n) for section, n in zip(sections, shown, strict=True)) + 3 * (0 in shown)


def _longest(sections: Sequence[Section], shown: Sequence[int]) -> int | None:
    """Return the section that is the longest for its weight, of those that can lose an entry."""
    can_lose = [i for i, section in enumerate(sections) if shown[i] > section.least]
    return max(can_lose, key=lambda i: sections[i].size(shown[i]) / sections[i].weight, default=None)
