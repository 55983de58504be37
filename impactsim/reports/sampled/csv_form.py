"""Many trials of a scenario, or of several, as CSV files: whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from impactsim.reports.compare import numbered
from impactsim.reports.csv_form import table_writer, write_whole
from impactsim.reports.sampled.facts import SampledFacts


def write_tables(runs: Sequence[SampledFacts], folder: Path) -> list[Path]:
    """Write ``trials-components.csv``, ``trials-users.csv``, ``trials-data.csv``, ``trials-drivers.csv`` and ``trials-run.csv``.

    Each begins with a column ``scenario``, so that several stand in one file. Their names differ from those of the tables of
    single runs, so that both can stand in one folder.

    Parameters
    ----------
    runs
        What the trials say, at least one scenario.
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

    from impactsim.reports.sampled.frames import TABLES  # the same

    labels = numbered([facts.scenario for facts in runs])
    tables = {}
    for what, frame_of in TABLES.items():
        frames = []
        for label, facts in zip(labels, runs, strict=True):
            frame = frame_of(facts).reset_index()
            frame.insert(0, "scenario", label)
            frames.append(frame)
        filled = [frame for frame in frames if len(frame)] or frames[:1]
        tables[f"trials-{what}.csv"] = pd.concat(filled, ignore_index=True)
    folder.mkdir(parents=True, exist_ok=True)
    return write_whole({folder / name: table_writer(table) for name, table in tables.items()})
