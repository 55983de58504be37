"""The draft notices of a pack: what customers could be told at first, and why some of them cannot be written."""

from __future__ import annotations

from impactsim.exercise.facts import ExerciseFacts
from impactsim.exercise.times import clock_of, time_of
from impactsim.reports.document.blocks import Block, Details, Foreign, Paragraph


def drafts(facts: ExerciseFacts) -> tuple[Block, ...]:
    """Return the drafts, each to be opened on demand.

    Parameters
    ----------
    facts
        What the pack says.
    """
    how = "What customers could be told. Show a draft only after participants have written their own, and compare."
    blocks: list[Block] = [Paragraph(how)] if facts.drafts else []
    for each in facts.drafts:
        text = tuple(Paragraph(Foreign(each.language, line)) for line in _unwrapped(each.text))
        blocks.append(Details(f"{each.state}, {each.language}: {_when(facts, each.at_ms)}", text))
    if facts.no_drafts:
        blocks.append(Paragraph(f"Left out: {facts.no_drafts}."))
    return tuple(blocks)


def _when(facts: ExerciseFacts, at_ms: int) -> str:
    """Say for when a draft is written, and with which inject participants may have written their own."""
    before = [each.number for each in facts.injects if each.at_ms <= at_ms]
    clock = clock_of(facts.starts, at_ms)
    return f"{time_of(at_ms)}{f' ({clock})' if clock else ''}{f', after inject {before[-1]}' if before else ''}"


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
