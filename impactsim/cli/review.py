"""`impactsim review`: does a disaster-recovery plan hold?"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from impactsim.cli.documents import document_options, write_texts
from impactsim.cli.findings import as_of_option, fail_on_option, status_of
from impactsim.cli.options import output_options
from impactsim.cli.screen import screen_of_output
from impactsim.quantities import TRIALS_LIMIT

_HELP = """\
Hold the disaster-recovery PLAN against its system and its scenarios: what is achievable, what contradicts what, who restores
what in which order, and which of the listed changes would close the gaps.

The first line is the verdict. Then follow the services with their targets and the achievable times (of half of the trials, of
nine of ten), the findings DR01 to DR15 by severity with evidence (-) and remedy (>), for each scenario the steps in waves (* is
on a critical path), what starts only by hand, and the changes.

\b
  impactsim review plan.yaml                                     does it hold?
  impactsim review plan.yaml --as-of 2026-05-04                  the same again on any other day
  impactsim review plan.yaml --html report.html                  a report for management
  impactsim review plan.yaml --fail-on high                      for pipelines: exit status 1 if anything is that bad
  impactsim review plan.yaml --no-changes --trials 200           quickly
  impactsim review plan.yaml --json | jq '.findings[0]'          the worst of them

Exit status: 0 done, 1 problems found in the files, or a finding for --fail-on, 2 used wrongly.
"""


@click.command("review", help=_HELP)
@click.argument("file", metavar="PLAN", type=click.Path(path_type=Path))
@as_of_option
@click.option(
    "--trials",
    metavar="N",
    type=click.IntRange(1, TRIALS_LIMIT),
    help="How many trials of each scenario; as many as the plan says unless given.",
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), help="Seed of all that is drawn; the plan's own unless given."
)
@fail_on_option
@click.option("--no-changes", is_flag=True, help="Do not try what the changes of the plan would close.")
@document_options
@output_options()
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    help="How many trials to work on at a time; all cores of this machine unless given.",
)
def command(file: Path, as_json: bool, is_whole: bool, **options: Any) -> int:
    """Say whether a disaster-recovery plan holds."""
    from impactsim.cli.progress import Progress, say
    from impactsim.workflow.reviews import review_plan

    with Progress("", False, find_spec("numba") is None) as progress:
        result = review_plan(
            file,
            as_of=options["as_of"],
            trials=options["trials"],
            seed=options["seed"],
            workers=options["workers"],
            with_changes=not options["no_changes"],
            on_progress=progress,
        )
    say(result.notes)
    if as_json:
        click.echo(result.to_json())
    else:
        from impactsim.review.report.text import review_text

        click.echo("\n".join(review_text(result.facts, screen_of_output(is_whole))), color=True)
    written = write_texts(options["html"], options["markdown"], result.to_html, result.to_markdown)
    if written and not as_json:
        click.echo("\n" + "\n".join(f"written: {path}" for path in written))
    return status_of([finding.severity for finding in result.facts.findings], options["fail_on"])
