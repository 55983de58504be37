"""Times, chances and scenarios in the words that findings of the rehearsals share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from impactsim.review.facts import Rehearsal, Spread
from impactsim.review.play.doers import step_of
from impactsim.review.report.times import recovery

_N_NAMED = 4


def spread_told(spread: Spread, target_ms: int | None = None) -> str:
    """Write the middle and the late end of a time, rounded up: ``2 h (P50), 5 h (P90)``; once where both are the same.

    Parameters
    ----------
    spread
        The time over the trials.
    target_ms
        What it is held against: near it the units are finer.

    Examples
    --------
    >>> spread_told(Spread(1.0, 7_200_000, 18_000_000)), spread_told(Spread(1.0, 7_200_000, 7_200_000))
    ('2 h (P50), 5 h (P90)', '2 h (P50 and P90)')
    """
    middle, late = recovery(spread.p50_ms, target_ms), recovery(spread.p90_ms, target_ms)
    return f"{middle} (P50 and P90)" if middle == late else f"{middle} (P50), {late} (P90)"


def percent(share: float) -> str:
    """Write a share with a digit behind the point where it needs one, so that 99.7% is not taken for 100%."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def chance_told(chance: tuple[float, float, float]) -> str:
    """Write an estimate with its interval: ``62% of the trials (95% interval 59% to 65%)``."""
    share, low, high = chance
    return f"{percent(share)} of the trials (95% interval {percent(low)} to {percent(high)})"


def listed(words: Sequence[str]) -> str:
    """Write names as a list of words; of many the first ones, and how many more."""
    names = list(words)
    if len(names) > _N_NAMED:
        names[_N_NAMED - 1 :] = [f"{len(names) - _N_NAMED + 1} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def places(rehearsals: Sequence[Rehearsal]) -> list[str]:
    """Return what each scenario is called in the ids of findings: the stem of its file; the whole path where two have the same."""
    stems = [PurePath(each.file).stem for each in rehearsals]
    return [
        stem if stems.count(stem) == 1 else PurePath(each.file).with_suffix("").as_posix().replace("/", "-")
        for each, stem in zip(rehearsals, stems, strict=True)
    ]


def plain_id(component: str) -> str:
    """Return the step, ``detection`` or ``declaration`` that a component of a run stands for; any other id as it is."""
    return step_of(component) or component


def plain_ids(components: Iterable[str]) -> tuple[str, ...]:
    """Return what components of a run stand for, each once."""
    return tuple(dict.fromkeys(map(plain_id, components)))
