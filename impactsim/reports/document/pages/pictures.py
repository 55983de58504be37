"""The figures of a run: levels and users over time, and the map, each with the table that says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from impactsim.engine.users import Range
from impactsim.model.system import System
from impactsim.quantities import about_share
from impactsim.reports.document.blocks import (
    BandsPicture,
    Block,
    Clock,
    Column,
    Details,
    Figure,
    LevelsPicture,
    Paragraph,
    Sign,
    Strip,
    Table,
    Words,
)
from impactsim.reports.document.map_choice import MapChoice, choose, fate_of, many_of, tone_of
from impactsim.reports.document.reach import seen_until, unchanged_words
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.reports.headline import affected_others, affected_services, kept_up_by
from impactsim.reports.words import Times, bounds, clean, counted, exact, is_exact, joined, people, times_of

_MOST_SERVICES, _MOST_OTHERS = 24, 16
_MOST_NAMES = 3
_MOST_CHANGES = 6
_MOST_POINTS = 40


def clock_of(facts: Facts) -> Clock:
    """Return how the times of a run are written along an axis."""
    return Clock(facts.starts)


# Levels.


def levels_figure(facts: Facts) -> Figure | None:
    """Return what was down or degraded over time, those that fared alike in one strip; None if nothing was."""
    alike = [
        *_alike(affected_services(facts))[:_MOST_SERVICES],
        *_alike([*affected_others(facts), *_on_reserve(facts)])[:_MOST_OTHERS],
    ]
    if not alike:
        return None
    times = times_of(facts)
    n_told = sum(map(len, alike))
    n_all = sum(each.was_affected for each in facts.components.values()) + len(_on_reserve(facts))
    rest = f" {counted(n_all - n_told, 'other component')} that fared better: see the tables." if n_all > n_told else ""
    text = (
        f"{counted(len(alike), 'strip')}, services first. The coloured part of a strip is the share that was lost; "
        f"components that fared alike share one.{rest}"
    )
    strips = tuple(_strip(each) for each in alike)
    until_ms = seen_until(_changes_of(strips), facts.end_ms)
    return Figure(
        "levels",
        "Levels over time",
        text + unchanged_words(until_ms, facts.end_ms, times),
        LevelsPicture(strips, max(until_ms, 60_000), clock_of(facts)),
        Table(
            "Levels over time",
            (Column("components"), Column("levels"), Column("on reserve")),
            tuple((_label(each), _changes(times, each[0]), _reserves(times, each[0])) for each in alike),
        ),
    )


def _changes_of(strips: Sequence[Strip]) -> Iterator[int]:
    for strip in strips:
        yield from (at_ms for at_ms, _ in strip.levels)
        yield from (at_ms for reserve in strip.reserves for at_ms in reserve)


def _on_reserve(facts: Facts) -> list[ComponentFacts]:
    return [
        each
        for each in facts.components.values()
        if not each.was_affected and any(kept_up_by(each, reserve) for reserve in each.reserve)
    ]


def _alike(components: Sequence[ComponentFacts]) -> list[list[ComponentFacts]]:
    groups: dict[object, list[ComponentFacts]] = {}
    for each in components:
        groups.setdefault((each.levels, tuple(_spans(each))), []).append(each)
    return list(groups.values())


def _spans(component: ComponentFacts) -> list[tuple[int, int]]:
    """Return the times on reserve, as far as it kept the component up."""
    return [(each.from_ms, each.to_ms) for each in component.reserve if kept_up_by(component, each)]


def _strip(components: Sequence[ComponentFacts]) -> Strip:
    return Strip(_label(components), components[0].levels, tuple(_spans(components[0])))


def _label(components: Sequence[ComponentFacts]) -> str:
    return joined([clean(each.name) for each in components], _MOST_NAMES)


def _changes(times: Times, component: ComponentFacts) -> str:
    changes = [f"{times.at(at_ms)} {_level(level)}" for at_ms, level in component.levels]
    if len(changes) > _MOST_CHANGES + 1:
        left = len(changes) - _MOST_CHANGES
        changes = [*changes[: _MOST_CHANGES - 1], f"{left} more changes", changes[-1]]
    return ", ".join(changes)


def _level(level: float) -> str:
    return "up" if level >= 1.0 else "down" if level <= 0.0 else about_share(level)


def _reserves(times: Times, component: ComponentFacts) -> str:
    return joined([times.span(*each) for each in _spans(component)], _MOST_NAMES) or "-"


# Users.


def users_figure(facts: Facts) -> Figure | None:
    """Return how many people were affected over time; None where nobody was, or nothing is known of them."""
    if not facts.has_users or facts.users.affected.high <= 0.0:
        return None
    curve = facts.users.curve
    until_ms = seen_until((at for (_, before), (at, after) in pairwise(curve) if before != after), facts.end_ms)
    has_estimate = all(value.estimate is not None for _, value in curve)
    picture = BandsPicture(
        tuple((at_ms, value.low, _middle(value), value.high) for at_ms, value in curve),
        max(until_ms, 60_000),
        "people affected",
        "at least to at most" if has_estimate else "at least to at most; the line is the upper bound",
        clock_of(facts),
    )
    middle = "The line is the estimate, the band the bounds" if has_estimate else "Only bounds are known"
    text = f"{middle}; at most {_people(facts.users.peak)} people at one time."
    text += unchanged_words(until_ms, facts.end_ms, times_of(facts))
    return Figure("users-over-time", "People affected over time", text, picture, _users_table(facts))


def _middle(value: Range) -> float:
    return value.high if value.estimate is None else value.estimate


def _people(value: Range) -> str:
    if is_exact(value):
        return exact(value.high)
    return bounds(value) if value.estimate is None else f"about {people(value.estimate)}"


def _users_table(facts: Facts) -> Table:
    times = times_of(facts)
    curve = facts.users.curve
    step = max(1, -(-len(curve) // _MOST_POINTS))
    kept = [each for i, each in enumerate(curve) if i % step == 0 or i == len(curve) - 1]
    some = f" (one of {step} changes)" if step > 1 else ""
    return Table(
        f"People affected over time{some}",
        (Column("from"), Column("affected", True), Column("at least", True), Column("at most", True)),
        tuple(
            (times.at(at_ms), "-" if value.estimate is None else people(value.estimate, 3), people(value.low, 3), people(value.high, 3))
            for at_ms, value in kept
        ),
    )  # fmt: skip


# The map.


def map_blocks(system: System, facts: Facts) -> list[Block]:
    """Return the map, and what stands in its piles and what is not on it; nothing if the run reached nothing."""
    chosen = choose(system, facts)
    if not chosen.picture.nodes:
        return []
    blocks: list[Block] = [_map_figure(chosen)]
    piles = [(id_, members) for id_, members in chosen.members.items() if len(members) > 1]
    if piles:
        blocks.append(_piles(facts, chosen, piles))
    if chosen.left_out:
        blocks.append(_left_out(facts, chosen))
    return blocks


def _map_figure(chosen: MapChoice) -> Figure:
    picture = chosen.picture
    began = joined([node.name for node in picture.nodes if node.is_origin], 4)
    quiet = "" if chosen.has_all_arrows else " Other dependencies are not drawn."
    text = (
        f"Services stand on the left, what they lean on to their right; frames are sites. "
        f"Heavy arrows go from what was lost to why{f', back to {began}' if began else ''}.{quiet}"
    )
    leans: dict[str, list[str]] = {}
    names = {node.id: node.name for node in picture.nodes}
    for user, used, is_loss in picture.arrows:
        if is_loss:
            leans.setdefault(user, []).append(names[used])
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (node.name, node.kind, picture.sites.get(node.site, "-"), Sign(node.tone, node.word),
         "it began here" if node.is_origin else joined(leans.get(node.id, []), 4) or "-")
        for node in picture.nodes
    )  # fmt: skip
    columns = tuple(map(Column, ("component", "kind", "site", "what became of it", "the loss came from")))
    return Figure("map", "What the loss reached", text, picture, Table("What the loss reached", columns, rows))


def _piles(facts: Facts, chosen: MapChoice, piles: Sequence[tuple[str, tuple[str, ...]]]) -> Details:
    names = {node.id: node for node in chosen.picture.nodes}
    rows: list[tuple[Words, ...]] = []
    for id_, members in piles:
        for member in members:
            component = facts.components[member]
            rows.append((clean(component.name), names[id_].name, Sign(tone_of(component), fate_of(component))))
    columns = (Column("component"), Column("on the map among"), Column("what became of it"))
    table = Table("Components that share a box of the map", columns, tuple(rows))
    return Details(f"{counted(len(rows), 'component')} that share a box", (table,))


def _left_out(facts: Facts, chosen: MapChoice) -> Details:
    kinds: dict[str, list[str]] = {}
    for id_ in chosen.left_out:
        kinds.setdefault(facts.components[id_].kind, []).append(clean(facts.components[id_].name))
    lines = tuple(Paragraph(f"{many_of(kind)}: {', '.join(names)}.") for kind, names in kinds.items())
    return Details(f"{counted(len(chosen.left_out), 'component')} not on the map", lines)
