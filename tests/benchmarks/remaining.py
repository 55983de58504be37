"""What the forecast of remaining times is worth on real incidents: trained on 2018 and 2019, tested on 2020.

Reads the public-cloud incidents of the Cloud Uptime Archive where they lie beside the checkout, and prints pinball loss (hours) and
coverage of the 80 % interval beside the peers, with what was to be reached.
"""

from __future__ import annotations

from pathlib import Path

from measuring import show

from impactsim.backtest.facts import OURS, BacktestFacts, Elapsed
from impactsim.files.incidents import Columns
from impactsim.workflow.backtests import backtest_incidents

INCIDENTS = Path(__file__).parents[2].parent / "shared" / "data" / "provider_status" / "cua_infra_cloud_2018-2020.csv"
GOALS = {0.0: 1.20, 0.5: 1.20, 1.0: 1.28, 2.0: 1.40, 4.0: 1.53}
"""Pinball loss to reach, in hours, by hours elapsed: the best peer's, to two digits."""
COVERAGE = (0.77, 0.83)


def clouds() -> BacktestFacts:
    """Return the backtest of the three public clouds."""
    return backtest_incidents(INCIDENTS, 1577836800.0, columns=Columns(by="vendor"))  # 2020-01-01 UTC


def main() -> None:
    """Print the table."""
    if not INCIDENTS.exists():
        show("Forecast of remaining times", [f"left out: there is no {INCIDENTS.name} beside the checkout"])
        return
    facts = clouds()
    assert (facts.n_train, facts.n_test) == (702, 262)
    show("Forecast of remaining times: pinball loss in hours / coverage of 80 %", [_line(e) for e in facts.by_elapsed])


def _line(each: Elapsed) -> str:
    ways = "  ".join(f"{way} {score.pinball:.3f} / {score.coverage:.3f}" for way, score in each.scores.items())
    goal = GOALS.get(each.elapsed_s / 3600)
    return f"after {each.elapsed_s / 3600:3g} h (n {each.n_incidents:3}): {ways}{_verdict(each, goal) if goal else ''}"


def _verdict(each: Elapsed, goal: float) -> str:
    ours = each.scores[OURS]
    is_sharp = "met" if round(ours.pinball, 2) <= goal else "missed"
    is_covered = "met" if COVERAGE[0] <= ours.coverage <= COVERAGE[1] else "missed"
    return f"  goal {goal:.2f}: {is_sharp}; coverage 0.77 to 0.83 (+- {ours.coverage_error:.3f}): {is_covered}"


if __name__ == "__main__":
    main()
