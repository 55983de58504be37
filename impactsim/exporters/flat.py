"""A system as two tables of plain values, components and members of needs: what graph files and spreadsheets can hold.

Each component is a row of `nodes`, each member of each need a row of `edges`; rows of a need have its number within its owner
in common. ``importers/graphs/flat.py`` makes a system of them again. What is uncertain stands as the JSON text of what its author
wrote. `not_carried` names what has no place in such tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from impactsim.laws import Law
from impactsim.model.system import (
    AllOf,
    AnyOf,
    AtLeast,
    Component,
    ComponentNeed,
    Member,
    Need,
    NeedWords,
    Pool,
    System,
)
from impactsim.quantities import format_duration

Value = str | int | float | bool
Row = dict[str, Value]

_FORMS: dict[type[NeedWords], str] = {
    ComponentNeed: "component",
    AllOf: "all_of",
    AnyOf: "any_of",
    AtLeast: "at_least",
    Pool: "pool",
}
_TEXTS = ("at", "operator", "crew", "priority", "critical", "source")
"""What a component says in one plain value."""
_DURATIONS = ("restart", "time_to_restore")
_TARGETS = ("rto", "rpo", "mtpd")


def nodes(system: System) -> list[Row]:
    """Return a row for each component, in their order.

    Parameters
    ----------
    system
        Any system.

    Returns
    -------
    list[dict[str, str | int | float | bool]]
        ``id``, ``kind`` and ``confidence`` stand in each row; a key stands there only if its author said it.

    Examples
    --------
    >>> components = {"web": {"needs": ["db"], "restart": {"low": "1m", "high": "2m"}}, "db": {"kind": "data"}}
    >>> for row in nodes(System.model_validate({"impactsim": 1, "name": "Shop", "components": components})):
    ...     print(row)
    {'id': 'web', 'kind': 'service', 'restart': '{"low": "1m", "high": "2m"}', 'confidence': 'declared'}
    {'id': 'db', 'kind': 'data', 'confidence': 'declared'}
    """
    crews = {crew: {"crew_members": words.members} for crew, words in system.crews.items()}
    return [
        _clean(_node(own, component) | crews.get(component.crew or "", {}))
        for own, component in system.components.items()
    ]


def edges(system: System) -> list[Row]:
    """Return a row for each member of each need, by owner, need and place in the group.

    Parameters
    ----------
    system
        Any system.

    Returns
    -------
    list[dict[str, str | int | float | bool]]
        ``from`` (who needs), ``to`` (what is needed), ``need`` (its number within its owner, from 0), ``form`` (component,
        all_of, any_of, at_least or pool), ``place`` (of the member in its group, from 0) and ``confidence`` stand in each row.
        What is said of the whole need stands in the row of each of its members.

    Examples
    --------
    >>> components = {"web": {"needs": [{"any_of": ["a", {"use": "b", "failover": "5m"}]}]}, "a": {}, "b": {}}
    >>> for row in edges(System.model_validate({"impactsim": 1, "name": "Shop", "components": components})):
    ...     print(row)
    {'from': 'web', 'to': 'a', 'need': 0, 'form': 'any_of', 'place': 0, 'confidence': 'declared'}
    {'from': 'web', 'to': 'b', 'need': 0, 'form': 'any_of', 'place': 1, 'use_failover': '5m', 'confidence': 'declared'}
    """
    return [
        row
        for own, component in system.components.items()
        for number, need in enumerate(component.needs)
        for row in _members(own, number, need, component)
    ]


def not_carried(system: System) -> list[str]:
    """Say, a sentence each, what a system holds and its tables do not; empty if they hold all of it."""
    components, crews = system.components.values(), system.crews.values()
    counts = {
        "segments of users": len(system.users),
        "common causes": len(system.common_causes),
        "operators, backlogs and sources of crews": sum(len(each.model_fields_set - {"members"}) for each in crews),
        "crews that repair nothing": len(system.crews.keys() - {each.crew for each in components}),
        "copies of data": sum(len(each.copies) for each in components),
        "workarounds": sum(len(each.workarounds) for each in components),
        "sentences for customers": sum(each.public_effects is not None for each in components),
        "what components do not need": sum(bool(each.does_not_need) for each in components),
        "population": int(system.population is not None),
        "settings of notices": int("notices" in system.model_fields_set),
    }
    return [f"not carried: {what} ({n:,})" for what, n in counts.items() if n]


def text_of(value: Any) -> Value:
    """Return what an author wrote as one plain value: collections as their JSON text."""
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    plain: Value = value
    return plain


def _node(own: str, component: Component) -> dict[str, Any]:
    row: dict[str, Any] = {"id": own, "kind": component.kind}
    row |= _said(component, ("name",))
    row["public_name"] = _spoken(component.public_name)
    row["aliases"] = list(component.aliases)
    row |= _said(component, _TEXTS) | {name: _quantity(getattr(component, name)) for name in _DURATIONS}
    if component.fails is not None:
        row |= {"fails_per_year": component.fails.per_year, "fails_probability": component.fails.probability}
    if component.catch_up is not None:
        row |= {"catch_up_share": component.catch_up.share, "catch_up_level": component.catch_up.level}
    row["users"] = None if component.users is None else component.users.words(_plain_number)
    if component.targets is not None:
        given = {name: getattr(component.targets, name) for name in _TARGETS}
        row |= {name: None if ms is None else format_duration(ms) for name, ms in given.items()}
        row |= _said(component.targets, ("mbco",))
    row |= {"confidence": component.confidence, "origin": _listed(component.origin)}
    return row


def _members(own: str, number: int, need: Need, owner: Component) -> Iterator[Row]:
    whole = _whole(need, owner)
    for place, member in enumerate(need.members()):
        row: dict[str, Any] = {"from": own, "to": member, "need": number, "form": _FORMS[type(need)], "place": place}
        if isinstance(need, Pool):
            row["capacity"] = _plain_number(need.pool[member])
        elif isinstance(need, AnyOf):
            row |= _standby(need.any_of[place])
        yield _clean(row | whole)


def _whole(need: Need, owner: Component) -> dict[str, Any]:
    """Return what is said of a need as a whole."""
    row: dict[str, Any] = {}
    if isinstance(need, AtLeast):
        row["at_least"] = need.at_least
    elif isinstance(need, Pool):
        row["demand"] = _plain_number(need.demand)
    elif isinstance(need, AnyOf):
        row["failover"] = _quantity(need.failover)
    row |= {"purpose": need.to} | _said(need, ("impact",))
    row |= {"holdover": _quantity(need.holdover), "recharge": _quantity(need.recharge)}
    if need.seen is not None:
        row |= _said(need.seen, ("calls", "share", "errors"))
    return row | {"confidence": need.confidence or owner.confidence, "origin": _listed(need.origin)}


def _standby(member: Member) -> dict[str, Any]:
    row: dict[str, Any] = {"use_failover": _quantity(member.failover), "lasts": _quantity(member.lasts)}
    return row | _said(member, ("fails_to_start",))


def _said(words: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return what an author said himself."""
    return {name: getattr(words, name) for name in names if name in words.model_fields_set}


def _quantity(quantity: Law | None) -> Any:
    return None if quantity is None else quantity.words(lambda ms: format_duration(round(ms)))


def _plain_number(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _spoken(words: Mapping[str, str]) -> Any:
    return words[""] if set(words) == {""} else dict(words)


def _listed(texts: tuple[str, ...]) -> Any:
    return texts[0] if len(texts) == 1 else list(texts)


def _clean(row: dict[str, Any]) -> Row:
    """Leave out what nobody said, and make one plain value of what is left."""
    return {key: text_of(value) for key, value in row.items() if value not in (None, "", [], {}, ())}
