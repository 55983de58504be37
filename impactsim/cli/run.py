"""`impactsim run`: who is affected by a scenario, for how long and why."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from impactsim.cli.documents import document_options, refuse_many, write_documents
from impactsim.cli.options import INTERRUPTED, read_precision, workers_options
from impactsim.cli.screen import screen_of_output
from impactsim.quantities import TRIALS_LIMIT

if TYPE_CHECKING:
    from impactsim.files.loading import LoadedScenario
    from impactsim.reports.facts import Facts
    from impactsim.results import Result, SampledResult

_ENDINGS = (".svg", ".png")
_LAST_TRIAL = (1 << 40) - 1  # so many have a luck of their own


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
  impactsim run fire.yaml --html fire.html     a report to print and to pass on
  impactsim run *.yaml --json | jq .users      one JSON object a line
  impactsim run *.yaml --csv tables/           and tables for a spreadsheet
  impactsim run fire.yaml --trials 10000       how sure is that? with everything uncertain drawn
  impactsim run fire.yaml --precision 2%       as many trials as that takes
  impactsim run fire.yaml --trial 17 --why checkout    one of these trials alone, and why

A single run takes the median of every uncertain quantity. With more than one trial (--trials, --precision, or
`trials` in the scenario) each trial draws them anew, and every figure comes with its distribution and the interval
of its mean: chances of being down and of missing a target, times, users, data lost, and what drives the spread. The
figures depend on the scenario and the seed alone, not on the machine or the number of workers. Trials are counted
from 0. Ctrl-C prints what the trials done so far say, marked as incomplete.

Where the scenario says when it starts, times are clock times in its own offset, else hours and minutes from the
start. Colour appears on terminals only, and not if NO_COLOR is set.

Exit status: 0 done, 1 problems found (nothing was run), 2 used wrongly, 130 interrupted.
"""


@click.command("run", help=_HELP)
@click.argument("files", nargs=-1, required=True, metavar="SCENARIO...", type=click.Path(path_type=Path))
@click.option(
    "--why",
    metavar="SERVICE",
    help="Print why this service (any component, id or name) was not up, back to what failed first. Of a single run.",
)
@click.option("--all", "is_whole", is_flag=True, help="Print everything, however long.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead, one object a line for each scenario.")
@click.option(
    "--csv",
    "csv_folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write components.csv, levels.csv, users.csv and timeline.csv; of trials, trials-components.csv,"
    " trials-users.csv, trials-data.csv, trials-drivers.csv and trials-run.csv.",
)
@click.option(
    "--plot",
    "picture",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_picture,
    help="Also draw levels and affected users over time: FILE.svg or FILE.png. Of one scenario, of a single run.",
)
@document_options
@click.option(
    "--trials",
    metavar="N",
    type=click.IntRange(1, TRIALS_LIMIT),
    help="How many trials, instead of the scenario's own number; 1 is a single run with medians.",
)
@click.option(
    "--precision",
    metavar="SHARE",
    callback=read_precision,
    help="Stop as soon as the mean lost user-minutes (without users: the time until all services are restored) are known to"
    " this share of themselves, such as 2%; without --trials, after a million trials at the latest.",
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), help="Seed of all that is drawn, instead of the scenario's own."
)
@click.option(
    "--trial",
    metavar="I",
    type=click.IntRange(0, _LAST_TRIAL),
    help="Run trial I alone, as a single run with exactly the figures that it has among the others. The first is 0.",
)
@workers_options("trials")
def command(
    files: tuple[Path, ...],
    why: str | None,
    is_whole: bool,
    as_json: bool,
    csv_folder: Path | None,
    picture: Path | None,
    html: Path | None,
    markdown: Path | None,
    **sampling: Any,
) -> int:
    """Say who is affected by each SCENARIO, for how long and why."""
    if why is not None and as_json:
        raise click.UsageError("--why and --json exclude one another: the JSON has the chains of all components.")
    if picture is not None and len(files) > 1:
        raise click.UsageError("--plot draws one scenario: name only one.")
    refuse_many(html, markdown, files)
    _refuse_contradictions(sampling)

    from impactsim.files.reading import load_scenarios  # the help works without it

    scenarios = load_scenarios([str(path) for path in files])
    if why is not None or picture is not None:
        _refuse_many(scenarios, sampling, "--why explains" if why is not None else "--plot draws")
    results, is_complete = _run_all(scenarios, sampling)
    if why is not None:
        _print_why(_single(results), why)
    elif as_json:
        for result in results:
            click.echo(result.to_json())
    else:
        _print_reports(results, is_whole)
    written = _write_files(results, csv_folder, picture)
    for result in results:
        written += write_documents(result, html, markdown)
    _say_written(written, as_json)
    if len(results) < len(scenarios):
        click.echo(f"interrupted: {len(results)} of {len(scenarios)} scenarios were run", err=True)
    return 0 if is_complete else INTERRUPTED


def _refuse_contradictions(sampling: dict[str, Any]) -> None:
    if sampling["trial"] is not None and (sampling["trials"] is not None or sampling["precision"] is not None):
        raise click.UsageError("--trial runs one trial alone: leave out --trials and --precision.")
    if sampling["precision"] is not None and sampling["trials"] == 1:
        raise click.UsageError("--precision asks for an interval, which a single run has not: leave out --trials 1.")


def _is_sampled(loaded: LoadedScenario, sampling: dict[str, Any]) -> bool:
    if sampling["trial"] is not None:
        return False
    return sampling["precision"] is not None or (sampling["trials"] or loaded.scenario.trials) > 1


def _refuse_many(scenarios: Sequence[LoadedScenario], sampling: dict[str, Any], what: str) -> None:
    if any(_is_sampled(loaded, sampling) for loaded in scenarios):
        raise click.UsageError(
            f"{what} a single run: add --trial I for one of the trials (the first is 0; leave out --trials and"
            " --precision), or --trials 1 for the medians."
        )


def _run_all(
    scenarios: Sequence[LoadedScenario], sampling: dict[str, Any]
) -> tuple[list[Result | SampledResult], bool]:
    """Run scenarios until somebody interrupts; return what there is, and whether that is all."""
    results: list[Result | SampledResult] = []
    try:
        for loaded in scenarios:
            label = loaded.scenario.name if len(scenarios) > 1 else ""
            result, is_complete = _run_one(loaded, label, sampling)
            results.append(result)
            if not is_complete:
                return results, False
    except KeyboardInterrupt:
        if not results:
            raise
        return results, False
    return results, True


def _run_one(loaded: LoadedScenario, label: str, sampling: dict[str, Any]) -> tuple[Result | SampledResult, bool]:
    from impactsim.problems import ImpactsimError
    from impactsim.results import SampledResult
    from impactsim.workflow import run

    if not _is_sampled(loaded, sampling):
        return run(loaded, **sampling), True

    from impactsim.cli.progress import Progress, say

    says_slow = find_spec("numba") is None and sampling["scheduler"] is None
    try:
        with Progress(label, sampling["precision"] is not None, says_slow) as progress:
            result = run(loaded, **sampling, on_progress=progress)
    except ImpactsimError as error:  # nobody can run them in the way that was asked for
        raise click.UsageError(str(error)) from error
    assert isinstance(result, SampledResult)
    say(result.notes)
    return result, result.facts.is_complete


def _single(results: Sequence[Result | SampledResult]) -> list[Facts]:
    """Return the facts of the single runs."""
    from impactsim.results import Result

    return [result.facts for result in results if isinstance(result, Result)]


def _print_reports(results: Sequence[Result | SampledResult], is_whole: bool) -> None:
    from impactsim.results import Result

    screen = screen_of_output(is_whole)
    for i, result in enumerate(results):
        if i:
            click.echo("\n" + "=" * min(screen.columns, 80) + "\n")
        if isinstance(result, Result):
            from impactsim.reports.text import report

            lines = report(result.facts, screen)
        else:
            from impactsim.reports.sampled.text import report as sampled_report

            lines = sampled_report(result.facts, screen)
        click.echo("\n".join(lines), color=True)


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


def _write_files(
    results: Sequence[Result | SampledResult], csv_folder: Path | None, picture: Path | None
) -> list[Path]:
    """Write the tables and the picture that were asked for; return what was written."""
    written = [] if csv_folder is None else _write_tables(results, csv_folder)
    if picture is not None:
        from impactsim.reports.plot import draw  # matplotlib takes longer than a run

        if not draw(_single(results)[0], picture):
            click.echo(f"{picture}: no font here has some of its letters; an .svg leaves them to its viewer", err=True)
        written.append(picture)
    return written


def _say_written(written: Sequence[Path], is_quiet: bool) -> None:
    """Say what was written, unless the output is read by a program."""
    if written and not is_quiet:
        click.echo("\n" + "\n".join(f"written: {path}" for path in written))


def _write_tables(results: Sequence[Result | SampledResult], folder: Path) -> list[Path]:
    from impactsim.reports.csv_form import write_tables  # pandas takes longer than a run
    from impactsim.results import SampledResult

    written: list[Path] = []
    if single := _single(results):
        written += write_tables(single, folder)
    if sampled := [result.facts for result in results if isinstance(result, SampledResult)]:
        from impactsim.reports.sampled.csv_form import write_tables as write_sampled_tables

        written += write_sampled_tables(sampled, folder)
    return written
