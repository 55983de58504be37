"""A review as a document: the page for management first, then services, findings, what to do, restoration, course, and its basis.

Computes nothing; `reports/document` draws it as a page or writes it as Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping

from impactsim.model.system import System
from impactsim.reports.document.blocks import Document, Section
from impactsim.reports.words import clean, counted
from impactsim.review.facts import ReviewFacts
from impactsim.review.report import words
from impactsim.review.report.basis import backups, basis, suppliers
from impactsim.review.report.changes import changes
from impactsim.review.report.course import course
from impactsim.review.report.findings import findings
from impactsim.review.report.order import order
from impactsim.review.report.services import services
from impactsim.review.report.summary import summary


def document_of(facts: ReviewFacts, systems: Mapping[str, System] | None = None, plan_file: str = "PLAN") -> Document:
    """Make the report of a review.

    Parameters
    ----------
    facts
        What the review says.
    systems
        The system of each scenario, by the scenario's file (``Rehearsal.file``), with the plan's steps in it; there is no map of a
        scenario that is missing here.
    plan_file
        The plan as the command line names it, so that the report says how to make it again.

    Returns
    -------
    Document
        With the summary for management before all sections.
    """
    sections = (
        services(facts),
        findings(facts),
        changes(facts),
        order(facts),
        course(facts, systems or {}),
        backups(facts),
        suppliers(facts),
        basis(facts),
    )
    return Document(
        title=f"Review of {clean(facts.plan)}",
        subtitle=_subtitle(facts),
        summary=summary(facts),
        sections=tuple(each for each in sections if _has_content(each)),
        repeat=(words.command(facts, plan_file), f"impactsim {facts.version}, seed {facts.seed}"),
    )


def _subtitle(facts: ReviewFacts) -> str:
    issued = "" if facts.plan_as_of is None else f", plan of {words.day(facts.plan_as_of)}"
    played = f"{counted(len(facts.rehearsals), 'scenario')}, {counted(facts.n_trials, 'trial')} of each"
    return f"{clean(facts.system)}; {played}; as of {words.day(facts.as_of)}{issued}"


def _has_content(section: Section) -> bool:
    return bool(section.blocks)
