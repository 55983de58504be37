"""Pairs of failures that are worse than their parts: loss(a and b) > loss(a) + loss(b), both at once.

Theory of operation. Where the runs of a and of b do not *meet*, every component is in the run of both, at every time, at the
lower of its levels in the two single runs. By induction over time, and within an instant because the least of two greatest
fixed points is the greatest fixed point of both faults together: a need of all of its members passes on the least of
what its members have, a redundant one does so where one member alone changes, restarts are as long. And by S6.2 the loss of
users at the lower of two levels is no more than the sum of both losses. So only these can be worse than their parts:

- both touch a need to run or to stay up that remembers (holdover, standby group), or different members of a redundant one;
- one touches what another thing needs to start, the other that thing; or what the repair of the other needs;
- together they have more jobs for a crew than it can work on at a time, or two jobs for one that others wait for as well;
- both touch what has to catch up, or a service with a workaround, or one the service and the other its workaround.

*Touches* means that the level changes in the run of the case alone, and that is known from the sweep of single failures. Nothing
else needs to be tried. Where there are too many even so, those that meet in the narrowest places come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impactsim.compiled import GROUP, JOB, POOL, REPAIR, START
from impactsim.engine.reach import reach_of
from impactsim.trials.blocks import Block
from impactsim.trials.cases import Case, Ends, Ground
from impactsim.trials.rank import LOST, Swept, Tell, blocks_of, empty_swept, loader_of, place, reduce_block
from impactsim.trials.workers import Workers

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_PAIRS = 20_000
"""How many pairs are tried, unless somebody asks for more: all of them for up to 200 failures."""

_NOISE = 1e-9
_PIECE = 1_000_000
_WIDEST_TABLE = 10_000
_NOBODY: Ints = np.empty(0, np.int64)


class Touched:
    """Which components each case touches: an `on_block` of `sweep`."""

    def __init__(self) -> None:
        self.cases: list[Ints] = []
        self.components: list[Ints] = []

    def __call__(self, block: Block, numbers: Ints) -> None:
        """Add a block."""
        self.cases.append(numbers[block.row_trial].astype(np.int32))
        self.components.append(block.row_component.astype(np.int32))

    def by_component(self, ground: Ground, cases: Sequence[Case]) -> list[Ints]:
        """Return the cases, in order, that touch each component.

        What fails is touched, and all that it can reach if the failure takes no time: then it leaves no level behind.
        """
        own = [(number, component) for number, case in enumerate(cases) for component in _at_least(ground, case)]
        failed = np.array(own, np.int64).reshape(-1, 2)
        numbers = np.concatenate([*self.cases, failed[:, 0]]).astype(np.int64)
        components = np.concatenate([*self.components, failed[:, 1]]).astype(np.int64)
        keys = np.unique(components * len(cases) + numbers)
        bounds = np.searchsorted(keys, np.arange(len(ground.compiled.crew) + 1) * len(cases))
        return np.split(keys % max(1, len(cases)), bounds[1:-1])


def _at_least(ground: Ground, case: Case) -> Iterable[int]:
    failed = [failure.component for failure in case.failures]
    return failed if all(failure.work_ms > 0 for failure in case.failures) else reach_of(ground.compiled, failed)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of cases that may be worse than their parts."""

    first: Ints
    second: Ints
    is_complete: bool
    """Whether these are all of them."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs that are worse than their parts, the worst first (P)."""

    first: Ints
    """Numbers of cases, the lower one of each pair."""
    second: Ints
    figures: Floats
    """Of both at once, as in `Swept`; shape (P, 9)."""
    loss: Floats
    """User-minutes lost when both fail; where there are no users, minutes of services down."""
    excess: Floats
    """By how much that exceeds the sum of the two."""
    never: NDArray[np.bool_]
    """Whether services never come back, although each alone they do."""
    n_tried: int
    n_possible: int
    """Pairs of different cases of which neither contains the other."""
    n_left_out: int
    """Pairs that were not judged, because of one alone some service never comes back."""
    is_complete: bool


def worst_pairs(
    ground: Ground,
    cases: Sequence[Case],
    single: Swept,
    touched: Touched,
    ends: Ends,
    workers: Workers,
    most: int = MOST_PAIRS,
    tell: Tell | None = None,
) -> Pairs:
    """Find the pairs that are worse than their parts.

    Parameters
    ----------
    ground, cases, ends, workers
        As for the sweep of the single cases.
    single, touched
        What came of it.
    most
        How many pairs to try at most.
    tell
        Told after each block.
    """
    found = candidates(ground, cases, touched.by_component(ground, cases), most)
    never = is_never(single, ends)
    judged = ~(never[found.first] | never[found.second])
    first, second = found.first[judged], found.second[judged]
    swept = _sweep_pairs(ground, cases, first, second, ends, workers, tell)
    alone = losses(ground, single)
    loss = losses(ground, swept)
    excess = loss - alone[first] - alone[second]
    stays = is_never(swept, ends)
    worse = np.flatnonzero(stays | (excess > _NOISE * np.maximum(loss, 1.0)))
    order = worse[np.lexsort((second[worse], first[worse], -excess[worse], ~stays[worse]))]
    return Pairs(
        first=first[order],
        second=second[order],
        figures=swept.figures[order],
        loss=loss[order],
        excess=excess[order],
        never=stays[order],
        n_tried=len(first),
        n_possible=_count_possible(cases),
        n_left_out=int((~judged).sum()),
        is_complete=found.is_complete,
    )


def losses(ground: Ground, swept: Swept) -> Floats:
    """Return the loss of each run: user-minutes, or minutes of services down where there are no users."""
    if len(ground.audience.group_count):
        return swept.figures[:, LOST]
    return swept.down_ms / 60_000


def is_never(swept: Swept, ends: Ends) -> NDArray[np.bool_]:
    """Tell in which runs there is a loss that has no end: some service is not whole when nothing can change any more."""
    stays: NDArray[np.bool_] = (swept.restored_ms < 0) & (swept.n_down + swept.n_degraded > 0)
    return stays if ends.horizon_ms is None else np.zeros_like(stays)


def _sweep_pairs(
    ground: Ground, cases: Sequence[Case], first: Ints, second: Ints, ends: Ends, workers: Workers, tell: Tell | None
) -> Swept:
    loader = loader_of([(cases[a], cases[b]) for a, b in zip(first.tolist(), second.tolist(), strict=True)])
    swept = empty_swept(len(first))
    done = 0
    for numbers, block in blocks_of(ground, loader, ends, workers):
        place(swept, numbers, reduce_block(block, ground, np.full(len(numbers), -1, np.int64)))
        done += len(numbers)
        if tell is not None:
            tell(done, len(first))
    return swept


def candidates(ground: Ground, cases: Sequence[Case], touched: Sequence[Ints], most: int = MOST_PAIRS) -> Candidates:
    """Return the pairs that meet, those that meet in narrow places first.

    Parameters
    ----------
    ground, cases
        The system and its single failures.
    touched
        The cases that touch each component.
    most
        How many to return at most.
    """
    meetings = sorted(_meetings(ground, cases, touched), key=lambda each: len(each[0]) * len(each[1]))
    n = len(cases)
    seen = _Table(n) if n <= _WIDEST_TABLE else _Keys(n)
    within = _within(cases)
    seen.add(within // max(1, n), within % max(1, n))
    found: list[Ints] = []
    left = most
    for first, second in _pieces(meetings):
        if len(new := seen.add(first, second)) > left:
            return _decoded(np.concatenate([*found, new[:left]]), n, is_complete=False)
        found.append(new)
        left -= len(new)
    return _decoded(np.concatenate([_NOBODY, *found]), n, is_complete=True)


def _pieces(meetings: Sequence[tuple[Ints, Ints]]) -> Iterator[tuple[Ints, Ints]]:
    """Return each of the first beside each of the second, in pieces, so that no place, however wide, fills the memory."""
    for first, second in meetings:
        step = max(1, _PIECE // max(1, len(second)))
        for start in range(0, len(first), step):
            part = first[start : start + step]
            yield np.repeat(part, len(second)), np.tile(second, len(part))


class _Table:
    """Which pairs were seen: a table of all of them, for up to `_WIDEST_TABLE` cases."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._is_seen = np.eye(n, dtype=bool).ravel()

    def add(self, first: Ints, second: Ints) -> Ints:
        """Add pairs; return the keys of those that are new, in order."""
        keys = np.minimum(first, second) * self._n + np.maximum(first, second)
        new = np.unique(keys[~self._is_seen[keys]])
        self._is_seen[new] = True
        return new


class _Keys:
    """Which pairs were seen: their keys, in order, for any number of cases."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._seen = _NOBODY

    def add(self, first: Ints, second: Ints) -> Ints:
        """Add pairs; return the keys of those that are new, in order."""
        keys = (np.minimum(first, second) * self._n + np.maximum(first, second))[first != second]
        new = np.setdiff1d(keys, self._seen)
        if len(new):
            self._seen = np.union1d(self._seen, new)
        return new


def _decoded(keys: Ints, n: int, is_complete: bool) -> Candidates:
    return Candidates(keys // max(1, n), keys % max(1, n), is_complete)


def _meetings(ground: Ground, cases: Sequence[Case], touched: Sequence[Ints]) -> Iterator[tuple[Ints, Ints]]:
    """Return where cases meet: each of the first with each of the second."""
    yield from _at_needs(ground, cases, touched)
    yield from _at_crews(ground, cases)
    system, audience = ground.compiled, ground.audience
    for component, share in enumerate(system.catch_up_share):
        if share > 0 and len(touched[component]) > 1:
            yield touched[component], touched[component]
    for workaround, service in enumerate(audience.workaround_service):
        of_service = touched[audience.service_component[service]]
        of_workaround = touched[audience.workaround_component[workaround]]
        if len(of_service):
            yield of_service, np.union1d(of_service, of_workaround)


def _at_needs(ground: Ground, cases: Sequence[Case], touched: Sequence[Ints]) -> Iterator[tuple[Ints, Ints]]:
    system = ground.compiled
    jobs = _jobs(cases, len(system.crew))
    for need, form in enumerate(system.need_form):
        slots = range(system.slot_from[need], system.slot_from[need + 1])
        members = [touched[system.slot_component[slot]] for slot in slots]
        members = [each for each in members if len(each)]
        if not members:
            continue
        owner, purpose = system.need_component[need], system.need_purpose[need]
        if purpose in (START, REPAIR):
            with_owner = touched[owner] if purpose == START else jobs[owner]
            if len(with_owner):
                yield with_owner, np.unique(np.concatenate(members))
        elif form == GROUP or system.need_full[need] > 0:
            together = np.unique(np.concatenate(members))
            yield together, together
        elif form == POOL or system.need_k[need] < len(slots):
            # Each with the members behind it: once for each pair of members.
            for i, each in enumerate(members[:-1]):
                yield each, np.unique(np.concatenate(members[i + 1 :]))


def _jobs(cases: Sequence[Case], n: int) -> list[Ints]:
    """Return the cases with a repair job on each component."""
    found: list[list[int]] = [[] for _ in range(n)]
    for number, case in enumerate(cases):
        for failure in case.failures:
            if failure.kind == JOB:
                found[failure.component].append(number)
    return [np.unique(np.array(each, np.int64)) if each else _NOBODY for each in found]


def _at_crews(ground: Ground, cases: Sequence[Case]) -> Iterator[tuple[Ints, Ints]]:
    """Return the cases that have more jobs for a crew, together, than it can work on at a time."""
    jobs: list[dict[int, int]] = [{} for _ in ground.compiled.crew_size]
    for number, case in enumerate(cases):
        for failure in case.failures:
            crew = ground.compiled.crew[failure.component]
            if failure.kind == JOB and crew >= 0:
                jobs[crew][number] = jobs[crew].get(number, 0) + 1
    for crew, mine in enumerate(jobs):
        has_backlog = ground.compiled.backlog_from[crew] < ground.compiled.backlog_from[crew + 1]
        size = 1 if has_backlog else ground.compiled.crew_size[crew]
        by_count: dict[int, list[int]] = {}
        for number, count in mine.items():
            by_count.setdefault(count, []).append(number)
        for few, of_few in by_count.items():
            for many, of_many in by_count.items():
                if few <= many and few + many > size:
                    yield np.array(of_few, np.int64), np.array(of_many, np.int64)


def _within(cases: Sequence[Case]) -> Ints:
    """Return the keys of the pairs of a component and a common cause that strikes it: both are the cause alone."""
    number = {case.failures[0].component: i for i, case in enumerate(cases) if not case.is_cause}
    found = [
        min(number[failure.component], cause) * len(cases) + max(number[failure.component], cause)
        for cause, case in enumerate(cases)
        if case.is_cause
        for failure in case.failures
        if failure.component in number
    ]
    return np.array(found, np.int64)


def _count_possible(cases: Sequence[Case]) -> int:
    return len(cases) * (len(cases) - 1) // 2 - len(_within(cases))
