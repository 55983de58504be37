"""Faults of the small plan that take no simulation to find, each with a near twin that is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from impactsim.audit.findings import Severity
from impactsim.review.facts import PlanFinding
from impactsim.review.findings.static import static_findings
from review.static_ground import ground

LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
HOUR_MS = 3_600_000


def found_in(**changes: Any) -> dict[str, PlanFinding]:
    findings = static_findings(ground(**changes))
    by_id = {each.id: each for each in findings}
    assert len(by_id) == len(findings), "two findings have one id"
    assert all(each.evidence and each.remedy and each.id.startswith(each.code + "/") for each in findings)
    told = [text for each in findings for text in (each.text, each.remedy, *each.evidence)]
    assert not [text for text in told if not text or text.endswith(".") or "{" in text]
    return by_id


@dataclass
class Case:
    """A change of the small plan that makes a finding, and one that nearly does."""

    id: str
    severity: Severity
    fault: dict[str, Any]
    twin: dict[str, Any]
    says: tuple[str, ...] = ()
    """Parts of text, evidence or remedy that must be there."""
    others: tuple[str, ...] = ()
    """Ids of other findings that the same fault makes."""
    services: tuple[str, ...] = ("shop",)
    figures: dict[str, float] = field(default_factory=dict)


def shop(**said: Any) -> dict[str, Any]:
    return {"plan": {"services": {"shop": said}}}


def component(name: str, **said: Any) -> dict[str, Any]:
    return {"system": {"components": {name: said}}}


def supplier(**said: Any) -> dict[str, Any]:
    return {"plan": {"suppliers": {"cloudy": said}}}


def one_test(of: str, **said: Any) -> dict[str, Any]:
    return {"tests": {of: said}}


def copies(*said: dict[str, Any]) -> dict[str, Any]:
    """Other copies of the orders, all of them tested."""
    return component("orders", copies=[{"restore": "1h", "tested": "2026-02-01", **each} for each in said])


TARGETS = [
    Case(
        "DR01/shop",
        HIGH,
        shop(mtpd="3h59m"),
        shop(mtpd="4h"),
        ("its RTO is 4 h, its MTPD 3 h 59 min",),
        figures={"rto_ms": 4 * HOUR_MS, "mtpd_ms": 4 * HOUR_MS - 60_000},
    ),
    Case("DR01/shop", HIGH, shop(rto="9h"), shop(rto="9h", mtpd="not-applicable"), ("its RTO is 9 h, its MTPD 8 h",)),
    Case(
        "DR03/shop/app",
        HIGH,
        component("app", targets={"rto": "5h"}),
        component("app", targets={"rto": "4h"}),
        ("shop needs app", "the RTO of shop is 4 h, that of app 5 h, as the system says"),
        figures={"rto_ms": 4 * HOUR_MS, "rto_of_need_ms": 5 * HOUR_MS},
    ),
    Case(
        "DR03/shop/hosting",
        HIGH,
        component("hosting", targets={"rto": "6h"}),
        component("lte", targets={"rto": "6h"}),  # a member of a standby group: fibre may do without it
        ("shop needs app needs hosting", "that of hosting 6 h"),
    ),
    Case(
        "DR03/shop/blog",
        HIGH,
        component("app", needs=["orders", "hosting", "blog"]),
        component("app", needs=["orders", "hosting", {"component": "blog", "impact": 0.5}]),
        ("shop needs app needs blog", "that of blog 1 d, as the plan says"),
        others=("DR11/blog/rto",),  # its recovery took 8 h in the last test
    ),
    Case(
        "DR03/shop/vault",
        HIGH,
        component("vault", targets={"rto": "6h"})
        | {"system": {"components": {"vault": {"targets": {"rto": "6h"}}, "app": {"at": "vault"}}}},
        {
            "system": {
                "components": {
                    "vault": {"targets": {"rto": "6h"}},
                    "app": {"needs": [{"component": "vault", "to": "repair"}]},
                }
            }
        },
        ("shop needs app needs vault",),
    ),
    Case(
        "DR03/shop/app",
        HIGH,
        {
            "system": {
                "components": {
                    "app": {"targets": {"rto": "5h"}},
                    "shop": {"needs": [{"component": "app", "holdover": "59m"}]},
                }
            }
        },
        {
            "system": {
                "components": {
                    "app": {"targets": {"rto": "5h"}},
                    "shop": {"needs": [{"component": "app", "holdover": "1h"}]},
                }
            }
        },
        ("holdovers on the way hide the loss of app for 59 min only",),
    ),
    Case(
        "DR03/shop/vault",
        HIGH,
        {
            "system": {
                "components": {
                    "vault": {"targets": {"rto": "6h"}},
                    "app": {"needs": ["orders", "hosting", {"at_least": 2, "of": ["vault", "attic"]}]},
                }
            }
        },
        {
            "system": {
                "components": {
                    "vault": {"targets": {"rto": "6h"}},
                    "app": {"needs": ["orders", "hosting", {"at_least": 1, "of": ["vault", "attic"]}]},
                }
            }
        },
    ),
]

DATA = [
    Case(
        "DR04/orders",
        HIGH,
        copies({"at": "vault", "every": "1h", "lag": "1m"}, {"at": "attic", "every": "7d"}),
        copies({"at": "vault", "every": "59m", "lag": "1m"}, {"at": "attic", "every": "7d"}),
        (
            "shop needs app needs orders",
            "loses up to 1 h 1 min",
            "RPO of shop is 1 h",
            "there is also the copy at attic: every 1w",
        ),
        figures={"rpo_ms": HOUR_MS, "loses_p50_ms": HOUR_MS + 60_000},
    ),
    Case(
        "DR04/orders",
        MEDIUM,
        copies({"at": "vault", "every": "30m", "lag": {"median": "10m", "p90": "40m"}}),
        copies({"at": "vault", "every": "30m", "lag": {"median": "10m", "p90": "30m"}}),
        ("loses up to 1 h 10 min in one case of ten", "up to 40 min, 1 h 10 min in one case of ten"),
    ),
    Case(
        "DR04/orders",
        HIGH,
        copies({"at": "attic", "every": "7d"}, {"at": "vault", "every": "30m"}),  # the first listed one decides
        copies({"at": "vault", "every": "30m"}, {"at": "attic", "every": "7d"}),
        ("the restore takes the copy at attic", "restore orders from vault first"),
    ),
    Case(
        "DR04/orders",
        HIGH,
        copies({"at": "vault", "every": "30m", "fails": 0.5}, {"at": "attic", "every": "7d"}),
        copies({"at": "vault", "every": "30m", "fails": 0.49}, {"at": "attic", "every": "7d"}),
        ("there is also the copy at vault", "it fails in 50% of the cases", "the restore takes the copy at attic"),
    ),
    Case(
        "DR04/orders",
        HIGH,
        copies(),
        component("orders", kind="cache", copies=[]),
        ("there is no copy of orders",),
    ),
    Case(
        "DR04/orders",
        HIGH,
        copies({"at": "vault", "every": "1m", "fails": 1.0}),
        copies({"at": "vault", "every": "1m"}),
        ("no copy that can be counted on of orders",),
    ),
    Case(
        "DR04/replica",
        MEDIUM,
        {
            "system": {
                "components": {
                    "replica": {"kind": "data"},
                    "app": {"needs": ["hosting", {"at_least": 1, "of": ["orders", "replica"]}]},
                }
            }
        },
        {
            "system": {
                "components": {
                    "replica": {"kind": "host"},
                    "app": {"needs": ["hosting", {"at_least": 1, "of": ["orders", "replica"]}]},
                }
            }
        },
        ("others can take the place of replica",),
    ),
    Case(
        "DR04/orders",
        HIGH,
        shop(rpo="30m"),
        shop(rpo="40m"),
        ("loses up to 40 min", "RPO of shop is 30 min"),
        others=("DR11/orders/rpo",),  # its restore test lost 40 min of data, too
    ),
    Case(
        "DR04/orders/restore-fails",
        MEDIUM,
        copies({"at": "vault", "every": "30m", "fails": 0.01}),
        copies({"at": "vault", "every": "30m", "fails": 0.0099}),
        ("the restore of orders fails in 1% of the cases, and there is no other copy", "shop needs app needs orders"),
        figures={"all_fail": 0.01},
    ),
    Case(
        "DR04/orders/restore-fails",
        HIGH,
        copies({"at": "vault", "every": "30m", "fails": 0.2}, {"at": "attic", "every": "7d", "fails": 0.5}),
        copies({"at": "vault", "every": "30m", "fails": 0.2}, {"at": "attic", "every": "7d"}),
        ("all 2 copies of orders fail in 10% of the cases", "the copy at attic fails in 50% of the cases"),
        figures={"all_fail": 0.1},
    ),
    Case(
        "DR04/orders/restore-fails",
        HIGH,
        copies({"at": "vault", "every": "30m", "fails": 0.3}) | shop(rpo="unknown"),
        copies({"at": "vault", "every": "30m", "fails": 0.3}) | shop(rpo="not-applicable"),
        others=("DR14/shop/rpo",),
    ),
]

PEOPLE = [
    Case(
        "DR09/role/dba",
        HIGH,
        {"plan": {"roles": {"dba": {"people": ["first-dba"]}}}},
        {"plan": {"roles": {"dba": {"people": ["first-dba", "night-shift"]}}}},
        ("first-dba alone can fill the role dba", "prepare, restore-orders and rewrite-blog", "shop is of tier 1"),
        services=("shop", "blog"),
    ),
    Case(
        "DR09/role/dba",
        MEDIUM,
        {"plan": {"roles": {"dba": {"people": ["first-dba"]}}, "services": {"shop": {"tier": 2}}}},
        {
            "plan": {
                "roles": {"dba": {"people": ["first-dba"]}},
                "steps": {"prepare": None, "restore-orders": {"by": [], "after": []}, "rewrite-blog": {"by": []}},
            }
        },
        services=("shop", "blog"),
    ),
    Case(
        "DR09/role/writer",
        MEDIUM,  # only the step of a service of tier 3 takes it
        {"plan": {"roles": {"writer": {"people": ["editor"]}}, "steps": {"rewrite-blog": {"by": ["writer"]}}}},
        {
            "plan": {
                "roles": {"writer": {"people": ["editor", "intern"]}},
                "steps": {"rewrite-blog": {"by": ["writer"]}},
            }
        },
        ("editor alone", "the step rewrite-blog"),
        services=("blog",),
    ),
    Case(
        "DR09/role/lead",
        HIGH,
        {"plan": {"roles": {"lead": {"people": ["head"]}}}},
        {"plan": {"roles": {"lead": {"people": ["head"]}}, "declaration": {"by": []}}},
        ("it decides whether the plan is put into action",),
        services=("shop", "blog"),
    ),
    Case(
        "DR09/role/lead",
        MEDIUM,
        {
            "plan": {
                "roles": {"lead": {"people": ["head"]}},
                "steps": {name: {"begins": "outage"} for name in ("prepare", "restore-orders")},
            }
        },
        {"plan": {"roles": {"lead": {"people": ["head", "head-2"]}}}},
        services=("blog",),
    ),
]

TESTED = [
    Case("DR10/service/shop", HIGH, one_test("shop", date="2025-05-31"), one_test("shop", date="2025-06-01"),
         ("was last tested well enough 366 days ago", "parallel test on 2025-05-31, 366 days ago", "every 365d"),
         figures={"age_days": 366, "demanded_every_days": 365}),
    Case("DR10/service/shop", HIGH, one_test("shop", type="simulation"), one_test("shop", type="full-interruption"),
         ("never tested more strongly than by a simulation test", "tier 1 demands a parallel test")),
    Case("DR10/service/shop", HIGH, {"tests": {"shop": None}}, {"plan": {"services": {"shop": {"tier": 2, "rto": "not-applicable"}}}, "tests": {"shop": None}},
         ("the recovery of shop was never tested",)),
    # What is of tier 1 must be tested, whatever is promised of it.
    Case("DR10/service/shop", HIGH, {"plan": {"services": {"shop": {"rto": "not-applicable"}}}, "tests": {"shop": None}},
         {"plan": {"services": {"shop": {"rto": "not-applicable"}}}}, others=("DR14/shop/rto-waived",)),
    Case("DR10/service/shop", HIGH, {"tests": {"shop": {"date": "2026-06-02"}}}, {"tests": {"shop": {"date": "2026-06-01"}}},
         ("was never tested", "2026-06-02, 1 day after the day of the review, does not count yet")),
    Case("DR10/service/blog", MEDIUM, one_test("blog", type="walk-through"), one_test("blog", type="tabletop"),
         ("tier 3 demands a tabletop test",), services=("blog",)),
    Case("DR10/service/blog", MEDIUM, {"plan": {"services": {"blog": {"tier": None}}}, "tests": {"blog": {"type": "checklist"}}},
         {"plan": {"services": {"blog": {"tier": None}}}}, ("the lack of a tier demands a tabletop test",), services=("blog",)),
    Case("DR10/service/shop", MEDIUM, {"plan": {"services": {"shop": {"tier": 2}}}, "tests": {"shop": {"type": "tabletop"}}},
         {"plan": {"services": {"shop": {"tier": 2}}}, "tests": {"shop": {"type": "simulation"}}}, ("tier 2 demands a simulation test",)),
    Case("DR10/service/blog", MEDIUM, {"plan": {"tiers": [{"tier": 3, "test": "tabletop", "every": "90d"}]}},
         {"plan": {"tiers": [{"tier": 3, "test": "tabletop", "every": "92d"}]}},
         ("92 days ago", "tier 3, as the plan says, demands a tabletop test or a stronger one at least every 90d"), services=("blog",)),
    Case("DR10/standby/lte", HIGH, {"tests": {"lte": None}}, {"tests": {"lte": None}} | component("shop", needs=["app", "fibre"]),
         ("the standby lte was never tested", "shop needs lte")),
    Case("DR10/copy/orders/attic", HIGH,
         copies({"at": "vault", "every": "30m"}, {"at": "attic", "every": "7d", "tested": None}) | {"tests": {"orders": None}},
         copies({"at": "vault", "every": "30m"}, {"at": "attic", "every": "7d", "tested": "2025-06-01"}) | {"tests": {"orders": None}},
         ("the copy of orders at attic was never tested", "shop needs app needs orders"), others=("DR11/measured/orders",)),
    Case("DR10/copy/orders/vault", HIGH,
         copies({"at": "vault", "every": "30m", "tested": "2025-05-31"}) | {"tests": {"orders": None}},
         copies({"at": "vault", "every": "30m", "tested": "2025-05-31"}),  # the plan knows a later restore of the orders
         ("last tested well enough 366 days ago",), others=("DR11/measured/orders",)),
]  # fmt: skip

MEASURED = [
    Case("DR11/shop/rto", HIGH, one_test("shop", measured="4h1m"), one_test("shop", measured="4h"),
         ("the recovery of shop took 4 h 1 min in a test, and the target RTO of shop is 4 h", "parallel test of shop on 2026-03-01, 92 days ago"),
         figures={"measured_ms": 4 * HOUR_MS + 60_000, "rto_ms": 4 * HOUR_MS}),
    Case("DR11/orders/rto", HIGH, one_test("orders", measured="5h"), one_test("orders", measured="3h"),
         ("the recovery of orders took 5 h", "shop needs app needs orders")),
    Case("DR11/orders/rpo", HIGH, one_test("orders", measured_rpo="61m"), one_test("orders", measured_rpo="60m"),
         ("lost data of 1 h 1 min in a test, and the target RPO of shop is 1 h",)),
    Case("DR11/lte/rto", HIGH, one_test("lte", measured="5h"), one_test("lte", measured="5h") | component("shop", needs=["app", "fibre"]),
         ("the recovery of lte took 5 h", "shop needs lte")),
    Case("DR11/hosting/rto", HIGH,
         {"more_tests": ({"of": "hosting", "type": "simulation", "date": "2026-01-01", "measured": "6h"},)},
         {"more_tests": ({"of": "fibre", "type": "simulation", "date": "2026-01-01", "measured": "6h"},)}),
    Case("DR11/shop/rto", HIGH,
         {"more_tests": ({"of": "shop", "type": "tabletop", "date": "2026-04-01", "measured": "6h"},)},  # the last measured one counts
         {"more_tests": ({"of": "shop", "type": "tabletop", "date": "2026-02-01", "measured": "6h"},)}),
    Case("DR11/failed/orders", HIGH, one_test("orders", passed=False), one_test("orders", passed=True),
         ("the last test of orders did not meet its criteria", "parallel test on 2026-03-01", "shop needs app needs orders")),
    Case("DR11/failed/blog", HIGH, one_test("blog", passed=False),
         one_test("blog", passed=False) | {"more_tests": ({"of": "blog", "type": "tabletop", "date": "2026-03-02", "passed": True},)},
         services=("blog",)),
    Case("DR11/measured/shop", MEDIUM, one_test("shop", measured="unknown"), one_test("shop", measured="not-applicable"),
         ("nobody says how long the recovery of shop took", "RTO of shop is 4 h")),
    Case("DR11/measured/lte", MEDIUM, one_test("lte", measured=None),
         one_test("lte", measured=None) | {"more_tests": ({"of": "lte", "type": "checklist", "date": "2024-03-02", "measured": "1m"},)}),
]  # fmt: skip

SUPPLIERS = [
    # Each of the two lines has another one, and both are Telco's: they are down together.
    Case("DR13/shop/telco", HIGH,
         {"plan": {"suppliers": {"telco": {"components": ["fibre", "lte"], "repair_time": "8h", "evidence": "Contract 17", "relies_on": []}}}},
         {"plan": {"suppliers": {"telco": {"components": ["lte"], "repair_time": "8h", "evidence": "Contract 17", "relies_on": []}}}},
         ("telco has 8 h to repair what shop cannot do without, and its target RTO is 4 h", "shop needs fibre, which telco runs",
          "shop goes on without each of fibre and lte, and not without all of them", "let somebody else run one of fibre and lte")),
    Case("DR13/shop/telco", HIGH,
         {"plan": {"suppliers": {"telco": {"components": ["fibre", "lte"], "repair_time": "8h", "evidence": "Contract 17", "relies_on": []}}}}
         | component("shop", needs=["app", {"any_of": ["fibre", "lte"], "holdover": "3h59m"}]),
         {"plan": {"suppliers": {"telco": {"components": ["fibre", "lte"], "repair_time": "8h", "evidence": "Contract 17", "relies_on": []}}}}
         | component("shop", needs=["app", {"any_of": ["fibre", "lte"], "holdover": "4h"}]),
         ("holdovers on the way hide the loss of fibre and lte for 3 h 59 min only",)),
    Case("DR13/shop/cloudy", HIGH, supplier(repair_time="5h"), supplier(repair_time="4h"),
         ("cloudy has 5 h to repair", "its target RTO is 4 h", "shop needs app needs hosting, which cloudy runs", "promises a repair within 5 h: Contract 7")),
    Case("DR13/shop/cloudy", HIGH, supplier(repair_time="5h", components=["hosting", "fibre"]), supplier(repair_time="5h", components=["fibre"]),
         others=()),
    Case("DR13/supplier/cloudy/repair-time", MEDIUM, supplier(repair_time="unknown"), supplier(repair_time="not-applicable"),
         ("nobody knows within what time cloudy has to repair",)),
    Case("DR13/supplier/cloudy/repair-time", MEDIUM, supplier(repair_time=None), supplier(repair_time=0), ("the plan does not say",)),
    Case("DR13/supplier/cloudy/evidence", LOW, supplier(evidence=None), supplier(evidence="Certificate"), ("nothing proves what cloudy promises",)),
    Case("DR13/supplier/cloudy/relies-on", LOW, supplier(relies_on=None), supplier(relies_on=["Grid"]), ("the plan does not say",)),
    Case("DR13/supplier/cloudy/relies-on", LOW, supplier(relies_on="unknown"), supplier(relies_on=[]), ("asked in vain",)),
    Case("DR13/supplier/cloudy/tested", LOW, supplier(tested="2025-05-31"), supplier(tested="2025-06-01"), ("2025-05-31, 366 days ago",)),
    Case("DR13/not-covered/Cloudy", MEDIUM, {"plan": {"suppliers": {"cloudy": None}}},
         {"plan": {"suppliers": {"cloudy": None}}, "system": {"components": {"app": {"needs": ["orders"]}}}},
         ("Cloudy runs hosting", "shop needs app needs hosting")),
    Case("DR13/not-covered/Lintel", MEDIUM, {"system": {"components": {"fibre": {"operator": "Lintel"}, "lte": {"operator": "Lintel"}}}},
         {"system": {"components": {"shop": {"operator": "Lintel"}, "blog": {"operator": "Lintel"}, "fibre": {"operator": "Lintel"}}}},  # that is us
         ("Lintel runs fibre and lte",)),
    Case("DR13/not-covered/hosting", MEDIUM, {"plan": {"suppliers": {"cloudy": None}}, "system": {"components": {"hosting": {"operator": None}}}},
         {"plan": {"suppliers": {"cloudy": None}}, "system": {"components": {"hosting": {"operator": None, "kind": "host"}}}},
         ("the plan does not say what is promised for hosting",)),
]  # fmt: skip

TO_LTE = {"takes": "unknown", "switches": {"of": "shop", "to": "lte"}}
QUALITY = [
    Case("DR14/shop/rto", MEDIUM, shop(rto=None), shop(rto="not-applicable"), ("the plan gives no RTO for shop",)),
    Case("DR14/shop/rto", MEDIUM, {**shop(rto="unknown"), "system": {"components": {"shop": {"targets": {"rto": "2h"}}}}}, shop(rto="4h"),
         ("nobody knows the RTO of shop", "the system says 2 h")),
    Case("DR14/shop/rto-zero", MEDIUM, {**shop(rto=0), "plan": {"services": {"shop": {"rto": 0}, "blog": {}}}}, shop(rto="1ms"),
         ("which promises that it is never down",),
         others=("DR03/shop/app", "DR11/shop/rto", "DR11/lte/rto", "DR11/orders/rto", "DR13/shop/cloudy")),
    Case("DR14/shop/rto-waived", LOW, shop(rto="not-applicable"), {"plan": {"services": {"shop": {"rto": "not-applicable", "tier": 2}}}},
         ("shop is of tier 1, and the plan says that an RTO is not applicable to it",)),
    Case("DR14/shop/rpo", MEDIUM, shop(rpo="unknown"), shop(rpo="not-applicable"), ("nobody knows the RPO of shop", "shop needs app needs orders")),
    Case("DR14/blog/rpo", LOW, {"plan": {"services": {"blog": {"rpo": None}}}}, {"plan": {"services": {"blog": {"rpo": "2d"}}}},
         ("blog leans on no data",), services=("blog",)),
    Case("DR14/blog/rpo-zero", MEDIUM, {"plan": {"services": {"blog": {"rpo": 0}}}}, {"plan": {"services": {"blog": {"rpo": "1ms"}}}},
         ("the RPO of blog is 0, which promises that nothing is ever lost",), services=("blog",)),
    Case("DR14/shop/mtpd", LOW, shop(mtpd=None), shop(mtpd="not-applicable"), ("the plan gives no MTPD",)),
    Case("DR14/shop/owner", MEDIUM, shop(owner=None), shop(owner="sales"), ("nobody answers for shop",)),
    Case("DR14/shop/owner", MEDIUM, shop(owner=" "), shop(owner="-")),
    Case("DR14/shop/age", MEDIUM, shop(as_of="2025-05-31"), shop(as_of="2025-06-01"),
         ("the RTO, RPO and MTPD of shop were set more than 365 days ago", "RTO: 2025-05-31, 366 days ago"), figures={"rto_age_days": 366}),
    Case("DR14/shop/age", MEDIUM, shop(rpo={"target": "1h", "as_of": "2020-06-01"}), shop(as_of="2020-06-01", mtpd="not-applicable",
         rto={"target": "4h", "as_of": "2026-06-01"}, rpo={"target": "1h", "as_of": "2026-06-01"}), ("the RPO of shop was set",)),
    Case("DR14/shop/undated", LOW, {"plan": {"as_of": None, "services": {"blog": {"as_of": "2026-05-01"}}}},
         {"plan": {"as_of": None, "services": {"blog": {"as_of": "2026-05-01"}, "shop": {"as_of": "2026-05-01"}}}},
         ("nobody says when the RTO, RPO and MTPD of shop were set",)),
    Case("DR14/shop/rto-differs", MEDIUM, component("shop", targets={"rto": "2h"}), component("shop", targets={"rto": "4h"}),
         ("the plan says 4 h, the system 2 h",)),
    Case("DR14/step/rewrite-blog/takes", HIGH, {"plan": {"steps": {"rewrite-blog": {"takes": "unknown"}}}},
         {"plan": {"steps": {"rewrite-blog": {"takes": "unknown"}}}, **component("blog", time_to_restore="2h")},
         ("the system has no time to restore of blog", "never done"), services=("blog",)),
    Case("DR14/step/to-lte/takes", HIGH, {"plan": {"steps": {"to-lte": TO_LTE}}},
         {"plan": {"steps": {"to-lte": TO_LTE}}, **component("shop", needs=["app", {"any_of": ["fibre", "lte"], "failover": "5m"}])},
         ("the system has no failover time of lte",)),
    Case("DR14/step/call/takes", MEDIUM, {"plan": {"steps": {"call": {"takes": "unknown"}}}}, {"plan": {"steps": {"call": {"takes": "1h"}}}},
         ("restores nothing of which the system could say it",), services=()),
]  # fmt: skip

WORDS = [
    Case("DR15/shop/public-name", MEDIUM, component("shop", public_name=None), component("shop", public_name={"en": "S", "it": "N"}),
         ("shop has no name that customers know",)),
    Case("DR15/contact", MEDIUM, {"system": {"notices": None}}, {"system": {"notices": None}, "plan": {"contacts": {"customers": {"by": ["lte"]}}}},
         ("no notices.contact", "no contact customers"), services=("shop", "blog")),
    Case("DR15/shop/workaround", LOW, component("shop", workarounds=None), component("shop", workarounds=[{"text": {"en": "x", "it": "y"}, "covers": 1}])),
    Case("DR15/shop/no-words", MEDIUM, component("shop", workarounds=[{"covers": 1}]), component("shop", workarounds=[{"covers": 1, "text": {"en": "x", "it": "y"}}]),
         ("customers cannot be told of the workaround of shop",)),
    Case("DR15/words/it", MEDIUM, component("shop", public_name={"it": None}), component("shop", public_name={"de": "Laden"}),
         ("words for notices are missing in it", "those of shop", "shop: public_name")),
    # One gap of a language is one finding, wherever words are missing.
    Case("DR15/words/ja-easy", MEDIUM, {"plan": {"languages": ["en", "it", "ja-easy"]}}, {"plan": {"languages": ["en", "it-CH"]}},
         ("shop: public_name and workaround", "blog: public_name and workaround", "notices.contact of the system"), services=("shop", "blog")),
    Case("DR15/fallback/it", LOW, component("shop", public_name={"it": None, "": "Shop"}), component("shop", public_name={"": "Shop"}),
         ("only in the words for all languages", "shop: public_name")),
    # With one language, what is said in all of them is said in it.
    Case("DR15/fallback/it", LOW, component("shop", public_name={"it": None, "": "Shop"}),
         {"plan": {"languages": ["it"]}} | component("shop", public_name={"it": None, "": "Shop"})),
    Case("DR15/words/it", MEDIUM, {"system": {"notices": {"contact": {"it": None}}}}, {"system": {"notices": {"contact": {"vi": "x"}}}},
         ("words for notices are missing in it", "how customers reach us"), services=("shop", "blog")),
    Case("DR15/words/it", MEDIUM, {"plan": {"languages": []}} | component("blog", public_name={"it": None}),
         {"plan": {"languages": ["en"]}} | component("blog", public_name={"it": None}),  # where nobody says: all that anything is said in
         services=("blog",)),
]  # fmt: skip

CASES = [*TARGETS, *DATA, *PEOPLE, *TESTED, *MEASURED, *SUPPLIERS, *QUALITY, *WORDS]
