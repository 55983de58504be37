from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

import impactsim
from impactsim.reports.notebook import to_html
from impactsim.results import Audit, CutSets, Importances
from reports.facts_by_hand import HOUR, component, facts


def test_all_text_is_escaped_and_nothing_is_fetched() -> None:
    run = facts(component("s", (HOUR, 0.0), name="<script>alert(1)</script>"), scenario='a "b" <img src=x>')
    text = to_html(run)
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "http" not in text


def test_it_says_the_answer_and_has_a_row_for_each_affected_component() -> None:
    run = facts(
        component("shop", (HOUR, 0.0), (2 * HOUR, 1.0)),
        component("blog", (HOUR, 0.4)),
        component("fine"),
        *(component(f"c{i}", (HOUR, 0.0), kind="host") for i in range(20)),
    )
    text = to_html(run)
    assert "Scenario: 1 of 3 services down, 1 degraded" in text
    assert text.count("<tr><td") == 15
    assert "and 7 more" in text
    assert ">fine<" not in text


def test_tags_are_balanced() -> None:
    open_tags: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's signature
            open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Checker().feed(to_html(facts(component("shop", (HOUR, 0.0)))))
    assert open_tags == []


@pytest.mark.parametrize(
    "ask", [impactsim.audit_system, lambda system: impactsim.cutsets(system, "s"), impactsim.importance]
)
def test_what_is_shown_as_text_is_escaped(ask: Callable[[dict[str, Any]], Audit | CutSets | Importances]) -> None:
    components = {"s": {"users": 10, "name": "<b>s</b>"}, "a": {"users": 5}}
    shown = ask({"impactsim": 1, "name": "<i>x</i>", "components": components})
    html = shown._repr_html_()
    assert html.startswith('<pre class="impactsim">&lt;i&gt;x&lt;/i&gt;')
    assert "<b>" not in html
    assert not hasattr(shown, "__dict__")
