"""`impactsim import`: systems out of documents of foreign formats, a command each."""

from __future__ import annotations

import importlib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from impactsim.cli.main import one_line

if TYPE_CHECKING:
    from impactsim.importers.formats import Format, Setting


class _Out(NamedTuple):
    """What is to be written, and what is to be said."""

    path: Path
    is_update: bool
    name: str | None
    show_all: bool


class _Formats(click.Group):
    """A command for each format, made of what the format says of itself."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_formats())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        formats = _formats()
        if cmd_name not in formats:
            near = get_close_matches(cmd_name, formats, 1)
            return ctx.fail(f"there is no format '{cmd_name}'; did you mean '{near[0]}'?") if near else None
        return _command_of(formats[cmd_name])


def _formats() -> dict[str, Format]:
    formats: dict[str, Format] = importlib.import_module("impactsim.importers.formats").FORMATS
    return formats


def _print_formats(ctx: click.Context, _parameter: click.Parameter, is_wanted: bool) -> None:
    """Print what each format can and cannot know."""
    if not is_wanted or ctx.resilient_parsing:
        return
    for each in _formats().values():
        click.echo(f"{each.name}: {each.title}")
        click.echo(f"  knows   {'; '.join(each.knows)}")
        click.echo(f"  cannot  {'; '.join(each.cannot_know)}")
    ctx.exit()


@click.group("import", cls=_Formats, subcommand_metavar="FORMAT FILE... --out SYSTEM")
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_formats,
    help="Print the formats, and what each can and cannot know.",
)
def command() -> None:
    """Write a system from documents of another tool.

    What cannot be read is refused by file and line, all at once, and then nothing is written.
    """


def _command_of(format_: Format) -> click.Command:
    knows = f"Knows: {'; '.join(format_.knows)}.\n\nCannot know: {'; '.join(format_.cannot_know)}."
    parameters: list[click.Parameter] = [
        click.Argument(["files"], metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path)),
        click.Option(
            ["--out"],
            metavar="SYSTEM",
            required=True,
            type=click.Path(path_type=Path),
            help="The file to write, such as imported.yaml. Without --update no file is ever overwritten.",
        ),
        click.Option(
            ["--update"],
            is_flag=True,
            help="Import again: write the layer anew, with the same settings, and print what came, went and changed.",
        ),
        click.Option(["--name"], metavar="TEXT", help="Name of the system; that of the first file unless given."),
        *map(_option_of, format_.settings),
        click.Option(["--all", "show_all"], is_flag=True, help="Print every warning, however many they are."),
    ]

    def run(  # one argument an option, and those of the format
        files: tuple[Path, ...], out: Path, update: bool, name: str | None, show_all: bool, **settings: Any
    ) -> int:
        given = {key: list(value) if isinstance(value, tuple) else value for key, value in settings.items()}
        wanted = {key: value for key, value in given.items() if value not in (None, [])}
        return _convert(format_, files, _Out(out, update, name, show_all), wanted)

    return click.Command(
        format_.name,
        params=parameters,
        callback=run,
        short_help=format_.title,
        help=f"Read {format_.title}.\n\n{knows}\n\nExit status: 0 done, 1 problems found (nothing was written), 2 used wrongly.",
    )


def _option_of(setting: Setting) -> click.Option:
    option = f"--{setting.name.replace('_', '-')}"
    usual = "" if setting.usual in (None, False) else f" [{_shown(setting)}]"
    if setting.kind == "flag":
        return click.Option([option], is_flag=True, default=None, help=setting.help)
    types: dict[str, tuple[Any, str | None]] = {
        "count": (click.IntRange(min=0), "N"),
        "share": (_ShareType(), "SHARE"),
        "choice": (click.Choice(setting.choices), None),
        "file": (str, "FILE"),
        "text": (str, "TEXT"),
    }
    kind, metavar = types[setting.kind]
    return click.Option([option], type=kind, metavar=metavar, multiple=setting.many, help=setting.help + usual)


def _shown(setting: Setting) -> str:
    return f"{float(setting.usual or 0):.4g}" if setting.kind == "share" else str(setting.usual)


class _ShareType(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click only
    """A share, as in the files: 5% or 0.05."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        from impactsim.problems import Fault
        from impactsim.quantities import share

        try:
            return share(float(value) if isinstance(value, str) and value.replace(".", "", 1).isdigit() else value)
        except Fault as fault:
            self.fail(str(fault), param, ctx)


def _convert(format_: Format, files: tuple[Path, ...], out: _Out, settings: dict[str, Any]) -> int:
    """Read documents, tell what is doubtful about them, and write the system."""
    from impactsim.importers.report import contents, doubts
    from impactsim.importers.update import changes_between, earlier_import, mentions_of
    from impactsim.workflow.imports import import_system

    if not out.is_update and (out.path.exists() or out.path.is_symlink()):
        click.echo(one_line(f"impactsim: {out.path} already there; nothing has been written (--update?)"), err=True)
        return 1
    earlier = earlier_import(out.path, format_.name) if out.is_update else None
    wanted = {**(earlier.settings if earlier else {}), **settings}
    name = out.name or (earlier.data.get("name") if earlier else None)
    found = import_system(format_.name, *files, name=name, known_ids=earlier.ids if earlier else None, **wanted)
    for line in doubts(found, out.show_all):
        click.echo(one_line(line), err=True)
    _write(out, found.text)
    first, *rest = contents(found)
    click.echo(one_line(f"{'updated' if earlier else 'wrote'} {out.path}: {first}"))
    for line in rest:
        click.echo(one_line(line))
    if earlier is not None:
        changes = changes_between(earlier.data, found.data)
        for line in changes.lines(out.show_all) if changes.is_any else ["nothing is different"]:
            click.echo(one_line(f"  {line}"))
        for problem in mentions_of(changes.went, out.path):
            click.echo(one_line(str(problem)), err=True)
    return 0


def _write(out: _Out, text: str) -> None:
    from impactsim.files.writing import write_new, write_whole

    if out.is_update:
        write_whole(out.path, text)
    else:
        write_new({out.path: text})
