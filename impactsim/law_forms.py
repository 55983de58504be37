"""What an author may write for an uncertain quantity, and the law that it stands for.

Each form is known by its keys; figures that contradict one another are refused with what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial
from typing import Any

from impactsim import typical
from impactsim.laws import (
    Certain,
    Exponential,
    Law,
    LogLogistic,
    LogNormal,
    Pert,
    Samples,
    Typical,
    Uniform,
)
from impactsim.problems import Fault
from impactsim.quantities import shown

_SHAPES = (0.1, 1000.0)  # beyond them a quantile overflows, or the law is a plain value


def law(value: Any, number: Callable[[Any], float]) -> Law:
    """Read a quantity that may be uncertain.

    Parameters
    ----------
    value
        A plain value, or a mapping: ``{median, p90}``, ``{median, p95}``, ``{low, likely, high}``, ``{mean}``,
        ``{median, shape, law: log-logistic}``, ``{low, high}``, ``{samples: [...]}``, ``{typical: NAME}``.
    number
        Reads one figure: `quantities.duration_ms` or `quantities.count`.

    Returns
    -------
    Law
        Fitted exactly to the figures.

    Raises
    ------
    Fault
        ``law-form`` for a mapping that is none of these, ``law-order`` for figures that contradict one another, ``law-zero``,
        ``law-shape``, ``law-samples``, ``typical-unknown``, ``typical-unit``, and what `number` raises.

    Examples
    --------
    >>> from impactsim.quantities import duration_ms
    >>> law({"low": "1h", "high": "2h"}, duration_ms).median()
    5400000.0
    """
    if not isinstance(value, Mapping):
        return Certain(float(number(value)))
    form = _FORMS.get(frozenset(value))
    if form is None:
        raise _unknown_form(value)
    return form(value, number)


def _figure(value: Mapping[str, Any], key: str, number: Callable[[Any], float]) -> float:
    try:
        return float(number(value[key]))
    except Fault as fault:
        raise Fault(fault.code, f"{key}: {fault.fault}", fault.remedy) from None


def _above_zero(value: Mapping[str, Any], key: str, number: Callable[[Any], float]) -> float:
    figure = _figure(value, key, number)
    if figure <= 0:
        raise Fault("law-zero", f"a {key} of 0 leaves nothing uncertain", "write a plain 0")
    return figure


def _order(value: Mapping[str, Any], *keys: str) -> Fault:
    """Name the two of the figures that stand in the wrong order."""
    figures = " and ".join(f"{key} ({shown(value[key])})" for key in keys)
    remedy = f"{keys[0]} must be below {keys[1]}"
    return Fault("law-order", f"{figures} contradict each other", remedy + "; without a spread write a plain value")


def _log_normal(value: Mapping[str, Any], number: Callable[[Any], float], percent: int) -> Law:
    middle, upper = _above_zero(value, "median", number), _figure(value, f"p{percent}", number)
    if upper <= middle:
        raise _order(value, "median", f"p{percent}")
    return LogNormal(middle, upper, percent)


def _pert(value: Mapping[str, Any], number: Callable[[Any], float]) -> Law:
    low, likely, high = (_figure(value, key, number) for key in ("low", "likely", "high"))
    if low >= high:
        raise _order(value, "low", "high")
    if not low <= likely <= high:
        raise Fault(
            "law-order",
            f"likely ({shown(value['likely'])}) is not between low ({shown(value['low'])}) and high ({shown(value['high'])})",
            "low, likely and high must rise",
        )
    return Pert(low, likely, high)


def _exponential(value: Mapping[str, Any], number: Callable[[Any], float]) -> Law:
    return Exponential(_above_zero(value, "mean", number))


def _log_logistic(value: Mapping[str, Any], number: Callable[[Any], float]) -> Law:
    if value["law"] != "log-logistic":
        raise Fault("law-form", f"no law is called {shown(value['law'])}", "write log-logistic")
    shape = value["shape"]
    if isinstance(shape, bool) or not isinstance(shape, int | float) or not _SHAPES[0] <= shape <= _SHAPES[1]:
        raise Fault("law-shape", f"the shape {shown(shape)} is not a number from 0.1 to 1000", "1.5 is usual")
    return LogLogistic(_above_zero(value, "median", number), float(shape))


def _uniform(value: Mapping[str, Any], number: Callable[[Any], float]) -> Law:
    low, high = _figure(value, "low", number), _figure(value, "high", number)
    if low >= high:
        raise _order(value, "low", "high")
    return Uniform(low, high)


def _samples(value: Mapping[str, Any], number: Callable[[Any], float]) -> Law:
    samples = value["samples"]
    if not isinstance(samples, list | tuple) or not samples:
        raise Fault("law-samples", "samples is not a list of at least one value", "write samples: [1h, 2h, 90m]")
    figures = {f"samples[{place}]": sample for place, sample in enumerate(samples)}
    return Samples(tuple(sorted(_figure(figures, key, number) for key in figures)))


def _typical(value: Mapping[str, Any], number: Callable[[Any], float]) -> Law:
    name = value["typical"]
    known = typical.values()
    if not isinstance(name, str) or name not in known:
        near = get_close_matches(name, known, 1) if isinstance(name, str) else []
        remedy = f"did you mean '{near[0]}'?" if near else "`impactsim typical` lists them"
        raise Fault("typical-unknown", f"no typical value is called {shown(name)}", remedy)
    entry = known[name]
    try:
        return Typical(name, entry.source, law(entry.law, number))
    except Fault:
        # The figures carry their unit, so a parser of other figures refuses them.
        raise Fault("typical-unit", f"'{name}' is a {entry.unit}, which does not belong here") from None


_FORMS: dict[frozenset[Any], Callable[[Mapping[str, Any], Callable[[Any], float]], Law]] = {
    frozenset({"median", "p90"}): partial(_log_normal, percent=90),
    frozenset({"median", "p95"}): partial(_log_normal, percent=95),
    frozenset({"low", "likely", "high"}): _pert,
    frozenset({"mean"}): _exponential,
    frozenset({"median", "shape", "law"}): _log_logistic,
    frozenset({"low", "high"}): _uniform,
    frozenset({"samples"}): _samples,
    frozenset({"typical"}): _typical,
}


def _unknown_form(value: Mapping[Any, Any]) -> Fault:
    """Say what is wrong with a mapping that is no law, by the keys that it has."""
    forms = "{median, p90}, {median, p95}, {low, likely, high}, {mean}, {low, high}, {samples} or {typical}"
    keys = sorted({key for form in _FORMS for key in form})
    for key in value:
        if key not in keys:
            near = get_close_matches(key, keys, 1) if isinstance(key, str) else []
            return Fault(
                "law-form",
                f"{shown(key)} is no part of an uncertain quantity",
                f"did you mean '{near[0]}'?" if near else f"write {forms}",
            )
    if set(value) == {"median"}:
        return Fault(
            "law-form", "a median alone says nothing about the spread", "add p90 or p95, or write a plain value"
        )
    if {"median", "p90", "p95"} == set(value):
        return Fault("law-form", "median, p90 and p95 are one figure too many", "leave out p90 or p95")
    if {"median", "shape"} == set(value):
        return Fault("law-form", "a shape needs the name of its law", "add law: log-logistic")
    given = ", ".join(str(key) for key in value)
    return Fault("law-form", f"{{{given}}} is not an uncertain quantity", f"write {forms}")
