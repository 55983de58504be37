"""Compose files as a system: services and their replicas, the order in which they start, volumes, and hosts in settings.

``depends_on`` says in which order services start, and nothing about who needs whom when all is running: it becomes needs to
start. What is needed to run can only be guessed, by the hosts that settings name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from impactsim.importers.draft import Draft
from impactsim.importers.manifests.addresses import Address, addresses
from impactsim.importers.manifests.compose_files import Project, named, read_files
from impactsim.importers.manifests.compose_service import Service
from impactsim.importers.manifests.compose_variables import UNKNOWN
from impactsim.importers.manifests.workloads import (
    MOST_REPLICAS,
    kind_of_image,
    need_hosts,
    need_replicas,
    of_arguments,
    tell_lists,
    tell_no_needs,
)
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.quantities import shown

_MOST_SHARED = 1_000_000
"""So many volumes of other services are looked at."""
_HOST = "the machine"  # no service can be called so


def read_compose(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read Compose files as a system.

    Parameters
    ----------
    sources, settings, draft
        As in `impactsim.importers.formats.drafted`.
    """
    project = read_files(sources, draft)
    if draft.notes.has_errors:
        return
    _Import(project, settings, draft).all()


class _Import:
    def __init__(self, project: Project, settings: Mapping[str, Any], draft: Draft) -> None:
        self.project = project
        self.draft = draft
        self.host: str = settings["host"] or ""
        self.replicas_needed: int = settings["replicas_needed"]
        self.start_is_run: bool = bool(settings["start_order_as_need"])
        self.services: dict[str, Service] = dict(project.services)
        self._room = _MOST_SHARED
        self._n_lists = 0
        self._left_out: set[str] = set()
        if settings["without_profiles"]:
            self._left_out = {name for name, each in project.services.items() if each.profiles}
            self.services = {name: each for name, each in self.services.items() if name not in self._left_out}
        self.jobs = {name for each in self.services.values() for name, start in each.starts.items() if start.is_job}
        self.names = _names(self.services)

    def all(self) -> None:
        """Add everything to the draft."""
        for name, service in self.services.items():
            self._component(name, service)
        if self.host and self.draft.parts:
            first = next(iter(self.project.places.values()))[0]
            self.draft.component(_HOST, self.host, first, record=_HOST, confidence="guessed", kind="host")
        for name, service in self.services.items():
            self._needs_to_start(name, service)
            self._needs_of_volumes(name, service)
            self._needs_to_run(name, service)
        self._tell()

    def _component(self, name: str, service: Service) -> None:
        kind = "provider" if service.is_provider else kind_of_image(service.words.get("image", ""))
        kind = "job" if name in self.jobs else kind
        n = service.replicas if service.replicas is not None else 1
        is_group = 1 < n <= MOST_REPLICAS
        if n > MOST_REPLICAS:
            self.draft.leave_out(f"services with more than {MOST_REPLICAS} replicas as a group: each is one component")
        at = None if service.is_provider or is_group or not self.host else _HOST
        for place in self.project.places[name]:
            self.draft.component(name, name, place, record=f"services.{name}", kind=kind, at=at)
        if is_group:
            names = [f"{name}-{number}" for number in range(1, n + 1)]
            owner, on = self.draft.parts[name], _HOST if self.host else None
            need_replicas(self.draft, owner, names, self.replicas_needed, record=f"services.{name}", at=on)

    def _needs_to_start(self, name: str, service: Service) -> None:
        place = self.project.places[name][0]
        for other, start in service.starts.items():
            if not start.is_required or other in self._left_out:
                what = "that are not required" if not start.is_required else "on services that are left out"
                self.draft.leave_out(f"needs to start {what}")
                continue
            self._mention(other, place)
            self.draft.need(name, other, place, record=f"services.{name}.depends_on.{other}", to="start")
            if self.start_is_run and not start.is_job:
                record = f"services.{name}.depends_on.{other} (start order)"
                self.draft.need(name, other, place, record=record, confidence="guessed")
        for word in ("network_mode", "pid", "ipc"):
            kind, _, other = service.words.get(word, "").partition(":")
            if kind in {"service", "container"} and other:
                self._needs_together(name, word, kind, other)

    def _needs_together(self, name: str, word: str, kind: str, other: str) -> None:
        """Add the need of a service that lives in the network or the processes of another one: it falls with it."""
        place = self.project.places[name][0]
        keys = self.names.get(other.lower(), ()) if kind == "container" else ()
        key = keys[0] if keys else other
        self._mention(other, place)
        self.draft.need(name, key, place, record=f"services.{name}.{word}", to="stay_up")

    def _mention(self, name: str, place: Place) -> None:
        self.draft.mention(name, name, place)

    def _needs_of_volumes(self, name: str, service: Service) -> None:
        place = self.project.places[name][0]
        for volume in dict.fromkeys(filter(None, service.volumes.values())):
            self._need_volume(name, volume, place)
        for each in service.volumes_from:
            parts = each.split(":")
            other = parts[1] if parts[0] == "container" and len(parts) > 1 else parts[0]
            if not other or other in self._left_out:
                continue
            self._mention(other, place)
            self.draft.need(name, other, place, record=f"services.{name}.volumes_from", to="start")
            shared = self.services[other].volumes.values() if other in self.services else ()
            self._room -= len(shared)
            if self._room < 0:
                self.draft.leave_out("volumes of other services (volumes_from), because they are too many")
                continue
            for volume in dict.fromkeys(filter(None, shared)):
                self._need_volume(name, volume, place)

    def _need_volume(self, name: str, volume: str, place: Place) -> None:
        key = f"volume:{volume}"
        if key not in self.draft.parts:
            said = self.project.volumes.get(volume, {})
            is_here = self.host and said.get("driver") in (None, "local") and not said.get("driver_opts")
            wish = f"volume-{volume}" if volume in self.services else volume
            at = _HOST if is_here else None
            self.draft.component(key, wish, place, record=f"volumes.{volume}", within="volume", kind="data", at=at)
        self.draft.need(name, key, place, record=f"services.{name}.volumes")

    def _needs_to_run(self, name: str, service: Service) -> None:
        place = self.project.places[name][0]
        links = {alias.lower(): (other,) for other, alias in service.links if other not in self._left_out}
        for other in dict.fromkeys(other for other, _ in service.links if other not in self._left_out):
            self._mention(other, place)
            self.draft.need(name, other, place, record=f"services.{name}.links", confidence="guessed")
        for other in service.outer_links:
            own, record = f"outside:{other}", f"services.{name}.external_links"
            self.draft.component(own, other, place, record=own, confidence="guessed", kind="unknown")
            self.draft.need(name, own, place, record=record, confidence="guessed")
        found: dict[Address, tuple[str, ...]] = {}
        for address in _addresses(service):
            if address.host not in self._left_out:
                found[address] = links.get(address.host) or self.names.get(address.host, ())
        self._n_lists += need_hosts(self.draft, name, list(found.items()), place)

    def _tell(self) -> None:
        """Say how the files were read, and what they do not say."""
        remedy = (
            "--start-order-as-need takes the order of starts as a guess; better, write needs in a layer of your own"
        )
        tell_no_needs(self.draft, list(self.services), remedy)
        self._tell_of_files()
        self._tell_of_needs()
        groups = [each for each in self.services.values() if each.replicas and 1 < each.replicas <= MOST_REPLICAS]
        if groups:
            fall = f"; all of them stand on {self.host} and fall with it" if self.host else ""
            self.draft.remark(
                f"how many replicas of a service must be up is a guess: {self.replicas_needed} (--replicas-needed){fall}"
            )
        if self.host:
            self.draft.remark(f"that all stands on one machine is a guess: {shown(self.host)} (--host)")

    def _tell_of_files(self) -> None:
        if len(self.project.files) > 1:
            self.draft.remark(f"these files were taken together, the later over the earlier: {named(self.project)}")
        values = [value for each in self.services.values() for value in each.settings.values()]
        n_outside = sum(value is None or UNKNOWN in value for value in values)
        n_files = sum(each.n_setting_files for each in self.services.values())
        if n_outside or n_files:
            of_files = f", and files of settings that were not opened: {n_files:,}" if n_files else ""
            self.draft.remark(
                f"settings whose values stand outside these files: {n_outside:,}{of_files}; hosts in them are not known. "
                "`docker compose config` prints all values: import what it prints"
            )
        n_profiles = len([each for each in self.services.values() if each.profiles])
        if n_profiles:
            self.draft.remark(
                f"services that start under a profile only: {n_profiles:,}; --without-profiles leaves them out"
            )
        if self._left_out:
            self.draft.leave_out("services that start under a profile only", len(self._left_out))
        n_outer = sum(bool(each.get("external")) for each in self.project.networks.values())
        if n_outer:
            self.draft.remark(f"networks from outside these files: {n_outer:,}; who else uses them is not known")

    def _tell_of_needs(self) -> None:
        tell_lists(self.draft, self._n_lists)
        starts = [start for each in self.services.values() for start in each.starts.values() if start.is_required]
        if starts:
            also = "; it is taken as a guess of what is needed to run as well" if self.start_is_run else ""
            hint = "" if self.start_is_run else " (--start-order-as-need takes it as a guess of that)"
            self.draft.remark(
                f"the order of starts (depends_on: {len(starts):,}) does not say what services need when they run{also}{hint}"
            )
        n_jobs = sum(start.is_job for start in starts)
        if n_jobs:
            self.draft.remark(f"waits for jobs that end: {n_jobs:,}; what waits needs the job to start only")


def _names(services: Mapping[str, Service]) -> dict[str, tuple[str, ...]]:
    """Return by which names each service is reached; its own name goes before what others are called besides."""
    own: dict[str, tuple[str, ...]] = {}
    others: dict[str, list[str]] = {}
    for name in services:
        own[name.lower()] = (name,)
    for name, service in services.items():
        words = (service.words.get("container_name", ""), service.words.get("hostname", ""), *service.aliases)
        for word in dict.fromkeys(each.lower() for each in words if each):
            others.setdefault(word, []).append(name)
    # A name of very many says nothing about any one of them.
    return {word: tuple(found) for word, found in others.items() if len(found) <= MOST_REPLICAS} | own


def _addresses(service: Service) -> list[Address]:
    """Return the hosts in the settings and arguments of a service."""
    found = [each for name, value in service.settings.items() if value for each in addresses(value, name)]
    for arguments in service.arguments:
        found += of_arguments(arguments)
    return found
