"""The documents of comparisons: scenarios side by side, and on common luck with the intervals of their differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from impactsim.reports.compare import Key, labels_of, row_of_service, rows_of_totals, services_compared
from impactsim.reports.document.blocks import (
    Block,
    Column,
    Document,
    Figure,
    LevelsPicture,
    Paragraph,
    Points,
    RangeBar,
    RangesPicture,
    Section,
    Strip,
    Table,
    Tone,
    Words,
)
from impactsim.reports.document.pages.parts import (
    SHORT,
    list_blocks,
    part,
    parts,
    repeat_with,
    sentences,
    table_blocks,
)
from impactsim.reports.document.pages.pictures import clock_of
from impactsim.reports.document.pages.run import rests_section
from impactsim.reports.facts import Facts
from impactsim.reports.headline import headline, names_of
from impactsim.reports.layout import Cell
from impactsim.reports.page import Page
from impactsim.reports.sampled.compare import ComparedScenario, ComparisonFacts, Verdict
from impactsim.reports.sampled.compare_text import Writer
from impactsim.reports.sampled.words import mean_of_people, mean_of_times
from impactsim.reports.text import rests_on, sources, warnings_of
from impactsim.reports.words import clean, counted, joined
from impactsim.trials.estimates import Estimate

_MOST_BARS = 20


def comparison_document(runs: Sequence[Facts], command: str = "") -> Document:
    """Return what stands in the report of single runs side by side.

    Parameters
    ----------
    runs
        What the runs say; the first is what the others are compared with.
    command
        The command line that wrote it; empty if there was none.
    """
    labels = [clean(label) for label in labels_of(runs)]
    heads = [("", False), *((label, False) for label in labels)]
    differing, same = services_compared(runs)
    alike = f"Affected alike in all of them: {names_of(runs[0], same)}." if same else ""
    rows = [row_of_service(service, runs) for service in differing]
    return Document(
        title=f"{labels[0]}, and what would change it",
        subtitle=f"{counted(len(runs), 'scenario')} side by side, each with its difference from the first",
        summary=(
            Points(tuple(f"{headline(facts)[0].text}." for facts in runs), is_numbered=True),
            *table_blocks("In all", heads, rows_of_totals(runs)),
        ),
        sections=parts(
            part(
                "services",
                "Services",
                *(table_blocks("Services that fare differently", heads, rows)),
                Paragraph(alike) if alike else None,
            ),
            part("over-time", "Services over time", *_courses(runs, labels, differing)),
            _basis(runs),
        ),
        repeat=repeat_with(command, f"seeds {', '.join(str(facts.seed) for facts in runs)}"),
    )


def _courses(runs: Sequence[Facts], labels: Sequence[str], services: Sequence[str]) -> list[Block]:
    """Return a figure for each of the first services: one strip a scenario."""
    shown = services[: _MOST_BARS // len(runs) + 1]
    strips, rows = [], []
    for service in shown:
        for i, (label, facts) in enumerate(zip(labels, runs, strict=True), 1):
            component = facts.components.get(service)
            if component is not None:
                strips.append(Strip(f"{i}: {clean(component.name)}", component.levels))
                row = [cell.text if isinstance(cell, Cell) else cell for cell in row_of_service(service, [facts])]
                rows.append((row[0], label, row[1]))
    if not strips:
        return []
    columns = (Column("service"), Column("scenario"), Column("what becomes of it"))
    end_ms = max(60_000, *(facts.end_ms for facts in runs))
    numbers = joined([f"{i}: {label}" for i, label in enumerate(labels, 1)])
    text = f"{counted(len(shown), 'service')} that fare differently, a strip for each scenario. {numbers}."
    picture = LevelsPicture(tuple(strips), end_ms, clock_of(runs[0]))
    return [Figure("courses", "Services over time", text, picture, Table("Services over time", columns, tuple(rows)))]


def _basis(runs: Sequence[Facts]) -> Section | None:
    """Return what any of the runs rests on, each thing once; how much of each rests on guesses stands in its column."""
    pages = [Page(replace(facts, rests=None), SHORT) for facts in runs]
    doubts = dict.fromkeys(line for page in pages for line in sentences(rests_on(page, ())))
    origins = dict.fromkeys(line for page in pages for line in sentences(sources(page)))
    warnings = dict.fromkeys(line for page in pages for line in sentences(warnings_of(page)))
    taken = ["Every uncertain quantity takes its median; --trials N says how sure the differences are."]
    return rests_section(tuple(doubts), tuple(warnings), tuple(origins), taken)


# On common luck.


def sampled_comparison_document(facts: ComparisonFacts, command: str = "") -> Document:
    """Return what stands in the report of scenarios compared on common luck; parameters as of `comparison_document`."""
    first = facts.scenarios[0]
    writer = Writer(facts, 1_000_000, None, 2)
    trials = counted(facts.n_trials, "trial")
    return Document(
        title=f"{clean(first.label)}, and what would change it",
        subtitle=f"{counted(len(facts.scenarios), 'scenario')} on the same luck, {trials} each",
        summary=(
            *(
                []
                if facts.is_complete
                else [Paragraph(f"Incomplete: interrupted after {trials} of {facts.n_asked:,}.")]
            ),
            Points(tuple(_in_a_line(writer, each) for each in facts.scenarios[1:])),
            *_differences(facts),
        ),
        sections=parts(
            *(_scenario(writer, each, i) for i, each in enumerate(facts.scenarios[1:], 1)),
            part("reading", "How to read it", *list_blocks([" ".join(" ".join(writer.legend()).split())], "notes")),
        ),
        repeat=repeat_with(command, f"seed {facts.seed}, {trials}"),
    )


def _main_key(facts: ComparisonFacts) -> tuple[Key, bool]:
    """Return the figure by which scenarios are told apart at a glance, and whether it is a time."""
    has_users = all(each.has_users for each in facts.scenarios)
    has_estimate = all(each.has_estimate for each in facts.scenarios)
    if has_users:
        return ("lost_user_minutes", "", "estimate" if has_estimate else "high"), False
    return ("restored_ms", "", ""), True


def _in_a_line(writer: Writer, scenario: ComparedScenario) -> str:
    key, is_time = _main_key(writer.comparison)
    what = "services restored after" if is_time else "user-minutes lost"
    written = mean_of_times if is_time else mean_of_people
    row = [cell.text if isinstance(cell, Cell) else cell for cell in writer.row(what, key, scenario, written)]
    return f"{clean(scenario.label)}: {what} {row[2]} instead of {row[1]}, {row[4]}."


def _differences(facts: ComparisonFacts) -> list[Block]:
    """Return the differences of the main figure from the first scenario, with their intervals."""
    key, is_time = _main_key(facts)
    bars, rows = [], []
    for scenario in facts.scenarios[1:]:
        found = scenario.figures.get(key)
        if found is None or found.difference is None or not math.isfinite(found.difference.by.mean):
            continue
        if found.difference.verdict is Verdict.SAME:
            continue
        by = found.difference.by
        bars.append(RangeBar(clean(scenario.label), by.low, by.mean, by.high, None, _TONES[found.difference.verdict]))
        rows.append((clean(scenario.label), _written(by, is_time), found.difference.verdict.value))
    if not bars:
        return []
    what = "time until services are restored" if is_time else "lost user-minutes"
    columns = (Column("scenario"), Column(f"difference of {what}", True), Column("verdict"))
    figure = Figure(
        "differences",
        f"By how much the {what} differ from those of {clean(facts.scenarios[0].label)}",
        "Left of 0 is better. The mark is the mean difference of the same trials, the bar its interval of 95%.",
        RangesPicture(tuple(bars), "duration" if is_time else "number", what),
        Table("Differences from the first scenario", columns, tuple(rows)),
    )
    return [figure]


_TONES: dict[Verdict, Tone] = {
    Verdict.BETTER: "good", Verdict.WORSE: "high", Verdict.SAME: "low", Verdict.UNCLEAR: "unknown",
}  # fmt: skip


def _written(estimate: Estimate, is_time: bool) -> str:
    return (mean_of_times if is_time else mean_of_people)(estimate, True)


def _scenario(writer: Writer, scenario: ComparedScenario, place: int) -> Section | None:
    """Return one scenario beside the first: all figures, then the services of which there is something to tell."""
    services, same, unclear = writer.services(scenario)
    heads = (("", False), ("first", True), ("here", True), ("difference", True), ("of the trials", False))
    rows = [writer.row(writer.name(key), key, scenario, mean_of_times) for key in services]
    rest: list[Words] = [
        f"{words}: {joined([writer.name(key) for key in keys])}."
        for words, keys in (("No telling", unclear), ("The same in each trial", same))
        if keys
    ]
    return part(
        f"scenario-{place}",
        clean(scenario.label),
        *table_blocks("In all", heads, writer.rows_of_totals(scenario)),
        _times_down(writer, scenario, services, place),
        *table_blocks("Time down of services", heads, rows),
        *list_blocks(rest, "notes"),
    )


def _times_down(writer: Writer, scenario: ComparedScenario, services: Sequence[Key], place: int) -> Figure | None:
    """Return by how much the time down of services differs, with the intervals."""
    found = [(key, scenario.figures[key].difference) for key in services if key in scenario.figures]
    told = [(writer.name(key), each) for key, each in found if each is not None and math.isfinite(each.by.mean)]
    if not told:
        return None
    bars, rows = [], []
    for name, each in told[:_MOST_BARS]:
        bars.append(RangeBar(name, each.by.low, each.by.mean, each.by.high, None, _TONES[each.verdict]))
        rows.append((name, mean_of_times(each.by, True), each.verdict.value))
    columns = (Column("service"), Column("difference", True), Column("verdict"))
    return Figure(
        f"times-{place}",
        "By how much the time down of services differs",
        "Left of 0 is better. The mark is the mean difference of the same trials, the bar its interval of 95%.",
        RangesPicture(tuple(bars), "duration", "difference of the time down"),
        Table("Difference of the time down", columns, tuple(rows)),
    )
