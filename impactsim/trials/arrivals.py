"""Failures as they come: when each source of failure strikes within a trial, whom, and for how long.

Knows rates, laws and numbers of components; neither names nor what a failure does. What arrives at a component that is broken
already does nothing (`IF_WHOLE`), which the engine decides, because only it knows how long repairs waited for their crew.

Theory of operation. The arrivals of a source are a Poisson process: its j-th gap is exponential, drawn from the j-th use of the
source's own stream. Since such a process has no memory, leaving out what arrives during a repair is exactly the
alternating renewal process with exponential times to failure (Cox, 1962, Renewal Theory, chapter 7). A higher rate
shortens each gap by the same factor, so that all arrivals of a trial move earlier together and none is lost. Round j
draws for those pairs of source and trial only whose arrivals have not left the horizon behind yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impactsim.compiled import ALWAYS, IF_NOT_STRUCK, IF_WHOLE, JOB, LASTING
from impactsim.laws import Law
from impactsim.trials.blocks import Loaded
from impactsim.trials.quantiles import Quantiles, to_milliseconds
from impactsim.trials.streams import key_of, uniforms, uniforms_of_pairs

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

YEAR_MS = 365 * 86_400_000
"""A year, the unit of rates: 365 days."""

MOST_A_YEAR = 10_000.0
"""A source may strike as often: more than once an hour is no failure, and would be all that a year consists of."""

_LAST = -1  # of what lasts, in the place of its law
_AT_ONCE = 1 << 15  # draws or arrivals: what is at hand stays in the cache of a core
_NUMBER_BITS = 63


@dataclass(frozen=True, slots=True)
class Struck:
    """A component that a source strikes."""

    component: int
    work_stream: str
    """Name of the luck of its repair."""
    work: Law | None
    """Law of the work of its repair, in milliseconds; None if nothing repairs it within a trial."""
    strikes_stream: str = ""
    """Name of the luck of being struck."""
    probability: float = 1.0
    """How likely the source strikes it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source of failures: a component by itself, or a common cause."""

    stream: str
    """Name of its luck."""
    per_year: float
    """How often it strikes; 0 if it is there for a whole trial or not at all."""
    share: float
    """How likely it is there for a whole trial; 0 if it comes at a rate."""
    cause: int
    """Number of the common cause, -1 if a component fails by itself."""
    members: tuple[Struck, ...]
    """Whom it strikes."""


@dataclass(frozen=True, slots=True)
class _Arrived:
    """Arrivals, one a row."""

    place: Ints
    """Of the trial, within the block."""
    source: Ints
    use: Ints
    """Which arrival of its source within the trial."""
    at_ms: Ints

    def taken(self, rows: Ints) -> _Arrived:
        return _Arrived(self.place[rows], self.source[rows], self.use[rows], self.at_ms[rows])


class Arrivals:
    """Gives each trial the failures that befall it; a `Loader`.

    Parameters
    ----------
    sources
        What fails, in the order that decides where two strike in the same millisecond.
    horizon_ms
        When a trial ends.
    seed
        Of the whole forecast.
    """

    def __init__(self, sources: Sequence[Source], horizon_ms: int, seed: int) -> None:
        self.words = (tuple(sources), horizon_ms, seed)
        self.horizon_ms = horizon_ms
        self.time_bits = horizon_ms.bit_length()
        self.keys = _keys(seed, [each.stream for each in sources])
        self.per_year = np.array([each.per_year for each in sources])
        self.share = np.array([each.share for each in sources])
        self.coming = np.flatnonzero(self.per_year > 0.0)
        self.lasting = np.flatnonzero(self.share > 0.0)
        with np.errstate(divide="ignore", over="ignore"):
            self.gap_ms = YEAR_MS / self.per_year
        members = [(source, each) for source in sources for each in source.members]
        self.n_members = np.array([len(each.members) for each in sources], np.int64)
        self.first_member = np.cumsum(self.n_members) - self.n_members
        self.component = np.array([each.component for _, each in members], np.int64)
        self.cause = np.array([source.cause for source, _ in members], np.int64)
        self.probability = np.array([each.probability for _, each in members])
        self.strike_keys = _keys(seed, [each.strikes_stream for _, each in members])
        self.work_keys = _keys(seed, [each.work_stream for _, each in members])
        self._set_works([None if source.share else each.work for source, each in members])
        strikes = [ALWAYS if each.share else IF_WHOLE if each.cause < 0 else IF_NOT_STRUCK for each, _ in members]
        self.strikes = np.array(strikes, np.int64)
        per_trial = len(sources) / 4 + float(self.per_year @ self.n_members) * horizon_ms / YEAR_MS
        # Each law is evaluated by itself, so that many of them are worth larger blocks.
        at_once = _AT_ONCE * min(max(len(self.laws) // 4, 1), 16)
        self.n_at_once = max(16, round(at_once / max(per_trial, 0.01)))

    def __reduce__(self) -> tuple[type[Arrivals], tuple[Any, ...]]:
        # The evaluation of laws cannot be pickled; it is made anew where the bytes arrive.
        return Arrivals, self.words

    def _set_works(self, laws: Sequence[Law | None]) -> None:
        """Number the laws that differ; each is evaluated once for all that it holds for."""
        numbers: dict[Law, int] = {}
        for law in laws:
            if law is not None and not law.is_certain:
                numbers.setdefault(law, len(numbers))
        self.laws = [Quantiles([law]) for law in numbers]
        self.law = np.array([numbers.get(law, _LAST) if law is not None else _LAST for law in laws], np.int64)
        certain = [law.median() if law is not None and law.is_certain else 0.0 for law in laws]
        self.certain_ms = to_milliseconds(np.array(certain))
        self.kind = np.array([LASTING if law is None else JOB for law in laws], np.int64)

    def load(self, trials: Ints) -> Loaded:
        """Return the failures of some trials.

        Parameters
        ----------
        trials
            Their numbers, int64, shape (B,).
        """
        parts = [
            self._load(trials[first : first + self.n_at_once]) for first in range(0, len(trials), self.n_at_once)
        ] or [self._load(trials)]
        counts, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Loaded(np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]), *columns)

    def _load(self, trials: Ints) -> tuple[Ints, ...]:
        """Return how many failures each trial has, and the columns of all of them."""
        arrived, member = self._members(self._sorted(self._arrived(trials), len(trials)), trials)
        return (
            np.bincount(arrived.place, minlength=len(trials)),
            self.component[member],
            arrived.at_ms,
            self.kind[member],
            self._works(member, arrived, trials),
            self.cause[member],
            self.strikes[member],
        )

    def _arrived(self, trials: Ints) -> list[_Arrived]:
        """Return all arrivals, round by round."""
        height = max(1, 2 * _AT_ONCE // max(1, len(trials)))
        lasting = (self.lasting[top : top + height] for top in range(0, len(self.lasting), height))
        found = [self._there(sources, trials) for sources in lasting]
        for top in range(0, len(self.coming), height):
            found += self._rounds(self.coming[top : top + height], trials)
        return found

    def _there(self, sources: Ints, trials: Ints) -> _Arrived:
        """Return which sources are there for the whole of which trials."""
        row, place = np.nonzero(uniforms(self.keys[sources], trials) < self.share[sources, None])
        zeros = np.zeros(len(place), np.int64)
        return _Arrived(place, sources[row], zeros, zeros)

    def _rounds(self, sources: Ints, trials: Ints) -> list[_Arrived]:
        """Return the arrivals of some sources, the j-th of all together."""
        luck = uniforms(self.keys[sources], trials)
        # A little too many; what comes too late is found out below.
        bounds = -np.expm1(-self.horizon_ms * (1 + 1e-9) / self.gap_ms[sources])
        if (bounds > 0.9).all():  # then it costs more to look than to work all of them out
            source, place = np.repeat(sources, len(trials)), np.tile(np.arange(len(trials)), len(sources))
            luck = luck.ravel()
        else:
            flat = np.flatnonzero(luck <= bounds[:, None])
            row, place = np.divmod(flat, len(trials))
            source, luck = sources[row], luck.ravel()[flat]
        found: list[_Arrived] = []
        at_ms = np.zeros(len(source))
        while len(source):
            at_ms += _gaps(luck, self.gap_ms[source])
            comes = np.flatnonzero(at_ms < self.horizon_ms)
            source, place, at_ms = source[comes], place[comes], at_ms[comes]
            use = len(found)
            whole_ms = np.rint(at_ms).astype(np.int64)
            found.append(_Arrived(place, source, np.full(len(place), use, np.int64), whole_ms))
            luck = uniforms_of_pairs(self.keys[source], trials[place], use + 1)
        return found

    def _sorted(self, parts: Sequence[_Arrived], n_trials: int) -> _Arrived:
        """Return arrivals trial by trial, in order of time, then of the sources."""
        assert n_trials.bit_length() + self.time_bits <= _NUMBER_BITS, "place and time fit into one number"
        place, source, use, at_ms = (
            np.concatenate([getattr(part, name) for part in parts] or [np.empty(0, np.int64)])
            for name in ("place", "source", "use", "at_ms")
        )
        keys = place << self.time_bits
        keys |= at_ms
        order = np.argsort(keys)
        keys.take(order, out=at_ms)
        if (at_ms[1:] == at_ms[:-1]).any():
            order = np.lexsort((use, source, keys))
        keys = at_ms
        place = keys >> self.time_bits
        at_ms = keys & ((1 << self.time_bits) - 1)
        return _Arrived(place, source[order], use[order], at_ms)

    def _members(self, arrived: _Arrived, trials: Ints) -> tuple[_Arrived, Ints]:
        """Return who is struck, and by which arrival each."""
        member = self.first_member[arrived.source]
        if len(self.component) > len(self.n_members):
            counts = self.n_members[arrived.source]
            rows = np.repeat(np.arange(len(counts)), counts)
            firsts = np.repeat(np.cumsum(counts) - counts, counts)
            member = member[rows] + np.arange(len(rows)) - firsts
            arrived = arrived.taken(rows)
        if (self.probability < 1.0).any():
            is_struck = np.ones(len(member), bool)
            uncertain = np.flatnonzero(self.probability[member] < 1.0)
            chosen = member[uncertain]
            luck = uniforms_of_pairs(self.strike_keys[chosen], trials[arrived.place[uncertain]], arrived.use[uncertain])
            is_struck[uncertain] = luck < self.probability[chosen]
            struck = np.flatnonzero(is_struck)
            arrived, member = arrived.taken(struck), member[struck]
        return arrived, member

    def _works(self, member: Ints, arrived: _Arrived, trials: Ints) -> Ints:
        """Return the work of each repair."""
        works = self.certain_ms[member]
        if not self.laws:
            return works
        law = self.law[member]
        drawn = np.flatnonzero(law != _LAST)
        luck = uniforms_of_pairs(self.work_keys[member[drawn]], trials[arrived.place[drawn]], arrived.use[drawn])
        law = law[drawn]
        # Small numbers are sorted by counting.
        small = law.astype(np.int16) if len(self.laws) < 1 << 15 else law
        order = np.argsort(small, kind="stable") if len(self.laws) > 1 else np.arange(len(law))
        ends = np.cumsum(np.bincount(law, minlength=len(self.laws)))
        first = 0
        for number in np.flatnonzero(np.diff(ends, prepend=0)):
            rows = order[first : ends[number]]
            works[drawn[rows]] = to_milliseconds(self.laws[number](luck[rows][None])[0])
            first = ends[number]
        return works


def _keys(seed: int, streams: Sequence[str]) -> NDArray[np.uint64]:
    return np.array([key_of(seed, stream) for stream in streams], np.uint64)


def _gaps(luck: Floats, mean_ms: Floats) -> Floats:
    """Return exponential times, in place."""
    np.negative(luck, out=luck)
    np.log1p(luck, out=luck)
    np.negative(luck, out=luck)
    luck *= mean_ms
    return luck
