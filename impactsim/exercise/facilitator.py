"""What the facilitator has: how to run it, each inject with what is behind it, the surprises explained, what is expected, the sheets."""

from __future__ import annotations

from impactsim.exercise.drafts import drafts
from impactsim.exercise.facts import CourseService, CourseStep, ExerciseFacts, Inject, Message, Surprise
from impactsim.exercise.sheets import after_action, scoring_sheet
from impactsim.exercise.times import clock_of, time_of
from impactsim.reports.document.blocks import (
    Block,
    Code,
    Column,
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
from impactsim.reports.words import clean, counted, joined
from impactsim.review.facts import PlanFinding
from impactsim.review.report import words
from impactsim.review.report.findings import severity_sign

_CAUSES = frozenset({"DR04", "DR05", "DR06", "DR08", "DR09", "DR12"})
"""Codes of findings that say what fails, and not what comes of it."""
_MINUTES_AFTER = 30
"""Minutes at the table when it is over."""


def summary(facts: ExerciseFacts) -> tuple[Block, ...]:
    """Return the first page: aims, figures, what the pack takes for granted."""
    n_minutes = _MINUTES_AFTER + 5 * round(sum(each.minutes for each in facts.injects) / 5)
    figures: tuple[tuple[str, Words, Words], ...] = (
        ("Time that is played", words.duration(facts.end_ms), "jump from inject to inject"),
        ("Time at the table", f"about {words.duration(n_minutes * 60_000)}", "with half an hour of talk at the end"),
        ("Injects", f"{len(facts.injects)}", f"{counted(len(facts.surprises), 'surprise')} among them"),
        ("Roles", f"{len([each for each in facts.participants if each.task])}", "and somebody who keeps the log"),
    )
    return (
        Paragraph(("For the facilitator. ", Strong("What stands here must not be shown to participants"), ".")),
        Paragraph("The aim is to:"),
        Points(tuple(f"{aim}." for aim in facts.aims)),
        KeyFigures(figures),
        Paragraph("What this pack takes for granted:"),
        Points(tuple(f"{each}." for each in facts.assumptions)),
    )


def facilitator(facts: ExerciseFacts) -> tuple[Section, ...]:
    """Return the sections for the facilitator.

    Parameters
    ----------
    facts
        What the pack says.
    """
    return (
        Section("running", "How to run it", (_how_to_run(facts), *_cast(facts))),
        Section("overview", "Time line", (_time_line(facts),)),
        Section("injects", "Injects, in order of time", tuple(_inject(facts, each) for each in facts.injects)),
        Section("surprises", "The surprises", _surprises(facts)),
        Section("course", "What the plan does in the run", _course(facts)),
        Section("left-open", "What is left open on purpose", _left_open(facts)),
        Section("expected", "What the exercise should find", _expected(facts)),
        Section("drafts", "Draft notices", drafts(facts)),
        Section("end", "Questions at the end", (Points(facts.questions, is_numbered=True),)),
        scoring_sheet(facts),
        after_action(facts),
    )


def _how_to_run(facts: ExerciseFacts) -> Points:
    return Points(
        (
            "Hand out the part for participants. Name who plays which role; somebody else keeps the log and the scores.",
            "At each inject say what the clock shows, and read aloud what stands under 'Read aloud', or hand out its card. All else stays with you.",
            "Let people speak first. Then ask, and ask the role that is named, not the one who always answers.",
            "When nothing new comes, go on. If somebody is ahead of the inject, tell it earlier; if they never ask, wait until its time.",
            "If they find another way than the plan, follow them, and note it. Leave out what no longer fits: no step is done that nobody has begun.",
            "When somebody wants to know what is not told, say what the run has ('What the plan does in the run'), or that nobody knows.",
            f"Play until {time_of(facts.end_ms)}, then ask the questions at the end and fill in the sheets together.",
        ),
        is_numbered=True,
    )


def _cast(facts: ExerciseFacts) -> tuple[Block, ...]:
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (each.name, joined(list(each.people), last="or") or "nobody", each.task)
        for each in facts.participants
        if each.task
    )
    columns = (Column("Role"), Column("People of the plan"), Column("What the plan asks of it here"))
    return (Table("Whom you need at the table", columns, rows),) if rows else ()


# Injects.


def _time_line(facts: ExerciseFacts) -> Table:
    columns = tuple(Column(title) for title in ("Time", "Inject", "Minutes", "What it is", "Who speaks", "Behind it"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (
            _clock(facts, each.at_ms),
            Link(_slug(each), f"{each.number}"),
            f"{each.minutes}",
            (Sign("high", "surprise"), " ", each.title) if each.is_surprise else each.title,
            ", ".join(dict.fromkeys(message.by for message in each.messages)),
            "; ".join(dict.fromkeys(message.behind for message in each.messages if message.behind)) or "-",
        )
        for each in facts.injects
    )
    return Table("All injects", columns, rows)


def _clock(facts: ExerciseFacts, at_ms: int) -> str:
    """Write a time of play, with the clock of the scenario if it has one."""
    clock = clock_of(facts.starts, at_ms)
    return f"{time_of(at_ms)} ({clock})" if clock else time_of(at_ms)


def _slug(inject: Inject) -> str:
    return f"inject-{inject.number}"


def _inject(facts: ExerciseFacts, inject: Inject) -> Section:
    for_it = f"Time for it at the table: about {inject.minutes} min."
    blocks: list[Block] = [Paragraph((Sign("high", "surprise"), " ", for_it) if inject.is_surprise else for_it)]
    blocks += [Paragraph("Read aloud:"), Points(tuple(_aloud(each, inject) for each in inject.messages))]
    behind = tuple(dict.fromkeys(f"{each.behind}." for each in inject.messages if each.behind))
    blocks += _listed("Behind it:", behind)
    blocks += _listed("Expected of participants:", tuple(f"{each}." for each in inject.expected))
    blocks += _listed("To be decided:", tuple(_stopped(each) for each in inject.decisions))
    blocks += _listed("Ask:", tuple((Strong(each.role), f": {each.text}") for each in inject.questions))
    blocks += _channels(facts, inject)
    return Section(
        _slug(inject), f"Inject {inject.number}, {_clock(facts, inject.at_ms)}: {inject.title}", tuple(blocks)
    )  # fmt: skip


def _aloud(message: Message, inject: Inject) -> Words:
    when = "" if message.at_ms == inject.at_ms else f", at {time_of(message.at_ms)}"
    return (Strong(message.by), f", {message.how}{when}: \u201c{message.text}\u201d")


def _stopped(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _listed(title: str, items: tuple[Words, ...]) -> list[Block]:
    return [Paragraph(title), Points(items)] if items else []


def _channels(facts: ExerciseFacts, inject: Inject) -> list[Block]:
    if not inject.works and not inject.fails:
        return []
    up, down = (joined([facts.names[each] for each in ids]) or "none" for ids in (inject.works, inject.fails))
    return [Paragraph(f"Channels that work now: {up}; that do not: {down}.")]


# The run.


def _surprises(facts: ExerciseFacts) -> tuple[Block, ...]:
    return tuple(block for each in facts.surprises for block in _surprise(facts, each)) or (
        Paragraph(
            "Nothing goes wrong beyond the outage itself, and nobody can be missing: the plan names nobody for a step."
        ),
    )


def _surprise(facts: ExerciseFacts, surprise: Surprise) -> tuple[Block, ...]:
    """Explain a surprise: what it is, why, where the run has it, whom it hurts, and what the review says of it."""
    remedies = dict.fromkeys(
        f"a way out, by the review: {clean(each.finding.remedy)}"
        for each in facts.findings
        if _is_about(each.finding, surprise) and each.finding.remedy
    )
    points = (
        f"why: {surprise.behind}",
        *([f"where it hurts: {surprise.hurts}"] if surprise.hurts else []),
        f"where it comes from: {surprise.source}",
        *remedies,
    )
    return (
        Paragraph((Strong(time_of(surprise.at_ms)), f" {surprise.text}.")),
        Points(tuple(f"{each}." for each in points)),
    )


def _is_about(finding: PlanFinding, surprise: Surprise) -> bool:
    """Tell whether a finding is about what surprises, and not about a target that it costs."""
    is_step = bool(surprise.step) and surprise.step in finding.steps
    return finding.code in _CAUSES and (is_step or bool({*surprise.components}.intersection(finding.components)))


def _course(facts: ExerciseFacts) -> tuple[Block, ...]:
    known = "nobody ever knows" if facts.detected_ms is None else f"somebody knows at {time_of(facts.detected_ms)}"
    acts = (
        "the plan is never put into action"
        if facts.declared_ms is None
        else f"the plan is put into action at {time_of(facts.declared_ms)}"
    )
    return (Paragraph(f"In the run {known}, and {acts}."), *_steps(facts), *_services(facts))


def _steps(facts: ExerciseFacts) -> tuple[Block, ...]:
    columns = (Column("Step"), Column("Begins", is_number=True), Column("Ends", is_number=True), Column("Who"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (
            (Strong(each.name), " (critical)") if each.is_critical else each.name,
            _when(each.begins_ms),
            each.fails or _when(each.ends_ms),
            _who(each),
        )
        for each in facts.steps
    )
    return (Table("Steps", columns, rows),) if rows else (Paragraph("The plan has no step for this scenario."),)


def _who(step: CourseStep) -> str:
    who = ", ".join(clean(person) for _, person in step.people) or "nobody"
    return f"{who} (not {', '.join(clean(each) for each in step.missing)})" if step.missing else who


def _services(facts: ExerciseFacts) -> tuple[Block, ...]:
    if not facts.services:
        return (Paragraph("No service of the plan falls below its minimum level."),)
    titles = (
        ("Service", False),
        ("Owner", False),
        ("Target RTO", True),
        ("Fails", True),
        ("Back", True),
        ("Target", False),
    )
    columns = tuple(Column(title, is_number) for title, is_number in titles)
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (
            each.name,
            each.owner or "-",
            words.target(each.target),
            _when(each.fails_ms),
            _when(each.back_ms),
            _kept(each),
        )
        for each in facts.services
    )
    return (Table("Services", columns, rows),)


def _kept(service: CourseService) -> Words:
    if service.deadline_ms is None:
        return Sign("unknown", "none given")
    return Sign("high", "missed") if service.is_late else Sign("good", "kept")


def _when(ms: int | None) -> str:
    return "never" if ms is None else time_of(ms)


def _left_open(facts: ExerciseFacts) -> tuple[Block, ...]:
    how = "Nobody tells participants of these. If they ask, ask back what the plan says; if they never ask, it is a finding."
    return (Paragraph(how), Points(tuple(f"{each}." for each in facts.left_open)))


def _expected(facts: ExerciseFacts) -> tuple[Block, ...]:
    if not facts.findings:
        return (Paragraph("The review of the plan found nothing that this scenario would show."),)
    titles = ("Finding", "Severity", "What is wrong", "What would help", "Shows at inject", "Found (yes or no)")
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (
            Code(each.finding.id),
            severity_sign(each.finding.severity),
            clean(each.finding.text),
            clean(each.finding.remedy),
            ", ".join(f"{number}" for number in each.injects) or "any",
            "",
        )
        for each in facts.findings
    )
    return (
        Paragraph("The review of the plan found this; participants should come upon it by themselves."),
        Table("Expected findings", tuple(Column(title) for title in titles), rows),
    )
