"""Where facts come from, and how sure they are: what an import writes beside what it found."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from impactsim.model.fields import Share, Words

Confidence = Literal["declared", "observed", "guessed"]
"""Somebody who knows said so; somebody watched it happen; a program inferred it."""

SURENESS: dict[Confidence, int] = {"guessed": 0, "observed": 1, "declared": 2}
"""The surer, the larger."""


def sureness(said: Any) -> int:
    """Return how sure a word says that something is; what is no such word counts as declared, for the schema to refuse."""
    return next((rank for word, rank in SURENESS.items() if word == said), SURENESS["declared"])


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Origins = Annotated[
    tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | Annotated[list[str], Field(min_length=1)])
]
"""Each ``FILE: RECORD``; one may stand alone."""


class Seen(Words):
    """What was seen of a need while somebody watched."""

    calls: Annotated[int, Field(ge=0, strict=True)] | None = None
    """How many calls there were."""
    share: Share | None = None
    """Calls for each call that the caller served itself, at most 1."""
    errors: Share | None = None
    """Share of the calls that failed."""


class Imported(Words):
    """What an import wrote a file from."""

    format: str
    """Name of the format, as ``impactsim import --list`` has it."""
    files: tuple[str, ...]
    """The files that were read, without their folders."""
    settings: dict[str, bool | int | float | str | list[str]] = {}
    """Settings of the import that are not the usual ones."""
    digest: str = ""
    """SHA-256 of this file without this value, as it was written: how the next import knows that nobody edited it since."""
