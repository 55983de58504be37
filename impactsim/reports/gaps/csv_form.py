"""What is missing as CSV files: one row a gap, and one row a missing fact; lists are joined by spaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from impactsim.gaps.facts import GapsFacts
from impactsim.gaps.words import asked_in_words
from impactsim.reports.rows import Cells, write_rows

GAPS = ("place", "id", "kind", "value", "is_bound", "text", "whom", "ask", "facts", "evidence")
PARTS = (
    "gap", "kind", "component", "kind_of_component", "components", "others", "value", "low", "high", "is_bound", "text", "evidence", "origin",
)  # fmt: skip


def write_tables(facts: GapsFacts, folder: Path) -> list[Path]:
    """Write ``gaps.csv`` and ``parts.csv``.

    Raises
    ------
    OSError
        If they cannot be written; then no file there was changed.
    """
    tables: dict[str, tuple[tuple[str, ...], Iterable[Cells]]] = {
        "gaps.csv": (GAPS, gap_rows(facts)),
        "parts.csv": (PARTS, part_rows(facts)),
    }
    return write_rows(tables, folder)


def gap_rows(facts: GapsFacts) -> Iterator[Cells]:
    """Yield one row for each gap, what matters most first; the pieces of evidence are parted by semicolons."""
    for place, each in enumerate(facts.gaps, 1):
        yield (
            place, each.id, each.kind, each.value, each.is_bound, each.text, asked_in_words(each.whom), each.ask, each.n,
            "; ".join(each.evidence),
        )  # fmt: skip


def part_rows(facts: GapsFacts) -> Iterator[Cells]:
    """Yield one row for each missing fact, in the order of the gaps."""
    for gap in facts.gaps:
        for each in gap.parts:
            yield (
                gap.id, each.kind, each.component, each.noun, " ".join(each.components), " ".join(each.others), each.value, each.low,
                each.high, each.is_bound, each.text, "; ".join(each.evidence), "; ".join(each.origin),
            )  # fmt: skip
