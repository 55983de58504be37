"""A run, or several, as CSV files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from impactsim.reports.compare import labels_of
from impactsim.reports.facts import Facts

if TYPE_CHECKING:
    import pandas as pd


def write_tables(runs: Sequence[Facts], folder: Path) -> list[Path]:
    """Write ``components.csv``, ``levels.csv``, ``users.csv`` and ``timeline.csv``.

    Each begins with a column ``scenario``, so that several runs stand in one file.

    Parameters
    ----------
    runs
        What the runs say, at least one.
    folder
        Where to write; made if it does not exist.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    OSError
        If it cannot be written; then no file there was changed.
    """
    import pandas as pd  # takes longer than a run

    from impactsim.reports.frames import TABLES  # the same

    labels = labels_of(runs)
    tables = {}
    for what, frame_of in TABLES.items():
        frames = []
        for label, facts in zip(labels, runs, strict=True):
            frame = frame_of(facts)
            frame = frame if frame.index.name is None else frame.reset_index()
            frame.insert(0, "scenario", label)
            frames.append(frame)
        tables[f"{what}.csv"] = pd.concat(frames, ignore_index=True)
    folder.mkdir(parents=True, exist_ok=True)
    return write_whole({folder / name: table_writer(table) for name, table in tables.items()})


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write one table with its index.

    Raises
    ------
    OSError
        If it cannot be written; a file that was there is then unchanged.
    """
    write_whole({path: lambda to: frame.to_csv(to, lineterminator="\n")})


def write_whole(writers: Mapping[Path, Callable[[Path], object]]) -> list[Path]:
    """Write several files beside their places first, and put them there only when all are written.

    Parameters
    ----------
    writers
        For each file a function that writes it to the path that it is given.

    Raises
    ------
    OSError
        If one of them cannot be written.
    """
    drafts: dict[Path, Path] = {}
    try:
        for path, write in writers.items():
            drafts[path] = _draft(path)
            write(drafts[path])
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        error.filename = str(path)  # not the draft, which the reader has never heard of
        error.filename2 = None
        raise
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    return list(writers)


def _draft(path: Path) -> Path:
    """Make an empty file of the same ending beside a path, with the rights that a new file has."""
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    mask = os.umask(0)
    os.umask(mask)
    draft = Path(name)
    draft.chmod(0o666 & ~mask)
    return draft


def table_writer(table: pd.DataFrame) -> Callable[[Path], object]:
    """Return what writes a table to a path, without its index."""
    return lambda to: table.to_csv(to, index=False, lineterminator="\n")
