"""What happened, and why: the time line and the short chains of a report."""

from __future__ import annotations

from impactsim.reports.facts import Moment
from impactsim.reports.headline import affected_others, affected_services, first_worst
from impactsim.reports.layout import Entry, Section
from impactsim.reports.page import Page
from impactsim.reports.words import clean, joined

_SIGNS = {
    "down": ("down", "down"),
    "lost": ("down", "down"),
    "held up": ("degraded", "degraded"),
    "degraded": ("degraded", "degraded"),
    "improved": ("degraded", "degraded"),
    "up": ("up", "up"),
    "repaired": ("up", ""),
    "event": ("event", "heading"),
    "step": ("event", ""),
    "action": ("action", "heading"),
    "reserve": ("reserve", "reserve"),
}
"""What a moment is, to the name of its sign and its look."""

_SAME = {
    "down": "down",
    "degraded": "degraded",
    "improved": "better",
    "up": "up again",
    "reserve": "kept up by a reserve",
}
"""What can be said of several components at once, without what is different."""


def what_happened(page: Page) -> Section:
    """Return the time line; what matters least is left out first."""
    start = page.times.start()
    heading = f"What happened, from {start}" if start else "What happened, in hours and minutes from the start"
    moments, unseen = told_moments(page)
    column = max((len(page.times.at(moment.at_ms)) for moment in moments), default=0)
    before = ""
    entries = []
    for moment in moments:
        at = page.times.at(moment.at_ms)
        # The same time again is left blank, unless what stood above it may be cut.
        shown = at if at != before or not page.is_whole else ""
        before = at
        entries.append(_moment(page, moment, shown.ljust(column)))
    return Section(heading, entries, least=4, weight=4.0, unseen=unseen)


def told_moments(page: Page) -> tuple[list[Moment], int]:
    """Return the moments for which there is room, what matters most first to stay, in order of time; and how many are left."""
    return page.most(page.facts.moments if page.is_whole else _merged(page), lambda each: _rank(page, each))


def _merged(page: Page) -> list[Moment]:
    """Return the moments, where three or more of an instant say the same of others in one."""
    alike: dict[tuple[int, str], list[Moment]] = {}
    for moment in page.facts.moments:
        alike.setdefault((moment.at_ms, moment.what), []).append(moment)
    moments = []
    for (_, what), same in alike.items():
        # One that is up again may be many: then services are named first.
        is_many = len(same) >= 3 or (what == "up" and len(same[0].components) > 5)
        if what not in _SAME or not is_many:
            moments += same
            continue
        components = [component for moment in same for component in moment.components]
        components.sort(key=lambda component: component not in page.services)  # stable
        text = f"{page.names(components)}: {_SAME[what]}"
        moments.append(Moment(same[0].at_ms, same[0].what, tuple(components), text))
    return sorted(moments, key=lambda moment: moment.at_ms)


def _moment(page: Page, moment: Moment, at: str) -> Entry:
    sign, look = _SIGNS[moment.what]
    indent = 2 + len(at) + 2 + 2
    symbol = getattr(page.screen.symbols, sign)
    lines = page.entry(f"  {at}  {symbol} {clean(moment.text)}", indent, _rank(page, moment)).lines
    if look:
        lines[0] = lines[0][: indent - 2] + page.screen.paint(lines[0][indent - 2 :], look)
        lines[1:] = [line[:indent] + page.screen.paint(line[indent:], look) for line in lines[1:]]
    return Entry(lines, _rank(page, moment))


def _rank(page: Page, moment: Moment) -> int:
    """Tell how soon a moment is left out: what struck and whom of the services last, reserves first."""
    if moment.what in ("down", "degraded") and _is_struck(page, moment):
        return 6  # the event says it already
    is_service = not page.services.isdisjoint(moment.components)
    ranks = {
        "lost": 0,
        "event": 0,
        "down": 1 if is_service else 3,
        "up": 2 if is_service else 4,
        "action": 2,
        "degraded": 3 if is_service else 4,
        "held up": 3,
    }
    return ranks.get(moment.what, 5)


def _is_struck(page: Page, moment: Moment) -> bool:
    """Tell whether all components of a moment were struck by an event of the same time."""
    return set(moment.components) <= page.struck.get(moment.at_ms, set())


def why(page: Page) -> Section:
    """Say what each service waited for when it was worst; services with the same reason share a line."""
    reasons: dict[tuple[str, ...], list[str]] = {}
    for service in affected_services(page.facts) or affected_others(page.facts):
        worst = first_worst(service)
        if worst is not None and worst.chain:
            last = worst.chain[-1]
            end = f"{clean(last.text)} at {page.times.at(last.at_ms)}"
            path = (*(link.component for link in worst.chain[1:]), end)
            reasons.setdefault(path, []).append(clean(service.name))
    if not page.is_whole:
        reasons = _by_root(reasons)
    entries = []
    shown, unseen = page.most(list(reasons.items()))
    for (*chain, end), services in shown:
        steps = [page.name(component) for component in chain]
        if len(steps) > 5 and not page.is_whole:
            steps = [*steps[:2], f"({len(steps) - 4} more)", *steps[-2:]]
        entries.append(page.entry(f"  {' <- '.join([joined(services, page.few), *steps])} ({end})", 4))
    return Section("Why (--why NAME says it in full)", entries, weight=2.0, unseen=unseen)


def _by_root(reasons: dict[tuple[str, ...], list[str]]) -> dict[tuple[str, ...], list[str]]:
    """Put the reasons together that begin with the same failure, where those are more than a few.

    What they have in common stays; three dots stand for the rest.
    """
    roots: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for path in reasons:
        roots.setdefault(path[-2:], []).append(path)
    found: dict[tuple[str, ...], list[str]] = {}
    for paths in roots.values():
        if len(paths) <= 3:
            found.update({path: reasons[path] for path in paths})
            continue
        common = paths[0]
        for path in paths:
            n_same = next((i for i, (a, b) in enumerate(zip(common[::-1], path[::-1], strict=False)) if a != b), None)
            common = common[-(min(len(common), len(path)) if n_same is None else n_same) :]
        found["...", *common] = [service for path in paths for service in reasons[path]]
    return found
