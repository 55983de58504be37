"""An incident on its way into words: what its sentences depend on, and what fills their slots.

Shared by the whole notice and its short form; the sentences themselves stand in the catalogues.
"""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.notices.catalogue import Catalogue, catalogue
from impactsim.notices.incident import (
    CauseClass,
    PublicIncident,
    PublicService,
    Redaction,
    Words,
    in_language,
    language_of,
)
from impactsim.notices.moments import Clock, zone_for
from impactsim.notices.patterns import Value


class Telling:
    """An incident on its way into words: what is needed to write any of its sentences.

    Parameters
    ----------
    incident
        All that may be said.
    language
        Of the notice.
    style
        Of its times, as in `Clock`.
    """

    def __init__(self, incident: PublicIncident, language: str, style: str = "clock") -> None:
        self.incident = incident
        self.language = language
        self.style = style
        self.book: Catalogue = catalogue(language)
        zone = zone_for(incident.zones, language, incident.published_at.tzinfo)
        self.clock = Clock(self.book.locale, zone, incident.published_at, style)
        self.is_over = is_over(incident)
        self.status = incident.status
        # A headline that said the worst of all would say too much of the others
        self.headline = [each for each in incident.affected if self.is_over or each.status == self.status]

    def say(self, key: str, number: int | None = None) -> str:
        """Fill a sentence with what the incident has; only what the sentence asks for is formatted."""
        return self.book.sentence(key, number, **self._slots())

    def names(self, services: Sequence[PublicService]) -> list[str]:
        """Return the names of services in the language of the notice."""
        return [in_language(service.name, self.language) for service in services]

    def foreign(self, words: Words) -> str | None:
        """Return the tag of an author's words, if it is known and not the language of the notice."""
        tag = language_of(words, self.language)
        return tag if tag and tag.partition("-")[0] != self.book.tag else None

    def _slots(self) -> dict[str, Value]:
        incident, clock, locale = self.incident, self.clock, self.book.locale
        slots: dict[str, Value] = {"since": lambda form: clock.moment(incident.started_at, form)}
        slots["now"] = lambda form: clock.moment(incident.published_at, form)
        slots["services"] = lambda _: locale.listed(self.names(self.headline))
        if (next_at := incident.next_update_by) is not None:
            slots["next"] = lambda form: clock.moment(next_at, form)
        if (ended_at := incident.ended_at) is not None:
            # In a message it stands right behind the start: "from 13:05 on 19 November to 16:20" would be the same day
            beside = incident.started_at if self.style == "short" else None
            slots["ended"] = lambda form: clock.moment(ended_at, form, beside)
        if (lasted_ms := incident.lasted_ms) is not None:
            slots["lasted"] = lambda _: locale.duration(lasted_ms)
        if (people := incident.people) is not None:
            slots["people"] = lambda _: locale.people(people)
        if (share := incident.share) is not None:
            slots["share"] = lambda _: locale.share(*share)
        return slots | self._estimate()

    def _estimate(self) -> dict[str, Value]:
        found, clock, locale = self.incident.estimate, self.clock, self.book.locale
        if found is None:
            return {}
        return {
            "window": lambda _: clock.window(found.low_at, found.high_at),
            "by": lambda form: clock.moment(found.high_at, form),
            "remaining": lambda _: (
                locale.durations(found.low_ms, found.high_ms)
                if 0 < found.low_ms < found.high_ms
                else locale.duration(found.high_ms)
            ),
        }


def is_over(incident: PublicIncident) -> bool:
    """Is everything back? A monitored incident without an end still has users who notice it."""
    return incident.state == "resolved" or (incident.state == "monitoring" and incident.ended_at is not None)


def has_ways(incident: PublicIncident) -> bool | None:
    """Tell whether the services of the headline, those of the worst status, have workarounds: all, none, or only some (None)."""
    worst = [each for each in incident.affected if each.status == incident.status]
    found = {any(way.service == each.name for way in incident.workarounds) for each in worst}
    return found == {True} if len(found) == 1 else None


def form_of_estimate(incident: PublicIncident) -> str:
    """Return which sentence says the remaining time: ``range``, ``within`` (no lower bound) or ``about`` (one figure)."""
    assert incident.estimate is not None
    if incident.estimate.low_ms <= 0:
        return "within"
    return "range" if incident.estimate.low_ms < incident.estimate.high_ms else "about"


def people_figures(incident: PublicIncident) -> str | None:
    """Return which of people and share are known: ``figure``, ``figure_share``, ``share``; None if no one is affected."""
    figure = incident.people is not None and incident.people.high > 0
    share = incident.share is not None and incident.share[1] > 0
    if not incident.affected or not (figure or share):
        return None
    return "figure_share" if figure and share else "figure" if figure else "share"


def progress(incident: PublicIncident) -> str:
    """Return what is being done: a state, ``watching`` once all is back, ``planned`` while planned work goes on."""
    if incident.state == "monitoring":
        return "watching" if is_over(incident) else "monitoring"
    return "planned" if cause_to_tell(incident) == "planned_work" else incident.state


def cause_to_tell(incident: PublicIncident) -> CauseClass | None:
    """Return the class of the cause; None at L3, whatever the incident holds."""
    return incident.cause if incident.redaction < Redaction.EXPOSED else None
