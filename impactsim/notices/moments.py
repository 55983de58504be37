"""Instants as the readers of a notice know them: on their clocks, in their zone, with a date where it is another day.

One `Clock` accompanies one text. The first time that it prints carries zone and offset, and so does any other whose offset
differs from the one that was printed last (summer time begins or ends), or which clocks show twice that night. It remembers
what it printed for which instant, so that a page can mark times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from impactsim.notices.incident import Words
from impactsim.notices.locales import Locale
from impactsim.notices.patterns import Value


@dataclass(frozen=True, slots=True)
class Time:
    """A time in a text."""

    text: str
    """As it is printed."""
    at: datetime
    """The instant, with the offset of the readers' zone."""


_LEAD = "dem"
"""What a German date begins with where the sentence asks for no other form: seit dem 8. Juli."""


class Clock:
    """The times of one text, in the order in which they are printed.

    Parameters
    ----------
    locale
        How the language writes.
    zone
        The readers' zone.
    published_at
        The publication; times of its day have no date.
    style
        ``clock``, or ``short`` for text messages.
    """

    def __init__(self, locale: Locale, zone: tzinfo, published_at: datetime, style: str = "clock") -> None:
        self._locale = locale
        self._zone = zone
        self._published = published_at.astimezone(zone)
        self._style = style
        self._offset: timedelta | None = None
        self._times: list[Time] = []

    def moment(self, at: datetime, form: str = "", beside: datetime | None = None) -> str:
        """Print an instant.

        Parameters
        ----------
        at
            The instant.
        form
            ``at`` or ``am`` for a time with its preposition, where the language has one that depends on the date (French,
            German); ``zum`` for a German date that stands after another preposition than the others.
        beside
            An instant that stands next to it; if that is of another day, then this one has its date too.
        """
        local = at.astimezone(self._zone)
        days = {each.astimezone(self._zone).date() for each in (at, beside or at)}
        is_dated = days != {self._published.date()}
        return self._printed(local, form, is_dated=is_dated)

    def window(self, low: datetime, high: datetime) -> str:
        """Print the two ends of an interval, joined.

        Both have dates if midnight lies between them, and zones if the clocks change between them.
        """
        first, last = low.astimezone(self._zone), high.astimezone(self._zone)
        if first.utcoffset() != last.utcoffset():
            self._offset = None  # both ends are labelled, though one of them may not be new
        if first.date() != last.date():
            texts = [self._printed(each, "", is_dated=True) for each in (first, last)]
            return self._say("window", low=texts[0], high=texts[1])
        if {first.utcoffset(), last.utcoffset()} != {self._offset} or _is_shown_twice(first) or _is_shown_twice(last):
            return self._say("window", low=self.moment(low), high=self.moment(high))
        slots: dict[str, Value] = {"low": self._bare(first), "high": self._bare(last)}
        self._times += [Time(str(slots["low"]), first), Time(str(slots["high"]), last)]
        if first.date() == self._published.date():
            return self._say("window_plain", **slots)
        return self._say("window_dated", date=self._date(first.date()), **slots)

    def stamp(self, at: datetime) -> Time:
        """Return an instant with date, year and zone, apart from the other times of the text."""
        local = at.astimezone(self._zone)
        text = self._say("stamp", day=day(self._locale, local.date()), time=self._alone(local), zone=self._label(local))
        return Time(text, local)

    def take(self) -> tuple[Time, ...]:
        """Return the times that were printed since this was called last."""
        taken, self._times = tuple(self._times), []
        return taken

    def _printed(self, local: datetime, form: str, *, is_dated: bool) -> str:
        is_labelled = local.utcoffset() != self._offset or _is_shown_twice(local)
        self._offset = local.utcoffset()
        key = ("dated" if is_dated else "at" if form in {"at", "am"} else "plain") + ("_zoned" if is_labelled else "")
        slots: dict[str, Value] = {"time": self._alone(local), "zone": self._label(local), "lead": form or _LEAD}
        text = self._say(key, date=self._date(local.date()), **slots)
        self._times.append(Time(text, local))
        return text

    def _alone(self, local: datetime) -> str:
        return self._say("alone", time=self._bare(local))

    def _bare(self, local: datetime) -> str:
        return self._say("time" if local.minute else "full_hour", hour=local.hour, minute=local.minute)

    def _date(self, local: date) -> str:
        key = "date" if local.year == self._published.year else "date_year"
        return self._say(key, **_slots(self._locale, local))

    def _label(self, local: datetime) -> str:
        offset = offset_of(local)
        name = zone_label(self._locale, local)
        if name == "UTC":
            return self._say("zone_utc")
        return self._say("zone", name=name, offset=offset) if name else self._say("zone_unnamed", offset=offset)

    def _say(self, key: str, **slots: Value) -> str:
        return self._locale.say(f"{self._style}.{key}", **slots)


def _is_shown_twice(local: datetime) -> bool:
    """Is it in the hour that the end of summer time repeats?"""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def day(locale: Locale, local: date) -> str:
    """Write a day with its year, standing alone."""
    return locale.say("clock.day", **_slots(locale, local))


def zone_for(zones: Words, language: str, otherwise: tzinfo | None = UTC) -> tzinfo:
    """Return the zone of the readers of a language: their own, or that of all others (under ``""``), or `otherwise`.

    Raises
    ------
    ZoneInfoNotFoundError
        If the IANA list has no such zone.
    """
    name = next((zones[tag] for tag in (language, language.partition("-")[0], "") if zones.get(tag)), None)
    return ZoneInfo(name) if name else otherwise or UTC


def zone_label(locale: Locale, local: datetime) -> str:
    """Return what readers call the zone of a local time; empty if it has nothing but an offset."""
    key = getattr(local.tzinfo, "key", "")
    name = local.tzname() or ""
    return locale.zones.get(key) or locale.abbreviations.get(name) or (name if name.isalpha() else "")


def offset_of(local: datetime) -> str:
    """Return the offset of a local time, in whole minutes.

    Examples
    --------
    >>> offset_of(datetime(2026, 11, 21, 14, 5, tzinfo=ZoneInfo("Asia/Kolkata")))
    'UTC+5:30'
    """
    seconds = int((local.utcoffset() or timedelta()).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "-" if seconds < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def _slots(locale: Locale, local: date) -> dict[str, Value]:
    return {"day": local.day, "month": locale.months[local.month - 1], "number": local.month, "year": local.year}
