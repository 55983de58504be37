"""Manifests of Kubernetes as a system: workloads and their replicas, what leads to them, and what they are built on.

Sure is what manifests declare: entries, Services, volumes, configuration. That a workload calls another one is a guess, by the
hosts that its settings name and by who may call whom; and that all of it stands on one cluster is one as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from impactsim.importers.draft import Draft
from impactsim.importers.manifests.kubernetes_labels import Labels
from impactsim.importers.manifests.kubernetes_objects import Thing, count, key_of, mapping, mappings, read_objects, text
from impactsim.importers.manifests.kubernetes_pods import WORKLOADS, Workload, read_configuration, read_workload
from impactsim.importers.manifests.kubernetes_routes import Routes
from impactsim.importers.manifests.workloads import MOST_REPLICAS, need_hosts, need_replicas, tell_lists, tell_no_needs
from impactsim.importers.sources import Source
from impactsim.quantities import shown

_MOST_CALLS = 1_000_000
"""So many needs are guessed from policies at most."""


def read_kubernetes(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read manifests of Kubernetes as a system.

    Parameters
    ----------
    sources, settings, draft
        As in `impactsim.importers.formats.drafted`.
    """
    things = read_objects(sources, settings["namespace"] or "default", draft)
    if not draft.notes.has_errors:
        _Import(things, settings, draft).all()


class _Import:
    def __init__(self, things: list[Thing], settings: Mapping[str, Any], draft: Draft) -> None:
        self.things = things
        self.draft = draft
        self.cluster: str = settings["cluster"] or ""
        self.replicas_needed: int = settings["replicas_needed"]
        self.with_policies = not settings["without_policies"]
        self.labels = Labels()
        self.workloads: dict[str, Workload] = {}
        self.n_guessed_groups = 0
        self.n_spared = 0
        self.n_close = 0
        self.n_lists = 0
        self.replicas: dict[str, list[str]] = {}

    def all(self) -> None:
        """Add everything to the draft."""
        self._read_workloads()
        names = {(each.thing.namespace, each.thing.name): key for key, each in self.workloads.items()}
        scaled, spared = self._scaled(), self._spared()
        for key, workload in self.workloads.items():
            given = count(workload.thing.spec.get("replicas"))
            n = scaled.get(key, workload.replicas) if given is None else max(given, scaled.get(key, 0))
            self._component(key, workload, n, spared.get(key))
        self.routes = Routes(self.draft, self.things, self.labels, names)
        self._name_replicas()
        n_outside = self.routes.add_outside()
        self.routes.add_services()
        self.routes.add_entries()
        for key, workload in self.workloads.items():
            self._needs(key, workload)
        if self.with_policies:
            self._policies()
        if self.cluster and self.draft.parts:
            first = next(iter(self.draft.parts.values())).place
            self.draft.component(
                "cluster", self.cluster, first, record="the cluster", confidence="guessed", kind="host"
            )
        self._tell(n_outside)

    def _read_workloads(self) -> None:
        configuration = read_configuration(self.things)
        known = {each.key for each in self.things}
        for thing in self.things:
            if thing.kind not in WORKLOADS:
                continue
            owners = mappings(mapping(thing.data.get("metadata")).get("ownerReferences"))
            if any(key_of(text(each.get("kind")), thing.namespace, text(each.get("name"))) in known for each in owners):
                self.draft.leave_out("pods and sets of them that another object of these files makes")
                continue
            workload = read_workload(thing, configuration)
            if workload.replicas == 0:
                self.draft.leave_out("workloads with no replicas")
                continue
            if workload.is_odd:
                fault = "its pods are not written as Kubernetes writes them; what is not understood is passed over"
                place, remedy = thing.place, "`kubectl apply --dry-run=server` says what is wrong with it"
                self.draft.notes.warning(place.line, "odd-value", thing.name, fault, remedy, file=place.source.name)
            self.workloads[thing.key] = workload
            self.labels.add(thing.key, thing.namespace, workload.labels)

    def _scaled(self) -> dict[str, int]:
        """Return the least number of replicas of what is scaled automatically."""
        found: dict[str, int] = {}
        for thing in self.things:
            if thing.kind == "HorizontalPodAutoscaler":
                target = mapping(thing.spec.get("scaleTargetRef"))
                key = key_of(text(target.get("kind")), thing.namespace, text(target.get("name")))
                found[key] = max(1, count(thing.spec.get("minReplicas")) or 1)
        return found

    def _spared(self) -> dict[str, tuple[Thing, Any, bool]]:
        """Return for workloads with a disruption budget the budget, its figure, and whether that says how many may be missing."""
        found: dict[str, tuple[Thing, Any, bool]] = {}
        for thing in self.things:
            if thing.kind == "PodDisruptionBudget":
                is_missing = "minAvailable" not in thing.spec
                figure = thing.spec.get("maxUnavailable" if is_missing else "minAvailable")
                for key in self.labels.chosen(mapping(thing.spec.get("selector")), thing.namespace) or ():
                    found[key] = thing, figure, is_missing
        return found

    def _component(self, key: str, workload: Workload, n: int | None, spared: tuple[Thing, Any, bool] | None) -> None:
        thing = workload.thing
        n = n or 1
        is_group = 1 < n <= MOST_REPLICAS
        if n > MOST_REPLICAS:
            self.draft.leave_out(
                f"groups of more than {MOST_REPLICAS} replicas: each workload of them is one component"
            )
        at = self._stand(workload)
        part = self.draft.component(
            key,
            thing.name,
            thing.place,
            within=thing.namespace,
            record=thing.record,
            kind=workload.kind,
            at=None if is_group else at,
        )
        if not is_group:
            return
        first = 0 if thing.kind == "StatefulSet" else 1
        names = [f"{thing.name}-{number}" for number in range(first, first + n)]
        k = _needed(spared, n)
        by: Any = {"by": spared[0].record} if spared is not None and k is not None else {}
        k = self.replicas_needed if k is None else k
        self.replicas[key] = need_replicas(self.draft, part, names, k, record=thing.record, at=at, **by)
        self.n_guessed_groups += not by
        self.n_spared += bool(by)
        self.n_close += not workload.is_spread

    def _stand(self, workload: Workload) -> str | None:
        """Return the key of what a workload stands at: the machine or the zone that it names, else the cluster."""
        thing = workload.thing
        for kind, name in (("host", workload.node), ("site", workload.zone)):
            if name:
                key = f"{kind} {name}"
                self.draft.component(key, name, thing.place, record=key, within=kind, kind=kind)
                return key
        return "cluster" if self.cluster else None

    def _name_replicas(self) -> None:
        for key, keys in self.replicas.items():
            thing = self.workloads[key].thing
            service = text(thing.spec.get("serviceName"))
            if thing.kind == "StatefulSet" and service:
                self.routes.add_replicas(thing, service, {f"{thing.name}-{n}": each for n, each in enumerate(keys)})

    def _needs(self, key: str, workload: Workload) -> None:
        thing = workload.thing
        if (workload.zone or workload.node) and self.cluster:
            for each in self.replicas.get(key, [key]):
                self.draft.need(each, "cluster", thing.place, record=thing.record, confidence="guessed")
        for claim in workload.claims:
            self._need_claim(key, thing, claim)
        for claim in workload.own_claims:
            for number, owner in enumerate(self.replicas.get(key, [key])):
                self._need_claim(owner, thing, f"{claim}-{thing.name}-{number}")
        for kind, name in workload.configuration:
            own = key_of(kind, thing.namespace, name)
            wish = f"{'config' if kind == 'ConfigMap' else 'secret'}-{name}"
            self.draft.component(own, wish, thing.place, within=thing.namespace, record=own, kind="configuration")
            self.draft.need(key, own, thing.place, record=f"{thing.record} -> {own}", to="start")
        for found, to in ((workload.hosts, None), (workload.hosts_at_start, "start")):
            meant = self.routes.meanings(found, thing.namespace, thing.place)
            self.n_lists += need_hosts(self.draft, key, meant, thing.place, to)

    def _need_claim(self, owner: str, thing: Thing, claim: str) -> None:
        own = key_of("PersistentVolumeClaim", thing.namespace, claim)
        wish = f"volume-{claim}" if (thing.namespace, claim) in self.routes.workloads else claim
        self.draft.component(own, wish, thing.place, within=thing.namespace, record=own, kind="data")
        self.draft.need(owner, own, thing.place, record=f"{thing.record} -> {own}")

    def _policies(self) -> None:
        """Guess that who may call another one does."""
        room = _MOST_CALLS
        seen: set[tuple[str, str]] = set()
        for thing in self.things:
            if thing.kind != "NetworkPolicy":
                continue
            own = self._chosen(mapping(thing.spec.get("podSelector")), thing.namespace)
            for caller, target in self._calls(thing, own):
                room -= 1
                if room < 0:
                    self.draft.leave_out("policies, because they allow too many calls")
                    break
                if caller != target and (caller, target) not in seen:
                    seen.add((caller, target))
                    self.draft.need(caller, target, thing.place, record=thing.record, confidence="guessed")

    def _calls(self, thing: Thing, own: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield who may call whom by a policy."""
        for rule in mappings(thing.spec.get("ingress")):
            for peer in mappings(rule.get("from")):
                yield from ((caller, target) for caller in self._peers(thing, peer) for target in own)
        for rule in mappings(thing.spec.get("egress")):
            for peer in mappings(rule.get("to")):
                yield from ((caller, target) for caller in own for target in self._peers(thing, peer))

    def _peers(self, thing: Thing, peer: Mapping[str, Any]) -> list[str]:
        """Return the workloads that a rule of a policy names one by one."""
        if "podSelector" not in peer:
            return []
        namespace = thing.namespace
        if "namespaceSelector" in peer:
            labels = mapping(peer.get("namespaceSelector"), "matchLabels")
            namespace = text(labels.get("kubernetes.io/metadata.name"))
        return self._chosen(mapping(peer.get("podSelector")), namespace) if namespace else []

    def _chosen(self, selector: Mapping[str, Any], namespace: str) -> list[str]:
        chosen = self.labels.chosen(selector, namespace)
        if chosen is None:
            self.draft.leave_out("selectors of policies that choose very many workloads, or all")
        return chosen or []

    def _tell(self, n_outside: int) -> None:
        """Say how the manifests were read, and what they do not say."""
        remedy = "write needs in a layer of your own, or import what a mesh or traces have seen"
        tell_no_needs(self.draft, [key for key, each in self.workloads.items() if each.kind != "job"], remedy)
        if self.n_guessed_groups:
            self.draft.remark(
                f"workloads with replicas of which nothing says how many must be up: {self.n_guessed_groups:,}; that it is "
                f"{self.replicas_needed} is a guess (--replicas-needed)"
            )
        if self.n_spared:
            self.draft.remark(
                f"how many replicas must stay when pods are moved (PodDisruptionBudget) is taken as how many are needed: "
                f"{self.n_spared:,} workloads; that is a guess, for a budget of disruptions does not say what is needed"
            )
        if self.n_close:
            self.draft.remark(
                f"workloads with replicas that may all stand on one machine: {self.n_close:,}; there they are no redundancy"
            )
        tell_lists(self.draft, self.n_lists)
        if n_outside:
            self.draft.remark(
                f"who uses the {n_outside:,} hosts outside that ServiceEntry lists is known by settings only"
            )
        for what, n in (
            ("configuration that is optional", sum(each.n_optional for each in self.workloads.values())),
            (
                "settings from secrets and from maps that are not here",
                sum(each.n_outside for each in self.workloads.values()),
            ),
            (
                "hosts in settings, beyond the first 200 of a container",
                sum(each.n_many for each in self.workloads.values()),
            ),
            ("choices of machines by other labels", sum(each.is_pinned for each in self.workloads.values())),
        ):
            if n:
                self.draft.leave_out(what, n)
        if self.cluster:
            self.draft.remark(f"that all stands on one cluster is a guess: {shown(self.cluster)} (--cluster)")


def _needed(spared: tuple[Thing, Any, bool] | None, n: int) -> int | None:
    """Return how many of n replicas a disruption budget keeps; None if it does not say so."""
    if spared is None:
        return None
    _, figure, is_missing = spared
    found = count(figure)
    if isinstance(figure, str) and figure.endswith("%") and figure[:-1].isdecimal() and len(figure) < 5:
        found = -(-int(figure[:-1]) * n // 100)  # Kubernetes rounds up
    if found is None:
        return None
    return max(1, n - found if is_missing else min(found, n))
