"""NetBox: a dump (``manage.py dumpdata``) or answers of its REST interface become places, power, circuits, devices, machines.

Each reader beside this one knows one subject: `netbox_places`, `netbox_devices`, `netbox_power`, `netbox_circuits`,
`netbox_network`, `netbox_ways_out`, `netbox_machines`; `netbox_cables` knows what is at the other end of a port. Tables that
people export go through the format ``table``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from impactsim.importers.draft import Draft
from impactsim.importers.netbox.cables import Cables
from impactsim.importers.netbox.circuits import Circuits
from impactsim.importers.netbox.devices import Devices
from impactsim.importers.netbox.estate import Estate
from impactsim.importers.netbox.machines import Machines
from impactsim.importers.netbox.network import Network
from impactsim.importers.netbox.places import Places
from impactsim.importers.netbox.power import Power
from impactsim.importers.netbox.reading import read_records
from impactsim.importers.netbox.ways_out import WaysOut
from impactsim.importers.sources import Source


def read_netbox(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read files of NetBox.

    Parameters
    ----------
    sources
        Dumps and answers, in any order and mixed.
    settings
        ``ways_out``: whether devices need the way out of the network.
    draft
        Takes what is found.
    """
    estate = Estate(read_records(sources, draft), draft)
    cables = Cables(estate.records, draft)
    places = Places(estate)
    devices = Devices(estate, places)
    Power(estate, places, devices, cables)
    circuits = Circuits(estate, places)
    network = Network(estate, devices, circuits, cables)
    WaysOut(estate, network, is_wanted=bool(settings["ways_out"]))
    Machines(estate, places)
    places.tell_skipped()
    if estate.kinds:
        draft.remark(
            "NetBox knows no services: until a layer of yours says which need what is here, no failure reaches one"
        )
    estate.tell_names_apart()
