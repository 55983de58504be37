"""Needs of one component as several layers say them (S11.3 to S11.6): which one takes the place of which."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from impactsim.model.provenance import sureness

_GROUPS = ("all_of", "any_of", "of", "pool")


class NeedPlace(NamedTuple):
    """Where a need stands."""

    layer: int
    owner: str
    """The component, as that layer calls it."""
    place: int


@dataclass
class PlacedNeeds:
    """Where each need of a component stands, in the order of the merged system."""

    places: list[NeedPlace]
    dropped: set[str] = field(default_factory=set)
    """What ``does_not_need`` took away."""

    @classmethod
    def of(cls, component: Any, layer: int, owner: str) -> PlacedNeeds:
        """Return the places of the needs of a component in one layer."""
        needs = component.get("needs") if isinstance(component, dict) else None
        n = len(needs) if isinstance(needs, list) else 0
        return cls([NeedPlace(layer, owner, place) for place in range(n)])


def laid_needs(
    lower: dict[str, Any],
    lower_places: PlacedNeeds,
    upper: dict[str, Any],
    upper_places: PlacedNeeds,
    merged: dict[str, Any],
) -> tuple[Any, PlacedNeeds]:
    """Return the needs of a component of two layers, and where they stand.

    Parameters
    ----------
    lower, upper
        The component in the layers so far, and in the next.
    lower_places, upper_places
        Where their needs stand.
    merged
        The component of both, whose confidence is settled.

    Returns
    -------
    tuple[Any, PlacedNeeds]
        Needs that another takes the place of keep their origin and what was seen of them. What is no list of needs is taken as it
        is, for the schema to refuse.
    """
    below, above = lower.get("needs"), upper.get("needs")
    if "needs" in upper and above is None:
        below = None  # taken away
    if (below is not None and not isinstance(below, list)) or (above is not None and not isinstance(above, list)):
        return (above, upper_places) if above is not None else (below, lower_places)
    sure = merged.get("confidence", "declared")
    needs = [_with_confidence(need, _said(lower), sure) for need in below or []]
    found = PlacedNeeds(list(lower_places.places) if below else [])
    names = {each for each in _list_of(upper.get("does_not_need")) if isinstance(each, str)}
    if names:
        denied = names & {member for need in needs for member in members_of(need)}
        needs, found = without(needs, found, names)
        found.dropped = denied
    is_import = "origin" in upper
    own_sure = _said(upper) if is_import or "confidence" in upper else "declared"
    own = [_with_confidence(need, own_sure, sure) for need in above or []]
    if not is_import:
        own = [{"component": need} if isinstance(need, str) else need for need in own]
    table = _Table(needs, found.places, is_import and "origin" in lower, sure)
    for need, place in zip(own, upper_places.places, strict=True):
        table.lay(need, place)
    return table.needs(), PlacedNeeds(table.places(), found.dropped)


class _Table:
    """The needs of the layers so far, among which those of the next layer find their places.

    Parameters
    ----------
    needs, places
        The needs so far, and where they stand.
    are_imports
        Whether both layers were imported: then a need is the same only with the same components, and the surer one counts.
    sure
        How sure the component is.
    """

    def __init__(self, needs: list[Any], places: list[NeedPlace], are_imports: bool, sure: Any) -> None:
        self._rows: list[tuple[Any, NeedPlace] | None] = list(zip(needs, places, strict=True))
        self._open = list(range(len(needs)))
        """The rows of needs from below of which nothing has taken the place yet."""
        self._are_imports = are_imports
        self._sure = sure

    def lay(self, need: Any, place: NeedPlace) -> None:
        """Lay one need upon those from below: in the place of those that it says anew, else behind all."""
        same = [row for row in self._open if self._says_anew(need, self._need(row))]
        if not same:
            self._rows.append((need, place))
            return
        first = self._need(same[0])
        if self._are_imports and _sureness(first, self._sure) > _sureness(need, self._sure):
            _, kept = self._rows[same[0]] or (None, place)
            self._rows[same[0]] = _with_history(first, [need]), kept
            return
        history = [self._need(row) for row in same]
        # Whoever repeats what an import said has confirmed it, and that shall be seen.
        said = (
            {"confidence": self._sure, **need} if isinstance(need, dict) and any(map(_is_imported, history)) else need
        )
        self._rows[same[0]] = _with_history(said, history), place
        for row in same[1:]:
            self._rows[row] = None
        self._open = [row for row in self._open if row not in same]

    def needs(self) -> list[Any]:
        """Return what has a place."""
        return [row[0] for row in self._rows if row is not None]

    def places(self) -> list[NeedPlace]:
        """Return where each of them stands."""
        return [row[1] for row in self._rows if row is not None]

    def _need(self, row: int) -> Any:
        found = self._rows[row]
        return None if found is None else found[0]

    def _says_anew(self, need: Any, other: Any) -> bool:
        members, theirs = set(members_of(need)), set(members_of(other))
        if not members or not theirs or _purpose(other) != _purpose(need):
            return False
        return theirs == members if self._are_imports else theirs <= members


def without(needs: Any, places: PlacedNeeds, names: Collection[str]) -> tuple[Any, PlacedNeeds]:
    """Return needs without some members: what names only those goes, groups go on with the rest."""
    if not isinstance(needs, list):
        return needs, places
    left, left_places = list[Any](), list[NeedPlace]()
    for need, place in zip(needs, places.places, strict=True):
        members = members_of(need)
        if members and not set(members) - set(names):
            continue
        left.append(_smaller(need, names) if set(members) & set(names) else need)
        left_places.append(place)
    return left, PlacedNeeds(left_places, places.dropped)


def _smaller(need: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    need = dict(need)
    for form in _GROUPS:
        group = need.get(form)
        if isinstance(group, list):
            need[form] = [each for each in group if _id_of(each) not in names]
            if form == "of" and isinstance(need.get("at_least"), int):
                need["at_least"] = max(1, min(need["at_least"], len(need[form])))
        elif isinstance(group, dict):
            need[form] = {each: capacity for each, capacity in group.items() if each not in names}
    return need


def members_of(need: Any) -> list[str]:
    """Return the components that a need names, as far as it can be understood."""
    if isinstance(need, str):
        return [need]
    if not isinstance(need, dict):
        return []
    if isinstance(need.get("component"), str):
        return [need["component"]]
    for form in _GROUPS:
        group = need.get(form)
        if isinstance(group, list | dict):
            return [name for each in group if isinstance(name := _id_of(each), str)]
    return []


def _id_of(member: Any) -> Any:
    return member.get("use") if isinstance(member, dict) else member


def _list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _purpose(need: Any) -> Any:
    return need.get("to") if isinstance(need, dict) else None


def _said(component: dict[str, Any]) -> Any:
    return component.get("confidence", "declared")


def _is_imported(need: Any) -> bool:
    return isinstance(need, dict) and "origin" in need


def _sureness(need: Any, sure: Any) -> int:
    return sureness(need.get("confidence", sure) if isinstance(need, dict) else sure)


def _with_confidence(need: Any, own: Any, merged: Any) -> Any:
    """Return a need that says itself how sure it is, where its component no longer says so."""
    if own == merged or (isinstance(need, dict) and "confidence" in need):
        return need
    if isinstance(need, str):
        return {"component": need, "confidence": own}
    return {**need, "confidence": own} if isinstance(need, dict) else need


def _with_history(need: Any, others: list[Any]) -> Any:
    """Return a need with where else it was found, and with what was seen of it."""
    origins: list[Any] = []
    seen = None
    for each in [*others, need]:
        if isinstance(each, dict):
            own = each.get("origin", [])
            origins += [origin for origin in (own if isinstance(own, list) else [own]) if origin not in origins]
            seen = each.get("seen", seen)
    history = ({"seen": seen} if seen is not None else {}) | ({"origin": origins} if origins else {})
    if not history:
        return need
    return {**({"component": need} if isinstance(need, str) else need), **history}
