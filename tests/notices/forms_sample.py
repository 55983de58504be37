"""Incidents for the tests of forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from impactsim.notices.compose import Notice, compose
from impactsim.notices.files import Told
from impactsim.notices.incident import (
    People,
    PublicEstimate,
    PublicIncident,
    PublicService,
    PublicWorkaround,
    Redaction,
)
from impactsim.notices.short import short

ROME = ZoneInfo("Europe/Rome")
LANGUAGES = ("en", "it", "de", "fr", "ja", "vi", "ja-easy")

HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) ![y](http://e.example/y.png) \u202egpj.exe\u2066 nul\x00l "
    "<img src=x onerror=y> \"><b> '</time> </style> & &lt; `code` **bold** _it_ ~~s~~ $a$ | ```\n# head\n- item"
)
"""Words that are markup, commands or no characters in one form or another."""


def at(hour: int, minute: int = 0) -> datetime:
    """Return a time of the day of the incident."""
    return datetime(2026, 11, 21, hour, minute, tzinfo=ROME)


def incident(**changes: Any) -> PublicIncident:
    """Return an incident under way, with all that it may have, and what is changed of it."""
    names = {
        "en": "Sign-in",
        "it": "Accesso",
        "de": "Anmeldung",
        "fr": "Connexion",
        "ja": "ログイン",
        "vi": "Đăng nhập",
    }
    base = PublicIncident(
        reference="2026-11-21-1405",
        state="identified",
        redaction=Redaction.CUSTOMERS,
        severity=1,
        started_at=at(14, 5),
        published_at=at(14, 15),
        affected=(
            PublicService(names, "major_outage", {"en": "You cannot sign in.", "it": "Non è possibile accedere."}),
            PublicService({"": "Orders"}, "partial_outage"),
            PublicService({"": "Search"}, "degraded_performance"),
        ),
        unaffected=(PublicService({"": "Shop"}, "operational"),),
        people=People(12000, 15000),
        share=(0.3, 0.4),
        estimate=PublicEstimate(7_200_000, 14_400_000, at(16, 15), at(18, 15)),
        has_estimates=True,
        is_late=False,
        workarounds=(PublicWorkaround({"": "Orders"}, {"en": "Order by telephone.", "de": "Per Telefon."}, at(17)),),
        cause="supplier",
        next_update_by=at(15),
        contact={"": "help@example.org"},
        zones={"": "Europe/Rome", "ja": "Asia/Tokyo", "vi": "Asia/Ho_Chi_Minh"},
    )
    return replace(base, **changes)


def resolved(**changes: Any) -> PublicIncident:
    """Return the incident when it was over."""
    over = {"state": "resolved", "published_at": at(17, 50), "ended_at": at(17, 20), "lasted_ms": 11_700_000}
    return incident(**over, estimate=None, next_update_by=None, may_recur=True, data="none_lost", **changes)


def hostile() -> PublicIncident:
    """Return the incident with hostile words wherever an author can write some."""
    words = {"": HOSTILE, "de": HOSTILE}
    return incident(
        affected=(PublicService(words, "major_outage", words), PublicService({"": "Orders"}, "partial_outage", words)),
        unaffected=(PublicService(words, "operational"),),
        workarounds=(PublicWorkaround(words, words, at(17)),),
        contact=words,
    )


def notices(what: PublicIncident, *languages: str) -> tuple[Notice, ...]:
    """Return the notices of an incident."""
    return tuple(compose(what, language) for language in languages or LANGUAGES)


def told(what: PublicIncident, *languages: str) -> Told:
    """Return an incident in words."""
    codes = languages or LANGUAGES
    return Told(what, notices(what, *codes), {code: short(what, code) for code in codes})
