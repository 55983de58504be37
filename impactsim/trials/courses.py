"""The courses of a few components over many trials: each change of level, trial by trial.

Distributions of times below full level are kept for all components in bounded memory (``gather.py``); what asks when somebody is
back, how deep and how long a loss was, or how things stood at a time, asks the courses of the services. They take 28 bytes for each
change.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from impactsim.trials.blocks import Block, Job
from impactsim.trials.sample import Cut, OnProgress
from impactsim.trials.workers import Workers

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NEVER_MS = np.iinfo(np.int64).max
"""When something is back that is not by the end of a run."""


@dataclass(frozen=True, slots=True)
class Course:
    """One component over many trials: its changes of level, trial by trial and in order of time.

    Before its first change in a trial its level is 1.
    """

    n: int
    """How many trials."""
    trial: Ints
    at_ms: Ints
    level: Floats

    def level_at(self, at_ms: int | Ints) -> Floats:
        """Return the level in each trial at a time (one for all, or one for each trial); shape (n,)."""
        found = np.ones(self.n)
        limit = at_ms[self.trial] if isinstance(at_ms, np.ndarray) else at_ms
        until = self.at_ms <= limit
        found[self.trial[until]] = self.level[until]  # of several the last one stays
        return found

    def back_ms(self, minimum: float = 1.0) -> Ints:
        """Return since when the level is `minimum` or more for good.

        Returns
        -------
        NDArray
            int64, shape (n,): 0 where it was never below, `NEVER_MS` where it is at the end.
        """
        since = np.zeros(self.n, np.int64)
        is_below = np.zeros(self.n, np.bool_)
        for trial, at_ms, level in zip(self.trial.tolist(), self.at_ms.tolist(), self.level.tolist(), strict=True):
            if level < minimum:
                is_below[trial] = True
            elif is_below[trial]:
                is_below[trial] = False
                since[trial] = at_ms
        since[is_below] = NEVER_MS
        return since

    def below(self, threshold: float, end_ms: Ints, from_ms: int | Ints = 0) -> tuple[Ints, Ints]:
        """Return how long in all, and how long without a break at most, the level was below a threshold in each trial.

        Parameters
        ----------
        threshold
            A level; to ask for 0 itself pass the smallest float above it, or 1e-9 (no level lies between).
        end_ms
            End of each trial, shape (n,).
        from_ms
            What was before is not counted: one time for all, or one for each trial, shape (n,).
        """
        total, longest = np.zeros(self.n, np.int64), np.zeros(self.n, np.int64)
        since = np.full(self.n, -1, np.int64)
        from_each = np.broadcast_to(np.asarray(from_ms, np.int64), (self.n,))

        def end(trial: int, at_ms: int) -> None:
            passed = at_ms - max(int(since[trial]), int(from_each[trial]))
            if passed > 0:
                total[trial] += passed
                longest[trial] = max(longest[trial], passed)
            since[trial] = -1

        for trial, at_ms, level in zip(self.trial.tolist(), self.at_ms.tolist(), self.level.tolist(), strict=True):
            if level < threshold and since[trial] < 0:
                since[trial] = at_ms
            elif level >= threshold and since[trial] >= 0:
                end(trial, at_ms)
        for trial in np.flatnonzero(since >= 0).tolist():
            end(trial, int(end_ms[trial]))
        return total, longest

    def least(self) -> Floats:
        """Return the lowest level in each trial, shape (n,)."""
        found = np.ones(self.n)
        np.minimum.at(found, self.trial, self.level)
        return found


@dataclass(frozen=True, slots=True)
class Courses:
    """What many trials left of the components that were followed. Axis: trial."""

    n: int
    end_ms: Ints
    """When each run ended."""
    figures: Floats
    """Users affected, peak, lost user-minutes from the job's ``from_ms`` on: low, estimate, high of each; shape (n, 9)."""
    group_figures: Floats
    """Affected, lost user-minutes, time out in ms of each group of users, three of each; shape (n, G, 9)."""
    restored_ms: Ints
    """When all services were whole again: 0 if they always were, -1 if not by the end."""
    components: dict[int, Course]
    """Of each component that was followed, by its number."""
    losses: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)
    """Of each component that was destroyed, by its number: trial and data loss in ms of each destruction; -1 where no copy was
    taken by the end, -2 where the data is lost for good."""


def follow(
    job: Job, components: Sequence[int], n: int, workers: Workers, on_progress: OnProgress | None = None
) -> Courses:
    """Run trials 0 to `n` - 1 of a job, and keep the courses of some components.

    Parameters
    ----------
    job
        What to run.
    components
        Numbers of the components to follow.
    n
        How many trials.
    workers
        Who runs them.
    on_progress
        Told after each block.
    """
    job = replace(job, followed=tuple(sorted(set(components))))
    cut, blocks = Cut(job), []
    done = 0
    with closing(workers.blocks(job, cut.pieces(0, n), n)) as found:
        for block in found:
            blocks.append(block)
            cut.learn(block)
            done += len(block.trials)
            if on_progress is not None:
                on_progress(done, n)
    return _courses(job, n, blocks)


def _courses(job: Job, n: int, blocks: Sequence[Block]) -> Courses:
    # Blocks come in the order of their trials.
    trial = np.concatenate([block.trials[block.change_trial] for block in blocks])
    component, at_ms, level = (
        np.concatenate([getattr(block, name) for block in blocks])
        for name in ("change_component", "change_at_ms", "change_level")
    )
    courses = {}
    for each in job.followed:
        mine = component == each
        courses[each] = Course(n, trial[mine], at_ms[mine], level[mine])
    figures, groups, ends, restored = (
        np.concatenate([getattr(block, name) for block in blocks])
        for name in ("figures", "group_figures", "end_ms", "restored_ms")
    )
    return Courses(n, ends, figures, groups, restored, courses, _losses(blocks))


def _losses(blocks: Sequence[Block]) -> dict[int, tuple[Ints, Ints]]:
    """Return the trial and the loss of each destruction, component by component."""
    trial = np.concatenate([block.trials[block.loss_trial] for block in blocks])
    component, loss_ms = (
        np.concatenate([getattr(block, name) for block in blocks]) for name in ("loss_component", "loss_ms")
    )
    return {int(each): (trial[component == each], loss_ms[component == each]) for each in np.unique(component)}
