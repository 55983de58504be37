"""Text of others as text: one line, and nothing in it that a page, a drawing or a terminal would take for a command."""

from __future__ import annotations

from impactsim.reports.document.blocks import Code, Foreign, Link, Moment, More, Piece, Sign, Strong, Words
from impactsim.reports.words import clean


def tidy(text: str) -> str:
    r"""Return a text in one line, a space at its ends kept: pieces stand beside one another.

    Letters that cannot be seen, such as those that turn the direction of reading, become U+FFFD.

    Examples
    --------
    >>> tidy("a\n b "), tidy(" ")
    ('a b ', ' ')
    """
    line = clean(text)
    if not line:
        return " " if text else ""
    return " " * text[0].isspace() + line + " " * text[-1].isspace()


def pieces(words: Words) -> tuple[Piece, ...]:
    """Return what words consist of."""
    return words if isinstance(words, tuple) else (words,)


def plain(words: Words) -> str:
    """Return words without their looks."""
    return "".join(tidy(_plain(piece)) for piece in pieces(words))


def _plain(piece: Piece) -> str:
    if isinstance(piece, Sign):
        return piece.word
    if isinstance(piece, More):
        return plain(piece.words)
    if isinstance(piece, Link | Code | Strong | Moment | Foreign):
        return piece.text
    return piece
