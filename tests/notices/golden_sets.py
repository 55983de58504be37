"""The notices of the documented outage that are kept as they were written: which, of when, in which forms.

The outage is that of 8 July 2022 (`scenarios/rogers-2022`), as a payment network would have told its customers of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from impactsim.notices.build import Asked
from impactsim.notices.bundle import Notices
from impactsim.notices.files import Form
from impactsim.notices.incident import EASY_JAPANESE, LANGUAGES
from impactsim.workflow.notices import notice

GOLDEN = Path(__file__).parent / "golden"
SCENARIO = Path(__file__).parents[2] / "scenarios" / "rogers-2022" / "1-july-2022.yaml"
ALL_LANGUAGES = (*LANGUAGES, EASY_JAPANESE)
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A notice that is kept in files."""

    asked: Asked
    at: int | None = None
    """Minutes into the outage; as usual for its state if absent."""
    forms: tuple[Form | None, ...] = ("text", "json")
    """None is the text message."""


KEPT = {
    "1-investigating": Kept(Asked("investigating")),
    "2-identified-no-estimate": Kept(Asked("identified"), 635),  # 15:20, when the operator gave no estimate either
    "3-identified": Kept(Asked("identified"), 945, ("text", None, "markdown", "html", "json", "statuspage")),  # 20:30
    "4-monitoring-half-back": Kept(Asked("monitoring"), 1200),
    "5-monitoring": Kept(Asked("monitoring")),
    "6-resolved": Kept(Asked("resolved", may_recur=True, provider_will_change=True)),
}


def written(kept: Kept) -> dict[str, str]:
    """Write a notice in all languages and its forms: texts by the names of their files."""
    at_ms = None if kept.at is None else kept.at * MINUTE_MS
    found: Notices = notice(SCENARIO, kept.asked, ALL_LANGUAGES, at_ms=at_ms, workers=1)
    return {name: text for form in kept.forms for name, text in found.texts(form).items()}
