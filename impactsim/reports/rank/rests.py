"""What the failures of a ranking rest on: each by its services and for how long they are not whole, all by what each of them loses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from impactsim.model.provenance import Confidence
from impactsim.reports.rank.facts import CaseRests, Ranked
from impactsim.rests.footing import Below, Footing
from impactsim.rests.shares import Rests, least, rests_of
from impactsim.trials.blocks import Block
from impactsim.trials.cases import Case, Ground

FAILURE = "harmful failure"
"""One that reaches a service."""


class Resting:
    """Judges each case of a sweep as it comes: an `on_block`. Of each only a few figures are kept.

    Parameters
    ----------
    ground
        The system.
    cases
        What is swept.
    """

    def __init__(self, ground: Ground, cases: Sequence[Case]) -> None:
        self._names = ground.names.components
        self._footing = Footing(ground.system).prepared()
        self._cases = cases
        self.found: dict[int, CaseRests] = {}
        """By number of the case, of those that reach a service; empty where all of the system is declared."""

    @property
    def is_declared(self) -> bool:
        """Whether there is nothing to judge."""
        return self._footing.is_declared

    def __call__(self, block: Block, numbers: NDArray[np.int64]) -> None:
        """Judge the cases of a block."""
        if self.is_declared:
            return
        ends = np.searchsorted(block.row_trial, np.arange(len(numbers) + 1))  # rows stand trial by trial
        for trial, case in enumerate(numbers.tolist()):
            rows = slice(int(ends[trial]), int(ends[trial + 1]))
            columns = (
                each[rows].tolist()
                for each in (block.row_component, block.row_down_ms, block.row_degraded_ms, block.row_outages > 0)
            )
            self._judge(case, {component: Below(*times) for component, *times in zip(*columns, strict=True)})

    def _judge(self, case: int, below: Mapping[int, Below]) -> None:
        hit = [self._names[failure.component] for failure in self._cases[case].failures]
        affected = {self._names[each]: times for each, times in below.items() if each < len(self._names)}
        rests = self._footing.rests(hit, affected)
        if rests is not None:
            self.found[case] = CaseRests(rests.guessed, rests.observed, least(rests.sure.values()))

    def together(self, ranking: Sequence[Ranked]) -> Rests | None:
        """Add up what failures rest on, each by the user-minutes that it loses; failures are counted where nobody loses any.

        None where no failure reaches a service, and where all is declared.
        """
        sure: dict[str, Confidence] = {each.id: each.rests.least for each in ranking if each.rests is not None}
        rests = rests_of(sure, (part for each in ranking for part in _parts(each)), FAILURE)
        return self._footing.worth_telling(rests) if sure else None


def _parts(each: Ranked) -> Iterator[tuple[Confidence, float]]:
    """Yield the user-minutes that a failure costs, by what they rest on."""
    lost, rests = each.lost_user_minutes, each.rests
    loss = lost.high if lost.estimate is None else lost.estimate
    if rests is not None:
        yield "guessed", loss * rests.guessed
        yield "observed", loss * rests.observed
        yield "declared", loss * max(0.0, 1.0 - rests.guessed - rests.observed)
