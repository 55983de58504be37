"""The variables of Compose files: defaults are put in, everything else stands outside the files."""

from __future__ import annotations

import re

UNKNOWN = "\0"
"""Stands where a value comes from outside; no host has this character."""

_LONGEST = 8_000  # more than anybody looks at, so that nobody takes a word that is cut for a whole one
_DEEPEST = 5
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def resolved(text: str) -> str:
    r"""Return a text with the defaults of its variables, and with `UNKNOWN` where there is none.

    Examples
    --------
    >>> resolved("http://${HOST:-cart}:${PORT-80}/$$x"), resolved("${TAG}"), resolved("$A-${B:?it must be set}")
    ('http://cart:80/$x', '\x00', '\x00-\x00')
    """
    return _resolved(text[:_LONGEST], 0) if "$" in text else text


def _resolved(text: str, depth: int) -> str:
    parts: list[str] = []
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        parts.append(text[at:dollar])
        following = text[dollar + 1 : dollar + 2]
        if following == "$":
            parts.append("$")
            at = dollar + 2
        elif following == "{":
            end = _end(text, dollar + 2)
            parts.append(_value(text[dollar + 2 : end], depth) if end >= 0 else UNKNOWN)
            at = end + 1 if end >= 0 else len(text)
        else:
            name = _NAME.match(text, dollar + 1)
            parts.append(UNKNOWN if name else "$")
            at = name.end() if name else dollar + 1
    return "".join((*parts, text[at:]))


def _end(text: str, start: int) -> int:
    """Return where the brace closes that was opened before `start`; -1 if it never does."""
    open_ = 1
    for at in range(start, len(text)):
        open_ += (text[at] == "{") - (text[at] == "}")
        if not open_:
            return at
    return -1


def _value(inner: str, depth: int) -> str:
    """Return what stands for ``${inner}``: its default, or `UNKNOWN`."""
    name = _NAME.match(inner)
    rest = inner[name.end() :] if name else ""
    if depth < _DEEPEST and rest.startswith((":-", "-")):
        return _resolved(rest.removeprefix(":")[1:], depth + 1)
    return UNKNOWN
