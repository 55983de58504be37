"""The graph of Terraform or OpenTofu: which resources exist, and in which order they are made.

Read is what ``terraform graph`` prints: addresses with ``[root] `` before and ``(expand)`` or ``(close)`` behind them, or bare
ones as newer versions write them. A -> B says that A is made after B: so a web server follows the database that it asks, and
just as well a password that it read once. Every need is a guess, therefore. Variables, locals, outputs, modules, providers and
resources that do no work by themselves (permissions, attachments, random names) are gone through: what stands behind them counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from impactsim.importers.draft import Draft
from impactsim.importers.graphs.dot import read_dot
from impactsim.importers.graphs.graph import Graph
from impactsim.importers.graphs.terraform_words import PROVIDERS, UTILITIES, kind_of
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source

_DECORATION = re.compile(r"\s+\([^()]*\)$")
_INDEX = r"(?:\[(?:[0-9]+|\"[^\"]*\"|\*)\])?"
_MODULES = re.compile(rf"(?:module\.[\w\-]+{_INDEX}\.)+")
_RESOURCE = re.compile(rf"(?P<data>data\.)?(?P<type>[a-z][a-z0-9_\-]*)\.(?P<name>[\w\-]+){_INDEX}")
_NO_RESOURCES = {
    "var",
    "local",
    "output",
    "module",
    "provider",
    "provisioner",
    "meta",
    "path",
    "self",
    "terraform",
    "each",
    "count",
}
_PROVIDER = re.compile(r"provider\[\"?(?P<path>[^\"\]]+)\"?\]")
_MOST_STEPS = 5_000_000
"""No search goes on longer: in a graph in which all leads to all, nothing would be told apart."""


class _Address(NamedTuple):
    """What an address says of a resource."""

    module: str
    type: str
    name: str
    is_data: bool

    @property
    def whole(self) -> str:
        """The address."""
        return f"{self.module}{'data.' if self.is_data else ''}{self.type}.{self.name}"


def read_terraform(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read the output of ``terraform graph`` as a system."""
    if len(sources) > 1:
        fault = "addresses mean something within one configuration only"
        remedy = "import each graph on its own, and lay the systems on one another with `layers`"
        draft.notes.error(0, "one-file", "", fault, remedy, file=sources[1].name)
        return
    for source in sources:
        text = source.text(draft.notes)
        if text is not None and text.lstrip().startswith("{"):
            fault, remedy = "this is a state or a plan in JSON, not a graph", "give what `terraform graph` prints"
            draft.notes.error(1, "not-a-graph", "", fault, remedy, file=source.name)
            return
        graph = None if text is None else read_dot(text, draft.notes, source.name)
        if graph is not None:
            _Plan(graph, settings, draft, source).read()


class _Plan:
    """Reads the graph of one configuration."""

    def __init__(self, graph: Graph, settings: Mapping[str, Any], draft: Draft, source: Source) -> None:
        self.graph = graph
        self.draft = draft
        self.source = source
        self.has_data = bool(settings.get("data_sources"))
        self.has_all = bool(settings.get("all_resources"))
        self.kept: dict[str, _Address] = {}
        """Resources that become components, by node."""
        self.steps = 0

    def read(self) -> None:
        for own, node in self.graph.nodes.items():
            self._node(own, node.line)
        if not self.kept:
            fault = "no resource stands in this graph"
            remedy = "give what `terraform graph` prints; --all-resources takes every type"
            self.draft.notes.error(0, "no-resource", "", fault, remedy, file=self.source.name)
            return
        after = self._after()
        for own, address in self.kept.items():
            for other in self._needed(own, after):
                self._need(address, self.kept[other], self.graph.nodes[own].line)
        self.draft.remark(
            "an edge says what is made first, not who fails with whom: every need here is a guess, some are missing (what no configuration names) and many are none (a secret that was read once); look through them before you trust an answer"
        )

    # Resources.

    def _node(self, own: str, line: int) -> None:
        address = _address(own)
        if address is None:
            if _PROVIDER.search(own) is None:
                self.draft.leave_out("variables, locals, outputs, modules and other helpers")
            return
        kind = kind_of(address.type)
        if address.is_data and not self.has_data:
            self.draft.leave_out("data sources (--data-sources)")
        elif not kind and not self.has_all:
            self.draft.leave_out(
                "resources that do no work by themselves, such as permissions and attachments (--all-resources)"
            )
        else:
            self.kept[own] = address
            self._component(address, kind or "resource", line)

    def _component(self, address: _Address, kind: str, line: int) -> None:
        place, key = Place(self.source, line), _key(address)
        if key in self.draft.parts:
            return
        within = address.module.rstrip(".") or address.type
        self.draft.component(key, address.name, place, within=within, record=key, kind=kind, name=address.whole)
        prefix = address.type.partition("_")[0]
        if prefix in UTILITIES:
            return
        provider = PROVIDERS.get(prefix, prefix)
        own = f"provider {prefix}"
        if own not in self.draft.parts:
            self.draft.component(own, provider, place, record=own, kind="provider", within="provider")
        self.draft.need(key, own, place, record=f"{key} by its type", confidence="guessed")

    def _need(self, owner: _Address, needed: _Address, line: int) -> None:
        if _key(owner) != _key(needed):
            record = f"{_key(owner)} -> {_key(needed)}"
            place = Place(self.source, line)
            self.draft.need(_key(owner), _key(needed), place, record=record, confidence="guessed")

    # Ways.

    def _after(self) -> dict[str, list[str]]:
        """Return what each node is made after; the two nodes of an address, to expand and to close it, are one."""
        after: dict[str, list[str]] = {}
        for edge in self.graph.edges:
            after.setdefault(edge.source, []).append(edge.target)
        return after

    def _needed(self, own: str, after: Mapping[str, list[str]]) -> Iterator[str]:
        """Yield the resources that are made before one, with nothing but helpers between them."""
        seen, waiting = {own}, [own]
        for node in waiting:
            for other in after.get(node, ()):
                self.steps += 1
                if self.steps > _MOST_STEPS:
                    self._give_up()
                    return
                if other in seen:
                    continue
                seen.add(other)
                if other in self.kept:
                    yield other
                elif not _is_end(other):
                    waiting.append(other)

    def _give_up(self) -> None:
        if self.steps == _MOST_STEPS + 1:
            fault = "too much stands between the resources of this graph: some needs are missing"
            self.draft.notes.warning(0, "too-far", "", fault, "import its modules one by one", file=self.source.name)


def _address(node: str) -> _Address | None:
    """Return the resource that a node stands for, if any.

    Examples
    --------
    >>> _address('[root] module.net.aws_lb.front[0] (expand)')
    _Address(module='module.net.', type='aws_lb', name='front', is_data=False)
    >>> _address("[root] var.region"), _address('[root] provider["registry.terraform.io/hashicorp/aws"] (close)')
    (None, None)
    """
    bare = _DECORATION.sub("", node.removeprefix("[root] ").strip())
    modules = _MODULES.match(bare)
    rest = bare[modules.end() :] if modules else bare
    found = _RESOURCE.fullmatch(rest)
    if found is None or found["type"] in _NO_RESOURCES:
        return None
    return _Address(modules[0] if modules else "", found["type"], found["name"], found["data"] is not None)


def _is_end(node: str) -> bool:
    """Does a way end here? A provider is configured by much that the resources behind it do not need."""
    bare = node.removeprefix("[root] ").strip()
    return _PROVIDER.search(bare) is not None or bare == "root"


def _key(address: _Address) -> str:
    return address.whole
