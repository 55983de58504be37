"""Which share of a result rests on guesses, and which on what was only observed (S12.3): the figures that every report prints."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from impactsim.model.provenance import SURENESS, Confidence

USER_MINUTES = "user-minutes"
SERVICE = "affected service"
"""What is judged in most results, in the singular; the plural has one more letter."""


@dataclass(frozen=True, slots=True)
class Rests:
    """Which share of a result rests on guesses, which on observation, and what of it does."""

    sure: dict[str, Confidence]
    """By which facts each thing that was judged is reached at best, by its id."""
    amounts: dict[Confidence, float]
    """How much of the result each confidence carries, in `unit`."""
    unit: str
    """Such as ``user-minutes``; or what the things are, in the plural, where they were counted."""
    of: str = SERVICE
    """What the things are, in the singular."""

    @property
    def guessed(self) -> float:
        """Share of the result that only guesses carry, in [0, 1]."""
        return self.share("guessed")

    @property
    def observed(self) -> float:
        """Share that needs what was only observed, and no guess, in [0, 1]."""
        return self.share("observed")

    @property
    def is_counted(self) -> bool:
        """Whether things were counted, since nobody says who uses what."""
        return self.unit == f"{self.of}s"

    def share(self, confidence: Confidence) -> float:
        """Return the share of the result that a confidence carries, in [0, 1]."""
        whole = math.fsum(self.amounts.values())
        return self.amounts.get(confidence, 0.0) / whole if whole > 0.0 else 0.0

    def those(self, confidence: Confidence) -> list[str]:
        """Return the ids of what rests on just that."""
        return [name for name, found in self.sure.items() if found == confidence]


def rests_of(
    sure: Mapping[str, Confidence], minutes: Iterable[tuple[Confidence, float]] = (), of: str = SERVICE
) -> Rests:
    """Add up what things rest on.

    Parameters
    ----------
    sure
        The confidence of each thing.
    minutes
        User-minutes that rest on facts of each confidence, in any parts. Things are counted where there are none.
    of
        What they are, in the singular.
    """
    parts: dict[Confidence, list[float]] = {word: [] for word in SURENESS}
    for word, part in minutes:
        parts[word].append(part)
    amounts = {word: math.fsum(each) for word, each in parts.items()}
    if any(amounts.values()):
        return Rests(dict(sure), amounts, USER_MINUTES, of)
    counts: dict[Confidence, float] = {word: float(sum(each == word for each in sure.values())) for word in SURENESS}
    return Rests(dict(sure), counts, f"{of}s", of)


def least(words: Iterable[Confidence]) -> Confidence:
    """Return the least sure of some words; declared without any."""
    return min(words, key=SURENESS.__getitem__, default="declared")


def together(results: Iterable[Rests | None]) -> Rests | None:
    """Return what several results rest on as one; None where none of them says anything.

    Of a thing that stands in several of them the least sure counts. Where they do not all know user-minutes, things are counted.
    """
    found = [each for each in results if each is not None]
    if not found:
        return None
    sure: dict[str, Confidence] = {}
    for name, word in (each for result in found for each in result.sure.items()):
        sure[name] = least((word, sure.get(name, word)))
    if any(each.unit != USER_MINUTES for each in found):
        return rests_of(sure, (), found[0].of)
    amounts: dict[Confidence, float] = {word: math.fsum(each.amounts[word] for each in found) for word in SURENESS}
    return Rests(sure, amounts, USER_MINUTES, found[0].of)
