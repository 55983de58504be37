"""Public incidents to be told: fixed ones, and any that Hypothesis thinks of. Names and effects hold no digits, so that every figure
in a notice is one of ours.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from impactsim.notices.incident import (
    CAUSE_CLASSES,
    DATA_STATEMENTS,
    STATES,
    STATUSES,
    People,
    PublicEstimate,
    PublicIncident,
    PublicService,
    PublicWorkaround,
    Redaction,
)

ZONES = {
    "it": "Europe/Rome",
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
    "ja": "Asia/Tokyo",
    "vi": "Asia/Ho_Chi_Minh",
    "": "Europe/London",
}
SIGN_IN = {"en": "Sign-in", "it": "Accesso", "de": "Anmeldung", "fr": "Connexion", "ja": "ログイン", "vi": "Đăng nhập"}
ORDERS = {"en": "Orders", "it": "Ordini", "de": "Bestellung", "fr": "Commandes", "ja": "ご注文", "vi": "Đặt hàng"}
DOCUMENTS = {"en": "Documents", "it": "Documenti", "de": "Dokumente", "fr": "Documents", "ja": "書類", "vi": "Tài liệu"}
PAYMENTS = {"": "Payments"}
NAMES = (SIGN_IN, ORDERS, DOCUMENTS, PAYMENTS)
MINUTE_MS = 60_000

START = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
PUBLISHED = START + timedelta(minutes=10)


def estimate(published_at: datetime, low: int, high: int) -> PublicEstimate:
    """Return an estimate between two numbers of minutes."""
    at = [published_at + timedelta(minutes=minutes) for minutes in (low, high)]
    return PublicEstimate(low * MINUTE_MS, high * MINUTE_MS, at[0], at[1])


def incident(**changes: Any) -> PublicIncident:
    """Return an incident like notice B of our examples, with some fields changed."""
    outage = PublicIncident(
        reference="2026-11-21-1405",
        state="identified",
        redaction=Redaction.CUSTOMERS,
        severity=1,
        started_at=START,
        published_at=PUBLISHED,
        affected=(PublicService(SIGN_IN, "major_outage"),),
        unaffected=(PublicService(DOCUMENTS, "operational"),),
        people=People(12_000, 15_000),
        share=(0.31, 0.38),
        estimate=estimate(PUBLISHED, 120, 240),
        has_estimates=True,
        is_late=False,
        workarounds=(),
        cause="supplier",
        next_update_by=START + timedelta(minutes=55),
        zones=ZONES,
    )
    return replace(outage, **changes)


def over(**changes: Any) -> PublicIncident:
    """Return an incident that is resolved."""
    lasted = timedelta(hours=3, minutes=15)
    known: dict[str, Any] = {
        "state": "resolved",
        "published_at": START + timedelta(hours=4),
        "estimate": None,
        "next_update_by": None,
        "ended_at": START + lasted,
        "lasted_ms": 195 * MINUTE_MS,
    }
    return incident(**(known | changes))


def services(*statuses: str) -> tuple[PublicService, ...]:
    """Return services of some statuses."""
    return tuple(PublicService(NAMES[i % 4], status) for i, status in enumerate(statuses))  # type: ignore[arg-type]


FIXED = {
    "degraded": incident(
        state="investigating",
        affected=services("degraded_performance"),
        people=People(1200, 1200),
        share=(0.08, 0.08),
        estimate=estimate(PUBLISHED, 30, 60),
        cause="under_examination",
        workarounds=(PublicWorkaround(SIGN_IN, {"en": "Open the app."}, START + timedelta(hours=15)),),
        is_late=True,
    ),
    "outage": incident(),
    "several": incident(affected=services("major_outage", "partial_outage", "degraded_performance", "degraded_performance")),
    "partial, no estimate": incident(affected=services("partial_outage"), estimate=None, people=People(0, 100, 100), share=(0, 0.01)),
    "exposed": incident(redaction=Redaction.EXPOSED, cause=None, has_estimates=False, estimate=None),
    "planned": incident(cause="planned_work", state="investigating"),
    "none affected": incident(affected=(), people=None, share=None, estimate=None),
    "repaired, not back": incident(state="monitoring"),
    "back": over(state="monitoring", next_update_by=START + timedelta(hours=6)),
    "resolved": over(data="none_lost", may_recur=True, provider_will_change=True, people=People(13_000, 13_000), share=None),
    "resolved, data lost": over(data="some_lost", cause="power", affected=services("degraded_performance")),
    "resolved, no end": over(ended_at=None, lasted_ms=None, people=None),
    "resolved, none affected": over(affected=(), people=None, share=None),
}  # fmt: skip


@st.composite
def incidents(draw: st.DrawFn) -> PublicIncident:
    """Draw incidents, many of them near midnight, summer time and the turn of the year."""
    base = draw(
        st.sampled_from(
            [
                datetime(2026, 10, 24, 21, tzinfo=UTC),
                datetime(2026, 3, 28, 21, tzinfo=UTC),
                datetime(2026, 12, 31, 12, tzinfo=UTC),
                datetime(2027, 1, 7, 20, tzinfo=UTC),
            ]
        )
    )
    start = base + timedelta(minutes=5 * draw(st.integers(0, 288)))
    published = start + timedelta(minutes=draw(st.integers(0, 2000)))
    state = draw(st.sampled_from(STATES))
    low = 15 * draw(st.integers(0, 40))
    lasted = draw(st.none() | st.integers(1, 800)) if state in {"monitoring", "resolved"} else None
    next_update = published + timedelta(minutes=5 * draw(st.integers(1, 100)))
    people = draw(
        st.none()
        | st.builds(lambda n: People(0, n, n), st.sampled_from([50, 100]))
        | st.builds(lambda a, b: People(min(a, b) * 1000, max(a, b) * 1000), st.integers(0, 99), st.integers(1, 1000))
    )
    percents = sorted(draw(st.tuples(st.integers(0, 100), st.integers(1, 100))))
    return incident(
        state=state,
        redaction=draw(st.sampled_from([Redaction.CUSTOMERS, Redaction.EXPOSED])),
        started_at=start,
        published_at=published,
        affected=services(*sorted(draw(st.lists(st.sampled_from(STATUSES[1:]), max_size=7)), key=STATUSES.index, reverse=True)),
        unaffected=services(*draw(st.lists(st.just("operational"), max_size=8))),
        people=people,
        share=draw(st.sampled_from([None, (percents[0] / 100, percents[1] / 100)])),
        estimate=draw(st.sampled_from([None, estimate(published, low, low + 15 * draw(st.integers(0, 300)) or 15)])),
        has_estimates=draw(st.booleans()),
        is_late=draw(st.booleans()),
        workarounds=draw(
            st.lists(
                st.builds(
                    lambda hours: PublicWorkaround(
                        SIGN_IN, {"en": "Open the app."}, hours and published + timedelta(hours=hours)
                    ),
                    st.none() | st.integers(1, 40),
                ),
                max_size=2,
            ).map(tuple)
        ),
        cause=draw(st.sampled_from(CAUSE_CLASSES)),
        next_update_by=None if state == "resolved" else next_update,
        ended_at=None if lasted is None else start + timedelta(minutes=5 * lasted),
        lasted_ms=None if lasted is None else 5 * lasted * MINUTE_MS,
        data=draw(st.sampled_from([None, *DATA_STATEMENTS])),
        may_recur=draw(st.booleans()),
        provider_will_change=draw(st.booleans()),
    )  # fmt: skip
