"""Layers laid upon one another, a second time: from the words of S11 alone, plain and slow.

Knows plain data only, and nothing of the program. Where the words leave something open, a comment says how it is read.
"""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]

SURE = {"guessed": 0, "observed": 1, "declared": 2}

OF_A_FILE = ("layers", "imported", "components")
"""What is about a file, and components, which are laid one by one."""


class Unclear(Exception):
    """The words do not say what is meant."""


def merged(layers: list[Plain]) -> Plain:
    """Return what layers say together, the lowest first, as one system."""
    names = _names(layers)
    below: dict[str, Plain] = {}
    together: Plain = {}
    for layer in layers:
        entries = [(names.get(own, own), _entry(own, words, names)) for own, words in layer["components"].items()]
        # "The layers so far" are those below: a layer that takes something away and needs it contradicts itself.
        gone = {name for name, entry in entries if entry is None}
        _forget(below, gone)
        below = {name: entry for name, entry in below.items() if name not in gone}
        for name, entry in entries:
            if entry is not None:
                below[name] = _laid(below.get(name), entry)
        rest = {key: value for key, value in layer.items() if key not in OF_A_FILE}
        together = _patched(together, _rest(rest, names), 2)
    return together | {"components": below}


# Names (S11.2)


def _names(layers: list[Plain]) -> dict[str, str]:
    """Return the id that counts for each id that is among the aliases of another component."""
    ids = {name for layer in layers for name in layer["components"]}
    owners: dict[str, set[str]] = {}
    for layer in layers:
        for name, entry in layer["components"].items():
            for alias in (entry or {}).get("aliases") or []:
                if alias in ids and alias != name:
                    owners.setdefault(alias, set()).add(name)
    return {name: _last_owner(name, owners) for name in owners}


def _last_owner(name: str, owners: dict[str, set[str]]) -> str:
    """Follow aliases of aliases up to the one that is nobody's alias."""
    reached = [name]
    for one in reached:
        reached += sorted(owners.get(one, set()) - set(reached))
    ends = [one for one in reached if one not in owners]
    if len(ends) != 1:
        raise Unclear(f"{name} is another name of {ends}")
    return ends[0]


def _entry(own: str, words: Plain | None, names: dict[str, str]) -> Plain | None:
    """Return what a layer says of a component, with the ids that count, in the long forms."""
    if words is None:
        return None
    entry = dict(words)
    if entry.get("at") is not None:
        entry["at"] = names.get(entry["at"], entry["at"])
    if entry.get("copies") is not None:
        entry["copies"] = [{**copy, "at": names.get(copy["at"], copy["at"])} for copy in entry["copies"]]
    if entry.get("does_not_need") is not None:
        entry["does_not_need"] = [names.get(name, name) for name in entry["does_not_need"]]
    if entry.get("needs") is not None:
        entry["needs"] = [_need(need, names) for need in entry["needs"]]
        entry["needs"] = _without_itself(own, entry["needs"], words["needs"], names)
    if entry.get("workarounds") is not None:
        entry["workarounds"] = [
            {**each, "needs": [_need(need, names) for need in each.get("needs") or []]} for each in entry["workarounds"]
        ]
    if "origin" in entry:
        entry["origin"] = _listed(entry["origin"])
    return entry


def _without_itself(own: str, needs: list[Plain], words: list[Any], names: dict[str, str]) -> list[Plain]:
    """Take out what became a need on itself because two became one; who wrote that himself keeps it."""
    itself = names.get(own, own)
    left = [
        need if own in _members(_need(word, {})) else _without(need, {itself})
        for need, word in zip(needs, words, strict=True)
    ]
    return [need for need in left if need is not None]


def _need(need: Any, names: dict[str, str]) -> Plain:
    """Return a need as a mapping, with the ids that count. Who is named twice then counts once, as first named."""
    need = {"component": need} if isinstance(need, str) else {key: need[key] for key in need if need[key] is not None}
    if "component" in need:
        need["component"] = names.get(need["component"], need["component"])
    for form in ("all_of", "of"):
        if form in need:
            need[form] = list(dict.fromkeys(names.get(name, name) for name in need[form]))
    if "any_of" in need:
        members = [{"use": member} if isinstance(member, str) else member for member in need["any_of"]]
        by_id: dict[str, Plain] = {}
        for member in members:
            use = names.get(member["use"], member["use"])
            by_id.setdefault(use, {**member, "use": use})
        need["any_of"] = list(by_id.values())
    if "pool" in need:
        need["pool"] = {names.get(name, name): capacity for name, capacity in need["pool"].items()}
    if "origin" in need:
        need["origin"] = _listed(need["origin"])
    return need


def _rest(rest: Plain, names: dict[str, str]) -> Plain:
    """Return all but the components with the ids that count; a number of a crew is short for a mapping."""
    rest = dict(rest)
    for group, inside in (("common_causes", "strikes"), ("users", "uses")):
        for name, words in (rest.get(group) or {}).items():
            if words and words.get(inside):
                rest[group] = rest[group] | {name: words | {inside: _renamed(words[inside], names)}}
    for name, crew in (rest.get("crews") or {}).items():
        if isinstance(crew, int):
            rest["crews"] = rest["crews"] | {name: {"members": crew}}
    return rest


def _renamed(said: Any, names: dict[str, str]) -> Any:
    if isinstance(said, list):
        return list(dict.fromkeys(names.get(name, name) for name in said))
    return {names.get(name, name): share for name, share in said.items()}


# Values (S11.1)


ONE_VALUE = ("restart", "time_to_restore", "fails", "users", "count", "each")
"""Uncertain quantities of components, causes, segments and crews, and how often something fails: one value however it is written."""


def _patched(target: Any, patch: Any, n_levels_of_ids: int = 0) -> Any:
    """Apply a merge patch: the pseudocode of RFC 7396, section 2, for which an uncertain quantity is one value."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            is_one = key in ONE_VALUE and not n_levels_of_ids
            result[key] = value if is_one else _patched(result.get(key), value, max(0, n_levels_of_ids - 1))
    return result


def _patched_by_less_sure(target: Any, patch: Any) -> Any:
    """Add what the target does not say: what both say stays, and a null takes nothing away."""
    if not isinstance(patch, dict) or not isinstance(target, dict):
        return target
    result = dict(target)
    for key, value in patch.items():
        if key in target:
            result[key] = _patched_by_less_sure(target[key], value)
        elif value is not None:
            result[key] = _patched(None, value)
    return result


def _forget(below: dict[str, Plain], gone: set[str]) -> None:
    """Take components that are no more out of needs and sites; the needs of workarounds are needs, too."""
    for component in below.values():
        if component.get("at") in gone:
            del component["at"]
        for words in (component, *component.get("workarounds", [])):
            if "needs" in words:
                words["needs"] = _all_without(words["needs"], gone)


# Components (S11.1, S11.4, S11.5, S11.6)


def _laid(lower: Plain | None, upper: Plain) -> Plain:
    """Return a component of the layers so far, those being one layer, with what the next says of it."""
    lower = lower or {}
    both_imported = "origin" in lower and "origin" in upper
    own_sure = upper.get("confidence") or "declared"
    is_less_sure = both_imported and SURE[own_sure] < SURE[lower.get("confidence", "declared")]
    words = {key: value for key, value in upper.items() if key not in ("needs", "origin", "aliases")}
    result = _patched_by_less_sure(lower, words) if is_less_sure else _patched(lower, words)
    if both_imported:
        result["confidence"] = lower.get("confidence", "declared") if is_less_sure else own_sure
    for key in ("origin", "aliases"):  # kept of all layers
        result[key] = list(dict.fromkeys([*lower.get(key, []), *(upper.get(key) or [])]))
        if not result[key]:
            del result[key]
    if lower.get("at") in (upper.get("does_not_need") or []) and "at" not in upper:
        del result["at"]  # it is short for a need
    result["needs"] = _laid_needs(lower.get("needs", []), upper, own_sure, both_imported)
    return result


# Needs (S11.3 to S11.6)


def _laid_needs(lower: list[Plain], upper: Plain, own_sure: str, both_imported: bool) -> list[Plain]:
    if "needs" in upper and upper["needs"] is None:
        return []
    result = _all_without(lower, set(upper.get("does_not_need") or []))
    # Only of the layers below: the needs of one layer stand beside each other.
    replaceable = list(result)
    for words in upper.get("needs", []):
        need = {"confidence": own_sure} | words
        same = [other for other in replaceable if _is_same(other, need, both_imported)]
        if both_imported and any(SURE[need["confidence"]] < SURE[other["confidence"]] for other in same):
            surest = max(same, key=lambda other: SURE[other["confidence"]])
            kept = _with_history(surest, [need])
            result = [kept if other is surest else other for other in result]
            replaceable = [kept if other is surest else other for other in replaceable]
            continue
        need = _with_history(need, same)
        place = _place_of(same[0], result) if same else len(result)
        result[place : place + len(same[:1])] = [need]
        result = [other for other in result if not _is_among(other, same)]
        replaceable = [other for other in replaceable if not _is_among(other, same)]
    return result


def _is_same(earlier: Plain, later: Plain, both_imported: bool) -> bool:
    if earlier.get("to") != later.get("to"):
        return False
    return _members(earlier) == _members(later) if both_imported else _members(earlier) <= _members(later)


def _with_history(need: Plain, others: list[Plain]) -> Plain:
    """Return a need that keeps what was seen of others, of several the last, and where all of them came from."""
    seen = [each["seen"] for each in [*others, need] if "seen" in each]
    origins = dict.fromkeys(origin for each in [*others, need] for origin in each.get("origin", []))
    return need | ({"seen": seen[-1]} if seen else {}) | ({"origin": list(origins)} if origins else {})


def _place_of(need: Plain, needs: list[Plain]) -> int:
    return next(place for place, other in enumerate(needs) if other is need)


def _is_among(need: Plain, needs: list[Plain]) -> bool:
    return any(other is need for other in needs)


def _members(need: Plain) -> set[str]:
    if "component" in need:
        return {need["component"]}
    if "any_of" in need:
        return {member["use"] for member in need["any_of"]}
    return set(need.get("all_of") or need.get("of") or need["pool"])


def _all_without(needs: list[Plain], denied: set[str]) -> list[Plain]:
    return [left for need in needs if (left := _without(need, denied)) is not None]


def _without(need: Plain, denied: set[str]) -> Plain | None:
    """Return a need without some components, none if it is of nothing else."""
    if not _members(need) & denied:
        return need
    if not _members(need) - denied:
        return None
    left = dict(need)
    for form in ("all_of", "of"):
        if form in left:
            left[form] = [name for name in left[form] if name not in denied]
    if "any_of" in left:
        left["any_of"] = [member for member in left["any_of"] if member["use"] not in denied]
    if "pool" in left:
        left["pool"] = {name: capacity for name, capacity in left["pool"].items() if name not in denied}
    if "at_least" in left:
        left["at_least"] = min(left["at_least"], len(left["of"]))
    return left


def _listed(origin: str | list[str]) -> list[str]:
    return [origin] if isinstance(origin, str) else list(origin)
