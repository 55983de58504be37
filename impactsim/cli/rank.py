"""`impactsim rank`: which single failure does most harm, how it spreads, and when to do planned work."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from impactsim.cli.documents import document_options, write_documents
from impactsim.cli.options import (
    INTERRUPTED,
    output_options,
    read_clock_time,
    read_duration,
    top_option,
    workers_options,
)
from impactsim.cli.screen import screen_of_output

if TYPE_CHECKING:
    from impactsim.reports.rank.asked import Asked
    from impactsim.results import Ranking

# Failures of which it is told how they spread: each is run once more for it, and keeps its whole history.
_N_EXPLAINED, _MOST_EXPLAINED = 20, 200

_HELP = """\
Let everything in SYSTEM fail, one thing after the other, and rank the failures by what they do to the users.

A failure is a component, or a common cause with what it strikes. It begins at once and ends with its repair
(time_to_restore); what has none lasts 4 h, and so does all if --for says so. Each line tells how many users are affected, how many
user-minutes are lost, how many services go down, for how long at most, what that makes in a year where the
system says how often it fails, and after how long the first other service feels it. SYSTEM may be a scenario: then
its system with its changes counts, and its start.

\b
  impactsim rank shop.yaml                               which failure costs most?
  impactsim rank shop.yaml --kind provider               and among the providers?
  impactsim rank shop.yaml --by yearly                   and how often does it happen?
  impactsim rank shop.yaml --why orders-db               how does that one spread?
  impactsim rank shop.yaml --service checkout            what takes this service down for longest?
  impactsim rank shop.yaml --pairs                       which two at once are worse than their parts?
  impactsim rank shop.yaml --component grid --for 2h --by-start-hour      when is the best time for planned work?
  impactsim rank shop.yaml --trials 1000                 expected losses, with their intervals
  impactsim rank shop.yaml --html rank.html              a report to print and to pass on

Uncertain quantities take their medians unless --trials says how often to draw them. Without --starts a failure comes at any
hour alike: where a segment has an activity, as many of its users count as are there on the average of the day.

Exit status: 0 done, 1 problems found (nothing was run), 2 used wrongly, 130 interrupted (what there is, is printed).
"""


def _duration(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    found = read_duration(ctx, param, value)
    if found == 0:
        raise click.BadParameter("it takes no time; write it as 4h")
    return found


@click.command("rank", help=_HELP)
@click.argument("file", metavar="SYSTEM", type=click.Path(path_type=Path))
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="Only components of this kind, or common-cause. Repeatable."
)
@click.option(
    "--for", "for_ms", metavar="DURATION", callback=_duration, help="How long every failure lasts, such as 4h."
)
@click.option(
    "--horizon",
    "horizon_ms",
    metavar="DURATION",
    callback=_duration,
    help="How long each is followed; until nothing changes any more unless given.",
)
@click.option(
    "--starts",
    metavar="CLOCKTIME",
    callback=read_clock_time,
    help="When they begin, such as 2026-03-02T14:00+01:00, so that the users of that hour count.",
)
@click.option(
    "--by",
    type=click.Choice(["lost", "affected", "down", "yearly"]),
    help="Rank by user-minutes lost (as usual), users affected, time of services down, or user-minutes lost a year.",
)
@click.option("--service", metavar="ID", help="Rank by how long this service is down.")
@click.option(
    "--trials",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    help="How often to draw what is uncertain; 1 takes the medians.",
)
@click.option("--seed", metavar="N", type=click.IntRange(min=0), default=0, help="Seed of all that is drawn.")
@click.option(
    "--pairs",
    "has_pairs",
    is_flag=True,
    help="Also find the pairs that are worse, both at once, than the sum of the two.",
)
@click.option(
    "--most-pairs",
    metavar="N",
    type=click.IntRange(min=1),
    default=20_000,
    show_default=True,
    help="How many pairs to try at most, where more than that meet anywhere.",
)
@click.option(
    "--by-start-hour",
    "has_hours",
    is_flag=True,
    help="Let the worst failure, or that of --component, begin at every hour of the day instead.",
)
@click.option("--component", metavar="ID", help="The failure for --by-start-hour.")
@click.option(
    "--zone",
    metavar="ZONE",
    help="Time zone of those hours, such as Europe/Rome; that of the largest segment unless given.",
)
@click.option("--why", metavar="ID", help="Print how this failure reaches each service, with the whole chain.")
@top_option()
@output_options("ranking.csv, and pairs.csv and hours.csv where they were asked for")
@document_options
@workers_options("failures")
def command(file: Path, as_json: bool, csv_folder: Path | None, is_whole: bool, **options: Any) -> int:  # fmt: skip
    """Let everything in SYSTEM fail, one thing after the other, and rank the failures by what they do to the users."""
    if options["why"] is not None and as_json:
        raise click.UsageError("--why and --json exclude one another: the JSON has the paths.")
    if options["component"] is not None and not options["has_hours"]:
        raise click.UsageError("--component names the failure for --by-start-hour; --why ID tells how one spreads.")
    if options["has_hours"] and options["trials"] > 1:
        raise click.UsageError("--by-start-hour takes the medians: leave out --trials.")

    result = _run(file, is_whole, options)
    if as_json:
        click.echo(result.to_json())
    else:
        _print(result, is_whole, options)
    written = []
    if csv_folder is not None:
        from impactsim.reports.rank.forms import write_tables  # pandas takes longer than a ranking

        written = write_tables(result.facts, csv_folder)
    written += write_documents(result, options["html"], options["markdown"])
    if written and not as_json:
        click.echo("\n" + "\n".join(f"written: {path}" for path in written))
    return 0 if result.facts.is_complete else INTERRUPTED


def _run(file: Path, is_whole: bool, options: dict[str, Any]) -> Ranking:
    from impactsim.cli.progress import Progress, say
    from impactsim.files.reading import load_system_or_scenario
    from impactsim.reports.rank.asked import unknown_names
    from impactsim.trials.workers import WorkersError
    from impactsim.workflow import rank

    loaded = load_system_or_scenario(file)
    asked = _asked(is_whole, options)
    for option, wrong in unknown_names(loaded.system, asked):
        raise click.BadParameter(wrong, param_hint=f"'--{option}'")
    says_slow = find_spec("numba") is None and options["scheduler"] is None
    try:
        with Progress("", False, says_slow, "failures") as progress:
            result = rank(
                loaded, asked, workers=options["workers"], scheduler=options["scheduler"], on_progress=progress
            )
    except WorkersError as error:
        raise click.UsageError(str(error)) from error
    say(result.notes)
    return result


def _asked(is_whole: bool, options: dict[str, Any]) -> Asked:
    from impactsim.reports.rank.asked import Asked
    from impactsim.trials.cases import Ends

    return Asked(
        kinds=options["kinds"],
        ends=Ends(for_ms=options["for_ms"], horizon_ms=options["horizon_ms"]),
        starts=options["starts"],
        trials=options["trials"],
        seed=options["seed"],
        by=options["by"],
        service=options["service"],
        n_shown=_MOST_EXPLAINED if is_whole else options["top"] or _N_EXPLAINED,
        shown=() if options["why"] is None else (options["why"],),
        has_pairs=options["has_pairs"],
        most_pairs=options["most_pairs"],
        has_hours=options["has_hours"],
        component=options["component"],
        zone=options["zone"],
    )


def _print(result: Ranking, is_whole: bool, options: dict[str, Any]) -> None:
    screen = screen_of_output(is_whole)
    facts = result.facts
    if options["why"] is not None:
        from impactsim.reports.rank.text import spread_lines

        if all(each.id != options["why"] for each in facts.ranking):
            raise click.BadParameter(f"'{options['why']}' is not among the kinds asked for", param_hint="'--why'")
        lines = spread_lines(facts, options["why"], screen_of_output(is_whole=True))
    elif options["has_hours"]:
        from impactsim.reports.rank.hours import hours_text

        lines = hours_text(facts, screen)
    else:
        from impactsim.reports.rank.text import rank_text

        lines = rank_text(facts, screen, options["top"])
    click.echo("\n".join(lines), color=True)
