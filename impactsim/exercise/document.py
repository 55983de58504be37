"""A tabletop pack as a document: parts for the facilitator, cards to cut out, and a part for participants that holds neither cause nor inject."""

from __future__ import annotations

from shlex import quote
from typing import Literal

from impactsim.exercise.cards import cards
from impactsim.exercise.facilitator import facilitator, summary
from impactsim.exercise.facts import ExerciseFacts
from impactsim.exercise.participants import participants
from impactsim.reports.document.blocks import Block, Document, Section

Reader = Literal["facilitator", "participants", "cards", "both"]
"""For whom a pack is written: ``cards`` are the injects alone, to be cut out and handed out one by one; ``both`` is all of it."""


def document_of(facts: ExerciseFacts, reader: Reader = "both", plan_file: str = "PLAN") -> Document:
    """Make the document of a pack.

    Parameters
    ----------
    facts
        What it says.
    reader
        For whom: that for participants holds neither the name of the scenario nor what is told later.
    plan_file
        The plan as the command line names it.
    """
    title = f"Tabletop exercise: {facts.plan}"
    if reader == "participants":
        situation, *others = participants(facts)
        return Document(title, f"{facts.system}; for participants", situation.blocks, tuple(others))
    if reader == "cards":
        how, *each = cards(facts.injects, facts.starts)
        return Document(
            title, f"{facts.system}; cards, for the facilitator to hand out", (how,), (_cards(tuple(each)),)
        )
    own = (*facilitator(facts), _cards(cards(facts.injects, facts.starts)))
    handout = Section("participants", "For participants: hand this out", participants(facts))
    return Document(
        title=title,
        subtitle=f"{facts.scenario}; {facts.system}; from {_trial(facts)}",
        summary=summary(facts),
        sections=(*own, handout) if reader == "both" else own,
        repeat=(_command(facts, plan_file), f"impactsim {facts.version}, {_trial(facts)}"),
    )


def _cards(blocks: tuple[Block, ...]) -> Section:
    return Section("cards", "Cards to cut out", blocks)


def _trial(facts: ExerciseFacts) -> str:
    return "the medians" if facts.trial is None else f"trial {facts.trial} of seed {facts.seed}"


def _command(facts: ExerciseFacts, plan_file: str) -> str:
    trial = "" if facts.trial is None else f" --trial {facts.trial}"
    return f"impactsim exercise {quote(plan_file)} --scenario {quote(facts.file)} --as-of {facts.as_of.isoformat()} --seed {facts.seed}{trial}"
