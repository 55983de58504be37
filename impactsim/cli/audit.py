"""`impactsim audit`: what backups share, what takes a service down, whether all can start again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from impactsim.cli.documents import document_options, write_documents
from impactsim.cli.findings import fail_on_option, status_of
from impactsim.cli.options import chance_options, names_demanded, output_options, top_option
from impactsim.cli.screen import screen_of_output

_HELP = """\
Find what is wrong with the structure of SYSTEM before anything fails, without a clock: what a single failure takes down,
what the members of a backup share, whether all can start again, whose repair needs what has failed, what rests on whom.

The first line is the answer. Then follow the findings by kind, numbered by what they cost in an average year, each with its
evidence (-) and a remedy (>), and the services: how likely each is down, in how many ways. SYSTEM may be a scenario: then
its system with its changes counts.

\b
  impactsim audit shop.yaml                                what is wrong with it?
  impactsim audit shop.yaml --service checkout --all       of one service, everything
  impactsim audit shop.yaml --scenario power-cut.yaml      which backups are down when they are needed?
  impactsim audit shop.yaml --what-if second-line.yaml     what does this change close and open?
  impactsim audit shop.yaml --fail-on high                 for pipelines: exit status 1 if anything is that bad
  impactsim audit shop.yaml --html audit.html              a report to print and to pass on
  impactsim audit shop.yaml --json | jq '.findings[0]'     the worst of them

A file for --what-if holds `name` and `changes` (as a scenario does), or a list of such what-ifs. How often things fail is
what `fails` and `time_to_restore` say; of what says nothing, --assume gives a probability.

Exit status: 0 done, 1 problems found in the files, or a finding for --fail-on, 2 used wrongly.
"""


@click.command("audit", help=_HELP)
@click.argument("file", metavar="SYSTEM", type=click.Path(path_type=Path))
@click.option("--service", "services", metavar="ID", multiple=True, help="Look at this service only. Repeatable.")
@click.option(
    "--scenario",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also run this scenario of the system: which backups are down when they are needed, from when, and through what?",
)
@fail_on_option
@click.option(
    "--what-if",
    "what_ifs",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Also say what the changes in this file would close and open. Repeatable.",
)
@click.option(
    "--order",
    metavar="N",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Tell all minimal cut sets of up to so many failures.",
)
@chance_options
@top_option("findings")
@document_options
@output_options("findings.csv, services.csv and cutsets.csv")
def command(file: Path, as_json: bool, csv_folder: Path | None, is_whole: bool, **options: Any) -> int:
    """Say what backups share, what takes a service down, and whether all can start again."""
    from impactsim.audit.asked import AuditAsked
    from impactsim.exact.propagation import Criterion
    from impactsim.workflow import audit_system

    asked = AuditAsked(
        services=tuple(dict.fromkeys(options["services"])),
        criterion=Criterion.DEGRADED if options["is_degraded"] else Criterion.DOWN,
        order=options["order"],
        unknown=options["unknown"],
    )
    with names_demanded():
        result = audit_system(file, asked, scenario=options["scenario"], what_ifs=options["what_ifs"])
    if as_json:
        click.echo(result.to_json())
    else:
        from impactsim.reports.audit.text import audit_text

        lines = audit_text(result.facts, result.changes, screen_of_output(is_whole), options["top"])
        click.echo("\n".join(lines), color=True)
    written = []
    if csv_folder is not None:
        from impactsim.reports.audit.csv_form import write_tables

        written = write_tables(result.facts, csv_folder)
    written += write_documents(result, options["html"], options["markdown"])
    if written and not as_json:
        click.echo("\n" + "\n".join(f"written: {path}" for path in written))
    return status_of([finding.severity for finding in result.facts.findings], options["fail_on"])
