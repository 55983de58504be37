"""Catalogues: the sentences and labels of one language, and how it writes figures, as they stand in ``catalogues/``.

One key is one whole sentence, or two that always go together. Slots are named, and filled by code with figures, times and
public names only; a name stands where no article, gender, case or particle depends on it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from impactsim.notices.incident import EASY_JAPANESE, LANGUAGES, State, Status
from impactsim.notices.locales import Forms, Locale
from impactsim.notices.patterns import Value, fill

NOTICE_LANGUAGES = (*LANGUAGES, EASY_JAPANESE)
"""All that a notice can be written in."""
_CATEGORIES = {"one", "many", "other"}


@dataclass(frozen=True, slots=True)
class Labels:
    """The few words of a language that stand outside of sentences: on pages, and above notices that are stacked."""

    language: str
    """Its own name."""
    languages: str
    """What a list of languages is called."""
    notice: str
    """What a notice is called."""
    statuses: Mapping[Status, str]
    states: Mapping[State, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one language."""

    language: str
    """As in `NOTICE_LANGUAGES`."""
    tag: str
    """Language tag of BCP 47."""
    variant: str
    """``easy`` for plain Japanese, else empty."""
    register: str
    """How readers are addressed."""
    reviewed_by: str
    """The native reader who signed; empty until one has."""
    reviewed_on: str
    """When, as YYYY-MM-DD."""
    sentences: Mapping[str, Forms]
    """Sentences by key, each by plural category."""
    labels: Labels
    locale: Locale

    @property
    def is_reviewed(self) -> bool:
        """Has a native reader signed?"""
        return bool(self.reviewed_by and self.reviewed_on)

    def sentence(self, key: str, number: int | None = None, /, **slots: Value) -> str:
        """Fill a sentence; one with plural forms takes the form that goes with `number`."""
        forms = self.sentences[key]
        return fill(forms["other" if number is None else self.locale.category(number)], slots)

    def has_plural(self, key: str) -> bool:
        """Does the sentence depend on a number in this language?"""
        return len(self.sentences[key]) > 1


@cache
def catalogue(language: str) -> Catalogue:
    """Read the catalogue of a language.

    Parameters
    ----------
    language
        One of `NOTICE_LANGUAGES`.

    Raises
    ------
    KeyError
        If there is no such language.
    """
    if language not in NOTICE_LANGUAGES:
        raise KeyError(language)
    path = resources.files("impactsim.notices").joinpath("catalogues", f"{language}.toml")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    header = data["catalogue"]
    return Catalogue(
        **header,
        sentences=dict(_flat(data["sentences"])),
        labels=Labels(**data["labels"]),
        locale=_locale(header["tag"], dict(data["locale"])),
    )


def _locale(tag: str, data: dict[str, Any]) -> Locale:
    own = {key: data.pop(key) for key in ("decimal", "group", "zones", "abbreviations")}
    return Locale(tag=tag, months=tuple(data.pop("months")), patterns=dict(_flat(data)), **own)


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Forms]]:
    """Give tables within tables as keys with dots; the innermost ones are plural forms."""
    for key, value in table.items():
        if isinstance(value, str):
            yield prefix + key, {"other": value}
        elif value.keys() <= _CATEGORIES:
            yield prefix + key, value
        else:
            yield from _flat(value, f"{prefix}{key}.")
