"""`impactsim compare`: what-ifs side by side."""

from __future__ import annotations

from pathlib import Path

import click

from impactsim.cli.screen import screen_of_output

_HELP = """\
Run scenarios and put them side by side, each with its difference from the first.

The first SCENARIO is what the others are compared with. A what-if is a scenario with `changes`, or one with another
system. In brackets stands the difference: services down, users affected, user-minutes lost, time down.

\b
  impactsim compare duct-cut.yaml duct-cut-second-way.yaml
  impactsim compare today.yaml with-generator.yaml two-sites.yaml --json
  impactsim compare today.yaml with-generator.yaml --csv figures.csv

Exit status: 0 done, 1 problems found (nothing was run), 2 used wrongly.
"""


@click.command("compare", help=_HELP)
@click.argument("files", nargs=-1, required=True, metavar="SCENARIO SCENARIO...", type=click.Path(path_type=Path))
@click.option("--all", "is_whole", is_flag=True, help="Print every service that differs, however many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
@click.option(
    "--csv",
    "csv_file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the figures as a table: one row a figure, one column a scenario.",
)
def command(files: tuple[Path, ...], is_whole: bool, as_json: bool, csv_file: Path | None) -> int:
    """Run scenarios and put them side by side, each with its difference from the first."""
    if len(files) < 2:
        raise click.UsageError("name at least two scenarios to compare.")

    from impactsim.reports.compare import comparison_object, comparison_text  # the help works without
    from impactsim.workflow import run_files

    runs = [result.facts for result in run_files(files)]
    if as_json:
        from impactsim.reports.json_form import one_line

        click.echo(one_line(comparison_object(runs)))
    else:
        screen = screen_of_output(is_whole)
        lines = comparison_text(runs, screen.columns, None if is_whole else 20, screen.paint)
        click.echo("\n".join(lines), color=True)
    if csv_file is not None:
        from impactsim.reports.csv_form import write_table  # pandas takes longer than a run
        from impactsim.reports.frames import comparison_frame

        write_table(comparison_frame(runs), csv_file)
        if not as_json:
            click.echo(f"\nwritten: {csv_file}")
    return 0
