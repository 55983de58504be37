"""Catalogues are whole, of one shape in all languages, and clean."""

# ruff: noqa: RUF001 - signs of other scripts are meant

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest

from impactsim.notices.catalogue import NOTICE_LANGUAGES, Catalogue, catalogue
from impactsim.notices.incident import CAUSE_CLASSES, DATA_STATEMENTS, LANGUAGES, STATES, STATUSES
from impactsim.notices.locales import CATEGORIES
from impactsim.notices.patterns import fill, italian, slots_of
from impactsim.notices.short import is_gsm

ENGLISH = catalogue("en")
languages = pytest.mark.parametrize("language", NOTICE_LANGUAGES)
PUBLIC = {"services", "name", "text"}
"""Slots of authors' words."""


def texts(book: Catalogue) -> Iterator[tuple[str, str]]:
    for key, forms in book.sentences.items():
        for text in forms.values():
            yield key, text


def without_slots(text: str) -> str:
    return re.sub(r"\{[a-z]+(?::[a-z]+)?\}", "", text)


def test_there_is_a_catalogue_for_each_language_and_for_plain_japanese():
    assert (*LANGUAGES, "ja-easy") == NOTICE_LANGUAGES
    assert [catalogue(language).tag for language in NOTICE_LANGUAGES] == ["en", "it", "de", "fr", "ja", "vi", "ja"]
    assert [catalogue(language).variant for language in NOTICE_LANGUAGES] == [""] * 6 + ["easy"]
    assert [catalogue(language).language for language in NOTICE_LANGUAGES] == list(NOTICE_LANGUAGES)
    with pytest.raises(KeyError):
        catalogue("../en")


@languages
def test_no_native_reader_has_signed_yet(language):
    book = catalogue(language)
    assert (book.reviewed_by, book.reviewed_on) == ("", "")
    assert not book.is_reviewed
    assert book.register


@languages
def test_every_catalogue_has_the_same_keys_in_the_same_order(language):
    assert list(catalogue(language).sentences) == list(ENGLISH.sentences)


@languages
def test_every_sentence_has_the_plural_forms_of_its_language(language):
    book = catalogue(language)
    for key, forms in book.sentences.items():
        assert set(forms) == (set(CATEGORIES[book.tag]) if ENGLISH.has_plural(key) else {"other"}), key


@languages
def test_every_catalogue_has_a_word_for_each_status_and_each_state(language):
    labels = catalogue(language).labels
    for words, known in ((labels.statuses, STATUSES), (labels.states, STATES)):
        assert tuple(words) == known
        assert len({word for word in words.values() if word.strip()}) == len(known)
    assert labels.language
    assert labels.languages
    assert labels.notice


@languages
def test_every_form_of_a_sentence_has_the_slots_of_the_english_one(language):
    for key, text in texts(catalogue(language)):
        assert slots_of(text) == slots_of(ENGLISH.sentences[key]["other"]), key


def test_every_state_status_cause_and_data_statement_has_its_sentences():
    keys = set(ENGLISH.sentences)
    for status in STATUSES[1:]:
        assert {f"what.{status}", f"short.what.{status}", f"short.unnamed.{status}"} <= keys
        assert {f"title.{status}.workaround", f"title.unnamed.{status}.none"} <= keys
    assert {f"{when}.{cause}" for when in ("cause", "cause_over") for cause in CAUSE_CLASSES} <= keys
    assert {f"data.{statement}" for statement in DATA_STATEMENTS} <= keys
    assert {f"working.{state}" for state in STATES if state != "resolved"} <= keys


@languages
def test_texts_are_composed_characters_without_stray_spaces(language):
    for key, text in texts(catalogue(language)):
        assert unicodedata.is_normalized("NFC", text), key
        assert text == text.strip(), key
        assert not re.search(r"\s\s|\s[.,。、）]", text), key
        assert not re.search(r"[\"'“”„«»]\s?\{|\}\s?[\"'“”„«»]", text), key


@languages
def test_braces_hold_slots_and_nothing_else(language):
    for key, text in texts(catalogue(language)):
        assert not set(without_slots(text)) & set("{}"), key


@languages
def test_whole_sentences_end_as_sentences_and_titles_do_not(language):
    for key, text in texts(catalogue(language)):
        if key.startswith("title."):
            assert text[-1] not in ".:。", key
        elif key != "item.named":
            assert text[-1] in ".:。", key


@languages
def test_a_sentence_that_introduces_a_list_has_no_name_in_it(language):
    """Names stand where nothing agrees with them: after a colon, before one, or in a list of their own."""
    for key, text in texts(catalogue(language)):
        if "services" in slots_of(text):
            assert re.search(r"[:：] ?\{services\}|\{services\}\s?[:：]", text.replace("\u00a0", " ")), key


@pytest.mark.parametrize("language", [each for each in NOTICE_LANGUAGES if each != "en"])
def test_nothing_is_left_in_english(language):
    for key, text in texts(catalogue(language)):
        words = without_slots(text)
        english = {without_slots(each).strip(" .:") for each in ENGLISH.sentences[key].values()}
        assert key in {"item.named", "item.stop"} or words.strip(" .:") not in english, key
        assert not re.search(r"\b(?:the|since|service is|we|workaround|users)\b", words), key


def test_japanese_and_vietnamese_are_written_in_their_scripts():
    for language in ("ja", "ja-easy"):
        for key, text in texts(catalogue(language)):
            assert key in {"item.named", "item.stop"} or re.search("[\u3040-\u30ff]|[\u4e00-\u9fff]", text), key
            assert not re.search(r"[A-Za-z]", without_slots(text)), key


def test_plain_japanese_uses_only_the_kanji_that_go_with_figures():
    book = catalogue("ja-easy")
    used = {letter for _, text in texts(book) for letter in text if "\u4e00" <= letter <= "\u9fff"}
    used |= {
        letter
        for forms in book.locale.patterns.values()
        for text in forms.values()
        for letter in text
        if "\u4e00" <= letter <= "\u9fff"
    }
    assert used <= set("人年月日時間分")


def test_japanese_is_polite_and_vietnamese_says_quy_khach():
    for key, text in texts(catalogue("ja")):
        if not key.startswith(("short.", "title.", "item.")):
            assert re.search(r"(?:です|ます|ません|でした|ました|ません|ください)。$", text), key
    vietnamese = " ".join(text for _, text in texts(catalogue("vi")))
    assert "quý khách" in vietnamese
    assert not re.search(r"\bbạn\b", vietnamese)


def test_german_readers_are_sie_and_french_ones_vous():
    german = " ".join(text for _, text in texts(catalogue("de")))
    assert re.search(r"\bSie\b", german)
    assert not re.search(r"\b(?:[Dd]u|[Dd]ich|[Dd]ein|[Dd]eine|[Ee]uch)\b", german)
    french = " ".join(text for _, text in texts(catalogue("fr")))
    assert re.search(r"\bvous\b", french)
    assert not re.search(r"\b(?:tu|toi|ton|tes)\b", french)


def test_french_signs_have_their_spaces():
    for key, text in texts(catalogue("fr")):
        if not key.startswith("short."):
            assert not re.search(r"[^\u00a0\u202f][:;!?](?![a-z]+\})", text), key
            assert "'" not in text, key


@pytest.mark.parametrize("language", ["en", "it", "de", "fr"])
def test_text_messages_keep_to_the_gsm_alphabet(language):
    for key, text in texts(catalogue(language)):
        if key.startswith("short."):
            assert is_gsm(without_slots(text)), key


@languages
def test_a_degraded_service_is_never_called_unavailable(language):
    unavailable = {
        "en": "unavailable", "it": "non disponibil", "de": "nicht verfügbar", "fr": "indisponible", "ja": "いただけません",
        "vi": "không thể sử dụng", "ja-easy": "つかえ",
    }[language]  # fmt: skip
    book = catalogue(language)
    assert any(unavailable in text for key, text in texts(book) if "partial_outage" in key)
    assert not [
        key for key, text in texts(book) if "degraded_performance" in key and unavailable in text.split("（")[0]
    ]


@languages
def test_no_sentence_speaks_of_severities_or_of_components(language):
    for key, text in texts(catalogue(language)):
        assert not re.search(r"(?i)\b(?:sev|severity|p1|major|critical|server|host|incident commander)\b", text), key


def test_slots_are_filled_from_left_to_right_and_only_if_they_are_asked_for():
    order: list[str] = []

    def note(name: str) -> str:
        order.append(name)
        return name

    slots = {name: lambda form, name=name: note(name + form) for name in ("a", "b", "c")}
    assert fill("{b:at} {a}", slots) == "bat a"
    assert order == ["bat", "a"]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (8, "il", "l’8"),
        (11, "al", "all’11"),
        (80, "del", "dell’80"),
        (18, "il", "il 18"),
        (0, "al", "allo 0"),
        (1, "il", "l’1"),
    ],
)
def test_italian_articles_are_elided_before_vowels(number, form, text):
    assert italian(number, str(number), form) == text
