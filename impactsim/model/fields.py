"""The kinds of value that stand in the files: ids, durations, shares, counts, uncertain quantities.

Each is a pydantic annotation that parses the author's text and describes itself in the JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from impactsim import quantities
from impactsim.law_forms import law
from impactsim.laws import Law
from impactsim.problems import Fault


class Words(BaseModel):
    """Base of everything that an author writes: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, arbitrary_types_allowed=True)


def _parsed_by(parse: Callable[[Any], Any]) -> BeforeValidator:
    """Run `parse` before pydantic looks, and hand its `Fault` on as a pydantic error."""

    def parsed(value: Any) -> Any:
        try:
            return parse(value)
        except Fault as fault:
            # The braces of pydantic's own templates must not be read out of the author's text.
            raise PydanticCustomError(
                "fault", "{fault}", {"code": fault.code, "fault": fault.fault, "remedy": fault.remedy}
            ) from None

    return BeforeValidator(parsed)


def _remembering(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Parse equal texts once: in a large system the same few durations stand a hundred thousand times."""
    of_text = lru_cache(maxsize=4096)(parse)
    of_texts = lru_cache(maxsize=4096)(lambda items: parse(dict(items)))

    def remembered(value: Any) -> Any:
        # Text only: 1, 1.0 and true are equal, and a parser may tell them apart.
        if type(value) is str:
            return of_text(value)
        if type(value) is dict and all(type(text) is str for text in value.values()):
            return of_texts(tuple(value.items()))
        return parse(value)

    return remembered


@_remembering
def _duration(value: Any) -> Any:
    return quantities.duration_ms(value)


@_remembering
def _duration_quantity(value: Any) -> Any:
    return value if isinstance(value, Law) else law(value, _duration)


@_remembering
def _count_quantity(value: Any) -> Any:
    return value if isinstance(value, Law) else law(value, quantities.count)


def _written(word: str, code: str, example: str) -> BeforeValidator:
    """Take a date or its text; pydantic would read a number as seconds since 1970."""

    def written(value: Any) -> Any:
        if isinstance(value, date) or (isinstance(value, str) and re.match(_DATE, value)):
            return value
        raise Fault(code, f"{quantities.shown(value)} is no {word}", f"write it as {example}")

    return _parsed_by(written)


_ID = r"^[^\x00-,/:-@\[-^`{-\x7f]+$"
"""Letters of any script, digits, - _ and a point, as a pattern that means the same in every program."""

_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}"

_DURATION = {
    "anyOf": [{"type": "string"}, {"const": 0}],
    "description": "A duration: 90s, 15m, 4h, 2d, 1w, a sum such as 1h30m, ISO 8601 such as PT4H, or 0.",
    "examples": ["15m", "1h30m", "PT4H"],
}
_SHARE = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": "^ *[0-9]+([.][0-9]+)? ?%? *$"},
    ],
    "description": "A share: 30% or 0.3.",
}


def _uncertain(plain: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a quantity that is certain (`plain`) or follows a law."""

    def form(*keys: str, **extra: Any) -> dict[str, Any]:
        properties = dict.fromkeys(keys, plain) | extra
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }

    return {
        "anyOf": [
            plain,
            form("median", "p90"),
            form("median", "p95"),
            form("low", "likely", "high"),
            form("mean"),
            form("median", shape={"type": "number", "exclusiveMinimum": 0}, law={"const": "log-logistic"}),
            form("low", "high"),
            form(samples={"type": "array", "items": plain, "minItems": 1}),
            form(typical={"type": "string"}),
        ],
        "description": "Certain, or uncertain: {median, p90 or p95}, {low, likely, high}, {mean}, "
        "{median, shape, law: log-logistic}, {low, high}, {samples: [...]}, {typical: NAME}.",
    }


Day = Annotated[date, _written("day", "day", "2026-05-04"), WithJsonSchema({"type": "string", "pattern": _DATE + "$"})]
"""A day of the calendar."""

ClockTime = Annotated[
    AwareDatetime,
    _written("time", "clock-time", "2026-03-02T14:00+01:00"),
    WithJsonSchema({"type": "string", "pattern": _DATE + "[T ]"}),
]
"""A time of a day of the calendar, with its offset from UTC."""

Id = Annotated[str, _parsed_by(quantities.identifier), WithJsonSchema({"type": "string", "pattern": _ID})]
"""Name of a component, cause, crew or segment: letters, digits, - _ ."""

DurationMs = Annotated[int, _parsed_by(_duration), WithJsonSchema(_DURATION)]
"""A certain duration, in whole milliseconds."""

Share = Annotated[float, _parsed_by(quantities.share), WithJsonSchema(_SHARE)]
"""A share in [0, 1]."""

Count = Annotated[float, _parsed_by(quantities.count), WithJsonSchema({"type": "number", "minimum": 0})]
"""A number of people or of units of capacity, 0 or more."""

DurationQuantity = Annotated[Law, _parsed_by(_duration_quantity), WithJsonSchema(_uncertain(_DURATION))]
"""A duration that may be uncertain, in milliseconds."""

CountQuantity = Annotated[
    Law, _parsed_by(_count_quantity), WithJsonSchema(_uncertain({"type": "number", "minimum": 0}))
]
"""A count that may be uncertain."""

Unsaid = Literal["unknown", "not-applicable"]
"""What is no figure: nobody knows it, or there is none to know. 0 is neither."""

Target = Annotated[
    int | Unsaid,
    _parsed_by(lambda value: value if value in ("unknown", "not-applicable") else _duration(value)),
    WithJsonSchema({"anyOf": [_DURATION, {"enum": ["unknown", "not-applicable"]}]}),
]
"""A certain duration in milliseconds, ``unknown`` or ``not-applicable``."""

Work = Annotated[
    Law | Literal["unknown"],
    _parsed_by(lambda value: value if value == "unknown" else _duration_quantity(value)),
    WithJsonSchema({"anyOf": [_uncertain(_DURATION), {"const": "unknown"}]}),
]
"""A duration that may be uncertain, in milliseconds, or ``unknown``."""
