"""A large recovery plan for the benchmarks, as files: about 1,000 components at 20 sites, 50 services, 60 steps, 8 scenarios, 20 changes.

Each site has power, two lines in one duct, hosts, data with a copy at the next site, and programs; a service needs programs of
several sites, half of them with a standby at the next one. The scenarios take down and destroy single sites, lines and data; each
change is one at one site, so that most scenarios come across few of them.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

Words = dict[str, Any]

SITES, HOSTS, DATA, PROGRAMS, SERVICES = 20, 14, 10, 18, 50
_LONG: Words = {"low": "2h", "likely": "4h", "high": "12h"}
_SHORT: Words = {"low": "20m", "likely": "40m", "high": "2h"}
_DAY = [0.1] * 6 + [0.4, 0.7] + [1.0] * 9 + [0.7] * 4 + [0.4, 0.3, 0.2]
_EVENTS: tuple[tuple[str, list[Words]], ...] = (
    ("dark", [{"fail": "grid-0"}]),
    ("fire", [{"destroy": [f"data-1-{i}" for i in range(4)]}, {"fail": [f"host-1-{i}" for i in range(8)]}]),
    ("cut", [{"strike": "duct-2"}]),
    ("hosts", [{"fail": [f"host-3-{i}" for i in range(HOSTS)]}]),
    ("room", [{"fail": "room-4"}]),
    ("two", [{"fail": "grid-5"}, {"strike": "duct-6", "at": "1h"}]),
    ("data", [{"destroy": [f"data-7-{i}" for i in range(DATA)]}]),
    ("network", [{"fail": "network-8"}]),
)


def write_large_plan(folder: Path) -> Path:
    """Write the plan, its system and its scenarios into a folder; return the file of the plan."""
    rng = random.Random("large plan")
    _write(folder / "system.json", _system(rng))
    for name, events in _EVENTS:
        words = {"impactsim": 1, "name": name, "system": "system.json", "events": events, "horizon": "5d"}
        _write(folder / f"{name}.json", words | {"starts": "2026-03-02T09:00+01:00"})
    _write(folder / "plan.json", _plan())
    return folder / "plan.json"


def _write(path: Path, words: Words) -> None:
    path.write_text(json.dumps(words))


def _system(rng: random.Random) -> Words:
    components: dict[str, Words] = {}
    for site in range(SITES):
        components |= _site(site)
    for i in range(SERVICES):
        first = i % SITES
        needs: list[Any] = [f"program-{first}-{rng.randrange(PROGRAMS)}"]
        one, other = (f"program-{(first + k) % SITES}-{rng.randrange(PROGRAMS)}" for k in (1, 2))
        needs.append({"any_of": [one, {"use": other, "failover": "10m"}]} if i % 2 else one)
        components[f"service-{i}"] = {"kind": "service", "needs": needs}
    ducts = {
        f"duct-{i}": {"strikes": {f"line-{i}-a": 1, f"line-{i}-b": 1}, "fails": {"per_year": 0.1}} for i in range(SITES)
    }
    users: Words = {
        f"region-{i}": {
            "count": {"low": 4000, "high": 6000},
            "uses": [f"service-{k}" for k in range(i, SERVICES, 5)],
            "activity": {"zone": "Europe/Rome", "hours": _DAY},
        }
        for i in range(5)
    }
    return {"impactsim": 1, "name": "Twenty sites", "components": components, "common_causes": ducts, "users": users}


def _site(i: int) -> dict[str, Words]:
    after, rate = (i + 1) % SITES, {"per_year": 0.5}
    found: dict[str, Words] = {
        f"grid-{i}": {"kind": "power", "fails": rate, "time_to_restore": _SHORT},
        f"room-{i}": {"kind": "site", "needs": [{"component": f"grid-{i}", "holdover": "15m"}], "fails": rate},
        f"line-{i}-a": {"kind": "connectivity", "time_to_restore": _LONG, "fails": rate},
        f"line-{i}-b": {"kind": "connectivity", "time_to_restore": _LONG, "fails": rate},
        f"network-{i}": {"at": f"room-{i}", "needs": [{"any_of": [f"line-{i}-a", f"line-{i}-b"]}]},
    }
    for k in range(HOSTS):
        found[f"host-{i}-{k}"] = {"kind": "host", "at": f"room-{i}", "restart": "10m", "fails": rate}
    for k in range(DATA):
        copies = [{"at": f"host-{after}-{k}", "every": "1d", "lag": "1h", "restore": _LONG}]
        found[f"data-{i}-{k}"] = {"kind": "data", "needs": [f"host-{i}-{k}"], "copies": copies}
    for k in range(PROGRAMS):
        needs = [f"host-{i}-{k % HOSTS}", f"data-{i}-{k % DATA}", f"network-{i}"]
        found[f"program-{i}-{k}"] = {"needs": needs, "restart": "2m"}
    return found


def _plan() -> Words:
    steps: dict[str, Words] = {}
    for i in range(SITES):
        steps[f"power-{i}"] = {"restores": [f"grid-{i}", f"room-{i}"], "takes": _SHORT, "by": ["site"]}
        hosts = [f"host-{i}-{k}" for k in range(HOSTS)]
        lines = [f"line-{i}-a", f"line-{i}-b", f"network-{i}"]
        restores = [*hosts, *lines]
        steps[f"hosts-{i}"] = {"restores": restores, "takes": _LONG, "by": ["servers"], "after": [f"power-{i}"]}
        data = [f"data-{i}-{k}" for k in range(DATA)]
        steps[f"data-{i}"] = {"restores": data, "takes": _LONG, "by": ["data", "servers"], "after": [f"hosts-{i}"]}
    services = {f"service-{i}": {"rto": f"{4 + 4 * (i % 4)}h", "rpo": "1d", "tier": 1 + i % 4} for i in range(SERVICES)}
    return {
        "impactsim": 1,
        "plan": "Twenty sites",
        "system": "system.json",
        "as_of": "2026-05-01",
        "services": services,
        "declaration": {"detection": "10m", "decision": _SHORT, "by": ["lead"]},
        "roles": {name: {"people": [f"{name}-1", f"{name}-2"]} for name in ("lead", "site", "servers", "data")},
        "steps": steps,
        "scenarios": [f"{name}.json" for name, _ in _EVENTS],
        "changes": {f"change-{i}": _change(i) for i in range(SITES)},
        "trials": 300,
    }


def _change(i: int) -> Words:
    """Return a change at one site: other power, other lines, other copies."""
    patches: tuple[Words, ...] = (
        {f"room-{i}": {"needs": [{"component": f"grid-{i}", "holdover": "8h"}]}},
        {f"network-{i}": {"needs": None}},
        {f"data-{i}-0": {"copies": [{"at": f"host-{(i + 2) % SITES}-0", "every": "1h", "restore": "1h"}]}},
    )
    return {"text": f"A change at site {i}", "cost": 1000 * (i + 1), "system": {"components": patches[i % 3]}}
