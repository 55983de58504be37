"""`impactsim export`: systems as documents of foreign formats, a command each."""

from __future__ import annotations

from pathlib import Path

import click

from impactsim.cli.main import one_line


@click.group("export")
def command() -> None:
    """Write a system, or a part of it, in another format."""


_system = click.argument("file", metavar="SYSTEM", type=click.Path(path_type=Path))
_out = click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file to write; standard output unless given. No file is ever overwritten.",
)


@command.command("open-psa", short_help="What takes a service down, as a fault tree.")
@_system
@click.argument("service", metavar="SERVICE")
@_out
@click.option("--degraded", is_flag=True, help="What leaves it below its full level, not only what takes it down.")
def open_psa(file: Path, service: str, out: Path | None, degraded: bool) -> int:
    """Write what takes SERVICE down as a fault tree of the Open-PSA Model Exchange Format.

    SERVICE is the id of any component. Delays, starts and repairs play no part in a fault tree. Gates are called g1 (the top), g2
    and so on, basic events by the component or common cause that fails.

    Exit status: 0 done, 1 problems found (nothing was written), 2 used wrongly.
    """
    from impactsim.audit.asked import UnknownName, demand_component
    from impactsim.audit.estate import Estate
    from impactsim.exact.propagation import Criterion
    from impactsim.exporters.open_psa import FaultTreeText
    from impactsim.files.reading import load_system

    loaded = load_system(file)
    try:
        demand_component(loaded.system, "service", service)
    except UnknownName as error:
        raise click.BadParameter(str(error), param_hint="'SERVICE'") from None
    estate = Estate(loaded.system)
    tree = FaultTreeText(estate, estate.event_of(service), Criterion.DEGRADED if degraded else Criterion.DOWN)
    if tree.unknown:
        names = ", ".join(estate.id_of(event) for event in tree.unknown[:5])
        more = f" and {len(tree.unknown) - 5:,} more" if len(tree.unknown) > 5 else ""
        click.echo(one_line(f"impactsim: without a probability: {names}{more}"), err=True)
    return _write(tree.text(), out)


def _write(text: str, out: Path | None) -> int:
    """Write a document to a new file or to standard output."""
    from impactsim.files.writing import write_new

    if out is None:
        click.echo(text, nl=False)
        return 0
    if out.exists() or out.is_symlink():
        click.echo(f"impactsim: {out} already there; nothing has been written", err=True)
        return 1
    write_new({out: text})
    click.echo(one_line(f"wrote {out}"))
    return 0
