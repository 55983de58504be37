"""The checks themselves find what is wrong: a page that passes them is not passed by chance."""

from __future__ import annotations

import pytest

from browser.pages import axe, check_page, headings, keyboard, opened, printed, reflow, text_spacing


@pytest.fixture
def write(tmp_path):
    def written(body: str):
        path = tmp_path / "page.html"
        path.write_text(
            f"<!DOCTYPE html><html lang=en><title>A page</title><body>{body}</body></html>", encoding="utf-8"
        )
        return path

    return written


def test_a_picture_of_the_network_is_noticed(page, write):
    path = write("<h1>Summary</h1><img src='http://127.0.0.1:9/map.png' alt=''>")
    with pytest.raises(AssertionError, match=r"asks for http://127\.0\.0\.1:9/map\.png"):
        check_page(page, path)


@pytest.mark.parametrize(
    ("body", "check", "says"),
    [
        ("<h1>One</h1><h3>Two</h3>", headings, "h3 after h1"),
        ("<main><h1>One</h1><p style='color:#999'>grey</p></main>", lambda page: axe(page, "light"), "color-contrast"),
        ("<a href='#x' tabindex='-1'>away</a>", keyboard, "a away: not reached"),
        ("<a href='#x' style='outline:none'>pale</a>", keyboard, "a pale: focus is not visible"),
        ("<div style='width:400px'>wide</div>", reflow, "at 320 pixels"),
        ("<div style='width:4em;overflow:hidden;white-space:nowrap'>Word by word</div>", text_spacing, "is cut off"),
        (
            "<div class='picture'><svg width='40' height='20'><text y='15'>far too long</text></svg></div>",
            text_spacing,
            "leaves",
        ),
    ],
)
def test_what_is_wrong_is_found(page, write, body, check, says):
    opened(page, write(body))
    assert says in " ".join(check(page))


def test_a_summary_that_is_not_alone_on_its_sheet_is_found(page, write):
    assert printed(page, write("<h1>Summary</h1><h2>Contents</h2>"), 3) == [
        "contents on the first sheet", "the summary takes more than a sheet: ''"]  # fmt: skip
