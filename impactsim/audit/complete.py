"""Minimal cut sets as far as they can be found: where the search for those of an order is too large, those of a lower one."""

from __future__ import annotations

from typing import NamedTuple

from impactsim.exact.answers import Answers, CutSet
from impactsim.exact.diagram import TooLarge
from impactsim.exact.formula import Node


class Complete(NamedTuple):
    """All minimal cut sets up to an order."""

    cut_sets: list[CutSet]
    order: int
    """Up to which they are all there; 0 if not even the single failures could be found."""


def complete_cut_sets(answers: Answers, node: Node, order: int) -> Complete:
    """Return all minimal cut sets up to an order, or up to the largest order below it for which they can be found.

    Parameters
    ----------
    answers
        Answers about the node.
    node
        What goes down.
    order
        Up to how many failures.
    """
    try:
        return Complete(answers.cut_sets(node, order), order)
    except TooLarge:
        return _below(answers, node, order)


def _below(answers: Answers, node: Node, order: int) -> Complete:
    """Go up from the single failures: what is found there is found fast, and a higher order never works where a lower one fails."""
    found = Complete([], 0)
    for each in range(1, order):
        try:
            found = Complete(answers.cut_sets(node, each), each)
        except TooLarge:
            break
    return found
