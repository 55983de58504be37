"""Reports as files: the options ``--html`` and ``--markdown`` of several commands, and how the files are written."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

_ENDINGS = {"html": (".html", ".htm"), "markdown": (".md", ".markdown")}


class HasDocument(Protocol):
    """A result with a report."""

    def to_html(self, command: str = "") -> str:
        """Return the report as a page; it names the command line that wrote it."""

    def to_markdown(self, command: str = "") -> str:
        """Return the report as Markdown."""


def document_options(command: _Command) -> _Command:
    """Add ``--html`` and ``--markdown``: files for the report."""
    file = click.Path(dir_okay=False, path_type=Path)
    html = click.option(
        "--html",
        metavar="FILE",
        type=file,
        callback=_checked,
        help="Also write the report as one page that needs no network: FILE.html.",
    )
    markdown = click.option(
        "--markdown", metavar="FILE", type=file, callback=_checked, help="Also write the report for wikis: FILE.md."
    )
    return html(markdown(command))


def _checked(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:  # noqa: ARG001
    """Refuse what cannot be meant before anything is run for it: other endings, a folder that is not there."""
    if value is None:
        return None
    endings = _ENDINGS[str(param.name)]
    if value.suffix.lower() not in endings:
        raise click.BadParameter(f"'{value}' does not end in {' or '.join(endings)}")
    if not value.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder '{value.parent}'; make it first, or write elsewhere")
    return value


def refuse_many(html: Path | None, markdown: Path | None, files: Sequence[Path]) -> None:
    """Refuse a report of several scenarios where it is that of one."""
    if (html is not None or markdown is not None) and len(files) > 1:
        option = "--html" if html is not None else "--markdown"
        raise click.UsageError(f"{option} writes the report of one scenario: name only one, or see impactsim compare.")


def write_documents(result: HasDocument, html: Path | None, markdown: Path | None) -> list[Path]:
    """Write the reports that were asked for, both or neither; a file that was there is replaced once the new one is whole.

    Returns
    -------
    list of Path
        What was written.
    """
    command = command_line()
    return write_texts(html, markdown, lambda: result.to_html(command), lambda: result.to_markdown(command))


def write_texts(
    html: Path | None, markdown: Path | None, to_html: Callable[[], str], to_markdown: Callable[[], str]
) -> list[Path]:
    """Write what two functions return, as far as it was asked for, both or neither; return what was written."""
    makers = [(path, make) for path, make in ((html, to_html), (markdown, to_markdown)) if path is not None]
    if not makers:
        return []
    from impactsim.reports.csv_form import write_whole

    texts = [(path, make()) for path, make in makers]
    return write_whole({path: _writer(text) for path, text in texts})


def _writer(text: str) -> Callable[[Path], object]:
    return lambda to: to.write_text(text, encoding="utf-8", newline="\n")


def command_line() -> str:
    """Return the command line that is being run, as a shell takes it; empty outside of one."""
    context = click.get_current_context(silent=True)
    words = None if context is None else context.find_root().obj
    return shlex.join(["impactsim", *words]) if isinstance(words, tuple) else ""
