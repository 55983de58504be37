"""The page: what others wrote stays text, ids stand once, the same document gives the same bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from impactsim.reports.document.blocks import (
    Block,
    Code,
    Column,
    Definitions,
    Details,
    Document,
    Foreign,
    KeyFigures,
    Link,
    MapPicture,
    More,
    Node,
    Paragraph,
    Points,
    Section,
    Sign,
    Strong,
    Table,
)  # fmt: skip
from impactsim.reports.document.html import to_html
from reports.document.documents_by_hand import document, figure, gantt, levels, ranges, table

HOSTILE = "</style></title><script>alert(1)</script><img src=x onerror='a'>\" onload=\"b {{ 7*7 }} {% raw %}\x00\x1b[31m\u202e&amp;"
VOID = {"meta", "link", "br", "img", "path", "use", "rect", "circle", "line", "input"}


class Elements(HTMLParser):
    """Every element with its attributes, and whether each was closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def values(self, key):
        return [attributes[key] for _, attributes in self.found if key in attributes]


def page(*blocks: Block, title: str = "A title") -> Document:
    return Document(title, "", (), (Section("first", "First", blocks),))


def test_no_name_becomes_markup_wherever_it_stands():
    each = HOSTILE
    words = (each, Sign("high", each), Link("first", each), Code(each), Strong(each), Foreign("fr", each))
    hostile = Document(
        each,
        each,
        (KeyFigures(((each, words, words),)), Points((words,))),
        (
            Section(
                each, each, (Paragraph(words), Details(each, (Table(each, (Column(each),), ((words,),), (each,)),)))
            ),
            Section("f", each, (figure(each, each, gantt()),)),
        ),
        (each,),
    )
    elements = Elements(to_html(hostile))
    names = {tag for tag, _ in elements.found}
    assert names.isdisjoint({"script", "img", "iframe", "object", "form", "input"})
    attributes = {key for _, attributes in elements.found for key in attributes}
    assert not [key for key in attributes if key.startswith("on")]
    assert "{{ 7*7 }} {% raw %}" in "".join(elements.text)
    assert not set("\x00\x1b\u202e") & set(to_html(hostile))


def test_the_page_names_no_place_of_the_network():
    elements = Elements(to_html(document()))
    links = [*elements.values("src"), *elements.values("href")]
    assert all(link.startswith("#") or link == "data:," for link in links)
    assert "url(http" not in to_html(document())
    policy = next(a["content"] for tag, a in elements.found if tag == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'; ")


def test_every_id_stands_once_and_every_way_leads_somewhere():
    twice = page(
        table(ids=("row", "row")),
        figure("row", "A", gantt()),
        figure("two", "B", gantt()),
        figure("three", "C", levels()),
    )
    for each in (document(), twice):
        elements = Elements(to_html(each))
        ids = elements.values("id")
        assert len(ids) == len(set(ids))
        ways = [href.removeprefix("#") for href in elements.values("href") if href.startswith("#")]
        named = [
            each
            for key in ("aria-labelledby", "aria-describedby")
            for value in elements.values(key)
            for each in value.split()
        ]
        assert set(named) <= set(ids)
        assert {way for way in ways if "%" not in way} <= set(ids)


def test_a_link_to_a_place_that_is_not_there_is_text():
    html = to_html(page(Paragraph(("See ", Link("nowhere", "the place"), "."))))
    assert "<p>See the place.</p>" in html


def test_an_id_of_any_letters_can_be_reached():
    html = to_html(page(Section("DR06/\u505c\u96fb a%b", "Odd", ()), Paragraph(Link("DR06/\u505c\u96fb a%b", "there"))))
    assert 'id="at-DR06/\u505c\u96fb_a%b"' in html
    assert 'href="#at-DR06/%E5%81%9C%E9%9B%BB_a%25b"' in html


def test_parts_of_parts_are_numbered_and_have_lower_headings():
    html = to_html(page(Section("a", "Inner", (Section("b", "Innermost", ()),)), Section("c", "Second", ())))
    headings = re.findall(r'<h(\d)><span class="section-number">([\d.]+)</span> (\w+)', html)
    assert headings == [("2", "1", "First"), ("3", "1.1", "Inner"), ("4", "1.1.1", "Innermost"), ("3", "1.2", "Second")]


def test_a_table_says_which_cells_are_heads():
    elements = Elements(to_html(page(table(rows=3))))
    scopes = [attributes.get("scope") for tag, attributes in elements.found if tag == "th"]
    assert scopes == ["col"] * 3 + ["row"] * 3


def test_a_cell_of_few_letters_is_not_broken_and_one_of_many_has_room():
    one = Table("T", (Column("a"), Column("b", is_number=True), Column("c")), (("x" * 18, "y" * 19, "z" * 61),))
    elements = Elements(to_html(page(one)))
    looks = [attributes.get("class") for tag, attributes in elements.found if tag in {"th", "td"}]
    assert looks == [None, "number", None, "whole", "number", "long"]


def test_an_empty_table_says_that_there_is_nothing():
    assert '<p class="nothing">Services: none.</p>' in to_html(page(table(rows=0)))


def test_a_space_between_pieces_stays():
    assert "<p>a <strong>b</strong> c</p>" in to_html(page(Paragraph(("a ", Strong("b"), " c"))))


def test_the_same_document_gives_the_same_bytes_in_another_process():
    code = ("import hashlib; from reports.document.documents_by_hand import document; from impactsim.reports.document.html "
            "import to_html; print(hashlib.sha256(to_html(document()).encode()).hexdigest())")  # fmt: skip
    path = ["-c", f"import sys; sys.path.insert(0, 'tests'); {code}"]
    seen = {
        subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, *path],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@pytest.mark.parametrize("picture", [gantt(), levels(), ranges()])
def test_ids_of_one_picture_are_not_those_of_another(picture):
    elements = Elements(to_html(page(figure("a", "A", picture), figure("b", "B", picture))))
    ids = elements.values("id")
    assert len(ids) == len(set(ids))


def test_a_cell_that_opens_says_its_words_and_what_stands_behind_them():
    more = More(("Too late, see ", Link("first", "there")), ("one <i>", Link("first", "two")), is_printed=False)
    html = to_html(page(Table("T", (Column("a"), Column("b")), (("x", more),))))
    assert '<details class="more on-screen"><summary>Too late, see <a href="#at-first">there</a></summary>' in html
    assert "<li>one &lt;i&gt;</li> <li><a href=" in html


def test_what_is_not_printed_says_so_to_the_style():
    blocks = (Details("D", (Paragraph("p"),), is_printed=False), replace(figure("g", "G", gantt()), prints_table=False))
    assert to_html(page(*blocks)).count('<details class="on-screen">') == 2


def test_definitions_are_a_list_of_terms():
    html = to_html(page(Definitions((("Owner", ("Sales & ", Strong("IT"))),))))
    assert "<div><dt>Owner</dt><dd>Sales &amp; <strong>IT</strong></dd></div>" in html


def test_a_wide_picture_is_printed_across_and_a_very_wide_one_on_a_larger_sheet():
    def map_of_so_many(columns: int) -> MapPicture:
        nodes = tuple(Node(f"n{i}", f"n{i}", "host", "", "high", "down 1 h") for i in range(columns))
        return MapPicture(nodes, tuple((f"n{i}", f"n{i + 1}", True) for i in range(columns - 1)))

    for columns, look in ((4, ""), (6, ' class="across"'), (9, ' class="large"')):
        assert f'<figure id="at-m"{look}>' in to_html(page(figure("m", "M", map_of_so_many(columns))))
