"""`impactsim compare`: what-ifs side by side."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from impactsim.cli.documents import document_options, write_documents
from impactsim.cli.options import INTERRUPTED, workers_options
from impactsim.cli.screen import screen_of_output
from impactsim.quantities import TRIALS_LIMIT

if TYPE_CHECKING:
    import pandas as pd

    from impactsim.results import Comparison, SampledComparison

_N_SERVICES = 20

_HELP = """\
Run scenarios and put them side by side, each with its difference from the first.

The first SCENARIO is what the others are compared with. A what-if is a scenario with `changes`, or one with another
system. In brackets stands the difference: services down, users affected, user-minutes lost, time down.

\b
  impactsim compare duct-cut.yaml duct-cut-second-way.yaml
  impactsim compare today.yaml with-generator.yaml two-sites.yaml --json
  impactsim compare today.yaml with-generator.yaml --csv figures.csv
  impactsim compare today.yaml with-generator.yaml --html choice.html
  impactsim compare today.yaml with-generator.yaml --trials 2000

A single run takes the median of every uncertain quantity. With --trials, or if one of the scenarios has `trials`, all
of them are run with as many trials and with one seed (those of the first that has them). Trial by trial they share
the luck of all that they have in common, so that their difference is known much better than their figures; each
comes with its interval, and with the share of the trials in which it is better.

Exit status: 0 done, 1 problems found (nothing was run), 2 used wrongly, 130 interrupted.
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
    help="Also write the figures as a table: one row a figure, one column a scenario; of trials one row a figure and scenario.",
)
@document_options
@click.option(
    "--trials",
    metavar="N",
    type=click.IntRange(1, TRIALS_LIMIT),
    help="How many trials of each scenario, instead of their own number; 1 compares single runs with medians.",
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), help="Seed of all that is drawn, instead of the scenario's own."
)
@workers_options("trials")
def command(
    files: tuple[Path, ...],
    is_whole: bool,
    as_json: bool,
    csv_file: Path | None,
    html: Path | None,
    markdown: Path | None,
    **sampling: Any,
) -> int:
    """Run scenarios and put them side by side, each with its difference from the first."""
    if len(files) < 2:
        raise click.UsageError("name at least two scenarios to compare.")

    compared = _compare(files, sampling)
    if as_json:
        click.echo(compared.to_json())
    else:
        click.echo("\n".join(_lines(compared, is_whole)), color=True)
    if csv_file is not None:
        _write(compared.to_frame(), csv_file, as_json)
    written = write_documents(compared, html, markdown)
    if written and not as_json:
        click.echo("\n" + "\n".join(f"written: {path}" for path in written))
    from impactsim.results import SampledComparison

    is_cut = isinstance(compared, SampledComparison) and not compared.facts.is_complete
    return INTERRUPTED if is_cut else 0


def _compare(files: tuple[Path, ...], sampling: dict[str, Any]) -> Comparison | SampledComparison:
    """Compare, with a progress bar, and say how it was run if that is worth knowing."""
    from impactsim.problems import ImpactsimError, InvalidInput
    from impactsim.results import Comparison
    from impactsim.workflow import compare_files

    try:
        with _progress(sampling["scheduler"]) as progress:
            compared = compare_files(files, on_progress=progress, **sampling)
    except InvalidInput:
        raise
    except ImpactsimError as error:  # nobody can run them in the way that was asked for
        raise click.UsageError(str(error)) from error
    if isinstance(compared, Comparison):
        return compared

    from impactsim.cli.progress import say

    say(compared.notes)
    return compared


def _progress(scheduler: str | None) -> Any:
    from impactsim.cli.progress import Progress

    return Progress("", is_open=False, says_slow=scheduler is None and find_spec("numba") is None)


def _lines(compared: Comparison | SampledComparison, is_whole: bool) -> list[str]:
    from impactsim.results import Comparison

    screen = screen_of_output(is_whole)
    n_services = None if is_whole else _N_SERVICES
    if isinstance(compared, Comparison):
        from impactsim.reports.compare import comparison_text

        runs = [result.facts for result in compared.results]
        return comparison_text(runs, screen.columns, n_services, screen.paint)
    from impactsim.reports.sampled.compare_text import comparison_text as text_of_trials

    return text_of_trials(compared.facts, screen.columns, n_services, screen.paint)


def _write(table: pd.DataFrame, csv_file: Path, is_quiet: bool) -> None:
    from impactsim.reports.csv_form import write_table  # pandas takes longer than a run

    write_table(table, csv_file)
    if not is_quiet:
        click.echo(f"\nwritten: {csv_file}")
