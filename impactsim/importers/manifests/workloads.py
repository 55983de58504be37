"""What Compose files and manifests of Kubernetes share: images, replicas, hosts in settings, and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from impactsim.importers.draft import Draft
from impactsim.importers.manifests.addresses import Address, addresses
from impactsim.importers.parts import Form, Part, Place
from impactsim.model.provenance import Confidence

MOST_REPLICAS = 20
"""What has more replicas stays one component: the loss of one of them is hardly felt."""

_NAMES = "Service "
"""How keys of what is only a name for something else begin."""

_DATA = """
arangodb cassandra clickhouse clickhouse-server cockroach cockroachdb couchbase couchdb db2 dragonfly dynamodb-local
elasticsearch etcd influxdb keydb mariadb mariadb-galera minio mongo mongodb mongodb-community-server mssql mssql-server
mysql mysql-server neo4j opensearch oracle-free oracle-xe percona percona-server pgvector postgis postgres postgresql
postgresql-ha questdb ravendb redis redis-cluster redis-stack redis-stack-server rethinkdb scylla solr surrealdb tidb timescaledb
timescaledb-ha valkey
"""
_QUEUES = """
activemq activemq-artemis artemis beanstalkd cp-kafka cp-zookeeper emqx kafka mosquitto nats nats-streaming nsq pulsar rabbitmq
redpanda rocketmq vernemq zookeeper
"""
_KINDS = {"memcached": "cache"} | dict.fromkeys(_DATA.split(), "data") | dict.fromkeys(_QUEUES.split(), "tool")


def kind_of_image(image: str) -> str:
    """Guess by the name of its image what a container is.

    Examples
    --------
    >>> [kind_of_image(image) for image in ("bitnami/postgresql:16", "rabbitmq@sha256:0", "example/redis-exporter", "shop")]
    ['data', 'tool', 'service', 'service']
    """
    *folders, name = image[:500].lower().partition("@")[0].split("/")
    name = name.partition(":")[0]
    return "data" if [*folders[-1:], name] == ["mssql", "server"] else _KINDS.get(name, "service")


def need_hosts(
    draft: Draft, owner: str, found: Sequence[tuple[Address, Sequence[str]]], place: Place, to: str | None = None
) -> int:
    """Add the needs of a component on hosts that its settings name; all of them are guesses.

    Parameters
    ----------
    draft
        Takes the needs, and providers.
    owner, place, to
        As in `Draft.need`.
    found
        The hosts, each with the keys of the components that are called so; any one of several answers.

    Returns
    -------
    int
        How many lists of hosts became a need of any one of them.
    """
    groups: dict[tuple[str, ...], dict[str, str]] = {}
    for address, known in found:
        keys = _keys(draft, owner, address, known, place)
        groups.setdefault(address.among or (address.host,), {}).update(keys)
    numbers = {address.host for address, _ in found if address.sort == "number"}
    if numbers:
        draft.leave_out("addresses that are numbers, in settings", len(numbers))
    n_lists = 0
    for hosts, members in groups.items():
        is_list = len(hosts) > 1 and len(members) > 1
        n_lists += is_list
        form: Form = "any_of" if is_list else "at_least"
        if members:
            record = f"{owner} settings -> {' or '.join(members.values())}"
            draft.need(owner, list(members), place, form=form, record=record, confidence="guessed", to=to)
    return n_lists


def tell_lists(draft: Draft, n: int) -> None:
    """Say how many lists of hosts there are in settings, and how they were taken."""
    if n:
        draft.remark(f"lists of hosts in one setting: {n:,}; any one of them is taken to be enough, which is a guess")


def _keys(draft: Draft, owner: str, address: Address, known: Sequence[str], place: Place) -> dict[str, str]:
    """Return the keys of what answers for a host, and what to call each; nothing if it is the owner, or nobody's."""
    if known:
        return {key: key for key in known if key != owner}  # it may name itself
    key = f"host:{address.host}"
    if address.sort == "public":
        draft.component(key, address.host, place, record=key, confidence="guessed", kind="provider")
    elif address.sort == "private":
        draft.mention(key, address.host, place)
    else:
        return {}
    return {key: address.host}


def of_arguments(arguments: Sequence[str]) -> list[Address]:
    """Return the hosts in the arguments of a program; an option is the name of the value behind it."""
    found: list[Address] = []
    option = ""
    for each in arguments:
        found += addresses(each, "" if each.startswith("-") else option)
        option = each if each.startswith("-") and "=" not in each else ""
    return found


def need_replicas(
    draft: Draft,
    owner: Part,
    names: Sequence[str],
    k: int,
    *,
    record: str,
    at: str | None,
    by: str = "",
    confidence: Confidence = "guessed",
) -> list[str]:
    """Add the replicas of a component, and its need of some of them.

    Parameters
    ----------
    draft, owner
        Takes them; whose replicas they are.
    names
        Of the replicas.
    k
        How many of them are needed.
    record
        Of the owner.
    by, confidence
        The record that says how many are needed, the owner's if empty, and how sure it is.
    at
        Key of what all of them stand on.

    Returns
    -------
    list[str]
        Their keys.
    """
    keys = [f"{owner.key}#{number}" for number in range(1, len(names) + 1)]
    within = owner.within or "replica"
    for number, (key, name) in enumerate(zip(keys, names, strict=True), 1):
        own = f"{record} replica {number}"
        draft.component(key, name, owner.place, within=within, record=own, kind="replica", at=at)
    k = max(1, min(k, len(keys)))
    draft.need(owner.key, keys, owner.place, form="at_least", k=k, record=by or record, confidence=confidence)
    return keys


def tell_no_needs(draft: Draft, services: Collection[str], remedy: str) -> None:
    """Warn where hardly any of the services needs another one to run, whatever else they need.

    Parameters
    ----------
    draft
        As it is when all has been added.
    services
        Keys of services that are described here. Needs on volumes, replicas of their own and the like say nothing about them.
    remedy
        What would help.
    """
    known, together = set(services), set[str]()
    for key in services:
        others = [other for other in _run_needs(draft, key) if _is_another(draft, key, other)]
        behind = [below for other in others if other.startswith(_NAMES) for below in _run_needs(draft, other)]
        together.update((key, *(other.partition("#")[0] for other in (*others, *behind))) if others else ())
    n_alone = len(known - together)
    if len(known) > 2 and 2 * n_alone > len(known):
        fault = (
            f"of {len(known):,} services {n_alone:,} neither need another one to run nor are needed by one: "
            "what fails would seem to touch nothing else"
        )
        draft.notes.warning(0, "no-needs", "", fault, remedy)


def _run_needs(draft: Draft, key: str) -> list[str]:
    """Return the keys that something needs for more than to start."""
    links = draft.parts[key].needs.values() if key in draft.parts else ()
    return [member for link in links if link.words.get("to") != "start" for member in link.members]


def _is_another(draft: Draft, key: str, other: str) -> bool:
    """Is it a service, here or elsewhere, and not what a service is made of?"""
    part = draft.parts.get(other)
    kind = part.words.get("kind") if part is not None else None
    is_base = kind in {"host", "site", "configuration"} or other.startswith(("volume:", "PersistentVolumeClaim "))
    return not is_base and not other.startswith(f"{key}#")
