"""A disaster-recovery plan in its author's words: what is promised of each service, who does what, and how that was tested.

Knows names and figures; what a plan means in a run is in ``impactsim/docs/semantics.md`` (S10).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from impactsim.model.fields import Day, DurationMs, DurationQuantity, Id, Share, Target, Words, Work
from impactsim.model.scenario import Ids
from impactsim.quantities import TRIALS_LIMIT

TestType = Literal["checklist", "walk-through", "tabletop", "simulation", "parallel", "full-interruption"]
TEST_TYPES: tuple[TestType, ...] = (
    "checklist", "walk-through", "tabletop", "simulation", "parallel", "full-interruption",
)  # fmt: skip
"""Ways to test a plan, from the weakest to the strongest."""

Begins = Literal["outage", "detection", "declaration"]
"""What a step waits for at the least."""


def _objective(value: Any) -> Any:
    return value if isinstance(value, dict | Objective) else {"target": value}


class Objective(Words):
    """A recovery objective and the day on which it was set."""

    target: Target
    """The objective: a duration, ``unknown`` or ``not-applicable``."""
    as_of: Day | None = None
    """Day on which it was set or confirmed; that of the service if absent."""


ObjectiveOrTarget = Annotated[Objective, BeforeValidator(_objective, json_schema_input_type=Target | Objective)]


class ServicePlan(Words):
    """What is promised of a service."""

    owner: str | None = None
    """Who answers for it: a function, not a name."""
    tier: Annotated[int, Field(ge=1, strict=True)] | None = None
    """How much depends on it; 1 is the most."""
    mtpd: Target | None = None
    """Maximum tolerable period of disruption (MTPD, MTD)."""
    mbco: Share | None = None
    """Minimum level that is acceptable meanwhile (MBCO), at which the clock of the RTO stops; 100% if nobody says."""
    rto: ObjectiveOrTarget | None = None
    """Recovery time objective, counted from the beginning of the outage."""
    rpo: ObjectiveOrTarget | None = None
    """Recovery point objective."""
    as_of: Day | None = None
    """Day on which its figures were set or confirmed; that of the plan if absent."""


class Declaration(Words):
    """How an outage becomes a case for the plan."""

    detection: DurationQuantity
    """From the beginning of the outage until somebody knows."""
    decision: DurationQuantity
    """From then until the plan is put into action."""
    by: tuple[Id, ...] = ()
    """Roles that decide."""
    tools: Annotated[tuple[Id, ...], Field(alias="with")] = ()
    """Components without which the decision waits: the bridge, the directory of phone numbers."""


class Role(Words):
    """A task in the plan, and the people who can fill it."""

    name: str | None = None
    """Name for people; the id if absent."""
    people: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Who can fill it, the first choice first: positions such as first-dba, not names. Somebody may stand under several roles."""
    source: str | None = None
    """Where that is written."""


class SwitchOver(Words):
    """A standby that the step brings into service."""

    of: Ids
    """Components in whose standby groups it stands."""
    to: Id
    """The member that the step makes ready; its own failover time no longer counts."""
    capacity: Share = 1.0
    """Share of the demand that it can carry."""


class RecoveryStep(Words):
    """One step of the recovery."""

    name: str | None = None
    """What is done, for people; the id if absent."""
    restores: tuple[Id, ...] = ()
    """Components whose faults end when this step, and every other step that restores them, is done."""
    switches: SwitchOver | None = None
    """The standby that it brings into service."""
    takes: Work
    """Work that it takes, or ``unknown``: then that of what it restores, as the system says."""
    by: tuple[Id, ...] = ()
    """Roles that it takes, one person of each, all at a time."""
    tools: Annotated[tuple[Id, ...], Field(alias="with")] = ()
    """Components with which it is done: consoles, runbooks, password stores, licences. While one is down the work rests."""
    at: tuple[Id, ...] = ()
    """Components where it is done: sites, rooms. While one is down the work rests."""
    after: tuple[Id, ...] = ()
    """Steps that are done before, as far as they are called for."""
    begins: Begins = "declaration"
    """What it waits for at the least: the outage itself, its detection, or the declaration."""
    not_before: DurationQuantity | None = None
    """Time from then on that must pass first: travel, delivery."""
    source: str | None = None
    """Where its figures come from."""


class Tested(Words):
    """A test of a backup, a standby or a service."""

    of: Id
    """The component that was tested."""
    type: TestType
    """How it was tested."""
    date: Day
    """When."""
    measured: Target = "unknown"
    """How long the recovery took in the test."""
    measured_rpo: Target = "unknown"
    """How much data was lost in the test."""
    passed: bool | None = None
    """Whether its criteria were met; nobody says if absent."""
    source: str | None = None
    """Where the protocol is."""


class TierDemand(Words):
    """What tests a tier demands."""

    tier: Annotated[int, Field(ge=1, strict=True)]
    """The tier."""
    test: TestType
    """The weakest type of test that is enough."""
    every: DurationMs = 365 * 86_400_000
    """No test may be older."""


class Supplier(Words):
    """Another organisation, and what it has promised."""

    name: str | None = None
    """Name for people; the id if absent."""
    components: tuple[Id, ...]
    """What it runs."""
    repair_time: Target | None = None
    """Time to repair that the contract promises."""
    evidence: str | None = None
    """Contract, certificate or report in which it is written."""
    tested: Day | None = None
    """Day of the last test of its own plan that we have seen."""
    relies_on: tuple[str, ...] | Literal["unknown"] | None = None
    """Whom it relies on itself; an empty list means nobody, ``unknown`` that we have asked in vain."""


class Contact(Words):
    """Whom we must reach, and how."""

    by: tuple[Id, ...]
    """Components that carry the words, the first choice first: status page, mail, telephones."""
    text: str | None = None
    """Where it is written, or what must be kept in mind."""


class PlanChange(Words):
    """Something that could be done about the plan or the system."""

    text: str
    """What it is."""
    cost: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)]
    """What it costs, in any one unit."""
    system: dict[str, Any] | None = None
    """What it changes in the system: JSON Merge Patch (RFC 7396)."""
    plan: dict[str, Any] | None = None
    """What it changes in this plan: JSON Merge Patch (RFC 7396)."""


class PlanScenario(Words):
    """A scenario against which the plan is to hold."""

    file: str
    """Its file, relative to this one."""
    detection: DurationQuantity | None = None
    """How long until somebody knows of it, instead of the plan's."""
    decision: DurationQuantity | None = None
    """How long the decision takes, instead of the plan's."""


def _scenario(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


class RecoveryPlan(Words):
    """A disaster-recovery plan."""

    impactsim: Literal[1]
    """Version of the format."""
    plan: str
    """Name of the plan."""
    system: str
    """File of the system, relative to this one."""
    as_of: Day | None = None
    """Day on which the plan was issued or confirmed."""
    currency: str | None = None
    """Unit of the costs of changes."""
    languages: tuple[str, ...] = ()
    """Tags of the languages in which customers are to be told; those of the system's words if absent."""
    services: Annotated[dict[Id, ServicePlan], Field(min_length=1)]
    """What is promised of each service, by its id."""
    declaration: Declaration
    """How an outage becomes a case for the plan."""
    roles: dict[Id, Role] = {}
    """Who can do what, by id."""
    steps: dict[Id, RecoveryStep] = {}
    """Recovery steps, by id."""
    tests: tuple[Tested, ...] = ()
    """Tests of backups, standbys and services."""
    tiers: tuple[TierDemand, ...] = ()
    """What tests each tier demands; the program's own if absent."""
    suppliers: dict[Id, Supplier] = {}
    """Who else runs what, by id."""
    contacts: dict[Id, Contact] = {}
    """Whom we must reach, by id; ``customers`` are those whom notices are for."""
    scenarios: Annotated[
        tuple[Annotated[PlanScenario, BeforeValidator(_scenario, json_schema_input_type=str | PlanScenario)], ...],
        Field(min_length=1),
    ]
    """Scenarios against which the plan is to hold."""
    changes: dict[Id, PlanChange] = {}
    """What could be done, by id."""
    trials: Annotated[int, Field(ge=1, le=TRIALS_LIMIT, strict=True)] = 1000
    """How many trials of each scenario."""
    seed: Annotated[int, Field(ge=0, strict=True)] = 0
    """Seed of the trials."""
