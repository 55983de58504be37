"""`impactsim choose-backup`: which candidate is the most independent backup."""

from __future__ import annotations

from pathlib import Path

import click

from impactsim.cli.options import names_demanded, output_options, read_chance
from impactsim.cli.screen import screen_of_output

_HELP = """\
Say which CANDIDATE (ids of components) would be the most independent backup for GROUP, the component that has the standby
group: what each would add to the group, what each pair shares, and how likely both are down at once.

\b
  impactsim choose-backup shop.yaml checkout isp-lte isp-cable isp-satellite

SYSTEM may be a scenario: then its system with its changes counts.

Exit status: 0 done, 1 problems found in the file, 2 used wrongly.
"""


@click.command("choose-backup", help=_HELP)
@click.argument("file", metavar="SYSTEM", type=click.Path(path_type=Path))
@click.argument("group", metavar="GROUP")
@click.argument("candidates", metavar="CANDIDATE...", nargs=-1, required=True)
@click.option(
    "--assume",
    "unknown",
    metavar="P",
    callback=read_chance,
    help="Probability, such as 0.1%, of what nobody says how often it fails; 0 unless given.",
)
@output_options("additions.csv and pairs.csv")
def command(
    file: Path,
    group: str,
    candidates: tuple[str, ...],
    unknown: float,
    is_whole: bool,
    as_json: bool,
    csv_folder: Path | None,
) -> int:
    """Say which candidate is the most independent backup."""
    from impactsim.workflow import choose_backup

    with names_demanded():
        result = choose_backup(file, group, tuple(dict.fromkeys(candidates)), unknown=unknown)
    if as_json:
        click.echo(result.to_json())
    else:
        from impactsim.reports.exact.choice_text import choice_text

        click.echo("\n".join(choice_text(result.system, result.choice, screen_of_output(is_whole))), color=True)
    if csv_folder is not None:
        from impactsim.reports.exact.forms import write_choice

        written = write_choice(result.choice, csv_folder)
        if not as_json:
            click.echo("\n" + "\n".join(f"written: {path}" for path in written))
    return 0
