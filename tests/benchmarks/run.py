"""All benchmarks, as one table: ``python tests/benchmarks/run.py [PART...]``, parts as in `PARTS`.

Prints ratios against a peer that is measured in the same run, and says of each goal whether it was met; asserts counts,
never seconds.
"""

from __future__ import annotations

import sys

import events
import importing
import loading
import many_trials
import now
import one_failure
import remaining
import single_points
import startup

import audit
import review

PARTS = {
    "startup": startup.main,
    "one_failure": one_failure.main,
    "events": events.main,
    "loading": loading.main,
    "many_trials": many_trials.main,
    "single_points": single_points.main,
    "audit": audit.main,
    "now": now.main,
    "remaining": remaining.main,
    "review": review.main,
    "importing": importing.main,
}


def main(names: list[str]) -> None:
    """Run the parts with these names, all without one."""
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
