"""A ranking as JSON and as tables: one object on one line, one row for each failure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impactsim.engine.users import Range
from impactsim.reports.csv_form import write_whole
from impactsim.reports.json_form import VERSION, number, one_line, to_range
from impactsim.reports.rank.facts import CaseRests, HoursFacts, PairFacts, Ranked, RankFacts, SampledFigures, Spread
from impactsim.reports.rests import rests_key
from impactsim.reports.sampled.json_form import to_chance, to_distribution

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = ("affected", "peak", "lost_user_minutes")


def to_json(facts: RankFacts) -> str:
    """Return a ranking as one line of JSON, without a line end."""
    return one_line(to_object(facts))


def to_object(facts: RankFacts) -> dict[str, Any]:
    """Return a ranking as plain data.

    Returns
    -------
    dict
        ``ranking`` holds the failures, the worst first; times in milliseconds, numbers of people as
        ``{low, estimate, high}`` with a null estimate where only bounds are known. ``spread`` is null where it was not asked for.
    """
    return {
        "impactsim": VERSION,
        "system": facts.system,
        "by": facts.by,
        "service": facts.service,
        "kinds": list(facts.kinds),
        "starts": None if facts.starts is None else facts.starts.isoformat(),
        "trials": facts.trials,
        "seed": facts.seed,
        "for_ms": facts.for_ms,
        "default_for_ms": facts.default_ms,
        "horizon_ms": facts.horizon_ms,
        "complete": facts.is_complete,
        "users_known": facts.has_users,
        "at_rest": {"affected": to_range(facts.affected_at_rest), "services": facts.services_at_rest},
        "ranking": [_ranked(each) for each in facts.ranking],
        "pairs": None if facts.pairs is None else _pairs(facts.pairs),
        "hours": None if facts.hours is None else _hours(facts.hours),
        "guesses": facts.guesses,
        **rests_key(facts.rests),
        "warnings": [str(problem) for problem in facts.warnings],
    }


def _ranked(each: Ranked) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "kind": each.kind,
        "strikes": list(each.strikes),
        "affected": to_range(each.affected),
        "peak": to_range(each.peak),
        "lost_user_minutes": to_range(each.lost_user_minutes),
        "components_affected": number(each.n_components),
        "services_down": number(each.services_down),
        "services_degraded": number(each.services_degraded),
        "takes_down_others": each.takes_down_others,
        "down_ms": number(each.down_ms),
        "longest_ms": number(each.longest_ms),
        "longest": each.longest,
        "restored_ms": each.restored_ms,
        "never_restored": each.is_never,
        "per_year": each.per_year,
        "lost_a_year": None if each.lost_a_year is None else number(each.lost_a_year),
        "default_end": each.has_default_end,
        "service_down_ms": number(each.service_down_ms),
        "service_degraded_ms": number(each.service_degraded_ms),
        "service_never_restored": each.service_is_never,
        "sampled": None if each.sampled is None else _sampled(each.sampled),
        "spread": None if each.spread is None else [_spread(spread) for spread in each.spread],
        **({} if each.rests is None else {"rests_on": _rests(each.rests)}),
    }


def _rests(rests: CaseRests) -> dict[str, float]:
    return {"guessed": round(rests.guessed, 6), "observed": round(rests.observed, 6)}


def _sampled(each: SampledFigures) -> dict[str, Any]:
    return {
        "affected": to_distribution(each.affected),
        "lost_user_minutes": to_distribution(each.lost_user_minutes),
        "services_down": to_distribution(each.services_down),
        "down_ms": to_distribution(each.down_ms),
        "longest_ms": to_distribution(each.longest_ms),
        "p_not_restored": to_chance(each.not_restored),
    }


def _spread(spread: Spread) -> dict[str, Any]:
    return {
        "service": spread.service,
        "first_ms": spread.first_ms,
        "lowest_level": round(spread.why.level, 12),
        "at_ms": spread.why.at_ms,
        "path": list(spread.path),
        "text": spread.why.link.text,
    }


def _pairs(pairs: PairFacts) -> dict[str, Any]:
    return {
        "tried": pairs.n_tried,
        "possible": pairs.n_possible,
        "left_out": pairs.n_left_out,
        "complete": pairs.is_complete,
        "worse": [
            {
                "failures": [each.first, each.second],
                "affected": to_range(each.affected),
                "lost": number(each.lost),
                "excess": number(each.excess),
                "never_restored": each.is_never,
            }
            for each in pairs.pairs
        ],
    }


def _hours(hours: HoursFacts) -> dict[str, Any]:
    return {
        "id": hours.id,
        "zone": hours.zone,
        "never_restored": hours.is_never,
        "longest_ms": hours.longest_ms,
        "best": hours.hours[hours.best].starts.isoformat(),
        "worst": hours.hours[hours.worst].starts.isoformat(),
        "hours": [
            {
                "starts": each.starts.isoformat(),
                "affected": to_range(each.affected),
                "lost_user_minutes": to_range(each.lost_user_minutes),
            }
            for each in hours.hours
        ],
    }


def rank_frame(facts: RankFacts) -> pd.DataFrame:
    """Return one row for each failure, the worst first, indexed by its id.

    Returns
    -------
    pandas.DataFrame
        place, name, kind, affected, peak and lost_user_minutes (each as _low, _estimate, _high), services_down,
        services_degraded, takes_down_others, down_ms, longest_ms, longest, restored_ms, never_restored, per_year, lost_a_year,
        default_end; with trials the mean of the lost user-minutes has its interval in _mean_low and _mean_high. Where not all of the
        system is declared: guessed and observed, the shares that rest on these.
    """
    import pandas as pd

    rows = [_flat(place, each) for place, each in enumerate(facts.ranking, 1)]
    columns = list(_flat(0, facts.ranking[0])) if facts.ranking else ["failure"]
    if facts.rests is not None:
        columns += ["guessed", "observed"]
        shares = [{} if each.rests is None else _rests(each.rests) for each in facts.ranking]
        rows = [row | more for row, more in zip(rows, shares, strict=True)]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.set_index("failure")


def _flat(place: int, each: Ranked) -> dict[str, Any]:
    row: dict[str, Any] = {"failure": each.id, "place": place, "name": each.name, "kind": each.kind}
    for figure in _FIGURES:
        row |= _bounds(figure, getattr(each, figure))
    row |= {
        "services_down": each.services_down,
        "services_degraded": each.services_degraded,
        "takes_down_others": each.takes_down_others,
        "down_ms": each.down_ms,
        "longest_ms": each.longest_ms,
        "longest": each.longest,
        "restored_ms": each.restored_ms,
        "never_restored": each.is_never,
        "per_year": each.per_year,
        "lost_a_year": each.lost_a_year,
        "default_end": each.has_default_end,
        "service_down_ms": each.service_down_ms,
        "service_degraded_ms": each.service_degraded_ms,
    }
    if each.sampled is not None:
        lost = each.sampled.lost_user_minutes
        row |= {"lost_user_minutes_mean_low": lost.low, "lost_user_minutes_mean_high": lost.high}
    return row


def _bounds(figure: str, value: Range) -> dict[str, float | None]:
    return {f"{figure}_{bound}": each for bound, each in zip(Range._fields, value, strict=True)}


def pairs_frame(facts: RankFacts) -> pd.DataFrame:
    """Return one row for each pair that is worse than its parts, the worst first."""
    import pandas as pd

    columns = ["first", "second", *_bounds("affected", Range(0.0, 0.0, 0.0)), "lost", "excess", "never_restored"]
    pairs = () if facts.pairs is None else facts.pairs.pairs
    rows = [
        [each.first, each.second, *each.affected, each.lost, each.excess, each.is_never] for each in pairs
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def hours_frame(facts: RankFacts) -> pd.DataFrame:
    """Return one row for each hour at which the failure may begin."""
    import pandas as pd

    columns = [
        "starts",
        *(f"{figure}_{bound}" for figure in ("affected", "lost_user_minutes") for bound in Range._fields),
    ]
    hours = () if facts.hours is None else facts.hours.hours
    return pd.DataFrame(
        [[each.starts.isoformat(), *each.affected, *each.lost_user_minutes] for each in hours], columns=columns
    )


TABLES: dict[str, Callable[[RankFacts], pd.DataFrame]] = {
    "ranking": rank_frame,
    "pairs": pairs_frame,
    "hours": hours_frame,
}
"""The tables by name."""


def write_tables(facts: RankFacts, folder: Path) -> list[Path]:
    """Write ``ranking.csv``, and ``pairs.csv`` and ``hours.csv`` where they were asked for.

    Raises
    ------
    OSError
        If they cannot be written; then no file there was changed.
    """
    tables = {"ranking.csv": rank_frame(facts).reset_index()}
    if facts.pairs is not None:
        tables["pairs.csv"] = pairs_frame(facts)
    if facts.hours is not None:
        tables["hours.csv"] = hours_frame(facts)
    folder.mkdir(parents=True, exist_ok=True)

    def writer(table: pd.DataFrame) -> Any:
        return lambda to: table.to_csv(to, index=False, lineterminator="\n")

    return write_whole({folder / name: writer(table) for name, table in tables.items()})
