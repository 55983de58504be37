"""Cables of NetBox: what is at the other end of a port, through patch panels.

A cable has ends A and B, each one or several terminations, and NetBox has written them down in many ways: records of their own
(since 3.3), fields of the cable (before), fields of the port (peers and endpoints in answers of the REST interface, a power
outlet or an interface in the oldest ones). All of them are taken, and what they say is joined.

A path goes on where a cable ends at a patch panel: from a front port to its rear port, whose cable leads to another rear
port and out at the front port of the same position. Positions are kept on a stack, as panels may be nested. A path that comes
back to where it was, or has very many ends, is cut there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from impactsim.importers.draft import Draft
from impactsim.importers.netbox.records import Record, Records, key_of, model_of

_PANEL = ("dcim.frontport", "dcim.rearport")
_CABLED = (
    "dcim.powerport",
    "dcim.poweroutlet",
    "dcim.powerfeed",
    "dcim.interface",
    *_PANEL,
    "circuits.circuittermination",
)
_MOST_PAIRS = 128
"""A cable with more pairs of ends is no cable."""
_MOST_STEPS = 200
"""A path with more steps, counted over all its branches, is cut."""
_DEEPEST = 32
"""Of panels inside panels."""


class Cables:
    """What is joined to what.

    Parameters
    ----------
    records
        All records.
    draft
        Takes what is not followed.
    """

    def __init__(self, records: Records, draft: Draft) -> None:
        self._records = records
        self._draft = draft
        self._far: dict[str, dict[str, None]] = {}
        self._told_ends: dict[str, list[str]] = {}
        """What NetBox itself says is at the end of the path from a port."""
        self._rear_of: dict[str, list[tuple[str, int]]] = {}
        self._front_of: dict[str, dict[int, str]] = {}
        self._types = _content_types(records)
        self._dead = {record.key for record in records.of("dcim.cable") if record.not_in_use}
        self._join_ends()
        self._join_peers()
        self._map_panels()
        if self._dead:
            draft.leave_out("cables that are only planned, or no longer in use", len(self._dead))

    def is_cabled(self, record: Record) -> bool:
        """Tell whether a cable in use is at a port, even if nobody says where it leads."""
        cable = record.refers("cable", "dcim.cable")
        known = self._far.get(record.key) or self._told_ends.get(record.key)
        return bool(known) or (bool(cable) and cable not in self._dead)

    def ends(self, start: str) -> list[str]:
        """Return the keys of what is at the other end of a port, the nearest first."""
        found: dict[str, None] = {}
        waiting: deque[tuple[str, tuple[int, ...]]] = deque((far, ()) for far in self._far.get(start, ()))
        visited = set[tuple[str, tuple[int, ...]]]()
        while waiting and len(visited) < _MOST_STEPS:
            here, positions = step = waiting.popleft()
            if step in visited or here == start:
                continue
            visited.add(step)
            if model_of(here) not in _PANEL:
                found[here] = None
                continue
            waiting.extend(
                (far, left)
                for behind, left in self._through(here, positions)
                for far in islice(self._far.get(behind, ()), _MOST_STEPS)
            )
        return list(found) or self._told_ends.get(start, [])

    def _through(self, port: str, positions: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Yield the ports on the other face of a panel, with the positions that are then to be found again."""
        if model_of(port) == "dcim.frontport":
            for rear, position in self._rear_of.get(port, ()):
                if len(self._front_of[rear]) == 1 and not self._has_positions(rear):
                    yield rear, positions
                elif len(positions) < _DEEPEST:
                    yield rear, (*positions, position)
            return
        fronts = self._front_of.get(port, {})
        if not self._has_positions(port) and len(fronts) == 1:
            yield from ((front, positions) for front in fronts.values())
        elif positions and positions[-1] in fronts:
            yield fronts[positions[-1]], positions[:-1]

    def _has_positions(self, rear: str) -> bool:
        record = self._records.get(rear)
        return record is not None and record.number("positions") > 1

    # How ends are written down.

    def _join_ends(self) -> None:
        ends: dict[str, dict[str, dict[str, None]]] = {}
        for cable, side, key in [*self._ends_by_records(), *self._ends_by_cables()]:
            ends.setdefault(cable, {}).setdefault(side, {})[key] = None
        for cable, side, key in self._ends_by_ports():
            known = ends.setdefault(cable, {})
            if side or not (known.get("A") and known.get("B")):
                known.setdefault(side, {})[key] = None
        for cable, sides in ends.items():
            if cable not in self._dead:
                self._join_cable(cable, sides)

    def _join_cable(self, cable: str, sides: Mapping[str, Mapping[str, None]]) -> None:
        a, b, unknown = (list(sides.get(side, ())) for side in ("A", "B", ""))
        if not a and not b and len(unknown) == 2:
            a, b = unknown[:1], unknown[1:]
        if len(a) * len(b) > _MOST_PAIRS:
            record = self._records.get(cable)
            line, name = (record.place.line, record.place.source.name) if record else (0, "")
            fault = f"this cable has {len(a):,} and {len(b):,} ends"
            self._draft.notes.warning(line, "cable-ends", cable, fault, "it is left out; check it", file=name)
            return
        for one in a:
            for other in b:
                self._join(one, other)

    def _join(self, one: str, other: str) -> None:
        if one and other and one != other:
            self._far.setdefault(one, {})[other] = None
            self._far.setdefault(other, {})[one] = None

    def _ends_by_records(self) -> Iterator[tuple[str, str, str]]:
        for record in self._records.of("dcim.cabletermination"):
            cable = record.refers("cable", "dcim.cable")
            key = self._termination(record.fields, "termination_type", "termination_id")
            side = record.text("cable_end")
            if cable and key and side in {"A", "B"}:
                yield cable, side, key

    def _ends_by_cables(self) -> Iterator[tuple[str, str, str]]:
        for record in self._records.of("dcim.cable"):
            for side in "ab":
                old = self._termination(record.fields, f"termination_{side}_type", f"termination_{side}_id")
                new = record.fields.get(f"{side}_terminations")
                listed = [each for each in new if isinstance(each, Mapping)] if isinstance(new, list) else []
                for key in [old, *(self._termination(each, "object_type", "object_id") for each in listed)]:
                    if key:
                        yield record.key, side.upper(), key

    def _ends_by_ports(self) -> Iterator[tuple[str, str, str]]:
        for record in self._ports():
            if cable := record.refers("cable", "dcim.cable"):
                side = record.text("cable_end")
                yield cable, side if side in {"A", "B"} else "", record.key

    def _termination(self, fields: Mapping[str, Any], type_: str, id_: str) -> str:
        """Return the key of a termination whose type stands as ``dcim.interface``, as a pair of names or as a number."""
        match fields.get(type_):
            case str() as model:
                pass
            case [str() as app, str() as name]:
                model = f"{app}.{name}"
            case int() as number:
                model = self._types.get(number, "")
            case _:
                return ""
        return key_of(model.lower(), fields.get(id_)) if model.lower() in _CABLED else ""

    def _ports(self) -> Iterator[Record]:
        for model in _CABLED:
            yield from self._records.of(model, named_too=True)

    def _join_peers(self) -> None:
        """Join what answers say of a port beside its cable: its peers, and what is at the end of its path."""
        for record in self._ports():
            if record.refers("cable", "dcim.cable") in self._dead:
                continue
            peers = [*self._peers(record, "link_peers"), *self._peers(record, "cable_peer"), *_oldest_peers(record)]
            for peer in peers:
                self._join(record.key, peer)
            ends = [*self._peers(record, "connected_endpoints"), *self._peers(record, "connected_endpoint")]
            reachable = [record.fields.get(f"connected_{word}_reachable") for word in ("endpoints", "endpoint")]
            if ends and False not in reachable:
                self._told_ends[record.key] = [end for end in dict.fromkeys(ends) if end and end != record.key]
        for record in self._records.of("dcim.interfaceconnection"):
            if record.fields.get("connection_status") is not False:
                self._join(*(record.refers(f"interface_{side}", "dcim.interface") for side in "ab"))

    def _peers(self, record: Record, field: str) -> Iterator[str]:
        value, model = record.fields.get(field), record.text(f"{field}_type").lower()
        for each in value[:_MOST_STEPS] if isinstance(value, list) else [value]:
            if each is not None and model in _CABLED:
                yield key_of(model, each)

    def _map_panels(self) -> None:
        for record in self._records.of("dcim.frontport", named_too=True):
            self._map(record.key, record.refers("rear_port", "dcim.rearport"), record.number("rear_port_position"))
        for record in self._records.of("dcim.portmapping"):
            front, rear = record.refers("front_port", "dcim.frontport"), record.refers("rear_port", "dcim.rearport")
            self._map(front, rear, record.number("rear_port_position"))

    def _map(self, front: str, rear: str, position: int) -> None:
        if front and rear:
            position = position or 1
            self._rear_of.setdefault(front, []).append((rear, position))
            self._front_of.setdefault(rear, {}).setdefault(position, front)


def _oldest_peers(record: Record) -> Iterator[str]:
    """Yield what a port of a very old answer or dump is joined to."""
    if record.model == "dcim.powerport" and record.fields.get("connection_status") is not False:
        yield record.refers("power_outlet", "dcim.poweroutlet")
    elif record.model == "dcim.poweroutlet":
        yield record.refers("connected_port", "dcim.powerport")
    elif record.model == "circuits.circuittermination":
        yield record.refers("interface", "dcim.interface")


def _content_types(records: Records) -> dict[int, str]:
    """Return what the numbers of content types mean, where the dump holds them."""
    found = {}
    for record in records.of("contenttypes.contenttype"):
        number = record.key.partition(" ")[2]
        if number.isdecimal():
            found[int(number)] = f"{record.text('app_label')}.{record.text('model')}".lower()
    return found
