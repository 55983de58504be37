"""What a report on years says, against figures that are known."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from impactsim.files.variants import load_variants
from impactsim.reports.forecast.assemble import Change, Request, assemble_forecast
from impactsim.reports.forecast.csv_form import rows_of
from impactsim.reports.forecast.facts import ForecastFacts, Mean
from impactsim.reports.forecast.json_form import to_json
from impactsim.reports.forecast.text import report, to_text
from impactsim.reports.forecast.words import mean_of_number, mean_of_share, share_of_all
from impactsim.reports.page import Screen
from impactsim.trials.arrivals import YEAR_MS
from impactsim.trials.forecast import Settings, prepare_years
from impactsim.trials.workers import Here
from impactsim.trials.years import forecast

ALWAYS = {"fails": {"probability": 1.0}}


def facts_of(components: dict[str, Any], n: int = 40, changes: list[dict] = (), **more: Any) -> ForecastFacts:
    system = {"impactsim": 1, "name": "Small", "components": components, **more}
    variants = load_variants(system, changes)
    result = forecast([prepare_years(each.system, Settings()) for each in variants], n, Here(is_compiled=False))
    words = [Change(each.name, each.file, each.problems) for each in variants[1:]]
    return assemble_forecast(result, words, Request(n), variants[0].problems)


def words_of(facts: ForecastFacts, **more: Any) -> str:
    return " ".join(" ".join(report(facts, Screen(columns=120), **more)).split())


def test_what_is_certain_has_exact_figures():
    facts = facts_of({"web": ALWAYS}, users={"all": {"count": 10, "uses": ["web"]}})
    assert facts.services["web"].availability == Mean(0.0, 0.0, 0.0)
    assert facts.lost_user_minutes.estimate.mean == facts.lost_user_minutes.estimate.low == 10 * YEAR_MS / 60_000
    (cost,) = facts.budget
    assert (cost.id, cost.lost_share, cost.down_share, cost.per_year, cost.down_all_year) == (
        "web",
        1.0,
        1.0,
        None,
        1.0,
    )
    assert cost.down_ms == Mean(YEAR_MS, YEAR_MS, YEAR_MS)
    said = words_of(facts)
    assert "web is down 365 d, available 0%" in said
    assert "Users lose 5,256,000 user-minutes in an average year" in said


def test_a_quiet_system_is_said_to_be_quiet_only_for_so_many_years():
    facts = facts_of({"web": {"fails": {"per_year": 0.000001}}}, users={"all": {"count": 10, "uses": ["web"]}})
    said = words_of(facts)
    assert "no service is affected in 40 years" in said
    assert "Users lose nothing in 40 years" in said
    assert facts.services["web"].down.high > 0.05  # 40 years do not show that it never happens
    assert "known to" not in said


def test_it_is_said_what_never_fails_and_what_is_never_restored():
    facts = facts_of(
        {"a": {"fails": {"per_year": 1}}, "b": {"fails": {"per_year": 1}, "time_to_restore": {"mean": "60d"}}, "c": {}}
    )
    assert facts.never == ("c",)
    said = words_of(facts)
    assert "1 of 3 components never fail by themselves here" in said
    assert "nothing restores a within a year" in said
    assert "the time to restore of b is long against the run-in of 28 d" in said
    assert [problem.code for problem in facts.warnings] == ["rate-without-restore"]


def test_a_law_without_a_mean_is_said_to_have_no_interval():
    heavy = {"median": "1h", "shape": 0.9, "law": "log-logistic"}
    said = words_of(facts_of({"a": {"fails": {"per_year": 1}, "time_to_restore": heavy}}))
    assert "the time to restore of a has no mean" in said


def test_the_interval_of_availability_is_that_of_the_time_down():
    service = facts_of({"web": {"fails": {"per_year": 20}, "time_to_restore": "1d"}}).services["web"]
    assert service.availability.low == pytest.approx(1 - service.down_ms.high / YEAR_MS)
    assert service.availability.high == pytest.approx(1 - service.down_ms.low / YEAR_MS)
    assert service.outages.mean * 86_400_000 == pytest.approx(service.down_ms.mean, rel=0.02)


def test_a_recovery_time_is_missed_in_the_years_whose_longest_outage_is_longer():
    web = {"fails": {"per_year": 2}, "time_to_restore": {"mean": "6h"}, "targets": {"rto": "4h", "mtpd": "2d"}}
    service = facts_of({"web": web}).services["web"]
    assert service.longest_ms.p10 <= 4 * 3_600_000 < service.longest_ms.p90
    assert 0.1 < service.rto.missed.p < 0.9
    assert service.mtpd.missed.p <= service.rto.missed.p


def test_what_a_change_costs_is_as_plain_as_what_it_saves():
    worse = {"name": "Worse", "changes": {"components": {"web": {"fails": {"per_year": 40}}}}}
    better = {"name": "Better", "changes": {"components": {"web": {"fails": {"per_year": 1}}}}}
    web = {"fails": {"per_year": 20}, "time_to_restore": "1h"}
    facts = facts_of({"web": web}, changes=[worse, better], users={"all": {"count": 60, "uses": ["web"]}})
    assert [each.name for each in facts.changes] == ["Better", "Worse"]
    assert facts.changes[0].lost_user_minutes.low > 0 > facts.changes[1].lost_user_minutes.high
    lines = [line for line in report(facts) if line.startswith(("  Better", "  Worse"))]
    assert " +" in lines[0]
    assert " -" in lines[1]
    assert facts.changes[0].lost_share == pytest.approx(0.95, abs=0.05)


def test_the_json_is_plain_and_the_tables_are_flat():
    facts = facts_of({"web": {"fails": {"per_year": 2}}}, changes=[{"changes": {"components": {"web": {"name": "W"}}}}])
    assert json.loads(to_json(facts))["system"] == "Small"
    assert not any(
        isinstance(value, dict) for rows in rows_of(facts).values() for row in rows for value in row.values()
    )


def test_nothing_is_left_out_of_the_whole_text_and_a_screen_holds_the_other():
    many = {f"web{i}": {"fails": {"per_year": 3}, "time_to_restore": "5h"} for i in range(60)}
    facts = facts_of(many, n=10)
    lines = report(facts, Screen(n_lines=50))
    assert len(lines) <= 50
    assert any("more (--all)" in line for line in lines)
    assert all(f"web{i} " in to_text(facts) for i in range(60))
    assert all(len(line) <= 100 for line in lines)
    assert all(len(line) <= 80 for line in report(facts, Screen(columns=80)))


def test_a_few_years_are_said_to_be_few():
    assert "Only 5 years: too few" in words_of(facts_of({"web": {"fails": {"per_year": 2}}}, n=5))


def test_what_is_hardly_known_is_said_without_powers_of_ten():
    facts = facts_of({"web": {"fails": {"per_year": 2}, "time_to_restore": "1h"}}, n=5)
    assert "the mean time down is known to +- 1,300%" in words_of(replace(facts, reached=13.4))


def test_a_mean_has_no_more_digits_than_its_interval_carries():
    assert mean_of_number(Mean(123.456, 120.1, 126.8)) == "123 +- 4"
    assert mean_of_number(Mean(0.012345, 0.0119, 0.0128), sign=True) == "+0.0123 +- 0.0005"
    assert mean_of_share(Mean(0.5, 0.42, 0.58)) == "50% +- 8%"
    assert mean_of_share(Mean(0.9999, 0.99989, 0.99991)) == "99.9900% +- 0.0010%"
    assert share_of_all(1.0) == "100%"
