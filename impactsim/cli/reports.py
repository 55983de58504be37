"""What people report of an outage under way, on the command line: of `impactsim now` and of `impactsim notice --now`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from impactsim.files.loading import LoadedScenario, LoadedSystem
    from impactsim.outage.asked import Understood

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
    loaded: LoadedSystem | LoadedScenario, words: dict[str, Any]
) -> tuple[Understood, datetime, ZoneInfo | None]:
    """Read what is reported; whatever is wrong with it is said at once."""
    from impactsim.cli.now import _clock, _understood

    return _understood(loaded, words, _clock())


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
