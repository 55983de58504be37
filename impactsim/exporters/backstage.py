"""A system as a Backstage catalogue: entities in YAML, to be read by Backstage and, with `impactsim import backstage`, by us.

``backstage_text(system) -> tuple[str, list[str]]`` gives the text and what it does not carry, in sentences.

A service becomes a Component, everything else a Resource with its kind as the type. What a component cannot do without (a need of
one component, each of several that are all needed, the site where it stands) becomes ``dependsOn``, which knows no strength, no
delay and no choice: soft needs, standbys and quorums would be read as hard needs, and are left out. Ids that no name may be there
stand in the annotation ``impactsim/id``, kinds that a type would not bring back in ``impactsim/kind``. Reading it back gives the
same components with the same hard needs of single components.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any

from impactsim.files.system_text import data_text
from impactsim.importers.catalogues.backstage import ID, KIND
from impactsim.importers.catalogues.words import kind_of_type
from impactsim.model.system import STAY_UP_KINDS, AnyOf, AtLeast, Component, Need, Pool, System

_LONGEST = 63
_NAME = re.compile(r"[A-Za-z0-9]+(?:[_.\-][A-Za-z0-9]+)*")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]*[^A-Za-z0-9_.\-][^A-Za-z0-9]*|[_.\-]{2,}")
_OWNER = "unknown"
_LIFECYCLE = "production"
_GROUPS = "needs with standbys, quorums or pools"
_SOFT = "soft needs"
_LATER = "needs for a start or a repair only"
_DELAYS = "delays of needs (holdover, failover)"
_PURPOSES = "purposes of needs (to run, to stay up) that kinds do not tell"
_UNSURE = "needs that are guessed or observed"
_FIGURES = ("restart", "time_to_restore", "fails", "catch_up", "copies", "workarounds", "targets", "users", "crew")


def backstage_text(system: System) -> tuple[str, list[str]]:
    """Write a system as a Backstage catalogue.

    Parameters
    ----------
    system
        The system.

    Returns
    -------
    tuple[str, list[str]]
        The text of a ``catalog-info.yaml``, and what it does not carry, in sentences.

    Examples
    --------
    >>> components = {"shop": {"needs": ["db"]}, "db": {"kind": "data"}}
    >>> text, _ = backstage_text(System.model_validate({"impactsim": 1, "name": "Shop", "components": components}))
    >>> print(text, end="")
    apiVersion: "backstage.io/v1alpha1"
    kind: Component
    metadata: {name: shop}
    spec:
      type: service
      lifecycle: production
      owner: unknown
      dependsOn: ["resource:default/db"]
    ---
    apiVersion: "backstage.io/v1alpha1"
    kind: Resource
    metadata: {name: db}
    spec: {type: data, owner: unknown}
    """
    names = _names(system)
    lost: Counter[str] = Counter()
    entities = [_entity(own, component, system, names, lost) for own, component in system.components.items()]
    return "---\n".join(map(data_text, entities)), list(_remarks(system, names, lost))


def _entity(
    own: str, component: Component, system: System, names: dict[str, str], lost: Counter[str]
) -> dict[str, Any]:
    is_service = component.kind == "service"
    annotations = {ID: own} if names[own] != own else {}
    if not is_service and not _comes_back(component.kind):
        annotations[KIND] = component.kind
    metadata: dict[str, Any] = {"name": names[own]}
    if component.name:
        metadata["title"] = component.name
    if annotations:
        metadata["annotations"] = annotations
    spec: dict[str, Any] = {"type": component.kind}
    if is_service:
        spec["lifecycle"] = _LIFECYCLE
    spec["owner"] = _OWNER
    needed = _needed(component, system, lost)
    if needed:
        spec["dependsOn"] = [f"{_kind(system.components[each]).casefold()}:default/{names[each]}" for each in needed]
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": _kind(component),
        "metadata": metadata,
        "spec": spec,
    }


def _kind(component: Component) -> str:
    return "Component" if component.kind == "service" else "Resource"


def _comes_back(kind: str) -> bool:
    """Does an import make of this type the kind that it was?"""
    return kind_of_type(kind, "") == kind


def _needed(component: Component, system: System, lost: Counter[str]) -> list[str]:
    """Return what a component cannot do without, and count what of its needs is not carried."""
    needed = [component.at] if component.at else []
    for need in component.needs:
        if need.impact < 1:
            lost[_SOFT] += 1
        elif need.to in {"start", "repair"}:
            lost[_LATER] += 1
        elif not _are_all_needed(need):
            lost[_GROUPS] += 1
        else:
            kinds = {system.components[each].kind in STAY_UP_KINDS for each in need.members()}
            lost[_PURPOSES] += need.to is not None and kinds != {need.to == "stay_up"}
            lost[_DELAYS] += need.holdover is not None
            lost[_UNSURE] += (need.confidence or component.confidence) != "declared"
            needed += need.members()
    return list(dict.fromkeys(needed))


def _are_all_needed(need: Need) -> bool:
    n_members = len(dict.fromkeys(need.members()))
    if isinstance(need, AtLeast):
        return need.at_least >= n_members
    return n_members == 1 if isinstance(need, AnyOf) else not isinstance(need, Pool)


def _names(system: System) -> dict[str, str]:
    """Return a name for each id, by the rules of Backstage; ids that may stay go first, so that no other takes them."""
    taken: set[str] = set()
    names: dict[str, str] = {}
    for own in system.components:
        if len(own) <= _LONGEST and _NAME.fullmatch(own) and own.casefold() not in taken:
            names[own] = own
            taken.add(own.casefold())
    nexts: Counter[str] = Counter()
    for own in system.components:
        if own not in names:
            names[own] = _free(_NOT_IN_NAMES.sub("-", own)[:_LONGEST].strip("-_.") or "unnamed", taken, nexts)
            taken.add(names[own].casefold())
    return names


def _free(wished: str, taken: set[str], nexts: Counter[str]) -> str:
    """Return a name that nothing has yet: the wished one, else with a number behind it."""
    if wished.casefold() not in taken:
        return wished
    for n in count(nexts[wished.casefold()] + 2):
        nexts[wished.casefold()] += 1
        name = f"{wished[: _LONGEST - len(str(n)) - 1].rstrip('-_.')}-{n}"
        if name.casefold() not in taken:
            return name
    raise AssertionError("numbers do not end")


def _remarks(system: System, names: dict[str, str], lost: Counter[str]) -> Iterator[str]:
    """Yield what the catalogue does not carry."""
    yield f"Backstage asks for an owner and a lifecycle: '{_OWNER}' and '{_LIFECYCLE}' stand there"
    changed = sum(own != name for own, name in names.items())
    if changed:
        yield f"{changed:,} ids are no names in Backstage: they stand in the annotation {ID}"
    for what in (_GROUPS, _SOFT, _LATER, _DELAYS, _PURPOSES, _UNSURE):
        if lost[what]:
            yield f"{'not carried' if what != _UNSURE else 'read as declared'}: {lost[what]:,} {what}"
    yield from _figures(system)


def _figures(system: System) -> Iterator[str]:
    components = system.components.values()
    figures = sum(any(getattr(each, word) for word in _FIGURES) for each in components)
    others = {
        "components with figures (repairs, failures, copies, workarounds, targets, users)": figures,
        "operators": sum(each.operator is not None for each in components),
        "common causes": len(system.common_causes),
        "segments of users": len(system.users),
        "crews": len(system.crews),
    }
    for what, n in others.items():
        if n:
            yield f"not carried: {n:,} {what}"
