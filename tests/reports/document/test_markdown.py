"""Markdown of GitHub's kind: tables with their captions, signs as words, and no markup that others wrote."""

from __future__ import annotations

import re

import pytest

from impactsim.reports.document.blocks import (
    Block,
    Code,
    Column,
    Definitions,
    Details,
    Document,
    KeyFigures,
    Link,
    More,
    Paragraph,
    Points,
    Section,
    Sign,
    Strong,
    Table,
)  # fmt: skip
from impactsim.reports.document.markdown import code, text, to_markdown
from reports.document.documents_by_hand import document, figure, gantt, table


def written(*blocks: Block) -> str:
    return to_markdown(Document("A title", "", (), (Section("first", "First", blocks),))).split("## First\n\n", 1)[1]


def test_a_table_has_its_caption_above_and_numbers_to_the_right():
    assert written(table()) == (
        "**Services**\n\n"
        "| Service | Verdict | People |\n"
        "| --- | --- | ---: |\n"
        "| service 0 | **down 6 h** | 0 |\n"
        "| service 1 | **down 6 h** | 1,000 |\n"
    )


def test_of_a_picture_its_table_is_there():
    said = written(figure("gantt", "Steps over time", gantt()))
    assert "**Figure 1. Steps over time** (the picture is in the HTML report; its figures follow)" in said
    assert "The web shop is down for six hours" in said
    assert "**Steps over time, as figures**\n\n| Service |" in said


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("<script>", "\\<script\\>"),
        ("[click](http://x)", "\\[click\\]\\(http://x\\)"),
        ("![x](y)", "!\\[x\\]\\(y\\)"),
        ("a|b", "a\\|b"),
        ("*b* _i_ `c` ~s~", "\\*b\\* \\_i\\_ \\`c\\` \\~s\\~"),
        ("&lt;", "\\&lt;"),
        ("\\", "\\\\"),
        ("two\n\n# lines", "two \\# lines"),
        ("@team", "@<!-- -->team"),
        ("see #12", "see \\#<!-- -->12"),
        ("$x$", "\\$x\\$"),
        ("\x1b[31m\u202e", "\ufffd\\[31m\ufffd"),
    ],
)
def test_a_name_is_no_markup(name, becomes):
    assert text(name) == becomes


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("# a", "\\# a"),
        ("- a", "\\- a"),
        ("+ a", "\\+ a"),
        ("1. a", "1\\. a"),
        ("2) a", "2\\) a"),
        ("=====", "\\====="),
        ("-- a", "\\-- a"),
    ],
)
def test_a_line_begins_no_list_and_no_heading(line, becomes):
    assert written(Paragraph(line)) == becomes + "\n"


def test_a_cell_cannot_end_its_cell_even_as_code():
    one = Table("T", (Column("a"), Column("b")), (((Code("x|y`z"),), "p|q"),))
    assert "| ``x\\|y`z`` | p\\|q |" in written(one)


@pytest.mark.parametrize(
    ("words", "becomes"), [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a\nb", "`a b`"), ("", "` `")]
)
def test_code_stays_between_its_backticks(words, becomes):
    assert code(words) == becomes


def test_only_places_to_which_something_leads_are_marked():
    said = written(
        Paragraph(("See ", Link("row/b", "b"), " and ", Link("gone", "c"), ".")), table(ids=("row/a", "row/b"))
    )
    assert said.startswith("See [b](#at-row-2f-b) and c.\n")
    assert re.findall(r'<a id="([^"]+)"></a>(\w+ \w)', said) == [("at-row-2f-b", "service 1")]


def test_key_figures_points_and_details_are_lists_and_text():
    said = written(
        KeyFigures((("Missed", "3 of 8", Sign("high", "much")), ("Tested", "never", ""))),
        Points(("one", ("two ", Strong("strong"))), is_numbered=True),
        Details("More", (Paragraph("said"),)),
    )
    assert said == (
        "- Missed: **3 of 8** (**much**)\n- Tested: **never**\n\n1. one\n2. two **strong**\n\n**More**\n\nsaid\n"
    )


def test_an_empty_table_says_that_there_is_nothing():
    assert written(table(rows=0)) == "**Services**: none.\n"


def test_every_part_of_a_document_is_there_once():
    said = to_markdown(document())
    assert said.startswith(
        "# Review of the recovery plan of Example Ltd\n\nExample of all parts, 03 March 2026\n\n## Summary\n"
    )
    assert re.findall(r"^## (.*)$", said, re.MULTILINE) == [
        "Summary", "Services", "Findings", "Restoration order", "Levels over time", "People over time", "Times to restore",
        "How to get the same again",
    ]  # fmt: skip
    assert said.endswith("- `impactsim review plan.yaml --as-of 2026-03-03 --seed 1`\n- `impactsim 0.1.0`\n")


def test_a_cell_that_opens_is_written_out_and_definitions_are_a_list():
    more = More("too late", ("why_so", Link("first", "there")))
    blocks = (Table("T", (Column("a"), Column("b")), (("x", more),)), Definitions((("Owner", "Sales"),)))
    said = written(*blocks)
    assert r"| x | too late<br>why\_so<br>[there](#at-first) |" in said
    assert "- **Owner**: Sales" in said
