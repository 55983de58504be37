"""`impactsim gaps`: what is missing in a system, what matters most first."""

from __future__ import annotations

from pathlib import Path

import click

from impactsim.cli.options import output_options, top_option
from impactsim.cli.screen import screen_of_output

KINDS = (
    "no-restore-time", "no-users", "single-feed", "unknown-operator", "seen-not-declared", "declared-never-seen", "guessed", "no-rate",
    "unknown-kind", "queue-without-buffer", "replicas-needed", "no-backup-age",
)  # fmt: skip
"""What ``--kind`` takes; the help works without the rest."""

_HELP = """\
List what is missing in SYSTEM, ranked by how much the missing fact could change the answer: whom to ask what first.

Each line is one question to one person: what is missing, the user-minutes a year that hang on the answer, the evidence (-)
and the question (>). What hangs on it is the loss of a year between the two ends of what is plausible, with everything else
as it is written. Below stands what to fill in, for a layer of your own. SYSTEM may be a scenario: then its system with its
changes counts.

\b
  impactsim gaps cmdb.yaml                               what should we ask first?
  impactsim gaps cmdb.yaml --all                         everything, with each component
  impactsim gaps cmdb.yaml --kind seen-not-declared      calls that were seen, and that nobody declared
  impactsim gaps cmdb.yaml --yaml > ours.yaml            a layer to fill in, with the questions as comments
  impactsim gaps cmdb.yaml --json | jq '.gaps[0]'        the question that matters most

Exit status: 0 done, whether or not anything is missing, 1 problems found in the file, 2 used wrongly.
"""


@click.command("gaps", help=_HELP)
@click.argument("file", metavar="SYSTEM", type=click.Path(path_type=Path))
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(KINDS),
    metavar="KIND",
    multiple=True,
    help=f"List gaps of this kind only: {', '.join(KINDS)}. Repeatable.",
)
@click.option(
    "--yaml", "as_yaml", is_flag=True, help="Print a layer to fill in instead, for the first 20 gaps or --top N."
)
@top_option("gaps")
@output_options("gaps.csv and parts.csv")
def command(
    file: Path,
    kinds: tuple[str, ...],
    as_yaml: bool,
    top: int | None,
    is_whole: bool,
    as_json: bool,
    csv_folder: Path | None,
) -> int:
    """List what is missing, what matters most first."""
    from impactsim.workflow import find_gaps

    if as_yaml and as_json:
        raise click.UsageError("--yaml and --json are two forms of one thing: leave one out")
    result = find_gaps(file, kinds)
    if as_json:
        click.echo(result.to_json())
    elif as_yaml:
        click.echo(result.to_yaml(top or 20, is_whole=is_whole), nl=False)
    else:
        from impactsim.reports.gaps.text import gaps_text

        click.echo("\n".join(gaps_text(result.facts, screen_of_output(is_whole), top)), color=True)
    if csv_folder is not None:
        from impactsim.reports.gaps.csv_form import write_tables

        written = write_tables(result.facts, csv_folder)
        if not as_json and not as_yaml:
            click.echo("\n" + "\n".join(f"written: {path}" for path in written))
    return 0
