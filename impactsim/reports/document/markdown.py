"""A document as Markdown of GitHub's kind, for wikis: signs are words, pictures are left out, their tables are there.

What others wrote cannot become markup: letters that mean something are escaped, a name is one line, and one that would call
somebody (``@name``) or an issue (``#1``) does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from impactsim.reports.document.blocks import (
    Block,
    Code,
    Definitions,
    Details,
    Document,
    Figure,
    Foreign,
    KeyFigures,
    Link,
    Moment,
    More,
    Paragraph,
    Piece,
    Points,
    Section,
    Sign,
    Strong,
    Table,
    Words,
)  # fmt: skip
from impactsim.reports.document.html import ids_of
from impactsim.reports.document.words import pieces, plain, tidy

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>()#|~&$]")
_CALLS = re.compile(r"(@|\\#)(?=\w)")
_LINE_STARTS = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")
_BACKTICKS = re.compile(r"`+")
_NOT_IN_AN_ANCHOR = re.compile(r"[^A-Za-z0-9_-]")


def to_markdown(document: Document) -> str:
    """Write a document as Markdown.

    Parameters
    ----------
    document
        What it says.

    Returns
    -------
    str
        A whole file with a newline at its end; the same document gives the same text.
    """
    writer = _Writer(document)
    parts = [f"# {text(document.title)}"]
    if document.subtitle:
        parts.append(_begun(text(document.subtitle)))
    parts += ["## Summary", *writer.blocks(document.summary, 3), *writer.blocks(document.sections, 2)]
    if document.repeat:
        parts += ["## How to get the same again", "\n".join(f"- {code(line)}" for line in document.repeat)]
    return "\n\n".join(part for part in parts if part) + "\n"


def text(words: str) -> str:
    r"""Escape what somebody wrote.

    Examples
    --------
    >>> text("a_b <i>|x|"), text("@ops #12")
    ('a\\_b \\<i\\>\\|x\\|', '@<!-- -->ops \\#<!-- -->12')
    """
    return _CALLS.sub(r"\1<!-- -->", _SPECIAL.sub(r"\\\g<0>", tidy(words)))


def code(words: str, is_cell: bool = False) -> str:
    """Write an id or a command between as many backticks as it takes."""
    inner = tidy(words).strip() or " "
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(inner)), default=0) + 1)
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{pad}{inner.replace('|', chr(92) + '|') if is_cell else inner}{pad}{fence}"


def _begun(line: str) -> str:
    """Escape what would begin a list or a heading at the start of a line."""
    return _LINE_STARTS.sub(
        lambda found: f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}", line
    )


class _Writer:
    """Blocks to paragraphs of Markdown.

    Parameters
    ----------
    document
        Of which they are; only places to which something leads get an anchor.
    """

    def __init__(self, document: Document) -> None:
        everything = (*document.summary, *document.sections)
        self._reached = {link.to for link in _links(everything)} & set(ids_of(everything))
        self._placed: set[str] = set()
        self._n_figures = 0

    def blocks(self, blocks: tuple[Block, ...], level: int) -> list[str]:
        """Write blocks, headings beginning at a level."""
        return [part for block in blocks for part in self._block(block, level)]

    def _block(self, block: Block, level: int) -> list[str]:
        match block:
            case Paragraph():
                return [self._line(block.words)]
            case Points():
                return [self._points(block)]
            case Table():
                return self._table(block)
            case KeyFigures():
                return [self._key_figures(block)]
            case Definitions():
                return ["\n".join(f"- **{text(term)}**: {self._words(said).strip()}" for term, said in block.items)]
            case Details():
                return [f"**{text(plain(block.summary))}**", *self.blocks(block.blocks, level)]
            case Figure():
                return self._figure(block)
            case Section():
                heading = f"{'#' * min(level, 6)} {text(block.title)}"
                return [self._place(block.id), heading, *self.blocks(block.blocks, level + 1)]

    def _points(self, points: Points) -> str:
        marks = [f"{i}." if points.is_numbered else "-" for i in range(1, len(points.items) + 1)]
        return "\n".join(f"{mark} {self._line(item)}" for mark, item in zip(marks, points.items, strict=True))

    def _key_figures(self, figures: KeyFigures) -> str:
        lines = []
        for what, value, remark in figures.figures:
            said = f" ({self._words(remark).strip()})" if remark else ""
            lines.append(f"- {_begun(text(what))}: **{text(plain(value))}**{said}")
        return "\n".join(lines)

    def _table(self, table: Table) -> list[str]:
        caption = text(table.caption)
        if not table.rows:
            return [f"**{caption}**: none."]
        titles = " | ".join(text(column.title) for column in table.columns)
        rules = " | ".join("---:" if column.is_number else "---" for column in table.columns)
        rows = []
        for i, row in enumerate(table.rows):
            place = self._place(table.ids[i]) if table.ids else ""
            rows.append(f"| {place}{' | '.join(self._words(cell, is_cell=True).strip() for cell in row)} |")
        return [f"**{caption}**", "\n".join([f"| {titles} |", f"| {rules} |", *rows])]

    def _figure(self, figure: Figure) -> list[str]:
        self._n_figures += 1
        said = f"**Figure {self._n_figures}. {text(figure.title)}** (the picture is in the HTML report; its figures follow)"
        return [self._place(figure.id), said, _begun(text(figure.text)), *self._table(figure.table)]

    def _place(self, wanted: str) -> str:
        """Return the anchor of a place to which something leads, the first time."""
        if wanted not in self._reached or wanted in self._placed:
            return ""
        self._placed.add(wanted)
        return f'<a id="{_anchor(wanted)}"></a>'

    def _line(self, words: Words) -> str:
        return _begun(self._words(words).strip())

    def _words(self, words: Words, is_cell: bool = False) -> str:
        return "".join(self._piece(piece, is_cell) for piece in pieces(words))

    def _piece(self, piece: Piece, is_cell: bool) -> str:
        match piece:
            case Sign(word=said) | Strong(text=said):
                return f"**{text(said).strip()}**"
            case Code():
                return code(piece.text, is_cell)
            case More():
                return "<br>".join(self._words(each, is_cell).strip() for each in (piece.words, *piece.items))
            case Link() if piece.to in self._reached:
                return f"[{text(piece.text)}](#{_anchor(piece.to)})"
            case Link() | Moment() | Foreign():
                return text(piece.text)
            case str():
                return text(piece)


def _anchor(wanted: str) -> str:
    """Return an id of letters that every wiki leaves alone."""
    return "at-" + _NOT_IN_AN_ANCHOR.sub(lambda letter: f"-{ord(letter[0]):x}-", wanted)


def _links(blocks: tuple[Block, ...]) -> Iterator[Link]:
    """Yield all links of blocks."""
    for block in blocks:
        for words in _words_in(block):
            yield from _links_of(words)
        if isinstance(block, Section | Details):
            yield from _links(block.blocks)
        elif isinstance(block, Figure):
            yield from _links((block.table,))


def _links_of(words: Words) -> Iterator[Link]:
    for piece in pieces(words):
        if isinstance(piece, Link):
            yield piece
        elif isinstance(piece, More):
            for each in (piece.words, *piece.items):
                yield from _links_of(each)


def _words_in(block: Block) -> Iterator[Words]:
    match block:
        case Paragraph():
            yield block.words
        case Points():
            yield from block.items
        case Table():
            yield from (cell for row in block.rows for cell in row)
        case Definitions():
            yield from (said for _, said in block.items)
        case Details():
            yield block.summary
        case KeyFigures():
            yield from (words for _, value, remark in block.figures for words in (value, remark))
        case _:
            return
