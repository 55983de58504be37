"""How far many trials are: one line on a terminal, drawn over itself and erased at the end."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import click

_BEGIN_S = 1.0
"""What is over sooner shows nothing."""
_BETWEEN_S = 0.1
_WIDTH = 30
_WITHOUT_NUMBA_S = 5.0


class Progress:
    """A progress bar on standard error: none where that is no terminal, or where it takes less than a second.

    Parameters
    ----------
    label
        What is being run; empty where there is only one.
    is_open
        Whether it may end at any time, so that nobody knows how long it takes.
    says_slow
        Whether to say, after 5 seconds, that numba is missing.
    what
        What is counted.
    """

    def __init__(self, label: str, is_open: bool, says_slow: bool, what: str = "trials") -> None:
        self.label = f"{label}: " if label else ""
        self.is_open = is_open
        self.what = what
        self.says_slow = says_slow
        self.is_terminal = sys.stderr.isatty()
        self.began = self.drawn = time.monotonic()
        self.shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._draw("")

    def __call__(self, done: int, n_trials: int) -> None:
        """Show how many trials are done, out of so many at most."""
        now = time.monotonic()
        if self.says_slow and now - self.began > _WITHOUT_NUMBA_S:
            from impactsim.trials.workers import WITHOUT_NUMBA  # whoever tells of trials has imported it

            self.says_slow = False
            self._draw("")
            click.echo(WITHOUT_NUMBA, err=True)
        if self.is_terminal and now - self.began > _BEGIN_S and now - self.drawn > _BETWEEN_S:
            self.drawn = now
            self._draw(self.label + words(done, n_trials, now - self.began, self.is_open, self.what))

    def _draw(self, text: str) -> None:
        """Draw over what is there; nothing erases it."""
        text = text[: shutil.get_terminal_size().columns - 1]
        # Noted before it is drawn: who is interrupted in between still erases it.
        before, self.shown = len(self.shown), text
        if text:
            click.echo(f"\r{text.ljust(before)}", err=True, nl=False)
        elif before:
            click.echo(f"\r{' ' * (before + len('^C'))}\r", err=True, nl=False)


def words(done: int, n_trials: int, seconds: float, is_open: bool, what: str) -> str:
    """Return how far it is, in less than 80 letters.

    Examples
    --------
    >>> words(250, 1_000, 3.0, False, "trials")
    '[#######-----------------------] 250 of 1,000 trials, 25%, 9s left'
    >>> words(250, 1_000_000, 3.0, True, "years")
    '250 years done, 1,000,000 at most'
    """
    if is_open:
        return f"{done:,} {what} done, {n_trials:,} at most"
    full = _WIDTH * done // n_trials
    left = duration(seconds * (n_trials - done) / max(done, 1))
    bar = "#" * full + "-" * (_WIDTH - full)
    return f"[{bar}] {done:,} of {n_trials:,} {what}, {100 * done // n_trials}%, {left} left"


def duration(seconds: float) -> str:
    """Return a time as somebody who waits wants to know it.

    Examples
    --------
    >>> duration(9.2), duration(100), duration(4_000)
    ('9s', '1m40s', '1h06m')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}s"
    return f"{whole // 3600}h{whole % 3600 // 60:02}m"


def say(notes: Iterable[str]) -> None:
    """Print what the user should know about how the trials were run, on standard error."""
    from impactsim.trials.workers import WITHOUT_NUMBA  # single runs take less time than numpy does to start

    for note in notes:
        if note != WITHOUT_NUMBA:  # it was said while one could still do something about it
            click.echo(note, err=True)
