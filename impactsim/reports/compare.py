"""Several runs side by side, each with its difference from the first.

The differences are the only figures that are worked out here: one figure of a run less the same figure of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from impactsim.engine.users import Range
from impactsim.quantities import about_duration, about_share
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.reports.headline import lowest_level, names_of, was_down
from impactsim.reports.json_form import VERSION, number, to_range
from impactsim.reports.layout import Cell, Column, Paint, Row, fitted, plain, table, wrapped
from impactsim.reports.rests import rests_key, rests_short
from impactsim.reports.words import bounds, clean, counted, exact, is_exact, people

Key = tuple[str, str, str]
"""Figure, whose it is (empty for the whole run), and which bound of it (empty for a plain figure)."""

_USER_FIGURES = {"affected": "users affected", "peak": "users at one time", "lost_user_minutes": "user-minutes lost"}


def labels_of(runs: Sequence[Facts]) -> list[str]:
    """Return the names of the scenarios, numbered where several have the same."""
    return numbered([facts.title for facts in runs])


def numbered(names: Sequence[str]) -> list[str]:
    """Return names, numbered where several are the same.

    Examples
    --------
    >>> numbered(["a", "b", "a"])
    ['a', 'b', 'a (2)']
    """
    seen: dict[str, int] = {}
    labels: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        label = name if seen[name] == 1 else f"{name} ({seen[name]})"
        while label in labels:
            seen[name] += 1
            label = f"{name} ({seen[name]})"
        labels.append(label)
    return labels


def figures_of(facts: Facts) -> dict[Key, Any]:
    """Return the figures of a run that are compared: of the whole run, of each segment and of each service."""
    services = [facts.components[service] for service in facts.services]
    figures: dict[Key, Any] = {
        ("services_down", "", ""): sum(map(was_down, services)),
        ("services_degraded", "", ""): sum(each.was_affected and not was_down(each) for each in services),
        ("services_not_restored", "", ""): sum(not each.restored for each in services),
        ("data_lost_for_good", "", ""): sum(each.lost_for_good for each in facts.data.values()),
        ("recovery_deadlocks", "", ""): len(facts.deadlocks),
    }
    for of, group in [("", facts.users), *facts.segments.items()]:
        for figure in _USER_FIGURES:
            for bound, value in getattr(group, figure)._asdict().items():
                figures[figure, of, bound] = value
    for of, data in facts.data.items():
        figures["data_loss_ms", of, ""] = data.loss_ms
    for each in services:
        figures["down_ms", each.id, ""] = each.down_ms
        figures["degraded_ms", each.id, ""] = each.degraded_ms
        figures["restored", each.id, ""] = each.restored
    return figures


def comparison_object(runs: Sequence[Facts]) -> dict[str, Any]:
    """Return a comparison as plain data: the figures of each run, and their differences from the first."""
    first = _totals(runs[0])
    return {
        "impactsim": VERSION,
        "compared_with": labels_of(runs)[0],
        "scenarios": [
            {
                "scenario": label,
                "system": facts.system,
                "end_ms": facts.end_ms,
                **(totals := _totals(facts)),
                "difference": {key: _less(totals.get(key), value) for key, value in first.items()},
                **rests_key(facts.rests),
            }
            for label, facts in zip(labels_of(runs), runs, strict=True)
        ],
    }


def _totals(facts: Facts) -> dict[str, Any]:
    figures = figures_of(facts)
    whole = {key[0]: value for key, value in figures.items() if key[1:] == ("", "")}
    users: dict[str, Any] = {figure: to_range(getattr(facts.users, figure)) for figure in _USER_FIGURES}
    users["segments"] = {
        name: {figure: to_range(getattr(group, figure)) for figure in _USER_FIGURES}
        for name, group in facts.segments.items()
    }
    services = {
        service: {
            "down_ms": facts.components[service].down_ms,
            "degraded_ms": facts.components[service].degraded_ms,
            "restored": facts.components[service].restored,
        }
        for service in facts.services
    }
    data = {name: {"lost_for_good": each.lost_for_good, "loss_ms": each.loss_ms} for name, each in facts.data.items()}
    return {**whole, "users": users, "services": services, "data": data}


def _less(value: Any, first: Any) -> Any:
    """Return the differences of all numbers in plain data; null where one of them is missing or not to be compared."""
    if isinstance(first, dict):
        if value is None or not (first.get("restored", True) and value.get("restored", True)):
            return None  # a time that had not ended by the end of a run is no duration (S1.2)
        return {key: _less(value.get(key), each) for key, each in first.items() if not isinstance(each, bool)}
    return None if value is None or first is None else number(value - first)


def comparison_text(
    runs: Sequence[Facts], columns: int = 100, n_services: int | None = 20, paint: Paint = plain
) -> list[str]:
    """Write runs side by side.

    Parameters
    ----------
    runs
        What the runs say, at least one.
    columns
        Width of the screen. Runs that do not fit side by side follow in blocks, each with the first run again.
    n_services
        How many services are listed at most; None for all.
    paint
        How words get their looks.

    Returns
    -------
    list of str
        Lines.
    """
    labels = labels_of(runs)
    n_beside = max(1, (columns - 22) // 26 - 1)
    lines: list[str] = []
    others = range(1, len(runs))
    blocks = [others[i : i + n_beside] for i in range(0, len(others), n_beside)] or [others]
    for block in blocks:
        shown = [0, *block]
        lines += _block([labels[i] for i in shown], [runs[i] for i in shown], columns, n_services, paint)
    return lines[1:]


def _block(labels: list[str], runs: list[Facts], columns: int, n_services: int | None, paint: Paint) -> list[str]:
    """Write as many runs as fit side by side, titles, totals and services in one table, so that all lines up."""
    differing, same = services_compared(runs)
    shown = differing if n_services is None else differing[:n_services]
    rows = [*_title_rows(labels, (columns - 20) // len(runs) - 2), *rows_of_totals(runs)]
    if shown:
        rows += [["", *[""] * len(runs)], ["services", *[""] * len(runs)]]
        rows += [row_of_service(service, runs) for service in shown]
    heads = [Column("", least=14), *(Column("", least=14) for _ in runs)]
    lines = ["", *table(heads, rows, columns, 0, paint)[1]]
    if len(shown) < len(differing):
        lines.append(paint(f"and {counted(len(differing) - len(shown), 'more service')} (--all)", "quiet"))
    if same:
        lines += ["", fitted(f"Affected alike in all of them: {names_of(runs[0], same, 6)}", columns)]
    return lines


def _title_rows(labels: Sequence[str], columns: int) -> list[Row]:
    """Break the names of the scenarios into lines rather than cut them: what-ifs often differ at the end."""
    titles = [wrapped(clean(label), columns, 0, 4) for label in labels]
    n_rows = max(map(len, titles))
    filled = [[*title, *[""] * (n_rows - len(title))] for title in titles]
    rows: list[Row] = [
        ["", *(Cell(title[i], "heading" if title[i] else "") for title in filled)] for i in range(n_rows)
    ]
    return [*rows, [""] * (len(labels) + 1)]


def services_compared(runs: Sequence[Facts]) -> tuple[list[str], list[str]]:
    """Return the services that fare differently, and those that are affected in all runs alike."""
    services = list(dict.fromkeys(service for facts in runs for service in facts.services))
    fates = {service: {_fate(facts.components.get(service)) for facts in runs} for service in services}
    differing = [service for service in services if len(fates[service]) > 1]
    return differing, [service for service in services if len(fates[service]) == 1 and fates[service] != {"up"}]


def rows_of_totals(runs: Sequence[Facts]) -> list[Row]:
    """Return the figures of whole runs, a row for each and a cell for each run."""
    first = runs[0]
    figures = [figures_of(facts) for facts in runs]
    rows: list[Row] = []
    for figure, word in (
        ("services_down", "services down"),
        ("services_degraded", "services degraded"),
        ("services_not_restored", "not restored"),
    ):
        rows.append(
            [word, *(_whole(each[figure, "", ""], figures[0][figure, "", ""], i > 0) for i, each in enumerate(figures))]
        )
    if any(facts.has_users for facts in runs):
        for figure, word in _USER_FIGURES.items():
            cells = (
                _people(getattr(facts.users, figure), getattr(first.users, figure), i > 0)
                for i, facts in enumerate(runs)
            )
            rows.append([word, *cells])
    if any(facts.data for facts in runs):
        rows.append(["data lost", *(_data(facts) for facts in runs)])
    if any(facts.deadlocks for facts in runs):
        rows.append(
            [
                "deadlocks",
                *("; ".join(names_of(facts, each.circle, 3) for each in facts.deadlocks) or "none" for facts in runs),
            ]
        )
    if any(facts.rests for facts in runs):
        rows.append(["rests on", *(rests_short(facts.rests) for facts in runs)])
    return rows


def _whole(value: int, first: int, has_difference: bool) -> str | Cell:
    if not has_difference or value == first:
        return str(value)
    return Cell(f"{value} ({value - first:+d})", "down" if value > first else "up")


def _people(value: Range, first: Range, has_difference: bool) -> str | Cell:
    """Write a number of people, and the difference of the estimates, or of the upper bounds where there are none."""
    if is_exact(value):
        text = exact(value.high).removeprefix("about ")
    else:
        text = bounds(value) if value.estimate is None else people(value.estimate, 3)
    difference = _middle(value) - _middle(first)
    if not has_difference or abs(difference) < 0.5:
        return text
    sign = "+" if difference > 0 else "-"
    return Cell(f"{text} ({sign}{people(abs(difference), 3)})", "down" if difference > 0 else "up")


def _middle(value: Range) -> float:
    return value.high if value.estimate is None else value.estimate


def _data(facts: Facts) -> str:
    parts = []
    for name, data in facts.data.items():
        loss = "no copy yet" if data.loss_ms is None else about_duration(data.loss_ms)
        parts.append(f"{names_of(facts, [name])}: {'all of it' if data.lost_for_good else loss}")
    return ", ".join(parts) or "none"


def _fate(component: ComponentFacts | None) -> str:
    """Say what became of a service, as short as it can be said."""
    if component is None:
        return "not there"
    if not component.was_affected:
        return "up"
    if not component.restored:
        return "not restored"
    if was_down(component):
        return f"down {about_duration(component.down_ms)}"
    return f"{about_share(lowest_level(component))} for {about_duration(component.degraded_ms)}"


def row_of_service(service: str, runs: Sequence[Facts]) -> Row:
    """Return what becomes of a service in each run, after its name."""
    first = runs[0].components.get(service)
    name = next(facts.components[service].name for facts in runs if service in facts.components)
    return [clean(name), *(_fate_cell(facts.components.get(service), first, i > 0) for i, facts in enumerate(runs))]


def _fate_cell(component: ComponentFacts | None, first: ComponentFacts | None, has_difference: bool) -> str | Cell:
    text = _fate(component)
    if not has_difference or component is None or first is None or text == _fate(first):
        return text
    # A time that had not ended by the end of a run is no duration (S1.2), and has no difference.
    if not component.restored or not first.restored:
        return Cell(text, "up" if component.restored else "down")
    was_worse = was_down(first), first.down_ms, first.degraded_ms
    is_worse = was_down(component), component.down_ms, component.degraded_ms
    look = "down" if is_worse > was_worse else "up"
    difference = component.down_ms - first.down_ms
    if not difference or not was_down(component):
        return Cell(text, look)
    return Cell(f"{text} ({'+' if difference > 0 else '-'}{about_duration(abs(difference))})", look)
