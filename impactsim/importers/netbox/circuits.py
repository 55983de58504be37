"""Circuits of NetBox and their providers, and what connects each site.

A site is connected while one of the lines that lead out of it is there. That a line ends in a device, and needs it,
`netbox_network` knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from impactsim.importers.netbox.estate import Estate, n_of
from impactsim.importers.netbox.places import Places
from impactsim.importers.netbox.records import Record, key_of
from impactsim.quantities import shown

_NAMED = 10
"""Of more sites or circuits only so many are named."""


class Circuits:
    """Providers, their networks, circuits, and the connectivity of sites."""

    def __init__(self, estate: Estate, places: Places) -> None:
        self._estate = estate
        self._places = places
        self.of_end: dict[str, str] = {}
        """The circuit of each of its ends; of those in use."""
        self._sites: dict[str, dict[str, Record]] = {}
        """By circuit: the sites where it ends, and the records that say so."""
        self._n_ends = Counter[str]()
        """By circuit: how many of its ends are at such sites."""
        for record in estate.records.of("circuits.provider"):
            estate.add(record, "provider")
        for record in estate.records.of("circuits.providernetwork"):
            self._add_of_provider(record, "connectivity")
        for record in estate.in_use("circuits.circuit"):
            self._add_of_provider(record, "connectivity")
        for record in estate.records.of("circuits.circuittermination", named_too=True):
            self._take_end(record)
        self._connect_sites()
        self._warn_of_cross_connects()

    def leads_out(self, circuit: str) -> bool:
        """Tell whether a circuit leads out of the organisation: not both of its ends are at its own sites."""
        return self._n_ends[circuit] < 2

    def _add_of_provider(self, record: Record, kind: str) -> None:
        provider = record.refers("provider", "circuits.provider")
        operator = self._estate.name(provider) if provider else ""
        self._estate.add(record, kind, within=[provider], operator=operator)
        if provider := self._estate.wanted(provider, record):
            self._estate.draft.need(record.key, provider, record.place, record=record.key)

    def _take_end(self, record: Record) -> None:
        key = record.refers("circuit", "circuits.circuit")
        circuit = self._estate.wanted(key, record) if record.is_whole else key if key in self._estate.kinds else ""
        if not circuit:
            return
        self.of_end[record.key] = circuit
        if network := _network(record):
            if network := self._estate.wanted(network, record):
                self._estate.draft.need(circuit, network, record.place, record=record.key)
        elif site := self._places.site_of(record):
            self._places.of(record)
            self._sites.setdefault(circuit, {}).setdefault(site, record)
            self._n_ends[circuit] += 1

    def _connect_sites(self) -> None:
        """Make of each site with circuits a component that stands for its connection with the outside."""
        at_site: dict[str, dict[str, Record]] = {}
        for circuit, sites in self._sites.items():
            if len(sites) == 1 and not self.leads_out(circuit):
                continue  # from one building of a site to another
            for site, record in sites.items():
                at_site.setdefault(site, {})[circuit] = record
        single = list[str]()
        for site, ends in at_site.items():
            outward = {circuit: end for circuit, end in ends.items() if self.leads_out(circuit)}
            ways = outward or ends
            self._connect_site(site, ways)
            if len(ways) == 1:
                single.append(self._estate.name(site))
            else:
                self._warn_of_one_provider(site, ways)
        if at_site:
            words = (
                "each got a component for its connection, which one of its circuits is taken to be enough for (guessed)"
            )
            self._estate.draft.remark(f"{n_of(len(at_site), 'site')} with circuits: {words}")
        if single:
            named = ", ".join([*single[:_NAMED], "..."] if len(single) > _NAMED else single)
            self._estate.draft.remark(f"{n_of(len(single), 'site')} connected by one circuit only: {named}")

    def _connect_site(self, site: str, ends: Mapping[str, Record]) -> None:
        key, name = f"connectivity of {site}", self._estate.name(site)
        place = next(iter(ends.values())).place
        words: dict[str, Any] = {"kind": "connectivity", "name": f"Connection of {name}", "confidence": "guessed"}
        at = site if site in self._estate.kinds else None
        wish = f"{self._estate.short_name(site)}-connection"
        self._estate.draft.component(key, wish, place, within=site, at=at, **words)
        record = f"circuits of {site}"
        self._estate.need(key, list(ends), place, form="any_of", confidence="guessed", record=record)

    def _provider(self, circuit: str) -> str:
        record = self._estate.records.get(circuit)
        return record.refers("provider", "circuits.provider") if record is not None else ""

    def _warn_of_one_provider(self, site: str, ends: Mapping[str, Record]) -> None:
        providers = {self._provider(circuit) for circuit in ends}
        if len(providers) == 1 and "" not in providers:
            name = shown(self._estate.name(*providers))
            fault = (
                f"all {len(ends)} circuits that connect {shown(self._estate.name(site))} are of one provider, {name}"
            )
            self._warn("one-provider", site, fault, "when it fails, all of them may fail", list(ends.values()))

    def _warn_of_cross_connects(self) -> None:
        """Tell circuits that pass through the same cross-connect of a site."""
        shared: dict[tuple[str, str], dict[str, Record]] = {}
        for circuit, sites in self._sites.items():
            for site, record in sites.items():
                if connect := record.text("xconnect_id"):
                    shared.setdefault((site, connect), {})[circuit] = record
        for (site, connect), ends in shared.items():
            if len(ends) > 1:
                named = [shown(self._estate.name(circuit)) for circuit in islice(ends, _NAMED)]
                circuits = ", ".join([*named, "..."] if len(ends) > _NAMED else named)
                fault = f"{circuits} share the cross-connect {shown(connect)} at {shown(self._estate.name(site))}"
                remedy = "what cuts it takes down all of them: add a common cause"
                self._warn("one-cross-connect", site, fault, remedy, list(ends.values()))

    def _warn(self, code: str, site: str, fault: str, remedy: str, ends: Sequence[Record]) -> None:
        place = ends[0].place
        self._estate.draft.notes.warning(place.line, code, site, fault, remedy, file=place.source.name)


def _network(record: Record) -> str:
    """Return the network of a provider at which a circuit ends; nothing if it ends at a place."""
    if network := record.refers("provider_network", "circuits.providernetwork"):
        return network
    kind = record.fields.get("termination_type")
    if kind in ("circuits.providernetwork", ["circuits", "providernetwork"]):
        return key_of("circuits.providernetwork", record.fields.get("termination_id"))
    return ""
