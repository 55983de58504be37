"""Years of small systems, for tests that know what an average year is like."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from impactsim.files.variants import load_variants
from impactsim.trials.arrivals import YEAR_MS
from impactsim.trials.forecast import Settings, prepare_years
from impactsim.trials.workers import Here
from impactsim.trials.years import Forecast, forecast

DAY_MS = 86_400_000
LONG_MS = 100 * DAY_MS
"""A run-in after which the systems of these tests have forgotten that they began whole."""


def played(components: dict[str, Any], n: int, run_in_ms: int = LONG_MS, seed: int = 1, **more: Any) -> Forecast:
    """Play years of a system."""
    data = {"impactsim": 1, "name": "Small", "components": components, **more}
    (today,) = load_variants(data)
    return forecast([prepare_years(today.system, Settings(seed, run_in_ms))], n, Here(is_compiled=False))


def down_share(result: Forecast) -> np.ndarray:
    """Return the share of each year in which services were down, added up over the services."""
    return result.today.down_ms[: result.today.n] / YEAR_MS


def is_near(values: np.ndarray, expected: float) -> bool:
    """Tell whether a mean is within 4 standard errors of what it should be."""
    return abs(float(values.mean()) - expected) < 4 * standard_error(values)


def standard_error(values: np.ndarray) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values))


def failing(per_year: float, days: float, **more: Any) -> dict[str, Any]:
    """Return a component with exponential times to failure and repairs."""
    return {"fails": {"per_year": per_year}, "time_to_restore": {"mean": f"{round(days * DAY_MS)}ms"}, **more}


def long_run_down(per_year: float, days: float) -> float:
    """Return the share of the time in which such a component is down in the long run."""
    load = per_year * days / 365
    return load / (1 + load)
