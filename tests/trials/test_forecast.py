"""Years of a system: what they depend on, what is kept of them, and what changes save."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from impactsim.files.variants import load_variants
from impactsim.laws import Certain, LogLogistic
from impactsim.model.system import Fails
from impactsim.reports.forecast.assemble import Change, Request, assemble_forecast
from impactsim.reports.forecast.json_form import to_json, to_object
from impactsim.trials import years as years_module
from impactsim.trials.arrivals import YEAR_MS
from impactsim.trials.blocks import Runner
from impactsim.trials.forecast import Prepared, Settings, prepare_years, problems_of, rate_and_share
from impactsim.trials.workers import Here
from impactsim.trials.years import Forecast, Saved, Signed, Years, forecast

SHOP: dict[str, Any] = {
    "impactsim": 1,
    "name": "Shop",
    "crews": {"ops": 1},
    "components": {
        "grid": {"kind": "power", "fails": {"per_year": 2}, "time_to_restore": {"mean": "2h"}},
        "generator": {"kind": "power", "fails": {"probability": "1%"}, "time_to_restore": {"mean": "10h"}},
        "db1": {"kind": "host", "fails": {"per_year": 9}, "time_to_restore": {"mean": "2d"}, "crew": "ops"},
        "db2": {"kind": "host", "fails": {"per_year": 9}, "time_to_restore": {"mean": "2d"}, "crew": "ops"},
        "power": {
            "kind": "power",
            "needs": [
                {"any_of": ["grid", {"use": "generator", "failover": "2m", "fails_to_start": "5%"}], "holdover": "5m"}
            ],
        },
        "shop": {
            "needs": ["power", {"at_least": 1, "of": ["db1", "db2"], "to": "run"}],
            "restart": {"mean": "5m"},
            "targets": {"rto": "4h", "mtpd": "1d"},
        },
        "mail": {"needs": [{"component": "db1", "to": "run"}]},
    },
    "common_causes": {
        "patch": {"strikes": {"db1": 0.8, "db2": 0.8}, "fails": {"per_year": 0.5}, "time_to_restore": {"mean": "3h"}}
    },
    "users": {"customers": {"count": 20000, "uses": {"shop": 1.0, "mail": 0.4}}},
}
CHANGES = [
    {"name": "Second engineer", "changes": {"crews": {"ops": 2}}},
    {"name": "Without generator", "changes": {"components": {"generator": None, "power": {"needs": ["grid"]}}}},
]


def prepared(data: dict[str, Any] = SHOP, changes: list = (), **settings: Any) -> list[Prepared]:
    return [
        prepare_years(each.system, Settings(**settings)) for each in load_variants(data, [changes] if changes else [])
    ]


def run(data: dict[str, Any] = SHOP, n: int = 60, changes: list = ()) -> Forecast:
    return forecast(prepared(data, changes), n, Here(is_compiled=False))


def told(result: Forecast, changes: list = ()) -> dict[str, Any]:
    words = [Change(each["name"]) for each in changes]
    return to_object(assemble_forecast(result, words, Request(result.today.n)))


class InBlocks:
    """Runs blocks of a size of its own choice."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.notes: list[str] = []
        self.is_compiled = False

    def blocks(self, job, trials, n_trials=None):  # noqa: ARG002 - the signature of workers
        numbers = np.concatenate(list(trials))
        runner = Runner(job, is_compiled=False)
        for first in range(0, len(numbers), self.size):
            yield runner.run(numbers[first : first + self.size])


def with_component(name: str, words: dict[str, Any], data: dict[str, Any] = SHOP) -> dict[str, Any]:
    return {**data, "components": {**data["components"], name: words}}


def test_the_bytes_are_the_same_whatever_the_blocks():
    variants, words = prepared(changes=CHANGES), [Change(each["name"]) for each in CHANGES]
    answers = {
        to_json(assemble_forecast(forecast(variants, 40, InBlocks(size)), words, Request(40))) for size in (1, 7, 40)
    }
    assert len(answers) == 1


def test_an_unrelated_component_changes_no_other_figure():
    before = told(run())
    after = told(run(with_component("lift", {"kind": "tool", "fails": {"per_year": 50}, "time_to_restore": "1d"})))
    for figure in ("services", "users", "down_ms", "budget", "untraced"):
        assert before[figure] == after[figure]


def test_a_component_that_is_renamed_changes_only_its_own_luck():
    renamed = {
        **SHOP,
        "components": {("mains" if name == "grid" else name): each for name, each in SHOP["components"].items()},
    }
    renamed["components"]["power"] = {
        "kind": "power",
        "needs": [
            {"any_of": ["mains", {"use": "generator", "failover": "2m", "fails_to_start": "5%"}], "holdover": "5m"}
        ],
    }
    before, after = told(run()), told(run(renamed))
    assert before["services"]["mail"] == after["services"]["mail"]
    assert before["services"]["shop"] != after["services"]["shop"]


def test_a_change_is_compared_on_the_same_luck():
    result = run(changes=CHANGES, n=80)
    second, without = result.changed
    # A second engineer never makes a year worse, and where no two repairs met it changes nothing.
    assert (second.down_ms[:80] <= result.today.down_ms[:80]).all()
    assert 0 < np.count_nonzero(second.down_ms[:80] == result.today.down_ms[:80]) < 80
    assert (without.down_ms[:80] >= result.today.down_ms[:80]).all()


def test_what_a_change_saves_of_each_service_adds_up_to_what_it_saves_of_all():
    result = run(changes=CHANGES, n=80)
    for years, saved in zip(result.changed, result.saved, strict=True):
        total = (result.today.down_ms[:80] - years.down_ms[:80]).mean()
        assert saved.down_ms.mean(80).sum() == pytest.approx(total, rel=1e-12)


def test_a_change_that_changes_nothing_saves_nothing_for_certain():
    same = [{"name": "New paint", "changes": {"components": {"shop": {"name": "The shop"}}}}]
    (change,) = told(run(changes=same), same)["changes"]
    assert change["saves"]["lost_user_minutes"]["least"] == change["saves"]["lost_user_minutes"]["most"] == 0
    assert change["saves"]["services"]["shop"]["down_ms"] == {"mean": 0, "low": 0, "high": 0}


def test_a_service_that_a_change_takes_away_is_not_compared():
    gone = [
        {"name": "No mail", "changes": {"components": {"mail": None}, "users": {"customers": {"uses": {"mail": None}}}}}
    ]
    (change,) = told(run(changes=gone), gone)["changes"]
    assert set(change["saves"]["services"]) == {"shop"}


def test_what_buys_most_comes_first():
    both = told(run(changes=CHANGES[::-1]), CHANGES[::-1])["changes"]
    assert [each["name"] for each in both] == ["Second engineer", "Without generator"]


def test_the_budget_is_all_that_is_lost():
    result = run()
    answer = told(result)
    budget = answer["budget"]
    assert math.fsum(each["lost_share"] for each in budget) == pytest.approx(1.0, abs=1e-12)
    assert math.fsum(each["down_share"] for each in budget) == pytest.approx(1.0, abs=1e-12)
    lost = answer["users"]["lost_user_minutes"]["estimate"]["mean"]
    assert math.fsum(each["lost_user_minutes"]["mean"] for each in budget) == pytest.approx(lost, rel=1e-6)
    assert math.fsum(each["down_ms"]["mean"] for each in budget) == pytest.approx(answer["down_ms"]["mean"], rel=1e-9)
    assert {each["id"] for each in budget} <= {"grid", "generator", "db1", "db2", "patch"}


def test_without_users_the_time_down_is_what_counts():
    nobody = {key: value for key, value in SHOP.items() if key != "users"}
    answer = told(run(nobody))
    assert (answer["users"]["known"], answer["users"]["lost_user_minutes"]["high"]["most"]) == (False, 0)
    assert answer["services"]["mail"] == told(run())["services"]["mail"]
    assert math.fsum(each["down_share"] for each in answer["budget"]) == pytest.approx(1.0, abs=1e-12)
    assert {each["lost_share"] for each in answer["budget"]} == {None}


def test_the_loss_that_only_one_thing_can_bring_is_its_own():
    system = {
        "impactsim": 1,
        "name": "Two",
        "components": {
            "a": {"fails": {"per_year": 6}, "time_to_restore": "1h"},
            "b": {"fails": {"per_year": 3}, "time_to_restore": "2h"},
            "web": {"needs": ["a"]},
        },
        "users": {"all": {"count": 60, "uses": ["web", "b"]}},
    }
    result = run(system)
    outages = result.today.gathered.outages.moments.sums()
    budget = {each["id"]: each for each in told(result)["budget"]}
    # An hour of 60 people for each outage of a; a and web are both services, and down together.
    hours = result.today.gathered.down.moments.sums() / 3_600_000
    assert budget["b"]["down_ms"]["mean"] * 60 == pytest.approx(hours[1] * 3_600_000)
    assert budget["a"]["down_ms"]["mean"] * 60 == pytest.approx((hours[0] + hours[2]) * 3_600_000)
    assert budget["a"]["lost_user_minutes"]["mean"] * 60 <= 3600 * outages[0]


def test_the_run_in_is_not_counted():
    always = {"impactsim": 1, "name": "W", "components": {"web": {"fails": {"probability": 1.0}}}}
    result = forecast(prepared(always), 3, Here(is_compiled=False))
    assert result.today.down_ms[:3].tolist() == [YEAR_MS] * 3
    assert told(result)["services"]["web"]["outages"]["mean"] == 0  # they began before the year did
    assert told(result)["services"]["web"]["availability"]["mean"] == 0


def test_a_year_of_users_begins_when_it_is_said_to():
    night = {"zone": "UTC", "hours": [1.0] * 12 + [0.0] * 12}
    system = {
        "impactsim": 1,
        "name": "W",
        "components": {"web": {"fails": {"probability": 1.0}}},
        "users": {"all": {"count": 10, "uses": ["web"], "activity": night}},
    }
    result = forecast(prepared(system), 2, Here(is_compiled=False))
    assert result.today.lost[:2].tolist() == [10 * 365 * 12 * 60] * 2


def test_years_in_which_nothing_happens_are_not_taken_for_certainty_at_once():
    # Something fails once in 500 years: two thirds of all first 200 years are quiet.
    words = {"impactsim": 1, "name": "s", "components": {"a": {"fails": {"per_year": 0.002}, "time_to_restore": "1d"}}}
    [today] = [prepare_years(each.system, Settings()) for each in load_variants(words)]
    assert forecast([today], 3_000, Here(is_compiled=False), precision=1.0).today.n > 200


def test_more_precision_takes_more_years():
    (today,) = prepared()
    rough, fine = (forecast([today], 2_000, Here(is_compiled=False), precision=each).today.n for each in (0.2, 0.05))
    assert 200 <= rough < fine < 2_000


@pytest.mark.parametrize(
    ("fails", "mean_ms", "expected"),
    [
        ({"per_year": 3.0}, math.inf, (3.0, 0.0)),
        ({"per_year": 0.0}, 1.0, (0.0, 0.0)),
        ({"probability": 0.5}, YEAR_MS / 4, (4.0, 0.0)),
        ({"probability": 0.2}, math.inf, (0.0, 0.2)),
        ({"probability": 0.2}, 0.0, (0.0, 0.2)),
        ({"probability": 1.0}, 5.0, (0.0, 1.0)),
        ({"probability": 0.0}, 5.0, (0.0, 0.0)),
    ],
)
def test_a_probability_is_a_rate_where_repairs_have_a_mean(fails, mean_ms, expected):
    assert rate_and_share(Fails(**fails), mean_ms) == pytest.approx(expected)


def of_one(**words: Any) -> Any:
    return load_variants({"impactsim": 1, "name": "W", "components": {"web": words}})[0].system


def test_a_system_in_which_nothing_fails_has_no_forecast():
    assert [each.code for each in problems_of(of_one())] == ["nothing-fails"]
    assert [each.code for each in problems_of(of_one(fails={"per_year": 0.0}))] == ["nothing-fails"]
    assert problems_of(of_one(), may_be_nothing=True) == []
    assert problems_of(of_one(fails={"per_year": 1.0})) == []


def test_what_fails_more_often_than_once_an_hour_is_refused_where_it_stands():
    (problem,) = problems_of(of_one(fails={"probability": "90%"}, time_to_restore="1m"))
    assert (problem.code, problem.path) == ("fails-too-often", ("components", "web", "fails"))


def test_signed_moments_are_those_of_the_differences():
    values = np.array([5, -3, 0, 8, -8, 2])
    signed = Signed(2)
    signed.add(np.ones(6, np.int64)[:1], values[:1])
    for value in values[1:]:
        signed.add(np.array([1]), np.array([value]))
    assert signed.mean(6).tolist() == [0.0, pytest.approx(values.mean())]
    assert signed.variance(6).tolist() == [0.0, pytest.approx(values.var(ddof=1))]


def test_what_is_saved_counts_years_that_only_one_of_the_two_has():
    saved = Saved(1)
    today = [np.array(column) for column in ([0, 1], [0, 0], [60, 30], [2, 1])]
    changed = [np.array(column) for column in ([1, 2], [0, 0], [10, 40], [1, 3])]
    saved.add(today, changed, 4, 1)
    assert saved.down_ms.mean(4).tolist() == [(60 + 20 - 40) / 4]
    assert saved.outages.mean(4).tolist() == [(2 + 0 - 3) / 4]
    assert saved.outages.variance(4)[0] == pytest.approx(np.array([2, 0, -3, 0]).var(ddof=1))


def test_an_interruption_keeps_the_years_that_were_done():
    class Impatient(InBlocks):
        def blocks(self, job, trials, n_trials=None):
            for i, block in enumerate(super().blocks(job, trials, n_trials)):
                if i == 3:
                    raise KeyboardInterrupt
                yield block

    result = forecast(prepared(), 50, Impatient(5))
    assert (result.is_complete, result.today.n) == (False, 15)
    whole = run(n=15)
    assert (result.today.lost[:15] == whole.today.lost[:15]).all()


def test_an_interruption_keeps_what_was_compared(monkeypatch):
    monkeypatch.setattr(years_module, "_FIRST_STAGE", 10)

    class Impatient(InBlocks):
        calls = 0

        def blocks(self, job, trials, n_trials=None):
            self.calls += 1
            if self.calls == 6:  # in the second stage, before the second change
                raise KeyboardInterrupt
            yield from super().blocks(job, trials, n_trials)

    result = forecast(prepared(changes=CHANGES), 50, Impatient(5))
    assert result.today.n == 20
    assert [each.n for each in result.saved] == [20, 10]
    whole = run(n=10, changes=CHANGES)
    assert result.saved[1].down_ms.mean(10).tolist() == whole.saved[1].down_ms.mean(10).tolist()
    changes = told(result, CHANGES)["changes"]
    assert {each["name"]: each["years"] for each in changes} == {"Second engineer": 20, "Without generator": 10}


def test_the_luck_of_copies_is_not_drawn_where_nothing_is_destroyed():
    data = with_component(
        "store", {"kind": "data", "copies": [{"at": "db1", "every": "1d", "restore": {"mean": "1h"}, "fails": 0.5}]}
    )
    names = {each.name for each in prepared(data)[0].job.luck.all()}
    assert not any("copies" in name for name in names)


def test_a_loglogistic_law_without_a_mean_gives_no_rate():
    system = of_one(fails={"probability": 0.5}, time_to_restore={"median": "1h", "shape": 0.9, "law": "log-logistic"})
    assert isinstance(system.components["web"].time_to_restore, LogLogistic)
    (source,) = prepare_years(system, Settings()).sources
    assert (source.per_year, source.share) == (0.0, 0.5)


def test_a_common_cause_takes_the_repairs_of_its_members_where_it_has_none_of_its_own():
    data = {
        "impactsim": 1,
        "name": "W",
        "components": {"a": {"time_to_restore": "1h"}, "b": {"time_to_restore": "3h"}},
        "common_causes": {"fire": {"strikes": {"b": 1.0, "a": 1.0}, "fails": {"probability": 0.5}}},
    }
    (source,) = prepared(data)[0].sources
    assert [each.component for each in source.members] == [0, 1]
    assert [each.work for each in source.members] == [Certain(3_600_000), Certain(3 * 3_600_000)]
    assert source.per_year == pytest.approx(365 * 24 / 2)  # two hours on average
    assert Years(replace(prepared(data)[0]), True, np.array([0, 1])).n == 0
