"""Who uses what, with the numbers of people that each trial drew, and who of them counts in a region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from impactsim.luck import Sets
from impactsim.model.system import System
from impactsim.reportable.losses import Floats
from impactsim.trials.draws import Dealer
from impactsim.trials.jobs import Prepared

EU_MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
"""Member States of the European Union, as ISO 3166 writes them."""


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


def users_of(groups: Sequence[Group], service: str, n: int) -> Floats:
    """Return how many of some groups use a service, in each trial; shape (n,)."""
    users = np.zeros(n)
    for group in groups:
        if service in group.uses:
            users += group.uses[service] if group.is_population else group.uses[service] * group.count
    return users


def all_users(groups: Sequence[Group], audience: Sequence[int], n: int) -> Floats:
    """Return how many people some groups are, in each of `n` trials; of counts per service without a population, their sum."""
    users = np.zeros(n)
    for i in audience:
        group = groups[i]
        users += np.where(np.isinf(group.count), sum(group.uses.values(), np.zeros(n)), group.count)
    return users


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
