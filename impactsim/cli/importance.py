"""`impactsim importance`: how much each failure matters to a service, or to all users."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from impactsim.cli.options import chance_options, names_demanded, output_options, top_option
from impactsim.cli.screen import screen_of_output

_HELP = """\
Say how much each component and common cause matters to SERVICE, or without one to the user-minutes lost a year of all
services. SYSTEM may be a scenario: then its system with its changes counts.

\b
  Birnbaum        how much likelier the service is down if this has failed than if it has not
  Fussell-Vesely  the share of the figure that would be gone if this never failed
  RAW             risk achievement worth: how many times as likely, if this has failed
  RRW             risk reduction worth: how many times as likely as it would be if this never failed
  user-minutes    a year, that would not be lost if this never failed

\b
  impactsim importance shop.yaml                          what costs the users most?
  impactsim importance shop.yaml checkout                 and of this service?
  impactsim importance shop.yaml checkout --sort raw      what must not fail?

Exit status: 0 done, 1 problems found in the file, 2 used wrongly.
"""


@click.command("importance", help=_HELP)
@click.argument("file", metavar="SYSTEM", type=click.Path(path_type=Path))
@click.argument("service", metavar="[SERVICE]", required=False)
@click.option(
    "--sort",
    type=click.Choice(["birnbaum", "fv", "raw", "rrw", "user-minutes"]),
    help="Which figure comes first; by Fussell-Vesely unless given, without SERVICE by user-minutes.",
)
@chance_options
@top_option()
@output_options("importance.csv")
def command(file: Path, service: str | None, as_json: bool, csv_folder: Path | None, **options: Any) -> int:
    """Say how much each failure matters to a service, or to all users."""
    from impactsim.exact.propagation import Criterion
    from impactsim.workflow import importance

    criterion = Criterion.DEGRADED if options["is_degraded"] else Criterion.DOWN
    with names_demanded():
        result = importance(file, service, criterion=criterion, sort=options["sort"], unknown=options["unknown"])
    if as_json:
        click.echo(result.to_json())
    else:
        from impactsim.reports.exact.importance_text import importance_text

        lines = importance_text(result.facts, screen_of_output(options["is_whole"]), options["top"])
        click.echo("\n".join(lines), color=True)
    if csv_folder is not None:
        from impactsim.reports.exact.forms import write_importances

        written = write_importances(result.facts, csv_folder)
        if not as_json:
            click.echo("\n" + "\n".join(f"written: {path}" for path in written))
    return 0
