"""Figures and times as each language writes them, held against CLDR (Babel) where that is right, and against our own words where it is not."""

# ruff: noqa: RUF001 - signs of other scripts are meant

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from impactsim.notices.catalogue import NOTICE_LANGUAGES, catalogue
from impactsim.notices.incident import LANGUAGES, People
from impactsim.notices.locales import CATEGORIES, Locale, plain
from impactsim.notices.moments import Clock, day, offset_of, zone_for

HOUR_MS = 3_600_000
BABEL = {"en": "en_GB", "it": "it", "de": "de", "fr": "fr", "ja": "ja", "vi": "vi"}


def locale(language: str) -> Locale:
    return catalogue(language).locale


def clock(language: str, published: datetime, zone: str, style: str = "clock") -> Clock:
    return Clock(locale(language), ZoneInfo(zone), published, style)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [0, 7, 999, 1000, 12_340, 1_000_000, 2.5, 1.5, 12_345.75])
def test_numbers_are_those_of_cldr(language, value):
    babel = pytest.importorskip("babel.numbers")
    assert locale(language).number(value) == babel.format_decimal(value, locale=BABEL[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("percent", [0, 1, 8, 12, 99, 100])
def test_whole_percents_are_those_of_cldr(language, percent):
    babel = pytest.importorskip("babel.numbers")
    assert locale(language).percent(percent / 100) == babel.format_percent(percent / 100, locale=BABEL[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_a_percent_is_said_and_not_rounded_away(language):
    written = locale(language).percent(0.125)
    assert plain(written).replace(" ", "") == {".": "12.5%", ",": "12,5%"}[locale(language).decimal]
    assert plain(locale(language).percent(0.0005)).startswith(("0.1", "0,1"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [0, 1, 2, 5, 11, 100, 999_999, 1_000_000, 1_000_001, 3_000_000, 1.5, 0.5, 2.5])
def test_plural_categories_are_those_of_cldr(language, value):
    babel = pytest.importorskip("babel")
    number = Decimal(str(value))
    assert locale(language).category(value) == babel.Locale.parse(BABEL[language]).plural_form(number)


def test_french_counts_none_and_one_and_a_half_as_one_and_italian_does_not():
    assert [locale("fr").category(value) for value in (0, 1, 1.5, 2)] == ["one", "one", "one", "other"]
    assert [locale("it").category(value) for value in (0, 1, 1.5, 2)] == ["other", "one", "other", "other"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("texts", [["A"], ["A", "B"], ["A", "B", "C"], ["A", "B", "C", "D"]])
def test_lists_are_those_of_cldr(language, texts):
    babel = pytest.importorskip("babel.lists")
    assert locale(language).listed(texts) == babel.format_list(texts, locale=BABEL[language])


@pytest.mark.parametrize("language", ["en", "it", "de", "fr", "ja"])
@pytest.mark.parametrize("month", range(1, 13))
def test_days_are_those_of_cldr(language, month):
    babel = pytest.importorskip("babel.dates")
    local = date(2026, month, 21)
    assert plain(day(locale(language), local)) == babel.format_date(local, "long", locale=BABEL[language])


def test_the_first_of_a_month_is_an_ordinal_in_french_and_italian():
    first = date(2026, 3, 1)
    assert day(locale("fr"), first) == "1er mars 2026"
    assert day(locale("it"), first) == "1° marzo 2026"


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("1 minute", "1 hour 30 minutes", "2 hours 30 minutes", "1 day 2 hours", "2 days 2 hours 5 minutes")),
        ("it", ("1 minuto", "1 ora e 30 minuti", "2 ore e 30 minuti", "1 giorno e 2 ore", "2 giorni, 2 ore e 5 minuti")),
        ("de", ("1 Minute", "1 Stunde 30 Minuten", "2 Stunden 30 Minuten", "1 Tag 2 Stunden", "2 Tage 2 Stunden 5 Minuten")),
        ("fr", ("1 minute", "1 h 30", "2 h 30", "1 jour et 2 heures", "2 jours et 2 h 05")),
        ("ja", ("1分", "1時間30分", "2時間30分", "1日と2時間", "2日と2時間5分")),
        ("vi", ("1 phút", "1 giờ 30 phút", "2 giờ 30 phút", "1 ngày 2 giờ", "2 ngày 2 giờ 5 phút")),
    ],
)  # fmt: skip
def test_a_duration_keeps_all_its_units(language, texts):
    minutes = (1, 90, 150, 26 * 60, 50 * 60 + 5)
    assert tuple(plain(locale(language).duration(each * 60_000)) for each in minutes) == texts


def test_a_duration_is_never_nothing():
    assert locale("en").duration(1) == "1 minute"
    assert locale("en").duration(90_000) == "2 minutes"


@pytest.mark.parametrize(
    ("language", "hours", "half", "mixed"),
    [
        ("en", "2 to 4 hours", "30 to 60 minutes", "45 minutes to 1 hour 30 minutes"),
        ("it", "da 2 a 4 ore", "da 30 a 60 minuti", "da 45 minuti a 1 ora e 30 minuti"),
        ("de", "2 bis 4 Stunden", "30 bis 60 Minuten", "45 Minuten bis 1 Stunde 30 Minuten"),
        ("fr", "2 à 4 heures", "30 à 60 minutes", "45 minutes à 1 h 30"),
        ("ja", "2～4時間", "30～60分", "45分～1時間30分"),
        ("vi", "2 đến 4 giờ", "30 đến 60 phút", "45 phút đến 1 giờ 30 phút"),
        ("ja-easy", "2時間から 4時間", "30分から 60分", "45分から 1時間30分"),
    ],
)
def test_a_range_of_durations_is_in_words_and_in_one_unit_where_it_can_be(language, hours, half, mixed):
    spoken = locale(language)
    assert spoken.durations(2 * HOUR_MS, 4 * HOUR_MS) == hours
    assert spoken.durations(HOUR_MS // 2, HOUR_MS) == half
    assert plain(spoken.durations(HOUR_MS * 3 // 4, HOUR_MS * 3 // 2)) == mixed


def test_a_range_over_days_is_in_hours_up_to_two_days():
    english = locale("en")
    assert english.durations(12 * HOUR_MS, 36 * HOUR_MS) == "12 to 36 hours"
    assert english.durations(24 * HOUR_MS, 72 * HOUR_MS) == "1 to 3 days"
    assert english.durations(36 * HOUR_MS, 60 * HOUR_MS) == "1 day 12 hours to 2 days 12 hours"


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("between 12,000 and 15,000 people", "about 1,200 people", "up to 1,500 people", "fewer than 100 people")),
        ("it", ("da 12.000 a 15.000 persone", "circa 1.200 persone", "fino a 1.500 persone", "meno di 100 persone")),
        ("de", ("12.000 bis 15.000 Personen", "rund 1.200 Personen", "bis zu 1.500 Personen", "weniger als 100 Personen")),
        ("fr", ("entre 12 000 et 15 000 personnes", "environ 1 200 personnes", "jusqu'à 1 500 personnes", "moins de 100 personnes")),
        ("ja", ("12,000～15,000人", "約1,200人", "最大1,500人", "100人未満")),
        ("vi", ("khoảng 12.000 đến 15.000 người", "khoảng 1.200 người", "tối đa 1.500 người", "dưới 100 người")),
    ],
)  # fmt: skip
def test_people_are_counted_as_people_say_it(language, texts):
    counted = [People(12_000, 15_000), People(1200, 1200), People(0, 1500), People(0, 100, 100)]
    assert tuple(plain(locale(language).people(each)) for each in counted) == texts


def test_a_million_people_take_a_preposition_in_italian_and_french():
    million = People(1_000_000, 1_000_000)
    assert plain(locale("it").people(million)) == "circa 1.000.000 di persone"
    assert plain(locale("fr").people(million)) == "environ 1 000 000 de personnes"
    assert plain(locale("it").people(People(900_000, 1_100_000))) == "da 900.000 a 1.100.000 persone"


def test_one_person_is_no_people():
    assert [locale(language).people(People(1, 1)) for language in ("en", "it", "de")] == [
        "about 1 person",
        "circa 1 persona",
        "rund 1 Person",
    ]


@pytest.mark.parametrize(
    ("share", "text"),
    [((0.08, 0.08), "l'8%"), ((0.07, 0.07), "il 7%"), ((0.08, 0.12), "tra l'8% e il 12%"), ((0, 0.11), "fino all'11%"),
     ((0, 0.8), "fino all'80%"), ((0, 0.18), "fino al 18%"), ((0.01, 0.89), "tra l'1% e l'89%")],
)  # fmt: skip
def test_italian_shares_have_the_article_of_their_number(share, text):
    assert plain(locale("it").share(*share)) == text


def test_shares_are_ranges_in_words():
    written = {language: plain(locale(language).share(0.31, 0.38)) for language in LANGUAGES}
    assert written == {
        "en": "31% to 38%",
        "it": "tra il 31% e il 38%",
        "de": "31 bis 38 %",
        "fr": "31 à 38 %",
        "ja": "31～38%",
        "vi": "từ 31% đến 38%",
    }


@pytest.mark.parametrize(
    ("language", "zone", "first", "second", "full"),
    [
        ("en", "Europe/Paris", "14:05 CET (UTC+1)", "09:20", "15:00"),
        ("it", "Europe/Rome", "14:05 (ora italiana, UTC+1)", "9:20", "15:00"),
        ("de", "Europe/Berlin", "14:05 Uhr (MEZ, UTC+1)", "9:20 Uhr", "15:00 Uhr"),
        ("fr", "Europe/Paris", "14 h 05 (heure de Paris, UTC+1)", "9 h 20", "15 h"),
        ("ja", "Asia/Tokyo", "日本時間（UTC+9）22時05分", "17時20分", "23時"),
        ("vi", "Asia/Ho_Chi_Minh", "20 giờ 05 (giờ Việt Nam, UTC+7)", "15 giờ 20", "21 giờ 00"),
    ],
)
def test_a_time_has_its_zone_and_offset_at_the_first_mention_only(language, zone, first, second, full):
    at = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
    told = clock(language, at, zone)
    times = [at, datetime(2026, 11, 21, 8, 20, tzinfo=UTC), datetime(2026, 11, 21, 14, tzinfo=UTC)]
    assert [plain(told.moment(each)) for each in times] == [first, second, full]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "23:30 on 21 November and 02:30 on 22 November"),
        ("it", "23:30 del 21 novembre e le ore 2:30 del 22 novembre"),
        ("de", "zwischen dem 21. November um 23:30 Uhr und dem 22. November um 2:30 Uhr"),
        ("fr", "entre le 21 novembre à 23 h 30 et le 22 novembre à 2 h 30"),
        ("ja", "11月21日23時30分～11月22日2時30分"),
        ("vi", "23 giờ 30 ngày 21/11 đến 2 giờ 30 ngày 22/11"),
    ],
)
def test_an_interval_across_midnight_has_both_dates(language, text):
    at = datetime(2026, 11, 21, 21, tzinfo=UTC)
    told = clock(language, at, "UTC")
    told.moment(at)
    low, high = (datetime(2026, 11, 21, 23, 30, tzinfo=UTC) + timedelta(hours=hours) for hours in (0, 3))
    assert plain(told.window(low, high)) == text


def test_an_interval_within_another_day_has_its_date_once():
    at = datetime(2026, 11, 21, 21, tzinfo=UTC)
    low, high = (datetime(2026, 11, 22, 2, 15, tzinfo=UTC) + timedelta(hours=hours) for hours in (0, 2))
    written = {}
    for language in LANGUAGES:
        told = clock(language, at, "UTC")
        told.moment(at)
        written[language] = plain(told.window(low, high))
    assert written == {
        "en": "02:15 and 04:15 on 22 November",
        "it": "2:15 e le ore 4:15 del 22 novembre",
        "de": "am 22. November zwischen 2:15 und 4:15 Uhr",
        "fr": "le 22 novembre entre 2 h 15 et 4 h 15",
        "ja": "11月22日2時15分～4時15分",
        "vi": "2 giờ 15 đến 4 giờ 15 ngày 22/11",
    }


def test_the_day_is_that_of_the_readers_and_not_of_utc():
    at = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert clock("ja", at, "Asia/Tokyo").moment(at) == "日本時間（UTC+9）8時30分"
    assert clock("en", at, "UTC").moment(datetime(2026, 11, 22, 0, 5, tzinfo=UTC)) == "00:05 UTC on 22 November"


def test_another_year_is_said():
    at = datetime(2026, 12, 31, 20, tzinfo=UTC)
    assert clock("de", at, "UTC").moment(at + timedelta(hours=6)) == "dem 1.\u00a0Januar 2027 um 2:00\u00a0Uhr (UTC)"


def test_the_end_of_summer_time_within_an_interval_labels_both_ends():
    at = datetime(2026, 10, 24, 23, 55, tzinfo=UTC)
    told = clock("en", at, "Europe/Paris")
    assert told.moment(at) == "01:55 CEST (UTC+2)"
    low, high = (datetime(2026, 10, 25, 0, 30, tzinfo=UTC) + timedelta(hours=hours) for hours in (0, 1))
    assert told.window(low, high) == "02:30 CEST (UTC+2) and 02:30 CET (UTC+1)"
    assert told.moment(datetime(2026, 10, 25, 3, tzinfo=UTC)) == "04:00"
    assert told.moment(datetime(2026, 10, 25, 1, tzinfo=UTC)) == "02:00 CET (UTC+1)", "for there was another 02:00"


def test_an_interval_wholly_after_the_change_says_so_once():
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    told = clock("de", at, "Europe/Berlin")
    assert plain(told.moment(at)) == "1:30 Uhr (MEZ, UTC+1)"
    low, high = (datetime(2026, 3, 29, 1, 30, tzinfo=UTC) + timedelta(hours=hours) for hours in (0, 1))
    assert plain(told.window(low, high)) == "zwischen 3:30 Uhr (MESZ, UTC+2) und 4:30 Uhr"


@pytest.mark.parametrize(
    ("zone", "label"),
    [("Europe/London", "14:05 GMT (UTC+0)"), ("America/New_York", "09:05 EST (UTC-5)"), ("Asia/Kolkata", "19:35 IST (UTC+5:30)"),
     ("America/Sao_Paulo", "11:05 (UTC-3)"), ("UTC", "14:05 UTC")],
)  # fmt: skip
def test_zones_without_a_name_show_their_offset(zone, label):
    at = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
    assert clock("en", at, zone).moment(at) == label


def test_an_offset_before_utc_with_minutes_is_right():
    assert offset_of(datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("America/St_Johns"))) == "UTC-2:30"


def test_readers_have_the_zone_of_their_language_or_of_all_others_or_utc():
    zones = {"ja": "Asia/Tokyo", "": "Europe/Rome"}
    assert [str(zone_for(zones, language)) for language in ("ja", "ja-easy", "en")] == ["Asia/Tokyo"] * 2 + [
        "Europe/Rome"
    ]
    assert zone_for({"ja": "Asia/Tokyo"}, "en") is UTC


def test_french_prepositions_follow_the_date():
    at = datetime(2026, 11, 21, 14, tzinfo=UTC)
    told = clock("fr", at, "UTC")
    assert [plain(told.moment(at + timedelta(hours=hours), "at")) for hours in (0, 1, 12)] == [
        "à 14 h (UTC)",
        "à 15 h",
        "le 22 novembre à 2 h",
    ]


def test_german_dates_begin_as_their_preposition_asks():
    at = datetime(2026, 11, 21, 14, tzinfo=UTC)
    told = clock("de", at, "UTC")
    assert plain(told.moment(at, "am")) == "um 14:00 Uhr (UTC)"
    assert plain(told.moment(at, "zum")) == "14:00 Uhr"
    tomorrow = at + timedelta(hours=12)
    written = [plain(told.moment(tomorrow, form)) for form in ("", "am", "zum")]
    assert written == [f"{lead} 22. November um 2:00 Uhr" for lead in ("dem", "am", "zum")]


def test_italian_dates_are_elided():
    at = datetime(2026, 11, 7, 20, tzinfo=UTC)
    told = clock("it", at, "UTC")
    assert plain(told.moment(at + timedelta(hours=6))) == "2:00 dell'8 novembre (UTC)"
    assert plain(told.moment(datetime(2026, 12, 1, 2, tzinfo=UTC))) == "2:00 del 1° dicembre"
    message = clock("it", at, "UTC", "short")
    assert plain(message.moment(at + timedelta(hours=6))) == "2:00 dell'8/11 (UTC)"
    assert plain(message.moment(datetime(2026, 12, 1, 2, tzinfo=UTC))) == "2:00 dell'1/12"


def test_spaces_that_do_not_break_stand_where_cldr_has_them_and_plain_takes_them_away():
    assert locale("fr").number(12_340) == "12\u202f340"
    assert [locale(language).percent(0.08) for language in ("de", "fr", "it")] == ["8\u00a0%", "8\u00a0%", "8%"]
    assert plain("12\u202f340\u00a0% – l\u2019an") == "12 340 % - l'an"


@pytest.mark.parametrize("language", NOTICE_LANGUAGES)
def test_every_pattern_has_the_plural_forms_of_its_language(language):
    counted = {key for key, forms in locale("en").patterns.items() if len(forms) > 1}
    assert len(counted) == 10
    for key, forms in locale(language).patterns.items():
        assert set(forms) == (set(CATEGORIES[locale(language).tag]) if key in counted else {"other"}), key


def test_locales_have_the_same_patterns():
    assert len({frozenset(locale(language).patterns) for language in NOTICE_LANGUAGES}) == 1
