"""The command `impactsim`: which commands there are, and what happens to whatever goes wrong in them.

Imports nothing but click: a command's module, and all that it needs, is imported when it is called.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from keyword import iskeyword
from typing import TextIO

import click

from impactsim.problems import ImpactsimError, InvalidInput

COMMANDS = {
    "run": "Say who is affected by a scenario, for how long and why.",
    "compare": "Put scenarios or what-ifs side by side.",
    "now": "Say how an outage stands that is under way, and what to do first.",
    "notice": "Write what customers are told of an outage, in six languages.",
    "rank": "Rank every single failure of a system by what it does to users.",
    "forecast": "Say what a year brings: outages, availability, and what changes would buy.",
    "audit": "Say what backups share, what takes a service down, and whether all can start again.",
    "gaps": "List what is missing, what could change the answer most first.",
    "review": "Say whether a disaster-recovery plan holds, and what would close its gaps.",
    "exercise": "Make a tabletop exercise of a plan and one of its scenarios.",
    "cutsets": "List which failures together take a service down.",
    "importance": "Say how much each failure matters to a service, or to all users.",
    "choose-backup": "Say which candidate is the most independent backup.",
    "backtest": "Hold the forecast of remaining times against real incidents.",
    "reportable": "Say whom an outage has to be told, how likely, and by when.",
    "check": "Print every problem in systems, scenarios and recovery plans.",
    "schema": "Print the JSON Schema of a file, for editors.",
    "new": "Write a small commented example that runs.",
    "typical": "List the typical values that a file may name.",
    "import": "Read a model of another tool as a system.",
    "export": "Write a service's structure for another tool.",
}
"""Each command and its one line in the help; `impactsim.cli.NAME` holds it as `command` (see `module_of`)."""

DONE, PROBLEMS_FOUND, USED_WRONGLY = 0, 1, 2
_INTERRUPTED, _READER_GONE = 130, 141  # what a shell reports for a process that SIGINT or SIGPIPE ended


_HELP = """What happens to our users if this fails?

impactsim propagates failures through a system of services, providers, power and connectivity over time, and says who is
affected, for how long and why.

\b
  impactsim new DIR                  write an example to start from
  impactsim check DIR/*.yaml         print every problem in it
  impactsim run DIR/scenario.yaml    say who is affected, for how long and why

Exit status: 0 done, 1 problems found, 2 used wrongly.
"""


def module_of(name: str) -> str:
    """Return the module of a command: its name, as far as Python can spell it.

    Examples
    --------
    >>> module_of("choose-backup"), module_of("import")
    ('impactsim.cli.choose_backup', 'impactsim.cli.import_')
    """
    return f"impactsim.cli.{name.replace('-', '_')}" + ("_" if iskeyword(name) else "")


class _Commands(click.Group):
    """The commands, each imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            near = get_close_matches(cmd_name, COMMANDS, 1)
            return ctx.fail(f"there is no command '{cmd_name}'; did you mean '{near[0]}'?") if near else None
        module = module_of(cmd_name)
        try:
            command: click.Command = importlib.import_module(module).command
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            ctx.fail(f"the command '{cmd_name}' is not part of this installation")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=_Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="impactsim", message="%(prog)s %(version)s")
def group() -> None:
    """Say what happens to our users if something fails."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line.

    Parameters
    ----------
    arguments
        Words after the name of the program; those of this process if absent.

    Returns
    -------
    int
        Exit status: 0 done, 1 problems found, 2 used wrongly, 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        _write_anything(stream)
    try:
        words = sys.argv[1:] if arguments is None else list(arguments)
        # A report says by which command line it was written.
        status = group.main(words, prog_name="impactsim", standalone_mode=False, obj=tuple(words))
        sys.stdout.flush()
    except SystemExit:  # click's way when the reader of a pipe has gone
        return _READER_GONE
    except (Exception, KeyboardInterrupt) as error:
        return _end(error)
    return status if isinstance(status, int) else DONE


def _end(error: BaseException) -> int:
    """Say on standard error what went wrong, and return the exit status."""
    if isinstance(error, click.ClickException):
        error.show()
        return USED_WRONGLY
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return _INTERRUPTED
    if isinstance(error, BrokenPipeError):
        return _after_broken_pipe()
    for line in _lines_of(error):
        click.echo(one_line(line), err=True)
    return PROBLEMS_FOUND


def _lines_of(error: BaseException) -> list[str]:
    if isinstance(error, InvalidInput):
        return [str(problem) for problem in error.problems]
    if isinstance(error, ImpactsimError):
        return str(error).splitlines()
    if isinstance(error, OSError):
        reason = (error.strerror or str(error)).lower()
        return [f"impactsim: {error.filename}: {reason}" if error.filename else f"impactsim: {reason}"]
    if os.environ.get("IMPACTSIM_DEBUG"):
        traceback.print_exception(error)
    what = f"{type(error).__name__}: {error}"[:500]
    return [
        f"impactsim: this is a fault of the program, please report it ({what})",
        "impactsim: with IMPACTSIM_DEBUG=1 it says where it happened",
    ]


def one_line(text: str) -> str:
    """Return text from somebody's file as one line that cannot command a terminal."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def _write_anything(stream: TextIO) -> None:
    """Write what the terminal's encoding lacks as an escape."""
    reconfigure = getattr(stream, "reconfigure", None)  # absent where a test or notebook took the stream's place
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _after_broken_pipe() -> int:
    # Python flushes once more at the end, and would complain there.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _READER_GONE
