"""What a review says, with names: every figure that its text, JSON, page and exercise print.

Times are in milliseconds from the start of their scenario; ``math.inf`` is *never by the end*, ``math.nan`` is *not known*.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from impactsim.audit.findings import Severity
from impactsim.model.fields import Target
from impactsim.model.system import System
from impactsim.problems import Problem
from impactsim.reports.facts import Facts

if TYPE_CHECKING:
    from impactsim.rests.shares import Rests

Verdict = Literal["holds", "at risk", "fails", "not known"]
"""Of a target: missed in at most 10 % of the trials; in at most half; in more; there is no target, or nothing to hold it against."""

WaitKind = Literal["gate", "step", "person", "tool", "place", "need"]
"""What a step waited for: detection or declaration, another step, somebody who was busy, a tool or a place that was down, a
need to repair of what it restores."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A time over many trials; infinite where it never comes."""

    p10_ms: float
    p50_ms: float
    p90_ms: float


@dataclass(frozen=True, slots=True)
class Wait:
    """A time in which a step that was called for did not go on."""

    from_ms: int
    to_ms: int
    kind: WaitKind
    of: tuple[str, ...]
    """Ids of steps, people or components; for a gate ``detection``, ``declaration``, or ``not-before`` where a time must pass."""
    kept_by: tuple[str, ...] = ()
    """Steps that keep the people without being at work meanwhile; empty where these are at work, and where no people are missing."""
    while_missing: tuple[str, ...] = ()
    """Ids of what those steps wait for."""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One step of the plan in one scenario."""

    id: str
    name: str
    is_called: bool
    """Whether the scenario calls for it at all; if not, nothing below means anything."""
    restores: tuple[str, ...] = ()
    """Ids of components that it restores or brings into service."""
    after: tuple[str, ...] = ()
    """Steps before it that are called for too."""
    people: tuple[tuple[str, str], ...] = ()
    """(role, person) who do it, by the medians."""
    wave: int = 0
    """1 for what waits for no other step, else one more than the latest of what it waits for."""
    called_ms: int = 0
    begins_ms: int | None = None
    """When the work begins, by the medians; None if it never does."""
    ends_ms: int | None = None
    """When it is done, by the medians; None if it never is."""
    ends: Spread | None = None
    """When it is done, over the trials."""
    waits: tuple[Wait, ...] = ()
    """By the medians, in order of time."""
    is_critical: bool = False
    """Is it on the critical path of some service that misses or nearly misses its target, or of the last one to come back?"""


@dataclass(frozen=True, slots=True)
class ServiceRecovery:
    """One service in one scenario, with the steps of the plan as the repairs."""

    id: str
    is_affected: bool
    """Does it ever fall below its minimum level, in any trial?"""
    rto: Spread
    """Longest time below the minimum level, from the beginning of its outage; 0 where there was none."""
    from_declaration: Spread
    """The same from the declaration on, over the trials in which there is one; 0 where it was back before, not known where no
    trial has one."""
    p_rto_met: tuple[float, float, float] | None = None
    """Share of trials in which the target RTO is met, and its interval at 95 %: estimate, low, high. None without a target."""
    rpo: Spread | None = None
    """Data loss in time, of the worst data that it needs; None where nothing is lost in this scenario. Infinite: lost for good."""
    p_rpo_met: tuple[float, float, float] | None = None
    back_ms: int | None = None
    """When it is back at its minimum level for good, by the medians; None if never, 0 if it never was below."""
    wave: int = 0
    """The wave after which it is back; 0 if it needs none."""
    critical_path: tuple[str, ...] = ()
    """Ids of the steps, and of ``detection`` and ``declaration``, that decide when it is back, in order of time, by the medians."""
    because: tuple[str, ...] = ()
    """Ids from what held it down last to what failed first, by the medians."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One scenario played with the plan."""

    name: str
    file: str
    n_trials: int
    seed: int
    declared: Spread
    """When the plan is put into action; not known where the scenario calls for no step."""
    steps: tuple[StepFacts, ...]
    """All steps, in the order of their beginning by the medians; those that are not called for last, in the order of the plan."""
    services: dict[str, ServiceRecovery]
    """Of all services of the plan that the scenario's system has."""
    run: Facts
    """The run by the medians, with the plan's steps as the repairs. Steps are components of kind ``step`` in it, with ids that
    begin with ``STEP_PREFIX``."""
    users: tuple[tuple[int, float, float, float], ...] = ()
    """(at_ms, P10, P50, P90) of the people affected at that time over the trials; empty without users."""
    unrestored: tuple[str, ...] = ()
    """Components that fail in it, and that neither a step nor a time to restore brings back."""
    unused_steps: tuple[str, ...] = ()
    """Steps that restore what the scenario itself brings back at its own time."""
    by_itself: dict[str, tuple[float, str]] = field(default_factory=dict)
    """What it hits for good, no step restores, and yet comes back: how long that takes by the median, in ms, and who says so."""
    run_without_plan: Facts | None = field(default=None, repr=False)
    """The run by the medians as the system says, without the plan; where it was needed."""
    losses: dict[str, Spread] = field(default_factory=dict)
    """How much of each data that the scenario destroys is lost, as a time back; infinite: lost for good."""
    gates: tuple[StepFacts, ...] = ()
    """``detection`` and ``declaration`` in the form of steps; empty where the scenario calls for no step."""
    system: System | None = field(default=None, repr=False, compare=False)
    """The system of `run`, with the plan's steps in it; for those who draw it."""


STEP_PREFIX = "plan."
"""What the ids of steps, and of ``detection`` and ``declaration``, begin with in runs."""


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """One thing that the review found."""

    id: str
    """Code and place, such as ``DR06/checkout/isp-fibre``: the same in two reviews if it is the same finding."""
    code: str
    """DR01 to DR15."""
    severity: Severity
    text: str
    """What is wrong, as one sentence without a full stop."""
    services: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    """Why it is so: paths, trials, figures; each one sentence without a full stop."""
    remedy: str = ""
    """What would help, as one sentence without a full stop."""
    components: tuple[str, ...] = ()
    """Ids of what it speaks of."""
    steps: tuple[str, ...] = ()
    figures: tuple[tuple[str, float], ...] = ()
    """Numbers of the finding by name, for programs."""
    scenarios: tuple[str, ...] = ()
    """Names of the scenarios in which it shows, the worst first; empty where it needs none."""


@dataclass(frozen=True, slots=True)
class LastTest:
    """The last test of a service, or of what stands behind it."""

    of: str
    type: str
    date: date
    measured: Target
    passed: bool | None
    age_days: int
    measured_rpo: Target = "unknown"
    """How much data was lost in it."""


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service: what is promised, what can be had, and on what it rests. Of several scenarios the worst counts."""

    id: str
    name: str
    owner: str | None
    tier: int | None
    mtpd: Target | None
    mbco: float
    rto: Target | None
    rpo: Target | None
    as_of: date | None
    scenario: str
    """Name of the scenario that is the worst for it; empty where none touches it."""
    achievable_rto: Spread | None
    """The longest P10, P50 and P90 of all scenarios, each for itself; None where no scenario touches it."""
    from_declaration: Spread | None
    """Likewise; not known where it is hit only in scenarios that call for no step."""
    p_rto_met: tuple[float, float, float] | None
    """In the scenario in which the target is met least often."""
    achievable_rpo: Spread | None
    """The largest P10, P50 and P90 of all scenarios, each for itself; None where none loses any data."""
    p_rpo_met: tuple[float, float, float] | None
    wave: int
    critical_path: tuple[str, ...]
    single_points: tuple[str, ...]
    """Ids of what takes it down alone."""
    shared: tuple[str, ...]
    """Ids of what its primaries and their backups have in common."""
    suppliers: tuple[tuple[str, Target | None, str | None], ...]
    """(supplier, promised time to repair, evidence) of those that it leans on."""
    people: tuple[str, ...]
    """People whom the steps on which it waits take."""
    last_test: LastTest | None
    """Of the service, or of a standby or data on which it leans directly: `LastTest.of` says of which."""
    verdict: Verdict
    findings: tuple[str, ...]
    """Ids."""
    p50_scenario: str = ""
    """Name of the scenario with the longest P50; empty where that is `scenario`."""
    p90_scenario: str = ""
    """Name of the scenario with the longest P90; empty where that is `scenario`."""


@dataclass(frozen=True, slots=True)
class BackupRow:
    """A copy or a standby, and how it was tested."""

    of: str
    """What it backs: data, or the component that has the standby group."""
    by: str
    """Where the copy lies, or the standby."""
    kind: Literal["copy", "standby"]
    every_ms: int | None
    """Between two copies."""
    loses_ms: float | None
    """Worst data loss of a copy by the medians: between two copies and the time that one takes."""
    takes: str
    """How long the restore or the switch takes, in words; from the step where one does it."""
    shares: tuple[str, ...]
    """Ids of what it has in common with what it backs, alone enough to take both."""
    last_test: LastTest | None


@dataclass(frozen=True, slots=True)
class Eased:
    """A finding, high or worse, that a change makes better and does not close."""

    id: str
    before: Severity
    after: Severity
    """High or worse too, and no worse than before."""
    gone_from: tuple[str, ...]
    """Names of the scenarios in which it does not show any more."""


@dataclass(frozen=True, slots=True)
class Worsened:
    """A finding that was there before a change, and is more severe with it."""

    id: str
    before: Severity
    after: Severity
    """High or worse."""


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change that was tried."""

    id: str
    text: str
    cost: float
    closes: tuple[str, ...]
    """Ids of findings, high or worse before, that are gone or less than high with it."""
    opens: tuple[str, ...]
    """Ids of findings, high or worse with it, that were not there at all before."""
    eases: tuple[Eased, ...] = ()
    """Findings, high or worse before and with it, that it makes better: less severe, or in fewer scenarios."""
    worsens: tuple[Worsened, ...] = ()
    """Findings, there before and high or worse with it, that it makes more severe."""


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """All that one review says."""

    plan: str
    system: str
    as_of: date
    """The day for which ages are counted."""
    plan_as_of: date | None
    currency: str | None
    seed: int
    n_trials: int
    version: str
    """Of the program."""
    rows: tuple[ServiceRow, ...]
    findings: tuple[PlanFinding, ...]
    """The worst first."""
    rehearsals: tuple[Rehearsal, ...]
    backups: tuple[BackupRow, ...]
    changes: tuple[ChangeFacts, ...]
    """In the order of the plan; empty where they were not tried."""
    cheapest: dict[str, str | None]
    """For each finding, high or worse, the id of the cheapest change that closes it; None where none does."""
    restart_circles: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    """Circles of components of which none starts before another, once all is down, and the smallest sets of components to start
    by hand (break-glass) that bring each back."""
    deadlocks: tuple[tuple[str, tuple[str, ...]], ...]
    """(scenario, ids) of steps and components that wait for one another for ever."""
    guesses: dict[str, str]
    """Facts that the result rests on and that are not certain, by component: ``guessed`` or ``observed``."""
    sources: dict[str, str]
    """Where figures come from, by id of component, step, role or supplier."""
    assumptions: tuple[str, ...]
    """What the review took for granted, one sentence each, without a full stop."""
    warnings: tuple[Problem, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    """Names for people of components, steps and roles, by id."""
    rests: Rests | None = None
    """Which share of what is lost in the scenarios rests on guesses and on observation; None where all of the system is declared."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all services: fails, at risk, not known, holds."""
        worst: tuple[Verdict, ...] = ("fails", "at risk", "not known")
        said = {row.verdict for row in self.rows}
        return next((verdict for verdict in worst if verdict in said), "holds")
