"""Which way a network leads out, guessed by distance from the lines that do.

Lines that lead out of the organisation are at distance 0, what is cabled to them at 1, and so on (breadth-first search from all
of them at a time). A device needs any of its neighbours that are one step nearer. But a line needs the device in which it ends,
so that device must not need the line as well: what stands behind the device needs the line in its place. So each step leads
nearer, or through a line to a device that needs nothing on its way out, and no circle comes of it; if one comes of something
else, such as a card in a chassis, the guess is given up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from impactsim.graphs import strongly_connected
from impactsim.importers.netbox.estate import Estate, n_of
from impactsim.importers.netbox.network import Network, is_line

Way = tuple[str, list[str]]
"""What needs a way out, and what it needs any of."""


class WaysOut:
    """What needs the way out of the network: nothing, unless it is wanted.

    Parameters
    ----------
    estate, network
        What was read, and what its cables say.
    is_wanted
        Whether needs are made of it; otherwise it is told how many there are.
    """

    def __init__(self, estate: Estate, network: Network, *, is_wanted: bool) -> None:
        self._estate = estate
        self._network = network
        self._distance = self._distances()
        self._nearer = {node: self._neighbours(node, -1) for node in self._distance}
        """Of each network device and each line: its neighbours on the way out."""
        ways = [*self._ways_of_network(), *self._ways_of_hosts()]
        if is_wanted:
            self._add(ways)
        else:
            self._tell(ways)

    def _add(self, ways: list[Way]) -> None:
        sound = self._without_circles(ways)
        for node, members in sound:
            self._network.need(node, members, "guessed")
        if n := len({node for node, _ in sound}):
            told = f"network: the ways out of {n_of(n, 'device')} and lines were read off the distance from lines (guessed)"
            words = "without a way out, what is behind it counts as down, but for the device in which a line ends"
            self._estate.draft.remark(f"{told}: {words}")
        if n := len(ways) - len(sound):
            self._estate.draft.leave_out("ways out that would lead in a circle", n)
        distance = self._distance
        if n := sum(distance.get(one) == distance.get(other) for one, other in self._network.links()):
            what = "links between network devices of which nobody can see which way leads out"
            self._estate.draft.leave_out(what, n)

    def _tell(self, ways: list[Way]) -> None:
        n_links = len(self._network.links())
        if n := len({node for node, _ in ways if not is_line(node)}):
            told = f"network: no need was made of {n_of(n_links, 'link')} between network devices"
            words = f"--ways-out lets {n_of(n, 'device')} do so (guessed)"
            self._estate.draft.remark(f"{told}, so none counts as down because a line is gone; {words}")
        elif n_links:
            self._estate.draft.leave_out(
                "links between network devices: no cable says which end needs the other", n_links
            )

    # Which way leads out.

    def _distances(self) -> dict[str, int]:
        """Return how many steps each network device and each line is from outside."""
        lines = [node for node in self._network.nodes() if is_line(node) and self._network.leads_out(node)]
        distance = dict.fromkeys(lines, 0)
        waiting = deque(lines)
        while waiting:
            node = waiting.popleft()
            for each in self._network.neighbours(node):
                if each not in distance:
                    distance[each] = distance[node] + 1
                    waiting.append(each)
        return distance

    def _ways_of_network(self) -> Iterator[Way]:
        """Yield what each device and each line between sites needs any of on its way out."""
        for node, nearer in self._nearer.items():
            leads_on = self._neighbours(node, +1) if is_line(node) else not any(map(is_line, nearer))
            if nearer and leads_on:
                through = self._through(nearer)
                yield node, through
                if through != nearer and any(map(self._network.is_shared, through)):
                    yield node, nearer  # the line is there without the device on this side

    def _ways_of_hosts(self) -> Iterator[Way]:
        """Yield the lines that end in the devices to which a host is cabled, beside these devices."""
        for host, access in self._network.hosts().items():
            if (through := self._through(access)) != access:
                yield host, through

    def _neighbours(self, node: str, step: int) -> list[str]:
        """Return the neighbours that are so much farther from outside."""
        wanted = self._distance[node] + step
        return [each for each in self._network.neighbours(node) if self._distance[each] == wanted]

    def _through(self, members: Iterable[str]) -> list[str]:
        """Return members, and in place of a device all whose ways out are lines that end in it, these lines."""
        found = dict[str, None]()
        for member in members:
            nearer = [] if is_line(member) else self._nearer.get(member, [])
            found |= dict.fromkeys(nearer if nearer and all(map(is_line, nearer)) else [member])
        return list(found)

    def _without_circles(self, ways: list[Way]) -> list[Way]:
        """Return the ways of which no device comes to need itself."""
        parts = self._estate.draft.parts
        number = {key: n for n, key in enumerate(parts)}
        successors = [
            [number[each] for link in part.needs.values() for each in link.members if each in number]
            for part in parts.values()
        ]
        for node, members in ways:
            successors[number[node]].extend(number[each] for each in members)
        group = {n: position for position, each in enumerate(strongly_connected(successors)) for n in each}
        return [
            (node, members)
            for node, members in ways
            if all(group[number[node]] != group[number[each]] for each in members)
        ]
