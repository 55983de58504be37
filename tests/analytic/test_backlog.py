"""Repairs behind jobs of others (S5.5.1): queues of which the answer is known in closed form."""

from __future__ import annotations

import math
from typing import Any

import pytest

import impactsim
from impactsim.reports.facts import Facts
from impactsim.reports.sampled.facts import SampledFacts

HOUR_MS = 3_600_000
N = 20_000


def system(members: int, jobs: int, each: Any, **line: Any) -> dict[str, Any]:
    """Return a line that a crew of others repairs within an hour."""
    crew = {"members": members, "operator": "Telco", "backlog": {"jobs": jobs, "each": each}}
    component = {"kind": "provider", "crew": "telco", "time_to_restore": "1h", **line}
    return {"impactsim": 1, "name": "Storm", "crews": {"telco": crew}, "components": {"line": component}}


def run(words: dict[str, Any], trials: int | None = None, at: str = "0s", seed: int = 1) -> Any:
    scenario = {"impactsim": 1, "name": "Cut", "system": words, "events": [{"fail": "line", "at": at}], "seed": seed}
    result = impactsim.run(scenario, trials=trials, workers=None if trials is None else 1)
    assert isinstance(result.facts, Facts | SampledFacts)
    return result.facts


def began_h(words: dict[str, Any], at: str = "0s") -> float:
    """Return when the repair of the line began, in hours; its crew is still there at its end."""
    (repair,) = run(words, at=at).repairs
    return repair.phases[-1].from_ms / HOUR_MS


def assert_wait(words: dict[str, Any], mean_h: float, deviation_h: float) -> None:
    """Hold the mean time down, less the hour of work, against that of the wait, within 4 standard errors."""
    down = run(words, trials=N).components["line"].down_ms
    assert abs(down.mean / HOUR_MS - 1 - mean_h) <= 4 * deviation_h / math.sqrt(N)


@pytest.mark.parametrize("jobs", [1, 2, 17, 500])
def test_one_member_comes_after_as_many_jobs_as_there_are(jobs: int) -> None:
    assert began_h(system(1, jobs, "2h")) == 2 * jobs


@pytest.mark.parametrize(("members", "jobs"), [(2, 1), (2, 2), (2, 3), (8, 120), (8, 127), (200, 120), (7, 10_000)])
def test_more_members_come_after_as_many_whole_rounds(members: int, jobs: int) -> None:
    assert began_h(system(members, jobs, "2h")) == 2 * (jobs // members)


@pytest.mark.parametrize(("at", "expected"), [("0s", 0), ("30m", 2), ("2h", 2), ("3h", 4), ("5h", 6), ("7h", 7)])
def test_a_priority_waits_for_the_job_in_hand_at_most(at: str, expected: int) -> None:
    assert began_h(system(1, 3, "2h", priority=1), at) == expected


def test_the_wait_for_one_member_is_the_sum_of_that_many_draws() -> None:
    assert_wait(system(1, 12, {"low": "1h", "high": "3h"}), 24, math.sqrt(12 * 4 / 12))


@pytest.mark.parametrize(("members", "jobs"), [(1, 5), (3, 3), (4, 30), (4, 3)])
def test_the_wait_behind_exponential_jobs_is_erlang(members: int, jobs: int) -> None:
    # A member is free for us once all but members - 1 of the jobs are done; while all are busy one is done every 2h / members.
    ends = max(0, jobs - members + 1)
    assert_wait(system(members, jobs, {"mean": "2h"}), ends * 2 / members, math.sqrt(ends) * 2 / members)


def test_a_priority_waits_for_the_first_of_the_jobs_in_hand() -> None:
    words = system(4, 30, {"mean": "2h"}, priority=1)
    words["components"]["other"] = {}
    scenario = {"impactsim": 1, "name": "Cut", "system": words, "events": [{"fail": "line", "at": "1h"}], "seed": 3}
    down = impactsim.run(scenario, trials=N, workers=1).facts.components["line"].down_ms
    # Without memory: the time until the first of four is done is exponential, whenever the line is cut.
    assert abs(down.mean / HOUR_MS - 1 - 2 / 4) <= 4 * (2 / 4) / math.sqrt(N)
