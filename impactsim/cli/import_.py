"""`impactsim import`: systems out of documents of foreign formats, a command each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from impactsim.cli.main import one_line

if TYPE_CHECKING:
    from impactsim.model.system import System
    from impactsim.problems import Problem

    Importer = Callable[[bytes, str], tuple[System | None, list[Problem]]]


@click.group("import")
def command() -> None:
    """Write a system from a document of another format.

    What cannot be read is refused by name and line, all at once, and then nothing is written.
    """


_document = click.argument("document", metavar="FILE", type=click.Path(path_type=Path))
_out = click.option(
    "--out",
    metavar="SYSTEM",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to write, such as system.yaml. No file is ever overwritten.",
)


@command.command("open-psa", short_help="A coherent fault tree of the Open-PSA Model Exchange Format.")
@_document
@_out
def open_psa(document: Path, out: Path) -> int:
    """Read a coherent fault tree of the Open-PSA Model Exchange Format.

    Gates become components that never fail by themselves, those at the top services; basic events become components
    that fail with their probability. Read are and, or, atleast, constants, house events and probabilities that are
    numbers.

    Exit status: 0 done, 1 problems found (nothing was written), 2 used wrongly.
    """
    from impactsim.importers.open_psa import import_open_psa

    return _convert(document, out, import_open_psa)


def _convert(document: Path, out: Path, importer: Importer) -> int:
    """Read a document, tell what is doubtful about it, and write the system."""
    from impactsim.files.opening import LIMIT_BYTES
    from impactsim.files.system_text import system_text
    from impactsim.files.writing import write_new
    from impactsim.problems import InvalidInput

    if out.exists() or out.is_symlink():
        click.echo(f"impactsim: {out} already there; nothing has been written", err=True)
        return 1
    with document.open("rb") as stream:
        content = stream.read(LIMIT_BYTES + 1)  # the importer refuses what is longer
    system, problems = importer(content, str(document))
    if system is None:
        raise InvalidInput(problems)
    for problem in problems:
        click.echo(one_line(str(problem)), err=True)
    write_new({out: system_text(system)})
    click.echo(one_line(f"wrote {out}: {_contents(system)}"))
    return 0


def _contents(system: System) -> str:
    n_services = sum(each.kind == "service" for each in system.components.values())
    n = len(system.components)
    return f"{n:,} component{'' if n == 1 else 's'}, {n_services:,} of them {'a service' if n_services == 1 else 'services'}"
