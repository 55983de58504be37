"""Which part of the dependency graph a map shows: what failed first, what it took along, and what stands between.

Of a few components each has a box. Of many, what fared alike at one site and is of one kind shares one; of very many, what fared
better is counted only. So a map of a thousand components is as easy to read as one of fifty.

The steps of a recovery plan, which are components of a run (S10.3), are no part of the system: they are left out, and an arrow
that would lead to one leads to what stands behind it, such as the standby that a step switches to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from impactsim.model.rules_plan import RESERVED
from impactsim.model.system import Component, System
from impactsim.quantities import about_duration, about_share
from impactsim.reports.document.blocks import MapPicture, Node, Tone
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.reports.headline import affected_others, affected_services, lowest_level, was_down
from impactsim.reports.words import clean, counted

_FEW = 28
"""So many components have a box each, whatever they have in common."""
_N_NAMED_SERVICES = 12
"""So many services keep a box of their own on any map, the worst of them."""
_ARROWS_FOR_EACH = 2.5
"""With more arrows than this for each box, and with piles, only those are drawn along which the loss went."""

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class MapChoice:
    """What a map shows, and what it does not."""

    picture: MapPicture
    members: dict[str, tuple[str, ...]]
    """Ids of the components of each node, in the order of the file."""
    left_out: tuple[str, ...]
    """Ids of the components that are not on it, in the order of the file."""
    has_all_arrows: bool
    """Whether what leans on what is drawn where no loss went that way, too."""


def map_of(system: System, facts: Facts, most: int = 60) -> MapPicture:
    """Return the part of the dependency graph that a run reached.

    Parameters
    ----------
    system
        The system that was run, with the steps of a plan in it if it had one.
    facts
        What the run says.
    most
        How many boxes there are at most.
    """
    return choose(system, facts, most).picture


def choose(system: System, facts: Facts, most: int = 60) -> MapChoice:
    """Return what a map shows, with what each of its nodes stands for; parameters as of `map_of`."""
    reached = _reached(facts)
    origins = _origins(facts)
    alike = _alike(system, facts, reached, origins, most)
    groups: dict[Key, list[str]] = {}
    for component in reached:
        groups.setdefault(alike(component), []).append(component)
    kept = _worst_of(groups, facts, origins, most)
    members = {_node_id(each): tuple(each) for each in kept}
    nodes = tuple(_node(system, facts, id_, each, origins) for id_, each in members.items())
    node_of = {component: id_ for id_, each in members.items() for component in each}
    arrows, has_all = _arrows(system, facts, node_of, len(nodes))
    left_out = tuple(each.id for each in facts.components.values() if each.id not in node_of and not _is_step(each))
    sites = {node.site: _name_of_site(system, node.site) for node in nodes if node.site}
    return MapChoice(MapPicture(nodes, arrows, sites, len(left_out)), members, left_out, has_all)


def tone_of(component: ComponentFacts) -> Tone:
    """Return how badly a component fared."""
    if not component.was_affected:
        return "good"
    if not component.restored:
        return "critical"
    return "high" if was_down(component) else "medium"


def fate_of(component: ComponentFacts) -> str:
    """Return how a component fared, in a word or two.

    Examples
    --------
    >>> fate_of(ComponentFacts("a", "A", "service", ((0, 1.0), (60000, 0.0), (3660000, 1.0)), 3600000, 0, True))
    'down 1 h'
    """
    if not component.was_affected:
        return "kept up"
    if not component.restored:
        return "not restored"
    if was_down(component):
        return f"down {about_duration(component.down_ms)}"
    return f"at {about_share(lowest_level(component))}, {about_duration(component.degraded_ms)}"


def _reached(facts: Facts) -> list[str]:
    """Return what was affected, and the services that lost something and stayed up; in the order of the file."""
    parts = (each for each in facts.components.values() if not _is_step(each))
    return [each.id for each in parts if each.was_affected or each.id in facts.unaffected]


def _is_step(component: ComponentFacts) -> bool:
    """Tell whether it is what people do."""
    return component.kind == "step" and component.id.startswith(RESERVED)


def _is_id_of_step(facts: Facts, id_: str) -> bool:
    return id_ in facts.components and _is_step(facts.components[id_])


def _origins(facts: Facts) -> set[str]:
    """Return what failed first: the ends of all explanations."""
    found = set()
    for component in facts.components.values():
        for why in component.why:
            if why.cause is None and why.link.kind == "fault":
                found.add(component.id)
    return found


# What shares a box.


def _alike(
    system: System, facts: Facts, reached: Sequence[str], origins: Collection[str], most: int
) -> Callable[[str], Key]:
    """Return what tells components apart: as much as leaves no more than so many boxes, as far as there is such a thing."""
    if len(reached) <= min(_FEW, most):
        return lambda id_: (id_,)
    named = {each.id for each in affected_services(facts)[:_N_NAMED_SERVICES]}

    def kept(key: Callable[[str], Key]) -> Callable[[str], Key]:
        return lambda id_: (id_,) if id_ in named else key(id_)

    def kind(id_: str) -> Key:
        return facts.components[id_].kind, id_ in origins

    def tone(id_: str) -> Key:
        return *kind(id_), tone_of(facts.components[id_])

    ways = (
        kept(lambda id_: (*kind(id_), site_of(system, id_), fate_of(facts.components[id_]))),
        kept(lambda id_: (*tone(id_), site_of(system, id_))),
        kept(tone),
        tone,
    )
    return next((way for way in ways if len({way(id_) for id_ in reached}) <= most), tone)


def _worst_of(groups: Mapping[Key, list[str]], facts: Facts, origins: Collection[str], most: int) -> list[list[str]]:
    """Return the groups that are drawn, in the order of the file: what failed first, then services, then the worst."""
    if len(groups) <= most:
        return list(groups.values())
    place = {each.id: i for i, each in enumerate((*affected_services(facts), *affected_others(facts)))}

    def rank(members: list[str]) -> tuple[bool, int]:
        return members[0] not in origins, min(place.get(each, len(place)) for each in members)

    chosen = sorted(groups.values(), key=rank)[:most]
    kept = {each[0] for each in chosen}
    return [each for each in groups.values() if each[0] in kept]


def _node_id(members: Sequence[str]) -> str:
    """Return the id of a node: that of its component, or one that no component has (ids have no blanks)."""
    return members[0] if len(members) == 1 else f"{members[0]} and {len(members) - 1} more"


def _node(system: System, facts: Facts, id_: str, members: Sequence[str], origins: Collection[str]) -> Node:
    all_ = [facts.components[each] for each in members]
    first = all_[0]
    sites = {site_of(system, each.id) for each in all_}
    worst: Tone = next(tone for tone in ("critical", "high", "medium", "good") if any(tone_of(c) == tone for c in all_))
    return Node(
        id=id_,
        name=clean(first.name) if len(all_) == 1 else counted(len(all_), clean(first.kind), many_of(first.kind)),
        kind=first.kind,
        site=sites.pop() if len(sites) == 1 else "",
        tone=worst,
        word=fate_of(first) if len(all_) == 1 else _fate_of_all(all_),
        is_origin=any(each in origins for each in members),
        n_components=len(all_),
    )


def _fate_of_all(components: Sequence[ComponentFacts]) -> str:
    """Say how several components fared that fared alike, or nearly so."""
    words = list(dict.fromkeys(fate_of(each) for each in components))
    if len(words) == 1:
        return words[0]
    down = sorted(each.down_ms for each in components)
    if tone_of(components[0]) == "high":
        least, longest = about_duration(down[0]), about_duration(down[-1])
        return f"down {longest}" if least == longest else f"down {least} to {longest}"
    return f"degraded up to {about_duration(max(each.degraded_ms for each in components))}"


_MANY = {
    "power": "power sources", "connectivity": "links", "cooling": "cooling units", "data": "data stores",
}  # fmt: skip


def many_of(kind: str) -> str:
    """Return the word for several components of a kind.

    Examples
    --------
    >>> many_of("host"), many_of("power"), many_of("facility"), many_of("box")
    ('hosts', 'power sources', 'facilities', 'box components')
    """
    if kind in _MANY:
        return _MANY[kind]
    if kind.endswith("y") and kind[-2:-1] not in "aeiou":
        return f"{clean(kind[:-1])}ies"
    return f"{clean(kind)} components" if kind.endswith(("s", "x", "z", "ch", "sh")) else f"{clean(kind)}s"


# Where things stand.


def site_of(system: System, id_: str) -> str:
    """Return the site where a component stands: itself if it is one, else what it is at, or the one site that it needs."""
    component = system.components.get(id_)
    if component is None:
        return ""
    if component.kind == "site":
        return id_
    if component.at is not None:
        return component.at
    sites = [
        member
        for need in component.needs
        if len(need.members()) == 1
        for member in need.members()
        if (found := system.components.get(member)) is not None and found.kind == "site"
    ]
    return sites[0] if len(sites) == 1 else ""


def _name_of_site(system: System, site: str) -> str:
    return clean(system.components[site].name or site) if site in system.components else clean(site)


# Arrows.


def _arrows(
    system: System, facts: Facts, node_of: Mapping[str, str], n_nodes: int
) -> tuple[tuple[tuple[str, str, bool], ...], bool]:
    """Return the arrows between nodes, and whether they are all there are."""
    lossy = dict.fromkeys(_between(_loss_pairs(facts, node_of), node_of))
    others = dict.fromkeys(each for each in _between(_needs(system, node_of), node_of) if each not in lossy)
    # What one of a pile needs is not what all of it needs.
    has_all = n_nodes == len(node_of) and len(lossy) + len(others) <= _ARROWS_FOR_EACH * n_nodes
    quiet = others if has_all else {}
    return (*((*each, True) for each in lossy), *((*each, False) for each in quiet)), has_all


def _between(pairs: Iterable[tuple[str, str]], node_of: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for user, used in pairs:
        if user in node_of and used in node_of and node_of[user] != node_of[used]:
            yield node_of[user], node_of[used]


def _loss_pairs(facts: Facts, node_of: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Return who lost its level, and what decided it."""
    for component in facts.components.values():
        if component.id not in node_of:
            continue
        for why in component.why:
            cause = why.cause
            while cause is not None and _is_id_of_step(facts, cause.link.component):
                cause = cause.cause
            if why.level < 1.0 and cause is not None:
                yield component.id, cause.link.component


def _needs(system: System, node_of: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Return who needs what; that a thing stands at its site is said by the frame around it."""
    for id_ in node_of:
        component = system.components.get(id_)
        if component is None:
            continue
        site = site_of(system, id_)
        for member in _leans_on(system, component):
            if member != site:
                yield id_, member


def _leans_on(system: System, component: Component) -> Iterable[str]:
    """Return the members of the needs of a component; instead of a step what runs with it."""
    for need in component.needs:
        for member in need.members():
            step = _step_in(system, member)
            if step is None:
                yield member
            elif need.to != "repair":  # what a repair takes is no part of the system
                yield from _behind(system, step)


def _behind(system: System, step: Component) -> Iterable[str]:
    """Return what a step brings into service."""
    for need in step.needs:
        if need.to != "repair":
            yield from (member for member in need.members() if _step_in(system, member) is None)


def _step_in(system: System, id_: str) -> Component | None:
    component = system.components.get(id_)
    return component if component is not None and component.kind == "step" and id_.startswith(RESERVED) else None
