"""Cables between devices of NetBox as needs: what a host is connected by, and which way the network leads out.

Cables have no direction. That a host needs the network devices that it is cabled to is clear. Between network devices it
is clear only where there is a way out: a device with a circuit that leads out of the organisation is at distance 0, what is
cabled to it at distance 1, and so on (breadth-first search from all ways out at a time). Each device needs any of its
neighbours that are one step nearer. What no way out can be seen from stays undirected: nothing is made of it.
"""

from __future__ import annotations

from collections import deque

from impactsim.importers.netbox_cables import Cables
from impactsim.importers.netbox_circuits import Circuits
from impactsim.importers.netbox_devices import Devices
from impactsim.importers.netbox_estate import Estate, n_of
from impactsim.importers.netbox_records import Record, model_of
from impactsim.model.provenance import Confidence

_LINKS = "links between network devices of which nobody can see which way leads out"


class Network:
    """What devices need of one another by their network cables."""

    def __init__(self, estate: Estate, devices: Devices, circuits: Circuits, cables: Cables) -> None:
        self._estate = estate
        self._devices = devices
        self._circuits = circuits
        self._next: dict[str, dict[str, Record]] = {}
        """Devices and circuits, what each is cabled to, and the interface that says so."""
        self._management = 0
        self._join(cables)
        self._add_needs_of_hosts()
        self._add_ways_out()
        if self._management:
            estate.draft.leave_out("cables of interfaces that serve for management only", self._management)

    def _join(self, cables: Cables) -> None:
        for interface in self._estate.records.of("dcim.interface", named_too=True):
            owner = self._node(interface.key)
            if not owner or not cables.is_cabled(interface):
                continue
            for end in cables.ends(interface.key):
                self._join_one(interface, owner, end)

    def _join_one(self, interface: Record, owner: str, end: str) -> None:
        other, record = self._node(end), self._estate.records.get(end)
        if not other or other == owner:
            return
        if interface.flag("mgmt_only") or (record is not None and record.flag("mgmt_only")):
            self._management += model_of(end) != "dcim.interface" or interface.key < end
            return
        self._next.setdefault(owner, {}).setdefault(other, interface)
        self._next.setdefault(other, {}).setdefault(owner, interface)

    def _node(self, end: str) -> str:
        """Return the device or the circuit behind an end of a cable, if it is in use."""
        if model_of(end) == "circuits.circuittermination":
            return self._circuits.of_end.get(end, "")
        record = self._estate.records.get(end) if model_of(end) == "dcim.interface" else None
        owner = record.refers("device", "dcim.device") if record is not None else ""
        return owner if self._devices.sorts.get(owner) in {"host", "network"} else ""

    def _is_network(self, node: str) -> bool:
        return self._devices.sorts.get(node) == "network" or model_of(node) == "circuits.circuit"

    def _add_needs_of_hosts(self) -> None:
        n = 0
        for host in self._devices.of_sort("host"):
            near = list(self._next.get(host.key, ()))
            access = [node for node in near if self._is_network(node)]
            self._need(host.key, access, "declared")
            n += sum(not self._is_network(node) and host.key < node for node in near)
        if n:
            self._estate.draft.leave_out("cables between two hosts", n)

    def _need(self, node: str, members: list[str], confidence: Confidence) -> None:
        """Add a need on any of the neighbours."""
        interfaces = [interface for member in members if (interface := self._next.get(node, {}).get(member))]
        record = self._estate.records.get(node)
        if members and record is not None:
            place = interfaces[0].place if interfaces else record.place
            words = f"network cables of {node}"
            self._estate.need(node, members, place, form="any_of", confidence=confidence, record=words)

    # Which way leads out.

    def _add_ways_out(self) -> None:
        distance = self._distances()
        directed = set[str]()
        for node, own in distance.items():
            nearer = [each for each in self._neighbours(node) if distance.get(each, own) < own]
            if not nearer or node not in self._estate.kinds:
                continue
            if model_of(node) == "circuits.circuit" and not any(
                distance.get(each, own) > own for each in self._neighbours(node)
            ):
                continue  # a link between two sites that is nobody's way out
            directed.add(node)
            self._need(node, nearer, "guessed")
        if directed:
            told = f"network: the ways out of {n_of(len(directed), 'device')} and links were read off the distance from circuits"
            self._estate.draft.remark(f"{told} (guessed): without a way out, what is behind it counts as down")
        if n := self._n_undirected(distance):
            self._estate.draft.leave_out(_LINKS, n)

    def _distances(self) -> dict[str, int]:
        """Return how many steps each network device and each circuit is from outside."""
        distance: dict[str, int] = {
            node: 0 for node in self._next if model_of(node) == "circuits.circuit" and self._circuits.leads_out(node)
        }
        waiting = deque(distance)
        while waiting:
            node = waiting.popleft()
            for each in self._neighbours(node):
                if each not in distance:
                    distance[each] = distance[node] + 1
                    waiting.append(each)
        return distance

    def _neighbours(self, node: str) -> list[str]:
        """Return the network devices and circuits next to one: by cables, and in the same virtual chassis."""
        stacked = [] if model_of(node) == "circuits.circuit" else self._devices.neighbours(node)
        near = dict.fromkeys([*self._next.get(node, ()), *stacked])
        return [each for each in near if self._is_network(each)]

    def _n_undirected(self, distance: dict[str, int]) -> int:
        return sum(
            one < other and self._is_network(other) and distance.get(one) == distance.get(other)
            for one, near in self._next.items()
            if self._is_network(one)
            for other in near
        )
