"""Restart: can the whole system come back from all-down, in which order, and what must people start by hand?

One finding for each circle that keeps components from starting, and a note with the order, its time, and whether a timed run agrees.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity, severity_of_loss
from impactsim.audit.restart_plan import RestartCircle, Restarting, RestartPlan, RestartWave, restart_plan
from impactsim.audit.single_points import listed
from impactsim.quantities import about_duration

__all__ = ["RestartCircle", "RestartPlan", "RestartWave", "findings", "findings_of", "restart_plan"]

_N_NAMES = 8  # of one wave
_N_WAVES = 12  # of one order
_N_STEPS = 8  # of one circle or chain
_NEXT_MS = 1  # a switch that takes no time serves a millisecond later


def findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return a finding for each circle that keeps the system from coming back, and a note with the order and its time.

    A circle that holds up no service is told where all services are asked about. The note is always there: a restart is one of the
    whole system.
    """
    return findings_of(Restarting(estate), services)


def findings_of(restarting: Restarting, services: Collection[int]) -> list[Finding]:
    """Return the findings about a restart that was worked out before."""
    estate, plan = restarting.estate, restarting.plan
    asked, all_services = set(services), set(estate.services)
    wave_of = {name: i for i, wave in enumerate(plan.waves) for name in (*wave.by_itself, *wave.by_hand)}
    told = []
    for numbers, circle in zip(restarting.found.circles, plan.circles, strict=True):
        down = all_services.intersection(numbers.holds_up)
        hit = down & asked
        if hit or (not down and asked >= all_services):
            evidence = tuple(_evidence(estate, plan, circle, wave_of))
            told.append(_of_circle(estate, circle, down, estate.ids_of(hit), evidence))
    return [*told, _order(estate, restarting, plan)]


def _of_circle(
    estate: Estate,
    circle: RestartCircle,
    down: set[int],
    hit: tuple[str, ...],
    evidence: tuple[str, ...],
) -> Finding:
    share = estate.share_lost(down)
    return Finding(
        id=f"restart/{circle.members[0]}",
        kind="restart",
        severity=severity_of_loss(share) if down else Severity.LOW,
        text=_text(circle),
        services=hit,
        events=circle.way_ids,
        users=estate.users_lost(down),
        evidence=evidence,
        remedy=_remedy(circle),
        figures=(
            ("stuck", float(len(circle.stuck))),
            ("starts_by_hand", float(len(circle.break_glass))),
            ("needs_to_let_go", float(len(circle.let_go))),
            ("share_of_users" if estate.people else "share_of_services", share),
        ),
    )


def _text(circle: RestartCircle) -> str:
    others = len(circle.stuck) - len(circle.members)
    more = f", and {others} more with them" if others else ""
    if len(circle.members) == 1:
        return f"after an all-down {circle.members[0]} does not start by itself: it waits for what does not come back{more}"
    who = listed(circle.members)
    if circle.let_go:
        return f"after an all-down no start by hand brings back {who}: they wait for one another to stay up{more}"
    return f"after an all-down {who} do not start by themselves: they wait for one another{more}"


def _evidence(estate: Estate, plan: RestartPlan, circle: RestartCircle, wave_of: dict[str, int]) -> Iterator[str]:
    yield ", ".join(_shortened(circle.way))
    if circle.let_go:
        yield f"{_one_or_all(circle.let_go)}: {'; '.join(_shortened(circle.let_go))}{_or(circle.or_let_go)}"
        yield "a start by hand does without what is needed to start, not without what is needed to stay up"
    else:
        yield f"break-glass: start {listed(circle.break_glass, _N_NAMES)} by hand{_or(circle.or_start)}"
        yield from _follows(circle, wave_of)
    if not circle.is_smallest:
        yield "this set does; that no smaller one does is not proven"
    yield _proof(estate, plan)


def _one_or_all(needs: tuple[str, ...]) -> str:
    return "this need would have to go" if len(needs) == 1 else f"these {len(needs)} needs would have to go"


def _or(others: tuple[str, ...]) -> str:
    return f"; or {listed(others, _N_NAMES)} instead" if others else ""


def _follows(circle: RestartCircle, wave_of: dict[str, int]) -> Iterator[str]:
    """Yield in which order everything that waits for the circle begins."""
    by_hand = set(circle.break_glass)
    waves: dict[int, list[str]] = {}
    for name in (*circle.break_glass, *(name for name in circle.stuck if name not in by_hand)):
        if name in wave_of:
            waves.setdefault(wave_of[name], []).append(f"{name} by hand" if name in by_hand else name)
    lines = [listed(names, _N_NAMES) for _, names in sorted(waves.items())]
    if lines:
        yield f"order: {', then '.join(_shortened(lines))}"


def _proof(estate: Estate, plan: RestartPlan) -> str:
    if plan.disagrees:
        return f"not proven: a timed run from all-down disagrees on {listed(plan.disagrees)}"
    told = "replayed in a timed run from all-down: all that can come back serves"
    if plan.takes_ms > _NEXT_MS:
        told += f" after {about_duration(plan.takes_ms)}"
    return told if _has_restarts(estate) else f"{told}; nobody gives restart times"


def _shortened(parts: tuple[str, ...] | list[str]) -> list[str]:
    if len(parts) <= _N_STEPS:
        return list(parts)
    return [*parts[: _N_STEPS - 2], f"... ({len(parts) - _N_STEPS + 1} more)", parts[-1]]


def _remedy(circle: RestartCircle) -> str:
    if circle.let_go:
        return f"let go of what keeps them apart: {'; '.join(_shortened(circle.let_go))}{_or(circle.or_let_go)}"
    who = listed(circle.break_glass, _N_NAMES)
    if len(circle.members) == 1:
        return f"write down how {who} is started without what it waits for, and try it"
    return (
        f"write down how {who} can be started without the others, keep what that takes at hand and offline, and try it"
    )


# The order.


def _order(estate: Estate, restarting: Restarting, plan: RestartPlan) -> Finding:
    # What only time keeps down is no circle, and would be in no other finding.
    surprises = [c for c in restarting.disagrees if restarting.times.up_ms[c] < 0 and c not in restarting.found.lost]
    down = set(surprises).intersection(estate.services)
    is_fine = not surprises
    return Finding(
        id="restart",
        kind="restart",
        severity=Severity.NOTE if is_fine else severity_of_loss(estate.share_lost(down)),
        text=_text_of_order(estate, plan) if is_fine else _text_of_surprise(estate.ids_of(surprises)),
        services=estate.ids_of(down),
        users=estate.users_lost(down),
        evidence=tuple(_evidence_of_order(estate, plan)),
        remedy=_remedy_of_order(plan) if is_fine else _REMEDY_OF_SURPRISE,
        figures=(
            ("waves", float(len(plan.waves))),
            ("takes_minutes", plan.takes_ms / 60_000),
            ("stuck", float(len(plan.stuck))),
            ("lost", float(len(plan.lost))),
            ("starts_by_hand", float(len(plan.break_glass))),
        ),
    )


_REMEDY_OF_SURPRISE = (
    "let fuel and other reserves last longer than the restart that they carry, or start by hand in another order"
)


def _text_of_surprise(ids: tuple[str, ...]) -> str:
    return (
        f"after an all-down time keeps down {listed(ids)}: they could start, but what carries the start does not last"
    )


def _text_of_order(estate: Estate, plan: RestartPlan) -> str:
    took = f"in {len(plan.waves)} wave{'s' if len(plan.waves) > 1 else ''}, {_how_long(estate, plan)}"
    starts = ""
    if plan.break_glass:
        starts = f"with {len(plan.break_glass)} start{'s' if len(plan.break_glass) > 1 else ''} by hand "
    if not plan.lost:
        return f"after an all-down everything comes back {starts or 'by itself '}{took}"
    n = len(estate.names.components)
    if not plan.waves:
        return f"after an all-down {len(plan.lost):,} of {n:,} components never come back"
    return f"after an all-down {len(plan.lost):,} of {n:,} components never come back, the others do {starts}{took}"


def _how_long(estate: Estate, plan: RestartPlan) -> str:
    if not _has_restarts(estate):
        return "and nobody says how long restarts take"
    return f"after {about_duration(plan.takes_ms)}" if plan.takes_ms > _NEXT_MS else "at once"


def _has_restarts(estate: Estate) -> bool:
    """Does anybody give restart times? A 0 that is written down is one."""
    return any(each.restart is not None for each in estate.system.components.values())


def _evidence_of_order(estate: Estate, plan: RestartPlan) -> Iterator[str]:
    if len(plan.slowest) > 1:
        steps = [f"{name} ({about_duration(ms) if ms else 'at once'})" for name, ms in plan.slowest]
        yield f"the slowest: {' needs '.join(_shortened(steps))}"
    for number, wave in enumerate(plan.waves[:_N_WAVES], 1):
        names = [*(f"{name} by hand" for name in wave.by_hand), *wave.by_itself]
        yield f"wave {number}: {listed(names, _N_NAMES)}"
    if len(plan.waves) > _N_WAVES:
        yield f"and {len(plan.waves) - _N_WAVES} more waves"
    if plan.break_glass and not plan.is_smallest:
        yield "that no smaller set of starts by hand does is not proven"
    yield _proof(estate, plan)
    yield "everything is taken as whole, charges of holdovers as empty, restart times as their medians"


def _remedy_of_order(plan: RestartPlan) -> str:
    if plan.comes_back_by_itself:
        return "keep this order in the recovery plan, and compare its time with what was promised"
    return "keep this order in the recovery plan, with who does each start by hand and how"
