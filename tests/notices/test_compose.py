"""What a notice says, and what it leaves out."""

# ruff: noqa: RUF001 - signs of other scripts are meant

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impactsim.notices.catalogue import NOTICE_LANGUAGES, catalogue
from impactsim.notices.compose import Notice, Paragraph, compose
from impactsim.notices.incident import (
    CAUSE_CLASSES,
    DATA_STATEMENTS,
    STATES,
    People,
    PublicIncident,
    PublicService,
    PublicWorkaround,
    Redaction,
)
from impactsim.notices.locales import plain
from impactsim.notices.readability import LONGEST, LONGEST_JAPANESE, LONGEST_MEAN, readability, sentences
from impactsim.notices.short import short
from notices.told import (
    DOCUMENTS,
    FIXED,
    MINUTE_MS,
    ORDERS,
    PUBLISHED,
    SIGN_IN,
    START,
    estimate,
    incident,
    incidents,
    over,
    services,
)

languages = pytest.mark.parametrize("language", NOTICE_LANGUAGES)


def part(notice: Notice, key: str) -> Paragraph | None:
    return next((paragraph for paragraph in notice.paragraphs if paragraph.key == key), None)


def said(public: PublicIncident, key: str, language: str = "en") -> str:
    found = part(compose(public, language), key)
    return "" if found is None else found.text


def keys(public: PublicIncident, language: str = "en") -> list[str]:
    return [paragraph.key for paragraph in compose(public, language).paragraphs]


def test_an_outage_is_told_whole_in_english():
    told = [paragraph.text for paragraph in compose(incident(), "en").paragraphs]
    assert told == [
        "There has been a disruption since 13:05 GMT (UTC+0). This service is currently unavailable:",
        "We estimate that this may affect between 12,000 and 15,000 people (31% to 38% of our users).",
        "The cause lies outside our own systems, at a supplier.",
        "The fault has been located, and work to restore normal service is under way.",
        "There is no workaround at the moment.",
        "This service is working as usual:",
        (
            "Based on what we know at 13:15, we expect normal service in 2 to 4 hours. "
            "That is between 15:15 and 17:15. This is an estimate and may change."
        ),
        "Next update by 14:00, even if nothing has changed.",
        "We are sorry for the disruption.",
    ]


def test_a_resolved_incident_is_told_whole_in_german():
    told = [plain(paragraph.text) for paragraph in compose(FIXED["resolved"], "de").paragraphs]
    assert told == [
        "Seit 17:20 Uhr (MEZ, UTC+1) funktioniert folgender Dienst wieder wie gewohnt:",
        "Die Störung begann um 14:05 Uhr und dauerte 3 Stunden 15 Minuten.",
        "Nach unserer Schätzung waren rund 13.000 Personen betroffen.",
        "Die Ursache lag bei einem Dienstleister, außerhalb unserer eigenen Systeme.",
        "Es sind keine Daten verloren gegangen.",
        "Wir können nicht ausschließen, dass das Problem erneut auftritt.",
        "Um das Risiko einer Wiederholung zu verringern, planen wir den Wechsel zu einem anderen Dienstleister.",
        "Um unsere Dienste wieder zu nutzen, müssen Sie nichts unternehmen.",
        "Wir bitten um Entschuldigung.",
    ]


@languages
def test_the_page_gets_the_tag_of_the_language_and_the_time_of_publication(language):
    notice = compose(incident(), language)
    assert notice.language == language.partition("-")[0]
    assert notice.variant == ("easy" if language == "ja-easy" else "")
    assert not notice.is_reviewed
    assert "2026" in notice.published.text
    assert notice.published.at == PUBLISHED


def test_there_is_no_notice_in_a_language_without_a_catalogue():
    with pytest.raises(KeyError, match="es"):
        compose(incident(), "es")


@languages
def test_titles_differ_with_the_status_the_workaround_and_the_end(language):
    way = (PublicWorkaround(SIGN_IN, {"en": "Open the app."}),)
    kinds = [
        incident(affected=services(status), workarounds=ways)
        for status in ("major_outage", "partial_outage", "degraded_performance")
        for ways in ((), way)
    ]
    kinds += [over(), over(may_recur=True), FIXED["back"], FIXED["none affected"]]
    titles = [compose(each, language).title for each in kinds]
    assert len(set(titles)) == len(kinds)
    name = SIGN_IN.get(language, SIGN_IN["ja"])
    assert all(name in title for title in titles[:-1])


def test_a_title_names_only_the_services_of_the_worst_status():
    public = incident(affected=(PublicService(SIGN_IN, "major_outage"), PublicService(ORDERS, "degraded_performance")))
    title = compose(public, "en").title
    assert "Sign-in" in title
    assert "Orders" not in title


def test_names_that_do_not_fit_a_title_are_left_out_of_it_whole():
    long = incident(affected=(PublicService({"": "x" * 250}, "major_outage"),))
    assert compose(long, "en").title == "A service is unavailable – no workaround at present"
    many = incident(affected=services(*["major_outage"] * 7))
    assert compose(many, "en").title == "Several services unavailable – no workaround at present"
    assert len(part(compose(many, "en"), "what").items) == 7  # type: ignore[union-attr]


def test_each_status_has_a_list_of_its_own_and_the_worst_comes_first():
    notice = compose(FIXED["several"], "en")
    lists = [
        (each.key, [item.text for item in each.items]) for each in notice.paragraphs if each.key.startswith("what")
    ]
    assert lists == [
        ("what", ["Sign-in"]),
        ("what_partial_outage", ["Orders"]),
        ("what_degraded_performance", ["Documents", "Payments"]),
    ]
    assert said(FIXED["several"], "what_degraded_performance") == "These services are limited or slow:"


def test_no_paragraph_is_there_twice():
    for public in FIXED.values():
        found = keys(public)
        assert len(found) == len(set(found))


def test_effects_of_authors_are_told_with_their_language_where_it_is_another():
    public = incident(affected=(PublicService(SIGN_IN, "major_outage", {"en": "You cannot sign in."}),))
    english, german = (part(compose(public, language), "what") for language in ("en", "de"))
    assert english is not None
    assert german is not None
    assert (english.items[0].text, english.items[0].language) == ("Sign-in: You cannot sign in.", None)
    assert (german.items[0].text, german.items[0].language) == ("Anmeldung: You cannot sign in.", "en")


def test_japanese_words_are_at_home_in_plain_japanese_and_words_of_no_language_everywhere():
    public = incident(affected=(PublicService(SIGN_IN, "major_outage", {"ja": "ログインできません。"}),))
    assert [item.language for item in part(compose(public, "ja-easy"), "what").items] == [None]  # type: ignore[union-attr]
    public = incident(contact={"": "help@example.org"})
    assert [item.language for item in part(compose(public, "vi"), "contact").items] == [None]  # type: ignore[union-attr]


def test_a_workaround_says_until_when_and_for_what_if_there_is_doubt():
    way = PublicWorkaround(SIGN_IN, {"en": "Open the app."}, START + timedelta(hours=4))
    alone = part(compose(incident(workarounds=(way,)), "en"), "workaround")
    several = part(compose(incident(affected=FIXED["several"].affected, workarounds=(way,)), "en"), "workaround")
    assert alone is not None
    assert several is not None
    assert (alone.items[0].text, alone.items[0].until) == ("Open the app.", "This is possible until 17:05.")
    assert several.items[0].text == "Sign-in: Open the app."
    assert [time.at for time in alone.items[0].times] == [way.until]


@languages
def test_a_workaround_of_a_less_affected_service_is_not_in_the_headline(language):
    affected = (PublicService(SIGN_IN, "major_outage"), PublicService(ORDERS, "partial_outage"))
    way = PublicWorkaround(ORDERS, {"en": "Order by telephone."})
    title, none, own = (
        compose(incident(affected=affected, workarounds=ways), language).title
        for ways in ((way,), (), (replace(way, service=SIGN_IN),))
    )
    assert title == none != own


@pytest.mark.parametrize(
    ("language", "promise"),
    [
        ("en", "workaround"),
        ("it", "soluzione alternativa"),
        ("de", "Ausweichlösung"),
        ("fr", "solution de contournement"),
    ],
)
def test_a_title_does_not_promise_a_workaround_for_each_of_several_services(language, promise):
    way = PublicWorkaround(SIGN_IN, {"en": "Open the app."})
    single, double = (
        compose(incident(affected=services(*["major_outage"] * n), workarounds=(way,)), language).title for n in (1, 2)
    )
    assert promise in single
    assert promise not in double


def test_nothing_is_estimated_while_all_is_normal():
    assert said(incident(affected=(), is_late=True), "estimate") == ""


@languages
def test_that_there_is_no_workaround_is_said_while_something_is_affected(language):
    assert part(compose(incident(), language), "workaround") is not None
    for public in (FIXED["none affected"], over()):
        assert part(compose(public, language), "workaround") is None


def test_many_unaffected_services_are_not_listed():
    public = incident(unaffected=services(*["operational"] * 6))
    assert said(public, "unaffected") == "All our other services are working as usual."
    assert said(incident(unaffected=()), "unaffected") == ""


@pytest.mark.parametrize("cause", CAUSE_CLASSES)
@languages
def test_every_cause_has_a_sentence_and_none_is_told_to_the_exposed(cause, language):
    assert said(incident(cause=cause), "cause", language)
    assert said(over(cause=cause), "cause", language)
    for state in STATES:
        told, untold = (incident(cause=each, state=state, redaction=Redaction.EXPOSED) for each in (cause, None))
        assert compose(told, language) == compose(untold, language)
        assert short(told, language) == short(untold, language)


@languages
def test_the_four_states_are_told_apart(language):
    told = [said(incident(state=state), "working", language) for state in STATES]
    assert len(set(told)) == 4
    assert told[-1] == ""
    assert said(FIXED["back"], "working", language) not in told


def test_a_repair_that_does_not_hold_yet_is_no_end():
    found = keys(FIXED["repaired, not back"])
    assert "lasted" not in found
    assert "estimate" in found
    assert said(FIXED["repaired, not back"], "what").endswith("This service is currently unavailable:")


def test_one_figure_of_remaining_time_is_about_and_no_lower_bound_is_within():
    about = said(incident(estimate=estimate(PUBLISHED, 120, 120)), "estimate")
    assert "in about 2 hours. That is around 15:15." in about
    within = said(incident(estimate=estimate(PUBLISHED, 0, 240)), "estimate")
    assert "within 4 hours. That is by 17:15." in within


def test_without_an_estimate_the_notice_says_so_unless_that_is_the_policy():
    assert said(incident(estimate=None), "estimate") == "We cannot yet say when normal service will return."
    assert said(incident(estimate=None, has_estimates=False), "estimate") == ""
    assert said(incident(has_estimates=False), "estimate") == ""


def test_an_estimate_that_did_not_hold_is_owned_before_the_new_one():
    told = said(incident(is_late=True), "estimate")
    assert told.startswith("It is taking longer than we announced to restore normal service. Based on")
    assert said(incident(is_late=True, estimate=None, has_estimates=False), "estimate") == (
        "It is taking longer than we announced to restore normal service."
    )


def test_the_next_update_is_announced_unless_there_is_none():
    assert "Next update by 14:00" in said(incident(), "next_update")
    assert said(over(), "next_update") == ""


def test_a_repeat_is_spoken_of_only_when_it_is_over_and_never_to_the_exposed():
    flags = {"may_recur": True, "provider_will_change": True}
    assert {"recurrence", "provider"} <= set(keys(over(**flags)))
    for public in (incident(**flags), over(**flags, redaction=Redaction.EXPOSED), over()):
        assert not {"recurrence", "provider"} & set(keys(public))
    assert "come back" not in compose(over(**flags, redaction=Redaction.EXPOSED), "en").title


@pytest.mark.parametrize(
    ("data", "is_said"), [(None, True), ("none_lost", True), ("being_checked", False), ("some_lost", False)]
)
def test_nobody_is_told_to_do_nothing_whose_data_may_be_lost(data, is_said):
    assert ("action" in keys(over(data=data))) == is_said


def test_nothing_is_said_of_data_unless_a_person_did():
    assert said(incident(), "data") == ""
    assert said(incident(data="none_lost"), "data") == "No data has been lost."


def test_severity_is_never_printed():
    for public in FIXED.values():
        assert compose(public, "en") == compose(replace(public, severity=5), "en")


def test_the_reference_is_never_printed_within_sentences():
    assert compose(incident(), "it") == compose(incident(reference="other"), "it")


@given(incidents(), st.sampled_from(NOTICE_LANGUAGES))
def test_no_slot_is_left_open_and_titles_fit(public, language):
    notice = compose(public, language)
    texts = [notice.title] + [
        text for each in notice.paragraphs for text in (each.text, *(i.text + i.until for i in each.items))
    ]
    assert not [text for text in texts if re.search(r"[{}]", text) or not text]
    assert len(notice.title) <= 255
    assert all(each.text[-1] in ".:。" for each in notice.paragraphs)


@given(incidents(), st.sampled_from(NOTICE_LANGUAGES))
def test_sentences_are_short(public, language):
    notice = compose(public, language)
    found = readability(notice)
    assert found.longest <= {"ja": LONGEST_JAPANESE, "vi": 35}.get(notice.language, 32)
    if notice.language != "ja":
        assert found.mean <= LONGEST_MEAN


@languages
@pytest.mark.parametrize("name", FIXED)
def test_notices_of_an_ordinary_day_meet_the_limits_of_readability(name, language):
    notice = compose(FIXED[name], language)
    assert readability(notice).warnings(notice.language) == []


def test_readability_counts_sentences_words_and_warns():
    assert sentences("Seit dem 21.\u00a0November. Und nun: 3 Dienste.") == [
        "Seit dem 21.\u00a0November.",
        "Und nun:",
        "3 Dienste.",
    ]
    notice = compose(incident(), "en")
    wordy = replace(notice, paragraphs=(Paragraph("what", " ".join(["incomprehensibility"] * (LONGEST + 1)) + "."),))
    assert readability(wordy).longest == LONGEST + 1
    assert len(readability(wordy).warnings("en")) == 3
    japanese = replace(notice, language="ja", paragraphs=(Paragraph("what", "あ" * 61 + "。"),))
    assert readability(japanese).warnings("ja") == ["a sentence of 62 characters"]


def test_italian_is_as_easy_as_lower_secondary_schooling_asks():
    score = readability(compose(FIXED["outage"], "it")).score
    assert score is not None
    assert score >= 60


@languages
def test_words_of_authors_stand_as_they_were_written(language):
    public = incident(
        affected=(PublicService({"": "Name <A>"}, "major_outage", {"": "Effect & more."}),),
        unaffected=(PublicService({"": "Other {services}"}, "operational"),),
        workarounds=(PublicWorkaround({"": "Name <A>"}, {"": "Way {since:at}."}),),
        contact={"": "+39 02 1234"},
    )
    items = [item.text for paragraph in compose(public, language).paragraphs for item in paragraph.items]
    assert items[1:] == ["Way {since:at}.", "Other {services}", "+39 02 1234"]
    assert items[0].startswith("Name <A>")
    assert items[0].endswith("Effect & more.")


def test_lasting_times_and_documents_are_those_of_the_incident():
    public = over(affected=(PublicService(DOCUMENTS, "degraded_performance"),), lasted_ms=26 * 60 * MINUTE_MS)
    assert said(public, "lasted") == "The disruption began at 13:05 and lasted 1 day 2 hours."
    assert said(FIXED["resolved, no end"], "lasted") == "The disruption began at 13:05 GMT (UTC+0)."


def every_kind() -> Iterator[PublicIncident]:
    """Yield incidents of every kind that has sentences of its own."""
    way = (PublicWorkaround(SIGN_IN, {"en": "Open the app."}, START + timedelta(hours=9)),)
    longest = (PublicService({"": "x" * 250}, "major_outage"),)
    for status, n, ways in product(
        ("major_outage", "partial_outage", "degraded_performance"), (1, 2, 7), ((), way * 2)
    ):
        affected = services(*[status] * n)
        yield incident(affected=affected, workarounds=ways)
        theirs = tuple(replace(each, service=longest[0].name) for each in ways)
        yield incident(affected=(replace(longest[0], status=affected[0].status),), workarounds=theirs[:1])
        yield incident(affected=longest + affected)
        yield incident(affected=(replace(longest[0], status=affected[0].status),) * n, workarounds=theirs)
        yield incident(affected=services("major_outage", *[status] * n))
    changes = ({}, {"may_recur": True, "provider_will_change": True}, {"ended_at": None}, {"state": "monitoring"})
    for n, change in product((1, 2, 7), changes):
        yield over(affected=services(*["major_outage"] * n), **change)
        yield over(affected=longest * n, **change)
    for low, people in ((0, None), (120, None), (240, People(1200, 1200)), (120, People(1200, 1200))):
        share = None if people else (0.31, 0.38)
        yield incident(
            estimate=estimate(PUBLISHED, low, 240), people=people, share=share, is_late=True, next_update_by=None
        )
        yield over(people=people, share=share)
    for data, cause in product(DATA_STATEMENTS, CAUSE_CLASSES):
        yield incident(data=data, cause=cause, state="investigating", unaffected=services("operational", "operational"))
        yield over(data=data, cause=cause, unaffected=services(*["operational"] * 6))
    yield incident(estimate=None, unaffected=services(*["operational"] * 6), contact={"": "help@example.org"})
    yield incident(estimate=None, people=None, share=None, workarounds=way)
    yield incident(people=People(1200, 1200), next_update_by=None, state="investigating")
    yield incident(people=People(1200, 1200), next_update_by=None, workarounds=way)
    yield incident(has_estimates=False, next_update_by=None, is_late=True, workarounds=way)
    bare = {"has_estimates": False, "next_update_by": None, "state": "investigating", "people": People(1200, 1200)}
    yield incident(**bare, workarounds=way)
    far = replace(longest[0], status="partial_outage")
    yield incident(
        affected=(far, far), started_at=datetime(2025, 12, 30, 13, 55, tzinfo=UTC), estimate=None,
        next_update_by=datetime(2027, 9, 30, 13, 55, tzinfo=UTC), zones={"": "Australia/Adelaide"},
    )  # fmt: skip
    yield from FIXED.values()


@languages
def test_every_sentence_of_a_catalogue_is_said_of_some_incident(language):
    """A sentence that nothing says would be translated and reviewed for nothing."""
    said_of: list[str] = []
    for public in every_kind():
        notice = compose(public, language)
        said_of += [notice.title, short(public, language)]
        for paragraph in notice.paragraphs:
            said_of += [paragraph.text, *(text for item in paragraph.items for text in (item.text, item.until))]
    pool = plain("\n".join(said_of))
    unsaid = []
    for key, forms in catalogue(language).sentences.items():
        for category, text in forms.items():
            fixed = [re.escape(piece) for piece in re.split(r"\{[a-z:]+\}", plain(text))]
            if category != "many" and not re.search(".+".join(fixed), pool):
                unsaid.append(f"{key}.{category}")
    # In Japanese the longer sentences always fit two messages
    assert unsaid == (["short.least.open.other"] if language == "ja" else [])
