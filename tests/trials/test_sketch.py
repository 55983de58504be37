"""Distributions in bounded memory: a function of the multiset alone, and close to the truth."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from impactsim.laws import Samples
from impactsim.trials.sketch import Sketch

KEEP = 64
N_THINGS = 3
MILLENNIUM_MS = 31_557_600_000_000
Rows = tuple[NDArray[np.int64], NDArray[np.int64]]


def cut_to(bits: int, value: int) -> int:
    drop = max(value.bit_length() - bits, 0)
    return value >> drop << drop


def in_words(values: list[int]) -> tuple[float, dict[int, int]]:
    """The definition, tried from all digits downwards: what a quantile may be wrong by, and the bins."""
    for bits in range(53, 0, -1):
        bins = Counter(cut_to(bits, value) for value in values)
        if len(bins) <= KEEP:
            return (0.0 if bits == 53 else 2.0**-bits), dict(bins)
    raise AssertionError


def answer(sketch: Sketch, thing: int) -> tuple[float, dict[int, int]]:
    values, counts = sketch.distribution(thing)
    return sketch.relative_error(np.array([thing])).item(), dict(zip(values.tolist(), counts.tolist(), strict=True))


@st.composite
def many_rows(draw: st.DrawFn) -> Rows:
    """Rows with more distinct values than are kept, over few or many octaves."""
    luck = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, octaves = draw(st.integers(0, 600)), draw(st.sampled_from([1, 4, 12, 44]))
    values = np.exp2(luck.uniform(0, octaves, n) + draw(st.floats(0, 44 - octaves)))
    values[luck.random(n) < 0.1] = 0
    return luck.integers(0, N_THINGS, n), values.astype(np.int64)


def add_in_pieces(sketch: Sketch, things: NDArray[np.int64], values: NDArray[np.int64], cuts: list[int]) -> None:
    for piece in np.split(np.arange(len(things)), sorted(cut for cut in cuts if cut <= len(things))):
        sketch.add(things[piece], values[piece])
        sketch.relative_error(piece[:0])  # to be asked makes it bring its rows in order


@given(rows=many_rows(), cuts=st.lists(st.integers(0, 600), max_size=5))
@settings(max_examples=150)
def test_what_is_kept_is_the_definition_however_rows_were_cut(rows: Rows, cuts: list[int]) -> None:
    things, values = rows
    sketch = Sketch(N_THINGS, KEEP)
    add_in_pieces(sketch, things, values, cuts)
    for thing in range(N_THINGS):
        assert answer(sketch, thing) == in_words(values[things == thing].tolist())


@given(rows=many_rows(), cuts=st.lists(st.integers(0, 600), max_size=4), seed=st.integers(0, 99), share=st.floats(0, 1))
@settings(max_examples=150)
def test_neither_order_nor_merging_changes_what_is_kept(rows: Rows, cuts: list[int], seed: int, share: float) -> None:
    things, values = rows
    luck = np.random.default_rng(seed)
    order = luck.permutation(len(things))
    mine, theirs = np.split(order, [int(share * len(order))])
    one, another = Sketch(N_THINGS, KEEP), Sketch(N_THINGS, KEEP)
    add_in_pieces(one, things[mine], values[mine], cuts)
    add_in_pieces(another, things[theirs], values[theirs], cuts)
    one.merge(another)
    for thing in range(N_THINGS):
        assert answer(one, thing) == in_words(values[things == thing].tolist())


@given(
    hits=st.lists(st.integers(0, MILLENNIUM_MS), max_size=40),
    n_misses=st.integers(0, 30),
    p=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]),
)
def test_a_quantile_of_few_values_is_that_of_all_samples(hits: list[int], n_misses: int, p: float) -> None:
    values = sorted(hits + [0] * n_misses) or [0]
    sketch = Sketch(2)
    sketch.add(np.ones(len(hits), np.int64), np.array(hits, np.int64))
    assert sketch.quantile(np.array([1]), p, len(values)).tolist() == [Samples(tuple(values)).quantile(p)]


@pytest.mark.parametrize("octaves", [1, 5, 20, 44])
def test_a_quantile_of_many_values_is_as_near_as_stated(octaves: int) -> None:
    values = np.exp2(np.random.default_rng(octaves).uniform(44.5 - octaves, 44.5, 30_000)).astype(np.int64)
    sketch = Sketch(1)
    sketch.add(np.zeros(len(values), np.int64), values)
    thing = np.array([0])
    error = sketch.relative_error(thing).item()
    assert 0 < error <= octaves / sketch.keep * 2  # twice: the first and the last octave are filled in part only
    exact = Samples(tuple(np.sort(values).tolist()))
    for p in np.linspace(0, 1, 101).tolist():
        assert sketch.quantile(thing, p, len(values)).item() == pytest.approx(exact.quantile(p), rel=error)


def test_no_more_than_asked_for_is_kept_and_nothing_is_lost() -> None:
    luck = np.random.default_rng(7)
    sketch = Sketch(5)
    for _ in range(30):
        sketch.add(luck.integers(1, 3, 50_000), (1e9 * luck.standard_exponential(50_000)).astype(np.int64))
    kept = [sketch.distribution(thing)[1] for thing in range(5)]
    assert [len(counts) <= 1024 for counts in kept] == [True] * 5
    assert sum(int(counts.sum()) for counts in kept) == 30 * 50_000
    assert min(len(kept[1]), len(kept[2])) > 512 / 2  # the next finer level would have had more than 1,024


def test_another_thing_changes_nothing() -> None:
    luck = np.random.default_rng(3)
    values = luck.integers(0, MILLENNIUM_MS, 5_000)
    alone, beside = Sketch(2), Sketch(2)
    for sketch in (alone, beside):
        sketch.add(np.zeros(5_000, np.int64), values)
    beside.add(np.ones(5_000, np.int64), values[::-1] // 3)
    assert answer(alone, 0) == answer(beside, 0)


def test_a_thousand_years_fit_beside_a_quarter_of_a_million_things() -> None:
    sketch = Sketch(2**18 - 1)
    last = 2**18 - 2
    sketch.add(np.array([last, 0]), np.array([MILLENNIUM_MS, 5]))
    assert sketch.quantile(np.array([last, 0, 1]), 0.5, 1).tolist() == [MILLENNIUM_MS, 5, 0]


def test_a_value_that_would_run_into_the_next_thing_is_refused() -> None:
    with pytest.raises(AssertionError, match="fit into one number"):
        Sketch(2**18 - 1).add(np.array([0]), np.array([2**45]))


def test_where_nothing_was_hit_every_quantile_is_zero() -> None:
    sketch = Sketch(2)
    assert sketch.quantile(np.array([0, 1]), 0.9, 10).tolist() == [0.0, 0.0]
    assert answer(sketch, 0) == (0.0, {})
