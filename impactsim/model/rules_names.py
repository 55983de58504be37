"""Names in a system that nobody defined, that stand twice, or that may be typing errors."""

from __future__ import annotations

from difflib import get_close_matches

from impactsim.model.rules_lookup import Lookup, error, member_places, warning
from impactsim.model.system import KINDS, ComponentNeed, Pool
from impactsim.problems import Path, Problem
from impactsim.quantities import shown

_STANDS_AT = {"site", "host"}


def unknown_members(lookup: Lookup) -> list[Problem]:
    """Find needs of components that nobody defined."""
    known = lookup.components
    return [
        lookup.unknown_component(path, member)
        for placed in lookup.odd_members
        for path, member in member_places(placed)
        if member not in known
    ]


def unknown_places(lookup: Lookup) -> list[Problem]:
    """Find sites, of components and of copies, that nobody defined."""
    known = lookup.components
    found: list[tuple[Path, str]] = []
    for owner, component in known.items():
        if component.at is not None and component.at not in known:
            found.append((("components", owner, "at"), component.at))
        for place, copy in enumerate(component.copies):
            if copy.at not in known:
                found.append((("components", owner, "copies", place, "at"), copy.at))
    return [lookup.unknown_component(path, name) for path, name in found]


def unknown_crews(lookup: Lookup) -> list[Problem]:
    """Find crews that nobody defined."""
    crews = lookup.system.crews
    return [
        error(
            "unknown-crew",
            ("components", owner, "crew"),
            f"no crew is called {shown(component.crew)}",
            lookup.crew_names.did_you_mean(component.crew, "define it under crews, with its size"),
        )
        for owner, component in lookup.components.items()
        if component.crew is not None and component.crew not in crews
    ]


def unused_crews(lookup: Lookup) -> list[Problem]:
    """Find crews that repair nothing."""
    used = {component.crew for component in lookup.components.values()}
    return [
        warning("unused-crew", ("crews", crew), "this crew repairs nothing", f"name it at a component: crew: {crew}")
        for crew in lookup.system.crews
        if crew not in used
    ]


def unknown_strikes(lookup: Lookup) -> list[Problem]:
    """Find common causes that strike components that nobody defined."""
    return [
        lookup.unknown_component(("common_causes", name, "strikes", struck), struck)
        for name, cause in lookup.system.common_causes.items()
        for struck in cause.strikes
        if struck not in lookup.components
    ]


def layers_without_files(lookup: Lookup) -> list[Problem]:
    """Find layers that nobody laid upon one another: a system that is given as data names no files."""
    if not lookup.system.layers:
        return []
    remedy = "load the file that names them, or merge them before"
    return [error("layers-of-data", ("layers",), "layers are files, and this system stands in none", remedy)]


def needless_denials(lookup: Lookup) -> list[Problem]:
    """Find needs that are denied although no layer below speaks of them."""
    return [
        warning(
            "denied-nothing",
            ("components", owner, "does_not_need", place),
            f"no layer below says that it needs {shown(name)}",
            "leave it out",
        )
        for owner, component in lookup.components.items()
        for place, name in enumerate(component.does_not_need)
    ]


def unknown_uses(lookup: Lookup) -> list[Problem]:
    """Find users of components that nobody defined."""
    return [
        lookup.unknown_component(("users", name, "uses", used), used)
        for name, segment in lookup.system.users.items()
        for used in segment.uses
        if used not in lookup.components
    ]


def needed_by_itself(lookup: Lookup) -> list[Problem]:
    """Find components that need themselves."""
    found = []
    for placed in lookup.odd_members:
        if placed.owner in placed.need.members():
            path = next(path for path, member in member_places(placed) if member == placed.owner)
            what = "this component needs itself"
            if placed.workaround is not None:
                what = "this workaround needs the service that it stands in for"
            found.append(error("needs-itself", path, what, "leave it out"))
    found.extend(
        error("needs-itself", ("components", owner, "at"), "this stands at itself", "name the site where it stands")
        for owner, component in lookup.components.items()
        if component.at == owner
    )
    return found


def named_twice(lookup: Lookup) -> list[Problem]:
    """Find components that stand twice in one group."""
    found = []
    for placed in lookup.groups:
        if isinstance(placed.need, Pool):
            continue
        members = placed.need.members()
        if len(set(members)) == len(members):
            continue
        seen: set[str] = set()
        for path, member in member_places(placed):
            if member in seen:
                found.append(
                    error("named-twice", path, f"{shown(member)} stands twice in this group", "name each once")
                )
            seen.add(member)
    return found


def needed_twice(lookup: Lookup) -> list[Problem]:
    """Find components that need the same component twice for the same purpose."""
    found = []
    for owner, component in lookup.components.items():
        needs = [(place, need) for place, need in enumerate(component.needs) if isinstance(need, ComponentNeed)]
        if len({need.component for _, need in needs}) == len(needs):
            continue
        seen: set[tuple[str, str | None]] = set()
        for place, need in needs:
            if (need.component, need.to) in seen:
                fault = f"{shown(need.component)} is needed already, by an earlier need of this component"
                path = ("components", owner, "needs", place)
                found.append(warning("needed-twice", path, fault, "leave one out, or give them different purposes"))
            seen.add((need.component, need.to))
    return found


def cause_named_as_component(lookup: Lookup) -> list[Problem]:
    """Find common causes that have the id of a component, so that a cut set could not tell them apart."""
    return [
        error("id-twice", ("common_causes", name), f"{shown(name)} is a component already", f"call it {name}-cause")
        for name in lookup.system.common_causes
        if name in lookup.components
    ]


def misspelt_kind(lookup: Lookup) -> list[Problem]:
    """Find kinds that look like one of the program's own, which alone have a meaning."""
    meant: dict[str, str | None] = dict.fromkeys(KINDS)
    found = []
    for owner, component in lookup.components.items():
        kind = component.kind
        if kind not in meant:
            near = get_close_matches(kind.casefold()[:40], KINDS, 1, 0.8)
            meant[kind] = near[0] if near else None
        if meant[kind] is not None:
            fault = f"{shown(kind)} is a kind of your own, without effect"
            found.append(warning("odd-kind", ("components", owner, "kind"), fault, f"did you mean '{meant[kind]}'?"))
    return found


def stands_at_no_site(lookup: Lookup) -> list[Problem]:
    """Find components that stand at something that is no place."""
    found = []
    for owner, component in lookup.components.items():
        site = lookup.components.get(component.at) if component.at is not None else None
        if site is not None and site.kind in KINDS and site.kind not in _STANDS_AT:
            fault = f"{shown(component.at)} is no site, its kind is {site.kind}"
            remedy = "give it the kind site, or name it under needs"
            found.append(warning("at-no-site", ("components", owner, "at"), fault, remedy))
    return found


RULES = (
    layers_without_files,
    needless_denials,
    unknown_members,
    unknown_places,
    unknown_crews,
    unused_crews,
    unknown_strikes,
    unknown_uses,
    needed_by_itself,
    named_twice,
    needed_twice,
    cause_named_as_component,
    misspelt_kind,
    stands_at_no_site,
)
