"""`impactsim run`: who is affected by a scenario, for how long and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from impactsim.cli.screen import screen_of_output

if TYPE_CHECKING:
    from impactsim.reports.facts import Facts
    from impactsim.workflow import Result

_ENDINGS = (".svg", ".png")


def _picture(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:  # noqa: ARG001
    if value is not None and value.suffix.lower() not in _ENDINGS:
        raise click.BadParameter(f"'{value}' does not end in {' or '.join(_ENDINGS)}")
    return value


_HELP = """\
Say who is affected by each SCENARIO, for how long and why.

The first lines are the answer: services down, users affected (an estimate with its bounds), for how long, and what
is not restored by the end. Then follow the time line, services and users, why, recovery deadlocks, data lost, repairs
that wait, what is kept up by a reserve and until when, what is not affected and why not, and what all this rests
on. It is cut to one screen unless --all is given; what was cut is counted.

\b
  impactsim run fire.yaml                      the answer on one screen
  impactsim run fire.yaml --why checkout       the whole chain behind one service
  impactsim run fire.yaml --plot fire.svg      and a picture of it
  impactsim run *.yaml --json | jq .users      one JSON object a line
  impactsim run *.yaml --csv tables/           and tables for a spreadsheet

Uncertain quantities take their medians. Where the scenario says when it starts, times are clock times in its own
offset, else hours and minutes from the start. Colour appears on terminals only, and not if NO_COLOR is set.

Exit status: 0 done, 1 problems found (nothing was run), 2 used wrongly.
"""


@click.command("run", help=_HELP)
@click.argument("files", nargs=-1, required=True, metavar="SCENARIO...", type=click.Path(path_type=Path))
@click.option(
    "--why",
    metavar="SERVICE",
    help="Print why this service (any component, id or name) was not up, back to what failed first.",
)
@click.option("--all", "is_whole", is_flag=True, help="Print everything, however long.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead, one object a line for each scenario.")
@click.option(
    "--csv",
    "csv_folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write components.csv, levels.csv, users.csv and timeline.csv.",
)
@click.option(
    "--plot",
    "picture",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_picture,
    help="Also draw levels and affected users over time: FILE.svg or FILE.png. One scenario only.",
)
def command(
    files: tuple[Path, ...],
    why: str | None,
    is_whole: bool,
    as_json: bool,
    csv_folder: Path | None,
    picture: Path | None,
) -> int:
    """Say who is affected by each SCENARIO, for how long and why."""
    if why is not None and as_json:
        raise click.UsageError("--why and --json exclude one another: the JSON has the chains of all components.")
    if picture is not None and len(files) > 1:
        raise click.UsageError("--plot draws one scenario: name only one.")

    from impactsim.workflow import run_files  # the help works without it

    results = run_files(files)
    if why is not None:
        _print_why([result.facts for result in results], why)
    elif as_json:
        _print_json(results)
    else:
        _print_reports(results, is_whole)
    _write_files([result.facts for result in results], csv_folder, picture, as_json)
    return 0


def _print_reports(results: list[Result], is_whole: bool) -> None:
    from impactsim.reports.text import report

    screen = screen_of_output(is_whole)
    for i, result in enumerate(results):
        if i:
            click.echo("\n" + "=" * min(screen.columns, 80) + "\n")
        click.echo("\n".join(report(result.facts, screen, _notes(result))), color=True)


def _notes(result: Result) -> list[str]:
    trials = result.loaded.scenario.trials
    if trials == 1:
        return []
    return [
        f"The scenario asks for {trials:,} trials; this version runs it once, with the median of all that is uncertain"
    ]


def _print_why(runs: list[Facts], name: str) -> None:
    from impactsim.reports.chain import component_called, explanation, nearest

    screen = screen_of_output(is_whole=True)
    reports = []
    for facts in runs:
        component = component_called(facts, name)
        if component is None:
            near = nearest(facts, name)
            meant = (
                f"; did you mean {' or '.join(near)}?" if near else f"; there are {len(facts.components)}, see --all"
            )
            raise click.BadParameter(f"no component is called '{name}'{meant}", param_hint="'--why'")
        reports.append("\n".join(explanation(facts, component, screen)))
    click.echo("\n\n".join(reports), color=True)


def _print_json(results: list[Result]) -> None:
    for result in results:
        click.echo(result.to_json())


def _write_files(runs: list[Facts], csv_folder: Path | None, picture: Path | None, is_quiet: bool) -> None:
    """Write what was asked for, and say so unless the output is read by a program."""
    written: list[Path] = []
    if csv_folder is not None:
        from impactsim.reports.csv_form import write_tables  # pandas takes longer than a run

        written += write_tables(runs, csv_folder)
    if picture is not None:
        from impactsim.reports.plot import draw  # so does matplotlib

        if not draw(runs[0], picture):
            click.echo(f"{picture}: no font here has some of its letters; an .svg leaves them to its viewer", err=True)
        written.append(picture)
    if written and not is_quiet:
        click.echo("\n" + "\n".join(f"written: {path}" for path in written))
