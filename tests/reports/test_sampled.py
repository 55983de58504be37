"""From gathered trials to facts with names: what is certain is exactly the single run, what is not is known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

import impactsim
from agreement.random_systems import random_case
from impactsim.engine.users import Affected
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reports.facts import Facts
from impactsim.reports.sampled.assemble import Request, assemble_sampled
from impactsim.reports.sampled.facts import SampledFacts, SampledPeople, SampledUsers
from impactsim.results import SampledResult
from impactsim.trials.estimates import Estimate
from impactsim.trials.gather import Gathered
from impactsim.trials.jobs import prepare
from reports.both_ways import sampled, single

MINUTE, HOUR = 60_000, 3_600_000


def is_always(estimate: Estimate | None, value: float | None) -> bool:
    """Whether a figure had one value in all trials, to the last digit."""
    if estimate is None or value is None:
        return estimate is None and value is None
    figures = (
        estimate.mean,
        estimate.low,
        estimate.high,
        estimate.p10,
        estimate.p50,
        estimate.p90,
        estimate.least,
        estimate.most,
    )
    return set(figures) == {value}


def people_are_always(people: SampledPeople | None, value: tuple[float, float | None, float]) -> bool:
    return people is not None and all(map(is_always, (people.low, people.estimate, people.high), value))


def group_is_always(users: SampledUsers, group: Affected) -> bool:
    return people_are_always(users.affected, group.affected) and people_are_always(
        users.lost_user_minutes, group.lost_user_minutes
    )


def assert_like_the_single_run(many: SampledFacts, one: Facts) -> None:
    assert many.is_certain
    assert (many.drivers, many.reached) == ((), 0)
    affected = {
        name: each for name, each in one.components.items() if each.down_ms or each.degraded_ms or not each.restored
    }
    assert set(many.components) == set(affected)
    for name, each in affected.items():
        found = many.components[name]
        assert is_always(found.down_ms, each.down_ms)
        assert is_always(found.degraded_ms, each.degraded_ms)
        assert (found.affected.p, found.down.p, found.not_restored.p) == (1, each.down_ms > 0, not each.restored)
    assert is_always(many.end_ms, one.end_ms)
    services = [one.components[name] for name in one.services]
    restored_ms = max((each.levels[-1][0] for each in services), default=0)
    assert is_always(many.restored_ms, restored_ms if all(each.restored for each in services) else math.inf)
    assert group_is_always(many.users, one.users)
    assert people_are_always(many.users.peak, one.users.peak)
    assert list(many.segments) == list(one.segments)
    for name, group in one.segments.items():
        assert group_is_always(many.segments[name], group)
        assert people_are_always(many.segments[name].out_ms, group.out_ms)
    assert list(many.data) == sorted(one.data, key=list(one.components).index)
    for name, data in one.data.items():
        assert many.data[name].lost_for_good.p == data.lost_for_good
        assert is_always(many.data[name].loss_ms, data.loss_ms)
    assert (many.people, many.has_users, many.sources) == (one.people, one.has_users, one.sources)
    assert (many.services, many.segment_names, many.n_components) == (
        one.services,
        one.segment_names,
        len(one.components),
    )


def test_what_is_certain_is_in_each_trial_exactly_what_the_single_run_says() -> None:
    n_certain = 0
    for seed in range(150):
        system, scenario = random_case(seed)
        prepared = prepare(System.model_validate(system), Scenario.model_validate(scenario))
        if prepared.job.luck.is_certain and not prepared.job.fault_luck:
            n_certain += 1
            assert_like_the_single_run(sampled(system, scenario, 3), single(system, scenario))
    assert n_certain > 20


def test_a_figure_of_a_segment_that_never_varies_is_exact_beside_others_that_do() -> None:
    # Two thirds of 7 people lose a shop for 1 h, whatever becomes of the office.
    system = {
        "components": {"shop": {}, "office": {"time_to_restore": {"low": "1h", "high": "3h"}}},
        "users": {"buyers": {"count": 7, "uses": {"shop": 2 / 3}}, "staff": {"count": 3, "uses": ["office"]}},
    }
    scenario = {"events": [{"fail": "shop", "for": "1h"}, {"fail": "office"}]}
    many, one = sampled(system, scenario), single(system, scenario)
    assert group_is_always(many.segments["buyers"], one.segments["buyers"])
    lost = many.segments["staff"].lost_user_minutes.estimate
    assert lost is not None
    # Uniform from 180 to 540 user-minutes: mean 360, standard deviation 360 / sqrt(12), and its quantiles.
    assert lost.mean == pytest.approx(360, abs=4 * 360 / math.sqrt(12 * 400))
    assert lost.p90 == pytest.approx(504, abs=4 * 360 * math.sqrt(0.1 * 0.9 / 400))
    assert 180 <= lost.least <= lost.p10 <= lost.p50 <= lost.p90 <= lost.most <= 540
    assert lost.low < lost.mean < lost.high


def test_a_switch_that_fails_in_three_of_ten_is_down_in_as_many() -> None:
    standby = {"any_of": ["a", {"use": "b", "fails_to_start": "30%"}]}
    system = {
        "components": {
            "a": {"kind": "power"},
            "b": {"kind": "power"},
            "shop": {"needs": [standby], "targets": {"rto": "2h", "mtpd": "5h"}},
        },
        "users": {"buyers": {"count": 10, "uses": ["shop"]}},
    }
    many = sampled(system, {"events": [{"fail": "a", "for": "4h"}]}, 2000)
    shop, error = many.components["shop"], math.sqrt(0.3 * 0.7 / 2000)
    assert shop.down.p == pytest.approx(0.3, abs=4 * error)
    assert shop.down.low < 0.3 < shop.down.high
    assert shop.rto is not None
    assert shop.mtpd is not None
    assert (shop.rto.limit_ms, shop.rto.missed.p, shop.mtpd.missed.p) == (2 * HOUR, shop.down.p, 0)
    assert shop.down_ms.mean == pytest.approx(shop.down.p * 4 * HOUR)
    assert (shop.down_ms.p50, shop.down_ms.p90) == (0, 4 * HOUR)
    assert many.undisturbed.p == pytest.approx(1 - shop.down.p)
    assert "b" not in many.components
    (driver,) = many.drivers
    assert (driver.name, driver.owner) == ("components.shop.needs.b.fails_to_start", "shop")
    assert driver.share == pytest.approx(1)
    assert many.n_uncertain == 1


def test_what_is_not_back_by_the_end_is_infinite() -> None:
    system = {"components": {"shop": {"time_to_restore": {"low": "0m", "high": "100m"}}}}
    many = sampled(system, {"events": [{"fail": "shop"}], "horizon": "75m"}, 1000)
    assert many.not_restored.p == pytest.approx(0.25, abs=4 * math.sqrt(0.25 * 0.75 / 1000))
    assert many.components["shop"].not_restored.p == many.not_restored.p
    assert (many.restored_ms.mean, many.restored_ms.p90, many.restored_ms.most) == (math.inf, math.inf, math.inf)
    assert many.restored_ms.p50 == pytest.approx(50 * MINUTE, abs=4 * 100 * MINUTE * math.sqrt(0.25 / 1000))
    assert many.drivers_of == "time until all services are restored"
    assert [driver.name for driver in many.drivers] == ["components.shop.time_to_restore"]
    assert many.reached > 0


def test_of_counts_per_service_only_bounds_are_known() -> None:
    system = {"population": 1000, "components": {"a": {"users": 700}, "b": {"users": {"low": 500, "high": 700}}}}
    many = sampled(system, {"events": [{"fail": ["a", "b"], "for": "1h"}]})
    assert many.users.affected.estimate is None
    assert many.segments["population"].affected.estimate is None
    assert is_always(many.users.affected.low, 700)
    assert is_always(many.users.affected.high, 1000)
    assert many.people == 1000


DATA = {
    "a": {"kind": "site"},
    "b": {"kind": "site"},
    "files": {
        "kind": "data",
        "copies": [
            {"at": "a", "lag": "10m", "restore": "1h", "fails": "50%"},
            {"at": "b", "lag": "5h", "restore": "1h", "fails": "50%"},
        ],
        "targets": {"rpo": "1h"},
    },
}


def test_data_is_lost_for_good_where_no_copy_works() -> None:
    files = sampled({"components": DATA}, {"events": [{"destroy": "files"}]}, 2000).data["files"]
    assert files.lost_for_good.p == pytest.approx(0.25, abs=4 * math.sqrt(0.25 * 0.75 / 2000))
    assert files.not_begun.p == 0
    assert files.loss_ms is not None
    assert files.loss_ms.n == round((1 - files.lost_for_good.p) * 2000)
    assert (files.loss_ms.least, files.loss_ms.most) == (10 * MINUTE, 5 * HOUR)
    # Of those trials in which any copy works the first does in two thirds.
    third = math.sqrt(2 / 9 / files.loss_ms.n)
    late = (files.loss_ms.mean - 10 * MINUTE) / (290 * MINUTE)
    assert late == pytest.approx(1 / 3, abs=4 * third)
    assert files.rpo is not None
    assert files.rpo.missed.p == pytest.approx(files.lost_for_good.p + late * files.loss_ms.n / 2000)


@pytest.mark.parametrize(("horizon", "missed"), [({}, 1.0), ({"horizon": "9h"}, 0.0)])
def test_data_whose_copy_cannot_be_had_is_neither_lost_nor_back(horizon: dict[str, str], missed: float) -> None:
    files = {**DATA["files"], "copies": [{"at": "a", "lag": "10m", "restore": "1h"}]}
    events = [{"fail": "a"}, {"destroy": "files", "at": "1h"}]
    data = sampled({"components": {**DATA, "files": files}}, {"events": events, **horizon}, 20).data["files"]
    assert (data.lost_for_good.p, data.not_begun.p, data.loss_ms) == (0, 1, None)
    assert data.rpo is not None
    assert data.rpo.missed.p == missed


def test_of_several_faults_of_one_component_the_worst_counts() -> None:
    model = System.model_validate({"impactsim": 1, "name": "s", "components": DATA})
    words = {"impactsim": 1, "name": "n", "system": "s", "events": [{"destroy": "files"}]}
    happening = Scenario.model_validate(words)
    prepared = prepare(model, happening)
    gathered = Gathered(prepared.job, prepared.limits, 4)
    gathered.n = 4
    place = prepared.names.index["files"]
    lines = [(0, 5), (0, 9), (1, -2), (1, 7), (2, -1), (2, 3), (3, -1), (3, -1)]
    trials, losses = (np.array(column, np.int64) for column in zip(*lines, strict=True))
    gathered.losses[place] = [(trials[:3], losses[:3]), (trials[3:], losses[3:])]
    data = assemble_sampled(model, happening, prepared, gathered, Request(4)).data["files"]
    assert (data.lost_for_good.p, data.not_begun.p) == (0.25, 0.25)
    assert data.loss_ms is not None
    assert (data.loss_ms.least, data.loss_ms.most, data.loss_ms.n) == (3, 9, 2)


def test_two_drivers_share_the_variance_as_their_own_variances_do() -> None:
    # Lost user-minutes are 10 x the first time + 10 x the second; uniform laws, of widths 3 and 1: shares 9/10 and 1/10.
    system = {
        "components": {
            "a": {"time_to_restore": {"low": "0m", "high": "30m"}},
            "b": {"time_to_restore": {"low": "0m", "high": "10m"}},
            "idle": {"time_to_restore": {"low": "0m", "high": "90m"}},
        },
        "users": {"x": {"count": 10, "uses": ["a"]}, "y": {"count": 10, "uses": ["b"]}},
    }
    many = sampled(system, {"events": [{"fail": ["a", "b", "idle"]}]}, 4000)
    assert many.drivers_of == "lost user-minutes"
    assert [driver.owner for driver in many.drivers] == ["a", "b"]
    for driver, share in zip(many.drivers, (0.9, 0.1), strict=True):
        assert driver.share == pytest.approx(share, abs=4 * driver.standard_error + 0.002)


def test_each_start_of_a_component_is_a_use_of_its_restart_and_all_are_one_driver() -> None:
    system = {
        "components": {"a": {"restart": {"low": "0m", "high": "30m"}}},
        "users": {"x": {"count": 10, "uses": ["a"]}},
    }
    events = [{"fail": "a", "at": f"{hour}h", "for": "1m"} for hour in range(3)]
    (driver,) = sampled(system, {"events": events}, 4000).drivers
    assert driver.name == "components.a.restart"
    assert driver.share == pytest.approx(1, abs=0.02)


# What is small, at the end, or far from its median.


def test_what_goes_down_at_the_horizon_itself_is_down_and_for_no_time() -> None:
    system = {"components": {"a": {"time_to_restore": {"mean": "1h"}}}}
    many = sampled(system, {"events": [{"fail": "a", "at": "1h"}], "horizon": "1h"}, 40)
    assert (many.components["a"].down.p, many.components["a"].down_ms.most) == (1.0, 0.0)


def test_a_segment_that_may_be_far_larger_than_its_median_has_its_share_of_the_total() -> None:
    # In half of the trials one user, in the others a million, for up to a hundred days.
    component = {"time_to_restore": {"low": "1d", "high": "100d"}}
    users = {"some": {"count": {"samples": [1, 1, 1, 1_000_000, 1_000_000]}, "uses": ["a"]}}
    many = sampled({"components": {"a": component}, "users": users}, {"events": [{"fail": "a"}]}, 200)
    mine, all_ = many.segments["some"].lost_user_minutes.high, many.users.lost_user_minutes.high
    assert mine.mean == pytest.approx(all_.mean, rel=1e-6)
    assert mine.p90 == pytest.approx(all_.p90, rel=0.005)


def test_a_few_users_of_a_large_segment_add_up_to_the_total() -> None:
    # Fifty of a million users, for some minutes: thousands of them were once less than a unit.
    users = {"all": {"count": 1_000_000, "uses": {"a": 0.00005}}}
    component = {"time_to_restore": {"low": "1m", "high": "9m"}}
    many = sampled({"components": {"a": component}, "users": users}, {"events": [{"fail": "a"}]}, 200)
    assert many.segments["all"].lost_user_minutes.high.mean == pytest.approx(
        many.users.lost_user_minutes.high.mean, rel=0.005
    )


def test_a_mean_that_is_hardly_a_unit_stays_between_its_extremes() -> None:
    users = {"all": {"count": 1_000_000, "uses": {"a": 1e-9}}}
    component = {"time_to_restore": {"low": "1ms", "high": "9ms"}}
    many = sampled({"components": {"a": component}, "users": users}, {"events": [{"fail": "a"}]}, 50)
    found = many.segments["all"].lost_user_minutes.high
    assert 0.0 < found.least <= found.mean <= found.most
    assert found.low <= found.mean <= found.high


def test_the_trials_worth_a_look_are_those_in_the_middle_and_at_the_bad_end() -> None:
    words = {
        "impactsim": 1,
        "name": "Repair",
        "system": {
            "impactsim": 1,
            "name": "S",
            "components": {"shop": {"time_to_restore": {"low": "1h", "high": "9h"}}},
            "users": {"u": {"count": 10, "uses": ["shop"]}},
        },
        "events": [{"fail": "shop"}],
    }
    result = impactsim.run(words, trials=101, workers=1)
    assert isinstance(result, SampledResult)
    lost = sorted(result.gathered.figures[:, 7].tolist())
    shown = {each.stands_for: each.trial for each in result.facts.worth_a_look}
    found = {name: result.gathered.figures[trial, 7] for name, trial in shown.items()}
    assert found == {"median": lost[50], "p90": lost[90], "worst": lost[100]}
    assert impactsim.run(words, trial=shown["worst"]).facts.users.lost_user_minutes.estimate == lost[100]


def test_where_all_trials_agree_none_is_worth_a_look() -> None:
    words = {
        "impactsim": 1,
        "name": "Repair",
        "system": {"impactsim": 1, "name": "S", "components": {"shop": {}}},
        "events": [{"fail": "shop", "for": "1h"}],
    }
    assert impactsim.run(words, trials=40, workers=1).facts.worth_a_look == ()
