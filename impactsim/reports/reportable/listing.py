"""Which regimes there are: for whom, from what source, read when, valid when. Needs no trials, and so no numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from impactsim.reportable.rules import LEGAL, Regime
from impactsim.reports.layout import wrapped
from impactsim.reports.page import Screen


def list_lines(regimes: Sequence[Regime], screen: Screen) -> list[str]:
    """Write which regimes there are: for whom, from what source, read when, valid when.

    Parameters
    ----------
    regimes
        In the order in which they are listed.
    screen
        Where it is written.
    """
    lines = []
    for each in regimes:
        lines.append(screen.paint(f"{each.id}  ({each.jurisdiction})", "heading"))
        until = f" until {each.valid_to}" if each.valid_to else ""
        valid = f"{f' from {each.valid_from}' if each.valid_from else ''}{until}"
        kind = "wording of the law" if each.evidence == "text" else "secondary source"
        flags = f"Flags: {', '.join(each.flags)}" if each.flags else ""
        texts = (
            f"{each.name}: {each.combine_words}",
            f"Applies if {each.applies_if}.{f' {each.status}.' if each.status else ''}",
            f"{each.law}; {each.url}",
            f"{kind}, read {each.read_on}{f'; applies{valid}' if valid else ''}: {each.source}",
            flags,
        )
        for text in texts:
            if text:
                lines += wrapped(f"    {text}", screen.columns, 6)
    return [*lines, "", *wrapped(LEGAL, screen.columns, 2)]


def regime_object(regime: Regime) -> dict[str, Any]:
    """Return the rules of a regime as plain data, as its file has them."""
    found: dict[str, Any] = regime.model_dump(mode="json")
    return found
