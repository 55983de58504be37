"""What people report of an outage on the command line, and the times that they write: of `impactsim now` and `impactsim notice`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from impactsim.files.loading import LoadedScenario, LoadedSystem
    from impactsim.outage.asked import Report, Understood, Wrong

_Command = TypeVar("_Command", bound=Callable[..., Any])


def reports_options(command: _Command) -> _Command:
    """Add ``--down``, ``--degraded``, ``--up`` and ``--since``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--down",
        metavar="ID[@TIME]",
        multiple=True,
        help="This component, or common cause, has been down since then; since --since without a time. Repeatable.",
    ),
    click.option(
        "--degraded",
        metavar="ID=SHARE[@TIME]",
        multiple=True,
        help="This component serves only a share, such as 40%. Repeatable.",
    ),
    click.option("--up", metavar="ID", multiple=True, help="This component is known to be up. Repeatable."),
    click.option("--since", metavar="TIME", help="When the outage began."),
)


def understood_of(
    loaded: LoadedSystem | LoadedScenario, words: Mapping[str, Any]
) -> tuple[Understood, datetime, ZoneInfo | None]:
    """Read what is reported, and when; whatever is wrong with it is said at once.

    Parameters
    ----------
    loaded
        The system.
    words
        ``down``, ``degraded``, ``up``, ``since``, ``at`` and ``zone``, as they stand on the command line. Without ``at`` the clock
        of this machine counts: nothing but a command reads it.
    """
    from impactsim.outage.asked import WrongReports, understand
    from impactsim.workflow.outages import zone_named

    faults: list[Wrong] = []
    zone = None
    try:
        zone = zone_named(loaded, words["zone"])
    except WrongReports as error:
        faults += error.faults
    reading = _Reading(clock(), zone, words["at"], faults)
    since = None if words["since"] is None else reading.past("since", words["since"]) or reading.at
    reports = [*map(reading.down, words["down"]), *map(reading.degraded, words["degraded"])]
    known = [each for each in reports if each is not None]
    try:
        understood = understand(loaded.system, known, words["up"], since, reading.at)
    except WrongReports as error:
        faults += [fault for fault in error.faults if reports or fault[0] != "since"]
    if faults:
        raise click.UsageError(_listed(faults, bool(reports) and not known))
    return understood, reading.at, zone


def until_of(text: str | None, since: datetime, at: datetime, zone: ZoneInfo | None) -> datetime | None:
    """Read when an outage was over; None if nobody says."""
    if text is None:
        return None
    from impactsim.outage.clocks import read_past

    where = zone or at.tzinfo
    assert where is not None, "times have their offsets"
    try:
        until = read_past(text, at, where)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--until'") from None
    if not since < until <= at:
        raise click.BadParameter(
            f"{until:%Y-%m-%d %H:%M} does not lie between the beginning of the outage and now", param_hint="'--until'"
        )
    return until


def zone_of(loaded: LoadedSystem | LoadedScenario, name: str | None) -> ZoneInfo | None:
    """Return the zone that is asked for, else that of the system's notices, if any."""
    from impactsim.outage.asked import WrongReports
    from impactsim.workflow.outages import zone_named

    try:
        return zone_named(loaded, name)
    except WrongReports as error:
        raise click.BadParameter(error.faults[0][1], param_hint="'--zone'") from None


def published_ms(loaded: LoadedScenario, text: str, zone: ZoneInfo | None) -> int:
    """Read when a notice is published: how long after the start of the scenario, or a time."""
    from impactsim.outage.clocks import read_time
    from impactsim.problems import Fault
    from impactsim.quantities import duration_ms

    try:
        return duration_ms(0 if text == "0" else text.removeprefix("+"))
    except Fault as fault:
        starts = loaded.scenario.starts
        if starts is None or ":" not in text:
            raise click.BadParameter(str(fault), param_hint="'--at'") from None
    where = zone or starts.tzinfo
    assert where is not None, "clock times of files have their offsets"
    try:
        at = read_time(text, starts.astimezone(where).date(), where)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--at'") from None
    passed = at - starts
    if passed < timedelta(0) and len(text) <= 5:  # a time of the next day
        passed += timedelta(days=1)
    if passed < timedelta(0):
        raise click.BadParameter(
            f"'{text}' is before the scenario starts ({starts:%Y-%m-%d %H:%M %z})", param_hint="'--at'"
        )
    return round(passed / timedelta(milliseconds=1))


def clock() -> datetime:
    """Return the time by the clock of this machine, in its zone."""
    return datetime.now().astimezone().replace(microsecond=0)


def _listed(faults: Sequence[Wrong], is_nothing_left: bool) -> str:
    """Write all that is wrong, a line each; that nothing is reported is no fault where nothing of it could be read."""
    lines = [
        f"--{option}: {fault}" for option, fault in faults if not (is_nothing_left and fault.startswith("nothing is"))
    ]
    return "\n".join(dict.fromkeys(lines))


class _Reading:
    """Reads words of the command line, and notes what is wrong with them."""

    def __init__(self, clock: datetime, zone: tzinfo | None, at: str | None, faults: list[Wrong]) -> None:
        from impactsim.outage.clocks import read_time

        local = zone or clock.tzinfo
        assert local is not None, "the clock has its offset"
        self.faults = faults
        self.at = clock
        if at is not None:
            today = clock.astimezone(local).date()
            try:
                self.at = read_time(at, today, local)
            except ValueError as error:
                faults.append(("at", str(error)))
        self.zone = zone or self.at.tzinfo or local

    def past(self, option: str, text: str, name: str = "") -> datetime | None:
        """Read a time that is not after now; `name` is what it is the time of."""
        from impactsim.outage.clocks import read_past

        try:
            return read_past(text, self.at, self.zone)
        except ValueError as error:
            self.faults.append((option, f"{name}: {error}" if name else str(error)))
            return None

    def down(self, text: str) -> Report | None:
        """Read ``ID`` or ``ID@TIME``."""
        from impactsim.outage.asked import Report

        name, at_sign, when = text.partition("@")
        since = self.past("down", when, name.strip()) or self.at if at_sign else None
        return Report(name.strip(), None, since)

    def degraded(self, text: str) -> Report | None:
        """Read ``ID=SHARE`` or ``ID=SHARE@TIME``."""
        from impactsim.outage.asked import Report
        from impactsim.problems import Fault
        from impactsim.quantities import share

        words, at_sign, when = text.partition("@")
        name, equals, level = words.partition("=")
        since = self.past("degraded", when, name.strip()) or self.at if at_sign else None
        if not equals:
            self.faults.append(("degraded", f"'{text}' has no share; write {name.strip() or 'ID'}=40%"))
            return None
        try:
            return Report(name.strip(), share(level.strip()), since)
        except Fault as fault:
            self.faults.append(("degraded", f"{name.strip()}: {fault}"))
            return None
