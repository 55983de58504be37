"""Backups in one run of a scenario: which are down when they are needed, from when and through what.

The scenario runs once with the medians. Looked at is every redundancy that the run puts to the test: a standby is needed while all
members listed before it are down or spent; a way to repair while the repair is wanted; a quorum, or a pool that can lose a
member, when too little is left of it; a copy when the data is destroyed; a workaround while its service is not up; a
channel as well. A holdover is a backup, too: it is spent if the loss that it hides outlasts it.

Redundancies with the same members are one finding, whoever leans on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from impactsim.audit.channels import channels_of
from impactsim.audit.course import Course, remedy_against, roots, why_down
from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.playback import Playback
from impactsim.audit.repair import with_own_ids
from impactsim.audit.single_points import listed
from impactsim.audit.spans import Span, at, common, either, plural
from impactsim.audit.spent import backups_spent, workarounds
from impactsim.audit.tested import backups_down, repairs_held_up
from impactsim.files.reading import LoadedScenario
from impactsim.quantities import format_duration


def findings_under(estate: Estate, loaded: LoadedScenario, services: Collection[int]) -> list[Finding]:
    """Run a scenario once and return which backups failed in it.

    Parameters
    ----------
    estate
        The system with the scenario's changes: ``Estate(loaded.system)``.
    loaded
        The scenario.
    services
        Numbers of the services that are looked at. A backup that failed without a service noticing is told if one of these leans on it.

    Returns
    -------
    list of Finding
        Of kind ``backup-down``, ``backup-spent``, ``repair-held-up``, ``workaround-down``, ``copy-down`` and
        ``channel-down-in-scenario``, in this order.
    """
    run = Course(estate, Playback(estate, loaded), set(services))
    found = [
        *backups_down(run),
        *backups_spent(run),
        *repairs_held_up(run),
        *workarounds(run),
        *_copies(run),
        *_channels(run),
    ]
    return with_own_ids(found)


# Copies.


def _copies(run: Course) -> Iterator[Finding]:
    """Tell which copies of destroyed data could not be had: those before the one that was taken, or all."""
    playback, compiled = run.playback, run.estate.compiled
    for component, faults in playback.destroyed.items():
        copies = range(compiled.copy_from[component], compiled.copy_from[component + 1])
        hit = run.services_hit(component)
        fault = next((each for each in faults if _is_missed(playback, each, copies)), None)
        if copies and fault is not None and run.is_asked(component, hit):
            yield _finding_of_copies(run, fault, component, copies, hit)


def _is_missed(playback: Playback, fault: int, copies: range) -> bool:
    """Could a copy not be had that would have been taken?"""
    return playback.is_lost[fault] or playback.taken[fault] > copies.start or bool(playback.waits_for_copy(fault))


def _finding_of_copies(run: Course, fault: int, component: int, copies: range, hit: Collection[int]) -> Finding:
    playback, compiled = run.playback, run.estate.compiled
    name, taken = playback.id_of(component), playback.taken[fault]
    missed = copies if playback.is_lost[fault] or taken < 0 else range(copies.start, taken)
    texts = [_about_copy(run, fault, copy, copy - copies.start + 1) for copy in missed]
    none = "its only copy cannot be had" if len(copies) == 1 else f"none of its {len(copies)} copies can be had"
    if playback.is_lost[fault]:
        text = f"{name} is lost for good: {none}"
    elif taken < 0:
        text = f"{name} waits for a copy to the end of the run: {none}"
    elif missed:
        text = f"{len(missed)} of the {len(copies)} copies of {name} cannot be had when it is destroyed"
    else:
        text = f"the restore of {name} waits for its copy: {run.when(playback.waits_for_copy(fault))}"
    if not playback.is_lost[fault] and taken >= 0:
        texts.append(_about_taken(run, fault, taken, taken - copies.start + 1))
    places = sorted({playback.id_of(compiled.copy_place[copy]) for copy in missed if compiled.copy_works[copy]})
    apart = f"keep a copy of {name} away from {listed(places)}" if places else ""
    tests = f"test the restore of the copies of {name}" if any(not compiled.copy_works[copy] for copy in missed) else ""
    remedy = "; ".join(part for part in (apart, tests) if part) or f"keep a second copy of {name} elsewhere"
    return run.finding("copy-down", name, text, hit, texts, remedy)


def _about_copy(run: Course, fault: int, copy: int, number: int) -> str:
    """Say why a copy could not be had."""
    playback, compiled = run.playback, run.estate.compiled
    place = compiled.copy_place[copy]
    name, since_ms = f"copy {number} at {playback.id_of(place)}", playback.plan.fault_at_ms[fault]
    if not compiled.copy_works[copy]:
        return f"{name} does not work (fails)"
    end_ms = playback.job_span(fault).to_ms
    begun = [playback.plan.fault_at_ms[each] for each in playback.destroyed.get(place, ())]
    gone = [at_ms for at_ms in begun if at_ms < end_ms]
    if gone:
        return f"{name} is gone: {playback.id_of(place)} was destroyed {at(min(gone))}"
    spans = common(playback.down(place), [Span(since_ms, end_ms)])
    if not spans:
        return f"{name} was there again when another had been taken"
    down = next(span for span in playback.down(place) if common([span], spans))
    return f"{name} cannot be had {run.when([down])}: {playback.reason_text(place, down.from_ms)}"


def _about_taken(run: Course, fault: int, copy: int, number: int) -> str:
    compiled, playback = run.estate.compiled, run.playback
    done = playback.job_span(fault).to_ms
    ends = "not restored by the end of the run" if done > playback.end_ms else f"restored {at(done)}"
    lost = f"with the loss of {format_duration(compiled.copy_age_ms[copy])} of data"
    return f"copy {number} at {playback.id_of(compiled.copy_place[copy])} is taken, {lost}; {ends}"


# Channels.


def _channels(run: Course) -> Iterator[Finding]:
    playback, estate = run.playback, run.estate
    channels = channels_of(estate)
    used = [
        each for each in sorted(run.asked) if each not in channels and (not estate.people or each in estate.users_of)
    ]
    losses = {service: spans for service in used if (spans := playback.impaired(service))}
    lost = either(*losses.values())
    for channel in channels:
        silent = common(lost, playback.down(channel))
        if not silent:
            continue
        others = [each for each in channels if each != channel and not common(silent, playback.down(each))]
        stays = [playback.id_of(each) for each in others]
        hit = [service for service, spans in losses.items() if common(spans, silent)]
        name = playback.id_of(channel)
        rest = f"{listed(stays)} {plural('stays/stay', stays)}" if stays else "no other channel stays"
        finding = run.finding(
            "channel-down-in-scenario",
            name,
            f"{name} is down {run.when(silent)}, while {listed(list(map(playback.id_of, hit)))} "
            f"{plural('is/are', hit)} not up; {rest}",
            hit,
            [*why_down(run, channel, silent), rest],
            remedy_against(run, [(channel, silent[0].from_ms)]),
            roots(run, [(channel, silent[0].from_ms)]),
        )
        yield finding if not stays else replace(finding, severity=Severity.LOW)
