"""The same failure at every hour of the day, as text: what it costs when, and the best window."""

from __future__ import annotations

from impactsim.quantities import about_duration, format_duration
from impactsim.reports.layout import Cell, Column, Row, table, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.rank.facts import HourFacts, HoursFacts, RankFacts
from impactsim.reports.words import clean, people, range_of_people

_BAR = 24


def hours_text(facts: RankFacts, screen: Screen | None = None) -> list[str]:
    """Write what a failure costs at each hour at which it may begin.

    Parameters
    ----------
    facts
        What the ranking says, with hours.
    screen
        Where it is written; it takes some 30 lines, and is never cut.
    """
    screen = screen or Screen()
    hours = facts.hours
    if hours is None:
        return [f"{clean(facts.system)}: nothing to look at"]
    lines = [screen.paint(each, "heading") for each in wrapped(_headline(facts, hours), screen.columns, 2)]
    rows = [_row(hours, place) for place in range(len(hours.hours))]
    columns = [
        Column("begins"),
        Column("users affected", is_right=True),
        Column("user-minutes lost", is_right=True),
        Column(""),
        Column(""),
    ]
    titles, body = table(columns, rows, screen.columns, 2, screen.paint)
    day = hours.hours[0].starts.date()
    notes = [f"Clock times in {hours.zone}, on {day.day} {day:%b %Y}; every uncertain quantity takes its median"]
    if facts.for_ms is not None:
        notes.append(f"It lasts {format_duration(facts.for_ms)} (--for)")
    elif any(each.id == hours.id and each.has_default_end for each in facts.ranking):
        notes.append(f"It has no time_to_restore: {format_duration(facts.default_ms)} assumed (--for)")
    return [
        *lines,
        "",
        titles,
        *body,
        "",
        *(line for note in notes for line in wrapped(f"  {note}", screen.columns, 2)),
    ]


def _headline(facts: RankFacts, hours: HoursFacts) -> str:
    what = clean(hours.name) + (f" ({hours.id})" if hours.name != hours.id else "")
    start = f"{clean(facts.system)}: {what} failing"
    if not facts.has_users:
        return f"{start} costs the same at every hour: the system does not say who uses its services"
    best, worst = hours.hours[hours.best], hours.hours[hours.worst]
    if not hours.differ:
        why = "" if facts.has_hours else ": no segment of users has an activity"
        return f"{start} costs {_lost(best)} user-minutes at every hour{why}"
    ratio = ""
    if cost(best) > 0:
        ratio = f", {cost(worst) / cost(best):.2g} times as much"
    return (
        f"{start} costs least if it begins at {best.starts:%H:%M}: {_lost(best)} user-minutes; most at "
        f"{worst.starts:%H:%M}: {_lost(worst)}{ratio}" + ("" if hours.is_never else _lasts(hours))
    )


def _lasts(hours: HoursFacts) -> str:
    return f"; services are down for up to {about_duration(hours.longest_ms)}" if hours.longest_ms else ""


def _row(hours: HoursFacts, place: int) -> Row:
    hour = hours.hours[place]
    most = cost(hours.hours[hours.worst])
    bar = "#" * round(_BAR * cost(hour) / most) if most > 0 else ""
    is_best, is_worst = (cost(hour) == cost(hours.hours[each]) and hours.differ for each in (hours.best, hours.worst))
    mark = Cell("best", "up") if is_best else Cell("worst", "down") if is_worst else Cell("")
    return [f"{hour.starts:%H:%M}", range_of_people(hour.affected), _lost(hour), bar, mark]


def cost(hour: HourFacts) -> float:
    """Return what is lost: the estimate, or the upper bound where there is none."""
    lost = hour.lost_user_minutes
    return lost.high if lost.estimate is None else lost.estimate


def _lost(hour: HourFacts) -> str:
    return people(cost(hour), 3)
