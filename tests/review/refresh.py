"""Write the reports of the shipped plans anew, as they stand beside them: python tests/review/refresh.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
REPORTS = {
    "scenarios/brackwater-freight/plan.yaml": "2026-11-01",
    "scenarios/ovh-2021/plan.yaml": "2021-03-09",
}
"""The plans, and the days for which they are reviewed."""


def arguments_of(plan: str, folder: Path) -> list[str]:
    """Return the command line that writes the reports of a plan into a folder; it is run at the root of the repository."""
    html, markdown = folder / "review.html", folder / "review.md"
    return ["review", plan, "--as-of", REPORTS[plan], "--html", str(html), "--markdown", str(markdown)]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from impactsim.cli.main import main

    os.chdir(ROOT)
    for plan in REPORTS:
        assert main(arguments_of(plan, Path(plan).parent)) == 0
