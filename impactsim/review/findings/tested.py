"""Which tests there are of a service, a standby or a copy, up to the day of the review."""

from __future__ import annotations

from collections.abc import Iterable

from impactsim.review.facts import LastTest
from impactsim.review.findings.ages import age_days
from impactsim.review.findings.ground import Ground


def tests_of(ground: Ground, component: str) -> tuple[LastTest, ...]:
    """Return the tests of a component that the plan knows, the oldest first; of one day, in the order of the plan.

    What is dated after the day of the review has not happened yet, and is left out.
    """
    found = [
        LastTest(
            component,
            test.type,
            test.date,
            test.measured,
            test.passed,
            age_days(test.date, ground.as_of),
            test.measured_rpo,
        )
        for test in ground.plan.tests
        if test.of == component and test.date <= ground.as_of
    ]
    return _in_time(found)


def tests_of_copy(ground: Ground, data: str, place: int) -> tuple[LastTest, ...]:
    """Return the tests of a copy, the oldest first: those of its data, and the restore test of which the system knows the day.

    Parameters
    ----------
    ground
        Plan and system.
    data
        Id of the data.
    place
        Place of the copy among the copies of the data, from 0.
    """
    day = ground.system.components[data].copies[place].tested
    restored = [] if day is None or day > ground.as_of else [day]
    own = [LastTest(data, "parallel", day, "unknown", None, age_days(day, ground.as_of)) for day in restored]
    return _in_time([*own, *tests_of(ground, data)])


def last_of(tests: Iterable[LastTest]) -> LastTest | None:
    """Return the last of some tests; None if there is none."""
    return next(iter(sorted(tests, key=lambda test: test.date)[-1:]), None)


def _in_time(tests: Iterable[LastTest]) -> tuple[LastTest, ...]:
    return tuple(sorted(tests, key=lambda test: test.date))
