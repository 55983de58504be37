"""`impactsim check`: every problem in systems, scenarios and recovery plans."""

from __future__ import annotations

from pathlib import Path

import click

from impactsim.cli.main import one_line
from impactsim.files.reading import check_files
from impactsim.problems import Problem


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def command(files: tuple[Path, ...]) -> int:
    """Print every problem in systems, scenarios and recovery plans, all at once.

    Each FILE is a system, a scenario or a plan, YAML or JSON; the files that a scenario or a plan names are checked with
    it. A problem is printed as file:line: path: fault; remedy [code]. Warnings do not stop a run.

    Exit status: 0 no errors, 1 errors found, 2 used wrongly.
    """
    problems = check_files(files)
    for problem in problems:
        click.echo(one_line(str(problem)))
    click.echo(_summary(len(files), problems))
    return int(any(problem.severity == "error" for problem in problems))


def _summary(n_files: int, problems: list[Problem]) -> str:
    n_errors = sum(problem.severity == "error" for problem in problems)
    counts = [_counted(n_errors, "error")] if n_errors else ["no errors"]
    if n_errors < len(problems):
        counts.append(_counted(len(problems) - n_errors, "warning"))
    return f"{_counted(n_files, 'file')} checked: {', '.join(counts)}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
