"""A review made by hand, for what prints reviews: a shop with two services, one scenario, and figures that fit one another."""

from __future__ import annotations

from datetime import UTC, date, datetime

from impactsim.audit.findings import Severity
from impactsim.engine.users import NOBODY, Affected, Range
from impactsim.problems import Problem
from impactsim.reports.facts import ComponentFacts, Facts, Link, Phase, Reserve, Why
from impactsim.reports.facts import Repair as RepairFacts
from impactsim.review.facts import (
    BackupRow,
    ChangeFacts,
    LastTest,
    PlanFinding,
    Rehearsal,
    ReviewFacts,
    ServiceRecovery,
    ServiceRow,
    Spread,
    StepFacts,
    Wait,
)

MINUTE = 60_000
HOUR = 60 * MINUTE

CHECKOUT_TEST = LastTest("orders-db", "tabletop", date(2024, 3, 1), "unknown", True, 795)


def why(component: str, at_ms: int, level: float, cause: Why | None = None, kind: str = "need") -> Why:
    """Return why a component's level changed."""
    return Why(Link(component, kind if cause else "fault", "failed", at_ms, level), cause)  # type: ignore[arg-type]


def component(
    name: str, kind: str, levels: tuple[tuple[int, float], ...], causes: tuple[Why, ...] = (), **more: object
) -> ComponentFacts:
    """Return what became of a component; the time that it was down follows from its levels."""
    ends = [*(at for at, _ in levels[1:]), 12 * HOUR]
    down = sum(end - at for (at, level), end in zip(levels, ends, strict=True) if level == 0.0)
    title = str(more.pop("title", name))
    return ComponentFacts(name, title, kind, levels, down, 0, levels[-1][1] == 1.0, causes, **more)  # type: ignore[arg-type]


def run() -> Facts:
    """Return the run by the medians: the site burns at once, the database is back after 8 h, the shop after 9 h.

    The password store stands in the same site, and so the step that needs it rests until somebody brings it back.
    """
    fire = why("dc-east", 0, 0.0)
    db = why("orders-db", 0, 0.0, fire)
    everything = (
        component("dc-east", "site", ((0, 0.0),), (fire,), title="East hall"),
        component("vault", "tool", ((0, 0.0), (4 * HOUR, 1.0)), (why("vault", 0, 0.0, fire),), title="Password store"),
        component("orders-db", "data", ((0, 0.0), (8 * HOUR, 1.0)), (db,), title="Orders"),
        component("hotline", "channel", ((0, 1.0),), title="Hotline"),
        component(
            "checkout",
            "service",
            ((0, 0.0), (9 * HOUR, 1.0)),
            (why("checkout", 0, 0.0, db), why("checkout", 9 * HOUR, 1.0, db, "restart")),
            title="Checkout",
        ),
        component(
            "search",
            "service",
            ((0, 1.0), (2 * HOUR, 0.0), (3 * HOUR, 1.0)),
            (why("search", 2 * HOUR, 0.0, fire), why("search", 3 * HOUR, 1.0)),
            title="Search",
            reserve=(Reserve(0, 2 * HOUR, "holdover", ("dc-east",), (), 2 * HOUR),),
        ),
        component("plan.detection", "step", ((0, 0.0), (15 * MINUTE, 1.0)), title="Detection"),
        component("plan.declaration", "step", ((0, 0.0), (HOUR, 1.0)), title="Declaration"),
        component("plan.unlock", "step", ((0, 0.0), (4 * HOUR, 1.0)), title="Bring back the password store"),
        component("plan.restore-db", "step", ((0, 0.0), (8 * HOUR, 1.0)), title="Restore the orders"),
    )
    repairs = (
        RepairFacts(
            "plan.restore-db",
            0,
            8 * HOUR,
            (
                Phase(0, HOUR, "held up", ("plan.declaration",)),
                Phase(HOUR, 4 * HOUR, "held up", ("vault",)),
                Phase(4 * HOUR, 8 * HOUR, "at work", ()),
            ),
        ),
    )
    people = Affected(Range(900, 900, 900), Range(900, 900, 900), Range(486e3, 486e3, 486e3), NOBODY, [])
    return Facts(
        system="Shop",
        scenario="Fire in the east hall",
        starts=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        seed=7,
        end_ms=12 * HOUR,
        is_over=True,
        has_horizon=False,
        components={each.id: each for each in everything},
        services=("checkout", "search"),
        repairs=repairs,
        data={},
        deadlocks=(),
        segments={"buyers": people},
        users=people,
        has_users=True,
        moments=(),
        unaffected={},
        guesses={},
        sources={},
        warnings=(),
        people=1000.0,
    )


def steps() -> tuple[StepFacts, ...]:
    """Return the steps of the plan: the password store, then the database; a third that is not called for."""
    return (
        StepFacts(
            "unlock", "Bring back the password store", True, ("vault",), (), (("ops", "first-operator"),),
            1, 0, HOUR, 4 * HOUR, Spread(3 * HOUR, 4 * HOUR, 6 * HOUR),
            (Wait(0, HOUR, "gate", ("declaration",)),), True,
        ),
        StepFacts(
            "restore-db", "Restore the orders", True, ("orders-db",), ("unlock",), (("dba", "first-dba"),),
            2, 0, 4 * HOUR, 8 * HOUR, Spread(7 * HOUR, 8 * HOUR, 11 * HOUR),
            (Wait(0, HOUR, "gate", ("declaration",)), Wait(HOUR, 4 * HOUR, "tool", ("vault",))), True,
        ),
        StepFacts("failover", "Switch to the second line", False),
    )  # fmt: skip


def rehearsal() -> Rehearsal:
    """Return the scenario as it was played."""
    checkout = ServiceRecovery(
        "checkout",
        True,
        Spread(8 * HOUR, 9 * HOUR, 12 * HOUR),
        Spread(7 * HOUR, 8 * HOUR, 11 * HOUR),
        (0.02, 0.012, 0.031),
        Spread(6 * HOUR, 12 * HOUR, 22 * HOUR),
        (0.04, 0.03, 0.05),
        9 * HOUR,
        2,
        ("detection", "declaration", "unlock", "restore-db"),
        ("orders-db", "dc-east"),
    )
    search = ServiceRecovery(
        "search", True, Spread(HOUR, HOUR, HOUR), Spread(HOUR, HOUR, HOUR), (1.0, 0.996, 1.0), back_ms=3 * HOUR
    )
    return Rehearsal(
        name="Fire in the east hall",
        file="fire.yaml",
        n_trials=1000,
        seed=7,
        declared=Spread(40 * MINUTE, HOUR, 2 * HOUR),
        steps=steps(),
        services={"checkout": checkout, "search": search},
        run=run(),
        users=((0, 850.0, 900.0, 950.0), (9 * HOUR, 0.0, 0.0, 700.0), (12 * HOUR, 0.0, 0.0, 0.0)),
        unrestored=("dc-east",),
    )


def rows() -> tuple[ServiceRow, ...]:
    """Return the rows of the two services."""
    of = rehearsal().services
    checkout = ServiceRow(
        "checkout", "Checkout", "Head of sales", 1, 24 * HOUR, 1.0, 4 * HOUR, HOUR, date(2026, 1, 10),
        "Fire in the east hall", of["checkout"].rto, of["checkout"].from_declaration, of["checkout"].p_rto_met,
        of["checkout"].rpo, of["checkout"].p_rpo_met, 2, of["checkout"].critical_path, ("dc-east", "orders-db"),
        ("dc-east",), (("lintel", 8 * HOUR, "contract of 2023"), ("marlow", None, None)), ("first-operator", "first-dba"),
        CHECKOUT_TEST, "fails", ("DR02/checkout", "DR08/checkout/vault"),
    )  # fmt: skip
    search = ServiceRow(
        "search", "Search", None, 2, "unknown", 0.5, 2 * HOUR, "not-applicable", None,
        "Fire in the east hall", of["search"].rto, of["search"].from_declaration, of["search"].p_rto_met,
        None, None, 0, (), (), (), (), (), None, "holds", ("DR10/search",),
    )  # fmt: skip
    return checkout, search


def findings() -> tuple[PlanFinding, ...]:
    """Return a critical, a high and a low finding."""
    return (
        PlanFinding(
            "DR08/checkout/vault", "DR08", Severity.CRITICAL,
            "the step Restore the orders needs the password store, which falls with Checkout", ("checkout",),
            ("vault needs dc-east", "the step rests from +1:00 to +4:00"), "keep a copy of the passwords elsewhere",
            ("vault",), ("restore-db",),
        ),
        PlanFinding(
            "DR02/checkout", "DR02", Severity.HIGH, "Checkout takes 9 h (P90 12 h) and was promised within 4 h",
            ("checkout",), ("met in 2% of 1,000 trials",), "shorten the restore, or promise less",
        ),
        PlanFinding("DR10/search", "DR10", Severity.LOW, "nobody has ever tested Search", ("search",), (), "test it"),
    )  # fmt: skip


def review() -> ReviewFacts:
    """Return the whole review: it does not hold."""
    return ReviewFacts(
        plan="Shop recovery",
        system="Shop",
        as_of=date(2026, 5, 5),
        plan_as_of=date(2026, 1, 10),
        currency="EUR",
        seed=7,
        n_trials=1000,
        version="0.1.0",
        rows=rows(),
        findings=findings(),
        rehearsals=(rehearsal(),),
        backups=(
            BackupRow("orders-db", "tape", "copy", 24 * HOUR, 22.0 * HOUR, "4 h (step Restore the orders)", (), CHECKOUT_TEST),
            BackupRow("checkout", "line-two", "standby", None, None, "5 min", ("dc-east",), None),
        ),
        changes=(
            ChangeFacts("safe", "A copy of the passwords in the west hall", 500.0, ("DR08/checkout/vault",), ()),
            ChangeFacts("hot", "A second database that runs along", 90_000.0, ("DR02/checkout", "DR08/checkout/vault"), ()),
        ),
        cheapest={"DR08/checkout/vault": "safe", "DR02/checkout": "hot"},
        restart_circles=((("dns", "identity"), ("dns",)),),
        deadlocks=(("Fire in the east hall", ("restore-db", "vault")),),
        guesses={"tape": "guessed"},
        sources={"orders-db": "protocol of 2024"},
        assumptions=("nobody is on holiday",),
        warnings=(Problem(("steps", "failover"), "no scenario calls for it", code="unused-step", severity="warning"),),
        names={
            "orders-db": "Orders", "dc-east": "East hall", "vault": "Password store", "dba": "Database", "ops": "Operations",
            "restore-db": "Restore the orders", "unlock": "Bring back the password store", "checkout": "Checkout",
            "search": "Search", "tape": "Tape", "lintel": "Lintel Fibre",
        },
    )  # fmt: skip
