"""Ids, durations, shares and counts: text to number and back, nothing else.

Every parser takes what a YAML or JSON reader hands over, and raises `Fault` where an author's word cannot be understood. A
duration is whole milliseconds, a share lies in [0, 1], a count is 0 or more. Must not know what the numbers are used for.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from impactsim.problems import Fault

TRIALS_LIMIT = 10_000_000
"""More trials of a scenario than that are refused: of each some hundred bytes are kept."""
LONGEST_MS = 31_557_600_000_000
"""Longest duration that is understood: 1,000 years of 365.25 days."""

_LONGEST_TEXT = 100
_LONGEST_ID = 200
_LONGEST_SHARE = 400  # the smallest float, written out, has 325 digits
_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_PLAIN_ID = re.compile(r"[A-Za-z0-9_.\-]*[A-Za-z0-9][A-Za-z0-9_.\-]*")
_SUM = re.compile(r"(?:[0-9]+(?:\.[0-9]+)? ?(?:ms|[smhdw]) ?)+")
_TERM = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(ms|[smhdw])")
_ISO_FIGURE = r"(?:([0-9]+(?:[.,][0-9]+)?){})?"
_ISO = re.compile(
    r"P(?=.)"
    + "".join(_ISO_FIGURE.format(unit) for unit in "WD")
    + r"(?:T(?=.)"
    + "".join(_ISO_FIGURE.format(unit) for unit in "HMS")
    + ")?"
)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
_HOW_DURATIONS = "write a number with its unit: 90s, 15m, 4h, 2d, 1w, or a sum such as 1h30m"


def identifier(value: Any) -> str:
    """Check the name of a component, cause, crew or segment.

    Parameters
    ----------
    value
        Text of letters of any script, digits, ``-``, ``_`` and ``.``, at least one of them a letter or a digit.

    Returns
    -------
    str
        The same text.

    Raises
    ------
    Fault
        ``bad-id``

    Examples
    --------
    >>> identifier("orders-db.eu_1")
    'orders-db.eu_1'
    """
    if not isinstance(value, str):
        quoted = "put it in quotes" if isinstance(value, bool | int | float) else ""
        raise Fault("bad-id", f"{shown(value)} is not an id", quoted)
    if len(value) > _LONGEST_ID:
        raise Fault("bad-id", f"{shown(value)} is too long for an id", f"use at most {_LONGEST_ID} characters")
    if _PLAIN_ID.fullmatch(value) or _is_id_of_any_script(value):
        return value
    better = re.sub(r"[^\w.\-]+", "-", value).strip("-_.")
    remedy = f"write {shown(better)}" if better else "use letters, digits, - _ ."
    raise Fault("bad-id", f"{shown(value)} has a character that no id may have" if value else "an id is empty", remedy)


def duration_ms(value: Any) -> int:
    """Read a duration.

    Parameters
    ----------
    value
        ``90s``, ``250ms``, ``1.5h``, a sum such as ``1h30m``, ISO 8601 without years and months such as ``PT4H`` or ``P1DT2H``, or 0.

    Returns
    -------
    int
        Milliseconds in [0, `LONGEST_MS`], rounded to the nearest.

    Raises
    ------
    Fault
        ``duration-unit`` for a bare number, ``duration-form``, ``duration-negative``, ``duration-long``.

    Examples
    --------
    >>> duration_ms("1h30m"), duration_ms("P1DT2H"), duration_ms(0)
    (5400000, 93600000, 0)
    """
    if not isinstance(value, str):
        return _bare_duration(value, value)
    text = value.strip()
    if len(text) > _LONGEST_TEXT:
        raise Fault("duration-form", f"{shown(value)} is not a duration", _HOW_DURATIONS)
    if _NUMBER.fullmatch(text):
        return _bare_duration(value, float(text))
    if text.startswith("-"):
        raise Fault("duration-negative", f"{shown(value)} is negative", "a duration is 0 or more")
    if _SUM.fullmatch(text):
        exact = sum((Fraction(figure) * _MS[unit] for figure, unit in _TERM.findall(text)), Fraction(0))
    elif iso := _ISO.fullmatch(text):
        figures = (Fraction((figure or "0").replace(",", ".")) for figure in iso.groups())
        exact = sum((figure * _MS[unit] for figure, unit in zip(figures, "wdhms", strict=True)), Fraction(0))
    else:
        raise Fault("duration-form", f"{shown(value)} is not a duration", _remedy_of_duration(text))
    if exact > LONGEST_MS:
        raise Fault("duration-long", f"{shown(value)} is more than 1,000 years", "check the unit")
    return round(exact)


def share(value: Any) -> float:
    """Read a share.

    Parameters
    ----------
    value
        ``30%`` as text, or a number in [0, 1].

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    Fault
        ``share-form`` for what is no number, ``share-range`` outside [0, 1].

    Examples
    --------
    >>> share("30%"), share(0.3)
    (0.3, 0.3)
    """
    how = "write 30% or 0.3"
    if isinstance(value, str):
        text = value.strip()
        percent = _PERCENT.fullmatch(text) if len(text) <= _LONGEST_SHARE else None
        if percent:
            exact = Decimal(percent[1]) / 100
            if exact > 1:
                raise Fault("share-range", f"{shown(value)} is more than 100%", "write a share from 0% to 100%")
            return float(exact)
        if len(text) > _LONGEST_SHARE or not _NUMBER.fullmatch(text):
            raise Fault("share-form", f"{shown(value)} is not a share", how)
        value = float(text)
    if isinstance(value, bool) or not isinstance(value, int | float) or _is_nan(value):
        raise Fault("share-form", f"{shown(value)} is not a share", how)
    if not 0 <= value <= 1:
        remedy = f"write {value:g}%" if 1 < value <= 100 else "write a share from 0% to 100%"
        raise Fault("share-range", f"{shown(value)} is not between 0 and 1", remedy)
    return float(value)


def count(value: Any) -> float:
    """Read a number of people, or of units of capacity.

    Parameters
    ----------
    value
        A finite number of 0 or more.

    Returns
    -------
    float
        The number, 0 or more.

    Raises
    ------
    Fault
        ``count-form`` for what is no number, ``count-range`` for one that is negative or too large.

    Examples
    --------
    >>> count(120000)
    120000.0
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or _is_nan(value):
        remedy = "write a plain number such as 120000"
        if isinstance(value, str) and _NUMBER.fullmatch(value.replace(",", "").replace(" ", "")[:_LONGEST_TEXT]):
            remedy = "write the number without quotes, spaces or commas"
        raise Fault("count-form", f"{shown(value)} is not a number", remedy)
    if value < 0:
        raise Fault("count-range", f"{shown(value)} is negative", "a count is 0 or more")
    if value > 1e15:
        raise Fault("count-range", f"{shown(value)} is too large", "a count is at most 1e15")
    return float(value)


def format_duration(ms: int) -> str:
    """Write a duration exactly, so that `duration_ms` reads the same again.

    Parameters
    ----------
    ms
        Milliseconds; a negative one gets a minus, which no file may have.

    Returns
    -------
    str
        The largest units first, without spaces; weeks only where nothing is left over.

    Examples
    --------
    >>> format_duration(5_400_000), format_duration(1_209_600_000), format_duration(1_500), format_duration(0)
    ('1h30m', '2w', '1.5s', '0')
    """
    if ms < 0:
        return "-" + format_duration(-ms)
    if ms == 0:
        return "0"
    if ms % _MS["w"] == 0:
        return f"{ms // _MS['w']}w"
    text = ""
    for unit in ("d", "h", "m"):
        whole, ms = divmod(ms, _MS[unit])
        text += f"{whole}{unit}" if whole else ""
    if ms >= 1_000:
        return text + f"{Decimal(ms) / 1000:f}".removesuffix(".0") + "s"
    return text + (f"{ms}ms" if ms else "")


def about_duration(ms: float) -> str:
    """Write a duration for people, rounded to what they can use.

    Parameters
    ----------
    ms
        Milliseconds, finite.

    Returns
    -------
    str
        The two largest units at most; whole minutes from 10 minutes, whole hours from 2 days, whole days from 2 weeks on.

    Examples
    --------
    >>> about_duration(5_400_000), about_duration(42_000), about_duration(3_599_900), about_duration(1e9)
    ('1 h 30 min', '42 s', '1 h', '11 d 14 h')
    """
    if ms < 0:
        return "-" + about_duration(-ms)
    if round(ms) < 1_000:
        return f"{round(ms)} ms" if round(ms) else "0"
    steps = ((10 * _MS["m"], _MS["s"]), (2 * _MS["d"], _MS["m"]), (14 * _MS["d"], _MS["h"]))
    step = next((step for below, step in steps if ms < below), _MS["d"])
    rest = round(ms / step) * step
    words = []
    for unit, word in (("d", "d"), ("h", "h"), ("m", "min"), ("s", "s")):
        whole, rest = divmod(rest, _MS[unit])
        if whole:
            words.append(f"{whole} {word}")
    return " ".join(words[:2])


def format_share(value: float) -> str:
    """Write a share exactly, as a percentage that `share` reads the same again.

    Examples
    --------
    >>> format_share(0.3), format_share(0.9995), format_share(1.0)
    ('30%', '99.95%', '100%')
    """
    percent = Decimal(repr(value)) * 100
    text = f"{percent:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def about_share(value: float) -> str:
    """Write a share for people: whole percents, never 0% or 100% for what is only near them.

    Examples
    --------
    >>> about_share(0.304), about_share(0.0001), about_share(0.9999), about_share(0.0)
    ('30%', '<1%', '>99%', '0%')
    """
    if 0 < value < 0.01:
        return "<1%"
    if 0.99 < value < 1:
        return ">99%"
    return f"{value * 100:.0f}%"


def about_count(value: float) -> str:
    """Write a count for people: whole, with commas between the thousands.

    Examples
    --------
    >>> about_count(119999.6)
    '120,000'
    """
    return f"{value:,.0f}"


def about_figure(value: float) -> str:
    """Write a figure that nobody knows more exactly with three digits, and commas between the thousands.

    Examples
    --------
    >>> about_figure(418_416.2), about_figure(12.34), about_figure(2.0), about_figure(0.0)
    ('418,000', '12.3', '2', '0')
    """
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    text = f"{round(value, digits):,.{max(0, digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: Any) -> str:
    """Write an author's word into a message: quoted and cut where it is text, named where it is a collection."""
    match value:
        case str():
            # What cannot be printed would let a file write on the terminal.
            text = "".join(letter if letter.isprintable() else "\ufffd" for letter in value[:61])
            word = f"'{text[:60]}...'" if len(text) > 60 else f"'{text}'"
        case None | bool():
            word = {None: "nothing", True: "true", False: "false"}[value]
        case int() if abs(value) >= 10**18:
            word = "a number of more than 18 digits"  # Python refuses to write very long ones
        case Mapping() | Sequence():
            word = "a mapping" if isinstance(value, Mapping) else "a list"
        case _:
            word = str(value)
    return word


def _is_nan(value: float) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _is_id_of_any_script(value: str) -> bool:
    """Tell whether a text has letters, their marks (vowel signs in Hindi or Thai, accents) and digits only."""
    kinds = [unicodedata.category(letter) for letter in value if letter not in "-_."]
    return bool(kinds) and all(kind[0] in "LM" or kind == "Nd" for kind in kinds) and kinds[0][0] != "M"


def _bare_duration(value: Any, number: Any) -> int:
    """Read a duration without a unit, which can only be 0."""
    if isinstance(number, bool) or not isinstance(number, int | float) or _is_nan(number):
        raise Fault("duration-form", f"{shown(value)} is not a duration", _HOW_DURATIONS)
    if number == 0:
        return 0
    if number < 0:
        raise Fault("duration-negative", f"{shown(value)} is negative", "a duration is 0 or more")
    if number > LONGEST_MS:
        raise Fault("duration-unit", f"{shown(value)} has no unit", _HOW_DURATIONS)
    raise Fault("duration-unit", f"{shown(value)} has no unit", f"write {number:g}s, {number:g}m or {number:g}h")


def _remedy_of_duration(text: str) -> str:
    """Say what to write instead of a text that is no duration."""
    if text.startswith("P"):
        return "write years and months in days, such as P30D"
    words = {"sec": "s", "second": "s", "min": "m", "minute": "m", "hr": "h", "hour": "h", "day": "d", "week": "w"}
    simple = re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?) ?([A-Za-z]+)", text)
    if simple:
        unit = simple[2].lower() if simple[2] != "M" else "M"  # which may be a month
        unit = words.get(unit.removesuffix("s"), unit)
        if unit in _MS:
            return f"write {simple[1].replace(',', '.')}{unit}"
    clock = re.fullmatch(r"([0-9]+):([0-5][0-9])", text)
    if clock:
        return f"write {int(clock[1])}h{int(clock[2])}m"
    return _HOW_DURATIONS
