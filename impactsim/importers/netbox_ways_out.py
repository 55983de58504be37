"""Which way a network leads out, guessed by distance from the lines that do.

Lines that lead out of the organisation are at distance 0, what is cabled to them at 1, and so on (breadth-first search from all
of them at a time). A device needs any of its neighbours that are one step nearer. But a line needs the device in which it ends,
so that device must not need the line as well: what stands behind the device needs the line in its place. No circle comes of
this: each step leads nearer, or through a line to a device that needs nothing on its way out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from impactsim.importers.netbox_estate import Estate, n_of
from impactsim.importers.netbox_network import Network, is_line


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
        ways = self._ways()
        if is_wanted:
            self._add(ways)
        else:
            self._tell(ways)

    def _add(self, ways: dict[str, list[str]]) -> None:
        for node, members in ways.items():
            self._network.need(node, members, "guessed")
        if ways:
            told = (
                f"network: the ways out of {n_of(len(ways), 'device')} and lines were read off the distance from lines"
            )
            words = "without a way out, what is behind it counts as down, but for the device in which a line ends"
            self._estate.draft.remark(f"{told} (guessed): {words}")
        distance = self._distance
        if n := sum(distance.get(one) == distance.get(other) for one, other in self._network.links()):
            what = "links between network devices of which nobody can see which way leads out"
            self._estate.draft.leave_out(what, n)

    def _tell(self, ways: dict[str, list[str]]) -> None:
        if n := len(self._network.links()):
            self._estate.draft.leave_out(
                "links between network devices: cables do not say which end needs the other", n
            )
        if ways:
            links = n_of(sum(map(len, ways.values())), "way", "ways")
            told = f"network: {links} out through lines left out: nothing inside counts as down because a line is gone"
            self._estate.draft.remark(f"{told}; --ways-out makes needs of them (guessed)")

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

    def _ways(self) -> dict[str, list[str]]:
        """Return what each device and each line needs any of on its way out."""
        ways = {}
        for node in self._distance:
            nearer = self._nearer(node)
            leads_on = self._has_farther(node) if is_line(node) else not any(map(is_line, nearer))
            if nearer and leads_on:
                ways[node] = self._through(nearer)
        for host, access in self._network.hosts().items():
            if (members := self._through(access)) != access:
                ways[host] = members
        return ways

    def _nearer(self, node: str) -> list[str]:
        own = self._distance[node]
        return [each for each in self._network.neighbours(node) if self._distance[each] < own]

    def _has_farther(self, node: str) -> bool:
        own = self._distance[node]
        return any(self._distance[each] > own for each in self._network.neighbours(node))

    def _through(self, members: Iterable[str]) -> list[str]:
        """Return members with the lines that end in a device in its place, where all its ways out lead through them."""
        found = dict[str, None]()
        for member in members:
            nearer = self._nearer(member) if member in self._distance and not is_line(member) else []
            found |= dict.fromkeys(nearer if nearer and all(map(is_line, nearer)) else [member])
        return list(found)
