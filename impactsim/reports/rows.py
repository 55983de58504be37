"""Rows as CSV files, without the weight of a table library: whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from impactsim.reports.csv_form import write_whole

Cells = Sequence[str | float | bool | None]
"""What stands in a row; nothing is written for None."""


def write_rows(tables: Mapping[str, tuple[Sequence[str], Iterable[Cells]]], folder: Path) -> list[Path]:
    """Write tables into a folder.

    Parameters
    ----------
    tables
        By the name of its file: titles and rows.
    folder
        Made if it does not exist.

    Raises
    ------
    OSError
        If they cannot be written; then no file there was changed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return write_whole({folder / name: _writer(titles, rows) for name, (titles, rows) in tables.items()})


def _writer(titles: Sequence[str], rows: Iterable[Cells]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(titles)
            writer.writerows(rows)

    return write
