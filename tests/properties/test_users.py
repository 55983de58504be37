"""Users: bounds around the estimate, the peak below all who were affected, and workarounds that only ever help (S6)."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from agreement.random_systems import PROFILES
from impactsim.engine.users import Affected, Group, Range, Service, Steps, Workaround, affected_users, service_loss
from properties.worlds import facts_of, random_words, repeatable, seeds

END_MS = 1000
shares = st.sampled_from((0.0, 0.1, 0.3, 0.5, 0.9, 1.0))


@st.composite
def steps(draw: st.DrawFn) -> Steps:
    times = draw(st.lists(st.integers(1, END_MS), max_size=4, unique=True))
    return [(at_ms, draw(shares)) for at_ms in (0, *sorted(times))]


@st.composite
def services(draw: st.DrawFn) -> Service:
    workarounds = draw(
        st.lists(st.builds(Workaround, shares, st.integers(0, 300), st.integers(-1, 300), steps()), max_size=2)
    )
    return Service(draw(steps()), workarounds)


worlds = st.dictionaries(st.sampled_from("abcd"), services(), min_size=1)
groups = st.builds(
    Group, st.integers(0, 1000), st.dictionaries(st.sampled_from("abcd"), shares), st.none() | steps(), st.just(False)
)
populations = st.builds(
    Group,
    st.sampled_from((500.0, 1e9, float("inf"))),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 500)),
    st.none(),
    st.just(True),
)


def is_ordered(value: Range) -> bool:
    estimate = value.low if value.estimate is None else value.estimate
    slack = 1e-9 * max(1.0, value.high)
    return 0 <= value.low <= estimate + slack and estimate <= value.high + slack


def figures(affected: Affected) -> list[Range]:
    return [affected.affected, affected.peak, affected.lost_user_minutes, affected.out_ms]


@repeatable
@given(worlds, st.lists(groups | populations, max_size=3))
def test_estimates_lie_between_the_bounds_and_peaks_below_all_affected(
    world: dict[str, Service], listed: list[Group]
) -> None:
    parts, together = affected_users(world, {str(i): group for i, group in enumerate(listed)}, END_MS)
    for each in (*parts.values(), together):
        assert all(map(is_ordered, figures(each)))
        assert all(is_ordered(value) for _, value in each.curve)
        assert each.peak.low <= each.affected.low + 1e-9
        assert each.peak.high <= each.affected.high + 1e-9
        minutes = END_MS / 60_000
        assert each.lost_user_minutes.high <= each.peak.high * minutes * (1 + 1e-9)
    for i, group in enumerate(listed):
        assert parts[str(i)].affected.high <= group.count
    # Nobody is in two segments: what all have lost is the sum.
    assert abs(together.lost_user_minutes.high - sum(each.lost_user_minutes.high for each in parts.values())) < 1e-6


@repeatable
@given(services(), st.builds(Workaround, shares, st.integers(0, 300), st.integers(-1, 300), steps()))
def test_one_more_workaround_never_increases_a_loss(service: Service, more: Workaround) -> None:
    before = service_loss(service)
    after = service_loss(Service(service.levels, [*service.workarounds, more]))
    for at_ms in range(0, END_MS + 1, 10):
        assert _at(after, at_ms) <= _at(before, at_ms)


def _at(steps_: Steps, at_ms: int) -> float:
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
