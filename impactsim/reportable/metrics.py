"""What trials say of services and their users, as regulators count: who is affected, how badly, from when until when.

Theory of operation. A regulator asks for the users of a service that could not use it, wherever they are at that hour and
whatever they could do instead; so neither hours of activity nor workarounds count here, unlike in a run (S6.1, S6.3). Of a
service at level L at least the share 1 - L is affected, and that is the estimate; all who use it may be, for a degraded service
harms them too. How the losses of several services overlap is not known: low, estimate and high of a segment are those
of S6.2 and S6.5, with that upper bound of each service. Where counts leave no estimate, the upper bound stands for it.

All is kept as pieces: times within a trial in which nothing changes and somebody has lost something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from impactsim.luck import Sets
from impactsim.model.system import System
from impactsim.trials.courses import Course, Courses
from impactsim.trials.draws import Dealer
from impactsim.trials.jobs import Prepared

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LOW, ESTIMATE, HIGH = 0, 1, 2
EU_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""Member States of the European Union, as ISO 3166 writes them."""

_MOST_CELLS = 2_000_000
"""Levels that are laid out at a time: what bounds the memory."""


@dataclass(frozen=True, slots=True)
class Losses:
    """What many trials lost of one service, or of all together: pieces, trial by trial and in order of time (R of them)."""

    n: int
    """How many trials."""
    trial: Ints
    """Trial of each piece; shape (R,)."""
    from_ms: Floats
    to_ms: Floats
    """Infinite where nothing ends it."""
    is_down: Bools
    """Whether nobody can use the service (any of them)."""
    people: Floats
    """People affected: low, estimate, high; shape (3, R)."""
    reached: Floats
    """People affected by then, each group with the most of it so far; shape (3, R)."""
    users: Floats
    """All who use it, in each trial; shape (n,)."""


@dataclass(frozen=True, slots=True)
class Measures:
    """All that the rules of a region can ask of some trials."""

    n: int
    services: Mapping[str, Losses]
    """Each service that lost anything in any trial."""
    critical: frozenset[str]
    """Services that support a critical or important function, as far as the system says."""
    together: Losses
    """All services together."""
    member_states: Mapping[str, Floats]
    """When the users of each Member State of the Union are first affected, in each trial; infinite if never."""
    has_users: bool
    """Whether anybody is known to use the services."""
    has_countries: bool
    """Whether it is known of any users where they live."""


@dataclass(frozen=True, slots=True)
class Group:
    """Users that do not overlap with those of other groups."""

    country: str | None
    count: Floats
    """How many they are, in each trial; infinite where only the counts of services are known."""
    uses: Mapping[str, Floats]
    """Share of them who use each service; of the population (S6.5), how many."""
    is_population: bool = False


def groups_of(system: System, prepared: Prepared, n: int) -> list[Group]:
    """Return who uses what, with the numbers that each trial draws.

    Parameters
    ----------
    system
        The system that was run.
    prepared
        The job of its trials.
    n
        How many trials; the first ones are meant.
    """
    audience, names = prepared.job.audience, prepared.audience_names
    counts: dict[int, Floats] = {}
    shares: dict[int, Floats] = {}
    for sets, place, values in _drawn(prepared, n):
        (counts if sets is Sets.COUNT else shares)[place] = values
    uses: list[dict[str, Floats]] = [{} for _ in names.groups]
    for use, (group, service) in enumerate(zip(audience.use_group, audience.use_service, strict=True)):
        uses[group][names.services[service]] = shares[use] if use in shares else _all(n, audience.use_share[use])
    found = []
    for i, name in enumerate(names.groups):
        known = audience.group_count[i]
        count = counts[i] if i in counts else _all(n, np.inf if known < 0 else known)
        found.append(Group(_country(system, name), count, uses[i], names.is_population(i)))
    return found


def within(groups: Sequence[Group], region: str | None) -> tuple[int, ...]:
    """Return the groups that count in a region: those who live there, and those of whom nobody says where.

    Parameters
    ----------
    groups
        All groups.
    region
        A country, ``EU``, or None for everywhere.

    Returns
    -------
    tuple of int
        Their places; empty if all are known to live elsewhere.
    """
    members = EU_MEMBERS if region == "EU" else {region}
    return tuple(
        i for i, each in enumerate(groups) if region is None or each.country is None or each.country in members
    )


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
    together = _together(hit, end_ms, groups, audiences)
    states = _member_states(hit, end_ms, groups)
    found = []
    for audience, losses in zip(audiences, together, strict=True):
        mine = [groups[i] for i in audience]
        countries = sorted({each.country for each in mine if each.country in states and each.country is not None})
        found.append(
            Measures(
                n=courses.n,
                services={
                    name: _of_service(course, end_ms, _users_of(mine, name, courses.n)) for name, course in hit.items()
                },
                critical=frozenset(name for name in numbers if system.components[name].critical is not False),
                together=losses,
                member_states={country: states[country] for country in countries},
                has_users=any(name in numbers for each in mine for name in each.uses),
                has_countries=any(each.country is not None for each in mine),
            )
        )
    return found


def scan(operation: np.ufunc, values: Floats, trial: Ints) -> Floats:
    """Return what an operation makes of each value with all before it in its trial.

    Parameters
    ----------
    operation
        Of two arrays, associative: `numpy.add` or `numpy.maximum`.
    values
        Shape (..., R).
    trial
        Trial of each, trial by trial; shape (R,).
    """
    found = values.copy()
    step, most = 1, int(np.bincount(trial).max(initial=0)) if len(trial) else 0
    while step < most:  # Hillis and Steele, 1986: each pass doubles how far back it looks; trials never mix
        is_same = trial[step:] == trial[:-step]
        longer = operation(found[..., step:], found[..., :-step])
        found[..., step:] = np.where(is_same, longer, found[..., step:])
        step *= 2
    return found


def _drawn(prepared: Prepared, n: int) -> Iterator[tuple[Sets, int, Floats]]:
    """Draw the uncertain numbers of people again: they depend on seed, name and trial alone (S9.1)."""
    luck = prepared.job.luck
    people = tuple(each for each in luck.quantities if each.sets in (Sets.COUNT, Sets.SHARE))
    only = replace(luck, quantities=people, restarts={}, holdovers_ms={}, copies_ms={})
    if people:
        drawn = Dealer(only, (), prepared.job.seed, 0).deal(np.arange(n, dtype=np.int64))
        values = drawn.set_figure.reshape(n, len(people))
        for i, each in enumerate(people):
            yield each.sets, each.place, values[:, i]


def _all(n: int, value: float) -> Floats:
    return np.broadcast_to(np.float64(value), (n,))


def _country(system: System, group: str) -> str | None:
    segment = system.users.get(group)
    return None if segment is None else segment.country


def _users_of(groups: Sequence[Group], service: str, n: int) -> Floats:
    users = np.zeros(n)
    for group in groups:
        if service in group.uses:
            users += group.uses[service] if group.is_population else group.uses[service] * group.count
    return users


def _of_service(course: Course, end_ms: Floats, users: Floats) -> Losses:
    trial, from_ms = course.trial, course.at_ms.astype(np.float64)
    to_ms = _until(trial, from_ms, end_ms)
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


def _until(trial: Ints, from_ms: Floats, end_ms: Floats) -> Floats:
    """Return when each piece ends: where the next of its trial begins, or with the run."""
    to_ms = end_ms[trial]
    goes_on = trial[1:] == trial[:-1]
    to_ms[:-1][goes_on] = from_ms[1:][goes_on]
    return to_ms


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


def _together(
    hit: Mapping[str, Course], end_ms: Floats, groups: Sequence[Group], audiences: Sequence[Sequence[int]]
) -> list[Losses]:
    n = len(end_ms)
    used = [replace(group, uses={name: share for name, share in group.uses.items() if name in hit}) for group in groups]
    pieces = [_pieces(part, end_ms, used, audiences) for part in _parts(hit, n)]
    columns = [np.concatenate(column, axis=-1) for column in zip(*pieces, strict=True)]
    trial, from_ms, to_ms, is_down, people, reached = columns
    return [
        Losses(
            n, trial, from_ms, to_ms, is_down.astype(np.bool_), people[i], reached[i], _all_users(groups, audience, n)
        )
        for i, audience in enumerate(audiences)
    ]


def _all_users(groups: Sequence[Group], audience: Sequence[int], n: int) -> Floats:
    users = np.zeros(n)
    for i in audience:
        group = groups[i]
        users += np.where(np.isinf(group.count), _sum(group.uses.values(), n), group.count)
    return users


def _sum(values: Iterable[Floats], n: int) -> Floats:
    total = np.zeros(n)
    for each in values:
        total = total + each
    return total


def _parts(hit: Mapping[str, Course], n: int) -> Iterator[dict[str, Course]]:
    """Cut the courses into runs of trials that are laid out at a time; at least one."""
    changes = sum((np.bincount(each.trial, minlength=n) for each in hit.values()), np.zeros(n, np.int64))
    cells = np.cumsum(changes * max(len(hit), 1)) // _MOST_CELLS
    first = 0
    for part in range(int(cells[-1]) + 1):
        after = int(np.searchsorted(cells, part, side="right"))
        yield {name: _trials(course, first, after) for name, course in hit.items()}
        first = after


def _trials(course: Course, first: int, after: int) -> Course:
    mine = slice(*np.searchsorted(course.trial, [first, after]).tolist())
    return Course(course.n, course.trial[mine], course.at_ms[mine], course.level[mine])


def _pieces(
    hit: Mapping[str, Course], end_ms: Floats, groups: Sequence[Group], audiences: Sequence[Sequence[int]]
) -> tuple[Ints, Floats, Floats, Bools, Floats, Floats]:
    """Return the pieces of all services together; people of each audience, shape (audiences, 3, pieces)."""
    trial, at_ms, levels = _laid_out(hit)
    to_ms = _until(trial, at_ms, end_ms)
    column = {name: levels[i] for i, name in enumerate(hit)}
    people = np.zeros((len(audiences), 3, len(trial)))
    reached = np.zeros((len(audiences), 3, len(trial)))
    for i, group in enumerate(groups):
        mine = [place for place, audience in enumerate(audiences) if i in audience]
        if mine and group.uses:
            affected = _people_of(group, trial, column)
            people[mine] += affected
            reached[mine] += scan(np.maximum, affected, trial)
    lost = (levels < 1.0).any(axis=0)
    is_down = (levels == 0.0).any(axis=0)
    return trial[lost], at_ms[lost], to_ms[lost], is_down[lost], people[..., lost], reached[..., lost]


def _laid_out(hit: Mapping[str, Course]) -> tuple[Ints, Floats, Floats]:
    """Return the times at which any course changes, and the level of each course (rows) from then on."""
    trial = np.concatenate([np.zeros(0, np.int64), *(each.trial for each in hit.values())])
    at_ms = np.concatenate([np.zeros(0, np.int64), *(each.at_ms for each in hit.values())])
    times, place = np.unique(at_ms, return_inverse=True)
    keys, where = np.unique(trial * max(len(times), 1) + place, return_inverse=True)
    trials = keys // max(len(times), 1)
    is_first = np.ones(len(keys), np.bool_)
    is_first[1:] = trials[1:] != trials[:-1]
    levels = np.ones((len(hit), len(keys)))
    begin = 0
    for row, course in enumerate(hit.values()):
        mine = where[begin : begin + len(course.trial)]
        begin += len(course.trial)
        is_known = is_first.copy()
        is_known[mine] = True
        levels[row, mine] = course.level
        levels[row] = levels[row][np.maximum.accumulate(np.where(is_known, np.arange(len(keys)), 0))]
    return trials, times[keys % max(len(times), 1)].astype(np.float64), levels


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
