"""Users: the same as a second reading, bounds around the estimate, the peak below all who were affected (S6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agreement.random_systems import PROFILES
from engine.audiences import UNKNOWN, Group, Service, Workaround, audience_of, count, record_of
from impactsim.audience import Steps
from impactsim.engine.crowd import DONE, MORE_ACTIVITY, N_CHARGED, N_ROWS, Crowd, lengthen_curves, new_crowd
from impactsim.engine.users import Affected, Curve, Range, count_users
from properties.users_by_objects import affected_users, service_loss
from properties.worlds import facts_of, random_words, repeatable, seeds

END_MS = 1000
ROOTS = 3
shares = st.sampled_from((0.0, 0.1, 0.3, 0.5, 0.9, 1.0))
# Few times, so that much falls on one millisecond.
times = st.sampled_from(range(0, END_MS + 100, 50)) | st.integers(1, END_MS)
lengths = st.sampled_from((0, 50, 100, 250)) | st.integers(0, 300)


@st.composite
def steps(draw: st.DrawFn) -> Steps:
    return [(at_ms, draw(shares)) for at_ms in sorted({0, *draw(st.lists(times, max_size=5))})]


@st.composite
def services(draw: st.DrawFn) -> Service:
    workaround = st.builds(Workaround, shares, lengths, st.just(-1) | lengths, steps())
    levels = draw(steps())
    return Service(
        levels,
        draw(st.lists(workaround, max_size=2)),
        [draw(st.integers(-1, ROOTS - 1)) if level < 1.0 else -1 for _, level in levels],
    )


World = dict[str, Service]
Groups = dict[str, Group]
names = st.sampled_from("abcde")
worlds = st.dictionaries(st.sampled_from("abcd"), services(), min_size=1)
segments = st.builds(Group, st.integers(0, 1000), st.dictionaries(names, shares), st.none() | steps(), st.just(False))
populations = st.builds(
    Group,
    st.sampled_from((500.0, 1e9, UNKNOWN)),
    st.dictionaries(names, st.integers(0, 500)),
    st.none(),
    st.just(True),
)


@st.composite
def crowds(draw: st.DrawFn) -> Groups:
    listed = draw(st.lists(segments, max_size=4)) + draw(st.lists(populations, max_size=1))
    return {str(i): group for i, group in enumerate(listed)}


def figures(affected: Affected) -> list[Range]:
    return [affected.affected, affected.peak, affected.lost_user_minutes, affected.out_ms]


def same(mine: Range, theirs: Range) -> bool:
    return all(
        a is b is None or (a is not None and b is not None and a == pytest.approx(b, rel=1e-9, abs=1e-9))
        for a, b in zip(mine, theirs, strict=True)
    )


def changes(curve: Curve) -> Curve:
    """Leave out what does not change anything."""
    kept = curve[:1]
    for at_ms, people in curve[1:]:
        if not same(people, kept[-1][1]):
            kept.append((at_ms, people))
    return kept


@repeatable
@given(worlds, crowds(), st.sampled_from((0, 500, END_MS, 2 * END_MS)))
def test_a_second_reading_finds_the_same(world: World, groups: Groups, end_ms: int) -> None:
    parts, together = count(world, groups, end_ms)
    hit = {name: service for name, service in world.items() if any(level < 1 for _, level in service.levels)}
    their_parts, their_together = affected_users(hit, groups, end_ms)
    assert list(parts) == list(their_parts)
    for mine, theirs in [*zip(parts.values(), their_parts.values(), strict=True), (together, their_together)]:
        assert all(map(same, figures(mine), figures(theirs)))
        mine_changes, their_changes = changes(mine.curve), changes(theirs.curve)
        assert [at_ms for at_ms, _ in mine_changes] == [at_ms for at_ms, _ in their_changes]
        assert all(same(one, other) for (_, one), (_, other) in zip(mine_changes, their_changes, strict=True))


@repeatable
@given(worlds, crowds(), times, st.sampled_from((0, 50, 300, END_MS)))
def test_in_a_window_the_figures_are_those_of_the_curve_in_it(
    world: World, groups: Groups, from_ms: int, length_ms: int
) -> None:
    end_ms = from_ms + length_ms
    parts, together = affected_users(world, groups, end_ms)
    crowd = new_crowd(audience_of(world, groups))
    assert count_users(audience_of(world, groups), crowd, record_of(world, groups), from_ms, end_ms) == DONE
    for group, theirs in enumerate([*parts.values(), together]):
        curve = [each for each in theirs.curve if each[0] <= from_ms][-1:]
        curve = [(from_ms, curve[0][1]), *(each for each in theirs.curve if each[0] > from_ms)]
        pieces = [
            (people, until_ms - at_ms) for (at_ms, people), (until_ms, _) in pairwise([*curve, (end_ms, curve[-1][1])])
        ]
        for bound in (0, 2):
            values = [(people.low if bound == 0 else people.high, lasts_ms) for people, lasts_ms in pieces]
            lost = sum(value * lasts_ms for value, lasts_ms in values) / 60_000
            assert crowd.lost_user_minutes[3 * group + bound] == pytest.approx(lost, abs=1e-9)
            assert crowd.peak[3 * group + bound] == pytest.approx(max(value for value, _ in values), abs=1e-9)


@repeatable
@given(worlds, crowds(), times, st.sampled_from((300, END_MS)))
def test_losses_are_charged_by_shares_to_what_outages_go_back_to(
    world: World, groups: Groups, from_ms: int, end_ms: int
) -> None:
    assume(from_ms <= end_ms)
    crowd = new_crowd(audience_of(world, groups), ROOTS)
    assert count_users(audience_of(world, groups), crowd, record_of(world, groups), from_ms, end_ms) == DONE
    parts, _ = affected_users(world, groups, end_ms)
    losses = {name: service_loss(service) for name, service in world.items()}
    curves = [parts[name].curve for name in groups]
    edges = sorted({from_ms, end_ms, *(at_ms for each in (*losses.values(), *curves) for at_ms, _ in each)})
    edges = [at_ms for at_ms in edges if from_ms <= at_ms <= end_ms]
    lost, down_ms = [0.0] * ROOTS, [0] * ROOTS
    for at_ms, until_ms in pairwise(edges):
        roots = {name: _root_at(service, at_ms) for name, service in world.items()}
        for name, group in groups.items():
            people = [each for since_ms, each in parts[name].curve if since_ms <= at_ms][-1]
            used = {each: share * _at(losses[each], at_ms) for each, share in group.uses.items() if each in world}
            for each, share in used.items():
                if share > 0 and roots[each] >= 0:
                    mine = people.high if people.estimate is None else people.estimate
                    lost[roots[each]] += mine * share / sum(used.values()) * (until_ms - at_ms) / 60_000
        for name, service in world.items():
            if _at(service.levels, at_ms) == 0.0 and roots[name] >= 0:
                down_ms[roots[name]] += until_ms - at_ms
    assert crowd.lost_by_root == pytest.approx(lost, abs=1e-9)
    assert crowd.service_down_by_root == down_ms
    charged = {crowd.charged[i] for i in range(crowd.tally[N_CHARGED])}
    assert all(root in charged for root in range(ROOTS) if lost[root] > 1e-9 or down_ms[root] > 0)


def _root_at(service: Service, at_ms: int) -> int:
    """Return the root of the latest level below 1."""
    before = zip(service.levels, service.roots, strict=True)
    return [-1, *(root for (since_ms, level), root in before if since_ms <= at_ms and level < 1.0)][-1]


@repeatable
@given(worlds, worlds, crowds(), st.integers(0, END_MS))
def test_a_crowd_is_as_new_for_each_run_whatever_came_before(
    world: World, other: World, groups: Groups, end_ms: int
) -> None:
    everything = {**world, **other}
    audience = audience_of(everything, groups)
    crowd = new_crowd(audience, ROOTS, rows=1)
    # One run that finds no room halfway, and one that goes to its end, before the one that is asked for.
    count_users(audience, crowd, record_of(everything, groups), 0, END_MS)
    while count_users(audience, crowd, record_of(everything, groups), 100, END_MS) != DONE:
        lengthen_curves(crowd)
    quiet = {
        name: Service(
            service.levels if name in world else [(0, 1.0)],
            [replace(each, levels=[(0, 1.0)]) for each in service.workarounds],
            service.roots if name in world else (),
        )
        for name, service in everything.items()
    }
    results = []
    for each in (crowd, new_crowd(audience, ROOTS, rows=1), new_crowd(audience, ROOTS, rows=1000)):
        while count_users(audience, each, record_of(quiet, groups), 0, end_ms) != DONE:
            lengthen_curves(each)
        results.append(_results(each))
    assert results[0] == results[1] == results[2]


def _results(crowd: Crowd) -> list[object]:
    rows, charged = crowd.tally[N_ROWS], crowd.tally[N_CHARGED]
    return [
        *(crowd.affected, crowd.peak, crowd.lost_user_minutes, crowd.out_ms),
        *(crowd.lost_by_root, crowd.service_down_by_root, crowd.charged[:charged]),
        *(crowd.curve_group[:rows], crowd.curve_at_ms[:rows], crowd.curve_people[: 3 * rows]),
    ]


@repeatable
@given(worlds, crowds(), st.integers(0, END_MS))
def test_activity_that_is_lengthened_when_asked_for_gives_the_same(world: World, groups: Groups, end_ms: int) -> None:
    record = record_of(world, groups)
    crowds_: list[Crowd] = []
    for first_ms in (END_MS, 0):
        crowd, until_ms = new_crowd(audience_of(world, groups), ROOTS), first_ms
        while count_users(audience_of(world, groups, until_ms), crowd, record, 0, end_ms) == MORE_ACTIVITY:
            assert until_ms < end_ms
            until_ms += 100
        crowds_.append(crowd)
    assert _results(crowds_[0]) == _results(crowds_[1])


def is_ordered(value: Range) -> bool:
    estimate = value.low if value.estimate is None else value.estimate
    return 0 <= value.low <= estimate <= value.high


@repeatable
@given(worlds, crowds())
def test_estimates_lie_between_the_bounds_and_peaks_below_all_affected(world: World, groups: Groups) -> None:
    parts, together = count(world, groups, END_MS)
    for each in (*parts.values(), together):
        assert all(map(is_ordered, figures(each)))
        assert all(is_ordered(value) for _, value in each.curve)
        assert each.peak.low <= each.affected.low + 1e-9
        assert each.peak.high <= each.affected.high + 1e-9
        minutes = END_MS / 60_000
        assert each.lost_user_minutes.high <= each.peak.high * minutes * (1 + 1e-9)
    for name, group in groups.items():
        assert parts[name].affected.high <= group.count
    # Nobody is in two segments: what all have lost is the sum.
    assert abs(together.lost_user_minutes.high - sum(each.lost_user_minutes.high for each in parts.values())) < 1e-6


@repeatable
@given(services(), st.builds(Workaround, shares, lengths, st.just(-1) | lengths, steps()))
def test_one_more_workaround_never_increases_a_loss(service: Service, more: Workaround) -> None:
    before = _loss(service)
    after = _loss(Service(service.levels, [*service.workarounds, more]))
    for at_ms in range(0, END_MS + 1, 10):
        assert _at(after, at_ms) <= _at(before, at_ms)


def _loss(service: Service) -> Steps:
    """Return how much of a service is lost to somebody who uses nothing else."""
    parts, _ = count({"s": service}, {"one": Group(1, {"s": 1.0})}, 2 * END_MS)
    return [(at_ms, people.high) for at_ms, people in parts["one"].curve]


def _at(steps_: Iterable[tuple[int, float]], at_ms: int) -> float:
    return [value for since_ms, value in steps_ if since_ms <= at_ms][-1]


PROFILE = [profile.name for profile in PROFILES].index("users")


@repeatable
@given(seeds.map(lambda seed: seed - seed % len(PROFILES) + PROFILE))
def test_in_whole_runs_too(seed: int) -> None:
    system, scenario = random_words(seed)
    assume(any(words.get("workarounds") for words in system["components"].values()))
    # What a workaround waits for can make a run longer, and losses are counted until its end.
    scenario["horizon"] = "12h"
    with_them = facts_of(system, scenario)
    for words in system["components"].values():
        words.pop("workarounds", None)
    without = facts_of(system, scenario)
    assert {name: each.levels for name, each in with_them.components.items()} == {
        name: each.levels for name, each in without.components.items()
    }
    for mine, theirs in zip(figures(with_them.users), figures(without.users), strict=True):
        assert is_ordered(mine)
        slack = 1e-9 * max(1.0, theirs.high)
        assert mine.low <= theirs.low + slack
        assert mine.high <= theirs.high + slack
        assert mine.estimate is None or theirs.estimate is None or mine.estimate <= theirs.estimate + slack
    for segment in with_them.segments.values():
        assert segment.peak.high <= segment.affected.high + 1e-9
