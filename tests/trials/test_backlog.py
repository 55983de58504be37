"""The luck of jobs of others (S5.5.1, S9.1), and where they are left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from impactsim.files.reading import validate_scenario, validate_system
from impactsim.files.variants import load_variants
from impactsim.trials.blocks import Runner
from impactsim.trials.cases import Ends, cases_of, lay_ground
from impactsim.trials.forecast import Settings, prepare_years
from impactsim.trials.jobs import Prepared, prepare
from impactsim.trials.pairs import Touched, worst_pairs
from impactsim.trials.rank import sweep
from impactsim.trials.workers import Here
from impactsim.trials.years import forecast

TRIALS = np.arange(50)


def words(jobs: int, members: int = 1, **more: Any) -> dict[str, Any]:
    backlog = {"jobs": jobs, "each": {"mean": "2h"}}
    crews = {"telco": {"members": members, "operator": "Telco", "backlog": backlog}, "field": 1}
    line = {"kind": "provider", "crew": "telco", "time_to_restore": "1h"}
    components = {"line": line, "router": {"kind": "host", "crew": "field", "time_to_restore": "1h"}, **more}
    return {"impactsim": 1, "name": "Storm", "crews": crews, "components": components}


def prepared(system: dict[str, Any], failing: str = "line") -> Prepared:
    loaded = validate_scenario({"impactsim": 1, "name": "Cut", "system": system, "events": [{"fail": failing}]})
    return prepare(loaded.system, loaded.scenario)


def ends_ms(system: dict[str, Any], is_compiled: bool = False) -> np.ndarray:
    """Return when the line was back in each trial, which is the end of the run."""
    return Runner(prepared(system).job, is_compiled).run(TRIALS).end_ms


def test_each_job_of_others_has_luck_of_its_own() -> None:
    # With one member the wait is the sum of all of them; one more adds its own, and changes no other.
    sums = np.array([ends_ms(words(jobs)) for jobs in (1, 2, 3, 4)])
    draws = np.diff(sums, axis=0)
    assert (draws > 0).all()
    assert len(np.unique(draws)) == draws.size


def test_another_component_or_crew_does_not_change_their_luck() -> None:
    more = words(3, pump={"kind": "pump", "time_to_restore": {"mean": "3h"}, "crew": "field"})
    assert (ends_ms(words(3)) == ends_ms(more)).all()
    more["crews"] = {
        "first": {"members": 2, "operator": "Other", "backlog": {"jobs": 7, "each": {"mean": "1h"}}}
    } | more["crews"]
    more["components"]["mast"] = {"crew": "first"}
    assert (ends_ms(words(3)) == ends_ms(more)).all()


def test_another_name_of_the_crew_is_another_luck() -> None:
    renamed = words(3)
    renamed["crews"]["carrier"] = renamed["crews"].pop("telco")
    renamed["components"]["line"]["crew"] = "carrier"
    assert (ends_ms(words(3)) != ends_ms(renamed)).all()


def test_compiled_and_interpreted_give_the_same() -> None:
    pytest.importorskip("numba")
    assert (ends_ms(words(30, 4), is_compiled=True) == ends_ms(words(30, 4))).all()


def test_they_are_one_quantity_and_only_where_a_repair_may_wait_for_them() -> None:
    assert {each.name for each in prepared(words(5)).job.fault_luck} == {"crews.telco.backlog"}
    assert [each.use for each in prepared(words(5)).job.fault_luck] == [0, 1, 2, 3, 4]
    assert prepared(words(5), "router").job.fault_luck == ()


def test_two_repairs_meet_at_a_crew_that_has_jobs_of_others() -> None:
    # One member has the only job of others, the other one is free: together the second repair waits for the first.
    line = {"kind": "service", "crew": "telco", "time_to_restore": "1h"}
    system = words(1, 2, a=line, b=line)
    system["crews"]["telco"]["backlog"]["each"] = "2h"
    ground = lay_ground(validate_system(system).system, None)
    cases, touched, ends = cases_of(ground, Ends(), ["service"]), Touched(), Ends()
    single = sweep(ground, cases, ends, Here(False), on_block=touched)
    pairs = worst_pairs(ground, cases, single, touched, ends, Here(False))
    assert [(cases[a].id, cases[b].id) for a, b in zip(pairs.first, pairs.second, strict=True)] == [("a", "b")]
    assert pairs.excess.tolist() == [60]


def test_no_year_begins_with_them() -> None:
    failing = {"fails": {"per_year": 5}, "time_to_restore": {"mean": "5d"}, "crew": "telco"}
    with_jobs, without = words(500, shop=failing), words(500, shop=failing)
    del without["crews"]["telco"]["backlog"]
    results = [
        forecast([prepare_years(today.system, Settings(1, 0))], 20, Here(is_compiled=False))
        for today in (load_variants(each)[0] for each in (with_jobs, without))
    ]
    assert (results[0].today.down_ms == results[1].today.down_ms).all()
    assert results[0].today.down_ms[:20].sum() > 0
