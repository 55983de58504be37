"""Luck: numbers in (0, 1), each a function of a seed, a name, a trial and a use.

Knows neither what is drawn nor how many blocks or workers share the trials: there is no state that could be advanced.

Theory of operation. Counter-based, as Salmon, Moraes, Dror and Shaw (2011, "Parallel random numbers: as easy as 1, 2, 3",
SC '11) proposed, on the generator of Steele, Lea and Flood (2014, "Fast splittable pseudorandom number generators",
OOPSLA '14), whose n-th number is a mixed multiple of an odd constant. Trial and use are packed into one number n
and mixed to m(n); the draw of key k is the mixed sum k + m(n). Since m jumps about, two keys never run along the same
sequence one behind the other, as they would if k were only the place where a sequence starts. Both steps are one to one, so
no two trials or uses of a key share their 64 bits.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

_GOLDEN = 0x9E3779B97F4A7C15
_USE_BITS = 24
_TRIAL_BITS = 40
_BLOCK = 8192  # draws at once: both buffers stay in the cache of a core
_PAIRS = 16_384  # pairs at once, for the same reason
_ONE = np.float64(1).view(np.uint64)


def key_of(seed: int, name: str) -> int:
    """Return the key of a stream.

    Parameters
    ----------
    seed
        The seed of the whole simulation, 0 or more, however large.
    name
        What is drawn, such as ``orders-db.restore``; two streams of one name are the same stream.

    Returns
    -------
    int
        64 bits.

    Examples
    --------
    >>> key_of(1, "orders-db.restore") == key_of(1, "orders-db.restore") != key_of(2, "orders-db.restore")
    True
    """
    # A key of blake2b has 64 bytes at most, and a seed may have more.
    key = blake2b(seed.to_bytes(seed.bit_length() // 8 + 1, "little")).digest()
    return int.from_bytes(blake2b(name.encode(), digest_size=8, key=key).digest(), "little")


def uniforms(keys: NDArray[np.uint64], trials: NDArray[np.int64], use: int = 0) -> NDArray[np.float64]:
    """Return the luck of each key in each trial.

    Parameters
    ----------
    keys
        uint64, shape (q,), from `key_of`.
    trials
        int64, shape (b,), in any order; each from 0 to 2^40 - 1.
    use
        Which of the draws within a trial, from 0 to 2^24 - 1.

    Returns
    -------
    NDArray
        float64, shape (q, b), each an odd multiple of 2^-53, so from 2^-53 to 1 - 2^-53. An element depends on its key, its
        trial and `use`, and on nothing else.

    Examples
    --------
    >>> keys = np.array([key_of(1, "a"), key_of(1, "b")], np.uint64)
    >>> both = uniforms(keys, np.arange(100))
    >>> bool((uniforms(keys[1:], np.arange(99, 49, -1)) == both[1:, :49:-1]).all())
    True
    """
    assert 0 <= use < 1 << _USE_BITS
    assert trials.size == 0 or (trials.min() >= 0 and trials.max() < 1 << _TRIAL_BITS)
    counters = trials.astype(np.uint64)
    counters |= np.uint64(use << _TRIAL_BITS)
    counters *= np.uint64(_GOLDEN)
    _mix(counters, np.empty_like(counters))
    drawn = np.empty((keys.size, trials.size))
    width = min(trials.size, _BLOCK)
    height = max(1, _BLOCK // max(1, width))
    spare = np.empty((height, width), np.uint64)
    for top in range(0, keys.size, height):
        rows = keys[top : top + height, None]
        for left in range(0, trials.size, _BLOCK):
            block = drawn[top : top + height, left : left + _BLOCK]
            _draw(rows, counters[left : left + _BLOCK], block, spare[: block.shape[0], : block.shape[1]])
    return drawn


def uniforms_of_pairs(
    keys: NDArray[np.uint64], trials: NDArray[np.int64], uses: NDArray[np.int64] | int
) -> NDArray[np.float64]:
    """Return the luck of each key in a trial and a use of its own, as `uniforms` returns that of whole grids.

    Parameters
    ----------
    keys
        uint64, shape (n,), from `streams.key_of`.
    trials
        int64, shape (n,), each from 0 to 2^40 - 1.
    uses
        int64, shape (n,), or one for all, each from 0 to 2^24 - 1.

    Returns
    -------
    NDArray
        float64, shape (n,), the same to the last bit.

    Examples
    --------
    >>> keys = np.array([key_of(1, "a"), key_of(1, "b")], np.uint64)
    >>> found = uniforms_of_pairs(keys, np.array([5, 9]), np.array([3, 3]))
    >>> bool((found == uniforms(keys, np.array([5, 9]), 3).diagonal()).all())
    True
    """
    drawn = np.empty(len(keys))
    spare = np.empty(min(len(keys), _PAIRS), np.uint64)
    counters = np.empty_like(spare)
    for left in range(0, len(keys), _PAIRS):
        some = slice(left, min(left + _PAIRS, len(keys)))
        block, size = drawn[some], some.stop - left
        of_use = uses << _TRIAL_BITS if isinstance(uses, int) else uses[some] << _TRIAL_BITS
        np.bitwise_or(trials[some], of_use, out=counters[:size].view(np.int64))
        counters[:size] *= np.uint64(_GOLDEN)
        _mix(counters[:size], spare[:size])
        bits = block.view(np.uint64)
        np.add(keys[some], counters[:size], out=bits)
        _mix(bits, spare[:size])
        bits >>= np.uint64(12)
        bits |= _ONE
        block -= 1 - 2**-53
    return drawn


def _draw(
    keys: NDArray[np.uint64], counters: NDArray[np.uint64], block: NDArray[np.float64], spare: NDArray[np.uint64]
) -> None:
    """Fill one block: mix, and turn 52 bits into the middles of 2^52 equal parts of (0, 1)."""
    bits = block.view(np.uint64)
    np.add(keys, counters, out=bits)
    _mix(bits, spare)
    bits >>= np.uint64(12)
    bits |= _ONE  # a float in [1, 2), which is cheaper than a conversion
    block -= 1 - 2**-53  # exact; with 53 bits and a half the last part would be rounded to 1


def _mix(bits: NDArray[np.uint64], spare: NDArray[np.uint64]) -> None:
    """Apply the finaliser of splitmix64 in place: variant 13 of Stafford (2011), as in Steele, Lea and Flood."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        np.right_shift(bits, np.uint64(shift), out=spare)
        bits ^= spare
        bits *= np.uint64(factor)
    np.right_shift(bits, np.uint64(31), out=spare)
    bits ^= spare
