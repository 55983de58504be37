"""The words of catalogues: references, names, and the kind of component that a type or a tag speaks of. Knows no files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from impactsim.importers.ids import as_id
from impactsim.model.system import KINDS
from impactsim.quantities import shown

_LONGEST = 200
_NAME = re.compile(r"[^\s:/@?#]+(?: [^\s:/@?#]+)*")
_REFERENCE = re.compile(rf"(?:([\w.\-]+):)?(?:([\w.\-]+)/)?({_NAME.pattern})")
_CREDENTIALS = re.compile(r"://[^/@\s]*@")
_PARTS = re.compile(r"[^a-z0-9]+")

_OUTSIDE = {"external", "saas", "vendor", "thirdparty", "provider"}
_OUTSIDE_TAGS = {"external", "saas", "third-party", "thirdparty", "3rd-party"}
_KINDS_OF_WORDS = {
    **dict.fromkeys(
        ("queue", "queues", "topic", "topics", "stream", "kafka", "rabbitmq", "sqs", "sns", "pubsub"), "queue"
    ),
    **dict.fromkeys(("cache", "caches", "memcached"), "cache"),  # what it loses is no loss of data
    **dict.fromkeys(("database", "databases", "db", "datastore", "bucket", "buckets", "storage", "s3"), "data"),
    **dict.fromkeys(
        ("postgres", "postgresql", "mysql", "mariadb", "mongodb", "dynamodb", "cassandra", "oracle"), "data"
    ),
    **dict.fromkeys(("redis", "elasticsearch", "opensearch", "warehouse", "dataset", "table"), "data"),
    **dict.fromkeys(("host", "hosts", "server", "vm", "cluster", "node", "kubernetes", "k8s"), "host"),
    **dict.fromkeys(("network", "vpn", "vpc", "subnet"), "connectivity"),
}
"""The kind of component that a word in a type speaks of. Of several words the first in this order decides: a cluster of a
database is data."""
_LIBRARIES = {"library", "package", "documentation"}
"""Types of what does not run: it fails with what it is built into."""


class Reference(NamedTuple):
    """What a catalogue calls something."""

    kind: str
    """In small letters; empty if it is not said."""
    namespace: str
    name: str

    @property
    def key(self) -> str:
        """The key of what it means: letter case does not count."""
        return f"{self.kind}:{self.namespace}/{self.name}".casefold()


def text_of(value: Any, longest: int = _LONGEST) -> str:
    """Return a name that somebody wrote, also as a number and without a password; nothing of what is no name.

    Examples
    --------
    >>> text_of(" orders "), text_of(404), text_of(["orders"]), text_of("see https://me:secret@example.org")
    ('orders', '404', '', 'see https://example.org')
    """
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    text = value.strip() if isinstance(value, str) else ""
    return _CREDENTIALS.sub("://", text) if len(text) <= longest else ""


def name_of(value: Any) -> str:
    """Return the name of an entity; nothing of what nobody could refer to."""
    name = text_of(value)
    return name if _NAME.fullmatch(name) else ""


def reference(value: Any, kind: str, namespace: str) -> Reference | None:
    """Read ``[kind:][namespace/]name``, or the same as a mapping; none of what is no reference.

    Parameters
    ----------
    value
        What somebody wrote.
    kind, namespace
        Where it does not say them.

    Examples
    --------
    >>> reference("resource:shop/orders-db", "", "default")
    Reference(kind='resource', namespace='shop', name='orders-db')
    >>> reference("orders", "api", "default").key, reference("https://example.com/orders", "api", "default")
    ('api:default/orders', None)
    """
    if isinstance(value, dict):
        said = [text_of(value.get(word)) for word in ("kind", "namespace", "name")]
        value = f"{said[0] or kind}:{said[1] or namespace}/{said[2]}".removeprefix(":")
    found = _REFERENCE.fullmatch(text_of(value))
    if found is None:
        return None
    return Reference((found[1] or kind).casefold(), found[2] or namespace, found[3])


def told(value: Any) -> str:
    """Write a reference that is none into a message; an address, which may hold a password, is not repeated."""
    return "an address" if isinstance(value, str) and ("://" in value or "@" in value) else shown(value)


def mapping(data: Mapping[str, Any], word: str) -> dict[str, Any]:
    """Return the mapping that stands under a word; an empty one where none does."""
    value = data.get(word)
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> Iterator[tuple[int | None, Any]]:
    """Yield each entry of a list, and one value that stands alone, with its place in the list."""
    if isinstance(value, list):
        yield from enumerate(value)
    elif value not in (None, "", {}):
        yield None, value


def texts_of(value: Any) -> list[str]:
    """Return the names that a setting holds: a list of them, or one."""
    return [text for _, each in listed(value) if (text := text_of(each))]


def kind_of_type(type_: str, otherwise: str) -> str:
    """Return the kind of component that the type of a thing speaks of.

    Parameters
    ----------
    type_
        The type, in the words of whoever keeps the catalogue.
    otherwise
        The kind where no type is given.

    Examples
    --------
    >>> [kind_of_type(each, "resource") for each in ("database", "aws-s3-bucket", "kubernetes-cluster", "cdn", "SaaS")]
    ['data', 'data', 'host', 'cdn', 'provider']
    """
    type_ = type_.casefold()
    if type_ in KINDS:
        return type_
    words = _PARTS.split(type_)
    if is_outside(type_):
        return "provider"
    for word, kind in _KINDS_OF_WORDS.items():
        if word in words:
            return kind
    return as_id(type_) if type_ else otherwise


def kind_of_program(type_: str) -> str:
    """Return the kind of component of a program: a service, unless its type says another thing with its only word."""
    type_ = type_.casefold()
    if is_library(type_):
        return "library"
    if is_outside(type_):
        return "provider"
    return type_ if type_ in KINDS else _KINDS_OF_WORDS.get(type_, "service")


def is_library(type_: str) -> bool:
    """Is this something that is built into others, or only read?"""
    return type_.casefold() in _LIBRARIES


def is_outside(type_: str, tags: Collection[Any] = ()) -> bool:
    """Is this, by its type or its tags, run by somebody else?"""
    words = _PARTS.split(type_.casefold())
    is_third = "party" in words and ("third" in words or "3rd" in words)
    return is_third or not _OUTSIDE.isdisjoint(words) or any(_is_outside_tag(tag) for tag in tags)


def _is_outside_tag(tag: Any) -> bool:
    return isinstance(tag, str) and tag.strip().casefold() in _OUTSIDE_TAGS
