"""Scenarios played with a plan (S10), by examples that were worked out by hand, and against closed forms."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

from impactsim.files.reading import load_scenario
from impactsim.reports.assemble import assemble
from impactsim.review.facts import Rehearsal, Spread, Wait
from impactsim.review.play.called import hits_of
from impactsim.review.play.settle import median_run
from impactsim.review.play.waiting import wait_told
from impactsim.trials.jobs import prepare
from impactsim.trials.replay import replay
from review.played import DECLARED, HOUR, MINUTE, loaded_of, plan_of, play, step, woven

SCENARIOS = Path(__file__).parents[2] / "scenarios" / "teaching-shop"
SHOP: dict[str, Any] = {
    "db": {"kind": "data", "time_to_restore": "9h"},
    "web": {"kind": "host"},
    "console": {"kind": "tool"},
    "shop": {"kind": "service", "needs": ["db", "web"]},
}
FIX: dict[str, Any] = {"fix": {"restores": ["db"], "takes": "2h"}}
BOTH = ["db", "web"]


def certain(ms: float) -> Spread:
    return Spread(ms, ms, ms)


def shop_is_back(rehearsal: Rehearsal) -> int | None:
    return rehearsal.services["shop"].back_ms


def test_a_service_is_back_after_detection_decision_and_work() -> None:
    rehearsal = play(plan_of(FIX), loaded_of(SHOP, [{"fail": "db", "at": "1h"}]))
    shop, fix = rehearsal.services["shop"], step(rehearsal, "fix")
    assert (fix.called_ms, fix.begins_ms, fix.ends_ms) == (HOUR, HOUR + DECLARED, 3 * HOUR + DECLARED)
    assert fix.waits == (
        Wait(HOUR, HOUR + 10 * MINUTE, "gate", ("detection",)),
        Wait(HOUR + 10 * MINUTE, HOUR + DECLARED, "gate", ("declaration",)),
    )
    assert rehearsal.declared == certain(HOUR + DECLARED)
    assert fix.ends == certain(3 * HOUR + DECLARED)
    assert shop.back_ms == 3 * HOUR + DECLARED
    assert (shop.rto, shop.from_declaration) == (certain(2 * HOUR + DECLARED), certain(2 * HOUR))
    assert shop.critical_path == ("detection", "declaration", "fix")
    assert shop.because == ("db",)
    assert (shop.wave, fix.wave, fix.is_critical) == (1, 1, True)
    assert [gate.id for gate in rehearsal.gates] == ["detection", "declaration"]
    assert shop.p_rto_met is None
    assert shop.rpo is None


@pytest.mark.parametrize(("target", "met"), [("2h30m", True), ("2h29m59s", False)])
def test_a_target_is_met_where_the_time_is_not_longer_and_has_an_interval_although_all_trials_agree(
    target: str, met: bool
) -> None:
    plan = plan_of(FIX, services={"shop": {"rto": target}})
    p_met = play(plan, loaded_of(SHOP, [{"fail": "db"}]), 20).services["shop"].p_rto_met
    assert p_met is not None
    # Wilson's interval of 20 of 20, or of none: it leaves out a share of z^2 / (n + z^2).
    z = NormalDist().inv_cdf(0.975)
    left = z * z / (20 + z * z)
    assert p_met == pytest.approx((1.0, 1 - left, 1.0) if met else (0.0, 0.0, left))


@pytest.mark.parametrize("target", ["unknown", "not-applicable", None])
def test_there_is_no_chance_of_what_is_no_time(target: Any) -> None:
    plan = plan_of(FIX, services={"shop": {} if target is None else {"rto": target, "rpo": target}})
    shop = play(plan, loaded_of(SHOP, [{"fail": "db"}])).services["shop"]
    assert shop.p_rto_met is None


def test_the_work_rests_while_a_tool_is_down() -> None:
    plan = plan_of({"fix": FIX["fix"] | {"with": ["console"]}})
    events = [{"fail": "db"}, {"fail": "console", "at": "1h", "for": "15m"}]
    rehearsal = play(plan, loaded_of(SHOP, events))
    assert step(rehearsal, "fix").ends_ms == DECLARED + 2 * HOUR + 15 * MINUTE
    assert step(rehearsal, "fix").waits[-1] == Wait(HOUR, HOUR + 15 * MINUTE, "tool", ("console",))
    assert rehearsal.services["shop"].critical_path == ("detection", "declaration", "fix")


def test_a_place_that_is_down_is_no_tool_that_is() -> None:
    plan = plan_of({"fix": FIX["fix"] | {"at": ["console"]}})
    rehearsal = play(plan, loaded_of(SHOP, [{"fail": "db"}, {"fail": "console", "for": "1h"}]))
    assert step(rehearsal, "fix").waits[-1] == Wait(DECLARED, HOUR, "place", ("console",))


TWO: dict[str, Any] = {
    "fix": {"restores": ["db"], "takes": "2h", "by": ["dba"]},
    "boot": {"restores": ["web"], "takes": "45m", "by": ["dba"]},
}


def test_one_person_does_the_second_of_two_steps_after_the_first() -> None:
    plan = plan_of(TWO, roles={"dba": {"people": ["first-dba"]}})
    rehearsal = play(plan, loaded_of(SHOP, [{"fail": BOTH}]))
    boot = step(rehearsal, "boot")
    assert (boot.begins_ms, boot.ends_ms) == (DECLARED + 2 * HOUR, DECLARED + 2 * HOUR + 45 * MINUTE)
    assert boot.waits[-1] == Wait(DECLARED, DECLARED + 2 * HOUR, "person", ("first-dba",))
    assert boot.wave == 2
    assert boot.after == ()
    assert rehearsal.services["shop"].critical_path == ("detection", "declaration", "fix", "boot")
    assert rehearsal.services["shop"].wave == 2


def test_a_tool_that_is_down_is_named_before_somebody_who_is_busy() -> None:
    # Somebody else could not begin either: the console is down until 5 h.
    steps = {"fix": TWO["fix"], "boot": TWO["boot"] | {"with": ["console"]}}
    plan = plan_of(steps, roles={"dba": {"people": ["first-dba"]}})
    boot = step(play(plan, loaded_of(SHOP, [{"fail": BOTH}, {"fail": "console", "for": "5h"}])), "boot")
    assert boot.waits[-1] == Wait(DECLARED, 5 * HOUR, "tool", ("console",))


def test_whoever_rests_with_somebody_is_named_with_what_is_missing() -> None:
    # The first step has the only person from half an hour on, and rests from 1 h to 4 h: its console is down.
    steps = {"fix": TWO["fix"] | {"with": ["console"]}, "boot": TWO["boot"]}
    plan = plan_of(steps, roles={"dba": {"people": ["first-dba"]}})
    events = [{"fail": BOTH}, {"fail": "console", "at": "1h", "for": "3h"}]
    rehearsal = play(plan, loaded_of(SHOP, events))
    assert step(rehearsal, "fix").ends_ms == 5 * HOUR + 30 * MINUTE
    boot = step(rehearsal, "boot")
    assert boot.waits[2:] == (
        Wait(DECLARED, HOUR, "person", ("first-dba",)),
        Wait(HOUR, 4 * HOUR, "person", ("first-dba",), ("fix",), ("console",)),
        Wait(4 * HOUR, 5 * HOUR + 30 * MINUTE, "person", ("first-dba",)),
    )
    told = wait_told(rehearsal, boot, boot.waits[3])
    assert told == "boot waits 3 h for person first-dba, kept by fix, which waits for console"


def test_an_alternate_lets_both_begin_at_once() -> None:
    plan = plan_of(TWO, roles={"dba": {"people": ["first-dba", "second-dba"]}})
    rehearsal = play(plan, loaded_of(SHOP, [{"fail": BOTH}]))
    assert step(rehearsal, "boot").ends_ms == DECLARED + 45 * MINUTE
    assert step(rehearsal, "fix").people == (("dba", "first-dba"),)
    assert step(rehearsal, "boot").people == (("dba", "second-dba"),)
    assert rehearsal.services["shop"].critical_path == ("detection", "declaration", "fix")
    assert not step(rehearsal, "boot").is_critical


def test_whoever_decides_begins_with_something_else_afterwards() -> None:
    declaration = {"detection": "10m", "decision": "20m", "by": ["dba"]}
    steps = {"fix": FIX["fix"] | {"by": ["dba"], "begins": "detection"}}
    plan = plan_of(steps, declaration=declaration, roles={"dba": {"people": ["first-dba"]}})
    fix = step(play(plan, loaded_of(SHOP, [{"fail": "db"}])), "fix")
    assert (fix.begins_ms, fix.ends_ms) == (DECLARED, DECLARED + 2 * HOUR)
    assert fix.waits[-1] == Wait(10 * MINUTE, DECLARED, "person", ("first-dba",))


def test_a_step_for_which_there_are_too_few_people_never_begins() -> None:
    steps = {"fix": FIX["fix"] | {"by": ["dba", "boss"]}}
    plan = plan_of(
        steps, roles={"dba": {"people": ["one"]}, "boss": {"people": ["one"]}}, services={"shop": {"rto": "9h"}}
    )
    rehearsal = play(plan, loaded_of(SHOP, [{"fail": "db"}], horizon="10h"))
    fix, shop = step(rehearsal, "fix"), rehearsal.services["shop"]
    assert (fix.begins_ms, fix.ends_ms) == (None, None)
    assert fix.waits[-1] == Wait(DECLARED, 10 * HOUR, "person", ("one",))
    assert fix.ends == certain(math.inf)
    assert shop.rto == shop.from_declaration == certain(math.inf)
    assert shop.p_rto_met is not None
    assert shop.p_rto_met[0] == 0.0


def test_nobody_is_in_two_places_in_any_trial() -> None:
    # By the medians (35 min) the look is over before the fix begins; in some trials it takes longer.
    steps = {
        "look": {"takes": {"mean": "50m"}, "by": ["dba"], "begins": "outage"},
        "fix": FIX["fix"] | {"by": ["dba"], "not_before": "40m"},
    }
    plan = plan_of(steps, roles={"dba": {"people": ["first-dba"]}})
    found = woven(plan, loaded_of(SHOP, [{"fail": "db"}]))
    assert found.postponed == {}
    prepared = prepare(found.system, found.scenario)
    late = 0
    for trial in range(40):
        one = replay(prepared.job, trial)
        facts = assemble(
            found.system, found.scenario, one.compiled, prepared.names, one.plan, prepared.plan_names, one.history
        )
        look, fix = (
            next(repair for repair in facts.repairs if repair.component == name) for name in ("plan.look", "plan.fix")
        )
        assert look.ended_ms is not None
        begins = next(phase.from_ms for phase in fix.phases if phase.status == "at work")
        assert begins == max(70 * MINUTE, look.ended_ms)
        late += look.ended_ms > 70 * MINUTE
    assert 0 < late < 40


STANDBY: dict[str, Any] = {
    "main": {"kind": "host"},
    "spare": {"kind": "host"},
    "shop": {"kind": "service", "needs": [{"any_of": ["main", {"use": "spare", "failover": "9h"}]}]},
}


def over(**more: Any) -> dict[str, Any]:
    return {"over": {"switches": {"of": "shop", "to": "spare"} | more, "takes": "40m"}}


def test_a_step_brings_a_standby_into_service() -> None:
    rehearsal = play(plan_of(over()), loaded_of(STANDBY, [{"fail": "main", "at": "1h"}]))
    assert shop_is_back(rehearsal) == HOUR + DECLARED + 40 * MINUTE
    assert rehearsal.services["shop"].critical_path == ("detection", "declaration", "over")
    assert step(rehearsal, "over").restores == ("spare",)
    assert rehearsal.run_without_plan is not None
    assert rehearsal.run_without_plan.components["shop"].levels[-1] == (10 * HOUR, 1.0)
    assert rehearsal.services["shop"].because == ("main",)


def test_a_standby_carries_its_capacity() -> None:
    plan = plan_of(over(capacity="60%"), services={"shop": {"mbco": "60%"}})
    rehearsal = play(plan, loaded_of(STANDBY, [{"fail": "main"}], horizon="5h"))
    assert rehearsal.run.components["shop"].levels == ((0, 0.0), (DECLARED + 40 * MINUTE, 0.6))
    assert shop_is_back(rehearsal) == DECLARED + 40 * MINUTE
    whole = play(plan_of(over(capacity="60%")), loaded_of(STANDBY, [{"fail": "main"}], horizon="5h"))
    assert whole.services["shop"].rto == certain(math.inf)


def test_a_standby_is_not_at_hand_before_its_step_is_called() -> None:
    # For two hours the first member serves a half; what the step will make ready must not hide that.
    events = [{"degrade": "main", "to": "50%", "for": "2h"}, {"fail": "main", "at": "2h"}]
    rehearsal = play(plan_of(over()), loaded_of(STANDBY, events))
    assert rehearsal.run.components["shop"].levels == (
        (0, 0.5),
        (2 * HOUR, 0.0),
        (2 * HOUR + DECLARED + 40 * MINUTE, 1.0),
    )


def test_a_step_may_restore_the_standby_that_it_brings_into_service() -> None:
    steps = {"over": over()["over"] | {"restores": ["spare"]}, "then": {"takes": "5m", "after": ["over"]}}
    rehearsal = play(plan_of(steps), loaded_of(STANDBY, [{"fail": ["main", "spare"]}]))
    assert shop_is_back(rehearsal) == DECLARED + 40 * MINUTE
    assert step(rehearsal, "then").ends_ms == DECLARED + 45 * MINUTE


def test_a_tool_that_leans_on_what_its_step_restores_makes_a_deadlock() -> None:
    system = SHOP | {"console": {"kind": "tool", "needs": ["db"]}}
    plan = plan_of({"fix": FIX["fix"] | {"with": ["console"]}}, services={"shop": {"rto": "1w"}})
    rehearsal = play(plan, loaded_of(system, [{"fail": "db"}]))
    fix, shop = step(rehearsal, "fix"), rehearsal.services["shop"]
    assert [set(each.circle) for each in rehearsal.run.deadlocks] == [{"plan.fix", "db", "console"}]
    assert (fix.begins_ms, fix.ends_ms, shop.back_ms) == (None, None, None)
    assert shop.rto == certain(math.inf)
    assert shop.p_rto_met is not None
    assert shop.p_rto_met[:2] == (0.0, 0.0)
    assert shop.critical_path == ("fix",)
    assert fix.is_critical


DATA: dict[str, Any] = {
    "vault": {"kind": "host"},
    "db": {"kind": "data", "copies": [{"at": "vault", "every": "6h", "lag": "1h", "restore": "9h"}]},
    "shop": {"kind": "service", "needs": [{"component": "db", "to": "start"}, "app"]},
    "app": {"kind": "host", "needs": ["db"]},
}


def test_destroyed_data_comes_back_in_the_time_of_the_step_and_with_the_loss_of_the_copy() -> None:
    plan = plan_of(FIX, services={"shop": {"rpo": "4h"}})
    rehearsal = play(plan, loaded_of(DATA, [{"destroy": "db"}]), 400)
    shop = rehearsal.services["shop"]
    assert shop.back_ms == DECLARED + 2 * HOUR
    assert rehearsal.run.data["db"].loss_ms == 7 * HOUR
    # The age of the copy is even over 1 h to 7 h: 4 h or less in half of the trials; standard error 2.5 %.
    assert shop.p_rpo_met is not None
    assert shop.p_rpo_met[0] == pytest.approx(0.5, abs=0.1)
    assert shop.rpo is not None
    assert shop.rpo.p50_ms == pytest.approx(4 * HOUR, abs=0.6 * HOUR)
    assert shop.rpo.p10_ms == pytest.approx(1.6 * HOUR, abs=0.36 * HOUR)


def test_a_restore_waits_for_a_place_of_its_copies() -> None:
    events = [{"destroy": "db"}, {"fail": "vault", "for": "5h"}]
    rehearsal = play(plan_of(FIX), loaded_of(DATA, events))
    assert step(rehearsal, "fix").waits[-1] == Wait(DECLARED, 5 * HOUR, "need", ("vault",))
    assert shop_is_back(rehearsal) == 7 * HOUR


def test_data_without_a_copy_is_lost_for_good() -> None:
    system = DATA | {"db": {"kind": "data"}}
    rehearsal = play(plan_of(FIX, services={"shop": {"rpo": "1w"}}), loaded_of(system, [{"destroy": "db"}]))
    shop = rehearsal.services["shop"]
    assert shop.rpo == shop.rto == certain(math.inf)
    assert shop.p_rpo_met is not None
    assert shop.p_rpo_met[0] == 0.0
    assert rehearsal.unrestored == ("db",)


def test_a_later_event_calls_again_and_nobody_decides_again() -> None:
    events = [{"fail": "db"}, {"fail": "db", "at": "10h"}]
    rehearsal = play(plan_of(FIX), loaded_of(SHOP, events))
    levels = rehearsal.run.components["shop"].levels
    assert levels == ((0, 0.0), (DECLARED + 2 * HOUR, 1.0), (10 * HOUR, 0.0), (12 * HOUR, 1.0))
    fix = step(rehearsal, "fix")
    assert (fix.called_ms, fix.begins_ms, fix.ends_ms) == (0, DECLARED, 12 * HOUR)
    assert fix.ends == certain(12 * HOUR)
    # The longest time without a break is the first.
    assert rehearsal.services["shop"].rto == certain(DECLARED + 2 * HOUR)
    assert rehearsal.services["shop"].from_declaration == certain(2 * HOUR)


def test_what_prepares_is_done_before_and_what_waits_for_a_delivery_later() -> None:
    steps = {
        "order": {"takes": "15m", "begins": "detection"},
        "fix": FIX["fix"] | {"after": ["order"]},
        "boot": {"restores": ["web"], "takes": "1h", "not_before": "3h"},
    }
    rehearsal = play(plan_of(steps), loaded_of(SHOP, [{"fail": BOTH}]))
    assert (step(rehearsal, "order").begins_ms, step(rehearsal, "order").ends_ms) == (10 * MINUTE, 25 * MINUTE)
    assert step(rehearsal, "fix").after == ("order",)
    assert step(rehearsal, "fix").begins_ms == DECLARED
    assert step(rehearsal, "fix").wave == 2
    assert step(rehearsal, "boot").begins_ms == DECLARED + 3 * HOUR
    assert step(rehearsal, "boot").waits[-1] == Wait(DECLARED, DECLARED + 3 * HOUR, "gate", ("not-before",))
    assert rehearsal.services["shop"].critical_path == ("detection", "declaration", "boot")
    assert [each.id for each in rehearsal.steps] == ["order", "fix", "boot"]


def test_steps_stand_in_the_order_of_their_beginning_those_not_called_for_last() -> None:
    steps = {
        "spare": {"restores": ["console"], "takes": "1h"},
        "boot": {"restores": ["web"], "takes": "1h", "after": ["fix"]},
        "fix": FIX["fix"],
    }
    rehearsal = play(plan_of(steps), loaded_of(SHOP, [{"fail": BOTH}]))
    assert [(each.id, each.is_called) for each in rehearsal.steps] == [("fix", True), ("boot", True), ("spare", False)]
    assert step(rehearsal, "boot").waits[-1] == Wait(DECLARED, DECLARED + 2 * HOUR, "step", ("fix",))


def test_a_step_waits_in_the_wave_after_the_one_that_brings_back_its_tool() -> None:
    steps = {
        "power": {"restores": ["console"], "takes": "1h"},
        "fix": FIX["fix"] | {"with": ["console"]},
    }
    rehearsal = play(plan_of(steps), loaded_of(SHOP, [{"fail": ["db", "console"]}]))
    assert (step(rehearsal, "power").wave, step(rehearsal, "fix").wave) == (1, 2)
    assert rehearsal.services["shop"].critical_path == ("detection", "declaration", "power", "fix")
    assert rehearsal.services["shop"].wave == 2


def test_the_critical_path_goes_through_restarts_failovers_and_what_leans_on_one_another() -> None:
    system: dict[str, Any] = {
        "db": {"kind": "data", "restart": "30m"},
        "web": {"kind": "host"},
        "far": {"kind": "host"},
        "app": {
            "kind": "pump",
            "restart": "20m",
            "needs": [{"component": "db", "to": "start"}, {"component": "db", "to": "stay_up"}],
        },
        "shop": {
            "kind": "service",
            "needs": ["app", {"any_of": ["web", {"use": "far", "failover": "25m"}]}],
        },
    }
    steps = {
        "fix": {"restores": ["db"], "takes": "1h"},
        "boot": {"restores": ["far"], "takes": "90m"},
        "last": {"restores": ["web"], "takes": "5h"},
    }
    shop = play(plan_of(steps), loaded_of(system, [{"fail": ["db"]}])).services["shop"]
    assert shop.back_ms == DECLARED + 110 * MINUTE
    assert shop.critical_path == ("detection", "declaration", "fix")
    # With web and far down too, far is there 25 min after its step: 5 min later than the app.
    shop = play(plan_of(steps), loaded_of(system, [{"fail": ["db", "web", "far"]}])).services["shop"]
    assert shop.back_ms == DECLARED + 115 * MINUTE
    assert shop.critical_path == ("detection", "declaration", "boot")


def test_a_service_that_comes_back_below_its_minimum_is_not_back() -> None:
    system = SHOP | {"shop": {"kind": "service", "needs": ["db", {"component": "web", "impact": "40%"}]}}
    plan = plan_of(FIX, services={"shop": {"mbco": "60%"}})
    events = [{"fail": "db"}, {"fail": "web", "for": "9h"}]
    assert play(plan, loaded_of(system, events)).services["shop"].rto == certain(DECLARED + 2 * HOUR)
    assert play(plan_of(FIX), loaded_of(system, events)).services["shop"].rto == certain(9 * HOUR)
    assert play(plan, loaded_of(system, events)).services["shop"].because == ("db",)


def test_what_is_not_hit_needs_nothing() -> None:
    plan = plan_of(FIX, services={"shop": {"rto": "1h"}, "gone": {}})
    rehearsal = play(plan, loaded_of(SHOP, [{"fail": "console"}]))
    shop = rehearsal.services["shop"]
    assert (shop.is_affected, shop.rto, shop.back_ms, shop.critical_path, shop.because) == (
        False,
        certain(0),
        0,
        (),
        (),
    )
    assert list(rehearsal.services) == ["shop"]
    assert math.isnan(
        rehearsal.declared.p50_ms
    )  # nobody is called, and so nobody decides: never would be something else
    assert math.isnan(shop.from_declaration.p50_ms)
    assert rehearsal.gates == ()
    assert [each.is_called for each in rehearsal.steps] == [False]


@pytest.mark.parametrize(
    ("takes", "target_h", "chance"),
    [
        # P(work <= 2 h) of an exponential law of mean 3 h, and P(work <= 4 h) of a log-normal one of median 2 h and P90 6 h.
        ({"mean": "3h"}, 2.0, 1 - math.exp(-2 / 3)),
        ({"median": "2h", "p90": "6h"}, 4.0, NormalDist().cdf(math.log(2) / (math.log(3) / NormalDist().inv_cdf(0.9)))),
    ],
)
def test_the_chance_to_meet_a_target_is_that_of_the_law_of_the_work(
    takes: dict[str, str], target_h: float, chance: float
) -> None:
    n = 4000
    minutes = round(60 * target_h) + 30
    plan = plan_of({"fix": FIX["fix"] | {"takes": takes}}, services={"shop": {"rto": f"{minutes}m"}})
    p_met = play(plan, loaded_of(SHOP, [{"fail": "db"}]), n).services["shop"].p_rto_met
    assert p_met is not None
    assert abs(p_met[0] - chance) < 4 * math.sqrt(chance * (1 - chance) / n)


def test_the_seed_decides_and_not_whoever_runs_the_trials() -> None:
    plan = plan_of({"fix": FIX["fix"] | {"takes": {"mean": "3h"}}})
    loaded = loaded_of(SHOP | {"shop": SHOP["shop"] | {"users": 100}}, [{"fail": "db"}], seed=5)
    one, same, other = (play(plan, loaded, 30, seed=seed) for seed in (1, 1, 2))
    assert (one.services, one.steps, one.users) == (same.services, same.steps, same.users)
    assert one.services != other.services
    assert one.seed == one.run.seed == 1
    assert one.users[0] == (0, 100.0, 100.0, 100.0)
    assert one.users[-1][1:] == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("name", ["2-provider-gone", "3-data-destroyed", "4-duct-cut", "6-restart-deadlock"])
def test_a_plan_without_a_called_step_leaves_an_ordinary_run(name: str) -> None:
    loaded = load_scenario(SCENARIOS / f"{name}.yaml")
    hit = {each.component for each in hits_of(loaded.scenario, loaded.system)}
    services = [name for name, each in loaded.system.components.items() if each.kind == "service"]
    whole = next(name for name in loaded.system.components if name not in hit)
    plan = plan_of({"never": {"restores": [whole], "takes": "1h"}}, services={each: {} for each in services})
    run, rehearsal = median_run(loaded.system, loaded.scenario), play(plan, loaded, 2)
    assert any(run.components[each].was_affected for each in services)
    for each in services:
        assert rehearsal.run.components[each].levels == run.components[each].levels
    assert rehearsal.run.users == run.users
