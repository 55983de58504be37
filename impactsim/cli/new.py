"""`impactsim new`: a small commented example to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from impactsim.files.writing import write_new

NAMES = ("system.yaml", "scenario.yaml", "plan.yaml")
"""The files of the example."""


@click.command("new")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
def command(directory: Path) -> int:
    """Write a small commented system, scenario and recovery plan into DIR.

    DIR is made if it is not there. No file is ever overwritten: if one of the names is taken, nothing is written.
    """
    texts = {directory / name: (files("impactsim") / "starter" / name).read_text("utf-8") for name in NAMES}
    taken = [str(path) for path in texts if path.exists() or path.is_symlink()]
    if taken:
        click.echo(f"impactsim: {' and '.join(taken)} already there; nothing has been written", err=True)
        return 1
    directory.mkdir(parents=True, exist_ok=True)
    write_new(texts)
    for path in texts:
        click.echo(f"wrote {path}")
    click.echo(f"next: impactsim run {directory / 'scenario.yaml'}, then impactsim review {directory / 'plan.yaml'}")
    return 0
