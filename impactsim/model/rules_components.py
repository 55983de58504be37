"""Options of components and common causes that contradict one another, or do not belong to their kind."""

from __future__ import annotations

import math
from collections.abc import Iterator

from impactsim.laws import Law
from impactsim.model.rules_lookup import Lookup, error, warning
from impactsim.model.system import KINDS, Fails
from impactsim.problems import Path, Problem
from impactsim.quantities import format_duration, shown


def copies_of_no_data(lookup: Lookup) -> list[Problem]:
    """Find copies of what holds no data; what a kind of the author's own holds, only the author knows."""
    return [
        error(
            "copies-of-no-data",
            ("components", owner, "copies"),
            f"only data has copies, and the kind of this is {component.kind}",
            "give it the kind data, or move the copies to the data that it needs",
        )
        for owner, component in lookup.with_options
        if component.copies and component.kind in KINDS and component.kind != "data"
    ]


def copy_at_itself(lookup: Lookup) -> list[Problem]:
    """Find copies that lie on the data itself, and are destroyed with it (S5.6)."""
    return [
        error(
            "copy-at-itself",
            ("components", owner, "copies", place, "at"),
            "this copy is lost with the data",
            "name another place",
        )
        for owner, component in lookup.with_options
        for place, copy in enumerate(component.copies)
        if copy.at == owner
    ]


def workarounds_of_no_service(lookup: Lookup) -> list[Problem]:
    """Find workarounds of what is no service."""
    return [
        error(
            "workaround-of-no-service",
            ("components", owner, "workarounds"),
            f"only services have workarounds, and the kind of this is {component.kind}",
            "move them to the service that needs it",
        )
        for owner, component in lookup.with_options
        if component.workarounds and component.kind != "service"
    ]


def idle_workaround(lookup: Lookup) -> list[Problem]:
    """Find workarounds that make up for nothing."""
    return [
        warning(
            "covers-nothing",
            ("components", owner, "workarounds", place, "covers"),
            "this makes up for nothing",
            "leave it out",
        )
        for owner, component in lookup.with_options
        for place, workaround in enumerate(component.workarounds)
        if workaround.covers == 0
    ]


def catch_up_without_end(lookup: Lookup) -> list[Problem]:
    """Find components that would serve nothing while they catch up, and so never count as back."""
    return [
        error(
            "catch-up-zero",
            ("components", owner, "catch_up", "level"),
            "at level 0 it would be down while it catches up, and add that to what it has to catch up with",
            "give a level above 0, or use restart",
        )
        for owner, component in lookup.with_options
        if component.catch_up is not None and component.catch_up.level == 0 and component.catch_up.share > 0
    ]


def idle_catch_up(lookup: Lookup) -> list[Problem]:
    """Find catch-ups without effect."""
    return [
        warning("catch-up-nothing", ("components", owner, "catch_up"), "this catch-up has no effect", "leave it out")
        for owner, component in lookup.with_options
        if component.catch_up is not None and (component.catch_up.level == 1 or component.catch_up.share == 0)
    ]


def rate_or_probability(lookup: Lookup) -> list[Problem]:
    """Find `fails` with both a rate and a probability, or with neither."""
    found = []
    for path, fails, _ in _failing(lookup):
        if fails.per_year is not None and fails.probability is not None:
            found.append(
                error("fails-both", path, "a rate and a probability contradict each other", "keep one of them")
            )
        elif fails.per_year is None and fails.probability is None:
            found.append(error("fails-neither", path, "it is not said how often", "give per_year or probability"))
    return found


def rate_without_restore(lookup: Lookup) -> list[Problem]:
    """Find rates from which no probability follows, since nothing says for how long each time."""
    found = []
    for path, fails, restore in _failing(lookup):
        if not fails.per_year or fails.probability is not None:
            continue
        if restore is None:
            fault = "from a rate alone no probability follows"
            found.append(warning("rate-without-restore", path, fault, "add a time_to_restore, or give a probability"))
        elif math.isinf(restore.mean()):
            place = (*path[:-1], "time_to_restore")
            fault = "the mean of this law is infinite, so that with the rate the component would always be down"
            found.append(warning("infinite-mean", place, fault, "give a shape above 1, or a probability under fails"))
    return found


def priority_without_crew(lookup: Lookup) -> list[Problem]:
    """Find priorities that order nothing."""
    return [
        warning(
            "priority-without-crew", ("components", owner, "priority"), "only a crew has priorities", "name its crew"
        )
        for owner, component in lookup.with_options
        if component.priority != 0 and component.crew is None
    ]


def provider_with_crew_of_ours(lookup: Lookup) -> list[Problem]:
    """Find providers that a crew of ours repairs: how long a third party takes is for its own people."""
    crews = lookup.system.crews
    return [
        warning(
            "provider-with-own-crew",
            ("components", owner, "crew"),
            f"{shown(component.crew)} has no operator, so it is a crew of ours, and a provider is restored by its own people",
            "name whose people they are with `operator` at the crew, or leave out the crew",
        )
        for owner, component in lookup.with_options
        if component.kind == "provider" and component.crew in crews and crews[component.crew].operator is None
    ]


def targets_in_conflict(lookup: Lookup) -> list[Problem]:
    """Find recovery objectives that promise more time than the business can bear."""
    found = []
    for owner, component in lookup.with_options:
        targets = component.targets
        if targets is not None and targets.rto is not None and targets.mtpd is not None and targets.rto > targets.mtpd:
            fault = f"the rto of {format_duration(targets.rto)} is above the mtpd of {format_duration(targets.mtpd)}"
            path = ("components", owner, "targets", "rto")
            found.append(
                warning("rto-above-mtpd", path, fault, "recovery must come before the disruption is intolerable")
            )
    return found


def idle_strike(lookup: Lookup) -> list[Problem]:
    """Find components that a common cause never strikes."""
    return [
        warning(
            "strikes-nothing",
            ("common_causes", name, "strikes", struck),
            f"{shown(struck)} is never struck",
            "leave it out",
        )
        for name, cause in lookup.system.common_causes.items()
        for struck, probability in cause.strikes.items()
        if probability == 0
    ]


def _failing(lookup: Lookup) -> Iterator[tuple[Path, Fails, Law | None]]:
    """Yield each `fails` with its place and the time to restore that goes with it."""
    for owner, component in lookup.with_options:
        if component.fails is not None:
            yield ("components", owner, "fails"), component.fails, component.time_to_restore
    for name, cause in lookup.system.common_causes.items():
        if cause.fails is not None:
            own = (lookup.components[struck].time_to_restore for struck in cause.strikes if struck in lookup.components)
            restore = cause.time_to_restore or next((law for law in own if law is not None), None)
            yield ("common_causes", name, "fails"), cause.fails, restore


RULES = (
    copies_of_no_data,
    copy_at_itself,
    workarounds_of_no_service,
    idle_workaround,
    catch_up_without_end,
    idle_catch_up,
    rate_or_probability,
    rate_without_restore,
    priority_without_crew,
    provider_with_crew_of_ours,
    targets_in_conflict,
    idle_strike,
)
