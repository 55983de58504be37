"""Options of commands that find things: how bad ends in which exit status, and the day for which ages count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from impactsim.cli.main import DONE, PROBLEMS_FOUND

if TYPE_CHECKING:
    from impactsim.audit.findings import Severity

_Command = TypeVar("_Command", bound=Callable[..., Any])

SEVERITIES = ("note", "low", "medium", "high", "critical")
"""What ``--fail-on`` takes."""


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date:  # noqa: ARG001
    """Read a day; today by the clock of this machine without one."""
    if value is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"'{value}' is no day; write it as 2026-05-04") from None


def as_of_option(command: _Command) -> _Command:
    """Add ``--as-of``."""
    return click.option(
        "--as-of",
        metavar="DATE",
        callback=_day,
        help="The day for which ages of tests and figures are counted; today unless given.",
    )(command)


def fail_on_option(command: _Command) -> _Command:
    """Add ``--fail-on``."""
    return click.option(
        "--fail-on",
        type=click.Choice(SEVERITIES),
        help="End with exit status 1 if any finding is so severe or worse.",
    )(command)


def status_of(severities: Sequence[Severity], word: str | None) -> int:
    """Say on standard error how many findings are so severe or worse, and return the exit status."""
    if word is None:
        return DONE
    from impactsim.audit.findings import Severity

    least = Severity[word.upper()]
    n = sum(severity >= least for severity in severities)
    if not n:
        return DONE
    or_worse = "" if least is Severity.CRITICAL else " or worse"
    what = "finding is" if n == 1 else "findings are"
    click.echo(f"impactsim: {n:,} {what} {word}{or_worse} (--fail-on {word})", err=True)
    return PROBLEMS_FOUND
