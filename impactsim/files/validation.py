"""What pydantic finds wrong, in the author's words: his path, plain words, the nearest key that exists.

Knows the classes of ``model/`` only by what they say of themselves: their fields, forms and descriptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import Tag, ValidationError
from pydantic_core import ErrorDetails

from impactsim.files.documents import MAX_PROBLEMS, and_more
from impactsim.model.fields import Words
from impactsim.model.rules_lookup import Names
from impactsim.problems import Path, Problem
from impactsim.quantities import shown

Model = TypeVar("Model", bound=Words)

_EXPECTED = {
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "dict_type": "a mapping (key: value)",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "text",
    "string_unicode": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "is_instance_of": "a quantity",
}
_RANGES = {
    "greater_than": "must be above {gt:,.12g}",
    "greater_than_equal": "must be {ge:,.12g} or more",
    "less_than": "must be below {lt:,.12g}",
    "less_than_equal": "must be {le:,.12g} or less",
    "finite_number": "must be finite",
}
_PATTERNS = {"^[A-Z]{2}$": "two capital letters, such as IT"}


class _Place(NamedTuple):
    """Where an error stands: the author's path, what is expected there, and the forms that were to choose from."""

    path: Path
    annotation: Any
    forms: dict[str, Any]


def validate(model: type[Model], data: dict[str, Any]) -> tuple[Model | None, list[Problem]]:
    """Build a model from plain data.

    Parameters
    ----------
    model
        `System`, `Scenario`, or another class of the model.
    data
        What the author wrote.

    Returns
    -------
    tuple[Model | None, list[Problem]]
        The model, none if there are problems, and everything that the schema finds wrong.
    """
    version = _version_problem(data)
    if version is not None and version.code == "version-later":
        return None, [version]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        found = _Translation(model, data).problems(error.errors(include_url=False))
        return None, [version if version and problem.path == version.path else problem for problem in found]


def keys_of(model: Any) -> list[str]:
    """Return the keys that an author may write for a class of the model."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _version_problem(data: dict[str, Any]) -> Problem | None:
    version = data.get("impactsim", 1)
    if isinstance(version, int) and version > 1:
        fault = f"this file is in version {shown(version)} of the format, this program reads version 1"
        return Problem(("impactsim",), fault, "update impactsim, or write the file for version 1", "version-later")
    fault = f"the version of the format is 1, not {shown(version)}"
    return None if version == 1 else Problem(("impactsim",), fault, "write 1", "version")


class _Translation:
    """Turns the errors of one validation into problems."""

    def __init__(self, model: type[Words], data: Any) -> None:
        self._model = model
        self._data = data
        self._names: dict[Any, Names] = {}
        self._remedies: dict[tuple[Any, str], str] = {}

    def problems(self, errors: list[ErrorDetails]) -> list[Problem]:
        """Return the problems, one where pydantic has several errors for the same value."""
        found: dict[tuple[Any, ...], Problem] = {}
        for error in errors[:MAX_PROBLEMS]:
            if error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]:
                continue  # pydantic counts the good entries; each bad one is a problem of its own
            problem = self._problem(error)
            # Where one of several types will do, pydantic reports each; the parser's own words say most.
            key = (problem.path, problem.fault if problem.code == "missing-key" else "")
            if key not in found or error["type"] == "fault":
                found[key] = problem
        return [*found.values(), *([and_more()] if len(errors) > MAX_PROBLEMS else [])]

    def _problem(self, error: ErrorDetails) -> Problem:
        kind, context, steps = error["type"], error.get("ctx", {}), error["loc"]
        if kind == "extra_forbidden":
            return self._unknown_key(self._place(steps[:-1]), str(steps[-1]))
        if kind == "missing":
            return _missing_key(self._place(steps[:-1]), str(steps[-1]))
        place = self._place(steps[:-1] if steps and steps[-1] == "[key]" else steps)
        if kind == "fault":
            return Problem(place.path, context["fault"], context["remedy"], context["code"])
        if kind in {"union_tag_not_found", "union_tag_invalid"}:
            return self._no_form(place, error["input"])
        if kind == "literal_error":
            return self._not_a_choice(place, error["input"], context["expected"])
        return _wrong_value(place, kind, error)

    def _place(self, steps: tuple[str | int, ...]) -> _Place:
        """Walk from the model down, and leave out what pydantic adds to the author's path."""
        path: list[str | int] = []
        annotation: Any = self._model
        data, forms = self._data, {}
        for step in steps:
            choices = _forms(annotation)
            if step in choices:
                annotation, forms = choices[str(step)], choices
                continue
            if isinstance(data, list) and isinstance(step, str) and step in data:
                position: str | int = data.index(step)  # a list that is short for a mapping
            elif _has(data, step):
                position = step
            else:
                break  # a plain word that is short for a mapping or a list, or the name of one type among several
            annotation, forms, data = _below(annotation, step), {}, data[position]
            path.append(position)
        return _Place(tuple(path), _class(annotation), forms or _forms(annotation))

    def _unknown_key(self, place: _Place, key: str) -> Problem:
        path = (*place.path, key)
        if key in place.forms:
            own = next(form for form, model in place.forms.items() if model is place.annotation)
            word, forms = _word(place.path), _listed(place.forms, "or")
            fault = f"{_with_article(word)} has one of {forms}; this one has {own} and {key}"
            return Problem(path, fault, f"make two {word}s of it", f"{word}-form")
        owners = [form for form, model in place.forms.items() if key in keys_of(model)]
        if owners:
            fault = f"{_with_article(_word(place.path))} with this key has {_listed(owners, 'or')}"
            return Problem(path, fault, "leave it out", "unknown-key")
        return Problem(path, "there is no such key here", self._nearest_key(place.annotation, key), "unknown-key")

    def _nearest_key(self, model: Any, key: str) -> str:
        if not hasattr(model, "model_fields"):
            return ""
        keys = keys_of(model)
        return self._nearest(model, key, keys) or f"the keys here are {_listed(keys, 'and')}"

    def _nearest(self, group: Any, word: str, words: list[str]) -> str:
        if group not in self._names:
            self._names[group] = Names(words)
        if (group, word) not in self._remedies:
            self._remedies[group, word] = self._names[group].did_you_mean(word[:100], "")
        return self._remedies[group, word]

    def _no_form(self, place: _Place, value: Any) -> Problem:
        word, forms = _word(place.path), list(place.forms)
        either = "an id, or a mapping with one of" if word == "need" else "a mapping with one of"
        wanted = f"{_with_article(word)} is {either} {_listed(forms, 'or')}"
        if not isinstance(value, dict):
            return Problem(place.path, f"{wanted}, not {shown(value)}", code=f"{word}-form")
        keys = [str(key) for key in value]
        near = next((near for key in keys if (near := self._nearest(word, key, forms))), "")
        has = f"; this one has {_listed(keys, 'and')}" if keys else "; this one is empty"
        return Problem(place.path, wanted + has, near, f"{word}-form")

    def _not_a_choice(self, place: _Place, value: Any, expected: str) -> Problem:
        choices = re.findall("'([^']*)'", expected)
        fault = f"{shown(value)} is none of {_listed(choices, 'and')}" if choices else f"must be {expected}"
        remedy = self._nearest(expected, value, choices) if isinstance(value, str) else ""
        return Problem(place.path, fault, remedy, "choice")


def _missing_key(place: _Place, key: str) -> Problem:
    fields = getattr(place.annotation, "model_fields", {})
    described = next((field.description for name, field in fields.items() if key == (field.alias or name)), None)
    said = described.rstrip(".").replace("``", "'") if described else ""
    remedy = f"add it: {said[:1].lower()}{said[1:]}" if said else "add it"
    return Problem(place.path, f"the key '{key}' is missing", remedy, "missing-key")


def _wrong_value(place: _Place, kind: str, error: ErrorDetails) -> Problem:
    value, context = error["input"], error.get("ctx", {})
    if kind in _EXPECTED:
        return _wrong_type(place.path, kind, value)
    if kind in _RANGES:
        return Problem(place.path, f"{_RANGES[kind].format(**context)}, not {shown(value)}", code="range")
    if kind in {"too_short", "too_long"}:
        bound = context.get("min_length", context.get("max_length"))
        fault = "at least one entry is needed" if bound == 1 else f"{bound} entries are needed, not {len(value)}"
        return Problem(place.path, fault, code="length")
    return _wrong_text(place.path, kind, error)


def _wrong_type(path: Path, kind: str, value: Any) -> Problem:
    wanted = _EXPECTED[kind]
    if value is not None:
        return Problem(path, f"must be {wanted}, not {shown(value)}", _instead(kind, value), "wrong-type")
    remedy = "write {} for one without details" if wanted.startswith("a mapping") else "leave the key out"
    return Problem(path, f"nothing stands here; {wanted} is expected", remedy, "wrong-type")


def _wrong_text(path: Path, kind: str, error: ErrorDetails) -> Problem:
    value = shown(error["input"])
    if kind == "string_pattern_mismatch":
        pattern = error["ctx"]["pattern"]
        return Problem(path, f"{value} is not {_PATTERNS.get(pattern, pattern)}", code="text-form")
    if kind == "timezone_aware":
        remedy = "write the offset from UTC, such as 2026-03-02T14:00+01:00"
        return Problem(path, f"{value} has no time zone", remedy, "clock-time")
    if kind.startswith("datetime"):
        return Problem(path, f"{value} is no time", "write it as 2026-03-02T14:00+01:00", "clock-time")
    if kind.startswith("date"):
        return Problem(path, f"{value} is no day", "write it as 2026-05-04", "day")
    return Problem(path, f"{error['msg'][:1].lower()}{error['msg'][1:]}", code="wrong-type")


def _instead(kind: str, value: Any) -> str:
    if kind in {"tuple_type", "list_type"} and isinstance(value, str) and len(value) < 40:
        return f"write [{value}]"
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "put it in quotes"
    if kind in {"float_type", "int_type"} and isinstance(value, str) and value.strip().isdigit():
        return "write it without quotes"
    return ""


def _word(path: Path) -> str:
    """Return what the list at the end of a path is a list of: need, event or action."""
    return next(str(step) for step in reversed(path) if isinstance(step, str)).removesuffix("s")


def _with_article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _listed(words: Iterable[str], joined: str) -> str:
    """Write a list as people do: ``a, b or c``; a long one is cut."""
    words = list(islice(words, 31))
    words = [*(shown(word)[1:-1] for word in words[:30]), *(["others"] if len(words) > 30 else [])]
    return f" {joined} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and 0 <= step < len(data)
    return isinstance(data, dict) and step in data


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _class(annotation: Any) -> Any:
    """Return the class of the model that is expected, past the null that may stand instead."""
    annotation = _bare(annotation)
    if get_origin(annotation) in {Union, UnionType}:
        return next((one for one in get_args(annotation) if hasattr(one, "model_fields")), annotation)
    return annotation


def _forms(annotation: Any) -> dict[str, Any]:
    """Return the classes between which a key decides, by that key; none where it is not so."""
    annotation = _bare(annotation)
    if get_origin(annotation) not in {Union, UnionType}:
        return {}
    return {
        mark.tag: _bare(form)
        for form in get_args(annotation)
        if get_origin(form) is Annotated
        for mark in form.__metadata__
        if isinstance(mark, Tag)
    }


def _below(annotation: Any, step: str | int) -> Any:
    """Return what is expected at a key or index of what is expected here; none where that is not known."""
    annotation = _bare(annotation)
    if hasattr(annotation, "model_fields"):
        fields = annotation.model_fields.items()
        return next((field.annotation for name, field in fields if step == (field.alias or name)), None)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return arguments[0]
    if origin is dict:
        return arguments[1]
    if origin in {Union, UnionType}:
        return next((found for one in arguments if (found := _below(one, step)) is not None), None)
    return None
