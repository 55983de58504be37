"""A validated load of 100,000 components from YAML and from JSON, beside the bare parsers.

Each form is loaded in a process of its own, so that its peak of memory is its own: ``loading.py FILE`` measures one
file and prints its figures as JSON.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from math import nan
from pathlib import Path
from time import process_time
from typing import Any

import yaml
from large_systems import Words, layered
from measuring import Row, collector_paused, show

from impactsim.compiler import compile_system
from impactsim.files.opening import read_document
from impactsim.files.validation import validate
from impactsim.model.rules import check_system
from impactsim.model.system import System

COMPONENTS = 100_000
STAGES = ("parse", "schema", "rules", "compile")


def main() -> None:
    """Measure both forms of the same system."""
    words = layered(COMPONENTS)
    digests = []
    with tempfile.TemporaryDirectory() as folder:
        for name, written, peer in (
            ("system.yaml", as_yaml(words), "yaml.CSafeLoader"),
            ("system.json", json.dumps(words), "json.load"),
        ):
            path = Path(folder) / name
            path.write_text(written, encoding="utf-8")
            figures = _in_a_process(path)
            _show(name, len(written), figures, peer)
            digests.append(figures["digest"])
    # Both forms say the same.
    assert digests[0] == digests[1]


def _show(name: str, size: int, figures: dict[str, Any], peer: str) -> None:
    load = sum(figures[stage] for stage in STAGES[:3])
    rows: list[Row | str] = [
        Row(stage, figures[stage], peer, figures["peer"]) if stage == "parse" else Row(stage, figures[stage])
        for stage in STAGES
    ]
    share = figures["parse"] / load
    rows.append(Row("validated load: parse, schema, rules", load, peer, figures["peer"], f"parser {share:.0%} of it"))
    rows.append(
        f"peak of memory {figures['peak_mib']:,.0f} MiB, of the interpreter and its imports {figures['base_mib']:,.0f} MiB"
    )
    show(f"Load of {COMPONENTS:,} components: {name}, {size / 2**20:.0f} MiB", rows)


def _in_a_process(path: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, str(path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own command
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def measure(path: Path) -> dict[str, Any]:
    """Load a file step by step; return the CPU time of each step and the peak of memory, then that of the bare parser."""
    figures: dict[str, Any] = {"base_mib": _peak_mib()}
    with collector_paused():
        (document, found), figures["parse"] = _timed(lambda: read_document(path))
        assert document is not None
        assert not found
        (system, problems), figures["schema"] = _timed(lambda: validate(System, document.data))
        assert system is not None
        assert not problems
        problems, figures["rules"] = _timed(lambda: check_system(system))
        assert not problems
        (compiled, _), figures["compile"] = _timed(lambda: compile_system(system))
        figures["peak_mib"] = _peak_mib()
        assert len(compiled.crew) == COMPONENTS
        bare, figures["peer"] = _timed(lambda: _bare(path))
        assert bare == document.data
    figures["digest"] = hashlib.sha256(repr(compiled).encode()).hexdigest()
    return figures


def _bare(path: Path) -> Any:
    with path.open(encoding="utf-8") as stream:
        if path.suffix == ".json":
            return json.load(stream)
        return yaml.load(stream, Loader=yaml.CSafeLoader)


def _timed(action: Callable[[], Any]) -> tuple[Any, float]:
    begun = process_time()
    result = action()
    return result, process_time() - begun


def _peak_mib() -> float:
    """Return the largest resident set of this process so far.

    As Linux tells it: `getrusage` would count what the process held that started this one.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return nan
    peak = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 2**10


def as_yaml(words: Words) -> str:
    """Write a system as people do: a line for each key and each need."""
    lines = ["impactsim: 1", f"name: {words['name']}", "components:"]
    for name, component in words["components"].items():
        lines.append(f"  {name}:" if component else f"  {name}: {{}}")
        for key, value in component.items():
            if key == "needs":
                lines += ["    needs:", *(f"      - {_flow(need)}" for need in value)]
            else:
                lines.append(f"    {key}: {value}")
    return "\n".join([*lines, ""])


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(Path(sys.argv[1]))))  # noqa: T201 - read by the process that started this one
    else:
        main()
