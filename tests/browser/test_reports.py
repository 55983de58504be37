"""The pages that commands write, in a real browser: each can be read by everybody, and a large one opens at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.large_systems import layered
from browser.pages import axe, check_page, opened, printed, reflow, sheets_of, text_spacing
from impactsim.audit.findings import Severity
from impactsim.files.reading import load_plan
from impactsim.reports.document.html import to_html
from impactsim.reports.rank.asked import Asked
from impactsim.results import Result
from impactsim.review.facts import ReviewFacts
from impactsim.review.report.document import document_of
from impactsim.review.whole import review
from impactsim.trials.workers import Here
from impactsim.workflow import audit_system, compare_files, exercise_plan, rank, review_plan, run

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHOP, OVH, FREIGHT = (SCENARIOS / each for each in ("teaching-shop", "ovh-2021", "brackwater-freight"))
CUT, CUT_TWICE = SHOP / "4-duct-cut.yaml", SHOP / "5-duct-cut-second-way.yaml"
BEFORE_THE_FIRE = date(2021, 3, 9)

PAGES: dict[str, Callable[[], str]] = {
    "run": lambda: run(CUT, trials=1).to_html(),
    "sampled run": lambda: run(CUT, trials=50, workers=1).to_html(),
    "compare": lambda: compare_files([CUT, CUT_TWICE], trials=1).to_html(),
    "rank": lambda: rank(SHOP / "system.yaml", Asked(trials=1), workers=1).to_html(),
    "audit": lambda: audit_system(SHOP / "system.yaml").to_html(),
    "review": lambda: review_plan(OVH / "plan.yaml", as_of=BEFORE_THE_FIRE, trials=25, workers=1).to_html(),
    "exercise of the facilitator": lambda: _exercise().to_html("facilitator"),
    "exercise as cards": lambda: _exercise().to_html("cards"),
    "exercise of participants": lambda: _exercise().to_html("participants"),
}


@cache
def _exercise() -> Any:
    plan = load_plan(OVH / "plan.yaml")
    return exercise_plan(plan, plan.plan.scenarios[0].file, as_of=BEFORE_THE_FIRE, workers=1)


@pytest.fixture(scope="module")
def freight() -> ReviewFacts:
    """Review the plan of the freight company; figures do not matter here, what is said does."""
    pool = Here(is_compiled=False)
    return review(load_plan(FREIGHT / "plan.yaml"), date(2026, 11, 1), pool, trials=25, with_changes=False)


@pytest.fixture(scope="module")
def freight_path(freight: ReviewFacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    systems = {each.file: each.system for each in freight.rehearsals if each.system is not None}
    path = tmp_path_factory.mktemp("pages") / "freight.html"
    path.write_text(to_html(document_of(freight, systems, "plan.yaml")), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_by_everybody(page, tmp_path, name):
    path = tmp_path / "page.html"
    path.write_text(PAGES[name](), encoding="utf-8")
    check_page(page, path, most_printed=25)


def test_the_report_of_a_company_of_a_middle_size_is_read_and_not_scrolled(page, freight_path):
    opened(page, freight_path)
    assert page.evaluate("() => document.documentElement.scrollHeight") < 15_000
    found = [*axe(page, "light"), *text_spacing(page), *reflow(page)]  # these open all details
    assert found == []
    too_wide = (
        "() => [...document.querySelectorAll('.scroll:has(table)')].filter(e => e.scrollWidth > e.clientWidth + 1)"
    )
    assert page.evaluate(f"{too_wide}.map(each => each.ariaLabel)") == []


def test_its_first_sheet_is_the_summary_and_it_takes_no_more_than_27(page, freight_path):
    assert printed(page, freight_path, 27) == []


def test_every_way_to_a_finding_leads_to_its_row(page, freight_path):
    opened(page, freight_path)
    link = page.locator(".summary a[href^='#at-finding-']").first
    said = link.text_content()
    link.click()
    assert page.evaluate("() => document.querySelector(':target').closest('tr').cells[0].textContent") == said


def test_the_evidence_of_what_is_grave_is_on_paper_and_of_the_rest_only_what_is_wrong(page, freight, freight_path):
    opened(page, freight_path)
    paper = "".join("".join(sheets_of(page)).split())
    with_remedy = [each for each in freight.findings if each.remedy]
    grave = [each for each in with_remedy if each.severity >= Severity.HIGH]
    assert 0 < len(grave) < len(with_remedy)
    assert paper.count("Whatwouldhelp:") == len(grave)
    assert "".join(freight.findings[-1].text.split()) in paper


def test_a_system_of_a_thousand_components_gives_a_page_that_is_small_and_opens_at_once(page, tmp_path):
    system = layered(1000)
    fails = [{"fail": each, "at": "0s", "for": "2h"} for each in list(system["components"])[:10]]
    result = run({"impactsim": 1, "name": "Ten at once", "system": system, "events": fails}, trials=1)
    assert isinstance(result, Result)
    path = tmp_path / "large.html"
    path.write_text(result.to_html(), encoding="utf-8")
    assert path.stat().st_size < 5_000_000
    opened(page, path)
    assert page.evaluate("() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") < 3_000
