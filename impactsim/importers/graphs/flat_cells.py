"""Cells of our own tables: what each means, whether it stands there as a value or as the text that a program made of it.

A spreadsheet must not take text for a formula: such text is kept from it by an apostrophe.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from impactsim.files.documents import MAX_DIGITS
from impactsim.model.provenance import SURENESS
from impactsim.problems import Fault
from impactsim.quantities import shown

FORMS = ("component", "all_of", "any_of", "at_least", "pool")
AT = "at"
"""Form of an edge that only draws where something stands; the row of the component says it as well."""
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][-+]?[0-9]{1,4})?")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How text begins that a spreadsheet would take for a formula, or that has been kept from it."""
_LONGEST_NUMBER = 400


def guarded(cell: str) -> str:
    """Return text for a spreadsheet: with an apostrophe before what would be a formula.

    Examples
    --------
    >>> guarded("=1+2"), guarded("web"), unguarded("'=1+2"), unguarded("'s-Hertogenbosch")
    ("'=1+2", 'web', '=1+2', "'s-Hertogenbosch")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return text that `guarded` may have changed as it was."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def said(value: Any) -> bool:
    """Does a cell say anything?"""
    return value is not None and not (isinstance(value, str) and not value.strip())


def text(value: Any) -> str:
    """Read a cell as text; a number that a program made of it counts as what it looks like."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e18:
        raise Fault("cell-form", f"{shown(value)} is no text", "write text")
    return f"{value:.0f}" if float(value).is_integer() else str(value)


def number(value: Any) -> float | int:
    """Read a cell as a finite number."""
    if isinstance(value, str):
        figure = value.strip()
        if len(figure) > _LONGEST_NUMBER or not _NUMBER.fullmatch(figure):
            raise Fault("cell-form", f"{shown(value)} is no number", "write a plain number")
        value = float(figure.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e18:
        raise Fault("cell-form", f"{shown(value)} is no number", "write a plain number")
    return int(value) if float(value).is_integer() else value


def whole(value: Any) -> int:
    """Read a cell as a whole number."""
    figure = number(value)
    if not isinstance(figure, int):
        raise Fault("cell-form", f"{shown(value)} is no whole number", "write a whole number")
    return figure


def share(value: Any) -> float | int | str:
    """Read a cell as a share: a percentage stays text."""
    return value.strip() if isinstance(value, str) and value.strip().endswith("%") else number(value)


def flag(value: Any) -> bool:
    """Read a cell as true or false."""
    if isinstance(value, bool):
        return value
    known = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
    if not isinstance(value, str | int | float) or str(value).strip().lower() not in known:
        raise Fault("cell-form", f"{shown(value)} is neither true nor false", "write true or false")
    return known[str(value).strip().lower()]


def quantity(value: Any) -> Any:
    """Read a cell as a duration, or as the JSON text of what is uncertain; what stands in it is checked later."""
    if isinstance(value, str) and value.strip().startswith("{"):
        return _json(value)
    return value.strip() if isinstance(value, str) else value


def amount(value: Any) -> Any:
    """Read a cell as a number, or as the JSON text of an uncertain one."""
    return _json(value) if isinstance(value, str) and value.strip().startswith("{") else number(value)


def spoken(value: Any) -> Any:
    """Read a cell as text, or as the JSON text of one for each language."""
    return _json(value) if isinstance(value, str) and value.strip().startswith("{") else text(value)


def listed(value: Any) -> list[str]:
    """Read a cell as the JSON text of a list of texts, or as one text."""
    if isinstance(value, str) and value.strip().startswith("["):
        value = _json(value)
    return [text(each) for each in value] if isinstance(value, list) else [text(value)]


def confidence(value: Any) -> str:
    """Read a cell as how sure something is."""
    word = text(value).lower()
    if word not in SURENESS:
        raise Fault("cell-form", f"{shown(word)} does not say how sure it is", "write declared, observed or guessed")
    return word


def form(value: Any) -> str:
    """Read a cell as the form of a need."""
    word = text(value)
    if word not in {*FORMS, AT}:
        raise Fault("cell-form", f"{shown(word)} is no form of a need", f"write one of {', '.join(FORMS)}")
    return word


def _json(value: str) -> Any:
    try:
        return json.loads(value, parse_int=_integer, parse_constant=_constant)
    except (ValueError, RecursionError):
        raise Fault("cell-form", f"{shown(value)} is not JSON", "correct it, or write a plain value") from None


def _integer(digits: str) -> int:
    return int(digits) if len(digits) <= MAX_DIGITS else math.inf  # type: ignore[return-value]  # refused where it is used


def _constant(_literal: str) -> Any:
    raise ValueError
