"""The program's own typical values: durations that were published or measured, each with its source.

Knows figures and where they come from; `impactsim.laws` reads the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class TypicalValue:
    """A typical value as it stands in ``typical.yaml``."""

    name: str
    """Name to write after ``typical:``."""
    unit: str
    """What kind of quantity it is: ``duration``."""
    law: Mapping[str, Any]
    """The law as an author would write it."""
    covers: str
    """What it is a typical value of."""
    source: str
    """Author, title and where to find it."""
    year: str
    """Years that the figures are from."""
    note: str = ""
    """What the source does not say, or what was assumed."""


@cache
def values() -> Mapping[str, TypicalValue]:
    """Return all typical values by name, in the order of the file."""
    import yaml

    text = resources.files(__name__).joinpath("typical.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return {name: TypicalValue(name=name, **entry) for name, entry in entries.items()}
