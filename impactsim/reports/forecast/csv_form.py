"""A forecast as CSV files: whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from impactsim.reports.csv_form import table_writer, write_whole
from impactsim.reports.forecast.facts import ForecastFacts
from impactsim.reports.forecast.json_form import to_object


def write_tables(facts: ForecastFacts, folder: Path) -> list[Path]:
    """Write ``forecast-services.csv``, ``forecast-budget.csv`` and ``forecast-changes.csv``.

    A figure is as many columns as it has parts, such as ``down_ms_mean`` and ``down_ms_p90``.

    Parameters
    ----------
    facts
        What the years say.
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
    import pandas as pd  # takes longer than a small forecast

    tables = {f"forecast-{name}.csv": pd.DataFrame(rows) for name, rows in rows_of(facts).items() if rows}
    folder.mkdir(parents=True, exist_ok=True)
    return write_whole({folder / name: table_writer(table) for name, table in tables.items()})


def rows_of(facts: ForecastFacts) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table, as flat mappings."""
    told = to_object(facts)
    changes = []
    for change in told["changes"]:
        saves = change["saves"]
        whole = {name: saves[name] for name in ("lost_user_minutes", "lost_share", "down_ms")}
        changes.append(flat({"change": change["name"], "service": "", **whole}))
        changes += [
            flat({"change": change["name"], "service": name, **saved}) for name, saved in saves["services"].items()
        ]
    return {
        "services": [
            flat({"service": name, **{key: value for key, value in service.items() if value is not None}})
            for name, service in told["services"].items()
        ],
        "budget": [flat(cost) for cost in told["budget"]],
        "changes": changes,
    }


def flat(row: dict[str, Any], stem: str = "") -> dict[str, Any]:
    """Return a mapping without mappings in it: their keys are joined by ``_``.

    Examples
    --------
    >>> flat({"id": "shop", "down_ms": {"mean": 5, "p_missed": {"p": 0.5}}})
    {'id': 'shop', 'down_ms_mean': 5, 'down_ms_p_missed_p': 0.5}
    """
    found: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{stem}{key}_"))
        else:
            found[stem + key] = value
    return found
