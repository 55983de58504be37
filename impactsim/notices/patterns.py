"""Sentences with named slots: ``{people}``, or ``{day:del}`` where a language bends what stands there.

A slot is filled by text, or by a function of the form that is asked for, so that a value is formatted only when, and in the
order in which, the sentence says it. Knows no language but for the few forms that the grammar of one asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Value = str | int | Callable[[str], str]
"""What may fill a slot; a function is handed the form, empty if there is none."""

_SLOT = re.compile(r"\{([a-z_]+)(?::([a-z]+))?\}")
_ELIDED = frozenset(
    {1, 8, 11, *range(80, 90)}
)  # uno, otto, undici, ottanta: Italian articles lose their vowel before these


def fill(pattern: str, slots: Mapping[str, Value]) -> str:
    """Put values into the slots of a sentence, from left to right.

    Parameters
    ----------
    pattern
        A sentence of a catalogue; all its slots have values.
    slots
        Values by name; more than the sentence has do no harm.

    Examples
    --------
    >>> fill("{hour:two}:{minute:two}", {"hour": 9, "minute": 5})
    '09:05'
    """
    return _SLOT.sub(lambda found: _filled(slots[found[1]], found[2] or ""), pattern)


def slots_of(pattern: str) -> frozenset[str]:
    """Return the names of the slots of a sentence, without their forms."""
    return frozenset(found[1] for found in _SLOT.finditer(pattern))


def italian(number: int, text: str, form: str) -> str:
    """Write an Italian article, or a preposition joined with it, before a number.

    Parameters
    ----------
    number
        The number, or its whole part, which decides the article.
    text
        The number as it is printed.
    form
        ``il``, ``al`` or ``del``.

    Examples
    --------
    >>> italian(7, "7%", "il"), italian(12, "12%", "al"), italian(0, "0%", "il")
    ('il 7%', 'al 12%', 'lo 0%')
    """
    stem = form.removesuffix("l").removesuffix("i")  # i-l, a-l, de-l
    if number in _ELIDED:
        return f"{stem}{'' if form == 'il' else 'l'}l\u2019{text}"
    if number == 0:
        return f"{stem}{'' if form == 'il' else 'l'}lo {text}"
    return f"{form} {text}"


def _filled(value: Value, form: str) -> str:
    if callable(value):
        return value(form)
    if isinstance(value, str):
        return value
    return _FORMS[form](value)


def _italian_day(number: int) -> str:
    return "del 1°" if number == 1 else italian(number, str(number), "del")


_FORMS: dict[str, Callable[[int], str]] = {
    "": str,
    "two": "{:02}".format,
    "del": _italian_day,
    "cifra": lambda number: italian(number, str(number), "del"),  # of a date in figures: 1/07 has no ordinal
    "primo": lambda number: "1°" if number == 1 else str(number),
    "er": lambda number: "1er" if number == 1 else str(number),
}
