"""Devices of NetBox: what each is by its role, where it stands, in which chassis and which stack."""

from __future__ import annotations

import re
from typing import Literal

from impactsim.importers.netbox.estate import Estate, n_of
from impactsim.importers.netbox.places import Places
from impactsim.importers.netbox.records import Record

Sort = Literal["power", "network", "panel", "host"]

_NETWORK = re.compile(
    r"router|switch|firewall|gateway|modem|wireless|wifi|access point|load balancer|\b(?:leaf|spine|tor|wan|lan|wlan|wlc|ap"
    r"|network|cpe|olt|ont|dwdm|vpn)\b"
)
_POWER = re.compile(
    r"transfer switch|switchgear|power (?:distribution|strip|supply|bar)|rectifier|generator|battery|inverter"
    r"|\b(?:[ri]?pdus?|ups|ats|sts|genset)\b"
)
_EITHER_INLET = re.compile(r"transfer switch|\b(?:ups|ats|sts)\b")
_PANEL = re.compile(r"patch ?panel|(?:fib(?:er|re)|cable|splice) panel|cable management|\b(?:odf|patch|splice)\b")
_OTHER = re.compile(r"\b(?:kvm|console|oob server|terminal server|nas|storage)\b")

_LARGEST_STACK = 32
"""In a larger virtual chassis each member is next to the first one only."""


class Devices:
    """All devices that are in use.

    Their sort is read off the words of their role; where these say nothing, off their ports.
    """

    def __init__(self, estate: Estate, places: Places) -> None:
        self._estate = estate
        self._places = places
        self.sorts: dict[str, Sort] = {}
        """Sort of each device, by key."""
        self._with_outlets = _owners(estate, "dcim.poweroutlet")
        self._with_panel_ports = _owners(estate, "dcim.frontport") | _owners(estate, "dcim.rearport")
        self._with_other_ports = _owners(estate, "dcim.interface") | _owners(estate, "dcim.powerport")
        self.stacks = _stacks(estate)
        self._stack_of = {member: stack for stack, members in self.stacks.items() for member in members}
        self._names = {record.text("name") for record in estate.records.of("dcim.device")}
        self._by_role = 0
        self.in_chassis = set[str]()
        """Devices in a bay of another."""
        for record in estate.in_use("dcim.device"):
            self._take(record)
        if self._by_role:
            told = f"{n_of(self._by_role, 'device')} became power or network by the words of their roles"
            estate.draft.remark(f"{told}; where these say nothing of power, network or panels, a host was taken")
        self._add_needs_of_chassis()
        self._add_stacks()

    def of_sort(self, *sorts: Sort) -> list[Record]:
        """Return the devices of some sorts, in their order."""
        return [record for record in self._estate.records.of("dcim.device") if self.sorts.get(record.key) in sorts]

    def has_either_inlet(self, record: Record) -> bool:
        """Tell whether a power device goes on with one of its inlets: a UPS, a transfer switch."""
        return bool(_EITHER_INLET.search(self._role(record)))

    def neighbours(self, member: str) -> list[str]:
        """Return the members of the same virtual chassis that are next to one."""
        members = self.stacks.get(self._stack_of.get(member, ""), [])
        near = members if len(members) <= _LARGEST_STACK or member == members[0] else members[:1]
        return [each for each in near if each != member]

    def _take(self, record: Record) -> None:
        sort = self._sort(record)
        self.sorts[record.key] = sort
        if sort == "panel":
            self._estate.draft.leave_out("patch panels: cables are followed through them")
            return
        kind = {"power": "power", "network": "connectivity"}.get(sort, "host")
        within = [self._places.site_of(record)]
        self._estate.add(record, kind, name=self._name(record), within=within, at=self._places.of(record))

    def _sort(self, record: Record) -> Sort:
        role = self._role(record)
        sort: Sort | None = None
        if _PANEL.search(role) and record.key not in self._with_outlets:
            return "panel"
        if _POWER.search(role):
            sort = "power"
        elif _NETWORK.search(role) and not _OTHER.search(role):
            sort = "network"
        if sort:
            self._by_role += 1
            return sort
        if record.key in self._with_outlets:
            return "power"
        return "panel" if record.key in self._with_panel_ports - self._with_other_ports else "host"

    def _role(self, record: Record) -> str:
        """Return the words of the role of a device, in small letters."""
        role = record.refers("role", "dcim.devicerole") or record.refers("device_role", "dcim.devicerole")
        known = self._estate.records.get(role) if role else None
        words = f"{known.text('name')} {known.text('slug')}" if known else ""
        return re.sub(r"[^a-z0-9]+", " ", words.lower())

    def _name(self, record: Record) -> str:
        """Return the name of a device; one without a name has that of its stack or of its role, with a number."""
        if own := record.text("name"):
            return own
        if stack := self._stack_of.get(record.key):
            return f"{self._estate.name(stack)}-{record.text('vc_position') or record.key.partition(' ')[2]}"
        if shown := record.text("display") or record.text("display_name"):
            return shown
        role = record.refers("role", "dcim.devicerole") or record.refers("device_role", "dcim.devicerole")
        what = self._estate.name(role) if role and self._estate.records.get(role) else "device"
        return f"{what} {record.key.partition(' ')[2]}"

    def _add_needs_of_chassis(self) -> None:
        """A device in a bay of another needs that one."""
        pairs = [
            (record.refers("installed_device", "dcim.device"), record.refers("device", "dcim.device"), record)
            for record in self._estate.records.of("dcim.devicebay")
        ] + [
            (record.key, record.refers("parent_device", "dcim.device"), record)
            for record in self._estate.records.of("dcim.device")
        ]
        for child, parent, record in pairs:
            if child not in self._estate.kinds or parent in {"", child}:
                continue
            if chassis := self._estate.wanted(parent, record):
                self.in_chassis.add(child)
                to = self._estate.to_stay_up([chassis])
                self._estate.draft.need(child, chassis, record.place, record=record.key, to=to)

    def _add_stacks(self) -> None:
        """A virtual chassis is there while one of its members is: guessed."""
        n = 0
        for stack, members in self.stacks.items():
            record = self._estate.records.get(stack)
            used = [member for member in members if member in self._estate.kinds]
            if record is None or not record.is_whole or not used:
                continue
            n += 1
            kinds = {self._estate.kinds[member] for member in used}
            name = self._estate.name(stack)
            kind = "connectivity" if "connectivity" in kinds else "host"
            self._estate.add(record, kind, name=f"{name}-stack" if name in self._names else name)
            self._estate.need(stack, used, record.place, form="any_of", confidence="guessed", record=stack)
        if n:
            which = n_of(n, "virtual chassis", "virtual chassis")
            self._estate.draft.remark(f"{which}: each is taken to be there while one of its members is (guessed)")


def _owners(estate: Estate, model: str) -> frozenset[str]:
    """Return the devices that have ports of a model."""
    return frozenset(record.refers("device", "dcim.device") for record in estate.records.of(model, named_too=True))


def _stacks(estate: Estate) -> dict[str, list[str]]:
    """Return the members of each virtual chassis, the master first."""
    stacks: dict[str, list[str]] = {}
    for record in estate.records.of("dcim.device"):
        if (stack := record.refers("virtual_chassis", "dcim.virtualchassis")) and not record.not_in_use:
            stacks.setdefault(stack, []).append(record.key)
    for stack, members in stacks.items():
        record_ = estate.records.get(stack)
        master = record_.refers("master", "dcim.device") if record_ is not None else ""
        if master in members:
            members.remove(master)
            members.insert(0, master)
    return stacks
