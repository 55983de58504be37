"""The words of DOT: names, quoted text, HTML labels, marks and keywords, each with its line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from impactsim.quantities import shown

_SPACE = re.compile(r"(?:\s++|//[^\n]*+|/\*.*?\*/|(?:(?<=\n)|\A)#[^\n]*+)++", re.DOTALL)
_WORD = re.compile(
    r"""(?P<name>[^\W\d][\w]*|-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?))
    |(?P<quoted>"[^"\\]*+(?:\\.[^"\\]*+)*+")
    |(?P<mark>->|--|[{}\[\];,=:+])
    |(?P<html><)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r'\\(\r?\n|["\\])')
_BRACKET = re.compile("[<>]")
_KEYWORDS = {"strict", "graph", "digraph", "node", "edge", "subgraph"}


class DotError(Exception):
    """The text is not DOT."""

    def __init__(self, line: int, fault: str, remedy: str = "") -> None:
        super().__init__(fault)
        self.line = line
        self.fault = fault
        self.remedy = remedy


class Token(NamedTuple):
    """A word of the text."""

    sort: str
    """name, quoted, html, mark, keyword, end."""
    text: str
    line: int

    @property
    def is_name(self) -> bool:
        """Can it be a name?"""
        return self.sort in {"name", "quoted", "html"}

    def is_one_of(self, *texts: str) -> bool:
        """Is it one of these marks or keywords?"""
        return self.sort in {"mark", "keyword"} and self.text in texts


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a text; the last has the sort ``end``.

    Raises
    ------
    DotError
        Where something stands that is no word of DOT.
    """
    at, line, end = 0, 1, len(text)
    while True:
        if space := _SPACE.match(text, at):
            line, at = line + text.count("\n", at, space.end()), space.end()
        if at >= end:
            break
        found = _WORD.match(text, at)
        if found is None:
            raise DotError(line, _why_no_token(text, at), "check the quotes and brackets here")
        sort, word, stop = str(found.lastgroup), found[0], found.end()
        if sort == "html":
            word, stop = _html(text, at, line)
        elif sort == "quoted":
            word = _ESCAPED.sub(_unescaped, word[1:-1])
        elif sort == "name" and _runs_on(text, word, stop):
            raise DotError(
                line, f"{shown(text[at : stop + 10].split(maxsplit=1)[0])} is no name and no number", "put it in quotes"
            )
        elif word.lower() in _KEYWORDS:
            sort, word = "keyword", word.lower()
        yield Token(sort, word, line)
        line, at = line + text.count("\n", at, stop), stop
    yield Token("end", "", line)


def _unescaped(found: re.Match[str]) -> str:
    """Return what an escape stands for; a line that ends with a backslash goes on in the next."""
    return "" if found[1].endswith("\n") else found[1]


def _runs_on(text: str, word: str, stop: int) -> bool:
    """Does a number run into a word, such as an address without quotes?"""
    return not (word[0].isalpha() or word[0] == "_") and (
        text[stop : stop + 1].isalnum() or text[stop : stop + 1] in {".", "_"} - {""}
    )


def _why_no_token(text: str, at: int) -> str:
    if text[at] == '"':
        return "this quotation mark is never closed"
    return "this comment is never closed" if text.startswith("/*", at) else f"{shown(text[at])} means nothing here"


def _html(text: str, at: int, line: int) -> tuple[str, int]:
    """Return what stands between a bracket and the one that closes it, and where it ends."""
    depth = 0
    for bracket in _BRACKET.finditer(text, at):
        depth += 1 if bracket[0] == "<" else -1
        if not depth:
            stop = bracket.end()
            return html.unescape(re.sub("<[^<>]*>", " ", text[at + 1 : stop - 1])), stop
    raise DotError(line, "this HTML label is never closed", "close it with >")
