"""Facts written by hand, for tests of what is made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from impactsim.engine.users import NOBODY, Affected, Range
from impactsim.reports.facts import ComponentFacts, Facts, Link, LinkKind, Moment, Why

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
START = datetime.fromisoformat("2026-03-02T14:00+01:00")


def component(id_: str, *levels: tuple[int, float], end_ms: int = 10 * HOUR, **words: Any) -> ComponentFacts:
    """A component with these changes of level after an up start."""
    history = ((0, 1.0), *levels) if not levels or levels[0][0] > 0 else levels
    ends = [*(at_ms for at_ms, _ in history[1:]), end_ms]
    lengths = [(level, until_ms - at_ms) for (at_ms, level), until_ms in zip(history, ends, strict=True)]
    facts = ComponentFacts(
        id=id_,
        name=id_,
        kind="service",
        levels=history,
        down_ms=sum(length for level, length in lengths if level == 0.0),
        degraded_ms=sum(length for level, length in lengths if 0.0 < level < 1.0),
        restored=history[-1][1] == 1.0,
    )
    return replace(facts, **words)


def because(at_ms: int, *steps: tuple[str, LinkKind, str], level: float = 0.0) -> Why:
    """An explanation from the component itself to what failed first."""
    why = None
    for name, kind, text in reversed(steps):
        why = Why(Link(name, kind, text, at_ms, level), why)
    assert why is not None
    return why


def affected(low: float, estimate: float | None, high: float, *, minutes: float = 0.0, out_ms: float = 0.0) -> Affected:
    """A group whose curve is its largest number all the time, which lost as many minutes by each bound."""
    count = Range(low, estimate, high)
    return Affected(count, count, count.times(minutes), Range(0, 0, out_ms), [(0, count)])


NO_USERS = Affected(NOBODY, NOBODY, NOBODY, NOBODY, [(0, NOBODY)])


def facts(*components: ComponentFacts, **words: Any) -> Facts:
    """A run of these components."""
    run = Facts(
        system="System",
        scenario="Scenario",
        starts=None,
        seed=0,
        end_ms=10 * HOUR,
        is_over=True,
        has_horizon=False,
        components={each.id: each for each in components},
        services=tuple(each.id for each in components if each.kind == "service"),
        repairs=(),
        data={},
        deadlocks=(),
        segments={},
        users=NO_USERS,
        has_users=False,
        moments=(),
        unaffected={},
        guesses={},
        sources={},
        warnings=(),
    )
    return replace(run, **words)


def down(at_ms: int, *ids: str) -> Moment:
    """A moment at which these went down."""
    return Moment(at_ms, "down", ids, f"{', '.join(ids)}: down")
