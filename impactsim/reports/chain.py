"""Why one component was not up: every change of its level, each with the whole chain back to what failed first."""

from __future__ import annotations

from impactsim.quantities import about_share
from impactsim.reports.facts import ComponentFacts, Facts, Link, Why
from impactsim.reports.headline import name_of
from impactsim.reports.layout import wrapped
from impactsim.reports.page import Screen
from impactsim.reports.words import Times, clean, times_of


def explanation(facts: Facts, component: str, screen: Screen | None = None) -> list[str]:
    """Write why a component's level changed, each time it did.

    Parameters
    ----------
    facts
        What the run says.
    component
        Id of the component, one of ``facts.components``.
    screen
        Where it is written; it is never cut.

    Returns
    -------
    list of str
        Lines.
    """
    screen = screen or Screen()
    times = times_of(facts)
    found = facts.components[component]
    start = times.start()
    kind = "" if found.name == found.id else f"{found.id}, "
    lines = [screen.paint(f"{clean(found.name)} ({kind}{clean(found.kind)}) in {clean(facts.title)}", "heading")]
    if start:
        lines.append(f"from {start}")
    if not found.was_affected:
        reason = facts.unaffected.get(component)
        return [*lines, f"was up all the time{': ' + clean(reason) if reason else ''}"]
    for why in found.why:
        lines += ["", _change(why, times, screen)]
        for link in why.chain:
            lines += wrapped(f"    {_step(facts, link, why, times)}", screen.columns, 6)
    return [*lines, "", _at_the_end(found, times, facts, screen)]


def component_called(facts: Facts, name: str) -> str | None:
    """Return the id of the component with this id, or with this name if only one has it."""
    if name in facts.components:
        return name
    same = [c.id for c in facts.components.values() if name.casefold() in (c.id.casefold(), c.name.casefold())]
    return same[0] if len(same) == 1 else None


def nearest(facts: Facts, name: str) -> list[str]:
    """Return the ids that a mistyped name may have meant, the nearest first."""
    from difflib import get_close_matches  # only a typing error pays for it

    by_word = {c.name.casefold(): c.id for c in facts.components.values()} | {i.casefold(): i for i in facts.components}
    found = [by_word[word] for word in get_close_matches(name.casefold(), by_word, n=3, cutoff=0.5)]
    return list(dict.fromkeys(found))


def _change(why: Why, times: Times, screen: Screen) -> str:
    symbols = screen.symbols
    if why.level >= 1.0:
        text, look = f"{symbols.up} up again; it had waited for this:", "up"
    elif why.level <= 0.0:
        text, look = f"{symbols.down} down:", "down"
    else:
        text, look = f"{symbols.degraded} at {about_share(why.level)}:", "degraded"
    return f"{times.at(why.at_ms)}  {screen.paint(text, look)}"


def _step(facts: Facts, link: Link, why: Why, times: Times) -> str:
    """Say one step, with the time at which it began where that is another one."""
    text = f"{name_of(facts, link.component)} {clean(link.text)}"
    if link.kind == "need" and link is why.chain[0]:
        return text
    if link.kind == "need" or link.at_ms != why.at_ms:
        level = "down" if link.level <= 0.0 else "up" if link.level >= 1.0 else f"at {about_share(link.level)}"
        return f"{text} ({level} since {times.at(link.at_ms)})"
    return text


def _at_the_end(component: ComponentFacts, times: Times, facts: Facts, screen: Screen) -> str:
    if component.restored:
        return screen.paint(f"Up since {times.at(component.levels[-1][0])}", "up")
    return screen.paint(f"Not restored by the end ({times.at(facts.end_ms)})", "down")
