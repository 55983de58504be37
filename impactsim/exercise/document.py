"""A tabletop pack as a document: a part for the facilitator, and one for participants that holds no cause and no later inject."""

from __future__ import annotations

from shlex import quote
from typing import Literal

from impactsim.exercise.facts import ExerciseFacts, Inject, Surprise
from impactsim.exercise.sheets import after_action, log_sheet, scoring_sheet
from impactsim.reports.document.blocks import (
    Block,
    Code,
    Column,
    Details,
    Document,
    Foreign,
    KeyFigures,
    Link,
    Paragraph,
    Points,
    Section,
    Sign,
    Strong,
    Table,
    Words,
)
from impactsim.reports.words import clean, counted
from impactsim.review import words
from impactsim.review.document_findings import severity_sign

Reader = Literal["facilitator", "participants", "both"]
"""For whom a pack is written."""

_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000


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
    if reader == "participants":
        situation, *others = _participants(facts)
        return Document(
            f"Tabletop exercise: {facts.plan}", f"{facts.system}; for participants", situation.blocks, tuple(others)
        )
    parts = (*_facilitator(facts), Section("participants", "For participants: hand this out", _participants(facts)))
    trial = "the medians" if facts.trial is None else f"trial {facts.trial} of seed {facts.seed}"
    return Document(
        title=f"Tabletop exercise: {facts.plan}",
        subtitle=f"{facts.scenario}; {facts.system}; from {trial}",
        summary=_summary(facts),
        sections=parts if reader == "both" else parts[:-1],
        repeat=(_command(facts, plan_file), f"impactsim {facts.version}, {trial}"),
    )


def _command(facts: ExerciseFacts, plan_file: str) -> str:
    trial = "" if facts.trial is None else f" --trial {facts.trial}"
    return f"impactsim exercise {quote(plan_file)} --scenario {quote(facts.file)} --as-of {facts.as_of.isoformat()} --seed {facts.seed}{trial}"


def at(ms: int) -> str:
    """Write a time of the exercise: ``T+0:15``."""
    return f"T{words.since_start(ms)}"


# The facilitator.


def _summary(facts: ExerciseFacts) -> tuple[Block, ...]:
    end = words.duration(facts.end_ms)
    figures: tuple[tuple[str, Words, Words], ...] = (
        ("Time that is played", end, "jump from inject to inject"),
        ("Injects", f"{len(facts.injects)}", f"{counted(len(facts.surprises), 'surprise')} among them"),
        ("Roles", f"{len(facts.participants)}", "and somebody who keeps the log"),
    )
    return (
        Paragraph(("For the facilitator. ", Strong("What stands here must not be shown to participants"), ".")),
        Paragraph("The aim is to:"),
        Points(tuple(f"{aim}." for aim in facts.aims)),
        KeyFigures(figures),
    )


def _facilitator(facts: ExerciseFacts) -> tuple[Section, ...]:
    return (
        Section("running", "How to run it", (_how_to_run(facts),)),
        Section("overview", "Time line", _time_line(facts)),
        Section("injects", "Injects, in order of time", tuple(_card(each) for each in facts.injects)),
        Section("course", "What the plan does in the run", _course(facts)),
        Section("drafts", "Draft notices", _drafts(facts)),
        Section("expected", "What the exercise should find", _expected(facts)),
        Section("end", "Questions at the end", (Points(facts.questions, is_numbered=True),)),
        scoring_sheet(facts),
        after_action(facts),
    )


def _how_to_run(facts: ExerciseFacts) -> Points:
    return Points(
        (
            "Hand out the part for participants. Name who plays which role; somebody else keeps the log and the scores.",
            "Read each inject aloud at its time of play, and say what the clock shows. What stands under 'behind it' stays with you.",
            "Let people speak, then ask the questions. When nothing new comes, go on to the next inject.",
            "If they find another way than the plan, follow them: leave out what no longer fits, and note it.",
            f"Play until {at(facts.end_ms)}, then ask the questions at the end and fill in the sheets together.",
        ),
        is_numbered=True,
    )


def _time_line(facts: ExerciseFacts) -> tuple[Block, ...]:
    columns = tuple(Column(title) for title in ("Time", "Inject", "Told by", "What they see", "Behind it"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (at(each.at_ms), Link(_slug(each), f"{each.number}"), each.by, _seen(each), each.behind or "-")
        for each in facts.injects
    )
    return (Table("All injects", columns, rows), *_surprises(facts.surprises))


def _surprises(surprises: tuple[Surprise, ...]) -> tuple[Block, ...]:
    if not surprises:
        return (Paragraph("Nothing goes wrong beyond the outage itself."),)
    points: tuple[Words, ...] = tuple((Strong(at(each.at_ms)), f" {each.text} ({each.behind}).") for each in surprises)
    return (Paragraph("The surprises:"), Points(points))


def _seen(inject: Inject) -> Words:
    return (Sign("high", "surprise"), " ", inject.text) if inject.is_surprise else inject.text


def _slug(inject: Inject) -> str:
    return f"inject-{inject.number}"


def _card(inject: Inject) -> Section:
    blocks: list[Block] = [Paragraph((Strong(inject.by), ": ", f"{inject.text}."))]
    if inject.is_surprise:
        blocks.insert(0, Paragraph(Sign("high", "surprise")))
    if inject.behind:
        blocks.append(Paragraph(f"Behind it: {inject.behind}."))
    if inject.expected:
        blocks += [Paragraph("Expected of participants:"), Points(tuple(f"{each}." for each in inject.expected))]
    blocks += [Paragraph("Ask:"), Points(inject.questions)]
    return Section(_slug(inject), f"{inject.number}: {at(inject.at_ms)} {_TITLES[inject.kind]}", tuple(blocks))


_TITLES = {
    "down": "something does not work",
    "degraded": "something works in part only",
    "supplier": "a supplier speaks",
    "known": "the cause is known",
    "held up": "a step cannot go on",
    "backup": "the backup fails too",
    "absent": "somebody is missing",
    "done": "a step is done",
    "back": "something works again",
}


def _course(facts: ExerciseFacts) -> tuple[Block, ...]:
    known = "nobody ever knows" if facts.detected_ms is None else f"somebody knows at {at(facts.detected_ms)}"
    acts = (
        "the plan is never put into action"
        if facts.declared_ms is None
        else f"the plan is put into action at {at(facts.declared_ms)}"
    )
    columns = (Column("Step"), Column("Begins", is_number=True), Column("Ends", is_number=True), Column("Who"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (
            each.name,
            _when(each.begins_ms),
            _when(each.ends_ms),
            ", ".join(person for _, person in each.people) or "nobody",
        )
        for each in facts.steps
    )
    said = Paragraph(f"In the run {known}, and {acts}.")
    return (
        (said, Table("Steps", columns, rows)) if rows else (said, Paragraph("The plan has no step for this scenario."))
    )


def _when(ms: int | None) -> str:
    return "never" if ms is None else at(ms)


def _drafts(facts: ExerciseFacts) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if facts.drafts:
        blocks.append(
            Paragraph("What customers could be told. Show a draft only after participants have written their own.")
        )
    for each in facts.drafts:
        text = tuple(Paragraph(Foreign(each.language, line)) for line in _unwrapped(each.text))
        blocks.append(Details(f"{each.state}, {each.language}", text))
    if facts.no_drafts:
        blocks.append(Paragraph(f"Left out: {facts.no_drafts}."))
    return tuple(blocks)


def _unwrapped(text: str) -> list[str]:
    """Return the paragraphs and the points of a notice that was broken into lines; below its title stands a line with its time."""
    first, *blocks = text.split("\n\n")
    *title, time = first.splitlines()
    found = [" ".join(map(str.strip, title)), time]
    for block in blocks:
        parts: list[str] = []
        for line in filter(None, map(str.strip, block.splitlines())):
            if parts and not line.startswith("- "):
                parts[-1] += f" {line}"
            else:
                parts.append(line)
        found += parts
    return found


def _expected(facts: ExerciseFacts) -> tuple[Block, ...]:
    if not facts.findings:
        return (Paragraph("The review of the plan found nothing that this scenario would show."),)
    columns = (
        Column("Finding"),
        Column("Severity"),
        Column("What is wrong"),
        Column("What would help"),
        Column("Found (yes or no)"),
    )
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (Code(each.id), severity_sign(each.severity), clean(each.text), clean(each.remedy), "")
        for each in facts.findings
    )
    return (
        Paragraph("The review of the plan found this; participants should come upon it by themselves."),
        Table("Expected findings", columns, rows),
    )


# Participants.


def _participants(facts: ExerciseFacts) -> tuple[Section, ...]:
    """Return what participants may read before and during the exercise: nothing of it comes from the run but who takes part."""
    rules = (
        "Act as you would on the day, with the plan and the tools that you would have then.",
        "Say aloud what you do, with whom, with which tool, and how long it takes. Call nobody outside this room.",
        "What you are told is true as far as those who tell it know. Ask the facilitator for what you would look up.",
        "There is no wrong answer; a gap in the plan that comes to light is what this is for.",
    )
    columns = (Column("Role"), Column("People"), Column("Played by"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (each.name, ", ".join(each.people) or "-", "") for each in facts.participants
    )
    roles: tuple[Block, ...] = (
        (Table("Who takes part", columns, rows),) if rows else (Paragraph("The plan names no roles."),)
    )
    task = f"You run {facts.system}. Somebody will tell you what is seen. You have {facts.plan}: use it."
    aim = "The aim is to see whether the plan, the people and the tools work together, and to find what the plan does not say."
    return (
        Section("situation", "The situation", (Paragraph(task), Paragraph(aim), Points(rules))),
        Section("roles", "Roles", roles),
        Section("open-questions", "Questions to keep in mind", (Points(_OPEN),)),
        log_sheet(),
    )


_OPEN = (
    "Who decides, and who stands in?",
    "What do we tell customers, and through what?",
    "When do we switch, and what would make us wait?",
    "What if the tool that we need is not there?",
)
