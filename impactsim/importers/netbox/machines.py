"""Clusters and virtual machines of NetBox."""

from __future__ import annotations

from impactsim.importers.netbox.estate import Estate, n_of
from impactsim.importers.netbox.places import Places
from impactsim.importers.netbox.records import Record


class Machines:
    """Clusters need one of their devices; virtual machines their device, or else their cluster."""

    def __init__(self, estate: Estate, places: Places) -> None:
        self._estate = estate
        self._places = places
        self._members = _members(estate)
        self._n_alone = 0
        self._n_floating = 0
        self._add_clusters()
        self._add_machines()

    def _add_clusters(self) -> None:
        n = 0
        for cluster in self._estate.in_use("virtualization.cluster"):
            n += 1
            self._add_cluster(cluster)
        if guessed := n - self._n_alone:
            words = "each is taken to need only one of its devices (guessed), as nobody says how many it needs"
            self._estate.draft.remark(f"{n_of(guessed, 'cluster')} with devices: {words}")
        if self._n_alone:
            at_site = self._n_alone - self._n_floating
            words = f"{at_site:,} at a site; of {self._n_floating:,} nothing says on what or where they run"
            self._estate.draft.remark(f"{n_of(self._n_alone, 'cluster')} without devices: {words}")

    def _add_cluster(self, cluster: Record) -> None:
        devices = self._members.get(cluster.key, [])
        site = "" if devices else self._places.of(cluster)
        self._n_alone += not devices
        self._n_floating += not devices and not site
        self._estate.add(cluster, "host", at=site)
        to = self._estate.to_stay_up(devices)
        self._estate.need(
            cluster.key, devices, cluster.place, form="at_least", confidence="guessed", record=cluster.key, to=to
        )

    def _add_machines(self) -> None:
        alone = 0
        for machine in self._estate.in_use("virtualization.virtualmachine"):
            device = machine.refers("device", "dcim.device")
            cluster = machine.refers("cluster", "virtualization.cluster")
            under = self._estate.wanted(device, machine) or self._estate.wanted(cluster, machine)
            at = "" if under else self._places.of(machine)
            alone += not under and not at
            self._estate.add(machine, "host", within=[cluster], at=at)
            if under:
                to = self._estate.to_stay_up([under])
                self._estate.draft.need(machine.key, under, machine.place, record=machine.key, to=to)
        if alone:
            self._estate.draft.remark(f"{n_of(alone, 'virtual machine')} without device, cluster and site")


def _members(estate: Estate) -> dict[str, list[str]]:
    """Return the devices in use of each cluster."""
    members: dict[str, list[str]] = {}
    for record in estate.records.of("dcim.device"):
        if record.key in estate.kinds and (cluster := record.refers("cluster", "virtualization.cluster")):
            members.setdefault(cluster, []).append(record.key)
    return members
