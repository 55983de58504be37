r"""A rendered text as its readers and their programs see it: escapes undone, tags gone; and where in the text it was.

What undoes itself without doubt (entities, ``\uXXXX``, the UTF-8 of ``%E6%B1%BA``) is undone in every view. What may as well be
meant literally (``\n`` is a line break in JSON, but not in ``C:\new``) is undone in a view of its own, and tags are removed
in a third, so that a name counts that stands in any of them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_ROUNDS = 6
"""How often escapes are undone that were escaped themselves."""


@dataclass(frozen=True, slots=True)
class View:
    """A text made from another one, n characters long."""

    text: str
    starts: Sequence[int]
    """For each character where in the other text it begins."""
    stops: Sequence[int]
    """For each character where in the other text it ends."""


def views_of(text: str) -> list[View]:
    """Return the ways to read a rendered text.

    Parameters
    ----------
    text
        Plain text, Markdown, HTML, JSON or anything else.

    Returns
    -------
    list of View
        One at least; those that differ.
    """
    plain = _undone(_whole(text), _CERTAIN)
    broken = _undone(plain, _ALL)
    return [
        plain,
        *([broken] if broken is not plain else []),
        *([_without_tags(broken)] if _TAG.search(broken.text) else []),
    ]


def undone(text: str) -> str:
    r"""Return a text with its certain escapes undone.

    Examples
    --------
    >>> undone("R&amp;D: isp&#45;a \\u6c7a%E6%B8%88 100%")
    'R&D: isp-a 決済 100%'
    """
    return _undone(_whole(text), _CERTAIN).text


def text_of(content: str | bytes) -> str:
    """Return the text of an output: UTF-8 or, with its mark, UTF-16; bytes that are neither, one by one; in form NFC."""
    if isinstance(content, bytes):
        content = _decoded(content)
    return unicodedata.normalize("NFC", content)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


_UTF8 = r"%[0-7][0-9A-F]|%(?:C[2-9A-F]|D[0-9A-F])%[89AB][0-9A-F]|%E[0-9A-F](?:%[89AB][0-9A-F]){2}|%F[0-4](?:%[89AB][0-9A-F]){3}"
_ENTITY = r"&\#[0-9]{1,7};?|&\#x[0-9A-F]{1,6};?|&[A-Z][A-Z0-9]{1,31};"
_SLASHES = r"\\{1,8}"  # more than one where JSON stands in JSON
_UNICODE = (
    rf"{_SLASHES}uD[89AB][0-9A-F]{{2}}{_SLASHES}uD[C-F][0-9A-F]{{2}}"
    rf"|{_SLASHES}u(?:[0-9A-F]{{4}}|\{{[0-9A-F]{{1,6}}\}})|{_SLASHES}x[0-9A-F]{{2}}"
)
_CERTAIN = re.compile(f"{_ENTITY}|{_UTF8}|{_UNICODE}", re.IGNORECASE)
_ALL = re.compile(f"{_ENTITY}|{_UTF8}|{_UNICODE}|" + r"(?-i:\\[nrtbf\"'\\/])", re.IGNORECASE)


def _whole(text: str) -> View:
    return View(text, range(len(text)), range(1, len(text) + 1))


def _undone(view: View, escapes: re.Pattern[str]) -> View:
    for _ in range(_ROUNDS):
        if not escapes.search(view.text):
            break
        view = _replaced(view, escapes, _meaning)
    return view


def _replaced(view: View, pattern: re.Pattern[str], meaning: Callable[[re.Match[str]], str]) -> View:
    """Replace what a pattern finds; each character of a replacement stands where all that it replaces stood."""
    parts: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    done = 0
    for match in pattern.finditer(view.text):
        begin, end, new = match.start(), match.end(), meaning(match)
        parts += (view.text[done:begin], new)
        starts += (*view.starts[done:begin], *[view.starts[begin]] * len(new))
        stops += (*view.stops[done:begin], *[view.stops[end - 1]] * len(new))
        done = end
    parts.append(view.text[done:])
    return View("".join(parts), [*starts, *view.starts[done:]], [*stops, *view.stops[done:]])


def _meaning(match: re.Match[str]) -> str:
    escape = match.group()
    if escape[0] == "&":
        return html.unescape(escape)
    if escape[0] == "%":
        # An overlong or surrogate form is no UTF-8.
        return bytes.fromhex(escape.replace("%", "")).decode(errors="replace")
    if (letters := escape.lstrip("\\"))[:1] in {"u", "U", "x", "X"}:
        return _of_units(re.findall("[0-9A-F]+", letters.upper()))
    return {"n": "\n", "r": "\n", "t": "\t", "b": " ", "f": " "}.get(escape[1], escape[1])


def _of_units(units: list[str]) -> str:
    numbers = [int(unit, 16) for unit in units]
    if len(numbers) == 2:
        return chr(0x10000 + ((numbers[0] - 0xD800) << 10) + (numbers[1] - 0xDC00))
    return chr(numbers[0]) if numbers[0] <= 0x10FFFF else "\ufffd"


_TAG = re.compile(
    r"<!--.*?-->|<(rt|rp|script|style)\b[^<>]*>.*?</\1\s*>|</?([a-z][a-z0-9-]*)\b[^<>]*>", re.IGNORECASE | re.DOTALL
)
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "rb", "rt", "rp", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tspan", "tt", "u", "var", "wbr",
))  # fmt: skip


def _without_tags(view: View) -> View:
    """Remove what is not seen; tags of a paragraph or a cell part words, those within a line do not."""
    return _replaced(view, _TAG, _seen)


def _seen(match: re.Match[str]) -> str:
    """Return what is seen of a tag: nothing, a space, or a gap that no name reaches across."""
    name = (match.group(2) or "").lower()
    return " " if name == "br" else "" if not name or name in _INLINE else ";"
