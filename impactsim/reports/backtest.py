"""A backtest as text and as JSON."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from impactsim.backtest.facts import OURS, BacktestFacts, Elapsed, Group
from impactsim.backtest.scores import Score
from impactsim.quantities import about_duration, format_duration
from impactsim.reports.json_form import VERSION, one_line
from impactsim.reports.layout import Cell, Column, Paint, plain, table, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.words import clean, counted

_MEANING = (
    "Each cell is pinball loss / coverage. Pinball loss: how far the 10, 25, 50, 75 and 90 % quantiles of the remaining time were off,"
    " in hours, weighted so that too long and too short cost alike; the less, the better (* is the least). Coverage: share of the"
    " outages that ended between the 10 and the 90 % quantile; 0.80 is right, and +- is what chance alone does to it (standard error)."
)


def backtest_lines(facts: BacktestFacts, screen: Screen) -> list[str]:
    """Return a backtest as lines of text.

    Parameters
    ----------
    facts
        What it says.
    screen
        Where it is written; the table of groups is cut to it.
    """
    return [
        *wrapped(_headline(facts), screen.columns, 2),
        *_left_out(facts),
        "",
        screen.paint("Forecasts of what remains", "heading"),
        *_table(facts, screen),
        "",
        *wrapped(_MEANING, screen.columns),
        *_behind(facts, screen),
        "",
        screen.paint("What to write into a system file (fitted to all incidents)", "heading"),
        *_groups(facts, screen),
    ]


def backtest_json(facts: BacktestFacts) -> str:
    """Return a backtest as one line of JSON, without a line end; losses in hours, what is infinite is null."""
    return one_line(
        {
            "impactsim": VERSION,
            "until": _moment(facts.until_s),
            "n_train": facts.n_train,
            "n_test": facts.n_test,
            "left_out": dict(facts.n_left_out),
            "tail": facts.tail,
            "elapsed": [_elapsed_object(each) for each in facts.by_elapsed],
            "groups": [_group_object(group) for group in facts.groups],
        }
    )


def time_to_restore(group: Group) -> str:
    """Return what to write for the time to restore of a group, or why nothing can be written.

    Examples
    --------
    >>> time_to_restore(Group("AWS", 30, 10, False, 7344.0, 1.804))
    'time_to_restore: {median: 2h2m, shape: 1.8, law: log-logistic}'
    """
    if group.median_s is None or group.shape is None:
        return f"too few incidents ({group.n_train + group.n_test}) to fit anything"
    step = 60_000 if group.median_s >= 600 else 1_000 if group.median_s >= 10 else 1
    median = max(round(group.median_s * 1000 / step) * step, 1)
    return f"time_to_restore: {{median: {format_duration(median)}, shape: {float(f'{group.shape:.3g}'):g}, law: log-logistic}}"


def _headline(facts: BacktestFacts) -> str:
    n_groups = len(facts.groups)
    of = f" of {n_groups} groups" if n_groups > 1 else ""
    return (
        f"{facts.n_train:,} incidents{of} began before {_moment(facts.until_s)} and were learned from,"
        f" {facts.n_test:,} from then on and were forecast"
    )


def _left_out(facts: BacktestFacts) -> list[str]:
    told = [f"{n:,} {why}" for why, n in facts.n_left_out.items() if n]
    return [f"  left out: {', '.join(told)}"] if told else []


def _moment(seconds: float) -> str:
    """Write the split as a day or a time; a number where it is too near to 1970 to be a date."""
    if abs(seconds) < 86400 * 366 * 2 or abs(seconds) > 2e11:
        return f"{seconds:g} s"
    moment = datetime.fromtimestamp(seconds, UTC)
    is_day = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M UTC")


def _table(facts: BacktestFacts, screen: Screen) -> list[str]:
    ways = next((tuple(each.scores) for each in facts.by_elapsed if each.scores), (OURS,))
    lines: list[str] = []
    while ways:
        some = ways
        while len(some) > 1 and max(map(len, _part(facts, some, plain))) > screen.columns:
            some = some[:-1]
        lines += [*([""] if lines else []), *_part(facts, some, screen.paint)]
        ways = ways[len(some) :]
    return lines


def _part(facts: BacktestFacts, ways: tuple[str, ...], paint: Paint) -> list[str]:
    """Return a table of some of the ways, at its full width: a figure that is cut tells nothing."""
    columns = [Column("lasted"), Column("n", True), *(Column(way, True) for way in ways), Column("+-", True)]
    titles, lines = table(columns, [_row(each, ways) for each in facts.by_elapsed], 10_000, 2, paint)
    return [titles, *lines]


def _row(each: Elapsed, ways: tuple[str, ...]) -> list[str | Cell]:
    lasted = about_duration(each.elapsed_s * 1000)
    if not each.scores:
        return [lasted, "0", *("-" for _ in ways), "-"]
    cells = [Cell(_cell(each.scores[way], way == each.best), "up" if way == each.best else "") for way in ways]
    return [lasted, f"{each.n_incidents:,}", *cells, f"{each.scores[OURS].coverage_error:.2f}"]


def _cell(score: Score, is_best: bool) -> str:
    loss = f"{score.pinball:#.3g}".rstrip(".") if score.pinball < 1000 else f"{score.pinball:,.0f}"
    return f"{'*' if is_best else ''}{loss} / {score.coverage:.2f}"


def _behind(facts: BacktestFacts, screen: Screen) -> list[str]:
    """Say where another way was better, and whether by more than chance."""
    lines = []
    for each in facts.by_elapsed:
        if each.best in ("", OURS):
            continue
        score = each.scores[each.best]
        chance = "" if score.behind > 2 * score.behind_error else ", which chance alone may do"
        text = (
            f"{_after(each)} {each.best} was better than ours by"
            f" {score.behind:.3f} h (standard error {score.behind_error:.3f}){chance}."
        )
        lines += wrapped(text, screen.columns, 2)
    return lines


def _after(each: Elapsed) -> str:
    return f"After {about_duration(each.elapsed_s * 1000)}" if each.elapsed_s else "At the start"


def _groups(facts: BacktestFacts, screen: Screen) -> list[str]:
    """Return two lines for each group: the second is there to be copied, and so never cut."""
    room = len(facts.groups) if screen.n_lines is None else max(4, (screen.n_lines - 25) // 2)
    lines = []
    for group in facts.groups[:room]:
        lines += wrapped(f"  {_group_words(group)}", screen.columns, 4)
        lines.append(f"    {time_to_restore(group)}")
    more = len(facts.groups) - room
    return [*lines, *([f"  and {more:,} more (--all)"] if more > 0 else [])]


def _group_words(group: Group) -> str:
    name = clean(group.name) if group.name else "all"
    pooled = "; forecast from those of all: too few before the split" if group.is_pooled else ""
    return f"{name} ({counted(group.n_train + group.n_test, 'incident')}{pooled})"


def _elapsed_object(each: Elapsed) -> dict[str, Any]:
    return {
        "elapsed_s": each.elapsed_s,
        "n": each.n_incidents,
        "best": each.best or None,
        "ways": {way: _score_object(score) for way, score in each.scores.items()},
    }


def _score_object(score: Score) -> dict[str, float | None]:
    values = {
        "pinball_h": score.pinball,
        "pinball_error_h": score.pinball_error,
        "coverage": score.coverage,
        "coverage_error": score.coverage_error,
        "ours_behind_h": score.behind,
        "ours_behind_error_h": score.behind_error,
    }
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def _group_object(group: Group) -> dict[str, Any]:
    return {
        "group": group.name or None,
        "n_train": group.n_train,
        "n_test": group.n_test,
        "pooled": group.is_pooled,
        "median_s": group.median_s,
        "shape": group.shape,
    }
