"""The sheets of a pack that people fill in: the score, the log, the report afterwards."""

from __future__ import annotations

from impactsim.exercise.facts import ExerciseFacts
from impactsim.reports.document.blocks import Column, Paragraph, Points, Section, Table, Words

_N_LOG, _N_ACTIONS = 14, 6


def scoring_sheet(facts: ExerciseFacts) -> Section:
    """Return the scoring sheet: 0, 1 or 2 points for each criterion, and room for notes."""
    titles = ("Criterion", "0 points", "1 point", "2 points", "Score", "Notes: when, who, what was said")
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (each.text, each.none, each.part, each.full, "", "") for each in facts.criteria
    )
    most = 2 * len(facts.criteria)
    table = Table("Score", _columns(titles), (*rows, ("Sum", "", "", "", f"of {most}", "")))
    how = "Give points for what you saw or heard, not for what was meant. Leave out what the table never came to, and say so."
    return Section("score", "Scoring sheet", (Paragraph(how), table))


def log_sheet() -> Section:
    """Return an empty log."""
    titles = ("No", "Time of play", "What we heard", "What we decided, and why", "Who does it")
    return Section("log", "Log", (Table("Log", _columns(titles), _empty(_N_LOG, len(titles))),))


def after_action(facts: ExerciseFacts) -> Section:
    """Return the form of the report that is written afterwards."""
    heads: tuple[tuple[Words, ...], ...] = tuple(
        (each, "")
        for each in (
            "Date and place", "Facilitator", "Participants and their roles", "Observers", "Played until",
            f"Score, of {2 * len(facts.criteria)}",
        )
    )  # fmt: skip
    actions = ("No", "What we change", "Finding", "Who answers for it", "By when", "How we see that it is done")
    return Section(
        "after-action",
        "After-action report",
        (
            Table("The exercise", _columns(("What", "Entry")), heads),
            Table("What happened", _columns(("Inject", "What was to happen", "What happened", "Why")), _course(facts)),
            Paragraph("Write a few sentences on each. Name gaps in the plan, not people."),
            Points(
                (
                    "What held, and why?",
                    "What did not hold, and why?",
                    "Which of the expected findings came to light, and which others?",
                    "What surprised us?",
                    "When is the next exercise, of which type, and what does it test again?",
                )
            ),
            Table("Actions", _columns(actions), _empty(_N_ACTIONS, len(actions))),
        ),
    )


def _course(facts: ExerciseFacts) -> tuple[tuple[Words, ...], ...]:
    """Return a row for each inject at which the plan asks for something."""
    return tuple(
        (f"{each.number}: {each.title}", "; ".join(each.expected), "", "") for each in facts.injects if each.expected
    )


def _columns(titles: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(title) for title in titles)


def _empty(n_rows: int, n_columns: int) -> tuple[tuple[Words, ...], ...]:
    return tuple((f"{i}", *("",) * (n_columns - 1)) for i in range(1, n_rows + 1))
