"""Text messages: what always stands in them, what gives way, and how long they are."""

# ruff: noqa: RUF001 - signs of other scripts are meant

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impactsim.notices.catalogue import NOTICE_LANGUAGES
from impactsim.notices.incident import STATES, STATUSES, People, PublicService, PublicWorkaround
from impactsim.notices.short import fits, is_gsm, parts, short
from notices.told import FIXED, ORDERS, SIGN_IN, START, incident, incidents, over

languages = pytest.mark.parametrize("language", NOTICE_LANGUAGES)
GSM = ("en", "it", "de", "fr")


def test_an_outage_in_one_message():
    assert short(incident(), "en") == (
        "Sign-in: service unavailable since 13:05 (UTC+0). Fault located, work under way. No workaround. "
        "Expected back 15:15-17:15. Next update by 14:00."
    )


def test_a_resolved_incident_in_one_message():
    assert short(over(), "it") == (
        "Risolto: Accesso, disservizio dalle ore 14:05 (UTC+1) alle ore 17:20. Ha coinvolto da 12.000 a 15.000 persone."
    )


def test_japanese_in_two_parts():
    text = short(incident(), "ja")
    assert text == (
        "ログイン：22:05（UTC+9）から停止中。障害箇所は特定済み、復旧作業中です。12,000～15,000人に影響の可能性。"
        "代替手段なし。復旧見込み11/22 0:15～2:15。次報は23:00まで。"
    )
    assert parts(text) == 2


@given(incidents(), st.sampled_from(NOTICE_LANGUAGES))
def test_every_message_is_short_enough_and_whole(public, language):
    text = short(public, language)
    assert fits(text)
    assert parts(text) <= (1 if language in GSM else 2)
    assert text[-1] in ".。"
    assert "{" not in text


@given(incidents(), st.sampled_from(GSM))
def test_latin_messages_keep_to_the_alphabet(public, language):
    assert is_gsm(short(public, language))


@languages
def test_names_of_services_stand_in_an_ordinary_message(language):
    name = SIGN_IN.get(language, SIGN_IN["ja"])
    for public in FIXED.values():
        if public.affected:
            assert name in short(public, language)


@languages
def test_states_are_told_apart(language):
    texts = {short(incident(state=state), language) for state in STATES[:3]} | {short(over(), language)}
    assert len(texts) == 4


@languages
def test_any_incident_fits_however_far_its_times_lie(language):
    """Other years, both sides of summer time, a zone with half hours, and names that do not fit."""
    start = datetime(2026, 10, 3, 13, 55, tzinfo=UTC)
    published = datetime(2027, 10, 28, 1, tzinfo=UTC)
    later = datetime(2028, 11, 4, 17, 25, tzinfo=UTC)
    for n, status, state, cause in product((0, 1, 2), STATUSES[1:], STATES, ("power", "planned_work")):
        named = tuple(PublicService({"": "x" * 200}, status) for _ in range(n))
        for ended_at in (None, later) if state in {"monitoring", "resolved"} else (None,):
            public = incident(
                started_at=start,
                published_at=published,
                next_update_by=None if state == "resolved" else later,
                ended_at=ended_at,
                state=state,
                cause=cause,
                affected=named,
                estimate=None,
                zones={"": "Australia/Adelaide"},
            )
            assert fits(short(public, language))


def test_names_give_way_whole_and_before_any_figure_does():
    long = (PublicService({"": "Extraordinarily long names of services " * 4}, "major_outage"),)
    text = short(incident(affected=long), "en")
    assert text.startswith("A service has been unavailable since 13:05 (UTC+0).")
    assert "Extra" not in text
    assert "15:15-17:15" in text


def test_people_give_way_first_and_the_estimate_last():
    said = {"state": "investigating", "people": People(1200, 1200)}
    assert "May affect about 1,200 people." in short(incident(**said, next_update_by=None), "en")
    text = short(incident(**said), "en")
    assert "people" not in text
    assert "Expected back 15:15-17:15. Next update by 14:00." in text
    named = (PublicService({"": "Sign-in for customers who travel abroad on business"}, "major_outage"),)
    text = short(incident(**said, affected=named), "en")
    assert "Next update" not in text
    assert "Expected back 15:15-17:15." in text


def test_the_next_update_stands_where_there_is_no_estimate():
    for language in NOTICE_LANGUAGES:
        text = short(incident(estimate=None), language)
        hour = {"en": "14:00", "it": "15:00", "de": "15:00", "fr": "15h", "vi": "21:00"}.get(language, "23:00")
        assert hour in text


def test_estimates_that_are_not_published_are_not_in_the_message():
    assert "15:15" not in short(incident(has_estimates=False), "en")
    assert "estimate" not in short(incident(has_estimates=False, estimate=None), "en")
    assert "No estimate yet." in short(incident(estimate=None), "en")


def test_a_workaround_is_mentioned_in_few_words():
    text = short(incident(workarounds=(PublicWorkaround(SIGN_IN, {"en": "Open the app."}),)), "en")
    assert "Workaround available." in text
    assert "Open" not in text


def test_a_workaround_for_some_of_the_named_services_is_not_promised_to_all():
    way = PublicWorkaround(SIGN_IN, {"en": "Open the app."})
    both = tuple(PublicService(name, "major_outage") for name in (SIGN_IN, ORDERS))
    lesser = (both[0], PublicService(ORDERS, "partial_outage"))
    other = replace(way, service=ORDERS)
    some, each, none = (
        short(incident(affected=affected, workarounds=ways, next_update_by=None), "en")
        for affected, ways in ((both, (way,)), (both, (way, other)), (lesser, (other,)))
    )
    assert "orkaround" not in some
    assert "Workaround available." in each
    assert "No workaround." in none


@pytest.mark.parametrize(
    ("language", "end"),
    [
        ("en", "16:20 on 21 November."),
        ("it", "alle ore 17:20 del 21/11."),
        ("de", "bis 21.11. 17:20 Uhr."),
        ("fr", "terminé le 21/11 à 17h20."),
    ],
)
def test_the_end_of_what_began_another_day_has_its_date(language, end):
    assert end in short(over(started_at=START - timedelta(days=2)), language)
    assert "21" not in short(over(), language)


def test_accents_that_the_alphabet_lacks_are_left_away():
    public = incident(affected=(PublicService({"": "Boîte à façons"}, "major_outage"),))
    text = short(public, "fr")
    assert text.startswith("Boite à facons : service indisponible")
    assert is_gsm(text)


def test_a_name_in_another_script_makes_the_message_one_of_two_parts():
    text = short(incident(affected=(PublicService({"ja": "ログイン"}, "major_outage"),)), "en")
    assert text.startswith("ログイン: ")
    assert not is_gsm(text)
    assert parts(text) <= 2


def test_line_breaks_within_names_do_not_enter_a_message():
    text = short(incident(affected=(PublicService({"": "Sign\nin"}, "major_outage"),)), "en")
    assert text.startswith("Sign in: ")


@pytest.mark.parametrize(
    ("text", "n"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 80 + "a", 2), ("ệ" * 70, 1), ("ệ" * 71, 2), ("ệ" * 134, 2), ("ệ" * 135, 3),
     ("\U0001f600" * 35, 1), ("\U0001f600" * 36, 2)],
)  # fmt: skip
def test_parts_are_counted_as_telephones_count_them(text, n):
    assert parts(text) == n


def test_several_services_are_joined():
    public = incident(affected=(PublicService(SIGN_IN, "major_outage"), PublicService(ORDERS, "major_outage")))
    assert short(public, "fr").startswith("Connexion et Commandes : services indisponibles depuis 14h05 (UTC+1).")
