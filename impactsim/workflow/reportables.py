"""Whether a scenario is one that somebody has to be told of, by the rules of regulators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impactsim.collector import collector_paused
from impactsim.workflow.given import OnProgress, Source, loaded_scenario
from impactsim.workflow.given import demand as demand_figures

if TYPE_CHECKING:
    from impactsim.reportable.asked import Asked
    from impactsim.reportable.facts import ReportableFacts

USUAL_TRIALS = 1_000
"""How many trials are run where neither the scenario nor anybody says so, and something is uncertain."""


@dataclass(frozen=True, slots=True)
class Reportability:
    """What the trials say, and ways to look at it."""

    facts: ReportableFacts
    """All figures, with names."""
    notes: tuple[str, ...] = ()
    """What is worth knowing about how the trials were run; it changes no figure."""

    def to_json(self) -> str:
        """Return it as one line of JSON, as ``impactsim reportable --json`` prints it."""
        from impactsim.reports.reportable.json_form import to_json

        return to_json(self.facts)

    def __str__(self) -> str:
        from impactsim.reports.reportable.text import to_text

        return to_text(self.facts)


def reportability(
    scenario: Source,
    asked: Asked | Sequence[str],
    *,
    trials: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    on_progress: OnProgress | None = None,
) -> Reportability:
    """Say how likely a scenario meets the rules of some regimes for reporting it, when, and by when to report.

    Parameters
    ----------
    scenario
        A file, its content as a mapping (with the system in it), or a loaded scenario.
    asked
        Whose rules, of which services, and what no model sees; or the names of regimes alone, such as ``["gdpr"]``.
    trials
        How many trials; as many as the scenario says if absent, and `USUAL_TRIALS` if that says 1. Where nothing is uncertain
        one run says all.
    seed
        Seed of all that is drawn, instead of the scenario's own.
    workers
        How many work at once: all cores of this machine if absent. The figures do not depend on it.
    scheduler
        Address of the scheduler of a Dask cluster that runs the trials.
    on_progress
        Told, now and then, how many trials are done, and how many there will be.

    Returns
    -------
    Reportability
        Never that something need not be reported: that is for a person to decide.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    WrongQuestion
        If there is no such regime, flag, service or time zone.
    ValueError
        If a figure here is out of its range.
    """
    from impactsim.reportable.asked import Asked, demand, services_of
    from impactsim.reportable.assess import assess, is_certain
    from impactsim.trials.courses import follow
    from impactsim.trials.jobs import prepare
    from impactsim.trials.workers import open_workers

    demand_figures(trials, seed, None, workers, None)
    asked = asked if isinstance(asked, Asked) else Asked(tuple(asked))
    loaded = loaded_scenario(scenario)
    demand(loaded.system, asked)
    words = loaded.scenario if seed is None else loaded.scenario.model_copy(update={"seed": seed})
    with collector_paused():
        prepared = prepare(loaded.system, words)
    usual = words.trials if words.trials > 1 else USUAL_TRIALS
    n = 1 if is_certain(prepared) else trials or usual
    job = replace(prepared.job, keeps_groups=False)  # users are counted as regulators do, from the courses
    followed = [prepared.names.index[name] for name in services_of(loaded.system, asked)]
    with open_workers(workers, None, scheduler) as pool:
        courses = follow(job, followed, n, pool, on_progress)
    facts = assess(loaded.system, words, prepared, courses, asked, loaded.problems)
    return Reportability(facts, tuple(pool.notes))
