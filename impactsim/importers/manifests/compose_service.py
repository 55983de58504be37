"""One service of a Compose file, in one of the many forms that it may have: what matters of it, in one form.

Values of settings are held here while hosts are looked for in them, and nowhere later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from impactsim.importers.manifests.compose_variables import UNKNOWN, resolved

Tell = Callable[[str], None]
"""Takes the key of a value that is not understood."""

T = TypeVar("T")

_VOLUME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")
_ONE_SHOT = "service_completed_successfully"


@dataclass(frozen=True)
class Start:
    """What stands under ``depends_on`` for one service."""

    is_job: bool = False
    """Is it waited for until it has ended?"""
    is_required: bool = True


@dataclass(frozen=True)
class Service:
    """What matters of a service; none where a file does not say it."""

    words: Mapping[str, str] = field(default_factory=dict)
    """Single words by key: image, network_mode, pid, ipc, container_name, hostname."""
    settings: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    """The environment; none where the value stands outside."""
    arguments: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    """Those of ``entrypoint`` and ``command``."""
    starts: Mapping[str, Start] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    """Services, and what they are called here."""
    outer_links: tuple[str, ...] = ()
    volumes: Mapping[str, str] = field(default_factory=dict)
    """Names of volumes, by where they are mounted; empty where it is no named volume."""
    volumes_from: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    replicas: int | None = None
    is_provider: bool = False
    n_setting_files: int = 0

    @property
    def size(self) -> int:
        """How much there is to copy."""
        return len(self.settings) + len(self.starts) + len(self.volumes) + len(self.links) + len(self.aliases)

    def under(self, other: Service) -> Service:
        """Return the same service as a later file changes it."""
        return Service(
            words={**self.words, **other.words},
            settings={**self.settings, **other.settings},
            arguments=other.arguments or self.arguments,
            starts={**self.starts, **other.starts},
            links=_joined(self.links, other.links),
            outer_links=_joined(self.outer_links, other.outer_links),
            volumes={**self.volumes, **other.volumes},
            volumes_from=_joined(self.volumes_from, other.volumes_from),
            networks=_joined(self.networks, other.networks),
            aliases=_joined(self.aliases, other.aliases),
            profiles=_joined(self.profiles, other.profiles),
            replicas=self.replicas if other.replicas is None else other.replicas,
            is_provider=self.is_provider or other.is_provider,
            n_setting_files=self.n_setting_files + other.n_setting_files,
        )


def read_service(data: Mapping[str, Any], tell: Tell) -> Service:
    """Read a service.

    Parameters
    ----------
    data
        What stands under its name.
    tell
        Takes the keys whose values are not understood; they are passed over.
    """
    links = [each.partition(":") for each in _texts(data, "links", tell)]
    service = Service(
        words={key: text for key in _WORDS if (text := _word(data, key, tell))},
        settings=_settings(data, tell),
        arguments=tuple(found for key in ("entrypoint", "command") if (found := _arguments(data, key, tell))),
        starts=_starts(data, tell),
        links=tuple((name, alias or name) for name, _, alias in links),
        outer_links=tuple(each.partition(":")[0] for each in _texts(data, "external_links", tell)),
        volumes=_volumes(data, tell),
        volumes_from=tuple(_texts(data, "volumes_from", tell)),
        profiles=tuple(_texts(data, "profiles", tell)),
        replicas=_replicas(data, tell),
        is_provider=isinstance(data.get("provider"), dict),
        n_setting_files=len(_listed(data.get("env_file"))),
    )
    networks = data.get("networks")
    if networks is not None and not isinstance(networks, dict | list):
        tell("networks")
        networks = None
    inner = [each for each in networks.values() if isinstance(each, dict)] if isinstance(networks, dict) else []
    aliases = tuple(alias for each in inner for alias in _texts(each, "aliases", tell))
    names = tuple(name for each in networks or () if (name := name_of(each)))
    return replace(service, networks=names, aliases=aliases)


_WORDS = ("image", "network_mode", "pid", "ipc", "container_name", "hostname")


def name_of(value: Any) -> str:
    """Return a value as a name; empty if it is none: a number is one, true is not."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return resolved(value).strip() if isinstance(value, str) else ""


def _word(data: Mapping[str, Any], key: str, tell: Tell) -> str:
    value = data.get(key)
    if value is not None and not name_of(value):
        tell(key)
    return "" if UNKNOWN in name_of(value) and key != "image" else name_of(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(data: Mapping[str, Any], key: str, tell: Tell) -> list[str]:
    """Return the texts of a list; what is none is told."""
    value = data.get(key)
    names = [name_of(each) for each in value] if isinstance(value, list) else []
    if (value is not None and not isinstance(value, list)) or not all(names):
        tell(key)
    return [name for name in dict.fromkeys(names) if name and UNKNOWN not in name]


def _settings(data: Mapping[str, Any], tell: Tell) -> dict[str, str | None]:
    value = data.get("environment")
    if isinstance(value, dict):
        return {str(name): _setting(each) for name, each in value.items()}
    found: dict[str, str | None] = {}
    for each in value if isinstance(value, list) else []:
        if isinstance(each, dict):
            found |= {str(name): _setting(inner) for name, inner in each.items()}
        elif isinstance(each, str):
            name, is_set, text = each.partition("=")
            found[name] = resolved(text) if is_set else None
        else:
            tell("environment")
    if value is not None and not isinstance(value, list):
        tell("environment")
    return found


def _setting(value: Any) -> str | None:
    """Return a value in which there may be a host."""
    if value is None:
        return None
    return resolved(value) if isinstance(value, str) else ""


def _arguments(data: Mapping[str, Any], key: str, tell: Tell) -> tuple[str, ...]:
    value = data.get(key)
    if isinstance(value, str):
        return (resolved(value),)
    if value is not None and not isinstance(value, list):
        tell(key)
    return tuple(resolved(each) for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _starts(data: Mapping[str, Any], tell: Tell) -> dict[str, Start]:
    value = data.get("depends_on")
    if isinstance(value, dict):
        return {str(name): _start(each, tell) for name, each in value.items()}
    return {name: Start() for name in _texts(data, "depends_on", tell)}


def _start(value: Any, tell: Tell) -> Start:
    if not isinstance(value, dict | None):
        tell("depends_on")
    said = value if isinstance(value, dict) else {}
    return Start(said.get("condition") == _ONE_SHOT, said.get("required") not in (False, "false"))


def _volumes(data: Mapping[str, Any], tell: Tell) -> dict[str, str]:
    value = data.get("volumes")
    found: dict[str, str] = {}
    for place, each in enumerate(value if isinstance(value, list) else []):
        if isinstance(each, dict):
            source = name_of(each.get("source")) if each.get("type") in (None, "volume") else ""
            target = name_of(each.get("target")) or str(place)
        elif isinstance(each, str):
            source, is_mount, target = resolved(each).partition(":")
            source, target = (source, target.partition(":")[0]) if is_mount else ("", source)
        else:
            tell("volumes")
            continue
        found[target] = source if _VOLUME.fullmatch(source) and len(source) > 1 else ""
    if value is not None and not isinstance(value, list):
        tell("volumes")
    return found


def _replicas(data: Mapping[str, Any], tell: Tell) -> int | None:
    deploy = data.get("deploy")
    if deploy is not None and not isinstance(deploy, dict):
        tell("deploy")
    value = deploy.get("replicas") if isinstance(deploy, dict) else None
    value = data.get("scale") if value is None else value
    text = name_of(value)
    if value is not None and not (text.isdecimal() and text.isascii() and len(text) < 7) and UNKNOWN not in text:
        tell("replicas")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 7 else None


def _joined(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))
