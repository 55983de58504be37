"""The share that rests on guesses in every output, of one estate in which it can be worked out by hand.

The power cut takes down the shop (1,000 people) by declared facts, the mail (1,000) by an observed need, the blog (500) by a guessed need and
the search (500) through a guessed component: a third each. The wiki, which nobody is known to use, has a declared way to the grid
beside a guessed one to the core.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import impactsim
from exercise.made_plan import FIRE, PLAN
from exercise.made_plan import SYSTEM as RECOVERED
from impactsim.audit.facts import AuditFacts
from impactsim.files.merging import merge_patch
from impactsim.reports.rank.forms import rank_frame
from impactsim.workflow.exercises import exercise_plan
from impactsim.workflow.reportables import reportability
from impactsim.workflow.reviews import review_plan

Words = dict[str, Any]

ESTATE: Words = {
    "impactsim": 1,
    "name": "Estate",
    "components": {
        "grid": {"kind": "power", "fails": {"per_year": 2}, "time_to_restore": "1h"},
        "core": {"kind": "data", "time_to_restore": "1h", "needs": [{"component": "grid", "to": "run"}]},
        "cache": {"kind": "data", "confidence": "guessed", "needs": [{"component": "grid", "to": "run"}]},
        "shop": {"name": "Shop", "needs": ["core"]},
        "blog": {"needs": [{"component": "core", "confidence": "guessed"}]},
        "wiki": {"needs": [{"component": "core", "confidence": "guessed"}, {"component": "grid", "to": "run"}]},
        "search": {"needs": ["cache"]},
        "mail": {"needs": [{"component": "core", "confidence": "observed"}]},
    },
    "users": {
        "buyers": {"count": 1000, "uses": ["shop"]},
        "readers": {"count": 500, "uses": ["blog", "search"]},
        "staff": {"count": 1000, "uses": ["mail"]},
    },
}
CUT: Words = {"impactsim": 1, "name": "Power cut", "system": ESTATE, "events": [{"fail": "grid", "for": "2h"}]}
CORE: Words = {"impactsim": 1, "name": "Core down", "system": ESTATE, "events": [{"fail": "core", "for": "2h"}]}
UNCERTAIN = CUT | {"events": [{"fail": "grid", "for": {"median": "2h", "p90": "4h"}}]}
OF_THE_CUT = (
    "Rests on guesses: 33% of the time of users affected (2 of 5 affected services: blog and search); on observation only: 33% of the "
    "time of users affected (1 of 5 affected services: mail)"
)
KEY_OF_THE_CUT = {
    "guessed": 0.333333,
    "observed": 0.333333,
    "of": "user-minutes",
    "judged": 5,
    "what": "affected service",
    "doubtful": {"blog": "guessed", "search": "guessed", "mail": "observed"},
}


def declared(value: Any) -> Any:
    """Return plain data without a word of how sure anything is."""
    if isinstance(value, dict):
        return {key: declared(each) for key, each in value.items() if key != "confidence"}
    return [declared(each) for each in value] if isinstance(value, list) else value


def plain(text: object) -> str:
    return " ".join(str(text).split())


def rests_on(result: Any) -> Any:
    return json.loads(result.to_json()).get("rests_on")


def test_a_run_says_it_as_text_json_page_and_in_a_notebook() -> None:
    result = impactsim.run(CUT)
    assert OF_THE_CUT in plain(result)
    assert rests_on(result) == KEY_OF_THE_CUT
    assert OF_THE_CUT in result.to_html()
    assert OF_THE_CUT in result.to_markdown().replace("\\", "")
    assert OF_THE_CUT in result._repr_html_()


def test_many_trials_say_what_a_single_run_says_where_all_takes_alike() -> None:
    result = impactsim.run(UNCERTAIN, trials=20, workers=1)
    assert OF_THE_CUT in plain(result)
    assert rests_on(result) == KEY_OF_THE_CUT
    assert OF_THE_CUT in result.to_markdown().replace("\\", "")


@pytest.mark.parametrize("trials", [1, 20])
def test_a_comparison_says_it_in_each_column(trials: int) -> None:
    # Without the core: shop 1,000 and mail 1,000 (observed), the blog 500 (guessed) of 2,500.
    result = impactsim.compare(CUT if trials == 1 else UNCERTAIN, CORE, trials=trials, workers=1)
    told = [each["rests_on"] for each in json.loads(result.to_json())["scenarios"]]
    assert [(each["guessed"], each["observed"]) for each in told] == [(0.333333, 0.333333), (0.2, 0.4)]
    text = result.to_markdown()
    assert "| rests on | 33% guessed, 33% observed | 20% guessed, 40% observed |" in text
    assert "Rests on guesses" not in text  # which column would it be of?


def test_a_ranking_weighs_each_failure_by_what_it_costs() -> None:
    # User-minutes: shop and mail 240,000 each, cache, blog and search 120,000 each; of the grid's 150,000 a third is guessed, of the core's 150,000
    # a fifth, and of the cache's all: 50,000 + 30,000 + 120,000 of 1,140,000. Observed: 50,000 + 60,000.
    result = impactsim.rank(ESTATE, workers=1)
    assert result.facts.rests is not None
    assert result.facts.rests.guessed == pytest.approx(200 / 1140)
    assert result.facts.rests.observed == pytest.approx(110 / 1140)
    assert (
        "Rests on guesses: 18% of the time of users affected (3 of 8 harmful failures: grid, core and cache)"
        in plain(result)
    )
    rows = {each["id"]: each["rests_on"] for each in json.loads(result.to_json())["ranking"]}
    assert (rows["shop"], rows["core"]) == ({"guessed": 0, "observed": 0}, {"guessed": 0.2, "observed": 0.4})
    assert rank_frame(result.facts).loc["cache", "guessed"] == 1
    (row,) = (line.split() for line in str(result).splitlines() if "cache    data" in line)
    assert row[-1] == "100%"
    assert "on guesses" in result.to_markdown()


def test_a_forecast_weighs_each_failure_by_what_goes_back_to_it() -> None:
    # Nothing but the grid fails: all goes back to it.
    result = impactsim.forecast(ESTATE, years=30, workers=1)
    assert "Rests on guesses: 33% of the time of users affected (1 of 1 failure: grid)" in plain(result)
    assert rests_on(result)["guessed"] == pytest.approx(1 / 3, abs=1e-6)
    # With the cache, which is guessed itself, there is one more failure; all that goes back to it is a guess.
    often = merge_patch(ESTATE, {"components": {"cache": {"fails": {"per_year": 50}, "time_to_restore": "1h"}}})
    facts = impactsim.forecast(often, years=30, workers=1).facts
    shares = {cost.id: cost.lost_share or 0.0 for cost in facts.budget}
    assert facts.rests is not None
    assert facts.rests.sure == {"cache": "guessed", "grid": "guessed"}
    assert shares["cache"] < facts.rests.guessed < shares["cache"] + shares["grid"]


def test_an_audit_says_which_findings_rest_on_guesses() -> None:
    # Alone, the grid takes down all (1,000 of 3,000 people by guesses), the core all but the search (500 of 2,500), the cache the search
    # (500 of 500): 2,000 of 6,000; and each of the first two the mail of 1,000 people, by observation.
    result = impactsim.audit_system(ESTATE)
    assert isinstance(result.facts, AuditFacts)
    rests = result.facts.rests
    assert rests is not None
    assert rests.those("guessed") == ["single-point/grid", "single-point/core", "single-point/cache"]
    assert (rests.guessed, rests.observed) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    said = "Rests on guesses: 33% of the users that findings hit (3 of "
    assert said in plain(result)
    assert said in result.to_markdown().replace("\\", "")
    assert rests_on(result)["doubtful"]["single-point/core"] == "guessed"


def test_questions_without_a_clock_count_the_needs_beneath() -> None:
    cut_sets = impactsim.cutsets(ESTATE, "mail")
    assert "Of 2 needs beneath mail 0 are guessed and 1 is only observed" in plain(cut_sets)
    assert json.loads(cut_sets.to_json())["needs"] == {"declared": 1, "observed": 1, "guessed": 0}
    # Shop to core, core to grid, search to cache; blog to core, cache to grid; mail to core. Nobody uses the wiki.
    importances = impactsim.importance(ESTATE)
    assert "Of 6 needs beneath the services 2 are guessed and 1 is only observed" in plain(importances)
    assert json.loads(importances.to_json())["needs"] == {"declared": 3, "observed": 1, "guessed": 2}
    choice = impactsim.choose_backup(ESTATE, "shop", ["core", "cache"])
    assert "Of 3 needs beneath it and all candidates 1 is guessed and 0 are only observed" in plain(choice)
    assert json.loads(choice.to_json())["needs"] == {"declared": 2, "observed": 0, "guessed": 1}


def test_an_outage_under_way_says_it() -> None:
    at = datetime.fromisoformat("2026-03-02T14:10+01:00")
    since = datetime.fromisoformat("2026-03-02T14:00+01:00")
    result = impactsim.now(ESTATE, at=at, since=since, down=["grid"], trials=20, workers=1)
    assert OF_THE_CUT in plain(result)
    assert rests_on(result) == KEY_OF_THE_CUT


@pytest.mark.parametrize(
    "scenario", [CORE, CORE | {"events": [{"fail": "core", "for": {"median": "2h", "p90": "4h"}}]}]
)
def test_an_assessment_for_regulators_says_it_of_the_services_that_were_looked_at(scenario: Words) -> None:
    result = reportability(scenario, ["gdpr"], trials=20, workers=1)
    said = "Rests on guesses: 20% of the time of users affected (2 of 4 affected services: blog and wiki)"
    assert said in plain(result)
    assert (rests_on(result)["guessed"], rests_on(result)["observed"]) == (0.2, 0.4)


def plan_in(folder: Path, confidence: str = "guessed") -> Path:
    """Write a plan, its scenario and its system, in which the bills need the ledger for all that somebody guesses."""
    billing = {"needs": [{"component": "ledger", "confidence": confidence}]}
    system = merge_patch(RECOVERED, {"components": {"billing": billing}})
    for name, words in (("plan", PLAN), ("fire", FIRE), ("shop", system)):
        (folder / f"{name}.json").write_text(json.dumps(words))
    return folder / "plan.json"


def test_a_review_adds_up_its_scenarios(tmp_path: Path) -> None:
    result = review_plan(plan_in(tmp_path), workers=1)
    rests = result.facts.rests
    assert rests is not None
    assert rests.sure == {"checkout": "declared", "billing": "guessed"}
    assert 0.0 < rests.guessed < 1.0
    assert rests_on(result)["doubtful"] == {"billing": "guessed"}
    assert "(1 of 2 affected services: Billing)" in plain(result)
    assert "(1 of 2 affected services: Billing)" in result.to_markdown().replace("\\", "")


def test_an_exercise_tells_it_to_the_facilitator_alone(tmp_path: Path) -> None:
    pack = exercise_plan(plan_in(tmp_path), "fire", workers=1)
    said = "the run rests on guesses: "
    assert said in pack.to_markdown("facilitator")
    assert said in pack.to_json("facilitator")
    assert "guess" not in pack.to_markdown("participants") + pack.to_markdown("cards")


def test_nothing_is_said_of_a_system_of_which_all_is_declared(tmp_path: Path) -> None:
    system, cut, core = declared(ESTATE), declared(CUT), declared(CORE)
    plan = plan_in(tmp_path, "declared")
    results = [
        impactsim.run(cut),
        impactsim.run(cut, trials=5, workers=1),
        impactsim.compare(cut, core),
        impactsim.compare(cut, core, trials=5, workers=1),
        impactsim.rank(system, workers=1),
        impactsim.forecast(system, years=5, workers=1),
        impactsim.audit_system(system),
        impactsim.cutsets(system, "mail"),
        impactsim.importance(system),
        impactsim.choose_backup(system, "shop", ["core", "cache"]),
        reportability(core, ["gdpr"], workers=1),
        review_plan(plan, workers=1),
        exercise_plan(plan, "fire", workers=1),
    ]
    for result in results:
        told = result.to_json()
        assert "rests_on" not in told
        assert '"needs":' not in told
        assert "ests on guesses" not in str(result)
