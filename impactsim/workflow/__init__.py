"""The road walked once for each thing that people want: load, check, run, compare, rank, forecast, audit, now, notice. The Python API.

>>> import impactsim
>>> result = impactsim.run(
...     {
...         "impactsim": 1,
...         "name": "Power cut",
...         "system": {
...             "impactsim": 1,
...             "name": "Shop",
...             "components": {
...                 "grid": {"kind": "power"},
...                 "shop": {"needs": [{"component": "grid", "holdover": "10m"}]},
...             },
...         },
...         "events": [{"fail": "grid", "for": "1h"}],
...     }
... )
>>> result.facts.components["shop"].levels
((0, 1.0), (600000, 0.0), (3600000, 1.0))
"""

from __future__ import annotations

from impactsim.workflow.audits import audit_system, choose_backup, cutsets, importance
from impactsim.workflow.backtests import backtest_incidents
from impactsim.workflow.exercises import exercise_plan
from impactsim.workflow.failures import forecast, rank
from impactsim.workflow.gaps import find_gaps
from impactsim.workflow.given import OnProgress, Source
from impactsim.workflow.notices import notice
from impactsim.workflow.outages import now
from impactsim.workflow.reportables import reportability
from impactsim.workflow.reviews import review_plan
from impactsim.workflow.runs import check, compare, compare_files, load, run

__all__ = [
    "OnProgress",
    "Source",
    "audit_system",
    "backtest_incidents",
    "check",
    "choose_backup",
    "compare",
    "compare_files",
    "cutsets",
    "exercise_plan",
    "find_gaps",
    "forecast",
    "importance",
    "load",
    "notice",
    "now",
    "rank",
    "reportability",
    "review_plan",
    "run",
]
