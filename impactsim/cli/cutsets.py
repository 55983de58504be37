"""`impactsim cutsets`: which failures together take a service down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from impactsim.cli.options import chance_options, names_demanded, output_options
from impactsim.cli.screen import screen_of_output

_HELP = """\
List the minimal cut sets of SERVICE (or of any other component, by its id): the sets of failures that take it down, and of
which no part would do. SYSTEM may be a scenario: then its system with its changes counts.

\b
  impactsim cutsets shop.yaml checkout                  the 20 smallest
  impactsim cutsets shop.yaml checkout --order 2        all of one or two failures
  impactsim cutsets shop.yaml checkout --likeliest 10   the ten most probable
  impactsim cutsets shop.yaml checkout --why            and how each failure reaches it
  impactsim cutsets shop.yaml checkout --count          only how many there are

Each list is complete in the sense that it states: no smaller, or no likelier, set is missing. Probabilities come from what
`fails` and `time_to_restore` say.

Exit status: 0 done, 1 problems found in the file, 2 used wrongly.
"""

_N_SETS = click.IntRange(1, 1_000_000)  # as many as are ever listed (`exact.up_to.MOST_SETS`)


@click.command("cutsets", help=_HELP)
@click.argument("file", metavar="SYSTEM", type=click.Path(path_type=Path))
@click.argument("component", metavar="SERVICE")
@click.option("--order", metavar="N", type=click.IntRange(min=1), help="All of up to so many failures.")
@click.option("--smallest", metavar="N", type=_N_SETS, help="So many of the smallest; 20 unless given.")
@click.option("--likeliest", metavar="N", type=_N_SETS, help="So many of the most probable.")
@chance_options
@click.option("--why", "has_paths", is_flag=True, help="Also print how each failure reaches the service.")
@click.option("--count", "is_count", is_flag=True, help="Print only how many there are, and how likely it is down.")
@output_options("cutsets.csv")
def command(file: Path, component: str, as_json: bool, csv_folder: Path | None, **options: Any) -> int:
    """List which failures together take a service down."""
    if sum(options[name] is not None for name in ("order", "smallest", "likeliest")) > 1:
        raise click.UsageError("--order, --smallest and --likeliest exclude one another.")
    from impactsim.exact.propagation import Criterion
    from impactsim.reports.exact.assemble import CutSetsAsked
    from impactsim.workflow import cutsets

    asked = CutSetsAsked(
        order=options["order"],
        smallest=options["smallest"],
        likeliest=options["likeliest"],
        criterion=Criterion.DEGRADED if options["is_degraded"] else Criterion.DOWN,
    )
    with names_demanded():
        result = cutsets(file, component, asked, unknown=options["unknown"])
    if as_json:
        click.echo(result.to_json())
    else:
        from impactsim.reports.exact.cutsets_text import count_lines, cut_sets_text

        screen = screen_of_output(options["is_whole"])
        is_count = options["is_count"]
        lines = (
            count_lines(result.facts, screen) if is_count else cut_sets_text(result.facts, screen, options["has_paths"])
        )
        click.echo("\n".join(lines), color=True)
    if csv_folder is not None:
        from impactsim.reports.exact.forms import write_cut_sets

        written = write_cut_sets(result.facts, csv_folder)
        if not as_json:
            click.echo("\n" + "\n".join(f"written: {path}" for path in written))
    return 0
