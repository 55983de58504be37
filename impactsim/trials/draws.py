"""Luck becomes numbers: what is drawn for each uncertain quantity in each trial of a block, as the engine takes it.

What stands in a row depends on the seed, the quantity's name, the trial and the use alone (S9.1); a larger probability
makes a chance happen in a superset of the trials. All quantities of a block are drawn at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from impactsim.engine.trials import (
    SET_AFTER,
    SET_AGE,
    SET_BACKLOG,
    SET_COUNT,
    SET_COVERED,
    SET_DEAD,
    SET_DRAIN,
    SET_FAILOVER,
    SET_FILL,
    SET_FULL,
    SET_LASTS,
    SET_RESTART,
    SET_RESTORE,
    SET_SHARE,
    SET_STEP,
    SET_STRIKES,
    SET_WORK,
    SET_WORKS,
)
from impactsim.luck import Luck, Quantity, Sets
from impactsim.trials.quantiles import Quantiles, to_milliseconds
from impactsim.trials.streams import key_of, uniforms, uniforms_of_pairs

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_PLAIN = {
    Sets.FAILOVER: SET_FAILOVER,
    Sets.LASTS: SET_LASTS,
    Sets.DEAD: SET_DEAD,
    Sets.RESTORE: SET_RESTORE,
    Sets.WORK: SET_WORK,
    Sets.BACKLOG: SET_BACKLOG,
    Sets.STEP: SET_STEP,
    Sets.STRIKES: SET_STRIKES,
    Sets.WORKS: SET_WORKS,
    Sets.AFTER: SET_AFTER,
    Sets.COVERED: SET_COVERED,
    Sets.RESTART: SET_RESTART,
}
_FIGURES = {Sets.COUNT: SET_COUNT, Sets.SHARE: SET_SHARE}
_MOST_UNITS = 2.0**61
_FIRST_USES = 4


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn for a block: columns of `engine.trials.Deal` (values trial by trial)."""

    set_what: Ints
    set_place: Ints
    set_value: Ints
    set_figure_what: Ints
    set_figure_place: Ints
    set_figure: Floats


class Dealer:
    """Draws the quantities of a run for any trials.

    Parameters
    ----------
    luck
        What is uncertain in the system.
    faults
        What is uncertain in the faults of its scenario.
    seed
        The seed of the whole run.
    restarts
        How many restart times are drawn for each component that has an uncertain one.
    """

    def __init__(self, luck: Luck, faults: Sequence[Quantity], seed: int, restarts: int) -> None:
        self.luck = luck
        self.restarts = restarts
        self._restart_first = {component: i * (restarts + 1) for i, component in enumerate(luck.restarts)}
        self.quantities = [*luck.quantities, *faults, *_all_restarts(luck, restarts)]
        keys = [key_of(seed, quantity.name) for quantity in self.quantities]
        self.keys = np.array(keys, np.uint64)
        self.uses = np.array([quantity.use for quantity in self.quantities], np.int64)
        laws = [(row, each.law) for row, each in enumerate(self.quantities) if each.law is not None]
        self.law_rows = np.array([row for row, _ in laws], np.int64)
        self.quantiles = Quantiles([law for _, law in laws])
        chances = [(row, each.probability) for row, each in enumerate(self.quantities) if each.law is None]
        self.chance_rows = np.array([row for row, _ in chances], np.int64)
        self.chances = np.array([probability for _, probability in chances])[:, None]
        self._find_places()

    def luck_of(self, trials: Ints) -> Floats:
        """Return the luck, in (0, 1), of each quantity (rows) in each trial (columns)."""
        found = np.empty((len(self.quantities), len(trials)))
        for use in range(_FIRST_USES):
            rows = np.flatnonzero(self.uses == use)
            found[rows] = uniforms(self.keys[rows], trials, use)
        # Of the later uses there may be thousands, each of few quantities: all of them at once.
        rows, n = np.flatnonzero(self.uses >= _FIRST_USES), len(trials)
        pairs = np.repeat(self.keys[rows], n), np.tile(trials, len(rows)), np.repeat(self.uses[rows], n)
        found[rows] = uniforms_of_pairs(*pairs).reshape(len(rows), n)
        return found

    def deal(self, trials: Ints) -> Drawn:
        """Draw everything for some trials.

        Parameters
        ----------
        trials
            Their numbers, int64, shape (B,).
        """
        luck = self.luck_of(trials)
        values = np.empty_like(luck)
        values[self.law_rows] = self.quantiles(luck[self.law_rows])
        values[self.chance_rows] = luck[self.chance_rows] < self.chances
        figures = [(row, each) for row, each in enumerate(self.quantities) if each.sets in _FIGURES]
        # Quantities change fastest, so that all numbers of a trial stand together.
        return Drawn(
            set_what=self._whats,
            set_place=self._places,
            set_value=np.ascontiguousarray(self._numbers(to_milliseconds(values)).T).ravel(),
            set_figure_what=np.array([_FIGURES[each.sets] for _, each in figures], np.int64),
            set_figure_place=np.array([each.place for _, each in figures], np.int64),
            set_figure=np.ascontiguousarray(values[[row for row, _ in figures]].T).ravel(),
        )

    def _find_places(self) -> None:
        """Find out what is set, and where: the same in each trial."""
        plain = [(row, each) for row, each in enumerate(self.quantities) if each.sets in _PLAIN]
        rows = {(each.sets, each.place): row for row, each in enumerate(self.quantities) if each.sets not in _PLAIN}
        self._plain = np.array([row for row, _ in plain], np.int64)
        self._works = np.array([i for i, (_, each) in enumerate(plain) if each.sets is Sets.WORKS], np.int64)
        needs, copies = self.luck.holdovers_ms, self.luck.copies_ms
        medians = np.array(list(needs.values()), np.int64).reshape(-1, 2)
        self._holdovers = _Rows.of(rows, Sets.HOLDOVER, needs, medians[:, 0])
        self._recharges = _Rows.of(rows, Sets.RECHARGE, needs, medians[:, 1])
        self._lags = _Rows.of(rows, Sets.LAG, copies, list(copies.values()))
        self._ages = _Rows.of(rows, Sets.EVERY, copies, [0] * len(copies))
        whats = [_PLAIN[each.sets] for _, each in plain]
        for what in (SET_FULL, SET_DRAIN, SET_FILL):
            whats += [what] * len(needs)
        self._whats = np.array([*whats, *[SET_AGE] * len(copies)], np.int64)
        self._places = np.array([*(self._place(each) for _, each in plain), *[*needs] * 3, *copies], np.int64)

    def _numbers(self, whole: Ints) -> Ints:
        """Return the numbers that are set (rows) in each trial (columns)."""
        plain = whole[self._plain]
        plain[self._works] = 1 - plain[self._works]
        charges = _charges(self._holdovers.numbers(whole), self._recharges.numbers(whole))
        return np.concatenate([plain, *charges, self._lags.numbers(whole) + self._ages.numbers(whole)])

    def _place(self, quantity: Quantity) -> int:
        if quantity.sets is not Sets.RESTART:
            return quantity.place
        return self._restart_first[quantity.place] + quantity.use

    def restart_first(self) -> dict[int, int]:
        """Return where the restart times of each component begin; behind them stands a -1."""
        return self._restart_first


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the numbers of some places are drawn; those that are not keep their medians."""

    rows: Ints
    is_drawn: NDArray[np.bool_]
    medians: Ints

    @staticmethod
    def of(rows: dict[tuple[Sets, int], int], sets: Sets, places: Iterable[int], medians: ArrayLike) -> _Rows:
        """Return where the numbers of `places` are drawn."""
        found = np.array([rows.get((sets, place), -1) for place in places], np.int64)
        return _Rows(found, found >= 0, np.asarray(medians, np.int64))

    def numbers(self, whole: Ints) -> Ints:
        """Return the number of each place (rows) in each trial (columns)."""
        numbers = np.repeat(self.medians[:, None], whole.shape[1], axis=1)
        numbers[self.is_drawn] = whole[self.rows[self.is_drawn]]
        return numbers


def _all_restarts(luck: Luck, restarts: int) -> list[Quantity]:
    """Return the quantity of each of the starts of each component."""
    return [
        Quantity(each.name, each.owner, each.field, each.sets, each.place, each.law, 0.0, use)
        for each in luck.restarts.values()
        for use in range(restarts)
    ]


def _charges(holdover_ms: Ints, recharge_ms: Ints) -> list[Ints]:
    """Return full charges, drains and fills, as `compiler.charge_units` does for one."""
    coarsest = (holdover_ms.astype(float) * recharge_ms / _MOST_UNITS).astype(np.int64) + 1
    common = np.maximum(np.gcd(holdover_ms, recharge_ms), coarsest)
    drain, fill = np.maximum(1, recharge_ms // common), np.maximum(1, holdover_ms // common)
    at_once = (holdover_ms == 0) | (recharge_ms == 0)
    drain[at_once] = 1
    fill[at_once] = 0
    return [holdover_ms * drain, drain, fill]
