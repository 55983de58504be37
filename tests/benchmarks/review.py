"""What it costs to review a plan, beside as many trials of the same scenarios without any plan, in the same process.

The plan that ships (some 50 components), and one of about 1,000 components (``large_plans.py``): loading it, the whole review with
and without the changes that it lists, and the report as a page. The peer is what `impactsim run --trials` does, one scenario after
the other, compiled before anything is measured.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

from large_plans import write_large_plan
from measuring import Row, collector_paused, show

from impactsim.files.plans import LoadedPlan
from impactsim.files.reading import load_plan
from impactsim.results import Review
from impactsim.workflow.reviews import review_plan
from impactsim.workflow.runs import run

SHIPPED = Path(__file__).parents[2] / "scenarios" / "brackwater-freight" / "plan.yaml"
AS_OF = date(2026, 11, 1)
_LARGEST_PAGE = 5_000_000
"""Bytes; what is larger does not open at once."""


def main() -> None:
    """Measure the plan that ships and the large one."""
    with tempfile.TemporaryDirectory() as folder:
        large = write_large_plan(Path(folder))
        _runs(load_plan(str(SHIPPED)), 2)  # compiles
        rows = [*_rows_of("the plan that ships", SHIPPED), *_rows_of("a plan of 1,000 components", large)]
    show("Review of a recovery plan: CPU time, peer: as many trials of its scenarios without it", rows)


def _rows_of(what: str, file: Path) -> list[Row | str]:
    load_s, loaded = _timed(lambda: load_plan(str(file)))
    plan = loaded.plan
    peer_s, _ = _timed(lambda: _runs(loaded, plan.trials))
    short_s, short = _timed(lambda: _review(loaded, with_changes=False))
    whole_s, whole = _timed(lambda: _review(loaded, with_changes=True))
    page_s, page = _timed(whole.to_html)
    _assert_counts(short, whole, page)
    n_played = len(plan.scenarios)
    n_changes, megabytes = len(plan.changes), len(page.encode()) / 1e6
    trials = f"{n_played} scenarios, {plan.trials} trials of each"
    with_changes = f"{n_changes} changes, {n_played * (n_changes + 1) * plan.trials:,} trials if each played them all"
    return [
        Row(f"{what}: loading", load_s, remark=f"{len(loaded.system.components):,} components"),
        Row(f"{what}: review without changes", short_s, "plain trials", peer_s, trials, goal=8.0),
        Row(f"{what}: review with changes", whole_s, "plain trials", peer_s, with_changes, goal=30.0),
        Row(f"{what}: the report as a page", page_s, remark=f"{megabytes:.2f} MB"),
    ]


def _review(loaded: LoadedPlan, *, with_changes: bool) -> Review:
    return review_plan(loaded, as_of=AS_OF, with_changes=with_changes, workers=1)


def _runs(loaded: LoadedPlan, trials: int) -> None:
    for scenario in loaded.scenarios:
        run(scenario, trials=trials, workers=1)


def _assert_counts(short: Review, whole: Review, page: str) -> None:
    """Check that the figures belong to the same work."""
    facts = whole.facts
    assert short.facts.findings == facts.findings
    assert len(facts.rehearsals) == len(whole.loaded.plan.scenarios)
    assert [each.id for each in facts.changes] == list(whole.loaded.plan.changes)
    assert not short.facts.changes
    assert len(page.encode()) < _LARGEST_PAGE


def _timed(action: Any) -> tuple[float, Any]:
    with collector_paused():
        begun = process_time()
        found = action()
        return process_time() - begun, found


if __name__ == "__main__":
    main()
