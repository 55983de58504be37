"""On generated systems no name slips through: what is not refused holds none, as an independent and slow reading finds.

The oracle shares nothing with the search: it normalises a whole text at once, takes the scripts from the names of the characters,
and looks at every position for every name. To hold a renderer to the same, add it to `RENDERERS`.
"""

# ruff: noqa: RUF001 - letters that look like others are what these tests are about

from __future__ import annotations

import html
import json
import unicodedata
import urllib.parse
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impactsim.model.system import System
from impactsim.notices.incident import Redaction
from impactsim.notices.scan import LeakFound, demand_clean, leaks
from impactsim.notices.secrets import Secret, SecretNames, names_of

# --- the oracle

JOINERS = "-_./\\ \n\t'’\"“”*+`~・「」‑–　"
"""What may stand between the parts of one name, as far as the texts below have it."""
SPACELESS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI")


def plain(text: str) -> str:
    """Return a text in compatibility form without accents and invisible characters; with its capitals, for they part words."""
    text = unicodedata.normalize("NFD", "".join(c for c in text if unicodedata.category(c) != "Cf"))
    text = "".join(c for c in text if not "\u0300" <= c <= "\u036f")
    return unicodedata.normalize("NFKC", text).replace("đ", "d").replace("Đ", "D")


@cache
def is_sign(char: str) -> bool:
    """Tell whether a character is read aloud, alone or with the one before it."""
    return char.isalnum() or unicodedata.category(char)[0] == "M"


@cache
def sort_of(char: str) -> str:
    if unicodedata.name(char, "").startswith(SPACELESS) and not char.isdecimal():
        return "alone"
    return "digit" if char.isdigit() else "mark" if unicodedata.category(char)[0] == "M" else "letter"


def is_cut(text: str, place: int) -> bool:
    """Tell whether a word may end before `text[place]`, and another begin there."""
    if place in {0, len(text)} or not is_sign(text[place - 1]) or not is_sign(text[place]):
        return True
    if unicodedata.category(text[place])[0] == "M":
        return False
    before, after = sort_of(text[place - 1]), sort_of(text[place])
    if "alone" in {before, after} or before != after:
        return True
    starts_word = place + 1 < len(text) and sort_of(text[place + 1]) == "letter" and text[place + 1].islower()
    return text[place].isupper() and (text[place - 1].islower() or (text[place - 1].isupper() and starts_word))


def signs_of(name: str) -> list[tuple[str, str, bool]]:
    """Return the signs of a name, each with what stands before it and whether it may be parted from what stands before."""
    found, last = [], -1
    for place, char in enumerate(name):
        if is_sign(char):
            found.append((char.casefold(), name[last + 1 : place], is_cut(name, place) or last + 1 < place))
            last = place
    return found


def end_of(text: str, place: int, signs: list[tuple[str, str, bool]]) -> int | None:
    """Return where a name ends that begins at a place of a text; None if it does not stand there."""
    for number, (sign, gap, is_parted) in enumerate(signs):
        begin = place
        while number and place < len(text) and not is_sign(text[place]):
            place += 1
        between = text[begin:place]
        if place == len(text) or text[place].casefold() != sign or (between and not is_parted):
            return None
        if between.strip(JOINERS) and not gap.strip(JOINERS):
            return None
        place += 1
    return place


def spans(text: str, name: str) -> list[tuple[int, int]]:
    """Return where a name stands in a text, by trying every position; `text` and `name` are plain."""
    signs = signs_of(name)
    if not signs:
        return []
    starts = [place for place, char in enumerate(text) if is_sign(char) and is_cut(text, place)]
    ends = ((start, end_of(text, start, signs)) for start in starts)
    return [(start, end) for start, end in ends if end is not None and is_cut(text, end)]


def told(text: str, names: SecretNames) -> set[tuple[str, bool]]:
    """Return the places of the model whose names a text tells, each with whether a public name holds them."""
    text = plain(text)
    public = [span for name in names.public for span in spans(text, plain(name.text))]
    words = {"".join(sign for sign, _, _ in signs_of(plain(word))) for word in names.public_words}
    found = set()
    for secret in names.secrets:
        if "".join(sign for sign, _, _ in signs_of(plain(secret.text))) in words:
            continue
        for start, end in spans(text, plain(secret.text)):
            is_inside = any(begin <= start and end <= stop for begin, stop in public)
            if not (is_inside and (secret.is_public or secret.kind == "system")):
                found.add((secret.place, is_inside))
    return found


# --- generated systems and texts

WORDS = [
    *(
        "service",
        "Service",
        "the",
        "notice",
        "Online",
        "online checkout",
        "checkout",
        "hours",
        "status",
        "a",
        "1",
        "14",
        "2026-05-04",
    ),
    *(
        "isp",
        "isp-a",
        "isp-a2",
        "ISP",
        "IspA",
        "ispa",
        "isp_b",
        "Isp A",
        "HTTPGateway",
        "gateway",
        "ＩＳＰ－ａ",
        "ｇａｔｅ",
        "DC1",
        "dc",
    ),
    *(
        "決済",
        "決済サービス",
        "サービス",
        "ｻｰﾋﾞｽ",
        "か",
        "が",
        "支払い1",
        "東京DC1",
        "서울",
        "서",
        "นคร",
        "กิ",
        "ก",
        "アクメ・クラウド",
    ),
    *(
        "Hà Nội",
        "ha noi",
        "HaNoi",
        "dịch vụ",
        "vu",
        "Đà Nẵng",
        "Zürich",
        "Acme, branch 2",
        "branch 2",
        "O’Reilly",
        "Acme GmbH",
        "GmbH",
    ),
]
IDS = [word for word in WORDS if all(char.isalnum() or char in "-_." for char in unicodedata.normalize("NFC", word))]
GLUE = [
    "",
    "",
    " ",
    " ",
    ", ",
    "-",
    "_",
    ".",
    "。",
    "、",
    "\n",
    "/",
    ": ",
    "s",
    "X",
    "x",
    "7",
    "は",
    "（",
    "の",
    "'s ",
    "  ",
    "\u200b",
    "\u00ad",
    "\u0301",
]
CHANGES: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.title,
    lambda text: text.replace("-", " "),
    lambda text: text.replace("-", ", ").replace(" ", "; "),
    lambda text: text[:2] + " " + text[2:],
    lambda text: text.replace(" ", "_").replace("-", ""),
    lambda text: unicodedata.normalize("NFD", text),
    "\u00ad".join,
    lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
]
SCRAPS = st.text("aAbB12-_ .,'決サがかカー각กิàệＡ１Đ", max_size=6)
NAMES = st.sampled_from(WORDS) | SCRAPS


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return a text around names in some of their spellings, or around what is nearly a name."""
    parts = draw(st.lists(st.tuples(NAMES, st.sampled_from(CHANGES), st.sampled_from(GLUE)), max_size=5))
    return "".join(change(name) + glue for name, change, glue in parts)


def spoken() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(["", "en", "ja", "vi"]), texts(), max_size=2)


COMPONENTS = st.fixed_dictionaries(
    {},
    optional={
        "name": NAMES,
        "public_name": spoken(),
        "aliases": st.lists(NAMES, max_size=2),
        "operator": NAMES,
        "source": NAMES,
        "public_effects": st.fixed_dictionaries({"down": spoken()}),
        "workarounds": st.lists(st.fixed_dictionaries({"text": spoken(), "covers": st.just(0.5)}), max_size=1),
    },
)


@st.composite
def systems(draw: st.DrawFn) -> System:
    components: dict[str, Any] = draw(st.dictionaries(st.sampled_from(IDS), COMPONENTS, min_size=1, max_size=4))
    for component in components.values():
        if draw(st.booleans()):
            component["at"] = draw(st.sampled_from(sorted(components)))
    words: dict[str, Any] = {"impactsim": 1, "name": draw(NAMES), "components": components}
    words["crews"] = draw(st.dictionaries(st.sampled_from(IDS), st.just(1), max_size=1))
    words["users"] = {name: {"count": 1, "uses": []} for name in draw(st.lists(st.sampled_from(IDS), max_size=1))}
    words["notices"] = {"public_words": draw(st.lists(NAMES, max_size=2)), "contact": draw(spoken())}
    return System.model_validate(words)


@given(systems(), texts())
@settings(max_examples=max(150, settings().max_examples))
def test_the_search_finds_what_a_look_at_every_position_finds(system: System, text: str) -> None:
    names = names_of(system)
    text = " ".join([text, *list(_spoken_texts(system))[:2]])
    found = {(secret.place, leak.inside is not None) for leak in leaks(text, names) for secret in leak.secrets}
    assert found == told(text, names)


@given(NAMES, texts())
@settings(max_examples=max(300, settings().max_examples))
def test_a_single_name_is_found_where_a_look_at_every_position_finds_it(name: str, text: str) -> None:
    names = SecretNames((Secret(name, "component", "here"),))
    assert bool(leaks(text, names)) == bool(told(text, names))


# --- what is written


def _spoken_texts(system: System) -> Iterator[str]:
    """Yield every text that its author wrote for customers."""
    yield from system.notices.contact.values()
    for component in system.components.values():
        yield from component.public_name.values()
        yield from component.public_effects.down.values() if component.public_effects else ()
        for workaround in component.workarounds:
            yield from workaround.text.values()


class _Seen(HTMLParser):
    """What a browser keeps of a page: its texts, comments and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.texts += [value or "" for _, value in attrs]


def _read_html(page: str) -> list[str]:
    seen = _Seen()
    seen.feed(page)
    seen.close()
    return [urllib.parse.unquote(text) for text in seen.texts]


def _read_json(document: str) -> list[str]:
    found: list[str] = []
    found.extend(text for pairs in json.loads(document, object_pairs_hook=list) for pair in pairs for text in pair)
    return found


def _page(texts: list[str]) -> str:
    escaped = [html.escape(text) for text in texts]
    links = "".join(f'<a href="/?q={urllib.parse.quote(text)}">&#120;</a>' for text in texts)
    return "".join(f'<p id="{text}"><b>{text}</b></p><img alt="{text}">' for text in escaped) + links


RENDERERS: dict[str, tuple[Callable[[list[str]], str], Callable[[str], list[str]]]] = {
    "text": ("\n\n".join, lambda text: [text]),
    "markdown": (lambda texts: "\n\n".join(f"**{text}**" for text in texts), lambda text: [text]),
    "html": (_page, _read_html),
    "json": (lambda texts: json.dumps([{text: text} for text in texts]), _read_json),
}
"""How the texts of authors are written, and how what is written is read again, by means that know nothing of the search."""


@pytest.mark.parametrize("form", RENDERERS)
@given(system=systems())
def test_what_is_not_refused_holds_no_name(form: str, system: System) -> None:
    write, read_again = RENDERERS[form]
    names = names_of(system)
    output = write(list(_spoken_texts(system)))
    if not _is_refused({"": output}, names):
        assert [told(text, names) for text in read_again(output) if told(text, names)] == []


@given(systems(), texts())
def test_a_name_in_the_name_of_a_file_is_refused_as_one_in_a_file_is(system: System, text: str) -> None:
    names = names_of(system)
    assert _is_refused({text: ""}, names) == _is_refused({"": text}, names) == bool(told(text, names))


def _is_refused(outputs: dict[str, str], names: SecretNames) -> bool:
    try:
        demand_clean(outputs, names, Redaction.EXPOSED)
    except LeakFound:
        return True
    return False
