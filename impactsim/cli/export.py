"""`impactsim export`: systems as documents of foreign formats, a command each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from impactsim.cli.main import one_line

if TYPE_CHECKING:
    from impactsim.model.system import System


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


def _graph_command(name: str, short_help: str, about: str, text_of: Callable[[System], tuple[str, list[str]]]) -> None:
    """Add a command that writes a whole system as one text."""

    @command.command(
        name,
        short_help=short_help,
        help=f"{about}\n\nWhat the format cannot hold is told on standard error.\n\nExit status: 0 done, 1 problems found (nothing was written), 2 used wrongly.",
    )
    @_system
    @_out
    def write(file: Path, out: Path | None) -> int:
        from impactsim.files.reading import load_system

        text, remarks = text_of(load_system(file).system)
        _tell(remarks)
        return _write(text, out)


def _graphml(system: System) -> tuple[str, list[str]]:
    from impactsim.exporters import flat, graphs

    return graphs.graphml_text(system), flat.not_carried(system)


def _node_link(system: System) -> tuple[str, list[str]]:
    from impactsim.exporters import flat, graphs

    return graphs.node_link_text(system), flat.not_carried(system)


def _dot(system: System) -> tuple[str, list[str]]:
    from impactsim.exporters import flat, graphs

    return graphs.dot_text(system), flat.not_carried(system)


def _mermaid(system: System) -> tuple[str, list[str]]:
    from impactsim.exporters.mermaid import mermaid_text

    return mermaid_text(system)


def _backstage(system: System) -> tuple[str, list[str]]:
    from impactsim.exporters.backstage import backstage_text

    return backstage_text(system)


_AGAIN = "`impactsim import {0}` makes the same components and needs of it again."
_graph_command(
    "graphml",
    "Components and needs as GraphML, for yEd, Gephi and networkx.",
    f"Write components and needs as GraphML, for yEd, Gephi and networkx. {_AGAIN.format('graphml')}",
    _graphml,
)
_graph_command(
    "dot",
    "Components and needs as DOT, for Graphviz.",
    f"Write components and needs as DOT, for Graphviz. {_AGAIN.format('dot')}",
    _dot,
)
_graph_command(
    "node-link",
    "Components and needs as node-link JSON, for networkx and D3.",
    f"Write components and needs as node-link JSON, for networkx and D3. {_AGAIN.format('node-link')}",
    _node_link,
)
_graph_command(
    "mermaid",
    "Components and needs as a Mermaid flowchart, for a README.",
    "Write components and needs as a Mermaid flowchart, for a README or a wiki. It is a picture, which cannot be imported again.",
    _mermaid,
)
_graph_command(
    "backstage",
    "Components and needs as entities of a Backstage catalogue.",
    "Write components and needs as entities of a Backstage catalogue, YAML.",
    _backstage,
)


@command.command("csv", short_help="Components and needs as two tables, for spreadsheets.")
@_system
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder for nodes.csv and edges.csv; it is made if it is not there. No file is ever overwritten.",
)
def csv_(file: Path, out: Path | None) -> int:
    """Write components and needs as two tables, nodes.csv and edges.csv.

    `impactsim import table DIR` makes the same components and needs of them again. Text that a spreadsheet would take for a
    formula gets an apostrophe before it.

    Exit status: 0 done, 1 problems found (nothing was written), 2 used wrongly.
    """
    from impactsim.exporters import flat, tables
    from impactsim.files.reading import load_system

    if out is None:
        raise click.UsageError("two tables do not fit into one output; name a folder for them with --out DIR")
    system = load_system(file).system
    _tell(flat.not_carried(system))
    return _write_into(out, tables.csv_texts(system))


def _tell(remarks: Iterable[str]) -> None:
    for remark in remarks:
        click.echo(one_line(f"impactsim: {remark}"), err=True)


def _write(text: str, out: Path | None) -> int:
    """Write a document to a new file or to standard output."""
    from impactsim.files.writing import write_new

    if out is None:
        click.echo(text, nl=False)
        return 0
    if _is_there(out):
        return 1
    write_new({out: text})
    click.echo(one_line(f"wrote {out}"))
    return 0


def _write_into(folder: Path, texts: Mapping[str, str]) -> int:
    """Write files into a folder, all or none."""
    from impactsim.files.writing import write_new

    files = {folder / name: text for name, text in texts.items()}
    if sum(_is_there(path) for path in files):
        return 1
    folder.mkdir(exist_ok=True)
    write_new(files)
    click.echo(one_line(f"wrote {' and '.join(map(str, files))}"))
    return 0


def _is_there(path: Path) -> bool:
    """Say so if something is there already."""
    is_there = path.exists() or path.is_symlink()
    if is_there:
        click.echo(one_line(f"impactsim: {path} already there; nothing has been written"), err=True)
    return is_there
