"""Compose files of public projects: what a plain count of them says, and that no setting comes out of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from impactsim.importers.finished import ImportedSystem

SOCIAL = "deathstarbench-social-network.compose.yml"
TRAINS = "train-ticket-quickstart.compose.yml"
TELEMETRY = "opentelemetry-demo.nobuild.compose.yaml"

# Services and entries of depends_on, as counted by a plain reading.
COUNTS = [(SOCIAL, 27, 19), (TRAINS, 68, 1), (TELEMETRY, 20, 46)]


def plain(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["services"]


def told(found: ImportedSystem) -> str:
    """Return all that an import says, without the digest, in which any figure may stand."""
    text = re.sub(r"digest: .*", "", found.text)
    return "\n".join((text, *map(str, found.problems), *found.remarks, *found.left_out))


@pytest.fixture(params=COUNTS, ids=[name for name, *_ in COUNTS])
def real(request, real_files, imported):
    name, n_services, n_starts = request.param
    path = real_files / "compose" / name
    return path, imported("compose", path), n_services, n_starts


def test_every_service_is_there_and_stands_on_the_guessed_machine(real):
    path, found, n_services, _ = real
    services = list(plain(path))
    assert len(services) == n_services
    assert [name for name, each in found.system.components.items() if each.at == "docker-host"] == services


def test_every_start_order_is_a_need_to_start_and_none_a_need_to_run(real):
    """None of these files has a value that names a host of a service: they stand in variables, or in no setting at all."""
    path, found, _, n_starts = real
    expected = {(name, other) for name, each in plain(path).items() for other in each.get("depends_on", ())}
    needs = [(name, need) for name, each in found.system.components.items() for need in each.needs]
    assert {(name, need.members()[0]) for name, need in needs} == expected
    assert len(expected) == n_starts
    assert {need.to for _, need in needs} == {"start"}


def test_it_is_told_loudly_that_nothing_seems_to_need_anything(real):
    """Without it an outage of any service would be reported to touch nothing else, which is not so."""
    _, found, n_services, _ = real
    (problem,) = [each for each in found.problems if each.code in {"few-needs", "no-needs"}]
    assert f"{n_services} neither need another one to run" in problem.fault


def test_no_value_of_a_setting_comes_out(real):
    path, found, *_ = real
    services = plain(path)
    values = set()
    for each in services.values():
        environment = each.get("environment", ())
        pairs = (
            environment.items() if isinstance(environment, dict) else (item.partition("=")[::2] for item in environment)
        )
        values |= {str(value) for _, value in pairs if len(str(value)) > 3}
    values -= set(services)
    assert values or path.name == TRAINS  # which has no settings at all
    assert [value for value in sorted(values) if value in told(found)] == []


def test_variables_without_values_are_counted(real_files, imported):
    """All entries without a value of their own, or with a variable in it: the defaults stand in a file of another name."""
    path = real_files / "compose" / TELEMETRY
    entries = [item for each in plain(path).values() for item in each.get("environment", ())]
    outside = [item for item in entries if "=" not in item or "${" in item]
    found = imported("compose", path)
    assert any(f"stand outside these files: {len(outside)};" in each for each in found.remarks)


def test_the_order_of_starts_taken_as_needs_joins_what_was_apart(real_files, imported):
    path = real_files / "compose" / TELEMETRY
    found = imported("compose", path, start_order_as_need=True)
    to_run = [need for each in found.system.components.values() for need in each.needs if need.to is None]
    assert (len(to_run), {need.confidence for need in to_run}) == (46, {"guessed"})
    assert [each.code for each in found.problems] == []


def test_stores_are_data_and_caches_are_none(real_files, imported):
    """6 mongo, 3 redis and 4 memcached images: see the file."""
    path = real_files / "compose" / SOCIAL
    images = [each["image"].partition(":")[0] for each in plain(path).values()]
    kinds = [each.kind for each in imported("compose", path).system.components.values()]
    assert kinds.count("data") == sum(image in {"mongo", "redis"} for image in images) == 9
    assert kinds.count("cache") == images.count("memcached") == 4  # what a cache loses is no loss of data
