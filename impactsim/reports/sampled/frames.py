"""Many trials as tables (pandas), for those who go on computing with them.

A distribution is eight columns, such as ``down_ms_mean`` and ``down_ms_p90``; a chance is three, such as ``p_down``,
``p_down_low`` and ``p_down_high``. An infinite time is infinite here too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from impactsim.reports.sampled.facts import SampledFacts, SampledPeople, SampledUsers, Target
from impactsim.trials.estimates import Chance, Estimate

if TYPE_CHECKING:
    import pandas as pd

_FIGURES = ("mean", "low", "high", "p10", "p50", "p90", "least", "most")
_BOUNDS = ("low", "estimate", "high")


def to_frame(facts: SampledFacts, what: str = "components") -> pd.DataFrame:
    """Return a table of many trials.

    Parameters
    ----------
    facts
        What the trials say.
    what
        ``components`` (one row each, by id), ``users`` (one row for each segment and bound, the last ones for ``all``), ``data`` (one row
        for each component that was destroyed), ``drivers`` (one row for each quantity that drives the spread), or ``run``
        (one row for each figure of the whole run).

    Returns
    -------
    pandas.DataFrame
        Times in milliseconds, chances and shares in [0, 1].

    Raises
    ------
    ValueError
        If there is no such table.
    """
    if what not in TABLES:
        raise ValueError(f"there is no table '{what}'; there are {', '.join(TABLES)}")
    return TABLES[what](facts)


def components_frame(facts: SampledFacts) -> pd.DataFrame:
    """Return one row for each component that was affected in any trial, by id."""
    import pandas as pd

    rows = [
        {
            "component": each.id,
            "name": each.name,
            "kind": each.kind,
            **_chance("p_down", each.down),
            **_chance("p_affected", each.affected),
            **_chance("p_not_restored", each.not_restored),
            **_distribution("down_ms", each.down_ms),
            **_distribution("degraded_ms", each.degraded_ms),
            **_distribution("longest_ms", each.longest_ms),
            **_target("rto", each.rto),
            **_target("mtpd", each.mtpd),
        }
        for each in facts.components.values()
    ]
    columns = [
        *("component", "name", "kind", *_three("p_down"), *_three("p_affected"), *_three("p_not_restored")),
        *(f"{time}_{figure}" for time in ("down_ms", "degraded_ms", "longest_ms") for figure in _FIGURES),
        *("rto_ms", *_three("p_rto_missed"), "mtpd_ms", *_three("p_mtpd_missed")),
    ]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(dict.fromkeys(columns[3:], float)).set_index("component")


def users_frame(facts: SampledFacts) -> pd.DataFrame:
    """Return three rows for each segment, low, estimate and high, and three last ones for ``all``.

    Returns
    -------
    pandas.DataFrame
        The distributions of affected, peak, lost_user_minutes and out_ms, missing where there is none. How long all users
        together were out is not known.
    """
    import pandas as pd

    rows = [
        {"segment": segment, "bound": bound, **_users(group, bound)}
        for segment, group in [*facts.segments.items(), ("all", facts.users)]
        for bound in _BOUNDS
    ]
    columns = [f"{count}_{figure}" for count in _COUNTS for figure in _FIGURES]
    frame = pd.DataFrame(rows, columns=["segment", "bound", *columns])
    return frame.astype(dict.fromkeys(columns, float)).set_index(["segment", "bound"])


_COUNTS = ("affected", "peak", "lost_user_minutes", "out_ms")


def data_frame(facts: SampledFacts) -> pd.DataFrame:
    """Return one row for each component whose data was destroyed in any trial, by id."""
    import pandas as pd

    rows = [
        {
            "component": each.id,
            "name": each.name,
            **_chance("p_lost_for_good", each.lost_for_good),
            **_chance("p_no_copy", each.not_begun),
            **({} if each.loss_ms is None else _distribution("loss_ms", each.loss_ms)),
            **_target("rpo", each.rpo),
        }
        for each in facts.data.values()
    ]
    columns = [
        *("component", "name", *_three("p_lost_for_good"), *_three("p_no_copy")),
        *(f"loss_ms_{figure}" for figure in _FIGURES),
        *("rpo_ms", *_three("p_rpo_missed")),
    ]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(dict.fromkeys(columns[2:], float)).set_index("component")


def drivers_frame(facts: SampledFacts) -> pd.DataFrame:
    """Return one row for each quantity that drives the spread of the headline figure, the largest share first."""
    import pandas as pd

    rows = [
        (each.name, each.owner, each.field, facts.drivers_of, each.share, each.standard_error) for each in facts.drivers
    ]
    frame = pd.DataFrame(rows, columns=["name", "owner", "field", "of", "share", "standard_error"])
    return frame.astype({"share": float, "standard_error": float}).set_index("name")


def run_frame(facts: SampledFacts) -> pd.DataFrame:
    """Return one row for each figure of the whole run: end_ms and restored_ms with distributions, chances as means."""
    import pandas as pd

    rows: list[dict[str, Any]] = [
        {"figure": name, **{figure: getattr(value, figure) for figure in _FIGURES}}
        for name, value in (("end_ms", facts.end_ms), ("restored_ms", facts.restored_ms))
    ]
    rows += [
        {"figure": name, "mean": chance.p, "low": chance.low, "high": chance.high}
        for name, chance in (("p_not_restored", facts.not_restored), ("p_undisturbed", facts.undisturbed))
    ]
    rows.append({"figure": "trials", "mean": facts.n_trials})
    rows.append({"figure": "seed", "mean": facts.seed})
    return pd.DataFrame(rows, columns=["figure", *_FIGURES]).astype(dict.fromkeys(_FIGURES, float)).set_index("figure")


TABLES: dict[str, Callable[[SampledFacts], pd.DataFrame]] = {
    "components": components_frame,
    "users": users_frame,
    "data": data_frame,
    "drivers": drivers_frame,
    "run": run_frame,
}
"""The tables by name."""


def _distribution(name: str, estimate: Estimate) -> dict[str, float]:
    return {f"{name}_{figure}": getattr(estimate, figure) for figure in _FIGURES}


def _chance(name: str, chance: Chance) -> dict[str, float]:
    return dict(zip(_three(name), (chance.p, chance.low, chance.high), strict=True))


def _three(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def _target(name: str, target: Target | None) -> dict[str, float]:
    return {} if target is None else {f"{name}_ms": target.limit_ms, **_chance(f"p_{name}_missed", target.missed)}


def _users(users: SampledUsers, bound: str) -> dict[str, float]:
    row: dict[str, float] = {}
    for name in _COUNTS:
        count: SampledPeople | None = getattr(users, name)
        estimate: Estimate | None = None if count is None else getattr(count, bound)
        if estimate is not None:
            row |= _distribution(name, estimate)
    return row
