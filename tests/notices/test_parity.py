"""Every language states the facts of the public object, and the same ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impactsim.notices.catalogue import NOTICE_LANGUAGES
from impactsim.notices.compose import Notice, compose
from impactsim.notices.incident import PublicIncident
from impactsim.notices.short import short
from notices.reading import Found, read
from notices.told import FIXED, incidents


def is_over(incident: PublicIncident) -> bool:
    return incident.state == "resolved" or (incident.state == "monitoring" and incident.ended_at is not None)


def moments_of(incident: PublicIncident) -> list[datetime | None]:
    """Return the instants that a notice has to name, but for the window of the estimate."""
    if is_over(incident):
        said = [incident.started_at, incident.ended_at if incident.affected else None]
        return [*said, incident.next_update_by]
    said = [incident.started_at, *(way.until for way in incident.workarounds), incident.next_update_by]
    if has_estimate(incident):
        said.append(incident.published_at)
    return said


def has_estimate(incident: PublicIncident) -> bool:
    return (
        bool(incident.affected) and incident.estimate is not None and incident.has_estimates and not is_over(incident)
    )


def expected(incident: PublicIncident, language: str) -> Found:
    """Return the facts of the public object, as they are for the readers of a language."""
    found = Found()
    tag = language.partition("-")[0]
    zone = ZoneInfo(incident.zones.get(tag) or incident.zones[""])
    today = incident.published_at.astimezone(zone).date()
    local = [moment.astimezone(zone) for moment in moments_of(incident) if moment is not None]
    window = []
    if has_estimate(incident) and (likely := incident.estimate):
        bounds = [(likely.low_ms, likely.low_at)] if likely.low_ms else []
        bounds.append((likely.high_ms, likely.high_at))
        found.minutes |= {ms // 60_000 for ms, _ in bounds}
        window = [at.astimezone(zone) for _, at in bounds]
    both = len({each.date() for each in window}) > 1
    found.clocks = {(each.hour, each.minute) for each in local + window}
    dated = [each for each in local + window if each.date() != today] + (window if both else [])
    found.days = {(each.day, each.month) for each in dated}
    found.years = {each.year for each in dated} - {today.year}
    if is_over(incident) and incident.lasted_ms is not None:
        found.minutes.add(incident.lasted_ms // 60_000)
    if incident.affected:
        _count(incident, found)
    return found


def _count(incident: PublicIncident, found: Found) -> None:
    people, share = incident.people, incident.share
    if people:
        found.people |= {people.high} | ({people.low} if people.low else set())
    if share:
        found.percents |= {round(share[1] * 100)} | ({round(share[0] * 100)} if share[0] else set())


def text_of(notice: Notice) -> str:
    """Return all that we say, one sentence or item a line."""
    lines = [notice.title]
    for paragraph in notice.paragraphs:
        lines.append(paragraph.text)
        for item in paragraph.items:
            lines += [item.text, item.until]
    return "\n".join(lines)


def shape_of(notice: Notice) -> list[tuple[str, int, int]]:
    return [(paragraph.key, len(paragraph.items), len(paragraph.times)) for paragraph in notice.paragraphs]


def check(incident: PublicIncident) -> None:
    shapes = set()
    for language in NOTICE_LANGUAGES:
        notice = compose(incident, language)
        assert read(text_of(notice), notice.language) == expected(incident, language), (language, text_of(notice))
        shapes.add(tuple(shape_of(notice)))
    assert len(shapes) == 1


@pytest.mark.parametrize("name", FIXED)
def test_fixed_incidents_are_told_alike_in_all_languages(name):
    check(FIXED[name])


@given(incidents())
def test_any_incident_is_told_alike_in_all_languages(incident):
    check(incident)


def days_of_end(incident: PublicIncident, tag: str) -> list[date]:
    """Return the day on which it ended, if a message has to name it because it began on another one."""
    zone = ZoneInfo(incident.zones.get(tag) or incident.zones[""])
    days = [each.astimezone(zone).date() for each in (incident.started_at, incident.ended_at) if each is not None]
    return days[1:] if len(set(days)) == 2 else []


def check_short(incident: PublicIncident, language: str) -> None:
    tag = language.partition("-")[0]
    text = short(incident, language)
    found, whole = read(text, tag, is_short=True), expected(incident, language)
    ends = {(end.day, end.month) for end in days_of_end(incident, tag)}
    assert found.clocks <= whole.clocks, text
    assert found.days <= whole.days | ends, text
    assert found.people <= whole.people, text
    assert not found.percents
    assert not found.minutes
    zone = ZoneInfo(incident.zones.get(tag) or incident.zones[""])
    start = incident.started_at.astimezone(zone)
    assert (start.hour, start.minute) in found.clocks, text
    awaited = [incident.next_update_by] if incident.next_update_by else []
    if has_estimate(incident) and incident.estimate:
        awaited.append(incident.estimate.high_at)
    local = [each.astimezone(zone) for each in awaited]
    assert not local or any((each.hour, each.minute) in found.clocks for each in local), text


@pytest.mark.parametrize("language", NOTICE_LANGUAGES)
@pytest.mark.parametrize("name", FIXED)
def test_short_forms_of_fixed_incidents_state_no_other_facts(name, language):
    check_short(FIXED[name], language)


@given(incidents(), st.sampled_from(NOTICE_LANGUAGES))
def test_short_forms_of_any_incident_state_no_other_facts(incident, language):
    check_short(incident, language)


def test_the_reader_notices_a_wrong_figure():
    incident = FIXED["outage"]
    text = text_of(compose(incident, "fr"))
    right = expected(incident, "fr")
    assert read(text, "fr") == right
    for wrong in ("14\u00a0h\u00a006", "12\u202f100", "2 à 5 heures", "31 à 39\u00a0%"):
        old = {"14": "14\u00a0h\u00a005", "12": "12\u202f000", "2 ": "2 à 4 heures", "31": "31 à 38\u00a0%"}[wrong[:2]]
        assert old in text
        assert read(text.replace(old, wrong), "fr") != right


def test_times_of_a_paragraph_stand_in_its_text_in_order():
    for incident in FIXED.values():
        for language in NOTICE_LANGUAGES:
            for paragraph in compose(incident, language).paragraphs:
                for text, times in [(paragraph.text, paragraph.times), *((i.until, i.times) for i in paragraph.items)]:
                    place = 0
                    for time in times:
                        place = text.index(time.text, place) + len(time.text)


def test_every_time_is_the_instant_that_it_prints():
    incident = FIXED["outage"]
    times = [time for paragraph in compose(incident, "ja").paragraphs for time in paragraph.times]
    assert [time.at for time in times] == [
        incident.started_at,
        incident.published_at,
        incident.published_at + timedelta(hours=2),
        incident.published_at + timedelta(hours=4),
        incident.next_update_by,
    ]
