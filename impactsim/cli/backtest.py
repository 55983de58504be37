"""`impactsim backtest`: hold the forecast of remaining times against real incidents."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from impactsim.cli.options import output_options, read_duration
from impactsim.cli.screen import screen_of_output

_HELP = """\
Hold the forecast of what remains of an outage against the INCIDENTS of a CSV file, one a line: those that began before --until are
learned from, those from then on are forecast. Beside it stand simpler ways to forecast.

\b
  impactsim backtest incidents.csv --until 2020-01-01
  impactsim backtest incidents.csv --until 2020-01-01 --by vendor
  impactsim backtest incidents.csv --until 2020-01-01 --start began --duration minutes

Times are ISO 8601 (UTC without an offset) or numbers of seconds, durations numbers of seconds or such as 90m. At its end it says what
to write into a system file for each group.

Exit status: 0 done, 1 problems found in the file, 2 used wrongly.
"""


def _read_until(ctx: click.Context, param: click.Parameter, value: str) -> float:  # noqa: ARG001
    """Read the split."""
    from impactsim.files.incidents import seconds_of
    from impactsim.problems import Fault

    try:
        return seconds_of(value)
    except Fault:
        raise click.BadParameter(f"'{value}' is no day; write it as 2020-01-01") from None


def _read_elapsed(ctx: click.Context, param: click.Parameter, value: str) -> tuple[float, ...]:
    """Read a list of durations, in seconds."""
    read = [read_duration(ctx, param, word.strip()) for word in value.split(",")[:101]]
    if len(read) > 100:
        raise click.BadParameter("more than 100 times are asked for")
    return tuple(sorted({each / 1000 for each in read if each is not None}))


@click.command("backtest", help=_HELP)
@click.argument("file", metavar="INCIDENTS", type=click.Path(path_type=Path))
@click.option("--until", metavar="DATE", required=True, callback=_read_until, help="The day that parts past and test.")
@click.option("--start", metavar="COLUMN", help="Column of the starts; found by its name if it is a usual one.")
@click.option("--end", metavar="COLUMN", help="Column of the ends; found by its name if it is a usual one.")
@click.option("--duration", metavar="COLUMN", help="Column of the durations, instead of ends.")
@click.option("--by", metavar="COLUMN", help="Column of the provider or service; each is forecast by its own past.")
@click.option(
    "--elapsed",
    "elapsed_s",
    metavar="TIMES",
    default="0,30m,1h,2h,4h,8h",
    callback=_read_elapsed,
    help="After how long to forecast; 0,30m,1h,2h,4h,8h unless given.",
)
@click.option(
    "--longest",
    metavar="DURATION",
    default="60d",
    callback=read_duration,
    help="Leave out what lasted so long; 60d unless given.",
)
@output_options()
def command(file: Path, until: float, is_whole: bool, as_json: bool, **options: Any) -> int:
    """Hold the forecast of remaining times against real incidents."""
    if options["end"] is not None and options["duration"] is not None:
        raise click.UsageError("--end and --duration exclude one another.")
    longest_s = options["longest"] / 1000
    if max(options["elapsed_s"], default=math.inf) >= longest_s:
        raise click.BadParameter("a time is not below --longest", param_hint="'--elapsed'")
    from impactsim.backtest.whole import NoIncidents, TooFewIncidents
    from impactsim.files.incidents import Columns
    from impactsim.reports.backtest import backtest_json, backtest_lines
    from impactsim.workflow.backtests import backtest_incidents

    columns = Columns(*(options[name] for name in ("start", "end", "duration", "by")))
    try:
        facts = backtest_incidents(file, until, columns=columns, elapsed_s=options["elapsed_s"], longest_s=longest_s)
    except NoIncidents as error:
        raise NoIncidents(f"{file}: {error}") from None
    except TooFewIncidents as error:
        raise click.BadParameter(str(error), param_hint="'--until'") from None
    if as_json:
        click.echo(backtest_json(facts))
    else:
        click.echo("\n".join(backtest_lines(facts, screen_of_output(is_whole))), color=True)
    return 0
