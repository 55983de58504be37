"""The words of what is missing: the question that matters most, values, questions."""

from __future__ import annotations

from impactsim.gaps.facts import Gap, GapsFacts
from impactsim.gaps.words import asked_in_words
from impactsim.reports.chances import loss
from impactsim.reports.words import clean, counted


def headline(facts: GapsFacts) -> list[str]:
    """Return the answer: the question that matters most, and how many there are."""
    name = clean(facts.system)
    if not facts.gaps:
        idle = f"; {counted(facts.n_idle, 'fact')} that would change nothing are left out" if facts.n_idle else ""
        return [f"{name}: nothing is missing that would change the answer{idle}"]
    first = facts.gaps[0]
    n_facts = sum(gap.n for gap in facts.gaps)
    what = f"{counted(len(facts.gaps), 'question')} about {counted(n_facts, 'missing fact')}"
    return [
        f"{name}: what matters most is to {clean(ask(first))}",
        f"{what}; {value(first)} {facts.unit} a year hang on the first",
    ]


def ask(gap: Gap) -> str:
    """Return whom to ask what."""
    return f"ask {asked_in_words(gap.whom)}: {gap.ask}?"


def value(gap: Gap) -> str:
    """Return by how much the answer could change."""
    return f"{'<' if gap.is_bound else ''}{loss(gap.value)}"
