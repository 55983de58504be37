"""Needs that contradict themselves, and options that have no effect."""

from __future__ import annotations

from impactsim.model.rules_lookup import Lookup, PlacedNeed, error, warning
from impactsim.model.system import AnyOf, AtLeast, Member, Pool
from impactsim.problems import Problem
from impactsim.quantities import about_duration, format_share


def quorum_above_size(lookup: Lookup) -> list[Problem]:
    """Find quorums that need more components than there are."""
    return [
        error("k-above-n", placed.path, f"at_least {need.at_least} of only {len(need.of)}", "it could never be met")
        for placed in lookup.groups
        if isinstance(need := placed.need, AtLeast) and need.at_least > len(need.of)
    ]


def pool_below_demand(lookup: Lookup) -> list[Problem]:
    """Find pools that cannot carry their demand in full health."""
    found = []
    for placed in lookup.groups:
        need = placed.need
        if isinstance(need, Pool) and (capacity := sum(need.pool.values())) < need.demand * (1 - 1e-9):
            fault = f"a capacity of {capacity:g} in all cannot carry a demand of {need.demand:g}"
            found.append(
                error("pool-too-small", placed.path, fault, "check the capacities, and that all are in one unit")
            )
    return found


def idle_pool_member(lookup: Lookup) -> list[Problem]:
    """Find members of a pool without capacity."""
    return [
        warning("no-capacity", (*placed.path, "pool", member), "this member carries nothing", "give it a capacity")
        for placed in lookup.groups
        if isinstance(placed.need, Pool)
        for member, capacity in placed.need.pool.items()
        if capacity == 0
    ]


def soft_need_that_stops(lookup: Lookup) -> list[Problem]:
    """Find soft needs with a purpose other than to run (S3.6)."""
    return [
        error(
            "soft-purpose",
            (*placed.path, "to"),
            f"a need with an impact of {format_share(need.impact)} is soft, and soft needs are only there to run",
            f"leave out `to: {need.to}`, or the impact",
        )
        for placed in lookup.needs_with_options
        if (need := placed.need).impact < 1 and need.to not in {None, "run"}
    ]


def need_without_impact(lookup: Lookup) -> list[Problem]:
    """Find needs whose loss changes nothing; what an import keeps so, until somebody knows more, is meant."""
    return [
        warning("no-impact", (*placed.path, "impact"), "the loss of this need changes nothing", "leave the need out")
        for placed in lookup.needs_with_options
        if placed.need.impact == 0 and not placed.need.origin
    ]


def recharge_of_nothing(lookup: Lookup) -> list[Problem]:
    """Find recharge times without a holdover."""
    return [
        warning(
            "recharge-without-holdover", (*placed.path, "recharge"), "nothing is there to recharge", "add a holdover"
        )
        for placed in lookup.needs_with_options
        if placed.need.recharge is not None and placed.need.holdover is None
    ]


def purpose_in_workaround(lookup: Lookup) -> list[Problem]:
    """Find needs of workarounds that say what they are for."""
    return [
        warning("workaround-purpose", (*placed.path, "to"), "the need of a workaround is there to run", "leave it out")
        for placed in lookup.needs_with_options
        if placed.workaround is not None and placed.need.to not in {None, "run"}
    ]


def failover_above_holdover(lookup: Lookup) -> list[Problem]:
    """Find standbys that take over only after the holdover meant to bridge the switch has run out."""
    found = []
    for placed, need in _standby_groups(lookup):
        if need.holdover is None:
            continue
        holdover = need.holdover.median()
        for place, member in enumerate(need.any_of[1:], start=1):
            failover = member.failover or need.failover
            if failover is not None and failover.median() > holdover:
                own = ("failover",) if member.failover is not None else ()
                fault = f"the switch to '{member.use}' takes {about_duration(failover.median())}, the holdover lasts {about_duration(holdover)}"
                remedy = "shorten the failover or lengthen the holdover, unless the gap is meant"
                found.append(
                    warning("failover-outlasts-holdover", (*placed.path, "any_of", place, *own), fault, remedy)
                )
    return found


def group_of_one(lookup: Lookup) -> list[Problem]:
    """Find standby groups without a standby."""
    return [
        warning(
            "no-standby",
            (*placed.path, "any_of"),
            "a group of one has no standby",
            "add one, or need the component itself",
        )
        for placed, need in _standby_groups(lookup)
        if len(need.any_of) == 1
    ]


def odd_first_member(lookup: Lookup) -> list[Problem]:
    """Find options of standbys at a first member, which is at hand from the start and never fresh again (S4)."""
    return [
        warning("odd-first-member", (*placed.path, "any_of", 0, key), fault, "it is an option of standbys")
        for placed, need in _standby_groups(lookup)
        for key, fault in _odd_options(need.any_of[0])
    ]


def _odd_options(first: Member) -> list[tuple[str, str]]:
    found = []
    if first.failover is not None:
        found.append(("failover", "there is no switch to the first member: it is always at hand"))
    if first.lasts is not None:
        found.append(("lasts", "once spent, a first member is never fresh again"))
    if first.fails_to_start > 0:
        found.append(("fails_to_start", "the first member need not start: it runs from the beginning"))
    return found


def _standby_groups(lookup: Lookup) -> list[tuple[PlacedNeed, AnyOf]]:
    return [(placed, placed.need) for placed in lookup.groups if isinstance(placed.need, AnyOf)]


RULES = (
    quorum_above_size,
    pool_below_demand,
    idle_pool_member,
    soft_need_that_stops,
    need_without_impact,
    recharge_of_nothing,
    purpose_in_workaround,
    failover_above_holdover,
    group_of_one,
    odd_first_member,
)
