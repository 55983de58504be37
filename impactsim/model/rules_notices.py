"""What no schema can say about the words for customers: zones, languages, whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from impactsim.model.rules_lookup import Lookup, error, warning
from impactsim.model.rules_users import is_zone, zones
from impactsim.problems import Path, Problem
from impactsim.quantities import shown

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""The form of a tag of a language."""


def unknown_zones_of_readers(lookup: Lookup) -> list[Problem]:
    """Find time zones of notices that nobody knows."""
    settings = lookup.system.notices
    named: list[tuple[Path, str]] = [(("notices", "zones", tag), zone) for tag, zone in settings.zones.items()]
    if settings.zone is not None:
        named.insert(0, (("notices", "zone"), settings.zone))
    return [
        error(
            "unknown-zone",
            path,
            f"no time zone is called {shown(zone)}",
            zones().did_you_mean(zone, "write a name of the IANA list, such as Europe/Rome"),
        )
        for path, zone in named
        if not is_zone(zone)
    ]


def unknown_languages(lookup: Lookup) -> list[Problem]:
    """Find words for customers, and zones of readers, under what is no tag of a language."""
    named = [(*path, tag) for path, words in _spoken(lookup) for tag in words if tag]  # without one: of all languages
    named += [("notices", "zones", tag) for tag in lookup.system.notices.zones]
    return [
        error(
            "language-tag",
            path,
            f"{shown(path[-1])} is no tag of a language",
            "write its two letters, such as en, it, de, fr, ja, vi",
        )
        for path in named
        if not LANGUAGE_TAG.fullmatch(str(path[-1]))
    ]


def empty_words(lookup: Lookup) -> list[Problem]:
    """Find words for customers that say nothing."""
    return [
        error(
            "no-words",
            (*path, tag) if tag else path,
            "these words for customers are empty",
            "write them, or leave out the key",
        )
        for path, words in _spoken(lookup)
        for tag, text in words.items()
        if not text.strip()
    ]


def effects_of_no_service(lookup: Lookup) -> list[Problem]:
    """Find what customers notice of something that they do not use."""
    return [
        warning(
            "effects-on-no-service",
            ("components", name, "public_effects"),
            f"customers notice services only, and the kind of this is {component.kind}",
            "say it of the services that need it",
        )
        for name, component in lookup.system.components.items()
        if component.public_effects is not None and component.kind != "service"
    ]


def _spoken(lookup: Lookup) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Return all words for customers, with where they stand."""
    for name, component in lookup.system.components.items():
        yield ("components", name, "public_name"), component.public_name
        for place, workaround in enumerate(component.workarounds):
            yield ("components", name, "workarounds", place, "text"), workaround.text
        if component.public_effects is not None:
            yield ("components", name, "public_effects", "down"), component.public_effects.down
            yield ("components", name, "public_effects", "degraded"), component.public_effects.degraded
    yield ("notices", "contact"), lookup.system.notices.contact


RULES = (unknown_zones_of_readers, unknown_languages, empty_words, effects_of_no_service)
