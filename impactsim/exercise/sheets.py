"""The sheets of a pack that people fill in: the score, the log, the report afterwards."""

from __future__ import annotations

from impactsim.exercise.facts import ExerciseFacts
from impactsim.reports.document.blocks import Column, Paragraph, Points, Section, Table, Words

_N_LOG = 12


def scoring_sheet(facts: ExerciseFacts) -> Section:
    """Return the scoring sheet: 0, 1 or 2 points for each criterion, and room for remarks."""
    titles = ("Criterion", "0 points", "1 point", "2 points", "Score", "Remarks")
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (each.text, each.none, each.part, each.full, "", "") for each in facts.criteria
    )
    most = 2 * len(facts.criteria)
    table = Table("Score", tuple(Column(title) for title in titles), (*rows, ("Sum", "", "", "", f"of {most}", "")))
    return Section("score", "Scoring sheet", (table,))


def log_sheet() -> Section:
    """Return an empty log."""
    titles = ("No", "Time of play", "What we heard", "What we decided, and why", "Who does it")
    rows: tuple[tuple[Words, ...], ...] = tuple((f"{i}", "", "", "", "") for i in range(1, _N_LOG + 1))
    return Section("log", "Log", (Table("Log", tuple(Column(title) for title in titles), rows),))


def after_action(facts: ExerciseFacts) -> Section:
    """Return the form of the report that is written afterwards."""
    heads: tuple[tuple[Words, ...], ...] = tuple(
        (each, "")
        for each in (
            "Date and place", "Facilitator", "Participants and their roles", "Observers", "Played until",
            f"Score, of {2 * len(facts.criteria)}",
        )
    )  # fmt: skip
    actions = ("What we change", "Finding", "Who does it", "By when", "How we see that it is done")
    empty: tuple[tuple[Words, ...], ...] = tuple((f"{i}", "", "", "", "") for i in range(1, 6))
    return Section(
        "after-action",
        "After-action report",
        (
            Table("The exercise", (Column("What"), Column("Entry")), heads),
            Paragraph("Write a few sentences on each:"),
            Points(
                (
                    "What was to happen, and what happened?",
                    "What went well, and why?",
                    "What went badly, and why? Name gaps in the plan, not people.",
                    "Which of the expected findings came to light, and which others?",
                    "When is the next exercise, of which type?",
                )
            ),
            Table("Actions", tuple(Column(title) for title in actions), empty),
        ),
    )
