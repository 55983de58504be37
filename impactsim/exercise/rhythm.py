"""The rhythm of an exercise: what is said within a few minutes stands in one inject, and there are not more than a table can take.

A surprise, the word that the cause is known, and what somebody sees happen begin an inject: what came before must have been talked
about. They stand with nothing but what is said in the same minute. Where there are too
many, the two neighbours that lie closest together, as a share of the time since the start, become one, told at the time of the later.
"""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.exercise.facts import Message

MOST = 14
"""Injects of an exercise at the most, as far as surprises let them be put together."""
_MINUTE_MS = 60_000
_SHORT_MS = 4 * _MINUTE_MS
"""What lies closer together is told at once at any time."""
_CLOSE = 0.04
"""What lies closer together, as a share of the time since the start, is told at once too."""


def in_injects(messages: Sequence[Message]) -> list[tuple[Message, ...]]:
    """Put messages together to injects.

    Parameters
    ----------
    messages
        In order of time.

    Returns
    -------
    list of tuple
        The messages of each inject; all of them stand in one, in their order.
    """
    groups: list[tuple[Message, ...]] = []
    for each in messages:
        if groups and _joins(groups[-1], each):
            groups[-1] = (*groups[-1], each)
        else:
            groups.append((each,))
    while len(groups) > MOST and (i := _closest(groups)) is not None:
        groups[i : i + 2] = [(*groups[i], *groups[i + 1])]
    return groups


def _joins(group: tuple[Message, ...], message: Message) -> bool:
    """Tell whether a message stands in the inject that is told before it."""
    apart = message.at_ms - group[0].at_ms
    if _stands_alone(group):
        return (
            apart < _MINUTE_MS and message.kind not in ("known", "close") and _is_surprise(group) >= message.is_surprise
        )
    return not _begins(message) and apart <= max(_SHORT_MS, _CLOSE * message.at_ms)


def _stands_alone(group: tuple[Message, ...]) -> bool:
    """Tell whether nothing that is said later may stand in an inject."""
    return _is_surprise(group) or any(each.kind in ("seen", "known") for each in group)


def _is_surprise(group: tuple[Message, ...]) -> bool:
    return any(each.is_surprise for each in group)


def _begins(message: Message) -> bool:
    """Tell whether a message begins an inject whatever came before."""
    return message.is_surprise or message.kind in ("seen", "known", "close")


def _closest(groups: Sequence[tuple[Message, ...]]) -> int | None:
    """Return the first of the two neighbours that lie closest together, and may be put together; None if there are none."""
    pairs = [i for i in range(len(groups) - 1) if not _begins(groups[i + 1][0]) and not _stands_alone(groups[i])]
    return min(pairs, key=lambda i: (_gap(groups[i], groups[i + 1]), i), default=None)


def _gap(first: tuple[Message, ...], second: tuple[Message, ...]) -> float:
    """Return how far apart two injects are told, as a share of the time since the start."""
    from_ms, to_ms = first[0].at_ms, second[-1].at_ms
    return (to_ms - from_ms) / max(to_ms, 1)
