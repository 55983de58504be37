"""Markdown that every reader of it shows alike: a heading, paragraphs, lists.

What an author wrote is text and never markup: no emphasis, link, picture, heading, HTML or mathematics. An address stays as it
is, and some readers open it when it is clicked: the one that is seen, and no other. Source: CommonMark 0.31, section 2.4
(any ASCII punctuation can be escaped); GitHub Flavored Markdown 0.29.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from impactsim.notices.compose import Notice, Paragraph
from impactsim.notices.forms.harmless import harmless
from impactsim.notices.forms.words import item_text

_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$#^=]")
_LEADING = re.compile(r"^(?:[-+:](?=\s|$|-)|\d{1,9}(?=[.)](?:\s|$)))")
"""What makes a list, a rule or a definition at the beginning of a line."""


def to_markdown(notices: Sequence[Notice], annex: Sequence[str] = ()) -> str:
    """Write notices as Markdown, one below the other.

    Parameters
    ----------
    notices
        One at least, each in its language.
    annex
        What responders and partners may read besides, at the end.
    """
    parts = [_one(notice) for notice in notices]
    if annex:
        parts.append("\n".join(f"- {escaped(text)}" for text in annex))
    return "\n\n---\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    r"""Return a text so that Markdown shows it as it is, at the beginning of a line too.

    Examples
    --------
    >>> print(escaped("[here](javascript:x) <b>"), escaped("1. not a list"))
    \[here\](javascript:x) \<b\> 1\. not a list
    """
    line = _MARKUP.sub(r"\\\g<0>", harmless(text))
    leading = _LEADING.match(line)
    if leading is None:
        return line
    end = leading.end()
    return f"{line[:end]}\\{line[end:]}" if line[0].isdigit() else f"\\{line}"


def _one(notice: Notice) -> str:
    blocks = [f"# {escaped(notice.title)}", escaped(notice.published.text)]
    return "\n\n".join([*blocks, *(_paragraph(notice, paragraph) for paragraph in notice.paragraphs)])


def _paragraph(notice: Notice, paragraph: Paragraph) -> str:
    text = [escaped(paragraph.text)] if paragraph.text else []
    items = [f"- {escaped(item_text(notice, item))}" for item in paragraph.items]
    return "\n\n".join([*text, *(["\n".join(items)] if items else [])])
