"""Options that several commands have, and how their words are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

INTERRUPTED = 130
"""Exit status of a command that Ctrl-C ended, as a shell gives it."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def workers_options(what: str) -> Callable[[_Command], _Command]:
    """Add ``--workers`` and ``--scheduler``: who works on the trials, years or failures that `what` names."""

    def add(command: _Command) -> _Command:
        many = click.option(
            "--workers",
            metavar="N",
            type=click.IntRange(min=1),
            help=f"How many {what} to work on at a time; all cores of this machine unless given.",
        )
        cluster = click.option(
            "--scheduler",
            metavar="ADDRESS",
            help=f"Run the {what} on the Dask cluster with this scheduler, such as tcp://10.0.0.7:8786.",
        )
        return many(cluster(command))

    return add


def top_option(what: str = "") -> Callable[[_Command], _Command]:
    """Add ``--top``: how many lines, or of the things that `what` names, are listed."""
    help_ = f"List so many{what and f' {what}'}; as many as fit on the screen unless given."
    return click.option("--top", metavar="N", type=click.IntRange(min=1), help=help_)


def output_options(tables: str = "") -> Callable[[_Command], _Command]:
    """Add ``--all`` and ``--json``: how much is printed, in which form; and, where there are `tables`, ``--csv`` to write them."""

    def add(command: _Command) -> _Command:
        whole = click.option("--all", "is_whole", is_flag=True, help="Print everything, however long.")
        json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
        folder = click.Path(file_okay=False, path_type=Path)
        csv = click.option("--csv", "csv_folder", metavar="DIR", type=folder, help=f"Also write {tables}.")
        return whole(json(csv(command) if tables else command))

    return add


def read_precision(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:  # noqa: ARG001
    """Read a share above 0."""
    if value is None:
        return None
    from impactsim.problems import Fault
    from impactsim.quantities import share

    try:
        found = share(value)
    except Fault as fault:
        raise click.BadParameter(f"{fault.fault}; write a share such as 2%") from None
    if found <= 0:
        raise click.BadParameter("no number of them is enough for that; write a share above 0, such as 2%")
    return found


def read_duration(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:  # noqa: ARG001
    """Read a duration, in milliseconds; 0 needs no unit."""
    if value is None:
        return None
    from impactsim.problems import Fault
    from impactsim.quantities import duration_ms

    try:
        return duration_ms(0 if value == "0" else value)
    except Fault as fault:
        raise click.BadParameter(str(fault)) from None


def read_clock_time(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:  # noqa: ARG001
    """Read a time with its offset; some years are left on either side, for what comes before and after it."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 200 <= found.year <= 9000:
        raise click.BadParameter(f"'{value}' is no time with its offset; write it as 2026-03-02T14:00+01:00")
    return found


def chance_options(command: _Command) -> _Command:
    """Add ``--degraded`` and ``--assume``: what counts as failed, and how likely what nobody gives a rate of."""
    degraded = click.option(
        "--degraded",
        "is_degraded",
        is_flag=True,
        help="What serves less than all counts as failed too: soft needs count, and a pool must carry its whole demand.",
    )
    assume = click.option(
        "--assume",
        "unknown",
        metavar="P",
        callback=read_chance,
        help="Probability, such as 0.1%, of what nobody says how often it fails; 0 unless given, so that figures are lower bounds.",
    )
    return degraded(assume(command))


def read_chance(ctx: click.Context, param: click.Parameter, value: str | None) -> float:  # noqa: ARG001
    """Read a probability; 0 without one."""
    if value is None:
        return 0.0
    from impactsim.problems import Fault
    from impactsim.quantities import share

    try:
        return share(value)
    except Fault as fault:
        raise click.BadParameter(f"{fault.fault}; write a probability such as 0.1%") from None


@contextmanager
def names_demanded() -> Iterator[None]:
    """Turn the name of something that is not there into a wrong use of the option that named it."""
    from impactsim.audit.asked import UnknownName

    try:
        yield
    except UnknownName as error:
        raise click.BadParameter(str(error), param_hint=f"'{error.option}'") from None
