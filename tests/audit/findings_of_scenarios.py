"""Findings under a scenario, for the tests beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding
from impactsim.audit.under_scenario import findings_under
from impactsim.files.reading import load_scenario, validate_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def under(
    components: dict[str, Any], events: list[dict[str, Any]], services: list[str] | None = None, **rest: Any
) -> dict[str, Finding]:
    """Return the findings of a scenario on a small system, by their ids."""
    of_system = {name: rest.pop(name) for name in ("common_causes", "users") if name in rest}
    system = {"impactsim": 1, "name": "A small system", "components": components, **of_system}
    loaded = validate_scenario({"impactsim": 1, "name": "A test", "system": system, "events": events, **rest})
    return by_id(Estate(loaded.system), loaded, services)


def by_id(estate: Estate, loaded: Any, services: list[str] | None = None) -> dict[str, Finding]:
    asked = estate.services if services is None else [estate.names.index[name] for name in services]
    found = findings_under(estate, loaded, asked)
    assert len({each.id for each in found}) == len(found)
    return {each.id: each for each in found}


def documented(path: str) -> dict[str, Finding]:
    loaded = load_scenario(SCENARIOS / path)
    return by_id(Estate(loaded.system), loaded)


def pair(**backup: Any) -> dict[str, Any]:
    return {
        "main": {"kind": "host"},
        "spare": {"kind": "host", **backup},
        "duct": {"kind": "connectivity"},
        "shop": {"needs": [{"any_of": ["main", "spare"], "to": "run"}]},
    }
