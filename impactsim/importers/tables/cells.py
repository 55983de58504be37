"""What strangers write into cells, as words of a system file: each reader takes text, and raises `Fault` where it means nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from impactsim.importers.graphs.flat_cells import quantity
from impactsim.importers.tables.words import FORMS_BY_WORD, KINDS_BY_WORD, NO, UNITS, YES, fold
from impactsim.model.provenance import SURENESS, Confidence
from impactsim.problems import Fault
from impactsim.quantities import duration_ms, identifier, shown
from impactsim.quantities import share as read_share

_FIGURE = re.compile(r"[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_TERMS = re.compile(r"(?:[0-9]{1,15}(?:[.,][0-9]{1,9})?\s*[^\W\d_]{1,14}\.?\s*){1,6}")
_TERM = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([^\W\d_]+)")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:([ '\u2019.,\u00a0\u202f])[0-9]{3})(?:\1[0-9]{3}){0,4}")
_SEVERAL = re.compile(r"[,;|\n\r]+")
_OF_N = re.compile(r"(?:\D{0,20}\s)?([0-9]{1,6})(?:\s*(?:of|von|aus|de|di|su|sur|/)\s*[0-9]{1,6})?")
_PURPOSES = {fold(word): word for word in ("run", "stay_up", "start", "repair")}


@cache
def duration(unit: str) -> Callable[[str], object]:
    """Return a reader of durations; a figure without a unit has this one.

    Examples
    --------
    >>> duration("")("30 Min."), duration("h")("1,5"), duration("")("1 Std. 30 min"), duration("")("PT4H")
    ('30m', '1.5h', '1h30m', 'PT4H')
    """

    # The same few durations stand in tens of thousands of rows.
    @lru_cache(maxsize=4096)
    def read_plain(text: str) -> str:
        if unit and _FIGURE.fullmatch(text):
            text += unit
        if _TERMS.fullmatch(text):
            terms = [
                (figure.replace(",", "."), "" if word == "M" else UNITS.get(fold(word), ""))
                for figure, word in _TERM.findall(text)
            ]
            if all(known for _, known in terms):
                text = "".join(figure + known for figure, known in terms)
        duration_ms(text)
        return text

    return lambda text: quantity(text) if text.startswith("{") else read_plain(text)


def share(text: str) -> float | str:
    """Read a share.

    Examples
    --------
    >>> share("30 %"), share("0,25")
    ('30%', 0.25)
    """
    plain = text.replace(",", ".").replace(" ", "")
    exact = read_share(plain)
    return plain if plain.endswith("%") else exact


def rate(text: str) -> float:
    """Read a number of 0 or more, with a point or a comma."""
    _refuse_below_0(text)
    if not _FIGURE.fullmatch(text):
        raise Fault("count-form", f"{shown(text)} is not a number", "write a plain number such as 0.5")
    return float(text.replace(",", "."))


def _refuse_below_0(text: str) -> None:
    if text[:1] in {"-", "\u2212"} and _FIGURE.match(text, 1):
        raise Fault("count-form", f"{shown(text)} is below 0", "write a number of 0 or more")


def people(text: str) -> int:
    """Read a number of people, also with signs between thousands.

    Examples
    --------
    >>> people("12'500"), people("1.200"), people("300")
    (12500, 1200, 300)
    """
    _refuse_below_0(text)
    plain = re.sub(r"\D", "", text) if _THOUSANDS.fullmatch(text) else text
    if not re.fullmatch(r"[0-9]{1,15}", plain):
        raise Fault("count-form", f"{shown(text)} is not a number of people", "write a plain number such as 120000")
    return int(plain)


def whole(text: str) -> int:
    """Read a whole number."""
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise Fault("count-form", f"{shown(text)} is not a whole number", "write a plain number such as 2")
    return int(text)


def truth(yes: frozenset[str], no: frozenset[str]) -> Callable[[str], bool]:
    """Return a reader of yes and no, which knows more words for them."""

    def read(text: str) -> bool:
        word = fold(text) or text
        if word in yes or (word in YES and word not in no):
            return True
        if word in no or word in NO:
            return False
        raise Fault(
            "yes-or-no", f"{shown(text)} is neither yes nor no", "write yes or no, or say in a mapping what it means"
        )

    return read


def kind(text: str) -> str:
    """Read a kind: one that means something where a word for it is known, else a word of its own.

    Examples
    --------
    >>> kind("Rechenzentrum"), kind("USV"), kind("Coffee Machine")
    ('site', 'power', 'coffee-machine')
    """
    known = KINDS_BY_WORD.get(fold(text))
    if known is not None:
        return known
    try:
        return identifier(re.sub(r"[^\w.\-]+", "-", text.casefold()[:60]).strip("-_."))
    except Fault:
        raise Fault("bad-kind", f"{shown(text)} is no word for a kind", "write a word with letters") from None


def confidence(text: str) -> Confidence:
    """Read how sure something is."""
    for word in SURENESS:
        if fold(text) == word:
            return word
    raise Fault("confidence", f"{shown(text)} does not say how sure it is", "write declared, observed or guessed")


def purpose(text: str) -> str:
    """Read what a need is for."""
    if fold(text) not in _PURPOSES:
        raise Fault("purpose", f"{shown(text)} is not what a need can be for", "write run, stay_up, start or repair")
    return _PURPOSES[fold(text)]


def form(text: str) -> tuple[str, int | None]:
    """Read the form of a group, and how many are needed if it says so.

    Examples
    --------
    >>> form("any_of"), form("at least 2"), form("2 of 3"), form("Mindestens 2")
    (('any_of', None), ('at_least', 2), ('at_least', 2), ('at_least', 2))
    """
    if fold(text) in FORMS_BY_WORD:
        return FORMS_BY_WORD[fold(text)], None
    found = _OF_N.fullmatch(text[:100])
    words = fold(re.sub(r"[0-9].*", "", text[:100]))
    if found and (not words or FORMS_BY_WORD.get(words) == "at_least"):
        return "at_least", int(found[1])
    raise Fault("group-form", f"{shown(text)} is no form of a group", "write any_of, all_of or at_least")


def several(text: str) -> list[str]:
    """Read a list: what stands between commas, semicolons, bars or ends of lines."""
    return [word for each in _SEVERAL.split(text) if (word := " ".join(each.split()))]
