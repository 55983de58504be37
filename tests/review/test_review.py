"""The whole review: repeatable, in one order, and the same as JSON, text, page and Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import impactsim
from impactsim.problems import InvalidInput
from impactsim.review.report.json_form import to_object
from impactsim.workflow.reviews import review_plan
from review.simulated_plans import plan_in

HOUR = 3_600_000

UNCERTAIN: dict[str, Any] = {
    "steps": {"restore-orders": {"takes": {"median": "2h", "p90": "6h"}, "source": "drill of May"}},
    "trials": 50,
}


def test_it_is_the_same_again_and_with_other_workers(tmp_path: Path) -> None:
    loaded = plan_in(tmp_path, UNCERTAIN)
    first = review_plan(loaded, workers=1).to_json()
    assert review_plan(tmp_path / "plan.json", workers=1).to_json() == first
    assert review_plan(loaded, workers=2).to_json() == first


def test_seed_and_trials_may_be_others_than_those_of_the_plan(tmp_path: Path) -> None:
    loaded = plan_in(tmp_path, UNCERTAIN)
    one, other = (review_plan(loaded, seed=seed, trials=40, workers=1).facts for seed in (1, 2))
    assert (one.seed, one.n_trials, one.rehearsals[0].n_trials) == (1, 40, 40)
    assert one.rows[0].achievable_rto != other.rows[0].achievable_rto


def test_the_worst_findings_come_first_and_each_id_once(tmp_path: Path) -> None:
    facts = review_plan(plan_in(tmp_path, {"services": {"shop": {"rto": "2h", "rpo": None}}}), workers=1).facts
    assert all(one.severity >= other.severity for one, other in pairwise(facts.findings))
    ids = [each.id for each in facts.findings]
    assert len(ids) == len(set(ids))
    assert {"DR02/shop", "DR05/hall"} <= set(ids)
    assert {each.code for each in facts.findings} >= {"DR02", "DR05", "DR09", "DR10", "DR14", "DR15"}


def test_ages_count_from_the_day_that_is_given_else_from_that_of_the_plan(tmp_path: Path) -> None:
    plan = {"tests": [{"of": "shop", "type": "simulation", "date": "2026-01-01", "measured": "2h"}]}
    loaded = plan_in(tmp_path, plan)
    of_plan, later = review_plan(loaded, workers=1).facts, review_plan(loaded, as_of=date(2027, 6, 1), workers=1).facts
    assert (of_plan.as_of, of_plan.rows[0].last_test.age_days) == (date(2026, 1, 10), 9)  # type: ignore[union-attr]
    stale = {each.id for each in later.findings} - {each.id for each in of_plan.findings}
    assert "DR10/service/shop" in stale


def test_without_any_day_the_api_demands_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="give as_of"):
        review_plan(plan_in(tmp_path, {"as_of": None}), workers=1)


def test_a_scenario_is_no_plan(tmp_path: Path) -> None:
    plan_in(tmp_path)
    with pytest.raises(InvalidInput, match="a recovery plan is wanted"):
        review_plan(tmp_path / "failure.json")


def test_guesses_sources_and_assumptions_are_those_that_matter(tmp_path: Path) -> None:
    system = {
        "components": {
            "orders": {"confidence": "guessed", "source": "a talk"},
            "vault": {"confidence": "guessed", "source": "nobody asks"},
        }
    }
    facts = review_plan(plan_in(tmp_path, UNCERTAIN, system), workers=1).facts
    assert facts.guesses == {"orders": "guessed"}
    assert facts.sources == {"orders": "a talk", "restore-orders": "drill of May"}
    assert any("known after 10 min" in each for each in facts.assumptions)
    assert any("must serve 100%: shop" in each for each in facts.assumptions)


def test_a_step_of_unknown_length_takes_what_the_system_says_and_the_review_says_so(tmp_path: Path) -> None:
    system = {"components": {"orders": {"time_to_restore": "1h"}}}
    plan = {"steps": {"restore-orders": {"takes": "unknown"}}}
    facts = review_plan(plan_in(tmp_path, plan, system), workers=1).facts
    assert facts.rows[0].achievable_rto is not None
    assert facts.rows[0].achievable_rto.p50_ms == 1.5 * HOUR
    assert any(each.endswith("what they restore: restore-orders") for each in facts.assumptions)


# Forms.


def test_json_says_never_and_not_known_without_infinities(tmp_path: Path) -> None:
    plan = {"steps": {"restore-orders": None}, "services": {"blog": {"rto": "unknown"}}}
    told = json.loads(review_plan(plan_in(tmp_path, plan, {"components": {"blog": {}}}), workers=1).to_json())
    assert (told["impactsim"], told["verdict"]) == (1, "fails")
    shop, blog = told["services"]["shop"], told["services"]["blog"]
    assert shop["achievable_rto"]["p50"] == {"ms": None, "never": True}
    assert shop["rto"] == {"ms": 3 * HOUR, "said": "figure"}
    assert shop["rpo"] == {"ms": None, "said": "not-applicable"}
    assert blog["achievable_rto"] is None
    assert (blog["rto"]["said"], blog["rpo"]["said"]) == ("unknown", "nothing")
    (late,) = [each for each in told["findings"] if each["id"] == "DR02/shop"]
    assert late["figures"]["p50_ms"] == "never"


def test_json_has_what_was_played(tmp_path: Path) -> None:
    (played,) = to_object(review_plan(plan_in(tmp_path), workers=1).facts)["scenarios"]
    (step,) = played["steps"]
    assert (step["begins_ms"], step["ends_ms"], step["critical"]) == (0.5 * HOUR, 2.5 * HOUR, True)
    assert step["people"] == [{"role": "dba", "person": "first-dba"}]
    assert played["levels"]["shop"] == [[0, 0.0], [2.5 * HOUR, 1.0]]
    assert played["declared"]["p90"] == {"ms": 0.5 * HOUR, "never": False}
    assert played["users"]["known"] is False


def test_text_page_and_markdown_name_the_plan_and_its_findings(tmp_path: Path) -> None:
    review = impactsim.review_plan(plan_in(tmp_path, {"services": {"shop": {"rto": "2h"}}}), workers=1)
    page = review.to_html()
    assert page.lstrip().lower().startswith("<!doctype html>")
    for form in (str(review), page, review.to_markdown()):
        assert "DR02" in form
        assert "restore-orders" in form


BY_ID = {"services", "levels", "figures", "guesses", "doubtful", "sources", "names"}


def keys_of(value: object, within: str = "") -> Iterator[str]:
    """Yield every key of plain data but the ids of the author."""
    if isinstance(value, list):
        for each in value:
            yield from keys_of(each, within)
    elif isinstance(value, dict):
        for key, each in value.items():
            if within not in BY_ID:
                yield key
            yield from keys_of(each, "" if within in BY_ID else key)


def test_every_key_of_the_json_is_explained(tmp_path: Path) -> None:
    plan = {
        "tests": [{"of": "shop", "type": "simulation", "date": "2026-01-01"}],
        "suppliers": {"landlord": {"components": ["hall"]}},
        "steps": {"restore-orders": {"with": ["vault"]}},
        "changes": {"none": {"text": "nothing", "cost": 1, "plan": {"currency": "EUR"}}},
    }
    system = {
        "components": {
            "shop": {"needs": ["orders", {"any_of": ["a", "b"]}]},
            "a": {"needs": [{"component": "b", "to": "start"}]},
            "b": {"needs": [{"component": "a", "to": "start"}]},
        },
        "users": {"buyers": {"count": 10, "uses": ["shop"]}},
    }
    scenarios = {"failure": {"events": [{"fail": ["orders", "hall"]}]}}
    told = to_object(review_plan(plan_in(tmp_path, plan, system, scenarios), workers=1).facts)
    assert told["restart_circles"]
    assert told["changes"]
    explained = (Path(impactsim.__file__).parent / "docs" / "format.md").read_text(encoding="utf-8")
    section = explained.partition("### A review")[2]
    keys = set(keys_of(told))
    assert {"break_glass", "person", "over_time", "last_test", "closes", "from_ms"} <= keys
    assert [key for key in sorted(keys) if f"`{key}`" not in section and f'"{key}"' not in section] == []
