"""The page with all parts in a real browser."""

from __future__ import annotations

import pytest

from browser.pages import check_page, opened, sheets_of
from impactsim.reports.document.html import to_html
from reports.document.documents_by_hand import document


@pytest.fixture
def html_path(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(to_html(document()), encoding="utf-8")
    return path


def test_a_page_with_all_parts_can_be_read_by_everybody(page, html_path):
    check_page(page, html_path, most_printed=8)


def test_details_open_with_the_keyboard(page, html_path):
    opened(page, html_path)
    details = page.locator("details").first
    assert details.get_attribute("open") is None
    details.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert details.get_attribute("open") is not None


def test_the_first_tab_skips_to_the_report(page, html_path):
    opened(page, html_path)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "page-main"


def test_a_link_leads_to_the_row_of_a_table(page, html_path):
    opened(page, html_path)
    page.get_by_role("link", name="the third").click()
    assert page.evaluate("() => document.querySelector(':target > th').textContent") == "value 0 of 3"


def test_what_is_closed_on_the_screen_is_on_paper(page, html_path):
    opened(page, html_path)
    assert not page.get_by_text("service 39").is_visible()
    assert any("service 39" in sheet for sheet in sheets_of(page))


def test_a_table_repeats_its_head_on_the_next_sheet(page, html_path):
    opened(page, html_path)
    with_column = [sheet for sheet in sheets_of(page) if "value 0 of" in sheet.replace("\n", " ")]
    assert len(with_column) == 2
    assert all("Column" in sheet for sheet in with_column)


@pytest.mark.parametrize(("scheme", "colour"), [("light", "rgb(27, 32, 39)"), ("dark", "rgb(231, 234, 238)")])
def test_the_scheme_reaches_into_pictures(page, html_path, scheme, colour):
    opened(page, html_path, scheme)
    labels = page.locator(".picture svg text", has_text="Component number 0")
    assert labels.first.evaluate("each => getComputedStyle(each).fill") == colour


def test_text_in_pictures_has_the_font_of_the_page(page, html_path):
    opened(page, html_path)
    fonts = page.evaluate(
        "() => [...document.querySelectorAll('body, .picture svg text')].map(e => getComputedStyle(e).fontFamily)"
    )
    assert len(fonts) > 50
    assert len(set(fonts)) == 1
