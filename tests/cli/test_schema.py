from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from impactsim.cli.main import main
from impactsim.files.opening import read_content
from impactsim.files.reading import validate_scenario, validate_system
from impactsim.files.validation import keys_of, validate
from impactsim.model.plan import RecoveryPlan, RecoveryStep
from impactsim.model.scenario import Scenario
from impactsim.model.system import Component, System
from impactsim.problems import InvalidInput

EVERYTHING = b"""\
impactsim: 1
name: Web shop
population: 500000
crews: {field: 2, telco: {members: 8, operator: Telco, source: Their map of the storm, backlog: {jobs: 120, each: {low: 1h, high: 3h}}}}
components:
  checkout:
    kind: service
    name: Checkout
    public_name: Online checkout
    at: dc-east
    needs:
      - orders-db
      - {component: fraud-check, impact: 20%}
      - {component: web-1, to: start}
      - {component: web-2, to: repair}
      - {all_of: [isp, fraud-check], holdover: 5m, recharge: {low: 1h, high: 2h}, to: start}
      - any_of: [isp, {use: lte, failover: 2m, lasts: 12h, fails_to_start: 5%}]
      - {at_least: 1, of: [web-1, web-2]}
      - {pool: {web-1: 60, web-2: 60.5}, demand: 100}
    restart: PT5M
    time_to_restore: {median: 45m, p95: 4h}
    fails: {per_year: 2}
    crew: field
    priority: 10
    catch_up: {share: 40%, level: 0.5}
    workarounds:
      - {text: {en: By telephone, it: Per telefono}, covers: 60%, after: 30m, lasts: {samples: [8h, 0]}, needs: [call-centre]}
    targets: {rto: 1h, rpo: 15m, mtpd: 1w, mbco: 60%}
    operator: Acme Cloud
    confidence: declared
    source: Contract 2026-14, annex B
    users: {median: 10, shape: 2.5, law: log-logistic}
  orders-db:
    kind: data
    copies: [{at: vault, every: 24h, lag: 10m, restore: {mean: 3h}, fails: 5%, tested: 2026-05-04}]
    fails: {probability: 1%}
    catch_up: {share: 1.5, level: 50 %}
  dc-east: {kind: site}
  vault: {kind: site}
  fraud-check: {}
  isp: {kind: connectivity, time_to_restore: 0}
  lte: {kind: connectivity}
  web-1: {kind: host}
  web-2: {kind: host}
  call-centre: {kind: channel}
  \xe0\xa4\xa8\xe0\xa4\xae\xe0\xa4\xb8\xe0\xa5\x8d\xe0\xa4\xa4\xe0\xa5\x87: {kind: my-own}
common_causes:
  duct: {strikes: {isp: 100%, lte: 80%}, fails: {per_year: 0.1}, time_to_restore: 12h}
users:
  retail: {count: 120000, uses: {checkout: 100%}, country: IT, activity: {zone: Europe/Rome, hours: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 50%, 0.25]}}
  partners: {count: {low: 200, likely: 300, high: 500}, uses: [checkout]}
"""
PLAN = b"""\
impactsim: 1
plan: Shop
system: system.yaml
as_of: 2026-02-01
currency: EUR
languages: [en, pt-BR]
services:
  checkout: {owner: Sales, tier: 1, mtpd: not-applicable, mbco: 60%, rto: {target: 4h, as_of: 2025-11-03}, rpo: 0, as_of: 2025-01-01}
  fraud-check: {rto: unknown, rpo: {target: not-applicable}}
declaration: {detection: {low: 5m, high: 30m}, decision: 20m, by: [lead], with: [call-centre]}
roles:
  lead: {name: Lead, people: [head-of-it], source: Duties}
steps:
  second-line: {name: Second line, switches: {of: [checkout], to: lte, capacity: 70%}, takes: {mean: 20m}, begins: detection}
  restore-db: {restores: [orders-db], takes: unknown, by: [lead], with: [call-centre], at: [vault], after: [second-line], not_before: 1h, source: x}
tests:
  - {of: orders-db, type: full-interruption, date: 2026-05-04, measured: 3h, measured_rpo: not-applicable, passed: true, source: x}
tiers: [{tier: 1, test: parallel, every: 180d}]
suppliers:
  telco: {name: Telco, components: [isp], repair_time: 8h, evidence: x, tested: 2025-09-12, relies_on: [duct]}
  cloud: {components: [fraud-check], repair_time: unknown, relies_on: unknown}
contacts: {customers: {by: [call-centre], text: x}}
scenarios: [fire.yaml, {file: flood.yaml, detection: 10m, decision: {low: 10m, high: 30m}}]
changes: {radio: {text: Radio, cost: 12000.5, system: {population: 3}, plan: {currency: null}}}
trials: 100
seed: 0
"""
OUTAGE = b"""\
impactsim: 1
name: Fire
system: system.yaml
starts: 2026-03-02T14:00+01:00
events:
  - {fail: isp, at: 10m}
  - {fail: [web-1, web-2], at: 0, for: 6h}
  - {degrade: fraud-check, to: 40%, at: 20m, repair: {low: 30m, likely: 1h, high: 3h}}
  - {fail: lte, then: [{after: 2h, to: 30%}, {after: 5h, to: 100%}]}
  - {destroy: orders-db, at: 1h}
  - {strike: duct, at: 2h}
actions:
  - {start: web-1, at: 3h}
  - {stop: [web-1], at: 4h}
  - {repair: isp, at: 5h}
  - {switch: {of: checkout, to: lte}, at: 6h}
changes: {components: {checkout: {restart: 2m}}}
horizon: 48h
trials: 2000
seed: 7
"""


def data_of(content: bytes) -> Any:
    document, problems = read_content(content, "f.yaml")
    assert problems == []
    assert document is not None
    return document.data


def schema_of(kind: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["schema", kind]) == 0
    schema: dict[str, Any] = json.loads(capsys.readouterr().out)
    return schema


@pytest.mark.parametrize("kind", ["system", "scenario", "plan"])
def test_the_schema_is_a_schema(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    Draft202012Validator.check_schema(schema_of(kind, capsys))


@pytest.mark.parametrize("kind", ["system", "scenario", "plan"])
def test_every_key_is_described(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema = schema_of(kind, capsys)
    classes = {name: part for name, part in schema["$defs"].items() if "properties" in part} | {kind: schema}
    undescribed = [
        f"{name}.{key}" for name, part in classes.items() for key, value in part["properties"].items()
        if "description" not in value and "description" not in schema["$defs"][value["$ref"].split("/")[-1]]
    ]  # fmt: skip
    assert undescribed == []


def test_the_schema_has_the_keys_of_the_model(capsys: pytest.CaptureFixture[str]) -> None:
    schema = schema_of("system", capsys)
    assert list(schema["properties"]) == keys_of(System)
    assert list(schema["$defs"]["Component"]["properties"]) == keys_of(Component)
    assert list(schema_of("scenario", capsys)["properties"]) == keys_of(Scenario)
    schema = schema_of("plan", capsys)
    assert list(schema["properties"]) == keys_of(RecoveryPlan)
    assert list(schema["$defs"]["RecoveryStep"]["properties"]) == keys_of(RecoveryStep)


def test_a_file_with_everything_is_valid_for_the_schema_and_for_the_reader(capsys: pytest.CaptureFixture[str]) -> None:
    system, scenario = data_of(EVERYTHING), data_of(OUTAGE)
    Draft202012Validator(schema_of("system", capsys)).validate(system)
    Draft202012Validator(schema_of("scenario", capsys)).validate(scenario)
    Draft202012Validator(schema_of("scenario", capsys)).validate({**scenario, "system": system})
    validate_scenario(scenario, validate_system(system))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("naem",), "x"),
        (("impactsim",), 2),
        (("name",), 5),
        (("components",), {}),
        (("components",), None),
        (("components", "b!"), {}),
        (("components", "checkout", "restart"), 5),
        (("components", "checkout", "restart"), {"median": "5m"}),
        (("components", "checkout", "needs"), "isp"),
        (("components", "checkout", "needs", 1), {"component": "isp", "all_of": ["isp"]}),
        (("components", "checkout", "needs", 1), {"componet": "isp"}),
        (("components", "checkout", "needs", 1), {"component": "isp", "impact": 2}),
        (("components", "checkout", "needs", 1), {"component": "isp", "to": "rum"}),
        (("components", "checkout", "needs", 1), "isp 2"),
        (("components", "checkout", "confidence"), "sure"),
        (("components", "checkout", "targets", "rto"), "-1h "),
        (("components", "orders-db", "copies", 0, "tested"), "yesterday"),
        (("components", "orders-db", "copies", 0, "at"), None),
        (("crews", "field"), 0),
        (("crews", "field"), "two"),
        (("crews", "telco", "members"), 0),
        (("crews", "telco", "backlog", "jobs"), 10_001),
        (("crews", "telco", "backlog", "jobs"), 0),
        (("crews", "telco", "backlog", "each"), 2),
        (("crews", "telco", "backlog"), {"jobs": 5}),
        (("crews", "telco"), {"operator": "Telco"}),
        (("users", "retail", "country"), "Italy"),
        (("users", "retail", "activity", "hours"), [1] * 23),
        (("users", "retail", "count"), -1),
        (("users", "retail", "uses"), {"checkout": "110"}),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(
    place: tuple[str | int, ...], value: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    data = data_of(EVERYTHING)
    part = data
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    with pytest.raises(InvalidInput):
        validate_system(data)
    # A pattern cannot tell a duration from other text, nor 110 from a share; the reader can.
    if value not in ("-1h ", {"checkout": "110"}):
        assert not Draft202012Validator(schema_of("system", capsys)).is_valid(data)


@pytest.mark.parametrize(
    "event",
    [
        {"fail": "isp", "strike": "duct"},
        {"fial": "isp"},
        {"degrade": "isp"},
        {"fail": []},
        {"fail": "isp", "lasts": "1h"},
        "isp",
    ],
)
def test_the_schema_refuses_a_wrong_event(event: Any, capsys: pytest.CaptureFixture[str]) -> None:
    data = {**data_of(OUTAGE), "events": [event]}
    assert not Draft202012Validator(schema_of("scenario", capsys)).is_valid(data)


def test_a_plan_with_everything_is_valid_for_the_schema_and_for_the_model(capsys: pytest.CaptureFixture[str]) -> None:
    plan = data_of(PLAN)
    Draft202012Validator(schema_of("plan", capsys)).validate(plan)
    assert validate(RecoveryPlan, plan)[1] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("naem",), "x"),
        (("impactsim",), 2),
        (("services",), {}),
        (("services", "b!"), {}),
        (("services", "checkout", "tier"), 0),
        (("services", "checkout", "rto"), 4),
        (("services", "checkout", "rto"), {"as_of": "2025-01-01"}),
        (("services", "checkout", "rto"), {"target": "4h", "asof": "2025-01-01"}),
        (("services", "checkout", "mbco"), 2),
        (("declaration", "decision"), None),
        (("declaration", "with"), "call-centre"),
        (("roles", "lead", "people"), []),
        (("steps", "restore-db", "takes"), 5),
        (("steps", "restore-db", "begins"), "decision"),
        (("steps", "second-line", "switches", "of"), []),
        (("steps", "second-line", "switches", "capacity"), 1.5),
        (("tests", 0, "type"), "test"),
        (("tests", 0, "date"), "yesterday"),
        (("tiers", 0, "every"), 5),
        (("suppliers", "telco", "relies_on"), "nobody"),
        (("scenarios",), []),
        (("scenarios", 0), 5),
        (("scenarios", 1, "detektion"), "5m"),
        (("changes", "radio", "cost"), -1),
        (("changes", "radio", "cost"), "12000"),
        (("changes", "radio", "cost"), True),
        (("changes", "radio", "system"), []),
    ],
)
def test_what_the_schema_of_a_plan_refuses_the_model_refuses(
    place: tuple[str | int, ...], value: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    data = data_of(PLAN)
    part = data
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    plan, problems = validate(RecoveryPlan, data)
    assert plan is None
    assert len(problems) == 1
    # The path ends at the mistake, or where something is missing in it.
    assert problems[0].path[: len(place)] == place
    assert not Draft202012Validator(schema_of("plan", capsys)).is_valid(data)
