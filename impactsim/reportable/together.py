"""All services together: how many of each group have lost at least one of them, at any time (S6.2, S6.5).

Theory of operation. Each group is worked out at those times only at which one of its own services changes; its curve is then laid
upon the times at which any service changes, and curves are added up. So the cost follows changes times groups, and not the square
of the number of services. A time of a trial is one number, its key, so that all trials of a part are worked out at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from impactsim.reportable.groups import Group, all_users
from impactsim.reportable.losses import ESTIMATE, Bools, Floats, Ints, Losses, before, scan, until
from impactsim.trials.courses import Course

_ABOVE_0 = 1e-9  # no level lies between
_MOST_CHANGES = 200_000
"""Changes of level that are laid out at a time: what bounds the memory."""


def together(
    hit: Mapping[str, Course], end_ms: Floats, groups: Sequence[Group], audiences: Sequence[Sequence[int]]
) -> list[Losses]:
    """Return what was lost of all services together.

    Parameters
    ----------
    hit
        The courses of the services that lost anything.
    end_ms
        When each trial ends; shape (n,).
    groups
        All users.
    audiences
        Groups that count, by their places: one result for each.
    """
    n = len(end_ms)
    used = [replace(group, uses={name: share for name, share in group.uses.items() if name in hit}) for group in groups]
    pieces = [_pieces(part, end_ms, used, audiences) for part in _parts(hit, n)]
    columns = [np.concatenate(column, axis=-1) for column in zip(*pieces, strict=True)]
    trial, from_ms, to_ms, is_down, people, reached = columns
    return [
        Losses(
            n, trial, from_ms, to_ms, is_down.astype(np.bool_), people[i], reached[i], all_users(groups, audience, n)
        )
        for i, audience in enumerate(audiences)
    ]


def _parts(hit: Mapping[str, Course], n: int) -> Iterator[dict[str, Course]]:
    """Cut the courses into runs of trials that are laid out at a time; at least one."""
    changes = sum((np.bincount(each.trial, minlength=n) for each in hit.values()), np.zeros(n, np.int64))
    part_of = np.cumsum(changes) // _MOST_CHANGES
    first = 0
    for part in range(int(part_of[-1]) + 1):
        after = int(np.searchsorted(part_of, part, side="right"))
        yield {name: _trials(course, first, after) for name, course in hit.items()}
        first = after


def _trials(course: Course, first: int, after: int) -> Course:
    mine = slice(*np.searchsorted(course.trial, [first, after]).tolist())
    return Course(course.n, course.trial[mine], course.at_ms[mine], course.level[mine])


def _pieces(
    hit: Mapping[str, Course], end_ms: Floats, groups: Sequence[Group], audiences: Sequence[Sequence[int]]
) -> tuple[Ints, Floats, Floats, Bools, Floats, Floats]:
    """Return the pieces of all services together; people of each audience, shape (audiences, 3, pieces)."""
    line = _line_of(hit)
    to_ms = until(line.trial, line.at_ms, end_ms)
    people = np.zeros((len(audiences), 3, len(line.keys)))
    reached = np.zeros((len(audiences), 3, len(line.keys)))
    for i, group in enumerate(groups):
        mine = [place for place, audience in enumerate(audiences) if i in audience]
        if mine and group.uses:
            affected, so_far = _curves_of(group, hit, line)
            people[mine] += affected
            reached[mine] += so_far
    lost, is_down = (_counted(hit, line, below) for below in (1.0, _ABOVE_0))
    is_lost = lost > 0
    return (
        line.trial[is_lost],
        line.at_ms[is_lost],
        to_ms[is_lost],
        is_down[is_lost] > 0,
        people[..., is_lost],
        reached[..., is_lost],
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """The times at which any course changes, trial by trial: a key for each pair of trial and time."""

    keys: Ints
    """Sorted, each once."""
    trial: Ints
    at_ms: Floats
    n_times: int
    """Keys of a trial are its number times this, and more."""
    keys_of: Mapping[str, Ints]
    """Key of each change of each course."""


def _line_of(hit: Mapping[str, Course]) -> _Line:
    times = np.unique(np.concatenate([np.zeros(0, np.int64), *(each.at_ms for each in hit.values())]))
    n_times = max(len(times), 1)
    keys_of = {name: each.trial * n_times + np.searchsorted(times, each.at_ms) for name, each in hit.items()}
    keys = np.unique(np.concatenate([np.zeros(0, np.int64), *keys_of.values()]))
    return _Line(keys, keys // n_times, times[keys % n_times].astype(np.float64), n_times, keys_of)


def _last(known: Ints, keys: Ints, n_times: int) -> Ints:
    """Return the place of the last of some known keys that is not behind each key, in its trial; -1 where there is none."""
    if len(known) == 0:
        return np.full(len(keys), -1, np.int64)
    place = np.searchsorted(known, keys, side="right") - 1
    place[(place >= 0) & (known[place] // n_times != keys // n_times)] = -1
    return place


def _counted(hit: Mapping[str, Course], line: _Line, below: float) -> Ints:
    """Return how many courses are below a level from each time on."""
    change = np.zeros(len(line.keys), np.int64)
    for name, course in hit.items():
        is_below = (course.level < below).astype(np.int64)
        np.add.at(change, np.searchsorted(line.keys, line.keys_of[name]), is_below - before(is_below, course.trial))
    return scan(np.add, change, line.trial)


def _curves_of(group: Group, hit: Mapping[str, Course], line: _Line) -> tuple[Floats, Floats]:
    """Return how many of a group are affected from each time on, and how many were by then; shape (3, times)."""
    keys = np.unique(np.concatenate([line.keys_of[name] for name in group.uses]))
    trial = keys // line.n_times
    levels = {}
    for name in group.uses:
        place = _last(line.keys_of[name], keys, line.n_times)
        levels[name] = np.append(hit[name].level, 1.0)[place]  # -1 is the last place
    affected = _people_of(group, trial, levels)
    both = np.stack([affected, scan(np.maximum, affected, trial)])
    nobody = np.zeros((2, 3, 1))
    found = np.concatenate([both, nobody], axis=-1)[..., _last(keys, line.keys, line.n_times)]
    return found[0], found[1]


def _people_of(group: Group, trial: Ints, levels: Mapping[str, Floats]) -> Floats:
    """Return how many of a group are affected: low, estimate, high (S6.2, S6.5)."""
    lost = np.stack([share[trial] * (1.0 - levels[name]) for name, share in group.uses.items()])
    whole = np.stack([share[trial] * (levels[name] < 1.0) for name, share in group.uses.items()])
    low, most = lost.max(axis=0), whole.sum(axis=0)
    if group.is_population:
        most = np.minimum(most, group.count[trial])
        return np.stack([low, low if len(group.uses) == 1 else most, most])
    share = np.stack([low, 1.0 - np.prod(1.0 - lost, axis=0), np.minimum(most, 1.0)])
    if len(group.uses) == 1:
        share[ESTIMATE] = low  # 1 - (1 - x) need not be x
    return share * group.count[trial]
