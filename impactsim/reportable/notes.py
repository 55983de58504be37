"""What the figures of an assessment rest on, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.quantities import about_share
from impactsim.reportable.groups import Group, within
from impactsim.reportable.judge import Given, Judged
from impactsim.reportable.losses import HIGH, LOW, Measures
from impactsim.reportable.rules import Regime
from impactsim.trials.courses import Courses

_FEW = 6


def notes_of(
    system: System,
    scenario: Scenario,
    services: Sequence[str],
    courses: Courses,
    measures: Measures,
    is_certain: bool,
) -> tuple[str, ...]:
    """Return what all figures rest on.

    Parameters
    ----------
    system, scenario
        What was run.
    services
        Ids of the services that were looked at.
    courses
        What the trials left of them.
    measures
        What was worked out, of all users.
    is_certain
        Whether one run says all.
    """
    found = []
    if is_certain:
        found.append(
            "Nothing is uncertain in this scenario, so that one run says all, and a probability is 0% or 100%."
        )
    if measures.has_users:
        found.append("All who use a service count as its users, at any hour, and whatever workaround they have.")
    if (measures.together.people[LOW] < measures.together.people[HIGH]).any():
        found.append(
            "Where a service is degraded, or several are lost, only bounds of the users affected are known: at least the share"
            " that cannot be served, at most all who use them; the probabilities of both stand beside the estimate."
        )
    if any(system.components[name].users is not None for name in services):
        found.append("Of users who are known as a count per service only, the upper bound of several services counts.")
    found += _of_services(system, services)
    found += _of_the_end(scenario, services, courses, measures)
    return tuple(found)


def notes_of_flags(flags: Sequence[str], regimes: Sequence[Regime]) -> list[str]:
    """Return which flags change nothing, because none of some regimes asks for them."""
    asked_for = {flag for regime in regimes for flag in regime.flags}
    unasked = sorted(set(flags) - asked_for)
    return [f"None of these regimes asks for {' or '.join(unasked)}: it changes nothing here."] if unasked else []


def notes_of_regime(
    judged: Judged, groups: Sequence[Group], measures: Measures, given: Given, system: System, scenario: Scenario
) -> tuple[str, ...]:
    """Return what to know about the figures of one regime, and then about the regime.

    Parameters
    ----------
    judged
        What became of its rules.
    groups
        All users, of any region.
    measures
        What was held against its rules.
    given
        What people say.
    system, scenario
        What was run.
    """
    regime = judged.regime
    found = []
    if judged.is_planned:
        found.append("Planned maintenance never counts here.")
    found += _of_region(regime, groups) + _of_turnover(regime, given)
    if regime.status:
        found.append(f"{regime.status[0].upper()}{regime.status[1:]}.")
    metrics = {rule.metric for rule in regime.rules}
    if "unavailable-in-all" in metrics:
        found.append("Time unavailable in a week is that of the whole run.")
    if "member-states" in metrics and not measures.has_countries:
        found.append("No segment of users has a country, so that nobody can tell which Member States are hit.")
    silent = [name for name in measures.services if system.components[name].critical is None]
    if silent and any(rule.metric == "critical" for rule in regime.rules):
        found.append(f"Counted as critical, because the system does not say: {_names(system, silent)}.")
    return tuple(found + _of_dates(regime, scenario) + list(regime.notes))


def _of_region(regime: Regime, groups: Sequence[Group]) -> list[str]:
    """Return who was counted although nobody says that they are in the region of a regime."""
    inside = within(groups, regime.region)
    if regime.region is None or not groups:
        return []
    if not inside:
        return [f"No user is known to be in {regime.region}: everybody was counted."]
    if any(groups[i].country is None for i in inside):
        return [f"Users without a country were counted as if they were in {regime.region}."]
    return []


def _of_turnover(regime: Regime, given: Given) -> list[str]:
    """Return that a limit may be lower than the one that was taken."""
    shares = [rule.turnover for rule in regime.rules if rule.turnover is not None]
    if not shares or given.cost_per_user_minute is None or given.turnover is not None:
        return []
    return [f"No turnover was given (--turnover): {shares[0]:g}% of it may be a lower limit of the loss."]


def _of_dates(regime: Regime, scenario: Scenario) -> list[str]:
    if scenario.starts is None:
        return [f"It applied until {regime.valid_to}."] if regime.valid_to is not None else []
    day = scenario.starts.date()
    if regime.valid_from is not None and day < regime.valid_from:
        return [f"It applies from {regime.valid_from} on, after the start of this scenario."]
    if regime.valid_to is not None and day > regime.valid_to:
        return [f"It applied until {regime.valid_to}, before the start of this scenario."]
    return []


def _of_services(system: System, services: Sequence[str]) -> list[str]:
    used = {name for segment in system.users.values() for name in segment.uses}
    unused = [name for name in services if name not in used and system.components[name].users is None]
    return [f"Nobody is known to use {_names(system, unused)}: only time is measured there."] if unused else []


def _of_the_end(scenario: Scenario, services: Sequence[str], courses: Courses, measures: Measures) -> list[str]:
    if not len(measures.together.trial):
        return ["No service loses anything in any trial."] if services else ["The system has no service."]
    end_ms = courses.end_ms[measures.together.trial].astype(np.float64)
    is_open = measures.together.to_ms >= end_ms if scenario.horizon is not None else np.isinf(measures.together.to_ms)
    share = len(np.unique(measures.together.trial[is_open])) / courses.n
    if not share:
        return []
    of_trials = "not all is restored" if share == 1.0 else f"in {about_share(share)} of the trials not all is restored"
    if scenario.horizon is not None:
        return [f"By the horizon {of_trials}: times and user-minutes count up to it, and may become more."]
    return [f"{of_trials[0].upper()}{of_trials[1:]}, for nothing ends it: such an outage counts as endless."]


def _names(system: System, ids: Sequence[str]) -> str:
    names = [system.components[each].name or each for each in ids]
    return ", ".join(names) if len(names) <= _FEW + 1 else f"{', '.join(names[:_FEW])} and {len(names) - _FEW} more"
