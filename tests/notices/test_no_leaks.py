"""From a system to its notices no name slips through: what is written in any form and language holds none, or nothing is written.

Systems are generated whole, and outages of them; the way from there is that of `impactsim notice`. What comes out is read again by
two readers that share nothing with the search: the one of `test_leaks.py`, which looks at every position, and a naive one here.
"""

# ruff: noqa: RUF001 - letters that look like others are what these tests are about

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from impactsim.files.reading import validate_scenario
from impactsim.notices.build import Asked
from impactsim.notices.bundle import Notices
from impactsim.notices.files import Form
from impactsim.notices.incident import EASY_JAPANESE, LANGUAGES, Redaction
from impactsim.notices.scan import LeakFound
from impactsim.notices.secrets import Secret, SecretNames, names_of
from impactsim.problems import InvalidInput
from impactsim.workflow.notices import notice
from notices.test_leaks import plain, told

ALL_LANGUAGES = (*LANGUAGES, EASY_JAPANESE)
FORMS: tuple[Form | None, ...] = ("text", "markdown", "html", "json", "statuspage", None)
"""None is the text message."""

# --- the naive reader


def folded(text: str) -> str:
    """Return a text in compatibility form, in small letters, with one hyphen for whatever parts the words of a name."""
    text = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    return re.sub(r"[-_./\s]+", "-", text.casefold())


def naive(text: str, names: SecretNames) -> set[str]:
    """Return the secrets that stand in a text as whole words, but for what a public name may hold."""
    text = folded(text)
    public = [span for name in names.public for span in _found(text, folded(name.text))]
    free = {folded(word).strip("-") for word in names.public_words}
    return {
        secret.place
        for secret in names.secrets
        if folded(secret.text).strip("-") not in free
        for start, stop in _found(text, folded(secret.text).strip("-"))
        if not (_may_be_public(secret) and any(begin <= start and stop <= end for begin, end in public))
    }


def _may_be_public(secret: Secret) -> bool:
    return secret.is_public or secret.kind == "system"


def _found(text: str, name: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(f"(?={re.escape(name)})", text) if name else ():
        start, stop = match.start(), match.start() + len(name)
        if not (_is_one_word(text, start) or _is_one_word(text, stop)):
            yield start, stop


def _is_one_word(text: str, place: int) -> bool:
    """Tell whether both sides of a place are letters, or both are digits, of scripts that part words by spaces."""
    if place in {0, len(text)}:
        return False
    before, after = text[place - 1], text[place]
    if unicodedata.category(after)[0] == "M":
        return True
    return (before.isdigit() and after.isdigit()) or (_is_letter(before) and _is_letter(after))


def _is_letter(char: str) -> bool:
    return char.isalpha() and not unicodedata.name(char, "").startswith(("CJK", "HIRAGANA", "KATAKANA"))


# --- what comes out, read again


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag, *(part for pair in attrs for part in pair if part)]


def read_again(text: str, form: Form | None) -> Iterator[str]:
    """Yield all that a reader, or a program, gets of an output."""
    if form == "html":
        page = _Page()
        page.feed(text)
        page.close()
        yield from page.found
    elif form in {"json", "statuspage"}:
        yield from _strings(json.loads(text))
    else:
        yield text
        yield re.sub(r"\\(.)", r"\1", text)  # what Markdown escapes


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    else:
        yield str(value)


# --- generated systems

RARE = [
    *("zephyr", "zeph", "zephyr-2", "zephyrcore", "quill", "Quillon", "QuillNet", "kestrel.7", "Kes"),
    *("決済基盤", "決済", "東京第二", "ムラサキ", "ﾑﾗｻｷ", "ＮＩＭＢＵＳ", "nimbus_north", "Hà", "ümlaut-netz"),
]
SPACED = ["Zephyr Core", "Quillon GmbH", "Hà Giang", "Nimbus, north wing", "ＺＥＰＨＹＲ 決済"]
COMMON = [
    "service",
    "the",
    "users",
    "hours",
    "ist",
    "dalle",
    "サービス",
    "復旧",
    "người",
    "notice",
    "lang",
    "2026",
    "en",
    "L2",
]
PUBLIC = ["Orders", "Sign-in", "Card payments", "ご注文", "Đặt hàng", "Ricevute"]
FILLERS = ["Use the app", "Please come by", "窓口をご利用ください", "Pay in cash", "Scrivere una e-mail", "ＷＥＢ"]
GLUE = [" ", ", ", "-", ": ", "は", "「", "\n", "", "x", "7", "\u00ad", "\u200b"]
SPELLINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.title,
    lambda text: text.replace("-", " "),
    lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    lambda text: unicodedata.normalize("NFD", text),
    "\u00ad".join,
]


def spoken(fillers: list[str]) -> st.SearchStrategy[dict[str, str]]:
    languages = st.sampled_from(["", "en", "it", "ja", "vi"])
    return st.dictionaries(languages, st.sampled_from(fillers), min_size=1, max_size=2)


def services(names: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    way = st.fixed_dictionaries({"text": spoken(FILLERS), "covers": st.just("50%")})
    words = {
        "name": names,
        "aliases": st.lists(names, max_size=1),
        "public_effects": st.fixed_dictionaries({"down": spoken(FILLERS)}),
        "workarounds": st.lists(way, min_size=1, max_size=2),
    }
    return st.fixed_dictionaries({"public_name": spoken(PUBLIC)}, optional=words)


def parts(names: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    kinds = st.sampled_from(["provider", "power", "connectivity", "site"])
    words = {"name": names, "operator": names, "source": names, "aliases": st.lists(names, max_size=1)}
    return st.fixed_dictionaries({"kind": kinds}, optional=words)


@st.composite
def outages(draw: st.DrawFn) -> dict[str, Any]:
    """Return a scenario with its system: something fails for two hours, and all services need it.

    None, one or two of its author's texts hold a name from it, or nearly. Names that are words of ours, and refuse everything, are
    in one system of five.
    """
    common = [] if draw(st.integers(0, 4)) else COMMON
    ids, names = st.sampled_from(RARE + common), st.sampled_from(RARE + SPACED + common)
    root, first, *others = draw(st.lists(ids, min_size=3, max_size=5, unique=True))
    components: dict[str, Any] = {root: draw(parts(names)), first: {**draw(services(names)), "needs": [root]}}
    for name in others:
        components[name] = {**draw(st.one_of(services(names), st.just({}), parts(names))), "needs": [root]}
    system: dict[str, Any] = {"impactsim": 1, "name": draw(names), "components": components}
    system["notices"] = {"contact": draw(spoken(FILLERS)), "public_words": draw(st.lists(names, max_size=1))}
    system["users"] = {draw(ids): {"count": 5000, "uses": [first]}}
    system["crews"] = {draw(ids): 1} if draw(st.booleans()) else {}
    outage = _scenario(system, root)
    secrets = [secret.text for secret in names_of(validate_scenario(outage).system).secrets]
    for words in draw(st.lists(st.sampled_from(list(_spoken_words(system))), max_size=2)):
        language = draw(st.sampled_from(sorted(words)))
        spelt = draw(st.sampled_from(SPELLINGS))(draw(st.sampled_from(secrets)))
        words[language] += draw(st.sampled_from(GLUE)) + spelt + draw(st.sampled_from(["", "", ".", " ok", "s", "。"]))
    return outage


def _spoken_words(system: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield what its author says to customers, by language."""
    yield system["notices"]["contact"]
    for component in system["components"].values():
        yield from (component[key] for key in ("public_name",) if key in component)
        yield from (way["text"] for way in component.get("workarounds", ()))
        yield from component.get("public_effects", {}).values()


def _scenario(system: dict[str, Any], fails: str) -> dict[str, Any]:
    return {
        "impactsim": 1,
        "name": "Outage",
        "system": system,
        "starts": "2026-03-02T08:00+00:00",
        "events": [{"fail": fails, "for": "2h"}],
    }


def written(notices: Notices) -> Iterator[tuple[Form | None, str, str]]:
    """Yield each output that is not refused: its form, the name of its file, its text."""
    for form in FORMS:
        try:
            outputs = notices.texts(form)
        except (LeakFound, InvalidInput):
            continue
        for file, text in outputs.items():
            yield form, file, text


STATES = st.sampled_from(["investigating", "identified", "monitoring", "resolved"])
LEVELS = st.sampled_from([Redaction.CUSTOMERS, Redaction.EXPOSED])


@given(outages(), STATES, LEVELS)
@settings(max_examples=settings().max_examples * 3 // 10)  # each of them is written in 42 ways
def test_no_generated_system_tells_a_name_in_any_output(outage: dict[str, Any], state: Any, level: Redaction) -> None:
    notices = notice(outage, Asked(state, redaction=level, may_recur=True), ALL_LANGUAGES, trials=20, workers=1)
    names = names_of(validate_scenario(outage).system)
    seen = {part: form for form, file, text in written(notices) for part in (file, *read_again(text, form))}
    needed = [letters_of(secret.text) for secret in names.secrets]
    for part, form in seen.items():
        assert not naive(part, names), (form, part)
        letters = letters_of(part)
        assert not (any(each <= letters for each in needed) and told(part, names)), (form, part)


def letters_of(text: str) -> set[str]:
    """Return the letters and digits of a text; one that lacks a letter of a name cannot tell it, and needs no slow look."""
    return {char for char in plain(text).casefold() if char.isalnum()}


# --- and it is not by refusing everything


def shop(**changes: Any) -> dict[str, Any]:
    """Return a system with names of every sort, none of which any text holds, but for `changes` of its service."""
    service: dict[str, Any] = {
        "name": "Checkout chain",
        "aliases": ["chk"],
        "public_name": {"en": "Orders", "it": "Ordini", "de": "Bestellungen", "ja": "ご注文"},
        "public_effects": {"down": {"en": "Nothing can be ordered.", "ja": "ご注文いただけません。"}},
        "workarounds": [{"text": {"en": "Please come by."}, "covers": "50%"}],
        "needs": ["zeph-core"],
    } | changes
    return {
        "impactsim": 1,
        "name": "Lantern",
        "crews": {"nightowls": 1},
        "components": {
            "zeph-core": {
                "kind": "provider",
                "operator": "Quillon GmbH",
                "at": "kestrel",
                "source": "https://q.example",
            },
            "kestrel": {"kind": "site", "name": "東京第二"},
            "zeph": {"kind": "connectivity"},
            "basket": service,
        },
        "users": {"regulars": {"count": 5000, "uses": ["basket"]}},
    }


def notices_of(system: dict[str, Any], state: Any = "identified", level: Redaction = Redaction.CUSTOMERS) -> Notices:
    asked = Asked(state, redaction=level)
    return notice(_scenario(system, "zeph-core"), asked, ALL_LANGUAGES, trials=20, workers=1)


@pytest.mark.parametrize("level", [Redaction.CUSTOMERS, Redaction.EXPOSED], ids=["L2", "L3"])
@pytest.mark.parametrize("state", ["investigating", "identified", "monitoring", "resolved"])
def test_a_system_whose_texts_hold_no_name_is_written_in_all_forms(state: str, level: Redaction) -> None:
    outputs = list(written(notices_of(shop(), state, level)))
    # A page and the JSON hold all languages; of the others there is one a language.
    assert len(outputs) == 2 + 4 * len(ALL_LANGUAGES)


LEAKS: dict[str, dict[str, Any]] = {
    "an id in a workaround": {"workarounds": [{"text": {"en": "Call zeph-core."}, "covers": "50%"}]},
    "an id that another one begins with": {"workarounds": [{"text": {"it": "Chiamare Zeph!"}, "covers": "50%"}]},
    "full width in an effect": {"public_effects": {"down": {"ja": "ＺＥＰＨ　ＣＯＲＥの障害です。"}}},
    "Japanese without spaces in an effect": {"public_effects": {"down": {"ja": "現在、東京第二で停電しています。"}}},
    "an operator without its legal form": {"public_effects": {"down": {"de": "Quillon ist gestört."}}},
    "a site in a public name": {"public_name": {"en": "Orders from Kestrel"}},
    "an alias in another case": {"workarounds": [{"text": {"fr": "Essayez CHK."}, "covers": "50%"}]},
    "its own id, outside of its public name": {"workarounds": [{"text": {"en": "Empty the basket."}, "covers": "50%"}]},
    "a host of a source": {"public_effects": {"down": {"en": "See q.example."}}},
    "a segment": {"public_effects": {"down": {"vi": "Regulars: không đặt hàng được."}}},
    "a crew": {"workarounds": [{"text": {"en": "Ask the night\u00adowls."}, "covers": "50%"}]},
    "the system": {"public_effects": {"down": {"en": "lantern is dark."}}},
}


@pytest.mark.parametrize("where", LEAKS)
def test_a_name_in_an_authors_text_refuses_every_form_that_would_hold_it(where: str) -> None:
    notices = notices_of(shop(**LEAKS[where]))
    for form in ("text", "markdown", "html", "json", "statuspage"):
        with pytest.raises(LeakFound):
            notices.texts(form)


def test_a_name_in_the_contact_refuses_all_but_the_text_message_that_does_not_hold_it() -> None:
    system = shop() | {"notices": {"contact": "Write to the nightowls."}}
    notices = notices_of(system)
    with pytest.raises(LeakFound):
        notices.texts("text")
    assert len(notices.texts(None)) == len(ALL_LANGUAGES)


def test_a_leak_leaves_no_file_behind(tmp_path: Any) -> None:
    with pytest.raises(LeakFound):
        notices_of(shop(**LEAKS["an id in a workaround"])).write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_public_name_may_hold_its_own_id_and_frees_nothing_else() -> None:
    own = notices_of(shop(public_name={"en": "Your basket"}))
    assert "Your basket" in own.texts()["notice-2026-03-02-0800-identified.en.txt"]
    with pytest.raises(LeakFound):
        notices_of(shop(public_name={"en": "Your zeph"})).texts()


# --- services without a public name


@given(outages(), STATES)
@settings(max_examples=settings().max_examples // 2)
def test_a_service_without_a_public_name_is_named_in_a_problem_and_in_no_output(
    outage: dict[str, Any], state: Any
) -> None:
    components = outage["system"]["components"]
    nameless = [name for name, each in components.items() if "kind" not in each and "public_name" not in each]
    assume(nameless)
    notices = notice(outage, Asked(state), ("en", "ja"), trials=20, workers=1)
    named = [problem.path[1] for problem in notices.draft.problems if problem.code == "no-public-name"]
    assert named == nameless
    told_of = {tuple(each.name.values()) for each in (*notices.incident.affected, *notices.incident.unaffected)}
    assert told_of == {tuple(each["public_name"].values()) for each in components.values() if "public_name" in each}


def test_if_no_affected_service_has_a_public_name_nothing_is_written() -> None:
    with pytest.raises(InvalidInput, match="the service basket is affected and has no public name"):
        notices_of(shop(public_name={}))


# --- responders and partners


def test_responders_and_partners_may_read_what_failed_and_customers_not() -> None:
    said = {level: notices_of(shop(), level=level).texts() for level in Redaction}
    holds = {level: any("zeph-core" in text for text in texts.values()) for level, texts in said.items()}
    assert holds == {
        Redaction.RESPONDERS: True,
        Redaction.PARTNERS: True,
        Redaction.CUSTOMERS: False,
        Redaction.EXPOSED: False,
    }
