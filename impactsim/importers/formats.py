"""The formats that can be imported: what they are called, what they know and cannot know, and what can be set.

Only words here: the module of a format is imported when one of its files is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from impactsim.importers.draft import Draft
from impactsim.importers.parts import Drafted
from impactsim.importers.sources import Source

SettingKind = Literal["text", "count", "share", "choice", "flag", "file"]


@dataclass(frozen=True, slots=True)
class Setting:
    """What can be set in an import: an option of the command, a keyword of the Python function."""

    name: str
    """With underscores; an option has hyphens."""
    help: str
    """A sentence; ends with the usual value where there is one."""
    kind: SettingKind = "text"
    usual: str | int | float | bool | None = None
    """What it is unless it is set."""
    choices: tuple[str, ...] = ()
    many: bool = False
    """May it be given several times? Its value is a list then."""
    is_kept: bool = True
    """Does the next import of the same files need it? Then it stands in what is written."""


@dataclass(frozen=True, slots=True)
class Format:
    """A foreign format."""

    name: str
    """On the command line."""
    title: str
    """What it is, in a line."""
    suffixes: tuple[str, ...]
    """How its files end, where a folder is given."""
    knows: tuple[str, ...]
    """What its files say."""
    cannot_know: tuple[str, ...]
    """What people have to add."""
    module: str
    """Of `impactsim.importers`; its function ``read_`` and the name of the format reads."""
    settings: tuple[Setting, ...] = ()


def drafted(format_: Format, sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> Drafted:
    """Read files of a format.

    Parameters
    ----------
    format_
        One of `FORMATS`.
    sources
        The files, in their order.
    settings
        Of the format, by name; the usual ones where a name is missing.
    draft
        Takes what is found.
    """
    read = getattr(import_module(f"impactsim.importers.{format_.module}"), f"read_{format_.name.replace('-', '_')}")
    usual: dict[str, Any] = {each.name: [] if each.many else each.usual for each in format_.settings}
    read(sources, {**usual, **settings}, draft)
    return draft.finish()


_NEVER = ("how long batteries, caches and queues last", "how long repairs take", "how many people use what")
"""What no foreign format says."""

_CALL_SETTINGS = (
    Setting(
        "hard_from",
        "Calls for at least this share of what the caller serves are a hard need; below it the need is soft, with the share as its impact.",
        "share",
        0.5,
    ),
    Setting("leave_out_below", "Calls for less than this share of what the caller serves are left out.", "share", 0.01),
    Setting(
        "fewest_calls",
        "Soft needs of fewer calls than this are left out, unless most pairs have fewer; hard ones never are.",
        "count",
        10,
    ),
)

_CATALOGUE_SETTINGS = (
    Setting(
        "systems",
        "all: each system becomes a service that needs all its parts, which is a guess. none: systems only group.",
        "choice",
        "none",
        ("none", "all"),
    ),
    Setting(
        "leave_out_lifecycle",
        "Leave out what is in this state of its life, such as experimental or deprecated, with the needs of others on it.",
        many=True,
    ),
)

_TABLE_SETTINGS = (
    Setting(
        "mapping", "A YAML file that says which column is which; unless given they are known by their headers.", "file"
    ),
    Setting(
        "save_mapping",
        "Write what was used to this new file, to be corrected and given as --mapping.",
        "file",
        is_kept=False,
    ),
)

_REPLICAS_NEEDED = Setting(
    "replicas_needed", "How many replicas must be up for the whole to be up, where nothing says so.", "count", 1
)

_GRAPH_SETTINGS = (
    Setting(
        "edges",
        "What an edge from A to B says: A needs B (so it is taken, as a guess, where edges have a direction and nothing is said), A is needed by B, or the two are connected, as in a network.",
        "choice",
        choices=("needs", "needed-by", "connections"),
    ),
    Setting(
        "root",
        "In a network of connections, a node from where the others are reached, by id or label: an exchange point, a gateway, the core.",
        many=True,
    ),
    Setting("links", "In a network of connections, make each link a component, which can fail.", "flag", False),
)

FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format(
            "table",
            "Two tables, of things and of who needs whom: CSV or a spreadsheet (.xlsx), columns as you map them",
            (".csv", ".xlsx"),
            ("whatever the columns say: things, places, needs, groups, times, targets",),
            ("what no column says",),
            "tables.whole",
            _TABLE_SETTINGS,
        ),
        Format(
            "servicenow",
            "ServiceNow CMDB: lists of CIs (cmdb_ci...) and of relations (cmdb_rel_ci), CSV or .xlsx",
            (".csv", ".xlsx"),
            (
                "configuration items, their classes and locations",
                "relations with a direction",
                "clusters and their members",
            ),
            ("how strong a relation is", "how many members of a cluster are needed", *_NEVER),
            "tables.servicenow",
            (
                *_TABLE_SETTINGS,
                Setting(
                    "members_needed",
                    "How many members of each cluster are needed: a number, all, or all-but-one.",
                    usual="1",
                ),
            ),
        ),
        Format(
            "glpi",
            "GLPI: lists of assets and the table of impact relations, CSV or .xlsx",
            (".csv", ".xlsx"),
            ("assets, their types and places", "which asset impacts which"),
            ("redundancy", "how strong an impact is", *_NEVER),
            "tables.glpi",
            _TABLE_SETTINGS,
        ),
        Format(
            "netbox",
            "NetBox: a dump (manage.py dumpdata) or answers of its REST interface, JSON",
            (".json",),
            (
                "sites, racks, devices",
                "power panels, feeds and cables: one of two supplies",
                "circuits, their providers, and the routers in which they end",
                "network cables: what hosts are connected by",
                "clusters and virtual machines",
            ),
            (
                "the mains behind a power panel",
                "which way a network leads out, and what stops without it",
                "how many machines of a cluster are needed",
                "which service runs on which machine",
                *_NEVER,
            ),
            "netbox.whole",
            (
                Setting(
                    "ways_out",
                    "Let what is behind a line count as down without it: switches need the way out, by distance from circuits (guessed).",
                    "flag",
                    False,
                ),
            ),
        ),
        Format(
            "backstage",
            "Backstage catalogue: YAML descriptors, or entities from its REST interface",
            (".yaml", ".yml", ".json"),
            ("components, resources and interfaces, as their teams declare them", "what depends on what"),
            ("redundancy", "how strong a dependency is", "where things run", "who runs them", *_NEVER),
            "catalogues.backstage",
            _CATALOGUE_SETTINGS,
        ),
        Format(
            "datadog",
            "Datadog service catalogue, entities of version 3, YAML or JSON",
            (".yaml", ".yml", ".json"),
            ("services, data stores and queues, and what they depend on", "tiers"),
            ("redundancy", "how strong a dependency is", "where things run", *_NEVER),
            "catalogues.datadog",
            (
                *_CATALOGUE_SETTINGS,
                Setting(
                    "critical_tier",
                    "Services of this tier are critical, those of all other tiers are not; without it nothing is said of either.",
                    many=True,
                ),
            ),
        ),
        Format(
            "cortex",
            "Cortex catalogue: OpenAPI files with x-cortex-tag and x-cortex-dependency",
            (".yaml", ".yml", ".json"),
            ("services and what they depend on",),
            ("redundancy", "how strong a dependency is", "where things run", *_NEVER),
            "catalogues.cortex",
        ),
        Format(
            "jaeger",
            "Jaeger: dependencies (/api/dependencies), or traces, JSON",
            (".json",),
            ("who called whom while it watched, and how often", "of traces: data stores, brokers and third parties"),
            (
                "what was not called meanwhile: standbys, batch jobs",
                "power, names and identity",
                "why somebody called",
                *_NEVER,
            ),
            "observed.traces",
            _CALL_SETTINGS,
        ),
        Format(
            "zipkin",
            "Zipkin: dependencies (/api/v2/dependencies), or spans of version 1 or 2, JSON",
            (".json",),
            ("who called whom while it watched, and how often", "of spans: data stores, brokers and third parties"),
            (
                "what was not called meanwhile: standbys, batch jobs",
                "power, names and identity",
                "why somebody called",
                *_NEVER,
            ),
            "observed.traces",
            _CALL_SETTINGS,
        ),
        Format(
            "opentelemetry",
            "OpenTelemetry service graph (traces_service_graph_request_total): Prometheus text, or the answer of a query, JSON",
            (".json", ".prom", ".txt"),
            (
                "who called whom while it watched, how often, and how often it failed",
                "data stores, queues and third parties",
            ),
            (
                "what was not called meanwhile: standbys, batch jobs",
                "power, names and identity",
                "why somebody called",
                *_NEVER,
            ),
            "observed.service_graph",
            _CALL_SETTINGS,
        ),
        Format(
            "kiali",
            "Kiali (Istio): a graph of apps, services or workloads, JSON",
            (".json",),
            ("who called whom while it watched, how often, and how often it failed", "named hosts outside the mesh"),
            (
                "what was not called meanwhile: standbys, batch jobs",
                "power, names and identity",
                "why somebody called",
                *_NEVER,
            ),
            "observed.kiali",
            _CALL_SETTINGS,
        ),
        Format(
            "compose",
            "Compose files (docker compose)",
            (".yaml", ".yml", ".json"),
            (
                "services and their replicas",
                "the order in which they start",
                "shared volumes",
                "hosts that settings name",
            ),
            (
                "who needs whom when all is running, beyond hosts that settings name",
                "how many replicas are needed",
                "on which machines they run, and where those stand",
                *_NEVER,
            ),
            "manifests.compose",
            (
                Setting(
                    "host",
                    "Name of the one machine on which all is guessed to run; '' if it does not.",
                    "text",
                    "docker-host",
                ),
                _REPLICAS_NEEDED,
                Setting(
                    "start_order_as_need",
                    "Take the order of starts (depends_on) as a guess of what is needed to run.",
                    "flag",
                    False,
                ),
                Setting("without_profiles", "Leave out services that start under a profile only.", "flag", False),
            ),
        ),
        Format(
            "kubernetes",
            "Kubernetes manifests, also as `helm template` writes them",
            (".yaml", ".yml", ".json"),
            (
                "workloads and their replicas",
                "ingresses, services, volumes, configuration",
                "who may call whom",
                "hosts outside",
            ),
            (
                "who calls whom by an address that no manifest holds",
                "how many replicas are needed",
                "on how many machines they run",
                *_NEVER,
            ),
            "manifests.kubernetes",
            (
                Setting(
                    "cluster", "Name of the cluster on which all is guessed to run; '' for none.", "text", "cluster"
                ),
                Setting("namespace", "Namespace of what names none.", "text", "default"),
                _REPLICAS_NEEDED,
                Setting(
                    "without_policies", "Do not guess needs from who may call whom (NetworkPolicy).", "flag", False
                ),
            ),
        ),
        Format(
            "graphml",
            "GraphML (yEd, Gephi, networkx, Topology Zoo)",
            (".graphml", ".xml"),
            ("nodes and edges, and what their attributes say",),
            ("what an edge means, unless the graph came from impactsim", *_NEVER),
            "graphs.whole",
            _GRAPH_SETTINGS,
        ),
        Format(
            "node-link",
            "Node-link JSON (networkx, D3)",
            (".json",),
            ("nodes and edges, and what their attributes say",),
            ("what an edge means, unless the graph came from impactsim", *_NEVER),
            "graphs.whole",
            _GRAPH_SETTINGS,
        ),
        Format(
            "dot",
            "DOT (Graphviz)",
            (".dot", ".gv"),
            ("nodes and edges, and what their attributes say",),
            ("what an edge means, unless the graph came from impactsim", *_NEVER),
            "graphs.whole",
            _GRAPH_SETTINGS,
        ),
        Format(
            "terraform",
            "The graph of Terraform or OpenTofu (`terraform graph`), DOT",
            (".dot", ".gv"),
            ("which resources exist, and of whose cloud", "in which order they are made"),
            ("who needs whom when all is running", "redundancy", *_NEVER),
            "graphs.terraform",
            (
                Setting("data_sources", "Take data sources as well.", "flag", False),
                Setting(
                    "all_resources", "Take resources of every type, also permissions and attachments.", "flag", False
                ),
            ),
        ),
        Format(
            "cyclonedx",
            "CycloneDX: the services of a bill of materials, JSON",
            (".json",),
            ("services, their providers and what they depend on",),
            ("redundancy", "how strong a dependency is", "where things run", *_NEVER),
            "catalogues.cyclonedx",
            (
                Setting(
                    "own_provider",
                    "A provider that is your own organisation; unless given, who the document says made it, or who provides "
                    "services with others in them.",
                    many=True,
                ),
            ),
        ),
        Format(
            "open-psa",
            "A coherent fault tree of the Open-PSA Model Exchange Format",
            (".xml",),
            ("gates, basic events and their probabilities",),
            ("anything about time", "how many people use what"),
            "fault_trees.open_psa",
        ),
    )
}
"""By name, in the order in which most organisations have them."""
