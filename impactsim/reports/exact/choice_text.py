"""The choice of a backup as text: which candidate is best, what each adds to the group, and every pair."""

from __future__ import annotations

from impactsim.audit.choose import Addition, BackupPair, Choice
from impactsim.audit.facts import Probability
from impactsim.reports.chances import probability
from impactsim.reports.layout import Column, Entry, Row, Section, fit, table, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.rests import needs_words
from impactsim.reports.words import clean, joined

_N_NAMES = 3


def choice_text(system: str, choice: Choice, screen: Screen | None = None) -> list[str]:
    """Write which backup is the most independent.

    Parameters
    ----------
    system
        Name of the system.
    choice
        The candidates with their figures.
    screen
        Where it is written.
    """
    screen = screen or Screen()
    first, *others = wrapped(f"{clean(system)}: {_answer(choice)}", screen.columns, 2)
    lines = [screen.paint(first, "heading"), *others]
    for text in _today(choice):
        lines += wrapped(text, screen.columns, 2)
    sections = [each for each in (_additions(choice, screen), _pairs(choice, screen)) if each.entries]
    room = None if screen.n_lines is None else screen.n_lines - len(lines)
    return lines + fit(sections, room, screen.paint, screen.columns)


def _answer(choice: Choice) -> str:
    owner = clean(choice.owner)
    if not choice.members:
        return f"{owner} has no standby group; {_best_pair(choice)}"
    if not choice.additions:
        return f"every candidate is in the standby group of {owner} already"
    if choice.best is None:
        who = joined([clean(each.candidate) for each in choice.additions], _N_NAMES)
        return f"{who} would be no help to {owner}: {_needs_it(len(choice.additions), owner)}"
    if len(choice.candidates) == 1:
        return f"what {clean(choice.best)} would add to {owner}: {_gain(choice.additions[0])}"
    return (
        f"of {joined([clean(each) for each in choice.candidates])} the best backup for {owner} is {clean(choice.best)}: "
        + (_gain(choice.additions[0]))
    )


def _best_pair(choice: Choice) -> str:
    pair = choice.pairs[0]
    if pair.needs_owner:
        return f"no pair would be any help, for one of each needs {clean(choice.owner)} itself"
    return f"the most independent pair is {clean(pair.first)} and {clean(pair.second)}"


def _needs_it(n: int, owner: str) -> str:
    return f"{'it needs' if n == 1 else 'they need'} {owner} itself"


def _gain(addition: Addition) -> str:
    if addition.shared:
        still = joined([clean(each) for each in addition.shared], _N_NAMES)
        return f"with it {still} would still take down the whole group"
    return "with it no single failure would take down the whole group"


def _today(choice: Choice) -> list[str]:
    lines = []
    if choice.members:
        members = joined([clean(each) for each in choice.members])
        shared = joined([clean(each) for each in choice.shared], _N_NAMES)
        what = (
            f"{shared} takes down all of them"
            if len(choice.shared) == 1
            else f"each of {shared} takes down all of them"
        )
        today = what if choice.shared else "no single failure takes down all of them"
        down = _likely(choice.group_down, choice.is_known)
        lines.append(f"Today the group is {members}: {today}; the probability that all are down is {down}")
    if not choice.is_known:
        lines.append(
            "Of some of what is behind them nobody says how often it fails (--assume P): single failures come first"
        )
    if choice.needs is not None:
        lines.append(needs_words(choice.needs, "it and all candidates"))
    return lines


def _likely(value: Probability, is_known: bool) -> str:
    return probability(value, 0 if is_known else 1)


def _additions(choice: Choice, screen: Screen) -> Section:
    columns = [
        Column("", is_right=True),
        Column("candidate", least=12),
        Column("all are down", is_right=True),
        Column(f"{clean(choice.owner)} is down", is_right=True),
        Column("still shared", least=12),
        Column("no longer", least=12),
    ]
    rows: list[Row] = [
        [
            str(place),
            clean(each.candidate),
            _likely(each.group_down, choice.is_known),
            _likely(each.owner_down, choice.is_known),
            _needs_it(1, clean(choice.owner)) if each.needs_owner else _names(each.shared),
            _names(each.closes),
        ]
        for place, each in enumerate(choice.additions, 1)
    ]
    titles, lines = table(columns, rows, screen.columns, 2, screen.paint)
    return Section("As one more member of the group", [Entry([line]) for line in lines], titles, weight=2.0)


def _pairs(choice: Choice, screen: Screen) -> Section:
    columns = [
        Column("", is_right=True),
        Column("pair", least=20),
        Column("both are down", is_right=True),
        Column("promised", is_right=True),
        Column("times", is_right=True),
        Column("in common", is_right=True),
        Column("shared", least=12),
    ]
    rows = [_pair(place, each) for place, each in enumerate(choice.pairs, 1)]
    titles, lines = table(columns, rows, screen.columns, 2, screen.paint)
    entries = []
    for line, each in zip(lines, choice.pairs, strict=True):
        told = each.evidence if screen.n_lines is None else each.evidence[:1]
        ways = [way for text in told for way in wrapped(f"       - {clean(text)}", screen.columns, 9)]
        entries.append(Entry([line, *ways]))
    return Section("Pairs, the most independent first", entries, titles)


def _pair(place: int, each: BackupPair) -> Row:
    factor = each.factor
    return [
        str(place),
        f"{clean(each.first)} + {clean(each.second)}" + (" (today)" if each.is_present else ""),
        _likely(each.both_down, each.is_known),
        _likely(each.promised, each.is_known),
        "-" if factor is None or not each.is_known else f"{factor:,.3g}",
        f"{each.overlap:.0%}",
        _names(each.shared),
    ]


def _names(names: tuple[str, ...]) -> str:
    return joined([clean(each) for each in names], _N_NAMES) or "-"
