"""Channels (a status page, an SMS gateway) that fail with the services whose failure they are to tell.

For each component of kind ``channel`` one finding, with the events behind it: whatever takes down both the channel and a service that
somebody uses. It is a small matter while another channel stays. A channel that comes back only after a switch to
its standby is late: its first way of being edited needs what failed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity, severity_of_loss
from impactsim.audit.single_points import listed, path_through
from impactsim.compiled import GROUP
from impactsim.exact.propagation import Criterion, counts
from impactsim.exact.single import SinglePoints, single_points
from impactsim.quantities import format_duration

_N_EVENTS = 5  # events that are told of one channel


class _Case(NamedTuple):
    """An event that takes down services and a channel, or the first way of it."""

    event: int
    services: tuple[int, ...]
    share: float
    users: float
    others: tuple[int, ...]
    """Channels that stay."""


class _Late(NamedTuple):
    """A channel that waits for a switch when its first member is gone."""

    channel: int
    first: int
    second: int
    failover_ms: int


def channels_of(estate: Estate) -> list[int]:
    """Return the numbers of the components of kind channel."""
    return [i for i, each in enumerate(estate.system.components.values()) if each.kind == "channel"]


def channel_findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return the findings of kind ``channel-down`` and ``channel-late``, in the order of the channels in the file."""
    channels = channels_of(estate)
    asked = set(services) - estate.down()
    if not channels or not asked:
        return []
    late = [each for channel in channels if (each := _late(estate, channel)) is not None]
    targets = sorted({*channels, *(each.first for each in late), *estate.services})
    can_fail = [event for event, chance in enumerate(estate.chances) if chance.can_fail]
    both = _Both(estate, asked, channels, single_points(estate.compiled, estate.causes, targets, events=can_fail))
    found = [_finding(estate, channel, cases) for channel in channels if (cases := both.cases(channel))]
    found += [_finding_of_late(estate, each, cases) for each in late if (cases := both.cases(each.first, each.channel))]
    return found


class _Both:
    """What takes down channels and services at once."""

    def __init__(self, estate: Estate, asked: set[int], channels: Sequence[int], points: SinglePoints) -> None:
        self.estate = estate
        self.asked = asked
        self.channels = channels
        self.points = points

    def cases(self, component: int, channel: int | None = None) -> list[_Case]:
        """Return the events that take down a component with a service, but not the channel that it is a part of; the worst first."""
        cases = []
        unwanted = set() if channel is None else set(self.points.of(channel))
        for event in self.points.of(component):
            if event in unwanted:
                continue
            down = set(self.points.takes_down(event))
            hit = down & self.asked
            used = hit & self.estate.users_of.keys() if self.estate.people else hit
            if used - {component}:
                others = tuple(each for each in self.channels if each not in down and each not in (component, channel))
                share, users = self.estate.share_lost(down), self.estate.users_lost(down)
                cases.append(_Case(event, tuple(sorted(hit)), share, users, others))
        return sorted(cases, key=lambda case: (bool(case.others), -case.share, -len(case.services), case.event))


def _late(estate: Estate, channel: int) -> _Late | None:
    """Return the first standby group of a channel whose switch takes time."""
    compiled = estate.compiled
    for need in range(compiled.need_from[channel], compiled.need_from[channel + 1]):
        first, after = compiled.slot_from[need], compiled.slot_from[need + 1]
        if not counts(compiled, need, Criterion.DOWN) or compiled.need_form[need] != GROUP or after - first < 2:
            continue
        wait_ms, soonest = min((compiled.slot_failover_ms[slot], slot) for slot in range(first + 1, after))
        if wait_ms > compiled.need_full[need] // compiled.need_drain[need]:
            return _Late(channel, compiled.slot_component[first], compiled.slot_component[soonest], wait_ms)
    return None


# Words.


def _finding(estate: Estate, channel: int, cases: Sequence[_Case]) -> Finding:
    name, worst = estate.id_of(channel), cases[0]
    events = [estate.id_of(case.event) for case in cases]
    hit = sorted({service for case in cases for service in case.services})
    rest = (
        f"only {listed(estate.ids_of(worst.others))} can say so then"
        if worst.others
        else "and no other channel can say so then"
        if len(channels_of(estate)) > 1
        else "and it is the only channel"
    )
    return Finding(
        id=f"channel-down/{name}",
        kind="channel-down",
        severity=Severity.LOW if worst.others else _severity(worst.share),
        text=f"{name} goes down with the services that it is to report: it needs {listed(events)}; {rest}",
        services=estate.ids_of(hit),
        events=tuple(events),
        users=worst.users,
        evidence=tuple(_evidence(estate, channel, cases)),
        remedy=f"run {name}, or another channel, on nothing that {listed(events)} {'takes' if len(events) == 1 else 'take'} down",
        figures=(("events", float(len(cases))), ("channels_left", float(len(worst.others)))),
    )


def _finding_of_late(estate: Estate, late: _Late, cases: Sequence[_Case]) -> Finding:
    name, first, worst = estate.id_of(late.channel), estate.id_of(late.first), cases[0]
    events = [estate.id_of(case.event) for case in cases]
    hit = sorted({service for case in cases for service in case.services})
    wait = format_duration(late.failover_ms)
    return Finding(
        id=f"channel-late/{name}",
        kind="channel-late",
        severity=Severity.LOW if worst.others else Severity.MEDIUM,
        text=f"{name} cannot report what {listed(events)} {'takes' if len(events) == 1 else 'take'} down for {wait}: "
        f"{first} goes down too, and the switch to {estate.id_of(late.second)} takes so long",
        services=estate.ids_of(hit),
        events=tuple(events),
        users=worst.users,
        evidence=tuple(_evidence(estate, late.first, cases)),
        remedy=f"make {first} independent of {listed(events)}, or be able to switch {name} over at once",
        figures=(("events", float(len(cases))), ("late_ms", float(late.failover_ms))),
    )


def _severity(share: float) -> Severity:
    """Nobody can be told: at most high, because what is lost with the service is said elsewhere."""
    return min(Severity.HIGH, severity_of_loss(share))


def _evidence(estate: Estate, component: int, cases: Sequence[_Case]) -> Iterator[str]:
    for case in cases[:_N_EVENTS]:
        others = listed(estate.ids_of(case.others))
        stays = f"{others} {'stay' if len(case.others) > 1 else 'stays'}" if others else "no other channel stays"
        with_it = [service for service in case.services if service not in {case.event, component}]
        yield f"{estate.id_of(case.event)} takes down {listed(estate.ids_of(with_it or case.services))}; {stays}"
        yield path_through(estate, estate.down(case.event), component, case.event)
    if len(cases) > _N_EVENTS:
        yield f"and {len(cases) - _N_EVENTS:,} more"
