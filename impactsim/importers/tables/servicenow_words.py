"""Words of a ServiceNow CMDB: what relations mean, what classes are, and the headers of its lists.

A type of relation is called as both ends say it, ``parent says::child says``. Which end fails with which was read off what the
words mean; ServiceNow states it for ``Depends on::Used by`` only.
"""

from __future__ import annotations

from typing import Literal

from impactsim.importers.tables.words import Sort, fold

Meaning = Literal["needs", "stands in", "gets data", "contains", "members", "nothing"]
"""What a relation says of failures, of its parent: it *needs*, *stands in*, *gets data* from its child.

*contains* depends on the classes of both; *members* are those of a cluster.
"""

SAID: dict[str, tuple[Meaning, bool]] = {
    "parent needs child": ("needs", False),
    "child needs parent": ("needs", True),
    "nothing": ("nothing", False),
}
"""What people may say of a type in a mapping: its meaning, and whether the ends change places."""

ITEMS = Sort(
    "nodes",
    {
        "sys_id": ("sys id",),
        "name": ("display name", "bezeichnung", "nom", "nome", "nombre"),
        "class": ("sys_class_name", "klasse", "classe", "clase"),
        "status": (
            "operational_status",
            "operational state",
            "betriebsstatus",
            "statut opérationnel",
            "stato operativo",
        ),
        "critical": ("busines_criticality", "business_criticality", "geschäftskritikalität"),
        "location": ("standort", "emplacement", "sede", "ubicación"),
    },
    (("sys_id", "name"),),
)
RELATIONS = Sort(
    "edges",
    {
        "parent": ("parent.name", "parent ci", "übergeordnet", "übergeordnetes element"),
        "child": ("child.name", "child ci", "untergeordnet", "untergeordnetes element"),
        "type": ("type.name", "relationship type", "typ", "tipo"),
        "parent_class": ("parent.sys_class_name", "parent class"),
        "child_class": ("child.sys_class_name", "child class"),
        "parent_sys_id": ("parent.sys_id", "parent sys id"),
        "child_sys_id": ("child.sys_id", "child sys id"),
    },
    (("parent", "parent_sys_id"), ("child", "child_sys_id"), ("type",)),
)

_TYPES: dict[Meaning, tuple[str, ...]] = {
    "needs": (
        "Depends on::Used by",
        "Uses::Used by",
        "Runs on::Runs",
        "Hosted on::Hosts",
        "Connects to::Connected by",
        "Connected by::Connects",
        "Powered by::Powers",
        "Virtualized by::Virtualizes",
        "Virtualised by::Virtualises",
        "Registered on::Has registered",
        "Instantiates::Instantiated by",
        "Provided by::Provides",
        "Consumes::Consumed by",
        "Installed on::Installs",
        "Stored on::Provides storage for",
        "Fed by::Feeds",
        "Cooled by::Cools",
        "Impacted by::Impacts",
    ),
    "stands in": ("Located in::Houses", "In rack::Rack contains"),
    "gets data": ("Receives data from::Sends data to",),
    "contains": ("Contains::Contained by",),
    "members": ("Members::Member of", "Cluster of::Cluster", "Cluster of::Cluster member"),
    "nothing": (
        "Exchanges data with::Exchanges data with",
        "Owns::Owned by",
        "Manages::Managed by",
        "Monitors::Monitored by",
        "Controls::Controlled by",
        "Backs up::Backed up by",
        "Protects::Protected by",
        "IP Connection::IP Connection",
        "Allocated to::Allocated from",
        "DR provided by::Provides DR for",
        "Redundancy provided by::Provides redundancy for",
        "Extends::Extended by",
        "Upgrades::Upgraded by",
        "Subscribes to::Subscribed by",
        "From template::Template for",
    ),
}


def _known() -> dict[str, tuple[Meaning, bool]]:
    known: dict[str, tuple[Meaning, bool]] = {}
    for meaning, types in _TYPES.items():
        for type_ in types:
            parent, child = type_.split("::")
            for is_reversed, (first, second) in enumerate(((parent, child), (child, parent))):
                for name in (f"{first}::{second}", first):
                    known.setdefault(relation(name), (meaning, bool(is_reversed)))
    return known


def relation(type_: str) -> str:
    """Return a type as it is compared.

    Examples
    --------
    >>> relation("Depends on::Used by"), relation("Contained by :: Contains"), relation("Depends on")
    ('dependson::usedby', 'containedby::contains', 'dependson')
    """
    return "::".join(fold(each) for each in type_.split("::"))


KNOWN = _known()
"""Meanings of types, as they are compared, and whether the ends have changed places; what the parent says will do alone."""

_CLASSES = (
    ("clusternode", "host"),
    ("cluster", "cluster"),
    ("vminstance esxserver hypervisor linuxserver winserver windowsserver unixserver aixserver solarisserver", "host"),
    ("db database ora oracle mssql mysql postgres mongodb datastore storage san nas", "data"),
    ("queue messaging", "queue"),
    ("appserver applicationserver webserver emailserver ftpserver", "service"),
    ("ups uninterruptible pdu powerdistribution powersupply powerstrip generator", "power"),
    ("crac cooling hvac", "cooling"),
    ("datacenter datacentre rack computerroom building facility availabilityzone dczone", "site"),
    (
        "netgear networkgear ipnetwork ipswitch switch iprouter router firewall lb loadbalancer circuit wap vpn",
        "connectivity",
    ),
    ("cloudserviceaccount vendor provider", "provider"),
    ("service businessapp application appl endpoint website pod container kubernetes tomcat apache", "service"),
    ("server computer hardware mainframe vm", "host"),
)
"""Names of classes, or of tables, without spaces, and the kind of each: the first that stands in a name counts."""


def kind_of(class_: str) -> str | None:
    """Return the kind that a class has, or a table; none if nothing is known of it.

    Examples
    --------
    >>> kind_of("cmdb_ci_service_auto"), kind_of("Linux Server"), kind_of("cmdb_ci_ups"), kind_of("Printer")
    ('service', 'host', 'power', None)
    """
    words = _words(class_)
    text = "".join(words)
    for names, kind in _CLASSES:
        if any(_stands_in(name, words, text) for name in names.split()):
            return kind
    return None


def _words(class_: str) -> list[str]:
    bare = class_.casefold().removeprefix("u_").removeprefix("cmdb_")
    words = [fold(word) for word in bare.replace("_", " ").split()]
    return words[1:] if len(words) > 1 and words[0] == "ci" and words[1] != "db" else words


def _stands_in(name: str, words: list[str], text: str) -> bool:
    """Short names stand as words of their own: there are ups in groups."""
    return name in words or (len(name) > 5 and name in text)
