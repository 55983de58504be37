"""Fuel, quota, batteries, caches and workarounds that ended in a run before what they stood in for was back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.audit.course import ROUNDING, Course, remedy_against, roots, spans_where, value_below, why_down
from impactsim.audit.findings import Finding
from impactsim.audit.repair import members_of
from impactsim.audit.single_points import listed
from impactsim.audit.spans import Span, Spans, at, common, either, plural
from impactsim.compiler import milliseconds
from impactsim.engine.state import ON_HOLDOVER, ON_STANDBY
from impactsim.quantities import format_duration

_N_TOLD = 5  # needs of which the evidence tells


def backups_spent(run: Course) -> Iterator[Finding]:
    """Yield the holdovers and standbys that were used up too early; those that stand in for the same members as one finding."""
    compiled, playback = run.estate.compiled, run.playback
    ends: dict[int, list[int]] = {}
    for entry in playback.used_up:
        need = playback.record.reserve_need[entry]
        is_told = playback.record.reserve_kind[entry] in {ON_HOLDOVER, ON_STANDBY}
        if is_told and compiled.need_component[need] < playback.n_real and _missed(run, entry):
            ends.setdefault(need, []).append(entry)
    groups: dict[tuple[int, ...], list[int]] = {}
    for need in sorted(ends):
        groups.setdefault(tuple(members_of(run.estate, need)), []).append(need)
    for needs in groups.values():
        hit = {service for need in needs for service in _hit_by(run, need, ends[need])}
        if any(run.is_asked(compiled.need_component[need], hit) for need in needs):
            yield _finding(run, needs, [entry for need in needs for entry in ends[need]], hit)


def _finding(run: Course, needs: Sequence[int], entries: Sequence[int], hit: set[int]) -> Finding:
    compiled, playback = run.estate.compiled, run.playback
    owners = list(dict.fromkeys(playback.id_of(compiled.need_component[need]) for need in needs))
    first = playback.id_of(members_of(run.estate, needs[0])[0])
    told = [_text(run, entry) for entry in entries]
    text = told[-1]
    if len(needs) > 1:
        times = [playback.record.reserve_until_ms[entry] for entry in entries]
        text = f"the reserves of {listed(owners)} against the loss of {first} end before it is back, the first {at(min(times))}"
    more = [f"and {len(told) - _N_TOLD:,} more"] if len(told) > _N_TOLD else []
    remedy = f"give {listed(owners)} {plural('a reserve that lasts/reserves that last', owners)} longer, or a backup that does not run down"
    return run.finding("backup-spent", f"{owners[0]}/{first}", text, hit, [*told[:_N_TOLD], *more], remedy)


def _hit_by(run: Course, need: int, entries: Sequence[int]) -> set[int]:
    """Return the services that lost something between the end of a reserve and the return of what it stood in for."""
    owner = run.estate.compiled.need_component[need]
    lost = either([span for entry in entries for span in _missed(run, entry)])
    return run.services_hit(owner) if common(lost, run.playback.impaired(owner)) else set()


def _missed(run: Course, entry: int) -> Spans:
    """Return the time from the end of a reserve until what it stood in for was back; none if that was no later."""
    record, compiled, playback = run.playback.record, run.estate.compiled, run.playback
    need, until_ms = record.reserve_need[entry], record.reserve_until_ms[entry]
    if record.reserve_kind[entry] == ON_STANDBY:
        lost = compiled.slot_component[compiled.slot_from[need] : record.reserve_slot[entry]]
        back_ms = playback.back_at(lost, until_ms)
    else:
        back_ms = _return_of(run, need, until_ms, 1.0 - ROUNDING)
    return [Span(until_ms, back_ms)] if back_ms > until_ms else []


def _return_of(run: Course, need: int, from_ms: int, limit: float) -> int:
    """Return when the value of a need reaches a limit again from a time on; that time if it has reached it."""
    short = spans_where(run, members_of(run.estate, need), value_below(run, need, limit))
    return next((span.to_ms for span in short if span.from_ms <= from_ms < span.to_ms), from_ms)


def _text(run: Course, entry: int) -> str:
    record, compiled, playback = run.playback.record, run.estate.compiled, run.playback
    need, until_ms = record.reserve_need[entry], record.reserve_until_ms[entry]
    members = members_of(run.estate, need)
    owner = playback.id_of(compiled.need_component[need])
    partly_ms = -1
    if record.reserve_kind[entry] == ON_STANDBY:
        slot = record.reserve_slot[entry]
        lost = members[: slot - compiled.slot_from[need]]
        lasts = format_duration(compiled.slot_lasts_ms[slot])
        what = (
            f"{playback.id_of(compiled.slot_component[slot])} can carry {owner} no longer {at(until_ms)}, after {lasts}"
        )
    else:
        lost = [member for member in members if playback.level_at(member, until_ms) < 1.0] or list(members)
        what = f"the holdover of {owner} is used up {at(until_ms)}"
        partly_ms = _return_of(run, need, until_ms, ROUNDING)
    names = [playback.id_of(member) for member in lost]
    return f"{what}, and {_return_text(run, names, _missed(run, entry)[0], partly_ms)}"


def _return_text(run: Course, names: Sequence[str], missed: Span, partly_ms: int) -> str:
    """Say when what was lost is back, and since when in part; a time of -1 says nothing of parts."""
    who = names[0] if len(names) == 1 else f"enough of {listed(names)}"
    partly = ""
    if 0 <= partly_ms < missed.to_ms:
        partly = f" (partly {at(partly_ms)})" if partly_ms > missed.from_ms else " (partly before)"
    if missed.to_ms > run.playback.end_ms:
        return f"{who} is not back by the end of the run{partly}"
    return f"{who} is back {at(missed.to_ms)}{partly}"


# Workarounds.


def workarounds(run: Course) -> Iterator[Finding]:
    """Yield the workarounds that were down, or at their end, while their service was not up (S6.3)."""
    estate, playback = run.estate, run.playback
    for i, (owner, place) in enumerate(estate.names.workarounds):
        service = estate.names.index[owner]
        losses = playback.impaired(service) if service in run.asked else []
        words = estate.system.components[owner].workarounds[place]
        after_ms, lasts_ms = milliseconds(words.after), milliseconds(words.lasts, -1)
        lost = [Span(span.from_ms + after_ms, span.to_ms) for span in losses if span.from_ms + after_ms < span.to_ms]
        wanted = [
            span if lasts_ms < 0 else Span(span.from_ms, min(span.to_ms, span.from_ms + lasts_ms)) for span in lost
        ]
        failed = common([span for span in wanted if span.from_ms < span.to_ms], playback.down(playback.n_real + i))
        if failed:
            yield _workaround_down(run, service, place, playback.n_real + i, failed)
        outlasted = [(over, span) for over, span in zip(wanted, lost, strict=True) if over.to_ms < span.to_ms]
        if outlasted:
            yield _workaround_spent(run, service, place, lasts_ms, outlasted)


def _workaround_down(run: Course, service: int, place: int, component: int, failed: Spans) -> Finding:
    playback, owner = run.playback, run.playback.id_of(service)
    when_down = [
        (component, max(span.from_ms for span in playback.down(component) if span.from_ms <= failed[0].from_ms))
    ]
    return run.finding(
        "workaround-down",
        f"{owner}/{place + 1}",
        f"workaround {place + 1} of {owner} is down while {owner} is not up: {run.when(failed)}",
        {service},
        [*why_down(run, service, failed), *why_down(run, component, failed)],
        remedy_against(run, when_down),
        roots(run, when_down),
    )


def _workaround_spent(
    run: Course, service: int, place: int, lasts_ms: int, outlasted: Sequence[tuple[Span, Span]]
) -> Finding:
    owner, end_ms = run.playback.id_of(service), run.playback.end_ms
    told = [
        f"workaround {place + 1} of {owner} ends {at(over.to_ms)}, after {format_duration(lasts_ms)}, and {owner} is "
        + ("not back by the end of the run" if loss.to_ms > end_ms else f"back {at(loss.to_ms)}")
        for over, loss in outlasted
    ]
    remedy = f"plan what the users of {owner} do when workaround {place + 1} is over"
    return run.finding("backup-spent", f"{owner}/workaround-{place + 1}", told[-1], {service}, told, remedy)
