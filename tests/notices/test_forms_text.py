"""Plain text, Markdown and what Statuspage takes: words of authors stay words, lines fit, limits hold."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest

from impactsim.notices.forms.harmless import harmless
from impactsim.notices.forms.markdown import escaped, to_markdown
from impactsim.notices.forms.statuspage import BODY_LIMIT, NAME_LIMIT, shortened, to_statuspage
from impactsim.notices.forms.text import to_text, wrapped
from impactsim.notices.incident import PublicService, PublicWorkaround
from impactsim.problems import InvalidInput
from impactsim.reports.layout import width
from notices.forms_sample import HOSTILE, LANGUAGES, at, hostile, incident, notices, resolved


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


# Harmless words.


def test_what_is_not_seen_goes_and_breaks_become_spaces():
    assert harmless("a\x00b\u202ec\u2066d\ufeffe\ud800f\u200bg") == "abcdefg"
    assert harmless(" a\n\tb\u2028c\x85d  e ") == "a b c d e"


def test_spaces_that_do_not_break_and_joiners_of_letters_stay():
    assert harmless("12\u202f340\u00a0%") == "12\u202f340\u00a0%"
    assert (
        harmless("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")
        == "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    )


# Plain text.


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [40, 72])
def test_no_line_is_wider_than_asked(language, columns):
    lines = to_text(notices(incident(), language), columns).splitlines()
    assert max(width(line) for line in lines) <= columns
    assert max(width(line) for line in lines) > columns - 12  # and they are filled


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_text_says_all_that_the_notice_says(language):
    (notice,) = notices(incident(), language)
    text = squeezed(to_text([notice]))
    said = [notice.title, notice.published.text, *(paragraph.text for paragraph in notice.paragraphs)]
    said += [part for paragraph in notice.paragraphs for item in paragraph.items for part in (item.text, item.until)]
    assert all(squeezed(harmless(part)) in text for part in said)


def test_plain_text_has_no_spaces_but_the_ordinary_one():
    text = to_text(notices(incident(), "fr", "de"))
    assert {char for char in text if unicodedata.category(char) == "Zs"} == {" "}
    assert "12 000" in text


def test_figures_that_belong_together_stay_on_one_line():
    lines = wrapped("entre 12\u202f000 personnes", 10)
    assert lines == ["entre", "12\u202f000", "personnes"]


def test_a_word_that_is_wider_than_the_line_stays_whole():
    address = "support-of-the-shop@customers.example.org"
    assert wrapped(f"Write to {address} now", 20) == ["Write to", address, "now"]


def test_no_line_of_japanese_begins_with_a_full_stop_or_a_small_letter():
    text = to_text(notices(incident(), "ja"), 30)
    starts = {line.strip()[0] for line in text.splitlines() if line.strip()}
    assert not starts & set("、。」】ーっゃゅょッャュョ\uff0c\uff09\uff1a\uff5e")
    assert not {line[-1] for line in text.splitlines() if line} & set("\uff08「【")


def test_a_sentence_behind_words_of_another_script_stands_apart():
    assert "Orders：Order by telephone. この方法は" in to_text(notices(incident(), "ja"), 200)  # noqa: RUF001
    way = PublicWorkaround({"ja": "注文"}, {"ja": "電話でご注文ください。"}, at(17))
    assert "ください。この方法は" in to_text(notices(incident(workarounds=(way,)), "ja"), 200)


def test_words_of_plain_japanese_are_not_parted():
    (notice,) = notices(incident(), "ja-easy")
    lines = to_text([notice], 60).splitlines()
    words = {word for paragraph in notice.paragraphs for word in paragraph.text.split(" ")}
    assert all(word in words for line in lines[3:] if line and line[0] not in " -" for word in line.split(" "))


def test_several_notices_stand_apart():
    text = to_text(notices(incident(), "en", "de"))
    assert text.count("\n\n" + "-" * 72 + "\n\n") == 1


def test_plain_text_holds_nothing_that_commands_a_terminal():
    text = to_text(notices(hostile()))
    assert {unicodedata.category(char) for char in text if char != "\n"} & {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} == set()


# Markdown.


def unescaped(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_shows_what_authors_wrote_and_makes_nothing_of_it(language):
    text = to_markdown(notices(hostile(), language))
    assert harmless(HOSTILE) in unescaped(text)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)
    assert not set(bare) & set("<>[]`*_&|~$")
    assert all(re.match(r"(# |- )?[^\s#+=\-]|$", line) for line in bare.splitlines())


@pytest.mark.parametrize(
    "words", ["# head", "- item", "+ item", "1. one", "12) twelve", "===", "---", ": term", "    code", "> q"]
)
def test_what_makes_a_block_at_the_beginning_of_a_line_is_escaped(words):
    assert escaped(words) != harmless(words) or words == "    code"
    assert unescaped(escaped(words)) == harmless(words)
    assert not re.match(r"[#>=\s]|[-+:](\s|$|-)|\d+[.)](\s|$)", escaped(words))


def test_figures_and_times_are_not_escaped():
    assert (
        escaped("12,000 people since 14:05 (30% to 40%), 2.5 hours")
        == "12,000 people since 14:05 (30% to 40%), 2.5 hours"
    )


def test_markdown_has_one_heading_for_each_notice():
    text = to_markdown(notices(incident()))
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == len(LANGUAGES)
    assert text.startswith(
        f"# {escaped(notices(incident(), 'en')[0].title)}\n\n21 November 2026, 14:15 CET (UTC+1)\n\n"
    )


# Statuspage.


def statuspage(what, *languages, components=None):
    return json.loads(to_statuspage(what, notices(what, *languages), components))["incident"]


def test_statuspage_gets_the_state_the_impact_and_no_messages_to_subscribers():
    sent = statuspage(incident(), "en")
    assert (sent["status"], sent["impact_override"], sent["deliver_notifications"]) == ("identified", "critical", False)
    assert sent["name"] == notices(incident(), "en")[0].title
    assert not {"component_ids", "components"} & sent.keys()


def test_metadata_for_statuspage_are_objects_at_the_top():
    assert all(isinstance(value, dict) for value in statuspage(incident(), "en")["metadata"].values())


def test_a_long_name_is_cut_at_a_word_within_the_limit():
    title = " ".join(["Anmeldung"] * 40)
    name = shortened(title, NAME_LIMIT)
    assert len(name) <= NAME_LIMIT
    assert name.removesuffix("…").split(" ") == ["Anmeldung"] * 25


def test_a_long_name_without_spaces_is_cut_between_letters_with_their_marks():
    assert shortened("ロ" * 300, 255) == "ロ" * 254 + "…"
    assert shortened("ab" + "e\u0301" * 3, 6) == "ab" + "e\u0301" + "…"


def test_a_name_that_fits_is_not_cut():
    assert shortened("a" * NAME_LIMIT, NAME_LIMIT) == "a" * NAME_LIMIT


def test_a_body_that_statuspage_would_refuse_is_refused_here():
    def sized(n: int):
        effect = {"en": "a" * n}
        return incident(affected=(PublicService({"en": "Sign-in"}, "major_outage", effect),))

    room = BODY_LIMIT - len(statuspage(sized(1), "en")["body"])
    assert len(statuspage(sized(room + 1), "en")["body"]) == BODY_LIMIT
    with pytest.raises(InvalidInput) as caught:
        statuspage(sized(room + 2), "en")
    assert [problem.code for problem in caught.value.problems] == ["statuspage-length"]


def test_a_stacked_body_holds_every_language_under_its_name():
    body = statuspage(incident())["body"]
    for notice, language in zip(
        notices(incident()), ["English", "Italiano", "Deutsch", "Français", "日本語"], strict=False
    ):
        assert f"{language}: {notice.title}" in body
        assert notice.paragraphs[-2].text in body


def test_words_of_authors_are_no_markup_for_statuspage():
    sent = statuspage(hostile())
    for text in (sent["name"], sent["body"]):
        assert not set(text) & set("<>`\x00\u202e\u2066")
        assert "](" not in text


def test_components_are_those_of_the_mapping_that_are_affected():
    ids = {"Accesso": "abc", "Orders": "def", "Shop": "ghi", "Archive": "jkl"}
    sent = statuspage(incident(), "en", components=ids)
    assert sent["components"] == {"abc": "major_outage", "def": "partial_outage"}
    assert sent["component_ids"] == ["abc", "def"]


def test_of_two_services_in_one_component_the_worse_counts():
    sent = statuspage(incident(), "en", components={"Search": "abc", "Orders": "abc"})
    assert sent["components"] == {"abc": "partial_outage"}


def test_components_of_what_is_over_are_operational():
    sent = statuspage(resolved(), "en", components={"Orders": "def"})
    assert (sent["status"], sent["components"]) == ("resolved", {"def": "operational"})
