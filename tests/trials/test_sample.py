"""Many trials: when they are enough, what an interruption leaves, and how they are cut into blocks."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from impactsim.trials.blocks import Block
from impactsim.trials.estimates import half_width
from impactsim.trials.gather import Gathered, Limits
from impactsim.trials.jobs import Prepared
from impactsim.trials.sample import FEWEST_THAT_AGREE, FIRST_LOOK, Cut, headline, sample
from impactsim.trials.workers import Here, Local
from trials.shops import all_bytes, cut, gather, shop

SHOP = shop()


def first(n: int) -> Gathered:
    return gather(SHOP, Here(False).blocks(SHOP.job, cut(n, n)))


def block_of(n: int, seconds: float) -> Block:
    [block] = Here(False).blocks(SHOP.job, cut(n, n))
    return replace(block, seconds=seconds)


def test_so_many_trials_are_run_as_were_asked_for() -> None:
    gathered, is_complete = sample(SHOP.job, SHOP.limits, 130, Here(False))
    assert (gathered.n, is_complete) == (130, True)
    assert len(gathered.figures) == len(gathered.restored_ms) == len(gathered.end_ms) == 130
    assert all_bytes(gathered) == all_bytes(first(130))


def test_trials_end_at_the_first_look_at_which_the_headline_is_narrow_enough() -> None:
    gathered, is_complete = sample(SHOP.job, SHOP.limits, 100_000, Here(False), precision=0.1)
    looks = [FIRST_LOOK]
    while looks[-1] < 100_000:
        looks.append(looks[-1] * 3 // 2)
    assert is_complete
    assert gathered.n in looks[1:]
    assert half_width(headline(gathered)) <= 0.1
    assert half_width(headline(first(looks[looks.index(gathered.n) - 1]))) > 0.1
    # Between the looks nothing is lost, and nothing run twice.
    assert all_bytes(gathered) == all_bytes(first(gathered.n))


def test_workers_do_not_decide_when_it_is_enough() -> None:
    alone, _ = sample(SHOP.job, SHOP.limits, 100_000, Here(False), precision=0.12)
    with Local(2, False, alone_s=0.0) as local:
        together, _ = sample(SHOP.job, SHOP.limits, 100_000, local, precision=0.12)
    assert all_bytes(together) == all_bytes(alone)


def test_the_trials_asked_for_are_enough_whatever_the_precision() -> None:
    gathered, is_complete = sample(SHOP.job, SHOP.limits, 250, Here(False), precision=0.001)
    assert (gathered.n, is_complete) == (250, True)


def rare(probability: float) -> Prepared:
    """Return the job of a power cut that a generator, which hardly ever fails to start, keeps from everybody."""
    needs = [{"any_of": ["grid", {"use": "diesel", "fails_to_start": probability}]}]
    components = {"grid": {"kind": "power"}, "diesel": {"kind": "power"}, "shop": {"kind": "service", "needs": needs}}
    users = {"homes": {"count": 900, "uses": ["shop"]}}
    system = {"impactsim": 1, "name": "Shop", "components": components, "users": users}
    return shop(system=system, events=[{"fail": "grid", "for": "1h"}])


def test_trials_that_all_agree_are_not_taken_for_certainty_at_the_first_look() -> None:
    # None of so many is seen in 0.995^200 = 37% of the first looks, and in less than 1 in 20,000 after 2,000 trials.
    prepared = rare(0.005)
    stopped = {}
    for seed in range(12):
        job = replace(prepared.job, seed=seed)
        stopped[seed], _ = sample(job, prepared.limits, 3_000, Here(False), precision=1.0)
    assert any(headline(each).least == headline(each).most for each in map(first_look_of(prepared), stopped))
    assert all(headline(each).most > 0.0 for each in stopped.values())


def first_look_of(prepared: Prepared) -> Callable[[int], Gathered]:
    def look(seed: int) -> Gathered:
        job = replace(prepared.job, seed=seed)
        return sample(job, prepared.limits, FIRST_LOOK, Here(False))[0]

    return look


def test_trials_of_what_is_certain_end_at_the_first_look() -> None:
    prepared = rare(0.0)
    gathered, _ = sample(prepared.job, prepared.limits, 3_000, Here(False), precision=0.02)
    assert gathered.n == FIRST_LOOK


def test_trials_that_agree_for_long_are_enough() -> None:
    prepared = rare(1e-12)
    gathered, _ = sample(prepared.job, prepared.limits, 10_000, Here(False), precision=0.02)
    assert FEWEST_THAT_AGREE <= gathered.n < 2 * FEWEST_THAT_AGREE


@pytest.mark.parametrize("is_alone", [True, False])
def test_an_interruption_leaves_the_first_trials_without_a_hole(is_alone: bool) -> None:
    def stop(done: int, n: int) -> None:
        assert n == 5000
        if done > 30:
            raise KeyboardInterrupt

    with Local(1 if is_alone else 2, False, alone_s=0.0) as local:
        gathered, is_complete = sample(SHOP.job, SHOP.limits, 5000, local, on_progress=stop)
    assert not is_complete
    assert 30 < gathered.n < 5000
    assert len(gathered.figures) == len(gathered.restored_ms) == len(gathered.end_ms) == gathered.n
    assert all_bytes(gathered) == all_bytes(first(gathered.n))


class Interrupting:
    """Limits during whose look-up somebody presses Ctrl-C: in the middle of the count of a block."""

    def __init__(self, limits: Limits) -> None:
        self.rto_ms = limits.rto_ms
        self.looked_up = 0
        self._mtpd_ms = limits.mtpd_ms

    @property
    def mtpd_ms(self) -> Any:
        self.looked_up += 1
        if self.looked_up == 3:
            signal.raise_signal(signal.SIGINT)
        return self._mtpd_ms


def test_a_block_is_counted_whole_or_not_at_all() -> None:
    limits: Any = Interrupting(SHOP.limits)
    gathered, is_complete = sample(SHOP.job, limits, 5000, Here(False))
    assert not is_complete
    assert limits.looked_up == 3
    assert all_bytes(gathered) == all_bytes(first(gathered.n))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interruption_before_the_first_block_is_nothing_to_show() -> None:
    class Never(Here):
        def blocks(self, *_: Any) -> Any:
            raise KeyboardInterrupt
            yield

    with pytest.raises(KeyboardInterrupt):
        sample(SHOP.job, SHOP.limits, 10, Never(False))


def test_blocks_grow_until_they_take_a_quarter_of_a_second() -> None:
    blocks = Cut(SHOP.job)
    sizes = []
    for piece in blocks.pieces(0, 400):
        sizes.append(len(piece))
        blocks.learn(block_of(len(piece), seconds=len(piece) * 0.25 / 50))
    assert sizes[:7] == [1, 2, 4, 8, 16, 32, 50]
    assert max(sizes) <= 50
    assert sum(sizes) == 400


def test_blocks_shrink_when_trials_become_slow() -> None:
    blocks = Cut(SHOP.job)
    blocks.learn(block_of(64, seconds=0.01))
    blocks.learn(block_of(64, seconds=2.5))
    assert len(next(blocks.pieces(0, 1000))) == 6


def test_blocks_of_large_systems_hold_few_trials() -> None:
    blocks = Cut(SHOP.job)
    wide = block_of(1, seconds=1e-6)
    blocks.learn(replace(wide, row_trial=np.zeros(70_000, np.int64)))
    for _ in range(12):
        size = len(next(blocks.pieces(0, 10**6)))
        blocks.learn(block_of(size, seconds=1e-6))
    assert size == 4_000_000 // (70_000 + 1 + 9 * 2 + 7)
