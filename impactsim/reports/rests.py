"""What a result rests on, in the same words and under the same keys in every report."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from impactsim.quantities import about_share
from impactsim.reports.words import counted, joined

if TYPE_CHECKING:
    from impactsim.model.provenance import Confidence
    from impactsim.rests.shares import Rests

_FEW = 4
_NOTHING = "nothing"
_UNITS = {"user-minutes": "time of users affected"}
"""What shares are of, in words: time in which a service was only degraded counts whole here, unlike in user-minutes lost (S12.3)."""


def rests_words(rests: Rests, name_of: Callable[[str], str], few: int | None = _FEW) -> str:
    """Say which share of a result rests on guesses, and which on what was only observed.

    Parameters
    ----------
    rests
        What it rests on.
    name_of
        Gives the name for people of what was judged.
    few
        How many names are told; None for all.

    Returns
    -------
    str
        One sentence without a full stop.
    """
    text = f"Rests on guesses: {_amount(rests, 'guessed', name_of, few)}"
    observed = _amount(rests, "observed", name_of, few)
    return text if observed == _NOTHING else f"{text}; on observation only: {observed}"


def _amount(rests: Rests, confidence: Confidence, name_of: Callable[[str], str], few: int | None) -> str:
    share, ids = rests.share(confidence), rests.those(confidence)
    unit = "" if rests.is_counted else f" of the {_UNITS.get(rests.unit, rests.unit)}"
    if not ids:  # what rests on it in part may stand under a less sure word
        return f"{about_share(share)}{unit}" if share > 0.0 else _NOTHING
    if few is not None and len(ids) == len(rests.sure) > few:  # names tell nothing where it is all of them
        return f"{about_share(share)}{unit} (all of {counted(len(ids), rests.of)})"
    which = f"{len(ids):,} of {counted(len(rests.sure), rests.of)}: {joined([name_of(each) for each in ids], few)}"
    return f"{about_share(share)}{unit} ({which})"


def rests_short(rests: Rests | None) -> str:
    """Say it in a few words, for a cell of a table; a dash where there is nothing to say."""
    if rests is None:
        return "-"
    observed = f", {about_share(rests.observed)} observed" if rests.observed else ""
    return f"{about_share(rests.guessed)} guessed{observed}"


def rests_key(rests: Rests | None) -> dict[str, Any]:
    """Return what a result rests on as ``rests_on`` of a JSON object; no key where all is declared."""
    return {} if rests is None else {"rests_on": rests_object(rests)}


def rests_object(rests: Rests) -> dict[str, Any]:
    """Return what a result rests on as plain data: shares, and what is not reached by declared facts alone."""
    doubtful = {name: word for name, word in rests.sure.items() if word != "declared"}
    return {
        "guessed": round(rests.guessed, 6),
        "observed": round(rests.observed, 6),
        "of": rests.unit,
        "judged": len(rests.sure),
        "what": rests.of,
        "doubtful": doubtful,
    }


def needs_key(counts: dict[Confidence, int] | None) -> dict[str, Any]:
    """Return how many needs of each confidence an answer rests on as ``needs`` of a JSON object; no key where all is declared."""
    return {} if counts is None else {"needs": dict(counts)}


def needs_words(counts: dict[Confidence, int], below: str) -> str:
    """Say how many of the needs below something are guessed, and how many were only observed."""
    n = sum(counts.values())
    return (
        f"Of {counted(n, 'need')} beneath {below} {counts['guessed']:,} {_are(counts['guessed'])} guessed and "
        f"{counts['observed']:,} {_are(counts['observed'])} only observed"
    )


def _are(n: int) -> str:
    return "is" if n == 1 else "are"
