"""What runs out if nothing is repaired, and what goes down with it."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.engine.users import Range
from impactsim.model.system import System
from impactsim.outage.facts import EndKind, Fall, RunsOut
from impactsim.outage.snapshot import level_at, people_at
from impactsim.outage.workarounds import workarounds_of
from impactsim.reports.facts import ComponentFacts, Facts, Link, Reserve, Why
from impactsim.reports.words import joined


def runs_out(system: System, ahead: Facts, at_ms: int) -> tuple[RunsOut, ...]:
    """Return what runs out after a time and takes services down, the next first.

    Parameters
    ----------
    system
        The system.
    ahead
        How the outage goes on without repairs (`snapshot.unrepaired`).
    at_ms
        Now.
    """
    groups: dict[tuple[int, str, Reserve | None], tuple[Link, list[Fall]]] = {}
    for service in ahead.services:
        for why, level in _falls(ahead.components[service], at_ms):
            link, reserve = _what_ran_out(ahead, why, at_ms)
            when_ms = why.at_ms if reserve is None else link.at_ms
            _, falls = groups.setdefault((when_ms, link.component, reserve), (link, []))
            falls.append(Fall(service, why.at_ms, level))
    found = [_group(ahead, key, link, falls) for key, (link, falls) in groups.items()]
    found += _workarounds(system, ahead, at_ms)
    return tuple(sorted(found, key=lambda each: each.at_ms))  # stable


def _falls(component: ComponentFacts, at_ms: int) -> Iterator[tuple[Why, float]]:
    """Yield each time after `at_ms` at which a component comes lower than it ever was until then."""
    lowest = level_at(component, at_ms)
    for why in component.why:
        if why.at_ms > at_ms and why.level < lowest:
            lowest = why.level
            yield why, why.level


def _what_ran_out(ahead: Facts, why: Why, at_ms: int) -> tuple[Link, Reserve | None]:
    """Return the reserve whose end stands first behind a fall, and who rested on it; without one what failed first."""
    chain = why.chain
    for link in reversed(chain):
        if link.at_ms > at_ms:
            ended = next((each for each in ahead.components[link.component].reserve if _ended(each, link)), None)
            if ended is not None:
                return link, ended
    return chain[-1], None


def _ended(reserve: Reserve, link: Link) -> bool:
    return reserve.until_ms == reserve.to_ms == link.at_ms and reserve.purpose in ("run", "stay_up")


def _group(ahead: Facts, key: tuple[int, str, Reserve | None], link: Link, falls: list[Fall]) -> RunsOut:
    when_ms, component, reserve = key
    falls.sort(key=lambda each: each.at_ms)  # stable
    people = people_at(ahead, falls[-1].at_ms)
    if reserve is None:
        text = f"{_name(ahead, component)} {link.text}"
        return RunsOut(when_ms, component, "other", (), (), text, tuple(falls), people)
    text = _text(ahead, component, reserve)
    kind: EndKind = "holdover" if reserve.by == "holdover" else "standby"
    return RunsOut(when_ms, component, kind, reserve.of, reserve.on, text, tuple(falls), people)


def _text(ahead: Facts, component: str, reserve: Reserve) -> str:
    of = joined([_name(ahead, each) for each in reserve.of], 2)
    if reserve.by == "holdover":
        return f"{_name(ahead, component)} (holdover without {of}) is empty"
    return f"{joined([_name(ahead, each) for each in reserve.on], 2)} can no longer carry {_name(ahead, component)}"


def _workarounds(system: System, ahead: Facts, at_ms: int) -> Iterator[RunsOut]:
    """Yield the workarounds that are there now, or soon, and cannot be kept up."""
    for each in (found for service in ahead.services for found in workarounds_of(system, ahead, service, at_ms)):
        if not each.is_up or each.until_ms is None or not max(at_ms, each.from_ms) < each.until_ms <= ahead.end_ms:
            continue
        what = next(iter(each.words.text.values()), "").rstrip(".。")
        name = _name(ahead, each.service)
        text = f"workaround of {name} ends" + (f": {what}" if what else "")
        people: Range = people_at(ahead, each.until_ms)
        yield RunsOut(each.until_ms, each.service, "workaround", (), (), text, (), people)


def _name(ahead: Facts, component: str) -> str:
    return ahead.components[component].name
