"""Luck depends on seed, name, trial and use, and on nothing else; and it is luck."""

from __future__ import annotations

import math
import random
from hashlib import blake2b

import numpy as np
import pytest

from impactsim.trials import streams
from impactsim.trials.streams import key_of, uniforms

MASK = 2**64 - 1
N = 200_000


def keys_of(*names: str, seed: int = 7) -> np.ndarray:
    return np.array([key_of(seed, name) for name in names], np.uint64)


def finalised(z: int) -> int:
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def unfinalised(z: int) -> int:
    z = z ^ z >> 31 ^ z >> 62
    z = z * pow(0x94D049BB133111EB, -1, 2**64) & MASK
    z = z ^ z >> 27 ^ z >> 54
    z = z * pow(0xBF58476D1CE4E5B9, -1, 2**64) & MASK
    return z ^ z >> 30 ^ z >> 60


def uniform(key: int, trial: int, use: int) -> float:
    """Draw with Python's integers."""
    counter = finalised((trial + (use << 40)) * 0x9E3779B97F4A7C15 & MASK)
    return (2 * (finalised((key + counter) & MASK) >> 12) + 1) / 2**53


def z_of_correlation(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.mean((x - 0.5) * (y - 0.5)) * 12 * math.sqrt(len(x)))


def test_the_finaliser_gives_the_published_start_of_splitmix64_with_seed_0():
    bits = np.array([n * 0x9E3779B97F4A7C15 & MASK for n in (1, 2, 3)], np.uint64)
    streams._mix(bits, np.empty_like(bits))
    assert [hex(each) for each in bits.tolist()] == ["0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4", "0x6c45d188009454f"]


def test_a_key_is_a_keyed_hash_of_the_name():
    hashed = blake2b("größe.restore".encode(), digest_size=8, key=blake2b(b"\x05").digest())
    assert key_of(5, "größe.restore") == int.from_bytes(hashed.digest(), "little")


def test_keys_differ_by_seed_and_by_name():
    seeds = [0, 1, 255, 256, 65_536, 2**64, 2**64 + 1, 2**512, 2**512 + 1, 10**6000]
    keys = {key_of(seed, name) for seed in seeds for name in ("", "a", "b", "a.b", "ab", "0")}
    assert len(keys) == len(seeds) * 6
    assert all(0 <= key < 2**64 for key in keys)


def test_a_draw_is_that_of_plain_integer_arithmetic_bit_for_bit():
    generator = random.Random(3)
    keys = [0, 1, MASK, *(generator.getrandbits(64) for _ in range(20))]
    trials = [0, 1, 2, 2**40 - 1, *(generator.getrandbits(40) for _ in range(50))]
    for use in (0, 1, 5, 2**24 - 1):
        drawn = uniforms(np.array(keys, np.uint64), np.array(trials), use)
        assert drawn.tolist() == [[uniform(key, trial, use) for trial in trials] for key in keys]


@pytest.mark.parametrize(("n_keys", "n_trials"), [(3, 40_000), (700, 50), (20_000, 1), (1, 8193)])
def test_neither_blocks_nor_the_order_of_keys_and_trials_matter(n_keys, n_trials):
    keys = keys_of(*(str(name) for name in range(n_keys)))
    trials = np.arange(1000, 1000 + n_trials)
    whole = uniforms(keys, trials, 2)
    shuffled = np.random.default_rng(1).permutation(n_keys)
    assert (uniforms(keys[shuffled], trials[::-1], 2) == whole[shuffled, ::-1]).all()
    cut = n_trials // 3
    parts = [uniforms(keys, trials[:cut], 2), uniforms(keys, trials[cut:], 2)]
    assert (np.concatenate(parts, axis=1) == whole).all()
    assert (uniforms(keys[-1:], trials, 2) == whole[-1:]).all()


def test_no_keys_and_no_trials_are_no_draws():
    assert uniforms(keys_of("a"), np.arange(0)).shape == (1, 0)
    assert uniforms(keys_of(), np.arange(5)).shape == (0, 5)


def test_the_ends_are_never_drawn():
    # The keys whose draw in trial 0 has no bit, and all of them; more than 52 bits would be rounded up to 1.
    both = uniforms(np.array([0, unfinalised(MASK)], np.uint64), np.array([0]))
    assert finalised(unfinalised(MASK)) == MASK
    assert both.tolist() == [[2**-53], [1 - 2**-53]]


def test_draws_are_uniform():
    for values in uniforms(keys_of("a", "b", "db.restore", "db.fails"), np.arange(N)):
        ordered = np.sort(values)
        ranks = np.arange(N)
        distance = max(np.max((ranks + 1) / N - ordered), np.max(ordered - ranks / N))
        assert distance * math.sqrt(N) < 1.95  # Kolmogorov and Smirnov: exceeded once in a thousand
        assert abs(values.mean() - 0.5) * math.sqrt(12 * N) < 4


def test_the_bits_of_one_trial_are_even_over_many_keys():
    values = uniforms(keys_of(*(f"c{number}.restore" for number in range(50_000))), np.array([0, 1]))
    bits = (values * 2**52).astype(np.uint64)
    for bit in range(52):
        ones = np.count_nonzero(bits >> np.uint64(bit) & np.uint64(1), axis=0)
        assert (np.abs(ones - 25_000) < 4.5 * math.sqrt(50_000) / 2).all()


def test_streams_uses_and_neighbouring_trials_are_not_correlated():
    trials = np.arange(N)
    keys = keys_of("a", "b", "a.restore", "a.fails", "c1", "c2")
    first, second = uniforms(keys, trials), uniforms(keys, trials, 1)
    for i in range(len(keys)):
        for lag in (1, 2, 3, 24):
            assert abs(z_of_correlation(first[i, lag:], first[i, :-lag])) < 4
        for j in range(len(keys)):
            assert abs(z_of_correlation(first[i], second[j])) < 4
            assert i == j or abs(z_of_correlation(first[i], first[j])) < 4


@pytest.mark.parametrize("distance", [1, 2, 2**32, 2**63, 0x9E3779B97F4A7C15, 5 * 0x9E3779B97F4A7C15 & MASK])
def test_not_even_keys_side_by_side_run_along_the_same_sequence(distance):
    key = key_of(7, "a")
    both = uniforms(np.array([key, (key + distance) & MASK], np.uint64), np.arange(N))
    assert len(np.intersect1d(both[0], both[1])) == 0  # N^2 / 2^52 = 1e-5 are expected by chance
    assert abs(z_of_correlation(both[0], both[1])) < 4


def test_a_use_is_no_later_trial():
    key = keys_of("a")
    uses = np.concatenate([uniforms(key, np.arange(1000), use)[0] for use in range(100)])
    assert len(np.unique(uses)) == 100_000
