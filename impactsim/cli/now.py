"""`impactsim now`: an outage under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from impactsim.cli.screen import screen_of_output
from impactsim.quantities import TRIALS_LIMIT

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from impactsim.files.loading import LoadedScenario, LoadedSystem
    from impactsim.outage.asked import Report, Understood, Wrong

_HELP = """\
Say how an outage stands that is under way, from what is known to be down, degraded or up: who is affected now, what falls
next and when, how much longer it takes, and what to do first.

What follows from the rest needs no report; what is reported and follows counts as needing no repair of its own. Remaining times
are those of what has lasted so long already: an estimate that was missed grows, it does not shrink to nothing. SYSTEM may be a
scenario: then its system with its changes counts.

\b
  impactsim now shop.yaml --down payments --since 14:05           whom does it hit, for how much longer?
  impactsim now shop.yaml --down grid@13:50 --down isp-fibre@14:10 --at 14:30
  impactsim now shop.yaml --down duct-a12-cut --up isp-second --since 14:05     a common cause, and what it has spared
  impactsim now shop.yaml --degraded payments=40% --since 14:05 --zone Europe/Rome
  impactsim now shop.yaml --down payments --since 14:05 --json | jq .actions[0]

A time is HH:MM, of today (of yesterday where it would be after now), or a whole one such as 2026-03-02T14:05, with or
without its offset. Without --zone it is in the zone of the system's notices, else at the offset of --at, else in the zone
of this machine. Remaining times are ranges from P20 to P90 over trials that agree with what is reported; what actions save
is by the medians.

Exit status: 0 done, 1 problems found in the files, 2 used wrongly, 130 interrupted.
"""


@click.command("now", help=_HELP)
@click.argument("file", metavar="SYSTEM", type=click.Path(path_type=Path))
@click.option(
    "--down",
    metavar="ID[@TIME]",
    multiple=True,
    help="This component, or common cause, has been down since then; since --since without a time. Repeatable.",
)
@click.option(
    "--degraded",
    metavar="ID=SHARE[@TIME]",
    multiple=True,
    help="This component serves only a share, such as 40%. Repeatable.",
)
@click.option("--up", metavar="ID", multiple=True, help="This component is known to be up. Repeatable.")
@click.option("--since", metavar="TIME", help="When the outage began.")
@click.option("--at", metavar="TIME", help="Take this for now, instead of the clock.")
@click.option("--zone", metavar="ZONE", help="Time zone in which times are read and told, such as Europe/Rome.")
@click.option(
    "--trials",
    metavar="N",
    type=click.IntRange(1, TRIALS_LIMIT),
    help="How many trials estimate the rest; 1000 unless given, fewer where each is a flood.",
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), default=0, help="Seed of all that is drawn; 0 unless given."
)
@click.option(
    "--top",
    metavar="N",
    type=click.IntRange(min=1),
    help="List so many things to do; 5 unless given, all of them with --all.",
)
@click.option("--all", "is_whole", is_flag=True, help="Print everything, however long.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(file: Path, is_whole: bool, as_json: bool, top: int | None, **words: Any) -> int:
    """Say how an outage stands that is under way."""
    from impactsim.cli.progress import Progress, say
    from impactsim.files.reading import load_file
    from impactsim.workflow.outages import now_of

    loaded = load_file(str(file))
    understood, at, zone = _understood(loaded, words, _clock())
    with Progress("", False, find_spec("numba") is None) as progress:
        result = now_of(loaded, understood, at, zone, words["trials"], words["seed"], on_progress=progress)
    say(result.notes)
    if as_json:
        click.echo(result.to_json())
    else:
        from impactsim.outage.text import N_ACTIONS, now_text

        lines = now_text(result.facts, screen_of_output(is_whole), top or N_ACTIONS)
        click.echo("\n".join(lines), color=True)
    return 0


def _clock() -> datetime:
    """Return the time by the clock of this machine, in its zone."""
    return datetime.now().astimezone().replace(microsecond=0)


def _understood(
    loaded: LoadedSystem | LoadedScenario, words: dict[str, Any], clock: datetime
) -> tuple[Understood, datetime, ZoneInfo | None]:
    """Read what is reported; whatever is wrong with it is said at once."""
    from impactsim.outage.asked import WrongReports, understand
    from impactsim.workflow.outages import zone_named

    faults: list[Wrong] = []
    zone = None
    try:
        zone = zone_named(loaded, words["zone"])
    except WrongReports as error:
        faults += error.faults
    reading = _Reading(clock, zone, words["at"], faults)
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
            self.at = self._read("at", lambda: read_time(at, today, local)) or clock
        self.zone = zone or self.at.tzinfo or local

    def _read(self, option: str, read: Callable[[], datetime]) -> datetime | None:
        try:
            return read()
        except ValueError as error:
            self.faults.append((option, str(error)))
            return None

    def past(self, option: str, text: str) -> datetime | None:
        """Read a time that is not after now."""
        from impactsim.outage.clocks import read_past

        return self._read(option, lambda: read_past(text, self.at, self.zone))

    def down(self, text: str) -> Report | None:
        """Read ``ID`` or ``ID@TIME``."""
        from impactsim.outage.asked import Report

        name, at_sign, when = text.partition("@")
        since = self.past("down", when) or self.at if at_sign else None
        return Report(name.strip(), None, since)

    def degraded(self, text: str) -> Report | None:
        """Read ``ID=SHARE`` or ``ID=SHARE@TIME``."""
        from impactsim.outage.asked import Report
        from impactsim.problems import Fault
        from impactsim.quantities import share

        words, at_sign, when = text.partition("@")
        name, equals, level = words.partition("=")
        since = self.past("degraded", when) or self.at if at_sign else None
        if not equals:
            self.faults.append(("degraded", f"'{text}' has no share; write {name.strip() or 'ID'}=40%"))
            return None
        try:
            return Report(name.strip(), share(level.strip()), since)
        except Fault as fault:
            self.faults.append(("degraded", f"{name.strip()}: {fault}"))
            return None
