"""What it costs to start the program, as whole processes, beside the bare interpreter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from measuring import Row, process_seconds, show

SCENARIO = Path(__file__).parents[2] / "scenarios" / "teaching-shop" / "1-power-cut.yaml"
HEAVY = {"matplotlib", "networkx", "numpy", "pandas"}
"""What neither needs."""
HEAVY_FOR_HELP = HEAVY | {"pydantic", "yaml"}

_CALL = "import sys; from impactsim.cli.main import main; main({}); print('\\n', *sys.modules)"


def main() -> None:
    """Measure `--help` and a run of a scenario with about 20 components."""
    program = [sys.executable, "-m", "impactsim.cli.main"]
    script = Path(sys.executable).with_name("impactsim")
    if script.exists():
        program = [str(script)]
    bare, help_, run = process_seconds(
        [[sys.executable, "-c", "pass"], [*program, "--help"], [*program, "run", str(SCENARIO)]]
    )
    rows = [
        Row("python -c pass", bare),
        Row("impactsim --help", help_, goal=0.3, remark=f"{help_ / bare:.1f} x the bare interpreter"),
        Row("impactsim run, a small scenario", run, goal=0.6, remark=f"{run / bare:.1f} x the bare interpreter"),
    ]
    show("Start of the program: whole processes, user + system", rows)
    assert not _imported_by(["--help"]) & HEAVY_FOR_HELP
    assert not _imported_by(["run", str(SCENARIO)]) & HEAVY


def _imported_by(arguments: list[str]) -> set[str]:
    """Return the modules that a command line imports."""
    command = [sys.executable, "-c", _CALL.format(arguments)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - our own command
    return set(done.stdout.splitlines()[-1].split())


if __name__ == "__main__":
    main()
