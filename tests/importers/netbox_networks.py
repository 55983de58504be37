"""Small dumps of NetBox that hold nothing but lines, network devices and hosts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

ROLES = {"host": "Server", "sw": "Switch", "rt": "Router"}


def network(
    folder: Path,
    lines: Mapping[str, Sequence[Sequence[str]]],
    links: Sequence[tuple[str, str]],
    stacks: Sequence[Sequence[str]] = (),
    chassis: Sequence[tuple[str, str]] = (),
) -> Path:
    """Write a dump.

    Parameters
    ----------
    folder
        Where it is written.
    lines
        The devices at each end of each line; the first end of a line is at the first site, the second at a site of its own. Several
        devices at an end have fibres of their own in a trunk.
    links
        Devices that are joined by a cable.
    stacks, chassis
        Devices that are one virtual chassis; devices that are in a bay of another, which comes second.

    Returns
    -------
    Path
        The file. Devices are servers, switches or routers by how their names start: ``host``, ``sw``, ``rt``.
    """
    records: list[dict[str, Any]] = []
    numbers = {model: count(1) for model in ("device", "interface", "cable", "cabletermination", "devicebay")}

    def add(model: str, pk: int, **fields: Any) -> int:
        records.append({"model": model, "pk": pk, "fields": fields})
        return pk

    def new(model: str, **fields: Any) -> int:
        return add(f"dcim.{model}", next(numbers[model]), **fields)

    roles = {start: add("dcim.devicerole", pk, name=role) for pk, (start, role) in enumerate(ROLES.items(), 1)}
    named = [name for ends in lines.values() for end in ends for name in end] + [
        name for link in links for name in link
    ]
    devices: dict[str, int] = {}
    for name in dict.fromkeys([*named, *(name for pair in chassis for name in pair)]):
        stack = next((pk for pk, stack in enumerate(stacks, 1) if name in stack), None)
        role = roles[next(start for start in ROLES if name.startswith(start))]
        devices[name] = new("device", name=name, role=role, status="active", virtual_chassis=stack)
    for pk, _ in enumerate(stacks, 1):
        add("dcim.virtualchassis", pk, name=f"stack-{pk}")
    for child, parent in chassis:
        new("devicebay", device=devices[parent], installed_device=devices[child])

    def cable(*sides: tuple[str, Sequence[int]]) -> None:
        own = new("cable", status="connected")
        for side, (model, ends) in zip("AB", sides, strict=True):
            for end in ends:
                kind = model.split(".")
                new("cabletermination", cable=own, cable_end=side, termination_type=kind, termination_id=end)

    def ports(names: Sequence[str]) -> list[int]:
        return [new("interface", name="port", device=devices[name]) for name in names]

    add("dcim.site", 1, name="here")
    for pk, (name, ends) in enumerate(lines.items(), 1):
        add("circuits.circuit", pk, cid=name, status="active")
        for side, names in enumerate(ends):
            place = 1
            if side:
                place = add("dcim.site", 100 + pk, name=f"far-{pk}")
            end = add("circuits.circuittermination", 2 * pk + side, circuit=pk, term_side="AZ"[side], site=place)
            if names:
                cable(("circuits.circuittermination", [end]), ("dcim.interface", ports(names)))
    for one, other in links:
        cable(("dcim.interface", ports([one])), ("dcim.interface", ports([other])))
    file = folder / "network.json"
    file.write_text(json.dumps(records))
    return file
