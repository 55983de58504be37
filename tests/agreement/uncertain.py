"""Uncertainty for random systems: durations become laws, and chances are left to chance."""

from __future__ import annotations

import random
from typing import Any

from agreement.random_systems import random_case

_DURATIONS = {
    "restart",
    "time_to_restore",
    "holdover",
    "recharge",
    "failover",
    "lasts",
    "restore",
    "lag",
    "for",
    "repair",
    "each",
}


def uncertain_case(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a random system and scenario, about half of whose durations are uncertain."""
    system, scenario = random_case(seed)
    rng = random.Random(f"uncertain {seed}")
    actions = scenario.pop("actions", [])  # whose words are the same, and no durations
    return _uncertain(system, rng), {**_uncertain(scenario, rng), "actions": actions}


def _uncertain(words: Any, rng: random.Random) -> Any:
    if isinstance(words, list):
        return [_uncertain(each, rng) for each in words]
    if not isinstance(words, dict):
        return words
    return {
        key: _law(value, rng)
        if key in _DURATIONS and isinstance(value, str) and rng.random() < 0.5
        else _uncertain(value, rng)
        for key, value in words.items()
    }


def _law(duration: str, rng: random.Random) -> dict[str, Any]:
    return rng.choice(
        [
            {"low": "1ms", "high": "40m"},
            {"mean": duration},
            {"median": duration, "p90": "400d"},
            {"low": 0, "likely": "3m", "high": "2h"},
            {"samples": [duration, "5m", "5m", "7ms"]},
            {"median": duration, "shape": 2, "law": "log-logistic"},
        ]
    )
