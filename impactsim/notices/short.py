"""The short form: one text message.

A telephone message holds 160 characters of the GSM 03.38 alphabet, or 70 units of UTF-16 in any other script; two together
hold 134 such units (3GPP TS 23.038 and 23.040: six bytes of each go to their numbering). English, Italian, German and French
stay within the alphabet and one message, Japanese and Vietnamese within two.

What must stand: the services, their state, since when, and the estimate or the time of the next update. What there is room
for beyond is added in this order: the other of these two, that it takes longer than announced, whether there is a workaround,
how many people. If the names do not fit they give way, all of them; no word and no figure is ever cut.
"""

from __future__ import annotations

import unicodedata

from impactsim.notices.incident import PublicIncident
from impactsim.notices.locales import plain
from impactsim.notices.telling import Telling, form_of_estimate, has_ways, is_over, people_figures, progress

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes two places
_GSM_LIMIT, _GSM_OF_SEVERAL = 160, 153
_UNITS_LIMIT, _UNITS_OF_SEVERAL = 70, 67


def short(incident: PublicIncident, language: str) -> str:
    """Write an incident as a text message.

    Parameters
    ----------
    incident
        All that may be said.
    language
        en, it, de, fr, ja, vi or ja-easy.

    Returns
    -------
    str
        One message if the script allows, never more than two (`parts`).

    Raises
    ------
    KeyError
        If there is no such language.
    """
    for keys in _candidates(incident):
        text = _written(incident, language, keys)
        if fits(text):
            return _extended(incident, language, keys, text)
    raise AssertionError("the sentences without names fit")  # a test holds them to it


def parts(text: str) -> int:
    """Return how many messages a text takes."""
    if is_gsm(text):
        places = sum(2 if letter in _EXTENDED else 1 for letter in text)
        return 1 if places <= _GSM_LIMIT else -(-places // _GSM_OF_SEVERAL)
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= _UNITS_LIMIT else -(-units // _UNITS_OF_SEVERAL)


def is_gsm(text: str) -> bool:
    """Does a text keep to the GSM 03.38 alphabet?"""
    return all(letter in _BASIC or letter in _EXTENDED for letter in text)


def fits(text: str) -> bool:
    """Is a text short enough: one message of the alphabet, or two of another script?"""
    return parts(text) <= (1 if is_gsm(text) else 2)


def _heads(incident: PublicIncident) -> list[str]:
    """Return the sentences that a message may begin with, the better ones first."""
    key = _head(incident)
    if not incident.affected:
        return [f"short.what.{key}"]
    return [f"short.what.{key}", f"short.unnamed.{key}", *([] if is_over(incident) else ["short.least.open"])]


def _head(incident: PublicIncident) -> str:
    if not incident.affected:
        return "operational_over" if incident.state == "resolved" else "operational"
    if not is_over(incident):
        return incident.status
    return incident.state if incident.ended_at is not None else "undated"


def _candidates(incident: PublicIncident) -> list[tuple[str, ...]]:
    """Return the least that may be said, the better choices first; names give way before what people wait for."""
    # Of a resolved incident, and of one that nobody notices, the head tells the state
    is_told = incident.state == "resolved" or not incident.affected
    state = () if is_told else (f"short.state.{progress(incident)}",)
    awaited = [_estimate(incident)] if incident.estimate is not None else []
    ways: list[tuple[str, ...]] = [(key,) for key in (*awaited, _next(incident)) if key]
    heads = _heads(incident)
    whole = [(head, *state, *way) for head in heads for way in ways or [()]]
    return [*whole, *((head, *state) for head in heads)] if is_over(incident) else whole


def _extended(incident: PublicIncident, language: str, keys: tuple[str, ...], text: str) -> str:
    """Add what there is room for; each addition is tried on the whole text, for the first time of a text has a zone."""
    for key in _extras(incident):
        if key and key not in keys:
            more = tuple(sorted((*keys, key), key=_place))
            longer = _written(incident, language, more)
            if fits(longer):
                keys, text = more, longer
    return text


def _extras(incident: PublicIncident) -> list[str | None]:
    over = is_over(incident)
    extras = [_estimate(incident), _next(incident)]
    if not incident.affected and not over:
        extras.append(f"short.state.{progress(incident)}")
    if incident.is_late and not over:
        extras.append("short.estimate.late")
    if incident.affected and not over and (ways := has_ways(incident)) is not None:
        extras.append(f"short.more.{'workaround' if ways else 'no_workaround'}")
    if people_figures(incident) in {"figure", "figure_share"}:
        extras.append(f"short.more.people{'_over' if over else ''}")
    return extras


_ORDER = (
    "what", "unnamed", "least", "state", "people", "people_over", "workaround", "no_workaround", "late", "estimate",
    "next_update",
)  # fmt: skip


def _place(key: str) -> int:
    """Return where in the message a sentence stands."""
    _, group, last = key.split(".")[:3]
    return _ORDER.index(last if last in _ORDER else group)


def _estimate(incident: PublicIncident) -> str | None:
    if is_over(incident) or not incident.has_estimates or not incident.affected:
        return None
    if incident.estimate is None:
        return "short.estimate.none"
    return f"short.estimate.{form_of_estimate(incident)}"


def _next(incident: PublicIncident) -> str | None:
    return None if incident.next_update_by is None else "short.more.next_update"


def _written(incident: PublicIncident, language: str, keys: tuple[str, ...]) -> str:
    told = Telling(incident, language, "short")
    n = len(told.headline) or None
    sentences = [told.say(key, n if key.startswith(("short.what", "short.unnamed")) else None) for key in keys]
    text = plain(("" if told.book.tag == "ja" else " ").join(sentences))
    return _in_alphabet(" ".join(text.split()), told.book.tag)


def _in_alphabet(text: str, tag: str) -> str:
    """Leave away accents that the alphabet lacks; a name in another script stays, and makes the message one of UTF-16."""
    if tag in {"ja", "vi"}:
        return text
    return "".join(letter if is_gsm(letter) else _nearest(letter) for letter in text)


def _nearest(letter: str) -> str:
    bare = "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))
    return bare if is_gsm(bare) else letter
