"""The courses of components: what each trial's own history says, whoever runs the blocks and however they are cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from impactsim.engine.record import N_ENTRIES
from impactsim.files.reading import load_scenario
from impactsim.trials.blocks import Block, Job
from impactsim.trials.courses import NEVER_MS, Courses, follow
from impactsim.trials.jobs import Prepared, prepare
from impactsim.trials.replay import replay
from impactsim.trials.workers import Here, Local, Workers
from trials.shops import cut, shop

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = (
    "teaching-shop/9-how-bad-can-it-get.yaml",
    "teaching-shop/6-restart-deadlock.yaml",
    "iberia-2025/4-two-hundred-times.yaml",
)
N = 40

Steps = list[tuple[int, float]]


def of_file(name: str) -> Prepared:
    loaded = load_scenario(SCENARIOS / name)
    return prepare(loaded.system, loaded.scenario)


def endless() -> Prepared:
    """Return the job of a shop that nothing brings back in some trials: an outage that nobody ends, and another that ends."""
    events = [
        {"fail": "grid", "for": {"low": "1h", "high": "3h"}},
        {"fail": "isp", "at": "20m"},
        {"fail": "diesel", "at": "30m"},
    ]
    return shop(events=events)


CASES: dict[str, Callable[[], Prepared]] = {
    "shop": shop,
    "to a horizon": lambda: shop(horizon="1h"),
    "endless": endless,
    **{name: lambda name=name: of_file(name) for name in FILES},
}


def steps_of(job: Job, n: int) -> tuple[list[dict[int, Steps]], list[int]]:
    """Return each change of each component in each trial, by the driver that keeps the whole history; and when it ended."""
    found, ends = [], []
    for trial in range(n):
        history = replay(job, trial).history
        steps: dict[int, Steps] = {component: [] for component in range(len(job.minimum))}
        for i in range(history.record.used[N_ENTRIES]):
            component = history.record.component[i]
            if component in steps:
                steps[component].append((history.record.at_ms[i], history.record.level[i]))
        found.append(steps)
        ends.append(history.end_ms)
    return found, ends


def level_at(steps: Steps, at_ms: int) -> float:
    return ([1.0] + [level for since, level in steps if since <= at_ms])[-1]


def spans(steps: Steps, end_ms: int) -> Iterator[tuple[int, int, float]]:
    times = [0, *(since for since, _ in steps), end_ms]
    levels = [1.0, *(level for _, level in steps)]
    yield from zip(times[:-1], times[1:], levels, strict=True)


def below(steps: Steps, end_ms: int, threshold: float, from_ms: int) -> tuple[int, int]:
    """Return how long a component was below a level, in all and without a break, piece by piece."""
    total = longest = run = 0
    for since, until, level in spans(steps, end_ms):
        passed = max(0, until - max(since, from_ms))
        run = run + passed if level < threshold else 0
        total += passed if level < threshold else 0
        longest = max(longest, run)
    return total, longest


def back_ms(steps: Steps, minimum: float) -> int:
    """Return the first time from which on the level is never below a minimum."""
    if level_at(steps, 1 << 60) < minimum:
        return NEVER_MS
    lasts = [0, *(until for _, until, level in spans(steps, 1 << 60) if level < minimum)]
    return lasts[-1]


@pytest.mark.parametrize("case", CASES)
def test_courses_are_those_of_each_trial_alone(case: str) -> None:
    job = CASES[case]().job
    courses = follow(job, range(len(job.minimum)), N, Here(False))
    alone, ends = steps_of(job, N)
    assert courses.n == N
    assert courses.end_ms.tolist() == ends
    assert set(courses.components) == set(range(len(job.minimum)))
    assert any(steps for trial in alone for steps in trial.values())
    for component, course in courses.components.items():
        steps: list[Steps] = [[] for _ in range(N)]
        for trial, at_ms, level in zip(course.trial, course.at_ms, course.level, strict=True):
            steps[trial].append((int(at_ms), float(level)))
        assert steps == [trial[component] for trial in alone]


@pytest.mark.parametrize("case", CASES)
def test_what_is_asked_of_a_course_is_what_its_steps_say(case: str) -> None:
    job = CASES[case]().job
    courses = follow(job, range(len(job.minimum)), N, Here(False))
    alone, ends = steps_of(job, N)
    end_ms = np.array(ends)
    thirds = end_ms // 3
    for component, course in courses.components.items():
        mine = [trial[component] for trial in alone]
        assert course.least().tolist() == [min([1.0] + [level for _, level in steps]) for steps in mine]
        for at_ms in (0, 600_000, 3_600_000, 1 << 50):
            assert course.level_at(at_ms).tolist() == [level_at(steps, at_ms) for steps in mine]
        assert course.level_at(thirds).tolist() == [
            level_at(steps, int(at)) for steps, at in zip(mine, thirds, strict=True)
        ]
        for minimum in (1e-9, 0.5, 1.0):
            assert course.back_ms(minimum).tolist() == [back_ms(steps, minimum) for steps in mine]
            for from_ms in (0, 900_000):
                expected = [below(steps, end, minimum, from_ms) for steps, end in zip(mine, ends, strict=True)]
                total, longest = course.below(minimum, end_ms, from_ms)
                assert list(zip(total.tolist(), longest.tolist(), strict=True)) == expected


def test_a_course_of_an_outage_by_hand() -> None:
    # Down from 10 to 40 min, half of it until 55 min, whole until 60 min, and then down for good.
    minute = 60_000
    system = {
        "impactsim": 1,
        "name": "Shop",
        "components": {"line": {"kind": "connectivity"}, "shop": {"kind": "service", "needs": ["line"]}},
    }
    steps = [{"after": "30m", "to": "50%"}, {"after": "45m", "to": "100%"}]
    events = [{"fail": "line", "at": "10m", "then": steps}, {"fail": "line", "at": "60m"}]
    prepared = shop(system=system, events=events, horizon="90m")
    shop_number = prepared.names.index["shop"]
    course = follow(prepared.job, [shop_number], 3, Here(False)).components[shop_number]
    ends = np.full(3, 90 * minute)
    assert course.at_ms.tolist() == [10 * minute, 40 * minute, 55 * minute, 60 * minute] * 3
    assert course.level.tolist() == [0.0, 0.5, 1.0, 0.0] * 3
    assert [each.tolist() for each in course.below(1.0, ends)] == [[75 * minute] * 3, [45 * minute] * 3]
    assert [each.tolist() for each in course.below(1e-9, ends)] == [[60 * minute] * 3, [30 * minute] * 3]
    assert [each.tolist() for each in course.below(1.0, ends, 50 * minute)] == [[35 * minute] * 3, [30 * minute] * 3]
    assert course.back_ms().tolist() == [NEVER_MS] * 3
    assert course.level_at(40 * minute - 1).tolist() == [0.0] * 3
    assert course.level_at(np.array([0, 40 * minute, 58 * minute])).tolist() == [1.0, 0.5, 1.0]


def test_only_what_was_asked_for_is_followed_each_once_and_in_order() -> None:
    job = shop().job
    courses = follow(job, [4, 2, 4], 5, Here(False))
    assert list(courses.components) == [2, 4]
    assert follow(job, [], 5, Here(False)).components == {}


def test_what_was_never_hit_has_an_empty_course() -> None:
    prepared = shop(events=[{"fail": "isp", "for": "1m"}])
    billing = prepared.names.index["billing"]
    course = follow(prepared.job, [billing], 4, Here(False)).components[billing]
    assert len(course.trial) == 0
    assert course.level_at(60_000).tolist() == course.least().tolist() == [1.0] * 4
    assert course.back_ms().tolist() == [0] * 4


@contextmanager
def alone(is_compiled: bool) -> Iterator[Workers]:
    yield Here(is_compiled)


def who(n: int, is_compiled: bool) -> AbstractContextManager[Workers]:
    return alone(is_compiled) if n == 1 else Local(n, is_compiled, alone_s=0.0)


def all_bytes(courses: Courses) -> list[bytes]:
    arrays: list[NDArray[np.int64] | NDArray[np.float64]] = [
        courses.end_ms,
        courses.figures,
        courses.group_figures,
        courses.restored_ms,
    ]
    for each in courses.components.values():
        arrays += [each.trial, each.at_ms, each.level]
    return [array.tobytes() for array in arrays]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("is_compiled", [False, True])
def test_courses_do_not_depend_on_who_runs_the_blocks(workers: int, is_compiled: bool) -> None:
    if is_compiled:
        pytest.importorskip("numba")
    job = shop().job
    first = follow(job, range(len(job.minimum)), 120, Here(False))
    with who(workers, is_compiled) as pool:
        assert all_bytes(follow(job, range(len(job.minimum)), 120, pool)) == all_bytes(first)


class Sized:
    """Workers that run blocks of one size, whatever they are handed."""

    is_compiled = False

    def __init__(self, size: int) -> None:
        self.size = size
        self.notes: list[str] = []

    def blocks(self, job: Job, trials: Iterator[NDArray[np.int64]], n_trials: int | None = None) -> Iterator[Block]:
        n = sum(len(piece) for piece in trials)
        assert n == n_trials
        yield from Here(False).blocks(job, cut(n, self.size))


@pytest.mark.parametrize("size", [1, 7, 64, 200])
def test_courses_do_not_depend_on_the_size_of_blocks(size: int) -> None:
    job = shop().job
    first = follow(job, range(len(job.minimum)), 150, Here(False))
    assert all_bytes(follow(job, range(len(job.minimum)), 150, Sized(size))) == all_bytes(first)  # type: ignore[arg-type]


def test_following_changes_no_other_figure() -> None:
    prepared = shop()
    plain = list(Here(False).blocks(prepared.job, cut(60, 60)))
    followed = follow(prepared.job, [4], 60, Here(False))
    assert followed.figures.tobytes() == plain[0].figures.tobytes()
    assert followed.group_figures.tobytes() == plain[0].group_figures.tobytes()
    assert followed.restored_ms.tobytes() == plain[0].restored_ms.tobytes()


def test_progress_is_told_up_to_the_last_trial() -> None:
    job = replace(shop().job, keeps_groups=False)
    told: list[Sequence[int]] = []
    follow(job, [4], 90, Here(False), lambda done, n: told.append((done, n)))
    assert told[-1] == (90, 90)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
