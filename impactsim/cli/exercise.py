"""`impactsim exercise`: a tabletop pack from one simulated run of a plan."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from impactsim.cli.documents import document_options, write_texts
from impactsim.cli.findings import as_of_option
from impactsim.cli.options import names_demanded

if TYPE_CHECKING:
    from impactsim.exercise.document import Reader

_HELP = """\
Make a tabletop exercise of a disaster-recovery PLAN and one of its scenarios: what people are told when, with a surprise; the
questions to ask, what is expected of them, draft notices, what the exercise should find, a scoring sheet, and the form of a report
afterwards. All of it comes from one simulated run.

A part is for the facilitator, who sees causes and all that comes; the other is for participants, who see neither; the cards say what
is heard with each inject, and are handed out one by one. Without --html, --markdown and --json it is printed as Markdown.

\b
  impactsim exercise plan.yaml --scenario fire.yaml                             on the screen
  impactsim exercise plan.yaml --scenario fire --html pack.html                 a page to print
  impactsim exercise plan.yaml --scenario fire --for participants --html handout.html
  impactsim exercise plan.yaml --scenario fire --for cards --html cards.html    to print and cut
  impactsim exercise plan.yaml --scenario "Fire in the east hall" --trial 7     another course of the same

A scenario is named by its name, its file as the plan says it, or the name of that file with or without its ending. The run is that of
the medians if something surprises in it, else that of the first 20 trials in which most does; --trial takes another.

Exit status: 0 done, 1 problems found in the files, 2 used wrongly.
"""


@click.command("exercise", help=_HELP)
@click.argument("file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--scenario", metavar="S", required=True, help="Which scenario of the plan is played.")
@click.option("--trial", metavar="I", type=click.IntRange(min=0), help="Make it of this trial, from 0.")
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), help="Seed of all that is drawn; the plan's own unless given."
)
@click.option(
    "--for",
    "reader",
    type=click.Choice(["facilitator", "participants", "cards", "both"]),
    default="both",
    show_default=True,
    help="Which part is written, with --json too: cards are what is heard with each inject, to hand out one by one.",
)
@as_of_option
@document_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many trials to work on at a time; all cores of this machine unless given.",
)
def command(file: Path, scenario: str, reader: Reader, as_json: bool, **options: Any) -> int:
    """Make a tabletop exercise of a plan and one of its scenarios."""
    from impactsim.cli.progress import Progress, say
    from impactsim.workflow.exercises import exercise_plan

    asked = {key: options[key] for key in ("trial", "seed", "as_of", "workers")}
    with names_demanded(), Progress("", False, find_spec("numba") is None) as progress:
        result = exercise_plan(file, scenario, on_progress=progress, **asked)
    say(result.notes)
    documents = (lambda: result.to_html(reader), lambda: result.to_markdown(reader))
    written = write_texts(options["html"], options["markdown"], *documents)
    if as_json:
        click.echo(result.to_json(reader))
    elif written:
        click.echo("\n".join(f"written: {path}" for path in written))
    else:
        click.echo(result.to_markdown(reader), nl=False)
    return 0
