"""What a report is made of: text, signs, tables, pictures as data, and sections of them. Knows nothing of HTML or Markdown.

A picture here is its data; `html.py` draws it, `markdown.py` leaves it out, and both print the table beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Tone = Literal["good", "low", "medium", "high", "critical", "unknown"]
"""How bad something is; each has its colour and its shape."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A status: a word, with the colour and the shape of its tone."""

    tone: Tone
    word: str


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another place of the same document."""

    to: str
    """Id of a section, a figure or a `Target`."""
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """An id, a file name, a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """What catches the eye."""

    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A clock time."""

    at: datetime
    """With its offset from UTC."""
    text: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """Text in another language."""

    language: str
    """Tag of the language."""
    text: str


@dataclass(frozen=True, slots=True)
class More:
    """Words that can be opened, with a list of what stands behind them; for cells of tables only."""

    words: Words
    items: tuple[Words, ...]
    is_printed: bool = True
    """Is the list on paper too? The words are in any case."""


Piece = str | Sign | Link | Code | Strong | Moment | Foreign | More
Words = Piece | tuple[Piece, ...]
"""Text with signs in it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    words: Words


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    items: tuple[Words, ...]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    is_number: bool = False
    """Set to the right."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row is its header."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    ids: tuple[str, ...] = ()
    """An id for each row, to which a `Link` may go; empty without."""
    shows_caption: bool = True
    """Is the caption seen? Where it is not, because a heading above says the same, it is still read aloud."""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The figures that are read first: (what, how much, a remark or an empty text)."""

    figures: tuple[tuple[str, Words, Words], ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms, and what is to be said of each."""

    items: tuple[tuple[str, Words], ...]


@dataclass(frozen=True, slots=True)
class Details:
    """What is opened on demand; in print and in Markdown it is simply there."""

    summary: Words
    blocks: tuple[Block, ...]
    is_printed: bool = True
    """Is it on paper? What is not must be said elsewhere too, or be of use on a screen only."""


# Pictures, as data. Times in milliseconds from the start of the scenario; infinite ones run to the right edge.


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are written along an axis."""

    starts: datetime | None = None
    """Clock time of 0; times since then are written if absent."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One component over time."""

    name: str
    levels: tuple[tuple[int, float], ...]
    """(at_ms, level), from 0."""
    reserves: tuple[tuple[int, int], ...] = ()
    """(from_ms, to_ms) on reserve."""


@dataclass(frozen=True, slots=True)
class LevelsPicture:
    """Levels over time, a strip each."""

    strips: tuple[Strip, ...]
    end_ms: int
    clock: Clock = Clock()


@dataclass(frozen=True, slots=True)
class BandsPicture:
    """A number over time with a band: (at_ms, low, middle, high), each valid until the next."""

    points: tuple[tuple[int, float, float, float], ...]
    end_ms: int
    unit: str
    """What is counted, such as ``people affected``."""
    band: str
    """What the band is, such as ``P10 to P90 of 1,000 trials``."""
    clock: Clock = Clock()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a Gantt chart."""

    name: str
    group: str
    """Bars of one group stand together: a wave, a person."""
    waits_ms: int
    """When it was called for; the time until it begins is drawn thin."""
    begins_ms: float
    ends_ms: float
    late_ms: float | None = None
    """P90 of its end, drawn as a whisker."""
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class GanttPicture:
    """Steps over time."""

    bars: tuple[Bar, ...]
    end_ms: int
    marks: tuple[tuple[int, str], ...] = ()
    """Vertical lines: targets, declaration."""
    clock: Clock = Clock()


@dataclass(frozen=True, slots=True)
class RangeBar:
    """One row of a chart of ranges: a figure with its interval, beside a target."""

    name: str
    low: float
    middle: float
    high: float
    target: float | None = None
    tone: Tone = "good"


@dataclass(frozen=True, slots=True)
class RangesPicture:
    """Figures with their intervals, one row each, on one axis."""

    rows: tuple[RangeBar, ...]
    unit: Literal["duration", "people", "share", "number"]
    """How the axis is written; durations in milliseconds."""
    title: str = ""
    """What the axis counts."""


@dataclass(frozen=True, slots=True)
class Node:
    """A component on the map."""

    id: str
    name: str
    kind: str
    site: str
    """Id of the site where it stands; empty if it stands nowhere."""
    tone: Tone
    """How bad it fares."""
    word: str
    """The same in words, such as ``down 6 h``."""
    is_origin: bool = False
    """Did it fail first?"""
    n_components: int = 1
    """How many components of a kind it stands for."""


@dataclass(frozen=True, slots=True)
class MapPicture:
    """The part of the dependency graph that matters: what failed, what it took along, and what stands between."""

    nodes: tuple[Node, ...]
    arrows: tuple[tuple[str, str, bool], ...]
    """(who needs, what is needed, whether the loss went that way)."""
    sites: Mapping[str, str] = field(default_factory=dict)
    """Names of the sites by id."""
    n_left_out: int = 0
    """How many components are not drawn."""


Picture = LevelsPicture | BandsPicture | GanttPicture | RangesPicture | MapPicture


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, and the table that says the same."""

    id: str
    title: str
    text: str
    """What is to be seen in it, in a sentence or two: stands below it, and in place of it for who does not see it."""
    picture: Picture
    table: Table
    prints_table: bool = True
    """Is the table on paper too?"""


@dataclass(frozen=True, slots=True)
class Section:
    """A part with a heading; parts may have parts."""

    id: str
    title: str
    blocks: tuple[Block, ...]


Block = Paragraph | Points | Table | KeyFigures | Definitions | Details | Figure | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report."""

    title: str
    subtitle: str
    summary: tuple[Block, ...]
    """For management: the first page of a print."""
    sections: tuple[Section, ...]
    repeat: tuple[str, ...] = ()
    """How to get the same again: lines such as the command, seed and versions."""
    language: str = "en"
