"""Findings of the graph that are one thing for whoever acts on them, put together: in series, of one group, of one hand.

What is put together is not lost: the others become evidence of the one that leads, and what they speak of stands among its components.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Severity
from impactsim.review.facts import PlanFinding

_SUSPICIOUS = "DR06/suspicious/"
_HAND = "DR06/concentration/"

Leads = dict[str, tuple[str, str]]
"""By the id of a finding: that of the one that leads, and what the first one is to it, as evidence."""


def sharper(estate: Estate, found: Sequence[PlanFinding]) -> list[PlanFinding]:
    """Return fewer findings that say the same.

    Parameters
    ----------
    estate
        The system, ready to be asked.
    found
        What the audit found, as findings of the review.
    """
    leads = {**_in_series(estate, found), **_of_one_group(found), **_of_one_hand(found)}
    return _of_one_thing(estate, _joined(found, leads))


def _joined(found: Sequence[PlanFinding], leads: Leads) -> list[PlanFinding]:
    led: dict[str, list[tuple[str, PlanFinding]]] = {}
    for each in found:
        if each.id in leads:
            leader, told = leads[each.id]
            led.setdefault(leader, []).append((told, each))
    return [_with(each, led.get(each.id, ())) for each in found if each.id not in leads]


def _with(finding: PlanFinding, others: Iterable[tuple[str, PlanFinding]]) -> PlanFinding:
    for told, other in others:
        finding = replace(
            finding,
            services=tuple(dict.fromkeys((*finding.services, *other.services))),
            evidence=(*finding.evidence, told),
            components=tuple(dict.fromkeys((*finding.components, *other.components))),
        )
    return finding


# Single points in series: who takes the others along leads, and whoever has mended it sees what is next.


def _in_series(estate: Estate, found: Sequence[PlanFinding]) -> Leads:
    # What is of low severity may not fail at all, and leads nothing.
    points = [
        each for each in found if each.code == "DR05" and each.severity > Severity.LOW and len(each.components) == 1
    ]
    by_services: dict[tuple[str, ...], list[PlanFinding]] = {}
    for each in points:
        by_services.setdefault(tuple(sorted(each.services)), []).append(each)
    leads: Leads = {}
    for group in by_services.values():
        takes = {each.id: _taken(estate, each) for each in group} if len(group) > 1 else {}
        for each in group if takes else ():
            leader = _leader(each, group, takes)
            if leader is not None:
                told = f"{each.components[0]} alone takes down the same, and goes down with {leader.components[0]}"
                leads[each.id] = (leader.id, told)
    return leads


def _taken(estate: Estate, finding: PlanFinding) -> set[str]:
    return set(estate.ids_of(estate.down(estate.event_of(finding.components[0]))))


def _leader(each: PlanFinding, group: Sequence[PlanFinding], takes: dict[str, set[str]]) -> PlanFinding | None:
    """Return what takes a single point along and is led by nothing itself; the first of those, None without any."""

    def takes_along(one: PlanFinding, other: PlanFinding) -> bool:
        is_taken = other.components[0] in takes[one.id]
        # Of those that take each other along the first leads.
        is_mutual = one.components[0] in takes[other.id]
        return one is not other and is_taken and not (is_mutual and group.index(other) < group.index(one))

    above = [one for one in group if takes_along(one, each)]
    return next((one for one in above if not any(takes_along(other, one) for other in group)), None)


# What takes down a group only together with something else: one finding for the group, the likeliest first.


def _of_one_group(found: Sequence[PlanFinding]) -> Leads:
    def is_several(each: PlanFinding) -> bool:
        return each.code == "DR06" and (dict(each.figures).get("order", 0) > 1 or each.id.endswith("/more"))

    return _first_leads((each for each in found if is_several(each)), lambda each: each.id.rpartition("/")[0])


def _first_leads(found: Iterable[PlanFinding], place: Callable[[PlanFinding], str]) -> Leads:
    first: dict[str, str] = {}
    leads: Leads = {}
    for each in found:
        leader = first.setdefault(place(each), each.id)
        if leader != each.id:
            leads[each.id] = (leader, each.text)
    return leads


# What takes down a group with its standbys is not said again as a single point of the same services.

TAKES_DOWN_ALONE = "takes_down_alone"
"""Name of the figure of a finding that speaks for a single point too: how many services that takes down."""


def _of_one_thing(estate: Estate, found: Sequence[PlanFinding]) -> list[PlanFinding]:
    groups: dict[str, list[PlanFinding]] = {}
    for each in found:
        if _takes_group(each):
            groups.setdefault(each.components[0], []).append(each)
    points: dict[str, str] = {}
    for each in found:
        candidates = groups.get(each.components[0], ()) if each.code == "DR05" else ()
        leader = next((one for one in candidates if set(each.services) <= _behind_group(estate, one)), None)
        if leader is not None:
            points[each.id] = leader.id
    said = {points[each.id]: each for each in found if each.id in points}
    return [_and_alone(each, said[each.id]) if each.id in said else each for each in found if each.id not in points]


def _behind_group(estate: Estate, group: PlanFinding) -> set[str]:
    """Return what goes down with the owner of a group, itself included; nothing where that is a workaround."""
    owner = group.id.split("/")[1]
    return set(estate.ids_of(estate.down(estate.names.index[owner]))) if owner in estate.names.index else set()


def _takes_group(each: PlanFinding) -> bool:
    """Tell whether one thing takes down all of a group that somebody needs to serve: no copies, of which the data is one member."""
    _, owner, members = (*each.id.split("/"), "", "")[:3]
    is_one = each.code == "DR06" and dict(each.figures).get("order") == 1 and len(each.components) == 1
    return is_one and owner not in members.split("+")


def _and_alone(group: PlanFinding, point: PlanFinding) -> PlanFinding:
    return replace(
        group,
        severity=max(group.severity, point.severity),
        evidence=(*group.evidence, point.text),
        figures=(*group.figures, (TAKES_DOWN_ALONE, float(len(point.services)))),
    )


# A pair of one operator is not said again where all that the operator holds is said.


def _of_one_hand(found: Sequence[PlanFinding]) -> Leads:
    hands = [each for each in found if each.id.startswith(_HAND)]
    leads: Leads = {}
    for each in found:
        if each.id.startswith(_SUSPICIOUS):
            members = set(each.components)
            leader = next((hand for hand in hands if members and members <= set(hand.components)), None)
            if leader is not None:
                leads[each.id] = (leader.id, each.text)
    return leads
