"""Hosts that settings name: URLs, connection strings, ``host:port``, arguments of programs. Knows text, and no format.

Settings hold secrets. Nothing but a host ever leaves this room, and a host only where it stands in the place of one: behind
the scheme of a URL, or before a port or alone in a setting whose name says that it is an address. What is less clear is
*doubtful*: it may be taken for a name that the caller knows anyway, and for nothing else. Settings that are called password,
token and the like are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Literal, NamedTuple

MOST_LETTERS = 4_000
"""Of a text so much is looked at."""

Sort = Literal["public", "private", "doubtful", "number"]
"""A name that everybody can look up; one that only its own network knows; one that is a host only if somebody knows it; and
a number, which says nothing about who answers there."""


class Address(NamedTuple):
    """A host that a setting names, in small letters."""

    host: str
    sort: Sort
    among: tuple[str, ...] = ()
    """All hosts of a list of the like, with this one; empty if it stands alone."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_WORD = re.compile(r"[^\s\"'`<>|]+")
_SCHEME_END = re.compile(r"[A-Za-z0-9_+.-]{0,40}$")
_PORT = re.compile(r"[0-9]{1,5}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_LETTER = re.compile(r"[^A-Za-z0-9]+")
_FIGURES = re.compile(r"[0-9]+")
_OPTION = re.compile(r"-{0,2}[A-Za-z0-9_.-]{1,100}=")
_PIECE = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9_+.-]*://)?(?:[^\s/@]*@)?([A-Za-z0-9_.-]+)(?::([0-9]{1,5}))?(?:/\S*)?\s*")
"""One of a list: the host, and its port."""
_WAITS = frozenset({"wait", "waits", "precondition", "preconditions"})
"""Words of settings that list what must all be there."""

_PLACES = ("host", "hostname", "addr", "address", "addresse", "url", "uri", "endpoint", "server", "broker")
"""Words at whose end a setting is an address, whatever stands before; without a plural s."""
_MORE_PLACES = ("service", "dsn", "upstream", "backend", "bootstrap", "peer", "target", "remote", "proxy")
_SECRET_PARTS = ("password", "passwd", "passphrase", "secret", "token", "credential", "apikey", "privatekey")
_SECRET_WORDS = {"pwd", "pass", "key", "keys", "cert", "certs", "salt", "pin", "signature", "jwt", "cookie"}
_OWN_WORDS = {"allowed", "cors", "origin", "origins", "virtual", "letsencrypt", "callback", "redirect", "public"}
_OWN_WORDS |= {"advertised", "image", "img", "tag", "version"}
"""Words of settings that name what the component itself is called, or an image, and no other component."""

_TOP_LEVELS = _set("com net org io dev app cloud info biz gov edu mil int ai tech online services host systems")
_FILE_ENDINGS = _set("py sh rs pl md so cc ps ml hs vi mk am ac la tf js ts")
_PRIVATE_ENDS = _set("local localdomain internal lan intranet corp home private svc cluster docker consul arpa onion")
_NETWORK = _set(
    "http https ws wss tcp udp tls ssl grpc grpcs redis rediss valkey postgres postgresql mysql mariadb "
    "mongodb amqp amqps kafka nats ldap ldaps smtp smtps imap imaps ftp ftps sftp ssh memcached memcache mqtt "
    "mqtts bolt neo4j cassandra clickhouse sqlserver mssql oracle cockroachdb couchbase etcd elasticsearch "
    "opensearch thrift nfs smb pulsar stomp zookeeper jaeger zipkin otlp plaintext sasl_ssl sasl_plaintext "
    "internal external client"
)
"""Schemes of URLs that lead to a host; others, such as `s3` and `vault`, lead to a thing with a name."""
_NOT_MEANT = {"localhost", "invalid", "test", "example"}
_NOBODY = ("example.com", "example.org", "example.net", "example.edu", "docker.internal", "w3.org")
_FILLERS = {"host", "hostname", "null", "none", "true", "false", "undefined", "kubernetes", "kubernetes.default"}


def addresses(text: str, name: str = "") -> list[Address]:
    """Return the hosts that a text names, each once.

    Parameters
    ----------
    text
        The value of a setting, or an argument.
    name
        Of the setting, or the option before the argument; it says whether a single word may be a host.

    Examples
    --------
    >>> addresses("postgres://app:s3cret@orders-db:5432/orders", "DATABASE_URL")
    [Address(host='orders-db', sort='private', among=())]
    >>> addresses("https://0123abcd@o1.ingest.sentry.io/5")
    [Address(host='o1.ingest.sentry.io', sort='public', among=())]
    >>> addresses("orders-db", "DB_HOST"), addresses("orders-db", "DB_NAME"), addresses("a.io:443", "API_KEY")
    ([Address(host='orders-db', sort='doubtful', among=())], [], [])
    >>> [each.among for each in addresses("k1:9092,k2:9092", "BROKERS")]
    [('k1', 'k2'), ('k1', 'k2')]
    """
    words = _words_of(name)
    if _is_secret(words) or not _OWN_WORDS.isdisjoint(words) or words[:2] == ["no", "proxy"]:
        return []
    if len(text) > MOST_LETTERS:
        text = text[:MOST_LETTERS].rpartition(" ")[0]  # a word that is cut is another word
    found: dict[str, Sort] = {}
    for host, sort, _ in _found(text, name):
        if sort != "doubtful" or host not in found:
            found[host] = sort if found.get(host) != "public" else "public"
    among = _among(text) if _WAITS.isdisjoint(words) else ()
    among = among if all(found.get(host, "number") != "number" for host in among) else ()
    return [Address(host, sort, among if host in among else ()) for host, sort in found.items()]


def says_address(name: str) -> bool:
    """Tell whether the name of a setting says that its value is an address.

    Examples
    --------
    >>> [says_address(name) for name in ("PGHOST", "CART_SERVICE_ADDR", "--db-url", "cacheServers", "DB_NAME", "LEVEL")]
    [True, True, True, True, False, False]
    """
    words = [word.rstrip("0123456789").removesuffix("s") for word in _words_of(name)]
    if words and words[-1] == "name":
        return "host" in words
    return any(word.endswith(_PLACES) or word in _MORE_PLACES for word in words)


def _among(text: str) -> tuple[str, ...]:
    """Return the hosts of a text that is a list of the like: with the same port, or called the same but for a number."""
    pieces = [_PIECE.fullmatch(each) for each in re.split(r"[,;]", _OPTION.sub("", text.strip()))]
    found = [(each[1].lower(), each[2]) for each in pieces if each is not None]
    hosts = tuple(dict.fromkeys(host for host, _ in found))
    is_list = len(hosts) > 1 and len(found) == len(pieces)
    is_like = len({port for _, port in found}) == 1 or len({_FIGURES.sub("", host) for host in hosts}) == 1
    return hosts if is_list and is_like else ()


def _found(text: str, name: str) -> Iterator[Address]:
    is_hidden = False  # behind the name of a secret nothing counts, up to the next name
    for match in _WORD.finditer(text):
        word = match[0]
        if "://" in word:
            before, _, rest = word.partition("://")
            key = re.split(r"[;,&?]", before)[-1].rpartition("=")[0]
            is_hidden = _is_secret(_words_of(key)) if key else is_hidden
            if not is_hidden:
                yield from _urls(_scheme(before), rest, "@" not in text, not _is_cut(text, match.end()))
            continue
        if 0 <= text.find("://") < match.start() and _is_cut(text, match.start()):
            continue
        for piece in re.split(r"[;,]", word):
            key, is_pair, value = piece.partition("=")
            if is_pair:
                is_hidden = _is_secret(_words_of(key))
            elif piece.startswith("-"):
                is_hidden = is_hidden or _is_secret(_words_of(piece))
                continue
            if not is_hidden:
                yield from _plain(value if is_pair else piece, key if is_pair else name)


def _scheme(text: str) -> str:
    """Return the scheme at the end of a text: that of ``A://x,B`` is ``b``, that of ``jdbc:mysql`` is ``mysql``."""
    found = _SCHEME_END.search(text)
    return found[0].lower() if found else ""


def _is_cut(text: str, end: int) -> bool:
    """Does an ``@`` follow behind a URL that belongs to no other one? Then the URL has ended within a password."""
    user, scheme = text.find("@", end), text.find("://", end)
    return user >= 0 and not 0 <= scheme < user


def _urls(scheme: str, rest: str, is_simple: bool, is_whole: bool) -> Iterator[Address]:
    """Yield the hosts of URLs that stand behind one another, parted by commas; `rest` begins behind the first scheme."""
    parts = rest.split("://")
    for place, part in enumerate(parts):
        is_last = place == len(parts) - 1
        own = part if is_last else _SCHEME_END.sub("", part)
        yield from _hosts(own, not _NETWORK.isdisjoint(scheme.split("+")), is_simple, is_whole)
        if not is_last and own[-1:] not in {",", ";"}:
            return
        scheme = _scheme(part)


def _hosts(url: str, is_network: bool, is_simple: bool, is_whole: bool) -> Iterator[Address]:
    """Yield the hosts of a URL without its scheme; it `is_simple` if there is no ``@`` all around."""
    authority = re.split(r"[/?#\\;]", url, maxsplit=1)[0]
    _, is_user, hosts = authority.rpartition("@")
    # A password with a slash ends the authority too early: then what stands before it may be a part of the password.
    is_clear = (is_whole if is_user else is_simple) and "@" not in url[len(authority) :]
    for each in hosts.lower().split(","):
        # In brackets stands a number of the newer sort, with colons of its own.
        before, _, behind = each[1:].partition("]") if each.startswith("[") else ("", "", "")
        host, _, port = (before, "", behind[1:]) if before else each.partition(":")
        if not port or _PORT.fullmatch(port):
            yield from _sorted(host, is_clear and (is_network or bool(port)), _is_public(host))


def _plain(piece: str, name: str) -> Iterator[Address]:
    """Yield the host of a piece without a scheme."""
    before, is_user, behind = piece.rpartition("@")
    is_bracketed = behind.startswith(("tcp(", "tcp4(", "tcp6("))
    piece = behind.partition("(")[2].partition(")")[0] if is_bracketed else behind.strip("()[]{}")
    is_scheme = piece.startswith("tcp:")
    piece, has_path, _ = piece.removeprefix("tcp:").removeprefix("//").partition("/")
    host, is_port, port = piece.partition(":")
    is_clear = not has_path and (is_bracketed or not (is_user or before))
    if is_scheme and not is_port:
        yield from _sorted(host, is_clear, is_surely_public(host))
    elif is_port and _PORT.fullmatch(port):
        is_clear = is_clear and (is_bracketed or says_address(name))
        yield from _sorted(host.lower(), is_clear and (host.islower() or _is_number(host)), is_surely_public(host))
    elif not is_port and not has_path and not is_user and says_address(name):
        is_sure = _words_of(name)[-1].rstrip("0123456789").removesuffix("s").endswith(_PLACES)
        yield from _sorted(host.lower(), is_sure and (is_surely_public(host) or _is_number(host)), True)


def _sorted(host: str, is_clear: bool, is_public: bool) -> Iterator[Address]:
    if is_clear and _is_number(host):
        yield Address(host, "number")
    if not _is_clean(host):
        return
    ends = host.split(".")
    is_meant = ends[-1] not in _NOT_MEANT and not any(host == each or host.endswith(f".{each}") for each in _NOBODY)
    if not is_meant or host in _FILLERS or host.startswith("kubernetes.default."):
        return
    yield Address(host, "doubtful" if not is_clear else "public" if is_public else "private")


def _is_clean(host: str) -> bool:
    """Is it a name that a network may know: no number, no address, nothing but letters, digits and hyphens?"""
    labels = host.split(".") if len(host) <= 253 else []
    return bool(labels) and all(map(_LABEL.fullmatch, labels)) and not labels[-1][0].isdigit()


def _is_number(host: str) -> bool:
    """Is it the address of a machine as a number, and not of the one on which it is said?"""
    try:
        number = ip_address(host) if len(host) < 50 else None
    except ValueError:
        return False
    return number is not None and not number.is_loopback and not number.is_unspecified


def _is_public(host: str) -> bool:
    """Does it look like a name of the public network, where there is no doubt that it is a host?"""
    first, _, last = host.rpartition(".")
    is_top = (last.isalpha() and last.isascii()) or last.startswith("xn--")
    return bool(first) and len(last) > 1 and is_top and last not in _PRIVATE_ENDS


def is_surely_public(host: str) -> bool:
    """Does it look like a name of the public network even where a file or a version might stand?"""
    first, _, last = host.rpartition(".")
    is_known = last in _TOP_LEVELS or (len(last) == 2 and last.isalpha() and last not in _FILE_ENDINGS)
    return host.islower() and is_known and any(letter.isalpha() for letter in first)


def _words_of(name: str) -> list[str]:
    """Return the words of the name of a setting, in small letters: ``dbHost`` and ``DB_HOST`` are two words."""
    return [word.lower() for word in _NO_LETTER.split(_CAMEL.sub("_", name[:200])) if word]


def _is_secret(words: list[str]) -> bool:
    if not words or words[-1].rstrip("0123456789").removesuffix("s").endswith(_PLACES):
        return False
    is_secret = words[-1] == "auth" or not _SECRET_WORDS.isdisjoint(words)
    return is_secret or any(part in "".join(words) for part in _SECRET_PARTS)
