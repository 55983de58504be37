"""Plain text: for terminals, mail, and anything that shows letters of one width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from impactsim.notices.compose import Notice
from impactsim.notices.forms.harmless import harmless
from impactsim.notices.forms.words import item_text
from impactsim.reports.layout import width

COLUMNS = 72
"""Mail of that width can be quoted twice before it breaks."""

_NEVER_FIRST = frozenset(  # the letters of Japanese, not those that they look like
    "、。，．・：；！？）〕］｝」』】〉》”’ー～…‥々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％℃"  # noqa: RUF001
)
_NEVER_LAST = frozenset("（〔［｛「『【〈《“‘")  # noqa: RUF001
_NO_BREAK = frozenset("\u00a0\u202f")
_WORD = re.compile("[^ ]+ *| +")


def to_text(notices: Sequence[Notice], columns: int = COLUMNS, annex: Sequence[str] = ()) -> str:
    """Write notices as plain text, one below the other.

    Parameters
    ----------
    notices
        One at least, each in its language.
    columns
        Where lines break, in letters of one width; those of East Asia take two. A word that is longer stays whole.
    annex
        What responders and partners may read besides, at the end.

    Returns
    -------
    str
        Lines with an end each: title, publication, empty line, paragraphs. No spaces but the ordinary one and that of Japanese.
    """
    parts = [_one(notice, columns) for notice in notices]
    if annex:
        parts.append("\n".join(line for text in annex for line in wrapped(f"- {harmless(text)}", columns, "  ")))
    return _ordinary(f"\n\n{'-' * columns}\n\n".join(parts)) + "\n"


def wrapped(text: str, columns: int, indent: str = "", *, at_spaces: bool = False) -> list[str]:
    """Break a text into lines: at spaces, and between the letters of Japanese where its rules of line breaking allow it.

    Parameters
    ----------
    text
        One line.
    columns
        How wide lines may be.
    indent
        What stands before all lines but the first.
    at_spaces
        Whether words of Japanese stand apart, and stay whole as far as they fit.

    Examples
    --------
    >>> wrapped("次のお知らせは、15時までに", 14)
    ['次のお知らせ', 'は、15時までに']
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, columns - len(indent) if at_spaces else 0):
        if line.strip() and width(line) + width(piece.rstrip(" ")) > columns:
            lines.append(line.rstrip(" "))
            line = indent
        line += piece
    return [*lines, line.rstrip(" ")]


def _one(notice: Notice, columns: int) -> str:
    def lines(text: str, indent: str = "") -> list[str]:
        return wrapped(harmless(text), columns, indent, at_spaces=bool(notice.variant))

    blocks = ["\n".join([*lines(notice.title), *lines(notice.published.text)])]
    for paragraph in notice.paragraphs:
        items = [line for item in paragraph.items for line in lines(f"- {item_text(notice, item)}", "  ")]
        blocks.append("\n".join([*(lines(paragraph.text) if paragraph.text else []), *items]))
    return "\n\n".join(blocks)


def _pieces(text: str, whole: int) -> Iterator[str]:
    """Yield what must stay on one line, each with the space behind it; words of up to `whole` columns are not parted."""
    for word in _WORD.findall(text):
        if width(word.rstrip(" ")) <= whole:
            yield word
        else:
            yield from _parts(word)


def _parts(word: str) -> Iterator[str]:
    piece = ""
    for char in word:
        if piece and _may_break(piece[-1], char):
            yield piece
            piece = ""
        piece += char
    yield piece


def _may_break(before: str, after: str) -> bool:
    if after == " " or not (_is_wide(before) or _is_wide(after)) or unicodedata.combining(after):
        return False
    return after not in _NEVER_FIRST and before not in _NEVER_LAST and not {before, after} & _NO_BREAK


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in {"W", "F"}


def _ordinary(text: str) -> str:
    """Replace spaces that do not break and narrow ones, now that the lines are broken."""
    return "".join(" " if unicodedata.category(char) == "Zs" and char != "\u3000" else char for char in text)
