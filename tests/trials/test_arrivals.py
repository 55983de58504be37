"""Failures come at their rates, by luck that depends on their names alone."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from impactsim.compiled import ALWAYS, IF_NOT_STRUCK, IF_WHOLE, JOB, LASTING
from impactsim.laws import Certain, Exponential, LogNormal
from impactsim.trials.arrivals import YEAR_MS, Arrivals, Source, Struck, uniforms_of_pairs
from impactsim.trials.blocks import Loaded
from impactsim.trials.streams import key_of, uniforms

SEED = 5
TRIALS = np.arange(500, dtype=np.int64)
HOUR, FIXED = Exponential(3.6e6), Certain(5e6)
COLUMNS = Loaded.__dataclass_fields__


def component(number: int, per_year: float, work=HOUR, name: str = "", share: float = 0.0) -> Source:
    stem = f"components.{name or f'c{number}'}"
    return Source(f"{stem}.fails", per_year, share, -1, (Struck(number, f"{stem}.time_to_restore", work),))


def cause(number: int, per_year: float, strikes: dict[int, float], work=FIXED, share: float = 0.0) -> Source:
    members = tuple(
        Struck(
            each,
            f"common_causes.k{number}.time_to_restore.c{each}",
            work,
            f"common_causes.k{number}.strikes.c{each}",
            p,
        )
        for each, p in strikes.items()
    )
    return Source(f"common_causes.k{number}.fails", per_year, share, number, members)


def loaded(*sources: Source, trials=TRIALS, horizon_ms: int = YEAR_MS, seed: int = SEED) -> Loaded:
    return Arrivals(sources, horizon_ms, seed).load(trials)


def of(found: Loaded, number: int) -> list[tuple]:
    """Return trial, time, kind and work of what strikes a component."""
    trial = np.repeat(np.arange(len(found.load_from) - 1), np.diff(found.load_from))
    mine = found.load_component == number
    columns = (trial, found.load_at_ms, found.load_kind, found.load_work_ms, found.load_cause)
    return list(zip(*(column[mine].tolist() for column in columns), strict=True))


SOURCES = (
    component(0, 3.0),
    component(1, 0.2, LogNormal(1e6, 5e6, 90)),
    component(2, 40.0, Certain(7e6)),
    component(3, 1.0, None),
    cause(0, 2.0, {0: 0.5, 2: 1.0}, LogNormal(2e6, 5e6, 95)),
    component(4, 0.0, None, share=0.1),
)


def test_the_luck_of_pairs_is_that_of_grids():
    keys = np.array([key_of(SEED, name) for name in "abc"], np.uint64)
    grid = uniforms(keys, TRIALS, 9)
    rows, columns = np.divmod(np.arange(grid.size), len(TRIALS))
    assert (uniforms_of_pairs(keys[rows], TRIALS[columns], 9) == grid.ravel()).all()
    assert (uniforms_of_pairs(keys[rows], TRIALS[columns], np.full(grid.size, 9)) == grid.ravel()).all()


def test_failures_stand_trial_by_trial_in_order_of_time():
    found = loaded(*SOURCES)
    for first, after in zip(found.load_from, found.load_from[1:], strict=False):
        assert (np.diff(found.load_at_ms[first:after]) >= 0).all()
    assert found.load_from[-1] == len(found.load_at_ms)
    assert found.load_at_ms.max() <= YEAR_MS


def test_what_comes_of_a_trial_depends_on_nothing_else():
    arrivals = Arrivals(SOURCES, YEAR_MS, SEED)
    whole = arrivals.load(TRIALS)
    backwards = arrivals.load(TRIALS[::-1].copy())
    for trial in (0, 7, 499):
        alone = arrivals.load(np.array([trial]))
        for name in COLUMNS:
            if name != "load_from":
                mine = getattr(whole, name)[whole.load_from[trial] : whole.load_from[trial + 1]]
                place = 499 - trial
                other = getattr(backwards, name)[backwards.load_from[place] : backwards.load_from[place + 1]]
                assert mine.tolist() == getattr(alone, name).tolist() == other.tolist()


def test_many_at_once_are_cut_without_a_trace():
    arrivals = Arrivals(SOURCES, YEAR_MS, SEED)
    whole = arrivals.load(TRIALS)
    arrivals.n_at_once = 13
    pieces = arrivals.load(TRIALS)
    assert all((getattr(whole, name) == getattr(pieces, name)).all() for name in COLUMNS)


def test_a_copy_that_travelled_gives_the_same():
    arrivals = Arrivals(SOURCES, YEAR_MS, SEED)
    copy = pickle.loads(pickle.dumps(arrivals))  # noqa: S301 - our own bytes
    assert all((getattr(arrivals.load(TRIALS), name) == getattr(copy.load(TRIALS), name)).all() for name in COLUMNS)


def test_no_trial_has_no_failure():
    found = loaded(*SOURCES, trials=np.empty(0, np.int64))
    assert found.load_from.tolist() == [0]
    assert len(found.load_at_ms) == 0
    assert loaded(trials=TRIALS).load_from.tolist() == [0] * 501


def test_an_unrelated_component_changes_nothing_for_the_others():
    before, after = loaded(*SOURCES), loaded(component(9, 30.0), *SOURCES)
    assert all(of(before, number) == of(after, number) for number in range(5))


def test_a_component_that_is_renamed_changes_only_its_own_luck():
    before, after = loaded(*SOURCES), loaded(component(0, 3.0, name="other"), *SOURCES[1:])
    assert all(of(before, number) == of(after, number) for number in range(1, 5))
    own = [[row for row in of(found, 0) if row[-1] < 0] for found in (before, after)]
    assert own[0] != own[1]
    assert [row for row in of(before, 0) if row[-1] == 0] == [row for row in of(after, 0) if row[-1] == 0]


def test_a_higher_rate_moves_each_failure_earlier_and_keeps_its_repair():
    slow, fast = of(loaded(component(0, 3.0)), 0), of(loaded(component(0, 3.3)), 0)
    sooner = {}
    for trial, at_ms, _, work_ms, _ in fast:
        sooner.setdefault(trial, []).append((at_ms, work_ms))
    seen: dict[int, int] = {}
    for trial, at_ms, _, work_ms, _ in slow:
        use = seen[trial] = seen.get(trial, -1) + 1
        earlier_ms, same_ms = sooner[trial][use]
        assert earlier_ms == pytest.approx(at_ms / 1.1, abs=1)
        assert same_ms == work_ms
    assert len(fast) > len(slow)


def test_a_longer_horizon_only_adds_what_comes_later():
    short, long = of(loaded(*SOURCES), 2), of(loaded(*SOURCES, horizon_ms=2 * YEAR_MS), 2)
    assert [row for row in long if row[1] < YEAR_MS] == short


@pytest.mark.parametrize("per_year", [0.05, 2.0, 50.0])
def test_failures_are_as_many_as_their_rate_says(per_year):
    counts = np.diff(loaded(component(0, per_year), trials=np.arange(4000)).load_from)
    assert abs(counts.mean() - per_year) < 4 * math.sqrt(per_year / 4000)
    assert abs(counts.var(ddof=1) - per_year) < 4 * math.sqrt((per_year + 2 * per_year**2) / 4000)


def test_repairs_follow_their_law():
    works = np.array([row[3] for row in of(loaded(component(0, 20.0, Exponential(1e7))), 0)])
    assert abs(works.mean() - 1e7) < 4 * 1e7 / math.sqrt(len(works))
    assert set(loaded(component(0, 20.0, Certain(7e6))).load_work_ms.tolist()) == {7_000_000}


def test_what_nothing_repairs_lasts():
    assert set(loaded(component(0, 20.0, None)).load_kind.tolist()) == {LASTING}
    assert set(loaded(component(0, 20.0)).load_kind.tolist()) == {JOB}


def test_what_is_there_for_whole_trials_is_there_from_their_beginning():
    found = loaded(component(0, 0.0, None, share=0.25), trials=np.arange(4000))
    counts = np.diff(found.load_from)
    assert set(counts.tolist()) == {0, 1}
    assert abs(counts.mean() - 0.25) < 4 * math.sqrt(0.25 * 0.75 / 4000)
    assert set(found.load_at_ms.tolist()) == {0}
    assert (set(found.load_kind.tolist()), set(found.load_strikes.tolist())) == ({LASTING}, {ALWAYS})


def test_a_larger_probability_is_there_in_a_superset_of_the_trials():
    small, large = ({row[0] for row in of(loaded(component(0, 0.0, None, share=share)), 0)} for share in (0.1, 0.3))
    assert small < large


def test_a_common_cause_strikes_its_members_at_one_time_in_their_order():
    found = loaded(component(1, 30.0), cause(2, 9.0, {0: 1.0, 3: 1.0, 5: 0.4}))
    by_cause = found.load_cause == 2
    assert set(found.load_component[~by_cause].tolist()) == {1}
    assert set(found.load_strikes[by_cause].tolist()) == {IF_NOT_STRUCK}
    assert set(found.load_strikes[~by_cause].tolist()) == {IF_WHOLE}
    first, second, third = (of(found, number) for number in (0, 3, 5))
    assert [row[:2] for row in first] == [row[:2] for row in second]
    assert {row[:2] for row in third} < {row[:2] for row in first}
    share, n = len(third) / len(first), len(first)
    assert abs(share - 0.4) < 4 * math.sqrt(0.4 * 0.6 / n)
    places = {(row[0], row[1]): i for i, row in enumerate(zip(found.load_component, found.load_at_ms, strict=True))}
    assert all(places[0, row[1]] < places[3, row[1]] for row in first)


def test_a_common_cause_strikes_no_other_members_when_one_is_added():
    before = loaded(cause(0, 9.0, {0: 0.5, 3: 0.3}))
    after = loaded(cause(0, 9.0, {0: 0.5, 1: 0.7, 3: 0.3}))
    assert [of(before, number) for number in (0, 3)] == [of(after, number) for number in (0, 3)]


def test_rare_failures_are_drawn_as_frequent_ones_are():
    # Rare ones are told from the others before their time is worked out; at the same rate both ways must agree.
    rare, frequent = component(0, 0.3), component(1, 300.0)
    alone = of(loaded(rare), 0)
    assert alone == of(loaded(rare, frequent, trials=TRIALS), 0)
    keys = np.array([key_of(SEED, rare.stream)], np.uint64)
    first_ms = -np.log1p(-uniforms(keys, TRIALS)[0]) * (YEAR_MS / 0.3)
    assert {row[0] for row in alone} == set(np.flatnonzero(first_ms < YEAR_MS).tolist())
