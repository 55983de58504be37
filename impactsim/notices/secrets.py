"""Every name in a model that a notice must not say, and where it stands there.

Knows the model; not how a text is searched (`scan.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from impactsim.collector import collector_paused
from impactsim.model.system import Component, System
from impactsim.problems import Path, dotted

Kind = Literal["component", "site", "operator", "source", "crew", "cause", "segment", "system"]
"""What a name is the name of. A site is a component of that kind, or one at which others stand (`at`)."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A name in a model."""

    text: str
    """The name as its author wrote it, or the part of it that gives it away (`names_of`)."""
    kind: Kind
    place: str
    """Where it stands: ``components.isp-a.operator``."""
    is_public: bool = False
    """Whether it names a component that has a public name; never true of a site."""


@dataclass(frozen=True, slots=True)
class PublicName:
    """What customers call a component, in one language."""

    text: str
    place: str
    """Where it stands: ``components.checkout.public_name.it``."""


@dataclass(frozen=True, slots=True)
class SecretNames:
    """All names in a model."""

    secrets: tuple[Secret, ...]
    """In the order of the file; a text stands here once for each place that has it."""
    public: tuple[PublicName, ...] = ()
    public_words: tuple[str, ...] = ()
    """Names that their author says are no secret."""


def names_of(system: System) -> SecretNames:
    """Collect every name in a model.

    These are ids, names, aliases, operators, sites and sources of components; ids, names, operators and sources of crews,
    common causes and segments as far as they have them; and the name of the system. Beside an operator stands its name
    without the legal form ("Acme" for "Acme GmbH"), beside a source the host of each address in it, with and without "www.".

    Parameters
    ----------
    system
        A system that has been checked.

    Returns
    -------
    SecretNames
        In the order of the file.
    """
    with collector_paused():
        return SecretNames(tuple(_secrets(system)), tuple(_public(system)), system.notices.public_words)


def _secrets(system: System) -> Iterator[Secret]:
    yield Secret(system.name, "system", "name")
    yield from _all_named("crew", "crews", system.crews)
    sites = {component.at for component in system.components.values() if component.at}
    for name, component in system.components.items():
        yield from _of_component(name, component, is_site=name in sites or component.kind == "site")
    yield from _all_named("cause", "common_causes", system.common_causes)
    yield from _all_named("segment", "users", system.users)


def _all_named(kind: Kind, section: str, things: Mapping[str, Any]) -> Iterator[Secret]:
    for name, words in things.items():
        yield from _named(kind, (section, name), words)


def _public(system: System) -> Iterator[PublicName]:
    for name, component in system.components.items():
        for language, text in component.public_name.items():
            path = ("components", name, "public_name", *([language] if language else []))
            yield PublicName(text, dotted(path))


def _of_component(name: str, component: Component, *, is_site: bool) -> Iterator[Secret]:
    path = ("components", name)
    is_public = any(component.public_name.values()) and not is_site
    yield from _named("site" if is_site else "component", path, component, is_public=is_public)
    if component.at is not None:
        yield Secret(component.at, "site", dotted((*path, "at")))


def _named(kind: Kind, path: Path, words: Any, *, is_public: bool = False) -> Iterator[Secret]:
    """Yield the names of one thing; `words` may lack any of them (a crew has no aliases)."""
    place = dotted(path)
    yield Secret(str(path[-1]), kind, place, is_public)
    if name := getattr(words, "name", None):
        yield Secret(name, kind, f"{place}.name", is_public)
    for number, alias in enumerate(getattr(words, "aliases", ())):
        yield Secret(alias, kind, f"{place}.aliases[{number}]", is_public)
    if operator := getattr(words, "operator", None):
        yield from _each(_of_operator(operator), "operator", f"{place}.operator")
    if source := getattr(words, "source", None):
        yield from _each(_of_source(source), "source", f"{place}.source")


def _each(texts: Sequence[str], kind: Kind, place: str) -> Iterator[Secret]:
    return (Secret(text, kind, place) for text in dict.fromkeys(texts) if text)


@lru_cache(maxsize=4096)  # a few operators run very many components
def _of_operator(operator: str) -> tuple[str, str]:
    return operator, _FORM_BEHIND.sub("", _FORM_BEFORE.sub("", operator)).strip()


@lru_cache(maxsize=4096)
def _of_source(source: str) -> tuple[str, ...]:
    hosts = [host.strip(".,;)>]\"'") for host in _HOST.findall(source)]
    return (source, *hosts, *(host.removeprefix("www.") for host in hosts))


_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://(?:[^\s/@]*@)?|(?<![\w.])(?=www\.))(\[[0-9a-f:.]+\]|[^\s/:?#]+)", re.IGNORECASE
)

_FORMS = (
    r"GmbH(?: ?(?:&|und) ?Co\.? ?KG(?:aA)?)?", "KGaA", "KG", "AG", "SE", "OHG", r"e\. ?V\.", r"S\. ?p\. ?A\.?|SpA",
    r"S\. ?r\. ?l\.?|Srl", r"S\. ?A\. ?S\.?|SAS", r"S\. ?A\. ?R\. ?L\.?|SARL", r"S\. ?A\.?|SA", r"Inc\.?", r"Corp\.?", "Corporation",
    r"Co\.?,? ?Ltd\.?", r"Ltd\.?", "Limited", "LLC", "LLP", r"P\.?L\.?C\.?", r"B\.? ?V\.?", r"N\.? ?V\.?", r"K\.? ?K\.?",
    "A/S", "AB", "Oyj?", r"JSC", "株式会社", "合同会社", "有限会社",
)  # fmt: skip
_JAPANESE_FORMS = r"株式会社|合同会社|有限会社|\(株\)|㈱|\uff08株\uff09"
_FORM_BEHIND = re.compile(rf"(?:[\s,]+(?:{'|'.join(_FORMS)})|(?:{_JAPANESE_FORMS}))$", re.IGNORECASE)
_FORM_BEFORE = re.compile(rf"^(?:{_JAPANESE_FORMS}|Công ty (?:TNHH|cổ phần|CP)(?= ))\s*", re.IGNORECASE)
