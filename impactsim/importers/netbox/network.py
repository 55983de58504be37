"""Cables between devices of NetBox as needs: what a host is connected by, and what a line ends in.

Cables have no direction. Two of their meanings are clear: a host needs the network devices that it is cabled to, any of them; a
line carries nothing without the device in which it ends, at each of its ends. What a cable between two network devices
means is not clear, and nothing is made of it here: see `netbox_ways_out`.
"""

from __future__ import annotations

from collections import Counter

from impactsim.importers.netbox.cables import Cables
from impactsim.importers.netbox.circuits import Circuits
from impactsim.importers.netbox.devices import Devices
from impactsim.importers.netbox.estate import Estate, n_of
from impactsim.importers.netbox.records import Record, model_of
from impactsim.model.provenance import Confidence


class Network:
    """What hosts and lines need by their network cables."""

    def __init__(self, estate: Estate, devices: Devices, circuits: Circuits, cables: Cables) -> None:
        self._estate = estate
        self._devices = devices
        self._circuits = circuits
        self._next: dict[str, dict[str, Record]] = {}
        """Devices and lines, what each is cabled to, and the interface that says so."""
        self._in_line: dict[str, dict[str, Record]] = {}
        """By the end of a line: the devices that it is cabled to, and their interfaces."""
        self._management = 0
        self._join(cables)
        self._n_ends = Counter(circuits.of_end[end] for end in self._in_line)
        """By line: how many of its ends are cabled to a device."""
        self._shared = {circuits.of_end[end] for end, devices in self._in_line.items() if len(devices) > 1}
        self._gateways = dict.fromkeys(device for devices in self._in_line.values() for device in devices)
        """Devices in which a line ends: they lead on, whatever their role says."""
        self._hang_lines()
        self._hang_hosts()
        if self._management:
            estate.draft.leave_out("cables of interfaces that serve for management only", self._management)

    # What others ask.

    def nodes(self) -> list[str]:
        """Return the network devices and lines that are cabled to something."""
        return [node for node in self._next if self._leads_on(node)]

    def neighbours(self, node: str) -> list[str]:
        """Return the network devices and lines next to one: by cables, and in the same virtual chassis."""
        stacked = [] if is_line(node) else self._devices.neighbours(node)
        near = dict.fromkeys([*self._next.get(node, ()), *stacked])
        return [each for each in near if self._leads_on(each)]

    def leads_out(self, line: str) -> bool:
        """Tell whether a line leads out of the organisation, by its sites and by its cables."""
        return self._n_ends[line] < 2 and self._circuits.leads_out(line)

    def is_shared(self, line: str) -> bool:
        """Tell whether several devices stand at one end of a line, each with fibres of its own in it."""
        return line in self._shared

    def hosts(self) -> dict[str, list[str]]:
        """Return the network devices that each host is cabled to."""
        found = {}
        for host in self._devices.of_sort("host"):
            access = [node for node in self._next.get(host.key, ()) if self._leads_on(node)]
            if access and host.key not in self._gateways:
                found[host.key] = access
        return found

    def links(self) -> list[tuple[str, str]]:
        """Return the pairs of network devices with a cable between them."""
        return [
            (one, other)
            for one in self.nodes()
            if not is_line(one)
            for other in self._next[one]
            if one < other and not is_line(other) and self._leads_on(other)
        ]

    def need(self, node: str, members: list[str], confidence: Confidence) -> None:
        """Add a need of a device or a line on any of those that its cables lead to."""
        record = self._estate.records.get(node)
        near = self._next.get(node, {})
        interface = next((near[each] for each in members if each in near), next(iter(near.values()), record))
        if interface is not None:
            words = f"network cables of {node}"
            self._estate.need(node, members, interface.place, form="any_of", confidence=confidence, record=words)

    def _leads_on(self, node: str) -> bool:
        """Tell whether something connects others."""
        return is_line(node) or node in self._gateways or self._devices.sorts.get(node) == "network"

    # What is cabled to what.

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
        if is_line(other):
            self._in_line.setdefault(end, {}).setdefault(owner, interface)

    def _node(self, end: str) -> str:
        """Return the device or the line behind an end of a cable, if it is in use."""
        if model_of(end) == "circuits.circuittermination":
            return self._circuits.of_end.get(end, "")
        record = self._estate.records.get(end) if model_of(end) == "dcim.interface" else None
        owner = record.refers("device", "dcim.device") if record is not None else ""
        return owner if self._devices.sorts.get(owner) in {"host", "network"} else ""

    # What is clear.

    def _hang_lines(self) -> None:
        """A line needs the device at each of its ends; of several at one end any, which is a guess."""
        lines = dict.fromkeys(self._circuits.of_end.values())
        for end, line in self._circuits.of_end.items():
            if devices := self._in_line.get(end):
                self._hang_line(line, end, devices)
        if lines:
            n = len(self._n_ends)
            told = f"lines: {n_of(n, 'circuit')} cabled to a device, and taken to carry nothing without it"
            rest = f"; of {len(lines) - n:,} no cable says in what they end" if n < len(lines) else ""
            self._estate.draft.remark(told + rest)
        if n := sum(self._devices.sorts[device] == "host" for device in self._gateways):
            words = "with a line but no role of a network device: taken to connect others, as a router does (guessed)"
            self._estate.draft.remark(f"lines: {n_of(n, 'host')} {words}")

    def _hang_line(self, line: str, end: str, devices: dict[str, Record]) -> None:
        place = next(iter(devices.values())).place
        confidence: Confidence = "declared" if len(devices) == 1 else "guessed"
        to = "run" if self._estate.to_stay_up(list(devices)) is None else None
        self._estate.need(line, list(devices), place, form="any_of", confidence=confidence, record=end, to=to)

    def _hang_hosts(self) -> None:
        for host, access in self.hosts().items():
            self.need(host, access, "declared")
        hosts = [host.key for host in self._devices.of_sort("host")]
        n = sum(
            not self._leads_on(host) and not self._leads_on(node) and host < node
            for host in hosts
            for node in self._next.get(host, ())
        )
        if n:
            self._estate.draft.leave_out("cables between two hosts", n)


def is_line(node: str) -> bool:
    """Tell whether a key is that of a circuit."""
    return model_of(node) == "circuits.circuit"
