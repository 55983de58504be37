"""A notice as JSON: the public incident and its sentences, versioned; keys are only ever added.

Every field is named here once more, so that what enters `PublicIncident` some day enters no file by itself. ``previous.py`` reads it
back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from impactsim.notices.compose import Notice, Paragraph
from impactsim.notices.forms.harmless import harmless
from impactsim.notices.forms.words import item_text, language_key
from impactsim.notices.incident import PublicEstimate, PublicIncident, PublicService, PublicWorkaround, Redaction, Words
from impactsim.notices.moments import offset_of, zone_for
from impactsim.notices.telling import is_over

VERSION = 1
"""Version of the form."""
_UNKNOWN_LANGUAGE = "und"
"""The tag of BCP 47 for a text that stands for every language."""


def to_json(
    incident: PublicIncident,
    notices: Sequence[Notice],
    shorts: Mapping[str, str] | None = None,
    annex: Sequence[str] = (),
) -> str:
    """Write a notice as JSON, with a line end.

    Parameters
    ----------
    incident
        What may be said.
    notices
        The same in sentences, each in its language.
    shorts
        Short forms by language, as in `language_key`.
    annex
        What responders and partners may read besides.
    """
    value = to_object(incident, notices, shorts or {}, annex)
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_object(
    incident: PublicIncident, notices: Sequence[Notice], shorts: Mapping[str, str], annex: Sequence[str] = ()
) -> dict[str, Any]:
    """Return a notice as plain data.

    Returns
    -------
    dict
        Times in ISO 8601 with the offset of the zone that stands for all languages; durations in ISO 8601, and in
        milliseconds where the key ends with ``_ms``; shares in [0, 1]; words of authors by language tag, ``und`` for all
        languages. The statuses of what is over are the worst that it had.
    """
    return {
        "impactsim": 1,
        "notice": VERSION,
        **_head(incident),
        **_times(incident, zone_for(incident.zones, "", incident.published_at.tzinfo)),
        **_facts(incident),
        "notices": [_notice(notice, shorts.get(language_key(notice), "")) for notice in notices],
        **({"annex": [harmless(text) for text in annex]} if annex else {}),
    }


def iso_duration(ms: int) -> str:
    """Write a duration in the form of ISO 8601.

    Examples
    --------
    >>> iso_duration(11_700_000), iso_duration(90_000_000), iso_duration(0), iso_duration(1_500)
    ('PT3H15M', 'P1DT1H', 'PT0S', 'PT1.5S')
    """
    days, rest = divmod(ms, 86_400_000)
    hours, rest = divmod(rest, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds = f"{rest // 1000}.{rest % 1000:03}".rstrip("0").rstrip(".") if rest else ""
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    day = f"{days}D" if days else ""
    return f"P{day}" + (f"T{time}" if time else "") if day or time else "PT0S"


def _head(incident: PublicIncident) -> dict[str, Any]:
    return {
        "reference": incident.reference,
        "state": incident.state,
        "redaction": f"L{incident.redaction.value}",
        "severity": incident.severity,
        "status": incident.status,
        "impact": incident.impact,
        "is_over": is_over(incident),
    }


def _times(incident: PublicIncident, zone: tzinfo) -> dict[str, Any]:
    lasted = None if incident.lasted_ms is None else iso_duration(incident.lasted_ms)
    return {
        "zone": incident.zones.get("") or offset_of(incident.published_at.astimezone(zone)),
        "started_at": _time(incident.started_at, zone),
        "published_at": _time(incident.published_at, zone),
        "next_update_by": _time(incident.next_update_by, zone),
        "ended_at": _time(incident.ended_at, zone),
        "lasted": lasted,
        "lasted_ms": incident.lasted_ms,
        "estimate": _estimate(incident.estimate, zone) if incident.estimate and incident.has_estimates else None,
        "has_estimates": incident.has_estimates,
        "is_late": incident.is_late,
        "workarounds": [_workaround(each, zone) for each in incident.workarounds],
    }


def _facts(incident: PublicIncident) -> dict[str, Any]:
    people, share = incident.people, incident.share
    is_said = incident.redaction < Redaction.EXPOSED
    return {
        "affected": [_service(each) for each in incident.affected],
        "unaffected": [_service(each) for each in incident.unaffected],
        "people": people and {"low": people.low, "high": people.high, "fewer_than": people.fewer_than},
        "share": share and {"low": share[0], "high": share[1]},
        "cause": incident.cause if is_said else None,
        "data": incident.data,
        "may_recur": incident.may_recur and is_said,
        "provider_will_change": incident.provider_will_change and is_said,
        "contact": _words(incident.contact),
    }


def _time(at: datetime | None, zone: tzinfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()


def _estimate(estimate: PublicEstimate, zone: tzinfo) -> dict[str, Any]:
    return {
        "low": iso_duration(estimate.low_ms),
        "low_ms": estimate.low_ms,
        "low_at": _time(estimate.low_at, zone),
        "high": iso_duration(estimate.high_ms),
        "high_ms": estimate.high_ms,
        "high_at": _time(estimate.high_at, zone),
    }


def _service(service: PublicService) -> dict[str, Any]:
    return {"name": _words(service.name), "status": service.status, "effect": _words(service.effect)}


def _workaround(workaround: PublicWorkaround, zone: tzinfo) -> dict[str, Any]:
    until = _time(workaround.until, zone)
    return {"service": _words(workaround.service), "text": _words(workaround.text), "until": until}


def _words(words: Words) -> dict[str, str]:
    return {tag or _UNKNOWN_LANGUAGE: harmless(text) for tag, text in words.items()}


def _notice(notice: Notice, short: str) -> dict[str, Any]:
    return {
        "language": notice.language,
        "variant": notice.variant,
        "is_reviewed": notice.is_reviewed,
        "title": harmless(notice.title),
        "published": harmless(notice.published.text),
        "paragraphs": [_paragraph(notice, paragraph) for paragraph in notice.paragraphs],
        "short": harmless(short),
    }


def _paragraph(notice: Notice, paragraph: Paragraph) -> dict[str, Any]:
    items = [{"text": harmless(item_text(notice, item)), "language": item.language} for item in paragraph.items]
    return {"key": paragraph.key, "text": harmless(paragraph.text), "items": items}
