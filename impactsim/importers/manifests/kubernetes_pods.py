"""What the pods of a workload are made of: hosts in settings, volumes, configuration, and where they may run.

Values of settings are looked at here, and nothing but the hosts in them is handed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from impactsim.importers.manifests.addresses import Address, addresses
from impactsim.importers.manifests.kubernetes_objects import Thing, count, mapping, mappings, text, texts
from impactsim.importers.manifests.workloads import kind_of_image, of_arguments

_ZONES = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
_NODE = "kubernetes.io/hostname"
_REFERENCE = re.compile(r"\$\(([A-Za-z_][A-Za-z0-9_.-]{0,100})\)")
_UNKNOWN = "\0"
_LONGEST = 8_000
_MOST_HOSTS = 200

WORKLOADS = {
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
}
"""Where each kind of workload keeps the template of its pods."""


@dataclass(frozen=True)
class Settings:
    """What stands in a ConfigMap, and the hosts in it."""

    values: Mapping[str, str] = field(repr=False)
    hosts: tuple[Address, ...]


Configuration = Mapping[tuple[str, str], Settings]
"""ConfigMaps by namespace and name."""


@dataclass
class Workload:
    """A workload, and what its pods need."""

    thing: Thing
    labels: Mapping[str, str]
    """Of its pods."""
    kind: str
    replicas: int | None
    """How many pods there are; none where that is not a number of the workload."""
    hosts: list[Address] = field(default_factory=list)
    hosts_at_start: list[Address] = field(default_factory=list)
    """Those that its init containers name."""
    claims: list[str] = field(default_factory=list)
    """Names of volume claims."""
    own_claims: list[str] = field(default_factory=list)
    """Names of claims that each replica has for itself."""
    configuration: dict[tuple[str, str], None] = field(default_factory=dict)
    """Kinds and names of configuration, without which it does not start."""
    n_optional: int = 0
    """How much configuration it can do without."""
    n_outside: int = 0
    """Settings whose values stand in secrets, or nowhere."""
    n_many: int = 0
    """Hosts beyond the most that are looked at."""
    zone: str = ""
    node: str = ""
    is_pinned: bool = False
    """Does it choose its machines by other labels?"""
    is_spread: bool = False
    """Does it say that its pods must not stand together?"""
    is_odd: bool = False
    """Is there something that is not as Kubernetes writes it?"""

    @property
    def key(self) -> str:
        """What it is called within an import."""
        return self.thing.key


def read_configuration(things: Iterable[Thing]) -> Configuration:
    """Read what stands in ConfigMaps; in Secrets nothing is ever looked at."""
    found: dict[tuple[str, str], Settings] = {}
    for thing in things:
        if thing.kind == "ConfigMap":
            values = texts(thing.data.get("data"))
            hosts = dict.fromkeys(each for name, value in values.items() for each in addresses(value, name))
            found[thing.namespace, thing.name] = Settings(values, tuple(hosts)[:_MOST_HOSTS])
    return found


def read_workload(thing: Thing, configuration: Configuration) -> Workload:
    """Read a workload.

    Parameters
    ----------
    thing
        The object, of one of the kinds in `WORKLOADS`.
    configuration
        What stands in ConfigMaps, by namespace and name, to look for hosts in it.
    """
    template = mapping(thing.data, *WORKLOADS[thing.kind])
    labels = texts(mapping(template, "metadata").get("labels"))
    workload = Workload(thing, labels, "service", _replicas(thing))
    pod = mapping(template, "spec")
    containers = mappings(pod.get("containers"))
    workload.is_odd = not containers
    workload.kind = "job" if thing.kind in {"Job", "CronJob"} else _kind(containers)
    _read_containers(workload, pod, containers, configuration)
    _read_volumes(workload, pod)
    _read_places(workload, pod)
    for each in mappings(thing.spec.get("volumeClaimTemplates")) if thing.kind == "StatefulSet" else ():
        workload.own_claims.append(text(mapping(each, "metadata").get("name")) or "data")
    return workload


def _replicas(thing: Thing) -> int | None:
    if thing.kind in {"DaemonSet", "Job", "CronJob", "Pod"}:
        return None
    value = thing.spec.get("replicas")
    return 1 if value is None else count(value)


def _kind(containers: list[Mapping[str, Any]]) -> str:
    return kind_of_image(text(containers[0].get("image"))) if containers else "service"


def _read_containers(
    workload: Workload, pod: Mapping[str, Any], containers: list[Mapping[str, Any]], configuration: Configuration
) -> None:
    before = mappings(pod.get("initContainers"))
    # An init container that is always started again runs beside the others.
    both = [(each, workload.hosts) for each in containers]
    both += [
        (each, workload.hosts if each.get("restartPolicy") == "Always" else workload.hosts_at_start) for each in before
    ]
    for container, found in both:
        for address in _hosts(workload, container, configuration):
            if len(found) < _MOST_HOSTS:
                found.append(address)
            else:
                workload.n_many += 1


def _hosts(workload: Workload, container: Mapping[str, Any], configuration: Configuration) -> Iterator[Address]:
    own_values: dict[str, str] = {}
    known: list[Mapping[str, str]] = [own_values]
    for each in mappings(container.get("envFrom")):
        name = _configured(workload, each, "configMapRef", "secretRef")
        inside = configuration.get((workload.thing.namespace, name))
        if inside is not None:
            known.append(inside.values)
            yield from inside.hosts
    environment = container.get("env")
    workload.is_odd |= environment is not None and not isinstance(environment, list)
    for each in mappings(environment):
        own, value = text(each.get("name")), each.get("value")
        if mapping(each.get("valueFrom")):
            value = _value_from(workload, mapping(each.get("valueFrom")), configuration)
        own_values[own] = _expanded(value, known) if isinstance(value, str) else _UNKNOWN
        yield from addresses(own_values[own], own)
    for key in ("command", "args"):
        arguments = container.get(key)
        workload.is_odd |= arguments is not None and not isinstance(arguments, list)
        given = [each for each in arguments if isinstance(each, str)] if isinstance(arguments, list) else []
        yield from of_arguments([_expanded(each, known) for each in given])


def _value_from(workload: Workload, source: Mapping[str, Any], configuration: Configuration) -> str | None:
    """Return the value of a setting that stands in a ConfigMap of these files; None otherwise."""
    name = _configured(workload, source, "configMapKeyRef", "secretKeyRef")
    inside = configuration.get((workload.thing.namespace, name))
    found = inside.values.get(text(mapping(source.get("configMapKeyRef")).get("key"))) if inside is not None else None
    workload.n_outside += found is None and ("configMapKeyRef" in source or "secretKeyRef" in source)
    return found


def _configured(workload: Workload, source: Mapping[str, Any], in_map: str, in_secret: str) -> str:
    """Note the configuration that a setting comes from; return the name of the ConfigMap, empty if it is none."""
    name = ""
    for kind, key in (("ConfigMap", in_map), ("Secret", in_secret)):
        said = mapping(source.get(key))
        own = text(said.get("name"))
        if own:
            _add_configuration(workload, kind, own, said)
            name = own if kind == "ConfigMap" else name
    return name


def _add_configuration(workload: Workload, kind: str, name: str, said: Mapping[str, Any]) -> None:
    if said.get("optional") is True:
        workload.n_optional += 1
    elif name != "kube-root-ca.crt":
        workload.configuration[kind, name] = None


def _expanded(value: str, known: Sequence[Mapping[str, str]]) -> str:
    """Return a value with those of other settings for ``$(NAME)``."""
    if "$(" not in value:
        return value
    found = _REFERENCE.split(value[:_LONGEST])
    found[1::2] = [next((each[name] for each in known if name in each), _UNKNOWN)[:_LONGEST] for name in found[1::2]]
    return "".join(found)[:_LONGEST]


def _read_volumes(workload: Workload, pod: Mapping[str, Any]) -> None:
    for volume in mappings(pod.get("volumes")):
        claim = text(mapping(volume.get("persistentVolumeClaim")).get("claimName"))
        if claim:
            workload.claims.append(claim)
        for each in (volume, *mappings(mapping(volume.get("projected")).get("sources"))):
            for kind, key in (("ConfigMap", "configMap"), ("Secret", "secret")):
                said = mapping(each.get(key))
                name = text(said.get("name")) or text(said.get("secretName"))
                if name:
                    _add_configuration(workload, kind, name, said)
        server = text(mapping(volume.get("nfs")).get("server"))
        workload.hosts += addresses(f"nfs://{server}") if server else []
    workload.claims = list(dict.fromkeys(workload.claims))


def _read_places(workload: Workload, pod: Mapping[str, Any]) -> None:
    labels = texts(pod.get("nodeSelector"))
    workload.zone = next((labels[key] for key in _ZONES if key in labels), "")
    workload.node = text(pod.get("nodeName")) if workload.thing.kind == "Pod" else ""
    workload.node = labels.get(_NODE, workload.node)
    affinity = mapping(pod.get("affinity"))
    workload.is_pinned = bool(set(labels) - {*_ZONES, _NODE}) or bool(mapping(affinity.get("nodeAffinity")))
    apart = mapping(affinity.get("podAntiAffinity"))
    required = mappings(apart.get("requiredDuringSchedulingIgnoredDuringExecution"))
    spread = mappings(pod.get("topologySpreadConstraints"))
    workload.is_spread = bool(required) or any(each.get("whenUnsatisfiable") != "ScheduleAnyway" for each in spread)
