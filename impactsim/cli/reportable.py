"""`impactsim reportable`: whom an outage has to be told, how likely, and by when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from impactsim.cli.options import output_options, read_duration, workers_options
from impactsim.cli.screen import screen_of_output
from impactsim.quantities import TRIALS_LIMIT

if TYPE_CHECKING:
    from impactsim.reportable.asked import Asked
    from impactsim.workflow.reportables import Reportability

_HELP = """\
Hold SCENARIO against the rules of regulators: how likely is each regime met, after how long, what has to be told by when?

Everything uncertain is drawn anew in each trial, and the probability of a regime is the share of the trials in which its
rules are met: met from 95% on, likely from 50%, possible from 5%. What no model can see (media, malicious access,
loss of data) is listed, and can be said with --flags. It never says that nothing has to be reported.

\b
  impactsim reportable --list                                      which regimes are there?
  impactsim reportable fire.yaml --as dora-financial,gdpr          whom do we have to tell?
  impactsim reportable fire.yaml --as fcc --all                    with all criteria, sources and notes
  impactsim reportable fire.yaml --as nis2-cloud --flags malicious,data-users
  impactsim reportable work.yaml --as nis2-cloud --planned         planned maintenance
  impactsim reportable fire.yaml --as dora-financial --aware 40m --zone Europe/Rome

All who use a service count as its users, at any hour and whatever workaround they have. The figures depend on the scenario
and the seed alone. Where the scenario says when it starts, deadlines are local times. Nothing here is legal advice.

Exit status: 0 done, 1 problems found (nothing was run), 2 used wrongly, 130 interrupted.
"""


def _words(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG001
    """Read words with commas between them."""
    return tuple(dict.fromkeys(word.strip() for text in value for word in text.split(",") if word.strip()))


def _amount(ctx: click.Context, param: click.Parameter, value: float | None) -> float | None:  # noqa: ARG001
    """Read a sum of money."""
    if value is None:
        return None
    from impactsim.reportable.rules import MOST_EUR

    if not 0 <= value <= MOST_EUR:  # what is no number either
        raise click.BadParameter(f"{value:g} is no sum of money; write a number of 0 or more, up to {MOST_EUR:g}")
    return value


@click.command("reportable", help=_HELP)
@click.argument("file", metavar="SCENARIO", required=False, type=click.Path(path_type=Path))
@click.option(
    "--as", "regimes", metavar="REGIME,...", multiple=True, callback=_words, help="Whose rules; see --list. Repeatable."
)
@click.option("--list", "has_list", is_flag=True, help="List the regimes with their sources, and run nothing.")
@click.option(
    "--service", "services", metavar="ID", multiple=True, callback=_words, help="Look at this service only. Repeatable."
)
@click.option(
    "--flags",
    metavar="FLAG,...",
    multiple=True,
    callback=_words,
    help="What holds and no model can see, such as media,malicious,data-loss; see --list. Repeatable.",
)
@click.option("--planned", "is_planned", is_flag=True, help="It is planned maintenance, which NIS2 does not count.")
@click.option(
    "--aware",
    "aware_ms",
    metavar="DURATION",
    callback=read_duration,
    help="How long after the first loss of a service somebody knows of it; at once unless given.",
)
@click.option(
    "--zone", metavar="ZONE", help="Time zone of the deadlines, such as Europe/Rome; that of the notices unless given."
)
@click.option(
    "--cost-per-user-minute",
    metavar="EUR",
    type=float,
    callback=_amount,
    help="What a lost user-minute costs; without it no model sees economic criteria.",
)
@click.option(
    "--turnover",
    metavar="EUR",
    type=float,
    callback=_amount,
    help="Yearly turnover, where a rule asks for a share.",
)
@click.option(
    "--trials",
    metavar="N",
    type=click.IntRange(1, TRIALS_LIMIT),
    help="How many trials; the scenario's own number, or 1,000, unless given.",
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), help="Seed of all that is drawn, instead of the scenario's own."
)
@output_options()
@workers_options("trials")
def command(file: Path | None, has_list: bool, as_json: bool, is_whole: bool, **options: Any) -> int:
    """Say whom an outage has to be told, how likely, and by when."""
    if has_list:
        _list(file, as_json, options["regimes"])
        return 0
    if file is None:
        raise click.UsageError("Missing argument 'SCENARIO'; --list shows the regimes.")
    if not options["regimes"]:
        raise click.UsageError("Missing option '--as': whose rules? --list shows the regimes.")
    result = _run(file, options)
    if as_json:
        click.echo(result.to_json())
    else:
        from impactsim.reports.reportable.text import report

        click.echo("\n".join(report(result.facts, screen_of_output(is_whole))), color=True)
    return 0


def _list(file: Path | None, as_json: bool, names: tuple[str, ...]) -> None:
    from impactsim.reportable.catalogue import WrongQuestion, chosen, regimes

    if file is not None:
        raise click.UsageError("--list runs nothing: leave out the scenario.")
    try:
        found = chosen(names or tuple(regimes()))
    except WrongQuestion as error:
        raise click.BadParameter(str(error), param_hint="'--as'") from None
    if as_json:
        from impactsim.reports.json_form import one_line
        from impactsim.reports.reportable.listing import regime_object

        click.echo(one_line([regime_object(each) for each in found]))
    else:
        from impactsim.reports.reportable.listing import list_lines

        click.echo("\n".join(list_lines(found, screen_of_output(is_whole=True))), color=True)


def _run(file: Path, options: dict[str, Any]) -> Reportability:
    from importlib.util import find_spec

    from impactsim.cli.progress import Progress, say
    from impactsim.reportable.catalogue import WrongQuestion
    from impactsim.trials.workers import WorkersError
    from impactsim.workflow.reportables import reportability

    says_slow = find_spec("numba") is None and options["scheduler"] is None
    sampling = {name: options[name] for name in ("trials", "seed", "workers", "scheduler")}
    try:
        with Progress("", False, says_slow) as progress:
            result = reportability(file, _asked(options), on_progress=progress, **sampling)
    except WrongQuestion as error:
        raise click.BadParameter(str(error), param_hint=f"'--{error.option}'") from None
    except WorkersError as error:
        raise click.UsageError(str(error)) from error
    say(result.notes)
    return result


def _asked(options: dict[str, Any]) -> Asked:
    from impactsim.reportable.asked import Asked
    from impactsim.reportable.rules import PLANNED

    return Asked(
        regimes=options["regimes"],
        services=options["services"],
        flags=(*options["flags"], *([PLANNED] if options["is_planned"] else [])),
        cost_per_user_minute=options["cost_per_user_minute"],
        turnover=options["turnover"],
        aware_ms=options["aware_ms"] or 0,
        zone=options["zone"],
    )
