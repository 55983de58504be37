"""Users written down as objects, and made into the columns that the engine counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf, isinf

from impactsim.audience import Steps
from impactsim.compiled import Audience
from impactsim.engine.record import Record
from impactsim.engine.users import Affected, affected_users


@dataclass(frozen=True, slots=True)
class Workaround:
    """A workaround of a service: what it covers, when, and whether its own needs are met."""

    covers: float
    after_ms: int
    lasts_ms: int
    """-1 for ever."""
    levels: Steps
    """Level of what it needs."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service as its users see it."""

    levels: Steps
    workarounds: Sequence[Workaround] = ()
    roots: Sequence[int] = ()
    """What each of the levels goes back to; -1 if not given."""


@dataclass(frozen=True, slots=True)
class Group:
    """Users of one sort: a segment, or all users where only counts per service are known."""

    count: float
    """People in the segment, or the population (infinite if it is not known)."""
    uses: Mapping[str, float]
    """Share of them who use each service; for a population, how many people."""
    activity: Steps | None = None
    """Share of them who are there, over time."""
    is_population: bool = False


Services = Mapping[str, Service]
Groups = Mapping[str, Group]


def audience_of(services: Services, groups: Groups, until_ms: int = 10**12) -> Audience:
    """Make columns of groups (a population comes last); components are the services, then all workarounds."""
    assert not any(group.is_population for group in [*groups.values()][:-1])
    names = [*services, *{used: None for group in groups.values() for used in group.uses if used not in services}]
    workarounds = [(v, each) for v, name in enumerate(names) if name in services for each in services[name].workarounds]
    uses = [
        (g, names.index(used), float(share))
        for g, group in enumerate(groups.values())
        for used, share in group.uses.items()
    ]
    rows = [
        (g, [step for step in group.activity if step[0] <= until_ms])
        for g, group in enumerate(groups.values())
        if group.activity is not None
    ]
    return Audience(
        component_role=[*range(len(names) + len(workarounds)), -1],
        service_component=list(range(len(names))),
        workaround_from=_first([v for v, _ in workarounds], len(names)),
        usage_from=_first([v for _, v, _ in uses], len(names)),
        usage=sorted(range(len(uses)), key=lambda use: uses[use][1]),
        workaround_component=list(range(len(names), len(names) + len(workarounds))),
        workaround_service=[v for v, _ in workarounds],
        workaround_covers=[each.covers for _, each in workarounds],
        workaround_after_ms=[each.after_ms for _, each in workarounds],
        workaround_lasts_ms=[each.lasts_ms for _, each in workarounds],
        group_count=[-1.0 if isinf(group.count) else float(group.count) for group in groups.values()],
        group_is_population=[int(group.is_population) for group in groups.values()],
        group_activity=[next((row for row, (of, _) in enumerate(rows) if of == g), -1) for g in range(len(groups))],
        use_from=_first([g for g, _, _ in uses], len(groups)),
        use_group=[g for g, _, _ in uses],
        use_service=[v for _, v, _ in uses],
        use_share=[share for _, _, share in uses],
        activity_from=list(accumulate((len(steps) for _, steps in rows), initial=0)),
        activity_at_ms=[at_ms for _, steps in rows for at_ms, _ in steps],
        activity_share=[share for _, steps in rows for _, share in steps],
        activity_until_ms=[until_ms],
    )


def _first(keys: list[int], n: int) -> list[int]:
    return list(accumulate((keys.count(key) for key in range(n)), initial=0))


def record_of(services: Services, groups: Groups) -> Record:
    """Make the record of a run in which services and workarounds had their levels, between changes of no concern."""
    names = [*services, *{used: None for group in groups.values() for used in group.uses if used not in services}]
    number = len(names)
    entries: list[tuple[int, int, float, int]] = []
    for v, name in enumerate(names):
        if name in services:
            roots = services[name].roots or [-1] * len(services[name].levels)
            entries += [
                (at_ms, v, level, root) for (at_ms, level), root in zip(services[name].levels, roots, strict=True)
            ]
            for each in services[name].workarounds:
                entries += [(at_ms, number, level, -1) for at_ms, level in each.levels]
                number += 1
    entries += [(at_ms, number, 0.5, 0) for at_ms in {each[0] for each in entries}]
    # What begins whole has no entry for it.
    entries = sorted(each for each in entries if each[0] > 0 or each[2] < 1.0)
    room = [0] * 3
    columns = {name: list(room) for name in Record._fields}
    columns["at_ms"] = [at_ms for at_ms, _, _, _ in entries] + room
    columns["component"] = [component for _, component, _, _ in entries] + room
    columns["root"] = [root for _, _, _, root in entries] + room
    columns["used"] = [len(entries), 0, 0]
    return Record(**{**columns, "level": [level for _, _, level, _ in entries] + [0.0] * 3})  # type: ignore[arg-type]


def count(services: Services, groups: Groups, end_ms: int) -> tuple[dict[str, Affected], Affected]:
    """Let the engine count."""
    parts, together = affected_users(audience_of(services, groups), record_of(services, groups), end_ms)
    return dict(zip(groups, parts, strict=True)), together


UNKNOWN = inf
"""The population that nobody gave."""
