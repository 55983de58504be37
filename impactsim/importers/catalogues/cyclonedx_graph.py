"""What a bill of materials says of services and of the software that depends on them, and what becomes of it. Knows no file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from impactsim.importers.draft import Draft
from impactsim.importers.parts import Place
from impactsim.model.provenance import Confidence

_ELSEWHERE = "urn:cdx:"
_PACKAGE = "pkg:"


@dataclass
class Node:
    """A service, or a piece of software."""

    name: str
    place: Place
    kind: str = "service"
    is_service: bool = True
    group: str = ""
    """What tells it from others of its name."""
    provider: str = ""
    """Who runs it."""


@dataclass
class Bill:
    """A bill of materials.

    Its references mean something only within it.
    """

    label: str
    """What it is about; no other that is imported with it has the same."""
    serial: str
    """Its serial number; empty if it has none."""
    makers: list[str] = field(default_factory=list)
    """Who the document says made the program."""
    above: list[str] = field(default_factory=list)
    """Who provides services with others in them."""
    nodes: dict[str, Node] = field(default_factory=dict)
    """By reference."""
    needs: dict[str, dict[str, Place]] = field(default_factory=dict)
    """What each reference needs."""
    stated: set[str] = field(default_factory=set)
    """References of which the document says what they need, were it nothing."""
    kept: dict[str, None] = field(default_factory=dict)
    """References of what becomes a component."""

    def key(self, reference: str) -> str:
        """Return the key of what a reference means."""
        return f"{self.label}: {reference}" if self.label else reference

    def keep(self, draft: Draft) -> None:
        """Settle what becomes a component: services, and what depends on one, straight or by way of others."""
        users: dict[str, list[str]] = {}
        for owner, targets in self.needs.items():
            for target in targets:
                users.setdefault(target, []).append(owner)
        found: dict[str, None] = {}
        waiting = [own for own, node in self.nodes.items() if node.is_service]
        waiting += [own for own, targets in self.needs.items() if any(each.startswith(_ELSEWHERE) for each in targets)]
        while waiting:
            own = waiting.pop()
            if own not in found:
                found[own] = None
                waiting += users.get(own, ())
        for own in found:
            if own not in self.nodes:
                place = next(iter(self.needs[own].values()))
                self._warn(
                    draft, place, own, "it depends on others, and nothing describes it: it is kept as something unknown"
                )
                self.nodes[own] = Node(own, place, "unknown", is_service=False)
        self.kept = {own: None for own in self.nodes if own in found}
        if left_out := len(self.nodes) - len(self.kept):
            draft.leave_out("pieces of software that depend on no service", left_out)

    def enter(self, draft: Draft, own_names: Collection[str], by_serial: Mapping[str, Bill]) -> None:
        """Enter components and needs."""
        for own in self.kept:
            node = self.nodes[own]
            operator = node.provider if node.provider and node.provider.casefold() not in own_names else None
            sure: Confidence = "guessed" if node.kind == "unknown" else "declared"
            draft.component(
                self.key(own),
                node.name,
                node.place,
                within=node.group or own,
                confidence=sure,
                kind="provider" if operator else node.kind,
                operator=operator,
            )
        for own in self.kept:
            for target, place in self.needs.get(own, {}).items():
                self._need(draft, own, target, place, by_serial)

    def _need(self, draft: Draft, own: str, target: str, place: Place, by_serial: Mapping[str, Bill]) -> None:
        bill, reference = self, target
        if target.startswith(_ELSEWHERE):
            serial, _, rest = target.removeprefix(_ELSEWHERE).partition("/")
            if (other := by_serial.get(serial.casefold())) is not None:
                bill, reference = other, rest.partition("#")[2]
        if reference in bill.kept:
            draft.need(self.key(own), bill.key(reference), place, record=f"{self.key(own)} -> {target}")
        elif reference in bill.nodes:
            draft.leave_out("dependencies of services on software that depends on no service")
        elif reference.startswith(_PACKAGE):
            draft.leave_out("dependencies of services on packages that nothing describes")
        else:
            key = bill.key(reference)
            draft.mention(key, reference.rpartition("#")[2] or reference, place)
            draft.need(self.key(own), key, place, record=f"{self.key(own)} -> {target}")

    def _warn(self, draft: Draft, place: Place, own: str, fault: str) -> None:
        draft.notes.warning(place.line, "dangling", own[:60], fault, "check the reference", file=place.source.name)
