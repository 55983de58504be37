"""Who is reached by which name in Kubernetes: Services and the workloads behind them, entries from outside, hosts outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from impactsim.importers.draft import Draft
from impactsim.importers.manifests.addresses import Address, addresses, is_surely_public
from impactsim.importers.manifests.kubernetes_labels import Labels, plain_selector
from impactsim.importers.manifests.kubernetes_objects import Thing, key_of, mapping, mappings, text
from impactsim.importers.manifests.workloads import need_hosts
from impactsim.importers.parts import Place

_ROUTES = {"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"}


class Routes:
    """Services and what leads to them; made when all workloads are in the draft.

    Parameters
    ----------
    draft
        Holds the workloads, and takes the rest.
    things
        All objects.
    labels
        Those of the workloads.
    workloads
        Keys of the workloads, by namespace and name.
    """

    def __init__(
        self, draft: Draft, things: Sequence[Thing], labels: Labels, workloads: Mapping[tuple[str, str], str]
    ) -> None:
        self.draft = draft
        self.things = things
        self.labels = labels
        self.workloads = workloads
        self.services: dict[tuple[str, str], str] = {}
        """Key of the component that answers for a Service, by namespace and name."""
        self._replicas: dict[tuple[str, str], Mapping[str, str]] = {}
        self._wild: set[str] = set()

    def add_services(self) -> None:
        """Add Services that are called otherwise than what is behind them; the others are what is behind them."""
        behind: list[tuple[Thing, list[str]]] = []
        for thing in self.things:
            if thing.kind == "Service":
                chosen = self._chosen(thing)
                own = self.workloads.get((thing.namespace, thing.name))
                if chosen == [own]:
                    self.services[thing.namespace, thing.name] = chosen[0]
                    self.draft.component(chosen[0], thing.name, thing.place, record=thing.record)
                    continue
                self._add(thing, f"service-{thing.name}")
                self.services[thing.namespace, thing.name] = thing.key
                behind.append((thing, chosen))
        for thing, chosen in behind:
            sure: Any = {"confidence": "guessed", "form": "at_least"} if len(chosen) > 1 else {}
            if chosen:
                self.draft.need(thing.key, chosen, thing.place, record=f"{thing.record} selector", **sure)
            outside = text(thing.spec.get("externalName"))
            if outside and thing.spec.get("type") == "ExternalName":
                self._name_outside(thing, outside)

    def _chosen(self, thing: Thing) -> list[str]:
        selector = mapping(thing.spec.get("selector"))
        if not selector:
            return []
        chosen = self.labels.chosen(plain_selector(selector), thing.namespace)
        if chosen is None:
            self.draft.leave_out("selectors of Services that choose very many workloads")
        elif not chosen:
            fault = "this Service chooses no workload of these files: what answers for it is not known"
            place, remedy = thing.place, "import the manifests of its workload as well"
            self.draft.notes.warning(place.line, "chooses-nothing", thing.name, fault, remedy, file=place.source.name)
        return chosen or []

    def _add(self, thing: Thing, other: str, **words: Any) -> None:
        """Add a component with its own name, or with another one where a workload is called so."""
        wish = other if (thing.namespace, thing.name) in self.workloads else thing.name
        self.draft.component(thing.key, wish, thing.place, within=thing.namespace, record=thing.record, **words)

    def _name_outside(self, thing: Thing, outside: str) -> None:
        for address in addresses(f"tcp://{outside}"):
            known = self.called(address.host, thing.namespace)
            if not known and address.sort == "public":
                key = f"host:{address.host}"
                self.draft.component(key, address.host, thing.place, record=key, kind="provider")
                self.draft.need(thing.key, key, thing.place, record=f"{thing.record} externalName")
            else:
                need_hosts(self.draft, thing.key, [(address, known)], thing.place)

    def add_entries(self) -> None:
        """Add what leads from outside to Services: Ingresses, Gateways and their routes."""
        for thing in self.things:
            if thing.kind == "Gateway":
                self._add(thing, f"gateway-{thing.name}", kind="connectivity")
        for thing in self.things:
            if thing.kind == "Ingress":
                self._add_ingress(thing)
            elif thing.kind in _ROUTES:
                self._add_route(thing)

    def _add_ingress(self, thing: Thing) -> None:
        self._add(thing, f"ingress-{thing.name}")
        backends = [mapping(thing.spec.get("defaultBackend")), mapping(thing.spec.get("backend"))]
        for rule in mappings(thing.spec.get("rules")):
            backends += [mapping(each.get("backend")) for each in mappings(mapping(rule, "http").get("paths"))]
        names = [text(mapping(each, "service").get("name")) or text(each.get("serviceName")) for each in backends]
        self._need_services(thing, [(thing.namespace, name) for name in names])
        notes = mapping(thing.data, "metadata", "annotations")
        controller = text(thing.spec.get("ingressClassName")) or text(notes.get("kubernetes.io/ingress.class"))
        if controller:
            key, name = f"ingress class {controller}", f"ingress-class-{controller}"
            record = f"IngressClass {controller}"
            self.draft.component(key, name, thing.place, record=record, kind="connectivity")
            self.draft.need(thing.key, key, thing.place, record=f"{thing.record} ingressClassName")

    def _add_route(self, thing: Thing) -> None:
        self._add(thing, f"route-{thing.name}")
        backends = [each for rule in mappings(thing.spec.get("rules")) for each in mappings(rule.get("backendRefs"))]
        services = [each for each in backends if text(each.get("kind")) in {"", "Service"}]
        self._need_services(
            thing, [(text(each.get("namespace")) or thing.namespace, text(each.get("name"))) for each in services]
        )
        for parent in mappings(thing.spec.get("parentRefs")):
            name = text(parent.get("name"))
            if name and text(parent.get("kind")) in {"", "Gateway"}:
                key = key_of("Gateway", text(parent.get("namespace")) or thing.namespace, name)
                self.draft.mention(key, name, thing.place)
                self.draft.need(thing.key, key, thing.place, record=f"{thing.record} parentRefs")

    def _need_services(self, thing: Thing, services: Sequence[tuple[str, str]]) -> None:
        for namespace, name in dict.fromkeys(services):
            if name:
                known = self._service(namespace, name)
                key = known[0] if known else self._mention(namespace, name, thing.place)
                self.draft.need(thing.key, key, thing.place, record=f"{thing.record} -> {namespace}/{name}")

    def add_outside(self) -> int:
        """Add the hosts outside that a mesh lets through; return how many they are."""
        n = 0
        for thing in self.things:
            if thing.kind != "ServiceEntry":
                continue
            hosts = thing.spec.get("hosts")
            if thing.spec.get("location") == "MESH_INTERNAL":
                self.draft.leave_out("entries of the mesh that are inside of it (ServiceEntry)")
                continue
            for host in hosts if isinstance(hosts, list) else []:
                is_wild = text(host).startswith("*.")
                for address in addresses(f"https://{text(host).removeprefix('*.')}"):
                    if address.sort == "number":
                        continue
                    name = f"*.{address.host}" if is_wild else address.host
                    self._wild.update({address.host} if is_wild else ())
                    shown_as = name if is_wild else None
                    record = f"{thing.record} {name}"
                    self.draft.component(
                        f"host:{name}", address.host, thing.place, record=record, kind="provider", name=shown_as
                    )
                    n += 1
        return n

    def add_replicas(self, workload: Thing, service: str, replicas: Mapping[str, str]) -> None:
        """Say by which names the replicas of a StatefulSet are reached, through its own Service."""
        self._replicas[workload.namespace, service] = replicas

    def called(self, host: str, namespace: str) -> tuple[str, ...]:
        """Return the keys of what is called so by pods of a namespace; nothing if nobody here is."""
        labels = host.split(".")
        is_whole = len(labels) > 2 and labels[2] == "svc"
        if len(labels) == 1:
            return self._service(namespace, labels[0])
        if len(labels) == 2 or is_whole:
            found = self._service(labels[1], labels[0]) or self._replica(namespace if not is_whole else "", labels)
            if found:
                return found
        if len(labels) >= 3 and (len(labels) == 3 or labels[3] == "svc"):
            found = self._replica(labels[2], labels)
            if found:
                return found
        wild = (".".join(labels[place:]) for place in range(1, len(labels)))
        return next(((f"host:*.{each}",) for each in wild if each in self._wild), ())

    def _service(self, namespace: str, name: str) -> tuple[str, ...]:
        key = self.services.get((namespace, name)) or self.workloads.get((namespace, name))
        return (key,) if key else ()

    def _replica(self, namespace: str, labels: Sequence[str]) -> tuple[str, ...]:
        """Return the replica behind ``web-0.web``, or what answers for its Service."""
        replicas = self._replicas.get((namespace, labels[1]))
        if replicas is None:
            return ()
        return (replicas[labels[0]],) if labels[0] in replicas else ()

    def meanings(self, hosts: Sequence[Address], namespace: str, place: Place) -> list[tuple[Address, tuple[str, ...]]]:
        """Return hosts with what they mean to pods of a namespace; a Service that is not here is mentioned."""
        found: list[tuple[Address, tuple[str, ...]]] = []
        for address in hosts:
            keys = self.called(address.host, namespace)
            inside = _inside(address, namespace)
            if not keys and inside is not None:
                keys = (self._mention(*inside, place),)
            found.append((address, keys))
        return found

    def _mention(self, namespace: str, name: str, place: Place) -> str:
        key = key_of("Service", namespace, name)
        self.draft.mention(key, name, place)
        return key


def _inside(address: Address, namespace: str) -> tuple[str, str] | None:
    """Return namespace and name of the Service that a host can only be; None if it may be something else."""
    labels = address.host.split(".")
    if address.sort in {"doubtful", "number"}:
        return None
    if len(labels) == 1:
        return namespace, labels[0]
    is_service = labels[2] == "svc" if len(labels) > 2 else not is_surely_public(address.host)
    return (labels[1], labels[0]) if is_service else None
