"""The page: whole and readable by machines, without anything from elsewhere, told apart without colours."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from html.parser import HTMLParser

import pytest

from impactsim.notices.forms.html import POLICY, to_html
from impactsim.notices.forms.shapes import SIGNS
from impactsim.notices.forms.style import DARK, LIGHT, style
from impactsim.notices.incident import STATUSES, PublicService
from notices.forms_sample import LANGUAGES, ROME, at, hostile, incident, notices, resolved

VOID = {"meta", "br", "circle", "path"}


class Page(HTMLParser):
    """A page taken apart; what is not closed, or closed in the wrong order, fails."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((tuple(self.open), data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def text_in(self, tag: str) -> str:
        return "".join(text for stack, text in self.texts if tag in stack)

    def seen(self) -> str:
        return "".join(text for stack, text in self.texts if not {"style", "title"} & set(stack))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", [incident(), resolved(), incident(affected=())], ids=["open", "over", "none"])
def test_a_page_of_one_language_is_in_that_language_with_one_heading(what, language):
    notice = notices(what, language)[0]
    page = Page(to_html(what, [notice]))
    assert page.all("html") == [{"lang": language.partition("-")[0]}]
    assert len(page.all("h1")) == 1
    assert page.text_in("h1") == unicodedata.normalize("NFC", notice.title)
    assert page.all("nav") == []


def test_a_page_of_several_languages_has_one_heading_and_a_section_for_each():
    page = Page(to_html(incident(), notices(incident())))
    assert len(page.all("h1")) == 1
    assert [(each["lang"], each["id"]) for each in page.all("section")] == [
        (language.partition("-")[0], language) for language in LANGUAGES
    ]
    assert len(page.all("h2")) == len(LANGUAGES)


def test_the_list_of_languages_leads_to_the_sections_and_names_each_language_in_itself():
    page = Page(to_html(incident(), notices(incident())))
    assert [each["href"] for each in page.all("a")] == [f"#{language}" for language in LANGUAGES]
    assert "Tiếng Việt" in page.text_in("nav")
    assert {each["id"] for each in page.all("section")} == set(LANGUAGES)


def test_ids_are_unique():
    page = Page(to_html(incident(), notices(incident())))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("what", [incident(), hostile()], ids=["friendly", "hostile"])
def test_a_page_loads_nothing_and_runs_nothing(what):
    page = Page(to_html(what, notices(what)))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "b", "image", "use"}
    attributes = {name for _, each in page.tags for name in each}
    assert not {name for name in attributes if name.startswith("on")} | (
        attributes & {"src", "style", "srcset", "xlink:href"}
    )
    assert all((each["href"] or "").startswith("#") for each in page.all("a"))
    values = " ".join(value or "" for _, each in page.tags for value in each.values())
    assert "http:" not in values
    assert "https:" not in values
    assert "javascript:" not in values
    assert not re.search(r"url\(|@import|https?:", page.text_in("style"))
    assert {"http-equiv": "Content-Security-Policy", "content": POLICY} in page.all("meta")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_time_carries_the_instant_that_it_prints(language):
    what = incident()
    page = Page(to_html(what, notices(what, language)))
    instants = [datetime.fromisoformat(each["datetime"]) for each in page.all("time")]
    assert all(instant.utcoffset() is not None for instant in instants)
    # Publication, start, workaround's end, knowledge, both ends of the estimate, next update
    assert set(instants) == {at(14, 15), at(14, 5), at(17), at(16, 15), at(18, 15), at(15)}
    hours = {"ja": 9, "vi": 7}.get(language.partition("-")[0], 1)
    assert {instant.utcoffset().total_seconds() / 3600 for instant in instants} == {hours}


def test_a_time_element_holds_the_time_of_its_own_instant():
    page = Page(to_html(incident(), notices(incident(), "en")))
    printed = [text for stack, text in page.texts if "time" in stack]
    for text, each in zip(printed, page.all("time"), strict=True):
        assert f"{datetime.fromisoformat(each['datetime']).astimezone(ROME):%H:%M}" in text


def test_words_of_authors_show_as_they_are_but_for_what_is_not_seen():
    page = Page(to_html(hostile(), notices(hostile(), "en")))
    assert "<script>alert(1)</script> [x](javascript:alert(1))" in page.seen()
    assert "gpj.exe null <img src=x onerror=y>" in page.seen()


def test_a_page_holds_no_character_that_turns_the_direction_or_is_no_character():
    text = to_html(hostile(), notices(hostile()))
    assert {unicodedata.category(char) for char in text if char != "\n"} & {"Cc", "Cf", "Cs", "Cn"} == set()
    text.encode()


def test_words_in_another_language_are_marked_with_it():
    page = Page(to_html(incident(), notices(incident(), "de")))
    assert [each.get("lang") for each in page.all("span") if each.get("lang")] == ["en"]  # the effect has no German
    assert page.all("section")[0]["lang"] == "de"


def test_a_status_is_a_word_a_shape_and_a_colour():
    page = Page(to_html(incident(), notices(incident(), "de")))
    classes = [each["class"] for each in page.all("span") if "class" in each]
    assert classes == ["badge major_outage", "badge partial_outage", "badge degraded_performance"]
    assert len(page.all("svg")) == 3
    words = [text.strip() for stack, text in page.texts if stack[-2:] == ("li", "span") and text.strip()]
    assert {"Nicht verfügbar", "Für einen Teil der Nutzer nicht verfügbar", "Eingeschränkt"} <= set(words)
    assert len({sign.shape for sign in SIGNS.values()}) == len({sign.fill for sign in SIGNS.values()}) == len(STATUSES)


def test_what_is_over_is_shown_as_working_whatever_it_had_been():
    page = Page(to_html(resolved(), notices(resolved(), "en")))
    classes = [each["class"] for each in page.all("span") if "class" in each]
    assert classes == ["badge operational"] * 3


def test_text_is_in_form_nfc():
    name = unicodedata.normalize("NFD", "Café über Đăng nhập")
    what = incident(affected=(PublicService({"": name}, "major_outage"),))
    text = to_html(what, notices(what))
    assert unicodedata.is_normalized("NFC", text)
    assert "Café über Đăng nhập" in text


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_the_page(colours):
    assert all(contrast(colours[name], colours["page"]) >= 4.5 for name in ("ink", "quiet", "link"))
    assert all(contrast(colours[name], colours["page"]) >= 3 for name in ("rule", "outline"))


@pytest.mark.parametrize("status", STATUSES)
def test_a_sign_stands_out_from_its_own_colour(status):
    assert contrast(SIGNS[status].ink, SIGNS[status].fill) >= 4.5


def test_signs_become_darker_as_it_becomes_worse():
    bad = [luminance(SIGNS[status].fill) for status in STATUSES[1:]]
    assert bad == sorted(bad, reverse=True)


def test_the_style_uses_the_colours_that_were_measured_and_no_others():
    used = set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", style()))
    signs = {colour for sign in SIGNS.values() for colour in (sign.fill, sign.ink)}
    assert used == {*LIGHT.values(), *DARK.values(), *signs}
    assert f"@media (prefers-color-scheme:dark){{:root{{--page:{DARK['page']}" in style()


def test_the_style_follows_the_direction_of_the_text_and_sets_no_fixed_widths():
    assert not re.search(
        r"(margin|padding|border)-(left|right|top|bottom)|(?<!-)\b(width|height|left|right)\s*:", style()
    )
    assert not re.search(
        r"\d(px)\b", style().replace("1px solid", "").replace("3px solid", "").replace("outline-offset:2px", "")
    )


def test_the_annex_stands_at_the_end_in_english_and_only_if_there_is_one():
    text = to_html(incident(), notices(incident(), "it"), ["pay-gw needs <isp-a>."])
    page = Page(text)
    assert [each["lang"] for each in page.all("section")] == ["it", "en"]
    assert "pay-gw needs <isp-a>." in page.seen()
