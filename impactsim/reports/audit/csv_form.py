"""An audit as CSV files: one row a finding, a service, a minimal cut set; lists are joined by spaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from impactsim.audit.facts import AuditFacts
from impactsim.reports.rows import Cells, write_rows

FINDINGS = (
    "place", "id", "kind", "severity", "text", "services", "events", "users", "lost_user_minutes", "evidence", "remedy",
)  # fmt: skip
SERVICES = (
    "service", "name", "users", "probability_low", "probability_high", "unknown_events", "n_cut_sets", "complete_to_order",
    "single_points", "lost_user_minutes", "findings",
)  # fmt: skip
CUT_SETS = ("service", "order", "events", "probability", "known")


def write_tables(facts: AuditFacts, folder: Path) -> list[Path]:
    """Write ``findings.csv``, ``services.csv`` and ``cutsets.csv``.

    Raises
    ------
    OSError
        If they cannot be written; then no file there was changed.
    """
    tables: dict[str, tuple[tuple[str, ...], Iterable[Cells]]] = {
        "findings.csv": (FINDINGS, finding_rows(facts)),
        "services.csv": (SERVICES, service_rows(facts)),
        "cutsets.csv": (CUT_SETS, cut_set_rows(facts)),
    }
    return write_rows(tables, folder)


def finding_rows(facts: AuditFacts) -> Iterator[Cells]:
    """Yield one row for each finding, the worst first; the pieces of evidence are parted by semicolons."""
    for place, each in enumerate(facts.findings, 1):
        yield (
            place, each.id, each.kind, each.severity.word, each.text, " ".join(each.services), " ".join(each.events), each.users,
            each.lost_user_minutes, "; ".join(each.evidence), each.remedy,
        )  # fmt: skip


def service_rows(facts: AuditFacts) -> Iterator[Cells]:
    """Yield one row for each service."""
    for each in facts.services.values():
        single = sum(cut_set.order == 1 for cut_set in each.cut_sets)
        yield (
            each.id, each.name, each.users, each.probability.low, each.probability.high, each.n_unknown, each.n_cut_sets,
            each.complete_to, single, each.lost_user_minutes, " ".join(each.findings),
        )  # fmt: skip


def cut_set_rows(facts: AuditFacts) -> Iterator[Cells]:
    """Yield one row for each minimal cut set of each service."""
    for service in facts.services.values():
        for each in service.cut_sets:
            yield service.id, each.order, " ".join(each.events), each.probability, each.is_known
