"""How much each event matters: Birnbaum, Fussell-Vesely, risk achievement and risk reduction worth.

With P the probability that something is down, P1 and P0 the same if an event is certain or impossible: Birnbaum is P1 - P0;
Fussell-Vesely, the share of P that would be gone with the event, is (P - P0) / P; risk achievement worth is P1 / P; risk
reduction worth is P / P0. P is linear in the probability p of each event, so all of them follow from the derivative B: P1 = P + (1 - p) B,
P0 = P - p B. The same holds for a weighted sum of probabilities, such as expected lost user-minutes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from impactsim.exact.answers import Answers
from impactsim.exact.formula import Node


class Importance(NamedTuple):
    """How much an event matters to something that can be down."""

    event: int
    birnbaum: float
    """P1 - P0; of a weighted sum in its unit."""
    fussell_vesely: float
    """(P - P0) / P, in [0, 1]; nan where P is 0."""
    risk_achievement: float
    """P1 / P; infinite where P is 0, nan where P1 is as well."""
    risk_reduction: float
    """P / P0; infinite where P0 is 0, nan where P is as well."""


def importance(answers: Answers, node: Node) -> list[Importance] | None:
    """Return the importance of each event that a node depends on.

    Returns
    -------
    list of Importance or None
        In order of the events; None if no diagram of the node fits.
    """
    return importance_of_sum(answers, [(node, 1.0)])


def importance_of_sum(answers: Answers, weighted: Iterable[tuple[Node, float]]) -> list[Importance] | None:
    """Return the importance of each event to a weighted sum of probabilities.

    Parameters
    ----------
    answers
        Answers about the nodes.
    weighted
        Nodes, each with its weight, such as the people who use a service times the minutes of a year.

    Returns
    -------
    list of Importance or None
        In order of the events; None if no diagram of one of the nodes fits.
    """
    total: list[float] = []
    slopes: dict[int, list[float]] = {}
    for node, weight in weighted:
        found = answers.birnbaum(node)
        if found is None:
            return None
        total.append(weight * answers.probability(node).low)
        for event, slope in found.items():
            slopes.setdefault(event, []).append(weight * slope)
    whole = math.fsum(total)
    return [_importance(event, whole, math.fsum(slopes[event]), answers.p[event]) for event in sorted(slopes)]


def _importance(event: int, whole: float, slope: float, p: float) -> Importance:
    certain, impossible = whole + (1.0 - p) * slope, max(0.0, whole - p * slope)
    if p == 1.0:
        certain = whole
    if impossible < 1e-14 * whole:  # what rounding leaves of nothing
        impossible = 0.0
    return Importance(
        event, slope, _ratio(whole - impossible, whole), _ratio(certain, whole), _ratio(whole, impossible)
    )


def _ratio(a: float, b: float) -> float:
    if b != 0.0:
        return a / b
    return math.nan if a == 0.0 else math.inf
