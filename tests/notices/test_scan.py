"""Names are found in every spelling and behind every escape, and nowhere else."""

# ruff: noqa: RUF001 - letters that look like others are what these tests are about

from __future__ import annotations

import html
import json
import random
import urllib.parse

import pytest

from impactsim.notices.incident import Redaction
from impactsim.notices.letters import HARD, SOFT, letters_of, read
from impactsim.notices.prefixes import Prefixes
from impactsim.notices.scan import Leak, LeakFound, Scanner, demand_clean, leaks
from impactsim.notices.secrets import Kind, PublicName, Secret, SecretNames
from impactsim.notices.views import text_of


def secret(text: str, kind: Kind = "component", *, is_public: bool = False) -> Secret:
    return Secret(text, kind, f"{kind}.{text}", is_public)


def found(text: str | bytes, *names: str) -> list[str]:
    return [leak.found for leak in leaks(text, SecretNames(tuple(secret(name) for name in names)))]


SPELLINGS = {
    "isp-a": (
        *(
            "isp-a",
            "isp_a",
            "ISP.A",
            "Isp/A",
            "ISP A",
            "IspA",
            "ispa",
            "ISP - A",
            "isp\na",
            "**isp** a",
            "ISP’A",
            "isp\\a",
        ),
        *("ＩＳＰ－Ａ", "i\u00adsp\u200b-\u2060a", "Ísp-à", "\u202bisp-a\u202c", "isp\u00a0a", "isp‑a"),
    ),
    "IspA": ("isp-a", "ISPa", "Isp_A", "ispa"),
    "dc1": ("DC-1", "dc_1", "Dc 1", "DC１", "DC①", "dc\u0661"),
    "HTTPGateway": ("http-gateway", "HTTP Gateway", "httpgateway"),
    "ＩＳＰ－Ａ": ("isp-a", "ISP A"),
    "Acme Cloud": ("Acme® Cloud", "Acme™-Cloud", "“Acme” Cloud"),
    "Hà Nội": ("Ha Noi", "Ha\u0300 No\u0323\u0302i", "HÀ-NỘI"),
    "Đà Nẵng": ("da nang", "Đa Nẵng"),
    "München": ("Muenchen", "MUNCHEN", "Mu\u0308nchen"),
    "Straße": ("STRASSE", "strasse"),
    "İzmir": ("izmir", "IZMIR", "ızmir"),
    "ﬁbre": ("fibre", "FIBRE"),
    "ｶﾞｽ": ("ガス", "カ\u3099ス"),
    "サービス": ("ｻｰﾋﾞｽ",),
    "決済": ("当社の決済システム", "決 済", "決\n済"),
    "서울": ("서울은", "\u1109\u1165\u110b\u116e\u11af"),
    "นคร": ("ในนครใหม่",),
    "Contract 2026-14, annex B": ("contract 2026 14 (Annex B)", "CONTRACT 2026-14, ANNEX B"),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_name_is_found_in_each_of_its_spellings(name: str) -> None:
    missed = [text for text in SPELLINGS[name] if len(found(f"x, {text}, y", name)) != 1]
    assert missed == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("isp-a", "wispa, isp-ab, isp, a, isp (a), isp:a, crispa"),
        ("ispa", "isp a, is-pa"),
        ("isp", "isps wisp ispé"),
        ("12", "112 123 2012"),
        ("dc1", "dc12 adc1"),
        ("か", "がんばる"),
        ("가", "각각"),
        ("ก", "กิ"),
        ("決済", "決。済"),
        ("", "anything"),
        ("--", "a -- b"),
    ],
)
def test_what_is_part_of_a_longer_word_or_another_word_is_not_found(name: str, text: str) -> None:
    assert found(text, name) == []


def test_a_latin_name_is_found_beside_japanese_and_at_humps_and_between_letters_and_digits() -> None:
    for text in (
        "当社のispは",
        "ispが",
        "ispStatus",
        "theIsp",
        "isp2",
        "2isp",
        "data-isp='1'",
        "#isp",
        "isp.html",
        "isp's",
    ):
        assert [hit.casefold() for hit in found(text, "isp")] == ["isp"], text


def test_a_mark_that_has_lost_its_character_hides_no_name() -> None:
    assert found("\u0e34isp \u093fisp \u3099isp", "isp") == ["isp"]
    assert found("\u0e34isp", "isp") == ["isp"]


@pytest.mark.parametrize("name", ["1", "a", "14", "2026-05-04", "决"])
def test_even_the_shortest_names_are_refused(name: str) -> None:
    assert found(f"At x {name} y", name) == [name]


def _as_entities(text: str) -> str:
    return "".join(f"&#{ord(char)};" for char in text)


ESCAPES = {
    "entities": _as_entities,
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(char):X};" for char in text),
    "named entities": lambda text: html.escape(text).replace("-", "&hyphen;").replace(" ", "&nbsp;"),
    "json": lambda text: json.dumps({"key": text}),
    "json key": lambda text: json.dumps({text: 1}),
    "json escapes of all": lambda text: '"' + "".join(f"\\u{ord(char):04x}" for char in text) + '"',
    "json after a line break": lambda text: json.dumps("one\n" + text),
    "json in json": lambda text: json.dumps(json.dumps("é\n" + text)),
    "html in json": lambda text: json.dumps("<p>" + _as_entities(text)),
    "url": lambda text: "https://shop.example/?q=" + urllib.parse.quote(text),
    "url of all": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "url with plus": lambda text: "?q=" + urllib.parse.quote_plus(text),
    "url in an attribute": lambda text: '<a href="?q=' + html.escape(urllib.parse.quote(text)) + '">x</a>',
    "bold first letter": lambda text: f"<p><b>{text[0]}</b>{text[1:]}</p>",
    "comment inside": lambda text: f"{text[0]}<!-- x -->{text[1:]}",
    "line break inside": lambda text: text.replace(" ", "<br/>").replace("-", "<br>"),
    "wbr": "<wbr>".join,
    "ruby": lambda text: f"<ruby>{text[0]}<rp>(</rp><rt>よみ</rt><rp>)</rp></ruby>{text[1:]}",
    "comment": lambda text: f"<!-- {text} -->",
    "attribute": lambda text: f'<img alt="{text}">',
    "title": lambda text: f"<title>{text}</title>",
    "class": lambda text: f'<p class="x {text}">',
    "markdown": lambda text: text.replace("-", "\\-").replace(" ", "\n"),
}


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("name", ["isp-a", "Acme Cloud", "決済システム", "Đà Nẵng"])
def test_no_escape_hides_a_name(escape: str, name: str) -> None:
    assert len(found(ESCAPES[escape](name), name)) == 1


def test_escapes_do_not_make_names_of_their_own() -> None:
    # as bytes of escapes these would stand everywhere
    assert (
        found(
            json.dumps("決済と日程 ") + _as_entities("決") + urllib.parse.quote("決済"), "u", "b", "e6", "e", "6", "00"
        )
        == []
    )
    assert found("<p>R&amp;D&nbsp;x&#45;y</p>", "amp", "nbsp", "45") == []


def test_a_name_with_an_escape_is_found_written_either_way() -> None:
    assert found("see a&amp;b", "a&amp;b") == found("see a&amp;b", "a&b") == ["a&amp;b"]
    assert found("see a&b", "a&amp;b") == ["a&b"]


def test_cells_and_paragraphs_do_not_join_into_a_name() -> None:
    assert found("<td>isp</td><td>a</td><p>isp</p><p>a</p>", "isp-a") == []


def test_bytes_are_read_as_utf8_utf16_or_one_by_one() -> None:
    assert found("é isp-a".encode(), "isp-a") == found("é isp-a".encode("utf-16"), "isp-a") == ["isp-a"]
    assert found(b"\x89PNG\xff\x00isp-a\x00", "isp-a") == ["isp-a"]
    assert text_of("\ufeffé".encode()) == "é"


def test_lone_halves_of_characters_disturb_nobody() -> None:
    assert str(leaks("\ud800 isp-a", SecretNames((secret("isp-a"),)))[0]).encode()
    assert found('"\\ud83d isp-a \\ud83d\\ude80"', "isp-a") == ["isp-a"]


PUBLIC = SecretNames(
    (
        secret("checkout", is_public=True),
        secret("cart", is_public=True),
        secret("isp-a"),
        secret("Acme", "operator"),
        secret("Rome", "site"),
        secret("Shop", "system"),
        secret("night", "crew"),
    ),
    (
        PublicName("Online checkout", "components.checkout.public_name.en"),
        PublicName("R&D cart", "components.cart.public_name"),
        PublicName("Acme pay", "components.pay.public_name"),
        PublicName("Shop Rome by isp-a at night", "components.x.public_name"),
        PublicName("オンラインcheckout", "components.checkout.public_name.ja"),
    ),
)


def test_a_public_name_may_hold_names_of_components_that_have_one() -> None:
    assert leaks("The Online checkout is down. ONLINE-CHECKOUT! 現在、オンラインcheckoutは", PUBLIC) == []
    assert leaks("<p>R&amp;D cart</p>" + json.dumps("R&D cart, オンラインcheckout"), PUBLIC) == []


@pytest.mark.parametrize(
    "text",
    [
        "checkout",
        "Online, checkout",
        "the cart of Online checkout",
        "Online checkout, checkout",
        "Onlinecheckout2 cart",
    ],
)
def test_outside_of_a_public_name_they_are_secret(text: str) -> None:
    assert [leak.inside for leak in leaks(text, PUBLIC)] == [None]


def test_a_public_name_never_holds_an_operator_a_site_a_crew_or_a_component_without_one() -> None:
    held = leaks("Acme pay\nShop Rome by isp-a at night", PUBLIC)
    assert [(leak.found, leak.inside and leak.inside.place) for leak in held] == [
        ("Acme", "components.pay.public_name"),
        ("Rome", "components.x.public_name"),
        ("isp-a", "components.x.public_name"),
        ("night", "components.x.public_name"),
    ]
    assert "the public name at components.pay.public_name itself holds it" in str(held[0])


def test_a_name_of_two_owners_is_secret_if_one_of_them_is() -> None:
    names = SecretNames((*PUBLIC.secrets, Secret("Checkout", "source", "users.retail.source")), PUBLIC.public)
    (leak,) = leaks("Online checkout", names)
    assert [each.place for each in leak.secrets] == ["users.retail.source"]


def test_public_words_are_no_secret_in_any_spelling_but_do_not_free_longer_names() -> None:
    names = SecretNames((secret("on-line"), secret("on-line shop")), public_words=("Online",))
    assert leaks("online on-line ON LINE", names) == []
    assert [leak.found for leak in leaks("the online shop", names)] == ["online shop"]


def test_names_that_differ_in_gaps_only_are_told_apart() -> None:
    names = SecretNames((secret("isp-a"), secret("ispa")))
    told = [[each.text for each in leak.secrets] for leak in leaks("isp a and ispa", names)]
    assert told == [["isp-a"], ["isp-a", "ispa"]]


def test_a_leak_says_where_what_and_how_to_mend_it() -> None:
    (leak,) = leaks("one\n\nUse the ISP\tA line.\n", SecretNames((secret("isp-a"),)), output="notice.en.txt")
    assert leak == Leak("notice.en.txt", 3, "ISP\tA", "one Use the ISP A line.", (secret("isp-a"),))
    assert str(leak).startswith(
        "notice.en.txt:3: 'one Use the ISP A line.' holds 'isp-a' (component at component.isp-a); take it out"
    )
    assert "notices.public_words" in str(leak)


def test_all_outputs_and_their_names_are_searched_before_anything_is_refused() -> None:
    outputs = {"isp-a.txt": "fine", "b.json": '{"isp_a": "isp-a"}', "c.html": b"<p>fine</p>"}
    with pytest.raises(LeakFound) as refused:
        demand_clean(outputs, SecretNames((secret("isp-a"),)), Redaction.CUSTOMERS)
    assert [(leak.output, leak.line) for leak in refused.value.leaks] == [("isp-a.txt", 0), ("b.json", 1)]
    assert str(refused.value).count("\n") == 1


LEVELS = SecretNames(
    (
        secret("isp-a"),
        secret("Core network"),
        secret("Acme", "operator"),
        secret("Rome", "site"),
        secret("retail", "segment"),
        secret("network", "crew"),
        secret("Acme", "crew"),
        secret("contract 7", "source"),
    )
)


def test_partners_may_read_parts_and_suppliers_but_neither_sources_nor_crews() -> None:
    text = "Core network, isp-a of Acme at Rome, retail"
    demand_clean({"a": text}, LEVELS, Redaction.PARTNERS)
    told = [leak.found for leak in leaks(text + ": contract 7, team network", LEVELS, Redaction.PARTNERS)]
    assert told == ["contract 7", "network"]


def test_responders_may_read_everything_and_the_public_nothing() -> None:
    text = "isp-a Acme Rome retail network contract 7"
    demand_clean({"isp-a": text}, LEVELS, Redaction.RESPONDERS)
    assert leaks(text, LEVELS, Redaction.RESPONDERS) == []
    for level in (Redaction.CUSTOMERS, Redaction.EXPOSED):
        assert len(leaks(text, LEVELS, level)) == 6


def test_letters_alone_are_those_of_the_whole_reading() -> None:
    for text in ("Orders-DB_1", "Hà Nội ＡＢ ガ①", "", "Straße ﬁ", "각 นิ"):
        assert letters_of(text) == read(text).letters


def test_gaps_and_borders_stand_before_letters() -> None:
    reading = read("a-b, C1東")
    assert (reading.letters, list(reading.gaps)) == ("abc1東", [HARD, SOFT, HARD, 0, 0])
    assert [bool(border) for border in reading.borders] == [True, True, True, True, True, True]
    assert [bool(border) for border in read("aBCde").borders] == [True, True, True, False, False, True]


def test_prefixes_finds_what_a_comparison_with_each_word_finds() -> None:
    luck = random.Random(5)
    words = {"".join(luck.choices("ab", k=luck.randint(1, 6))) for _ in range(60)}
    text = "".join(luck.choices("abc", k=400))
    prefixes = Prefixes(words)
    for start in range(len(text)):
        expected = sorted((word for word in words if text.startswith(word, start)), key=len, reverse=True)
        assert list(prefixes.at(text, start)) == expected


def test_a_hundred_thousand_names_cost_no_more_than_a_few_looks_at_each_place() -> None:
    class Counted(str):
        """A text that counts how often its beginning is compared."""

        looks = 0

        def startswith(self, *arguments: object) -> bool:  # type: ignore[override]
            Counted.looks += 1
            return super().startswith(*arguments)  # type: ignore[arg-type]

        def __getitem__(self, key: object) -> Counted:
            return Counted(super().__getitem__(key))  # type: ignore[index]

    luck = random.Random(7)
    prefixes = Prefixes(f"component-{luck.randrange(10**9)}" for _ in range(100_000))
    text = Counted("component-" + "7" * 20 + " component " * 500)
    hits = sum(1 for start in range(len(text)) for _ in prefixes.at(text, start))
    assert hits == 0
    assert Counted.looks <= 3 * len(text)


def test_a_scanner_is_made_once_for_many_texts() -> None:
    scanner = Scanner(SecretNames((secret("isp-a"),)), Redaction.EXPOSED)
    assert [len(scanner.leaks(text)) for text in ("isp-a", "fine", "ISP A")] == [1, 0, 1]
