"""The answer in a few lines: what is down, who is affected, for how long, and what does not come back.

Knows the facts of a run and words; the layout is each report's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from impactsim.engine.users import Range
from impactsim.quantities import about_duration
from impactsim.reports.facts import ComponentFacts, Facts, Reserve, Why
from impactsim.reports.words import (
    Times,
    bounds,
    clean,
    counted,
    exact,
    is_exact,
    joined,
    people,
    range_of_people,
    times_of,
)

_N_NAMES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the headline."""

    text: str
    look: str
    """How it is to look: ``down``, ``degraded``, ``up`` or nothing."""


def headline(facts: Facts) -> list[Line]:
    """Return the answer: services, users, restoration, and then what is worse than an outage, if there is any."""
    times = times_of(facts)
    lines = [_services_line(facts), Line(_users_line(facts), ""), _restored_line(facts, times)]
    return lines + _worse_lines(facts) + _reserve_lines(facts, times)


def name_of(facts: Facts, component: str) -> str:
    """Return the name for people of a component (or of whatever else has this id)."""
    found = facts.components.get(component)
    return clean(component if found is None else found.name)


def names_of(facts: Facts, components: Sequence[str], limit: int | None = None, last: str = "and") -> str:
    """Return the names of components as a list in words."""
    return joined([name_of(facts, component) for component in components], limit, last)


def was_down(component: ComponentFacts) -> bool:
    """Tell whether a component ever served nothing."""
    return any(level <= 0.0 for _, level in component.levels)


def lowest_level(component: ComponentFacts) -> float:
    """Return the lowest level that a component ever had."""
    return min(level for _, level in component.levels)


def first_worst(component: ComponentFacts) -> Why | None:
    """Return why a component first came to its lowest level."""
    lowest = lowest_level(component)
    return next((why for why in component.why if why.level <= lowest), None)


def affected_services(facts: Facts) -> list[ComponentFacts]:
    """Return the services that were affected, the worst first: not restored, then down for longest."""
    found = [facts.components[service] for service in facts.services if facts.components[service].was_affected]
    return sorted(found, key=lambda c: (c.restored, c.levels[-1][1] > 0.0, -c.down_ms, not was_down(c), -c.degraded_ms))


def affected_others(facts: Facts) -> list[ComponentFacts]:
    """Return the components that are no services and were affected, in the same order."""
    services = set(facts.services)
    found = [each for each in facts.components.values() if each.was_affected and each.id not in services]
    return sorted(found, key=lambda c: (c.restored, c.levels[-1][1] > 0.0, -c.down_ms, not was_down(c), -c.degraded_ms))


def kept_up_by(component: ComponentFacts, reserve: Reserve) -> bool:
    """Tell whether a reserve kept a component up: one of a need to serve, while it served anything."""
    if reserve.purpose not in ("run", "stay_up"):
        return False
    ends = [*(at_ms for at_ms, _ in component.levels[1:]), reserve.to_ms + 1]
    return any(
        level > 0.0 and at_ms < max(reserve.to_ms, reserve.from_ms + 1) and reserve.from_ms < to_ms
        for (at_ms, level), to_ms in zip(component.levels, ends, strict=True)
    )


def _services_line(facts: Facts) -> Line:
    affected = affected_services(facts)
    title = clean(facts.title)
    if not facts.services:
        others = affected_others(facts)
        return Line(f"{title}: {_how_many(others, len(facts.components), 'component')}", _look(others))
    return Line(f"{title}: {_how_many(affected, len(facts.services), 'service')}", _look(affected))


def _look(affected: Sequence[ComponentFacts]) -> str:
    return "down" if any(map(was_down, affected)) else "degraded" if affected else "up"


def _how_many(affected: Sequence[ComponentFacts], n_all: int, word: str) -> str:
    """Say how many are down and degraded, and which one for longest."""
    if not affected:
        return f"no {word} is affected" if n_all else f"there is no {word}"
    n_down = sum(map(was_down, affected))
    n_degraded = len(affected) - n_down
    parts = [f"{n_down} of {counted(n_all, word)} down"] if n_down else []
    if n_degraded:
        parts.append(f"{n_degraded} degraded" if n_down else f"{n_degraded} of {counted(n_all, word)} degraded")
    text = ", ".join(parts)
    if restored := [each for each in affected if each.restored]:
        worst = max(restored, key=lambda c: (c.down_ms, c.degraded_ms))
        lasted = about_duration(worst.down_ms or worst.degraded_ms)
        which = f"{clean(worst.name)}, {lasted}"
        only = len(affected) == 1
        text += f"; {which}" if only else f"; longest {which}" if len(restored) == len(affected) else ""
    return text


def _users_line(facts: Facts) -> str:
    if not facts.has_users:
        return "Users affected: unknown, the system does not say who uses its services"
    users = facts.users
    if users.affected.high <= 0:
        return "Users affected: none"
    text = f"Users affected: {range_of_people(users.affected)}"
    if facts.people and users.affected.high < facts.people:
        text += f" of {people(facts.people, 3)}"
    if users.peak != users.affected:
        text += f"; at most {_estimate_or_bounds(users.peak)} at one time"
    by_end = "" if all(facts.components[service].restored for service in facts.services) else " by the end"
    return text + f"; {_estimate_or_bounds(users.lost_user_minutes)} user-minutes lost{by_end}"


def _estimate_or_bounds(count: Range) -> str:
    if is_exact(count):
        return exact(count.high)
    return bounds(count) if count.estimate is None else f"about {people(count.estimate)}"


def _restored_line(facts: Facts, times: Times) -> Line:
    """Say what is not restored by the end, or when the last was."""
    services, others = affected_services(facts), affected_others(facts)
    still = [each for each in services if not each.restored]
    still_others = [each for each in others if not each.restored]
    end = f"{times.at(facts.end_ms)}, after {about_duration(facts.end_ms)}"
    if still:
        listed = joined([clean(each.name) for each in still], _N_NAMES)
        more = f", and {counted(len(still_others), 'other component')}" if still_others else ""
        return Line(f"NOT RESTORED by the end ({end}): {listed}{more}", "down")
    if services:
        text = f"All services restored at {times.at(_last_ms(services))}, {_after(_last_ms(services))}"
    elif facts.services:
        text = "Every service stayed up"
    else:
        text = (
            f"All restored at {times.at(_last_ms(others))}, {_after(_last_ms(others))}" if others else "Nothing is down"
        )
    if still_others:
        listed = joined([clean(each.name) for each in still_others], _N_NAMES)
        return Line(f"{text}; not restored by the end ({end}): {listed}", "degraded")
    return Line(text, "up")


def _reserve_lines(facts: Facts, times: Times) -> list[Line]:
    """Say what is up at the end only until a reserve is used up."""
    ends = sorted(
        (reserve.until_ms, component.id)
        for component in facts.components.values()
        for reserve in component.reserve
        if kept_up_by(component, reserve) and reserve.is_open and reserve.until_ms is not None
    )
    if not ends:
        return []
    more = f", and {counted(len(ends) - 1, 'other')} later" if len(ends) > 1 else ""
    name = name_of(facts, ends[0][1])
    return [Line(f"STILL ON RESERVE at the end: {name}, until {times.at(ends[0][0])} at the latest{more}", "degraded")]


def _last_ms(components: Sequence[ComponentFacts]) -> int:
    return max(component.levels[-1][0] for component in components)


def _after(at_ms: int) -> str:
    return f"{about_duration(at_ms)} after the start"


def _worse_lines(facts: Facts) -> list[Line]:
    """Say what waiting does not heal."""
    lines = []
    if lost := [name for name, data in facts.data.items() if data.lost_for_good]:
        lines.append(Line(f"LOST FOR GOOD, no copy is left: {names_of(facts, lost, _N_NAMES)}", "down"))
    losses = sorted(((data.loss_ms, name) for name, data in facts.data.items() if data.loss_ms), reverse=True)
    if losses:
        listed = [f"{name_of(facts, name)}, the last {about_duration(loss_ms)}" for loss_ms, name in losses]
        lines.append(Line(f"DATA LOST: {joined(listed, _N_NAMES)}", "down"))
    if facts.deadlocks:
        circles = "; ".join(names_of(facts, each.circle, _N_NAMES) for each in facts.deadlocks[:2])
        more = f" and {len(facts.deadlocks) - 2} more" if len(facts.deadlocks) > 2 else ""
        lines.append(Line(f"RECOVERY DEADLOCK, nothing comes back by itself: {circles}{more}", "down"))
    return lines
