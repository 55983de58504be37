"""Times as people write them in an outage: ``14:05``, or a whole ISO time, in one zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
HOW = "write HH:MM, or a whole time such as 2026-03-02T14:05 or 2026-03-02T14:05+01:00"


def read_time(text: str, day: date, zone: tzinfo) -> datetime:
    """Read a time.

    Parameters
    ----------
    text
        ``14:05``, of that day, or a whole ISO time with or without its offset.
    day
        The day of a time without a date.
    zone
        Zone of a time without an offset. Of a time that its clocks show twice the first is meant.

    Returns
    -------
    datetime
        At the offset that the zone has then, or that was written.

    Raises
    ------
    ValueError
        In words, with a remedy, if it is no time, or one that the clocks of the zone leave out.
    """
    text = text.strip()
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        hour, minute = int(clock[1]), int(clock[2])
        if hour > 23 or minute > 59:
            raise ValueError(f"'{text}' is no time of the day; {HOW}")
        found = datetime.combine(day, time(hour, minute))
    else:
        found = _whole(text)
    if found.tzinfo is not None:
        return found
    found = found.replace(tzinfo=zone)
    if found.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != found.replace(tzinfo=None):
        raise ValueError(
            f"the clocks of {zone} leave out {found:%H:%M} on {found:%Y-%m-%d}; write the time with its offset"
        )
    return at_its_offset(found)


def _whole(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or "T" not in text.upper().replace(" ", "T"):
        raise ValueError(f"'{text}' is no time; {HOW}") from None
    if not 200 <= found.year <= 9000:  # some years are left on either side
        raise ValueError(f"'{text}' is too far away; {HOW}")
    return found


def at_its_offset(clock: datetime) -> datetime:
    """Return the same instant at a plain offset: of two times in one zone Python takes the difference by their clocks, not in time."""
    offset = clock.utcoffset()
    assert offset is not None, "times have their offsets"
    return clock.replace(tzinfo=timezone(offset), fold=0)


def read_past(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Read a time that is not after now: a time of the day that is later than now is one of yesterday.

    Raises
    ------
    ValueError
        As `read_time`; so too if the clocks have left out that time today, for nobody knows what is meant.
    """
    local = now.astimezone(zone)
    clock = _CLOCK.fullmatch(text.strip())
    if clock is not None and (int(clock[1]), int(clock[2])) > (local.hour, local.minute):
        # Where clocks go back it may be later by the clock, and yet have been today.
        today = _or_none(text, local.date(), zone)
        return today if today is not None and today <= now else read_time(text, local.date() - timedelta(days=1), zone)
    return read_time(text, local.date(), zone)


def _or_none(text: str, day: date, zone: tzinfo) -> datetime | None:
    try:
        return read_time(text, day, zone)
    except ValueError:
        return None
