"""What trials say of services and their users, as regulators count: who is affected, how badly, from when until when.

Theory of operation. A regulator asks for the users of a service that could not use it, wherever they are at that hour and
whatever they could do instead; so neither hours of activity nor workarounds count here, unlike in a run (S6.1, S6.3). Of a
service at level L at least the share 1 - L is affected, and that is the estimate; all who use it may be, for a degraded service
harms them too. How the losses of several services overlap is not known: low, estimate and high of a segment are those
of S6.2 and S6.5, with that upper bound of each service. Where counts leave no estimate, the upper bound stands for it.

All is kept as pieces: times within a trial in which nothing changes and somebody has lost something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from impactsim.model.system import System
from impactsim.reportable.groups import EU_MEMBERS, Group, users_of
from impactsim.reportable.losses import Floats, Losses, Measures, scan, until
from impactsim.reportable.together import together
from impactsim.trials.courses import Course, Courses


def measure(
    system: System,
    courses: Courses,
    numbers: Mapping[str, int],
    groups: Sequence[Group],
    audiences: Sequence[Sequence[int]],
    ends: bool,
) -> list[Measures]:
    """Work out what the rules can ask.

    Parameters
    ----------
    system
        The system that was run.
    courses
        What the trials left of its services.
    numbers
        Number of each service that counts.
    groups
        All users.
    audiences
        Of each region, which groups count.
    ends
        Whether somebody stopped looking at the end of the runs (a horizon). Otherwise what is not whole by then never will be.

    Returns
    -------
    list of Measures
        Of each audience.
    """
    end_ms = courses.end_ms.astype(np.float64) if ends else np.full(courses.n, np.inf)
    hit = {name: courses.components[number] for name, number in numbers.items()}
    hit = {name: course for name, course in hit.items() if (course.level < 1.0).any()}
    whole = together(hit, end_ms, groups, audiences)
    states = _member_states(hit, end_ms, groups)
    found = []
    for audience, losses in zip(audiences, whole, strict=True):
        mine = [groups[i] for i in audience]
        countries = sorted({each.country for each in mine if each.country in states and each.country is not None})
        found.append(
            Measures(
                n=courses.n,
                services={
                    name: _of_service(course, end_ms, users_of(mine, name, courses.n)) for name, course in hit.items()
                },
                critical=frozenset(name for name in numbers if system.components[name].critical is not False),
                together=losses,
                member_states={country: states[country] for country in countries},
                has_users=any(name in numbers for each in mine for name in each.uses),
                has_countries=any(each.country is not None for each in mine),
            )
        )
    return found


def _of_service(course: Course, end_ms: Floats, users: Floats) -> Losses:
    trial, from_ms = course.trial, course.at_ms.astype(np.float64)
    to_ms = until(trial, from_ms, end_ms)
    lost = course.level < 1.0
    all_users = users[trial]
    people = np.stack([all_users * (1.0 - course.level)] * 2 + [all_users])[:, lost]
    trial = trial[lost]
    return Losses(
        n=course.n,
        trial=trial,
        from_ms=from_ms[lost],
        to_ms=to_ms[lost],
        is_down=course.level[lost] == 0.0,
        people=people,
        reached=scan(np.maximum, people, trial),
        users=users,
    )


def _member_states(hit: Mapping[str, Course], end_ms: Floats, groups: Sequence[Group]) -> dict[str, Floats]:
    """Return when the users of each Member State first lose something: those of whom there are any."""
    found: dict[str, Floats] = {}
    for group in groups:
        if group.country not in EU_MEMBERS or group.country is None:
            continue
        first = found.setdefault(group.country, np.full(len(end_ms), np.inf))
        for name, share in group.uses.items():
            if name in hit:
                course = hit[name]
                lost = (course.level < 1.0) & (share[course.trial] * group.count[course.trial] > 0.0)
                np.minimum.at(first, course.trial[lost], course.at_ms[lost].astype(np.float64))
    return found
