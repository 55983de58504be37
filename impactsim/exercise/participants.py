"""What participants may read before and during the exercise: nothing of it comes from the run."""

from __future__ import annotations

from impactsim.exercise.facts import ExerciseFacts
from impactsim.exercise.sheets import log_sheet
from impactsim.exercise.times import date_of
from impactsim.reports.document.blocks import Block, Column, Paragraph, Points, Section, Table, Words

RULES = (
    "Act as you would on the day, with the plan and the tools that you would have then.",
    "Say aloud what you do, with whom, with which tool, and how long it takes. Call nobody outside this room.",
    "Messages come on cards. What stands on them is true as far as those who say it know.",
    "If you want to know more, say where you would look. Somebody will tell you what you find there.",
    "Say it when you decide. Somebody writes down when, what and why.",
    "There is no wrong answer; a gap in the plan that comes to light is what this is for.",
)
"""How participants play."""
OPEN = (
    "Who decides, and who stands in?",
    "What do we know, and what do we only suspect?",
    "What do we tell customers, through what, and when is the next word?",
    "What did we promise, and will it be kept?",
    "When do we switch, and what would make us wait?",
    "What if the tool that we need is not there?",
    "Who has to know besides customers: management, suppliers, authorities?",
)
"""What they are to keep in mind."""


def participants(facts: ExerciseFacts) -> tuple[Section, ...]:
    """Return the part for participants: the situation, roles, questions, a log.

    Parameters
    ----------
    facts
        What the pack says; of the run nothing is taken but the day.
    """
    return (
        Section("situation", "The situation", _situation(facts)),
        Section("roles", "Roles", _roles(facts)),
        Section("open-questions", "Questions to keep in mind", (Points(OPEN),)),
        log_sheet(),
    )


def _situation(facts: ExerciseFacts) -> tuple[Block, ...]:
    day = "" if facts.starts is None else f" It is {date_of(facts.starts)}, {facts.starts:%H:%M}."
    return (
        Paragraph(f"You run {facts.system}.{day} Nothing is known to be wrong. You have {facts.plan}: use it."),
        Paragraph(
            "The aim is to see whether the plan, the people and the tools work together, and to find what the plan does not say."
        ),
        Points(RULES),
    )


def _roles(facts: ExerciseFacts) -> tuple[Block, ...]:
    columns = (Column("Role"), Column("People"), Column("Played by"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (each.name, ", ".join(each.people) or "-", "")
        for each in sorted(facts.participants, key=lambda each: each.name)  # the order of the run would tell of it
    )
    return (Table("Roles of the plan", columns, rows),) if rows else (Paragraph("The plan names no roles."),)
