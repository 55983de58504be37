"""Where a command writes: how wide and high the screen is, whether it takes colour, which letters it knows."""

from __future__ import annotations

import os
import shutil
import sys

from impactsim.reports.layout import coloured, plain
from impactsim.reports.page import ASCII, Screen, Symbols

_NARROWEST, _WIDEST = 80, 120
_PIPE_COLUMNS, _PIPE_LINES = 100, 50
_FEWEST_LINES = 30  # of less nobody can make sense


def screen_of_output(is_whole: bool) -> Screen:
    """Return what standard output is.

    Parameters
    ----------
    is_whole
        Whether everything is to be printed, however long.

    Returns
    -------
    Screen
        Of a terminal its own size, at 80 to 120 columns; 100 columns and 50 lines otherwise. COLUMNS and LINES win.
    """
    is_terminal = sys.stdout.isatty()
    fallback = (_PIPE_COLUMNS, _PIPE_LINES)
    if is_terminal:
        columns, lines = shutil.get_terminal_size(fallback)
        lines -= 2  # the prompt, and the command line itself
    else:
        columns = _from_environment("COLUMNS", _PIPE_COLUMNS)
        lines = _from_environment("LINES", _PIPE_LINES)
    return Screen(
        columns=min(max(columns, _NARROWEST), _WIDEST),
        n_lines=None if is_whole else max(lines, _FEWEST_LINES),
        paint=coloured if is_terminal and _takes_colour() else plain,
        symbols=Symbols() if _knows(Symbols()) else ASCII,
    )


def _takes_colour() -> bool:
    # https://no-color.org: set to anything but nothing
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _from_environment(name: str, otherwise: int) -> int:
    text = os.environ.get(name, "")
    return int(text) if text.isdecimal() and int(text) > 0 else otherwise


def _knows(symbols: Symbols) -> bool:
    try:
        (symbols.down + symbols.up).encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
