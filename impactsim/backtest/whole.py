"""A backtest: outages before a day are known, those from then on are forecast, and what was forecast is held against what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from impactsim.backtest.facts import OURS, BacktestFacts, Elapsed, Group
from impactsim.backtest.peers import PEERS, Forecaster
from impactsim.backtest.scores import LEVELS, holds, pinball, score
from impactsim.files.incidents import Incident
from impactsim.problems import ImpactsimError
from impactsim.remaining import MINIMUM_HISTORY, fit, log_logistic, tail_of

HOUR_S = 3600.0
ELAPSED_S = (0.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0)
"""The elapsed times at which forecasts are made unless others are named."""
LONGEST_S = 60 * 86400.0
"""What lasted so long or longer is no outage that anybody waits for, unless another limit is named."""

Histories = dict[str, list[float]]
"""Durations in hours by group, the oldest first."""


class NoIncidents(ImpactsimError, ValueError):
    """There is not one incident whose length is known."""


class TooFewIncidents(ImpactsimError, ValueError):
    """There is nothing to learn from, or nothing to forecast."""


def backtest(
    incidents: Sequence[Incident],
    until_s: float,
    elapsed_s: Sequence[float] = ELAPSED_S,
    left_out: Mapping[str, int] | None = None,
) -> BacktestFacts:
    """Hold forecasts of what remains against outages that they did not know.

    Parameters
    ----------
    incidents
        The outages, in order of their start.
    until_s
        Those that began before are known.
    elapsed_s
        After how long the forecasts are made, each 0 or more.
    left_out
        How many rows were left out before, by why.

    Raises
    ------
    NoIncidents
        If there are none.
    TooFewIncidents
        If fewer than `remaining.MINIMUM_HISTORY` began before the split, or none from then on.
    """
    train = _histories(each for each in incidents if each.start_s < until_s)
    test = _histories(each for each in incidents if each.start_s >= until_s)
    if not incidents:
        raise NoIncidents(_none_left(left_out or {}))
    _demand(train, test)
    # What of an outage lies behind the split nobody knew then; its length is taken all the same, as the tables of others do.
    tail = tail_of([train[name] for name in sorted(train)])
    pool = [duration for name in sorted(train) for duration in train[name]]
    known = {name: train.get(name, ()) for name in sorted({*train, *test})}
    ways: dict[str, Callable[[Sequence[float]], Forecaster]] = {OURS: partial(fit, tail=tail), **PEERS}
    return BacktestFacts(
        until_s=until_s,
        n_train=len(pool),
        n_test=sum(map(len, test.values())),
        n_left_out=dict(left_out or {}),
        tail=tail,
        by_elapsed=_by_elapsed({name: known[name] for name in sorted(test)}, pool, test, elapsed_s, ways),
        groups=tuple(_group(name, known[name], test.get(name, ())) for name in known),
    )


def _none_left(left_out: Mapping[str, int]) -> str:
    told = ", ".join(f"{n:,} {why}" for why, n in left_out.items() if n)
    rows = f"all rows were left out: {told}" if told else "there is nothing below its first line"
    return f"the table has no incident to learn from, {rows}; check the columns of its starts and ends"


def _demand(train: Histories, test: Histories) -> None:
    n_train = sum(map(len, train.values()))
    if n_train < MINIMUM_HISTORY:
        raise TooFewIncidents(
            f"{n_train} incidents began before the split, and at least {MINIMUM_HISTORY} are needed; name a later day"
        )
    if not test:
        raise TooFewIncidents("no incident began at the split or after it; name an earlier day")


def _histories(incidents: Iterable[Incident]) -> Histories:
    histories: Histories = {}
    for each in incidents:
        histories.setdefault(each.group, []).append(each.duration_s / HOUR_S)
    return histories


def _by_elapsed(
    known: Mapping[str, Sequence[float]],
    pool: Sequence[float],
    test: Histories,
    elapsed_s: Sequence[float],
    ways: Mapping[str, Callable[[Sequence[float]], Forecaster]],
) -> tuple[Elapsed, ...]:
    # Fitted once a way and group, and not once an elapsed time.
    laws = {way: _laws(fitted, known, pool) for way, fitted in ways.items()}
    return tuple(_at(each, laws, test) for each in elapsed_s)


def _laws(
    fitted: Callable[[Sequence[float]], Forecaster], known: Mapping[str, Sequence[float]], pool: Sequence[float]
) -> dict[str, Forecaster]:
    """Fit the law of each group; those with too few outages of their own share that of all, fitted once."""
    own = {name: fitted(history) for name, history in known.items() if len(history) >= MINIMUM_HISTORY}
    if len(own) == len(known):
        return own
    return {**dict.fromkeys(known, fitted(pool)), **own}


def _at(elapsed_s: float, laws: Mapping[str, Mapping[str, Forecaster]], test: Histories) -> Elapsed:
    elapsed = elapsed_s / HOUR_S
    came = {name: [d - elapsed for d in test[name] if d > elapsed] for name in sorted(test)}
    n = sum(map(len, came.values()))
    if not n:
        return Elapsed(elapsed_s, 0, {})
    told = {way: _losses(by_name, came, elapsed) for way, by_name in laws.items()}
    ours, _ = told[OURS]
    return Elapsed(elapsed_s, n, {way: score(losses, held, ours) for way, (losses, held) in told.items()})


def _losses(
    laws: Mapping[str, Forecaster], came: Mapping[str, Sequence[float]], elapsed: float
) -> tuple[list[float], list[bool]]:
    """Return the loss of each outage and whether its interval held it, group by group."""
    losses: list[float] = []
    held: list[bool] = []
    for name, values in came.items():
        quantiles = [laws[name].remaining_quantile(level, elapsed) for level in LEVELS]
        losses += [pinball(quantiles, value) for value in values]
        held += [holds(quantiles, value) for value in values]
    return losses, held


def _group(name: str, train: Sequence[float], test: Sequence[float]) -> Group:
    everything = [*train, *test]
    is_enough = len(everything) >= MINIMUM_HISTORY
    median, shape = log_logistic(everything) if is_enough else (None, None)
    return Group(
        name=name,
        n_train=len(train),
        n_test=len(test),
        is_pooled=len(train) < MINIMUM_HISTORY,
        median_s=None if median is None else median * HOUR_S,
        shape=shape,
    )
