"""More of what is good makes nothing worse, in questions of pure availability; and where timing rules make an exception.

Pure availability: needs to run and to stay up, with levels, soft needs, pools, holdovers and circles, but without
failover, `lasts`, restart, catch-up, needs to start or to repair, and crews.
"""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from properties.worlds import (
    MINUTE,
    Levels,
    Words,
    down,
    faults,
    is_never_below,
    levels_of,
    pure_systems,
    repeatable,
    scenario_of,
    system_of,
)

PURPOSES = ("run", "stay_up")


def needs_with(system: Words, key: str) -> list[tuple[str, Words]]:
    return [(name, need) for name, each in system["components"].items() for need in each["needs"] if key in need]


@repeatable
@given(st.data())
def test_one_more_working_standby_never_makes_anything_worse(data: st.DataObject) -> None:
    system = data.draw(pure_systems(has_circles=True, purposes=PURPOSES))
    scenario = data.draw(faults(system))
    before = levels_of(system, scenario)
    groups = needs_with(system, "any_of")
    assume(groups)
    owner, group = data.draw(st.sampled_from(groups))
    # A new one that nothing strikes, or one that is there already and may be down as well; anywhere in the list.
    others = [name for name in system["components"] if name != owner and name not in group["any_of"]]
    standby = data.draw(st.sampled_from(["new", *others]))
    group["any_of"].insert(data.draw(st.integers(0, len(group["any_of"]))), standby)
    system["components"].setdefault("new", {})
    after = levels_of(system, scenario)
    worse = [name for name in before if not is_never_below(after[name], before[name])]
    assert worse == []


@repeatable
@given(st.data())
def test_a_longer_holdover_never_makes_anything_worse(data: st.DataObject) -> None:
    """Without circles and with needs to run only."""
    system = data.draw(pure_systems(has_circles=False, purposes=("run",)))
    scenario = data.draw(faults(system))
    before = levels_of(system, scenario)
    needs = needs_with(system, "holdover")
    assume(needs)
    _, need = data.draw(st.sampled_from(needs))
    need["holdover"] = data.draw(st.sampled_from(("21m", "45m", "3h")))
    after = levels_of(system, scenario)
    assert [name for name in before if not is_never_below(after[name], before[name])] == []


@repeatable
@given(st.data())
def test_one_fault_less_never_makes_anything_worse(data: st.DataObject) -> None:
    system = data.draw(pure_systems(has_circles=True, purposes=PURPOSES))
    scenario = data.draw(faults(system))
    before = levels_of(system, scenario)
    scenario["events"].pop(data.draw(st.integers(0, len(scenario["events"]) - 1)))
    after = levels_of(system, scenario)
    assert [name for name in before if not is_never_below(after[name], before[name])] == []


# The exceptions: what is better for one component makes it worse for another, or later, by a rule of time.


def user_of(group: Words, components: Words, *events: Words, **others: Any) -> Levels:
    words = {**components, "user": {"needs": [group]}}
    return levels_of(system_of(words, **others), scenario_of(*events))["user"]


def test_exception_failover_a_slow_standby_listed_before_a_quick_one() -> None:
    """S4.4: the switch begins to the first listed, not to the quickest."""
    quick, slow = {"use": "quick", "failover": "1m"}, {"use": "slow", "failover": "10m"}
    components: Words = {"main": {}, "quick": {}, "slow": {}}
    outage = down("main", 5, 60)
    with_one = user_of({"any_of": ["main", quick]}, components, outage)
    assert with_one == ((0, 1.0), (5 * MINUTE, 0.0), (6 * MINUTE, 1.0))
    with_two = user_of({"any_of": ["main", slow, quick]}, components, outage)
    assert with_two == ((0, 1.0), (5 * MINUTE, 0.0), (15 * MINUTE, 1.0))


def test_exception_failover_a_switch_under_way_to_the_last_one_is_not_left_for_a_better_one() -> None:
    """S4.4: no switch begins while one to a member that is up is under way."""
    quick, slow = {"use": "quick", "failover": "1m"}, {"use": "slow", "failover": "30m"}
    components: Words = {"main": {}, "quick": {}, "slow": {}}
    outages = [down("main", 5, 60), down("quick", 0, 8)]
    with_one = user_of({"any_of": ["main", quick]}, components, *outages)
    assert with_one == ((0, 1.0), (5 * MINUTE, 0.0), (9 * MINUTE, 1.0))
    with_two = user_of({"any_of": ["main", quick, slow]}, components, *outages)
    assert with_two == ((0, 1.0), (5 * MINUTE, 0.0), (35 * MINUTE, 1.0))


def test_exception_failover_a_primary_that_comes_back_for_a_moment_sends_the_standby_home() -> None:
    """S4.2: the standby is at hand until a member listed before it has served; then its failover begins anew."""
    group = {"any_of": ["main", {"use": "spare", "failover": "5m"}]}
    feeds = {"any_of": ["feed"]}
    components: Words = {"feed": {}, "second": {}, "main": {"needs": [feeds]}, "spare": {}}
    outages = [down("feed", 0, 30), down("second", 0, 10), down("second", 11, 30)]
    with_one = user_of(group, components, *outages)
    assert with_one == ((0, 0.0), (5 * MINUTE, 1.0))
    # One more standby, behind the primary, for one minute.
    better = copy.deepcopy(components)
    better["main"]["needs"][0]["any_of"].append("second")
    with_two = user_of(group, better, *outages)
    assert with_two == ((0, 0.0), (5 * MINUTE, 1.0), (11 * MINUTE, 0.0), (16 * MINUTE, 1.0))


def test_exception_failover_a_weak_standby_prevents_the_switch_to_a_strong_one() -> None:
    """S4.4: a switch begins only while the value is 0."""
    strong = {"use": "strong", "failover": "5m"}
    components: Words = {"main": {}, "weak": {}, "strong": {}}
    outages = [down("main", 5, 60), {"degrade": "weak", "to": 0.2}]
    with_one = user_of({"any_of": ["main", strong]}, components, *outages)
    assert with_one == ((0, 1.0), (5 * MINUTE, 0.0), (10 * MINUTE, 1.0))
    with_two = user_of({"any_of": ["main", "weak", strong]}, components, *outages)
    assert with_two == ((0, 1.0), (5 * MINUTE, 0.2), (60 * MINUTE, 1.0))


def test_exception_holdover_and_failover_a_battery_makes_the_switch_come_at_a_worse_time() -> None:
    """S4.2 with S3.5: the battery moves the beginning of the failover to when something else is down as well."""
    group = {"any_of": ["main", {"use": "spare", "failover": "5m"}]}
    outages = [down("grid", 0, 60), down("spare", 12, 40)]
    histories = []
    for holdover in (0, "10m"):
        components: Words = {"grid": {}, "spare": {}, "main": {"needs": [{"component": "grid", "holdover": holdover}]}}
        histories.append(user_of(group, components, *outages))
    # At once: the switch ends, and the spare is at hand again when it comes back. Later: it goes before the switch has ended.
    assert histories[0] == ((0, 0.0), (5 * MINUTE, 1.0), (12 * MINUTE, 0.0), (40 * MINUTE, 1.0))
    assert histories[1] == ((0, 1.0), (10 * MINUTE, 0.0), (45 * MINUTE, 1.0))
    assert not is_never_below(histories[1], histories[0])


def test_exception_lasts_a_standby_that_carries_earlier_is_spent_earlier() -> None:
    """S4.5: it is fresh again only once a member listed before it serves in full."""
    group = {"any_of": ["main", {"use": "generator", "lasts": "30m"}]}
    outages = [down("main", 0, 90), down("tank", 0, 35)]
    components: Words = {"main": {}, "tank": {}, "second": {}, "generator": {"needs": [{"any_of": ["tank"]}]}}
    late = user_of(group, components, *outages)
    assert late == ((0, 0.0), (35 * MINUTE, 1.0), (65 * MINUTE, 0.0), (90 * MINUTE, 1.0))
    components["generator"]["needs"][0]["any_of"].append("second")
    early = user_of(group, components, *outages)
    assert early == ((0, 1.0), (30 * MINUTE, 0.0), (90 * MINUTE, 1.0))


def test_exception_crews_what_can_be_repaired_earlier_takes_the_crew_from_what_matters_more() -> None:
    """S5.5: a member stays with a job until it is done."""
    components: Words = {
        "road": {},
        "helicopter": {},
        "shed": {"crew": "field", "time_to_restore": "60m", "needs": [{"any_of": ["road"], "to": "repair"}]},
        "plant": {"crew": "field", "time_to_restore": "20m", "priority": 9},
    }
    events = [{"fail": "shed"}, down("road", 0, 15), {"fail": "plant", "at": "10m"}]
    plain = levels_of(system_of(components, crews={"field": 1}), scenario_of(*events))
    assert plain["plant"] == ((0, 1.0), (10 * MINUTE, 0.0), (30 * MINUTE, 1.0))
    components["shed"]["needs"][0]["any_of"].append("helicopter")
    better = levels_of(system_of(components, crews={"field": 1}), scenario_of(*events))
    assert better["shed"] == ((0, 0.0), (60 * MINUTE, 1.0))
    assert better["plant"] == ((0, 1.0), (10 * MINUTE, 0.0), (80 * MINUTE, 1.0))
