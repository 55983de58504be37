"""Luck becomes numbers: what is drawn for each uncertain quantity in each trial of a block, as the engine takes it.

What stands in a row depends on the seed, the quantity's name, the trial and the use alone (S9.1); a larger probability
makes a chance happen in a superset of the trials. All quantities of a block are drawn at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impactsim.engine.trials import (
    SET_AFTER,
    SET_AGE,
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
from impactsim.trials.streams import key_of, uniforms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_PLAIN = {
    Sets.FAILOVER: SET_FAILOVER,
    Sets.LASTS: SET_LASTS,
    Sets.DEAD: SET_DEAD,
    Sets.RESTORE: SET_RESTORE,
    Sets.WORK: SET_WORK,
    Sets.STEP: SET_STEP,
    Sets.STRIKES: SET_STRIKES,
    Sets.WORKS: SET_WORKS,
    Sets.AFTER: SET_AFTER,
    Sets.COVERED: SET_COVERED,
    Sets.RESTART: SET_RESTART,
}
_FIGURES = {Sets.COUNT: SET_COUNT, Sets.SHARE: SET_SHARE}
_MOST_UNITS = 2.0**61


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

    def luck_of(self, trials: Ints) -> Floats:
        """Return the luck, in (0, 1), of each quantity (rows) in each trial (columns)."""
        found = np.empty((len(self.quantities), len(trials)))
        for use in np.unique(self.uses):
            rows = np.flatnonzero(self.uses == use)
            found[rows] = uniforms(self.keys[rows], trials, int(use))
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
        whats, places, rows = self._numbers(values)
        figures = [(row, each) for row, each in enumerate(self.quantities) if each.sets in _FIGURES]
        # Quantities change fastest, so that all numbers of a trial stand together.
        numbers = np.stack(rows, axis=1) if rows else np.empty((len(trials), 0), np.int64)
        return Drawn(
            set_what=np.array(whats, np.int64),
            set_place=np.array(places, np.int64),
            set_value=numbers.ravel(),
            set_figure_what=np.array([_FIGURES[each.sets] for _, each in figures], np.int64),
            set_figure_place=np.array([each.place for _, each in figures], np.int64),
            set_figure=np.ascontiguousarray(values[[row for row, _ in figures]].T).ravel(),
        )

    def _numbers(self, values: Floats) -> tuple[list[int], list[int], list[Ints]]:
        """Return what is set, where, and to which numbers (an array over the trials each)."""
        whats, places, rows = [], [], []
        shared: dict[tuple[Sets, int], Ints] = {}
        whole = to_milliseconds(values)
        for row, quantity in enumerate(self.quantities):
            what = _PLAIN.get(quantity.sets)
            if what is None:
                shared[quantity.sets, quantity.place] = whole[row]
                continue
            number = whole[row]
            whats.append(what)
            places.append(self._place(quantity))
            rows.append(1 - number if quantity.sets is Sets.WORKS else number)
        for need, medians in self.luck.holdovers_ms.items():
            charge = _charges(
                *(
                    shared.get((sets, need), np.full(values.shape[1], median))
                    for sets, median in zip((Sets.HOLDOVER, Sets.RECHARGE), medians, strict=True)
                )
            )
            whats += [SET_FULL, SET_DRAIN, SET_FILL]
            places += [need] * 3
            rows += charge
        for copy, lag_ms in self.luck.copies_ms.items():
            whats.append(SET_AGE)
            places.append(copy)
            rows.append(shared.get((Sets.LAG, copy), np.int64(lag_ms)) + shared.get((Sets.EVERY, copy), np.int64(0)))
        return whats, places, rows

    def _place(self, quantity: Quantity) -> int:
        if quantity.sets is not Sets.RESTART:
            return quantity.place
        return self.restart_first()[quantity.place] + quantity.use

    def restart_first(self) -> dict[int, int]:
        """Return where the restart times of each component begin; behind them stands a -1."""
        return {component: i * (self.restarts + 1) for i, component in enumerate(self.luck.restarts)}


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
