"""`impactsim forecast`: what an average year of a system is like, and what changes would buy."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from impactsim.cli.options import (
    INTERRUPTED,
    output_options,
    read_clock_time,
    read_duration,
    read_precision,
    workers_options,
)
from impactsim.cli.screen import screen_of_output

if TYPE_CHECKING:
    from impactsim.results import ForecastResult

_LONGEST_RUN_IN_MS = 100 * 365 * 86_400_000
_MOST_YEARS = (1 << 40) - 1  # so many have a luck of their own

_HELP = """\
Say what an average year of SYSTEM is like: failures arrive as often as it says (`fails`), common causes strike, repairs
wait for their crews.

The first lines are the answer: how long the worst service is down, and what the users lose. Then follow each service
(availability, time down, outages), how often recovery times are missed, what all of it goes back to, and what changes
would buy, each with its interval.

\b
  impactsim forecast shop.yaml                              1,000 years
  impactsim forecast shop.yaml --precision 2%               as many years as that takes
  impactsim forecast shop.yaml --changes ideas.yaml         what each of these changes would buy
  impactsim forecast shop.yaml --service checkout --all     of one service, everything
  impactsim forecast shop.yaml --json | jq .budget          which failures cost how much

A file of changes holds `name` and `changes` (as a scenario does), or a list of such what-ifs; each year is played again
with each of them on the same luck. SYSTEM may be a scenario: then its system counts, with its changes and without its
events. Each year begins with everything up, and with a run-in that is not counted. The figures depend on the files and
the seed alone, not on the machine or the number of workers. Ctrl-C prints what the years done so far say.

Exit status: 0 done, 1 problems found (nothing was run), 2 used wrongly, 130 interrupted.
"""


def _run_in(ctx: click.Context, param: click.Parameter, value: str) -> int:
    found = read_duration(ctx, param, value) or 0
    if found > _LONGEST_RUN_IN_MS:
        raise click.BadParameter("more than 100 years is no run-in")
    return found


@click.command("forecast", help=_HELP)
@click.argument("system", metavar="SYSTEM", type=click.Path(path_type=Path))
@click.option(
    "--years",
    metavar="N",
    type=click.IntRange(1, _MOST_YEARS),
    help="How many years; 1,000 unless given, with --precision as many as it takes, up to a million.",
)
@click.option(
    "--changes",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Also say what the changes in this file would buy. May be given more than once.",
)
@click.option("--service", metavar="SERVICE", help="Show this service only (id or name).")
@output_options("forecast-services.csv, forecast-budget.csv and forecast-changes.csv")
@click.option(
    "--precision",
    metavar="SHARE",
    callback=read_precision,
    help="Stop as soon as the mean lost user-minutes (without users: the time down of all services) are known to this share of"
    " themselves, such as 2%.",
)
@click.option("--seed", metavar="N", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of all luck.")
@click.option(
    "--run-in",
    metavar="TIME",
    default="28d",
    show_default=True,
    callback=_run_in,
    help="How long everything runs before the year that is counted begins.",
)
@click.option(
    "--starts",
    metavar="TIME",
    callback=read_clock_time,
    help="When the year begins that is counted, with its offset, for users who are there by the hour; 2026-01-01T00:00+00:00 unless given.",
)
@workers_options("years")
def command(
    system: Path, service: str | None, is_whole: bool, as_json: bool, csv_folder: Path | None, **asked: Any
) -> int:
    """Say what an average year of a system is like, and what changes would buy."""
    asked["years"] = asked["years"] or (1_000 if asked["precision"] is None else 1_000_000)
    chosen = None if service is None else _service_called(system, service)
    result = _run(system, asked)
    if as_json:
        click.echo(result.to_json())
    else:
        from impactsim.reports.forecast.text import report

        click.echo("\n".join(report(result.facts, screen_of_output(is_whole), chosen)), color=True)
    if csv_folder is not None:
        from impactsim.reports.forecast.csv_form import write_tables  # pandas takes longer than a small forecast

        written = write_tables(result.facts, csv_folder)
        if not as_json:
            click.echo("\n" + "\n".join(f"written: {path}" for path in written))
    return 0 if result.facts.is_complete else INTERRUPTED


def _run(system: Path, asked: dict[str, Any]) -> ForecastResult:
    from impactsim.cli.progress import Progress, say
    from impactsim.problems import ImpactsimError, InvalidInput
    from impactsim.trials.forecast import STARTS, Settings
    from impactsim.workflow import forecast

    settings = Settings(asked.pop("seed"), asked.pop("run_in"), asked.pop("starts") or STARTS)
    says_slow = find_spec("numba") is None and asked["scheduler"] is None
    try:
        with Progress("", asked["precision"] is not None, says_slow, "years") as progress:
            result = forecast(system, settings=settings, on_progress=progress, **asked)
    except InvalidInput:
        raise
    except ImpactsimError as error:  # nobody can run them in the way that was asked for
        raise click.UsageError(str(error)) from error
    say(result.notes)
    return result


def _service_called(path: Path, name: str) -> str:
    """Return the id of a service by its id or name, before anything is run."""
    from impactsim.workflow import load

    components = load(path).system.components
    services = {each: words.name or each for each, words in components.items() if words.kind == "service"}
    called = [each for each, own in services.items() if name == each or name.casefold() == own.casefold()]
    if called:
        return name if name in called else called[0]
    from difflib import get_close_matches

    near = get_close_matches(name, services, 2)
    meant = f"; did you mean {' or '.join(near)}?" if near else f"; there are {len(services)}"
    raise click.BadParameter(f"no service is called '{name}'{meant}", param_hint="'--service'")
