"""The road from files of other tools to a system, and to the file that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from impactsim.importers.finished import ImportedSystem, finished
from impactsim.importers.formats import FORMATS
from impactsim.importers.sources import sources_of


def import_system(
    format: str,  # noqa: A002 - the word of the command
    *files: str | PathLike[str],
    name: str | None = None,
    known_ids: dict[str, str] | None = None,
    **settings: Any,
) -> ImportedSystem:
    """Read files of another tool as a system.

    Parameters
    ----------
    format
        ``netbox``, ``backstage``, ``jaeger`` and so on; ``impactsim import --list`` has them all.
    files
        Files, or folders of them.
    name
        Name of the system; that of the first file or folder if absent.
    known_ids
        The id that each record had in an earlier import, which it keeps.
    settings
        Of the format, as the options of ``impactsim import FORMAT``, with underscores.

    Returns
    -------
    ImportedSystem
        The system, the text of its file, warnings, and what was left out.

    Raises
    ------
    InvalidInput
        With everything that is wrong in the files.
    ValueError
        If there is no such format, or a setting that it does not have.
    """
    if format not in FORMATS:
        raise ValueError(f"format is {format!r}, and must be one of {', '.join(FORMATS)}")
    found = FORMATS[format]
    known = [each.name for each in found.settings]
    for setting in settings:
        if setting not in known:
            raise ValueError(f"{format} has no setting {setting!r}; it has {', '.join(known) or 'none'}")
    paths: Sequence[Path] = [Path(each) for each in files]
    sources = sources_of(paths, found.suffixes)
    return finished(
        found,
        sources,
        settings,
        name or (paths[0].resolve().name if paths[0].is_dir() else Path(sources[0].name).stem),
        known_ids or {},
    )
