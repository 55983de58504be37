"""What several components lean on: the single events that take down so many of them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from impactsim.audit.estate import Estate
from impactsim.audit.redundancies import Redundancy
from impactsim.exact.single import single_points


class Leaning:
    """Which events take down some components alone, worked out for all of them at once.

    Parameters
    ----------
    estate
        The system.
    components
        Those that will be asked about, by number.
    """

    def __init__(self, estate: Estate, components: Iterable[int]) -> None:
        events = [event for event, chance in enumerate(estate.chances) if chance.can_fail]
        self._points = single_points(estate.compiled, estate.causes, sorted(set(components)), events=events)

    def on(self, component: int) -> list[int]:
        """Return the events that take a component down alone, its own failure included, by number."""
        return self._points.of(component)

    def together(self, components: Sequence[int], to_lose: int) -> list[int]:
        """Return the events each of which takes down at least so many of some components, by number."""
        if to_lose == len(components):
            shared = set(self._points.of(components[0]))
            for component in components[1:]:
                # Nothing in common is the rule; it is known as soon as nothing is left.
                if not shared:
                    break
                shared.intersection_update(self._points.of(component))
            return sorted(shared)
        times = Counter(event for component in components for event in self._points.of(component))
        return sorted(event for event, n in times.items() if n >= to_lose)

    def shared(self, redundancy: Redundancy) -> list[int]:
        """Return the single events that take down so many members of a redundancy that the rest is too few, by number."""
        return self.together(redundancy.members, redundancy.to_lose)


def leaning_of(estate: Estate, found: Iterable[Redundancy]) -> Leaning:
    """Work out what the members of some redundancies lean on."""
    return Leaning(estate, (member for each in found for member in each.members))


class Damage(NamedTuple):
    """What some failures do to the users."""

    services: tuple[int, ...]
    """Services that go down, by number."""
    users: float
    """How many people lose something."""
    share: float
    """The same as a share of all."""


class Damages:
    """What failures do, each set of them looked at once.

    Parameters
    ----------
    estate
        The system.
    """

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._known: dict[tuple[int, ...], Damage] = {}
        self._same: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._ids: dict[tuple[int, ...], tuple[str, ...]] = {}

    def of(self, events: tuple[int, ...]) -> Damage:
        """Return what some events do together, by their numbers."""
        if events not in self._known:
            down = self.estate.down(*events)
            services = tuple(self.estate.services_down(down))
            # Many failures take down the same services: they are kept once.
            services = self._same.setdefault(services, services)
            self._known[events] = Damage(services, self.estate.users_lost(down), self.estate.share_lost(down))
        return self._known[events]

    def ids_of(self, services: tuple[int, ...]) -> tuple[str, ...]:
        """Return the ids of services; the same tuple for the same services, of which there may be very many."""
        if services not in self._ids:
            self._ids[services] = self.estate.ids_of(services)
        return self._ids[services]
