"""Power in NetBox: panels, feeds, power distribution units, and what each device hangs on.

Cables are followed from a power port to a feed or to the outlet of a distribution unit, and from there to the inlet that the
outlet names. Outlets and inlets become part of their unit, unless its outlets hang on different inlets: then each inlet is a
component. Where nothing is cabled, the feeds of the rack are taken, which is a guess.

Redundancy is never made up: a device never hangs on more feeds than it has power ports, and a unit with several inlets,
of which nobody says which outlet is on which, needs them all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from impactsim.importers.netbox.cables import Cables
from impactsim.importers.netbox.devices import Devices
from impactsim.importers.netbox.estate import Estate, n_of
from impactsim.importers.netbox.places import Places
from impactsim.importers.netbox.records import Record, model_of
from impactsim.quantities import shown

_ORIGINS = 4
"""Of more power ports only so many are named as the origin of a need."""
_RECORDS = ("dcim.powerpanel", "dcim.powerfeed", "dcim.poweroutlet")
"""Without any of them nothing is known about power at all."""
_OLD_REDUNDANT = 2
"""The type of a redundant feed, when types were numbers."""
_TOLD = {
    "chassis": "with the power of the chassis in which they are",
    "none": "without a cabled power port and without a feed in their rack: no need on power was made",
    "site-none": "of these at a site of which no panel, feed or power device is known",
    "unit-none": "of kind power, such as distribution units, of which nothing says what feeds them",
    "dark": "with cables only to themselves, to what is not in use or not in these files: no need on power was made",
    "rack-one": (
        "with one power port, or with an unknown number, in a rack with several feeds: nobody says on which one they"
        " hang, and the primary was taken (guessed)"
    ),
    "unit-turns": "of kind power in a rack with several feeds: they took them by turns, in their order (guessed)",
    "unit-all": (
        "of kind power with several inlets, and not all outlets say on which one they hang: all inlets are needed (guessed)"
    ),
    "more": "on more than two supplies: any one of them is taken to be enough (guessed)",
}
"""What is said of devices, by what is known of their power."""


@dataclass(slots=True)
class _Inlet:
    """A power port with a cable, and what it hangs on."""

    port: Record
    sources: list[str] = field(default_factory=list)
    """Keys of components."""


class Power:
    """Panels, feeds and what hangs on them."""

    def __init__(self, estate: Estate, places: Places, devices: Devices, cables: Cables) -> None:
        self._estate = estate
        self._places = places
        self._devices = devices
        self._cables = cables
        self._ports = _by_device(estate, "dcim.powerport")
        self._outlets = _by_device(estate, "dcim.poweroutlet")
        self._knows_ports = estate.records.has_any("dcim.powerport")
        self._feeds_of: dict[str, list[Record]] = {}
        self._split = set[str]()
        """Power devices of which each inlet is a component."""
        self._turns = Counter[str]()
        self._known: Counter[str] = Counter()
        """How many devices there are, by the way in which their power is known."""
        self._sites = set[str]()
        self._add_panels_and_feeds()
        self._add_units()
        for record in devices.of_sort("host", "network"):
            self._add_device(record)
        self._tell()

    def _add_panels_and_feeds(self) -> None:
        for panel in self._estate.in_use("dcim.powerpanel"):
            within, at = self._places.within(panel), self._places.of(panel)
            self._sites.add(self._places.site_of(panel))
            self._estate.add(panel, "power", within=within, at=at)
        for feed in self._estate.in_use("dcim.powerfeed"):
            self._add_feed(feed)
        for feeds in self._feeds_of.values():
            feeds[:] = _alternating(feeds)

    def _add_feed(self, feed: Record) -> None:
        key = feed.refers("power_panel", "dcim.powerpanel")
        panel = self._estate.records.get(key) if key else None
        within = [self._places.site_of(panel), key] if panel is not None else ()
        self._sites.add(self._places.site_of(feed))
        self._estate.add(feed, "power", within=within)
        if needed := self._estate.wanted(key, feed):
            self._estate.draft.need(feed.key, needed, feed.place, record=feed.key)
        if rack := feed.refers("rack", "dcim.rack"):
            self._feeds_of.setdefault(rack, []).append(feed)

    # Distribution units, UPS, transfer switches.

    def _add_units(self) -> None:
        units = self._devices.of_sort("power")
        for unit in units:
            self._sites.add(self._places.site_of(unit))
            if self._hangs_by_outlet(unit):
                self._split.add(unit.key)
        for unit in units:
            self._add_unit(unit)

    def _hangs_by_outlet(self, unit: Record) -> bool:
        """Tell whether every outlet that is used says on which of several cabled inlets it hangs."""
        cabled = {port.key for port in self._ports.get(unit.key, ()) if self._cables.is_cabled(port)}
        used = [outlet for outlet in self._outlets.get(unit.key, ()) if self._cables.is_cabled(outlet)]
        inlets = {outlet.refers("power_port", "dcim.powerport") for outlet in used}
        is_either = self._devices.has_either_inlet(unit)
        return len(cabled) > 1 and bool(inlets) and inlets <= cabled and not is_either

    def _add_unit(self, unit: Record) -> None:
        inlets = self._inlets(unit)
        sources = _distinct(inlets)
        if unit.key in self._split:
            for inlet in inlets:
                self._add_inlet(unit, inlet)
            self._known["cables"] += 1
        elif not inlets:
            self._hang_unit_on_rack(unit)
        elif not sources:
            self._known["dark"] += 1
        else:
            self._known["cables"] += 1
            is_either = self._devices.has_either_inlet(unit)
            sure = "declared" if len(sources) == 1 else "guessed"
            form = "any_of" if is_either else "all_of"
            self._known["unit-all"] += len(sources) > 1 and not is_either
            self._estate.need(
                unit.key, sources, inlets[0].port.place, form=form, confidence=sure, record=_ports_of(inlets)
            )

    def _add_inlet(self, unit: Record, inlet: _Inlet) -> None:
        """Make a component of an inlet, which needs its unit and what it hangs on."""
        name = f"{self._estate.name(unit.key)} {inlet.port.text('name') or inlet.port.key.partition(' ')[2]}"
        self._estate.add(inlet.port, "power", name=name, within=[self._places.site_of(unit)])
        for source in [unit.key, *inlet.sources]:
            self._estate.draft.need(inlet.port.key, source, inlet.port.place, record=inlet.port.key)

    def _hang_unit_on_rack(self, unit: Record) -> None:
        """Spread the units of a rack over its feeds, as nobody says which hangs on which."""
        rack = unit.refers("rack", "dcim.rack")
        feeds = self._feeds_of.get(rack, [])
        if not feeds:
            self._known["unit-none"] += 1
            return
        self._known["rack"] += 1
        self._known["unit-turns"] += len(feeds) > 1
        first = self._turns[rack] % len(feeds)
        self._turns[rack] += 1
        n = len(self._ports.get(unit.key, ())) if self._devices.has_either_inlet(unit) else 1
        self._need_feeds(unit, [feeds[(first + turn) % len(feeds)] for turn in range(min(max(n, 1), len(feeds)))])

    # All other devices.

    def _add_device(self, device: Record) -> None:
        inlets = self._inlets(device)
        if not inlets:
            self._hang_on_rack(device)
            return
        sources = _distinct(inlets)
        n = sum(bool(inlet.sources) for inlet in inlets)
        if not sources:
            self._known["dark"] += 1
            return
        self._known["cables"] += 1
        self._known["two"] += len(sources) == 2
        self._known["more"] += len(sources) > 2
        if len(sources) == 1 and n > 1:
            self._warn_of_one_supply(device, n, sources[0])
        sure = "declared" if len(sources) <= 2 else "guessed"
        self._estate.need(
            device.key,
            sources,
            inlets[0].port.place,
            form="any_of",
            confidence=sure,
            record=_ports_of(inlets),
            to=self._estate.to_stay_up(sources),
        )

    def _hang_on_rack(self, device: Record) -> None:
        """Take the feeds of the rack of a device that no cable feeds, but no more of them than it has power ports."""
        feeds = self._feeds_of.get(device.refers("rack", "dcim.rack"), [])
        n_ports = len(self._ports.get(device.key, ()))
        if device.key in self._devices.in_chassis and not n_ports:
            self._known["chassis"] += 1
            return
        if not feeds or (self._knows_ports and not n_ports):
            self._known["none"] += 1
            self._known["site-none"] += self._places.site_of(device) not in self._sites - {""}
            return
        self._known["rack"] += 1
        self._known["rack-one"] += n_ports < 2 <= len(feeds)
        self._need_feeds(device, feeds[: max(n_ports, 1)])

    def _need_feeds(self, device: Record, feeds: list[Record]) -> None:
        record = f"feeds of {device.refers('rack', 'dcim.rack')}"
        keys = [feed.key for feed in feeds]
        self._estate.need(device.key, keys, feeds[0].place, form="any_of", confidence="guessed", record=record)

    def _warn_of_one_supply(self, device: Record, n: int, source: str) -> None:
        fault = f"{n} power ports of {shown(self._estate.name(device.key))} hang on {shown(self._estate.name(source))}"
        remedy = "this is no redundancy: it became one need; check the cables"
        place = device.place
        self._estate.draft.notes.warning(place.line, "one-supply", device.key, fault, remedy, file=place.source.name)

    # What a power port hangs on.

    def _inlets(self, device: Record) -> list[_Inlet]:
        """Return the cabled power ports of a device, with what they hang on."""
        found = []
        for port in self._ports.get(device.key, ()):
            if self._cables.is_cabled(port):
                sources = [self._source(end, port) for end in self._cables.ends(port.key)]
                found.append(_Inlet(port, [each for each in dict.fromkeys(sources) if each and each != device.key]))
        return found

    def _source(self, end: str, port: Record) -> str:
        """Return the key of the component behind an end of a cable; nothing if it feeds nothing."""
        if model_of(end) == "dcim.powerfeed":
            return self._estate.wanted(end, port)
        outlet = self._estate.records.get(end) if model_of(end) == "dcim.poweroutlet" else None
        if outlet is None:
            return ""
        unit = outlet.refers("device", "dcim.device")
        if unit not in self._split:
            return self._estate.wanted(unit, port)
        inlet = outlet.refers("power_port", "dcim.powerport")
        return "" if port.refers("device", "dcim.device") == unit else inlet

    def _tell(self) -> None:
        """Say by which rule how many devices have their power, and what is not known."""
        known, remark = self._known, self._estate.draft.remark
        if not self._estate.records.has_any(*_RECORDS):
            if n := known["none"] + known["unit-none"]:
                remark(f"power: these files say nothing of it, and {n_of(n, 'device')} got no need on power")
            return
        by_rack = f"; for {known['rack']:,} the feeds of their rack were taken (guessed)" if known["rack"] else ""
        remark(f"power: {n_of(known['cables'], 'device')} by cables{by_rack}")
        for what, words in _TOLD.items():
            if n := known[what]:
                remark(f"power: {n_of(n, 'device')} {words}")


def _by_device(estate: Estate, model: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in estate.records.of(model, named_too=True):
        found.setdefault(record.refers("device", "dcim.device"), []).append(record)
    return found


def _alternating(feeds: list[Record]) -> list[Record]:
    """Return primary and redundant feeds by turns, so that the first two are one of each."""
    primary, redundant = list[Record](), list[Record]()
    for feed in feeds:
        is_redundant = feed.word("type") == "redundant" or feed.number("type") == _OLD_REDUNDANT
        (redundant if is_redundant else primary).append(feed)
    n = max(len(primary), len(redundant))
    return [feed for turn in range(n) for feed in (*primary[turn : turn + 1], *redundant[turn : turn + 1])]


def _distinct(inlets: list[_Inlet]) -> list[str]:
    return list(dict.fromkeys(source for inlet in inlets for source in inlet.sources))


def _ports_of(inlets: list[_Inlet]) -> str:
    names = [inlet.port.key for inlet in inlets[:_ORIGINS]]
    return ", ".join([*names, "..."] if len(inlets) > _ORIGINS else names)
