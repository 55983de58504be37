"""What trials lost, in pieces: times within a trial in which nothing changes and somebody has lost something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Number = TypeVar("Number", np.float64, np.int64)

LOW, ESTIMATE, HIGH = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Losses:
    """What many trials lost of one service, or of all together: pieces, trial by trial and in order of time (R of them)."""

    n: int
    """How many trials."""
    trial: Ints
    """Trial of each piece; shape (R,)."""
    from_ms: Floats
    to_ms: Floats
    """Infinite where nothing ends it."""
    is_down: Bools
    """Whether nobody can use the service (any of them)."""
    people: Floats
    """People affected: low, estimate, high; shape (3, R)."""
    reached: Floats
    """People affected by then, each group with the most of it so far; shape (3, R)."""
    users: Floats
    """All who use it, in each trial; shape (n,)."""


@dataclass(frozen=True, slots=True)
class Measures:
    """All that the rules of a region can ask of some trials."""

    n: int
    services: Mapping[str, Losses]
    """Each service that lost anything in any trial."""
    critical: frozenset[str]
    """Services that support a critical or important function, as far as the system says."""
    together: Losses
    """All services together."""
    member_states: Mapping[str, Floats]
    """When the users of each Member State of the Union are first affected, in each trial; infinite if never."""
    has_users: bool
    """Whether anybody is known to use the services."""
    has_countries: bool
    """Whether it is known of any users where they live."""


def scan(operation: np.ufunc, values: NDArray[Number], trial: Ints) -> NDArray[Number]:
    """Return what an operation makes of each value with all before it in its trial.

    Parameters
    ----------
    operation
        Of two arrays, associative: `numpy.add` or `numpy.maximum`.
    values
        Shape (..., R).
    trial
        Trial of each, trial by trial; shape (R,).
    """
    found = values.copy()
    step, most = 1, int(np.bincount(trial).max(initial=0)) if len(trial) else 0
    while step < most:  # Hillis and Steele, 1986: each pass doubles how far back it looks; trials never mix
        is_same = trial[step:] == trial[:-step]
        longer = operation(found[..., step:], found[..., :-step])
        found[..., step:] = np.where(is_same, longer, found[..., step:])
        step *= 2
    return found


def until(trial: Ints, from_ms: Floats, end_ms: Floats) -> Floats:
    """Return when each piece ends: where the next of its trial begins, or with the run."""
    to_ms = end_ms[trial]
    goes_on = trial[1:] == trial[:-1]
    to_ms[:-1][goes_on] = from_ms[1:][goes_on]
    return to_ms


def before(values: NDArray[Number], trial: Ints) -> NDArray[Number]:
    """Return the value before each one in its trial; 0 before the first."""
    found = np.zeros_like(values)
    goes_on = trial[1:] == trial[:-1]
    found[1:][goes_on] = values[:-1][goes_on]
    return found


def earliest(n: int, trial: Ints, at_ms: Floats) -> Floats:
    """Return the first of some times in each of `n` trials; infinite where there is none."""
    first = np.full(n, np.inf)
    np.minimum.at(first, trial, at_ms)
    return first
