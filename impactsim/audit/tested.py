"""Standbys, quorums, pools and ways to repair that a run put to the test, and that did not hold.

A standby is needed while all members listed before it are down or spent; a way to repair while the repair is wanted; a quorum, or a
pool that can lose a member, is looked at when too little is left of it. Redundancies with the same members that
failed in the same way are one finding, whoever leans on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from impactsim.audit.course import ROUNDING, Course, Levels, remedy_against, roots, spans_where, value_below, why_down
from impactsim.audit.findings import Finding
from impactsim.audit.playback import Held
from impactsim.audit.repair import members_of
from impactsim.audit.single_points import listed
from impactsim.audit.spans import Span, Spans, common, either, plural
from impactsim.compiled import GROUP, ORDER, POOL, REPAIR, START
from impactsim.quantities import format_duration

_N_TOLD = 5  # members and owners of which the evidence tells


@dataclass(frozen=True, slots=True)
class _Test:
    """A redundancy that did not hold when it was needed."""

    need: int
    failed: dict[int, Spans]
    """When each member (by slot) was down, or would not start, while it was needed."""
    kept: tuple[int, ...]
    """Slots of members that were needed and there."""
    none_left: Spans
    """When too few members were left."""


def backups_down(run: Course) -> Iterator[Finding]:
    """Yield the redundancies that did not hold when they were needed."""
    groups: dict[tuple[object, ...], list[_Test]] = {}
    compiled = run.estate.compiled
    for need in _redundancies(run):
        test = _tested(run, need)
        if test is not None:
            first = compiled.slot_from[need]
            failed = tuple(slot - first for slot in test.failed)
            is_repair = compiled.need_purpose[need] == REPAIR
            form = (compiled.need_form[need], compiled.need_k[need], tuple(members_of(run.estate, need)))
            groups.setdefault((is_repair, *form, failed), []).append(test)
    for tests in groups.values():
        finding = _finding_of_tests(run, tests)
        if finding is not None:
            yield finding


def _redundancies(run: Course) -> list[int]:
    """Return the needs with members to spare of which one was ever not up, by number."""
    compiled, found = run.estate.compiled, set()
    for component in run.playback.affected:
        for i in range(compiled.use_from[component], compiled.use_from[component + 1]):
            need = compiled.slot_need[compiled.use_slot[i]]
            if need not in found and compiled.need_component[need] < run.playback.n_real and _can_lose_one(run, need):
                found.add(need)
    return sorted(found)


def _can_lose_one(run: Course, need: int) -> bool:
    compiled = run.estate.compiled
    n_members = compiled.slot_from[need + 1] - compiled.slot_from[need]
    return n_members > 1 and (compiled.need_form[need] != ORDER or compiled.need_k[need] < n_members)


def _tested(run: Course, need: int) -> _Test | None:
    form = run.estate.compiled.need_form[need]
    return _tested_group(run, need) if form == GROUP else _tested_together(run, need)


def _tested_group(run: Course, need: int) -> _Test | None:
    """Go down the list of a standby group: each member is needed while those before it cannot serve."""
    compiled, playback = run.estate.compiled, run.playback
    first = compiled.slot_from[need]
    needed = _wanted(run, need)
    failed: dict[int, Spans] = {}
    kept = []
    for slot in range(first, compiled.slot_from[need + 1]):
        dead = [Span(0, playback.until_ms)] if compiled.slot_dead[slot] else []
        down = either(playback.down(compiled.slot_component[slot]), dead)
        is_backup = slot > first or compiled.need_purpose[need] == REPAIR
        if is_backup and common(needed, down):
            failed[slot] = common(needed, down)
        elif needed and slot > first:
            kept.append(slot)
        needed = common(needed, either(down, run.playback.spent.get(slot, [])))
    return _Test(need, failed, tuple(kept), needed) if failed else None


def _wanted(run: Course, need: int) -> Spans:
    """Return when a need counts: one to repair while a repair is wanted, one to start while its component is not up."""
    owner, purpose = run.estate.compiled.need_component[need], run.estate.compiled.need_purpose[need]
    if purpose == REPAIR:
        return run.playback.repairs.get(owner, [])
    return run.playback.impaired(owner) if purpose == START else [Span(0, run.playback.until_ms)]


def _tested_together(run: Course, need: int) -> _Test | None:
    """Tell when too little was left of a quorum or pool, and who was down then."""
    compiled, playback = run.estate.compiled, run.playback
    slots = range(compiled.slot_from[need], compiled.slot_from[need + 1])
    is_short = _shortage(run, need)
    short = common(_wanted(run, need), spans_where(run, members_of(run.estate, need), is_short))
    if not short:
        return None
    down = {slot: common(short, playback.down(compiled.slot_component[slot])) for slot in slots}
    failed = {slot: spans for slot, spans in down.items() if spans}
    return _Test(need, failed, (), short) if failed else None


def _shortage(run: Course, need: int) -> Callable[[Levels], bool]:
    """Return what tells by the levels of the members that too little is left; a pool without spare is short at 0."""
    compiled = run.estate.compiled
    if compiled.need_form[need] != POOL:
        return value_below(run, need, ROUNDING)
    capacities = compiled.slot_capacity[compiled.slot_from[need] : compiled.slot_from[need + 1]]
    demand = compiled.need_demand[need]
    has_spare = sum(capacities) - min(capacities) >= demand * (1.0 - ROUNDING)
    return value_below(run, need, 1.0 - ROUNDING if has_spare else ROUNDING)


def _finding_of_tests(run: Course, tests: Sequence[_Test]) -> Finding | None:
    compiled = run.estate.compiled
    test, need = tests[0], tests[0].need
    owners = [compiled.need_component[each.need] for each in tests]
    hit = {service for each in tests for service in _hit_by(run, each)}
    if not any(run.is_asked(owner, hit) for owner in owners):
        return None
    members = members_of(run.estate, need)
    first = run.playback.id_of(members[0])
    names = [run.playback.id_of(owner) for owner in owners]
    failed = [(compiled.slot_component[slot], spans[0].from_ms) for slot, spans in test.failed.items()]
    return run.finding(
        "backup-down",
        f"{names[0]}/{first}",
        _text_of_test(run, test, names),
        hit,
        _evidence_of_test(run, test),
        remedy_against(run, failed),
        roots(run, failed),
    )


def _hit_by(run: Course, test: _Test) -> set[int]:
    """Return the services that a redundancy which did not hold cost something."""
    compiled, playback = run.estate.compiled, run.playback
    owner = compiled.need_component[test.need]
    if compiled.need_purpose[test.need] == REPAIR:
        is_hit = test.need in playback.held
    else:
        is_hit = bool(common(test.none_left, playback.impaired(owner))) or playback.went_down_by(
            owner, test.need, either(*test.failed.values())
        )
    return run.services_hit(owner) if is_hit else set()


def _text_of_test(run: Course, test: _Test, owners: Sequence[str]) -> str:
    compiled = run.estate.compiled
    failed = [run.playback.id_of(compiled.slot_component[slot]) for slot in test.failed]
    who, are = listed(failed), plural("is/are", failed)
    need = test.need
    if compiled.need_purpose[need] == REPAIR:
        return f"{who} {are} down while the repair of {listed(owners)} needs {plural('it/them', failed)}"
    if compiled.need_form[need] == GROUP:
        before = run.playback.id_of(members_of(run.estate, need)[0])
        return f"{who} {are} down while {listed(owners)} {plural('needs/need', owners)} {plural('it/them', failed)} in place of {before}"
    n_members = len(members_of(run.estate, need))
    if compiled.need_form[need] == POOL:
        return f"{who} {are} down together: too little is left of the {n_members} that carry {listed(owners)}"
    return f"{who} {are} down together: {listed(owners)} {plural('needs/need', owners)} {compiled.need_k[need]} of {n_members}"


def _evidence_of_test(run: Course, test: _Test) -> Iterator[str]:
    compiled, playback = run.estate.compiled, run.playback
    first = compiled.slot_from[test.need]
    if compiled.need_form[test.need] == GROUP and first not in test.failed:
        yield from why_down(run, compiled.slot_component[first], playback.down(compiled.slot_component[first]))
    for slot in list(test.failed)[:_N_TOLD]:
        if compiled.slot_dead[slot]:
            yield f"{playback.id_of(compiled.slot_component[slot])} does not start when it is called (fails_to_start)"
        else:
            yield from why_down(run, compiled.slot_component[slot], test.failed[slot])
    if len(test.failed) > _N_TOLD:
        yield f"and {len(test.failed) - _N_TOLD:,} more"
    for slot in test.kept[:_N_TOLD]:
        yield _about_kept(run, slot)
        yield from _half_lost(run, compiled.slot_component[slot], either(*test.failed.values()))
    if test.none_left:
        yield f"nothing else is left {run.when(test.none_left)}"
    for held in playback.held.get(test.need, ())[:_N_TOLD]:
        yield f"the repair of {playback.id_of(held.component)} is held up {run.when([held.span])}"


def _about_kept(run: Course, slot: int) -> str:
    compiled = run.estate.compiled
    stays = f"{run.playback.id_of(compiled.slot_component[slot])} stays"
    wait_ms = compiled.slot_failover_ms[slot]
    return f"{stays}, and the switch to it takes {format_duration(wait_ms)}" if wait_ms else stays


def _half_lost(run: Course, component: int, spans: Spans) -> Iterator[str]:
    """Say which first choice of its own a member that stays has lost meanwhile."""
    compiled = run.estate.compiled
    for need in range(compiled.need_from[component], compiled.need_from[component + 1]):
        first = compiled.slot_component[compiled.slot_from[need]]
        if compiled.need_form[need] == GROUP and common(spans, run.playback.down(first)):
            for told in why_down(run, first, common(spans, run.playback.down(first))):
                yield f"{run.playback.id_of(component)} does without its first choice: {told}"


# Repairs.


def repairs_held_up(run: Course) -> Iterator[Finding]:
    """Yield which repairs waited for what; where there are several ways, `backups_down` says it."""
    groups: dict[tuple[int, ...], list[Held]] = {}
    for need, held in sorted(run.playback.held.items()):
        if not _can_lose_one(run, need):
            groups.setdefault(tuple(members_of(run.estate, need)), []).extend(held)
    for members, held in groups.items():
        owners = sorted({each.component for each in held})
        hit = {service for owner in owners for service in run.services_hit(owner)}
        if not any(run.is_asked(owner, hit) for owner in owners):
            continue
        names, wanted = [run.playback.id_of(each) for each in owners], [run.playback.id_of(each) for each in members]
        spans = either([each.span for each in held])
        yield run.finding(
            "repair-held-up",
            f"{names[0]}/{wanted[0]}",
            f"the repair of {listed(names)} waits for {listed(wanted)}: {run.when(spans)}",
            hit,
            _evidence_of_held(run, held, members),
            f"make the repair of {listed(names)} possible without {listed(wanted)}, or have another way",
        )


def _evidence_of_held(run: Course, held: Sequence[Held], members: Sequence[int]) -> Iterator[str]:
    for component, _, span in sorted(held)[:_N_TOLD]:
        yield f"the repair of {run.playback.id_of(component)} is held up {run.when([span])}"
    if len(held) > _N_TOLD:
        yield f"and {len(held) - _N_TOLD:,} more"
    for member in members[:_N_TOLD]:
        yield from why_down(run, member, either([each.span for each in held]))
