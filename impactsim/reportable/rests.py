"""What an assessment rests on: the services that were looked at and lost something in any trial."""

from __future__ import annotations

from collections.abc import Mapping

from impactsim.engine.reach import reach_of_plan
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.rests.footing import Below, Footing, hit_by
from impactsim.rests.shares import Rests
from impactsim.trials.courses import Course, Courses
from impactsim.trials.jobs import Prepared

_ALMOST_NOTHING = 1e-9  # no level lies between it and 0


def rests_of_courses(
    system: System, scenario: Scenario, prepared: Prepared, courses: Courses, numbers: Mapping[str, int]
) -> Rests | None:
    """Say what an assessment rests on.

    Parameters
    ----------
    system
        The system with the scenario's changes.
    scenario
        The scenario.
    prepared
        The job of its trials.
    courses
        What the trials left of the services.
    numbers
        Numbers of the services, by id.

    Returns
    -------
    Rests
        None where all of the system is declared, or no service lost anything. Only services were followed: of all else whatever the
        scenario can reach counts as affected.
    """
    footing = Footing(system)
    if footing.is_declared:
        return None
    ids = prepared.names.components
    reach = {ids[each] for each in reach_of_plan(prepared.job.compiled, prepared.job.plan) if each < len(ids)}
    lost = {
        name: _below(courses.components[number], courses)
        for name, number in numbers.items()
        if (courses.components[number].level < 1.0).any()
    }
    others = {name: Below(1.0, 0.0, was_down=True) for name in reach - numbers.keys()}
    return footing.worth_telling(footing.rests(hit_by(system, scenario), others | lost, lost))


def _below(course: Course, courses: Courses) -> Below:
    """Return the mean times at level 0 and above it."""
    down_ms = float(course.below(_ALMOST_NOTHING, courses.end_ms)[0].mean())
    degraded_ms = float(course.below(1.0, courses.end_ms)[0].mean()) - down_ms
    return Below(down_ms, degraded_ms, bool((course.level < _ALMOST_NOTHING).any()))
