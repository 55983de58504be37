"""Copies on paper, on systems that a person can check."""

from __future__ import annotations

from typing import Any

from impactsim.audit.copies import findings
from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.files.reading import validate_system


def found_with(*copies: dict[str, Any]) -> list[Finding]:
    components = {
        "vault": {"kind": "site"},
        "attic": {"kind": "site"},
        "records": {"kind": "data", "copies": [{"restore": "1h", **copy} for copy in copies]},
        "shop": {"needs": ["records"]},
        "blog": {},
    }
    users = {"all": {"count": 100, "uses": ["shop"]}}
    system = validate_system({"impactsim": 1, "name": "x", "components": components, "users": users}).system
    estate = Estate(system)
    assert findings(estate, [estate.names.index["blog"]]) == []  # it needs no records
    return findings(estate, estate.services)


def test_a_copy_that_works_more_often_than_not_is_no_finding() -> None:
    assert found_with({"at": "vault", "fails": "49%"}, {"at": "attic"}) == []


def test_it_is_the_worse_the_fewer_places_are_left() -> None:
    broken = {"at": "vault", "fails": "100%"}
    (none_left,) = found_with(broken)
    (one_left,) = found_with(broken, {"at": "attic", "every": "1h"}, {"at": "attic", "every": "24h"})
    (two_left,) = found_with(broken, {"at": "attic"}, {"at": "vault"})
    assert [each.severity for each in (none_left, one_left, two_left)] == [Severity.HIGH, Severity.MEDIUM, Severity.LOW]
    assert one_left.text == "1 of 3 copies of records cannot be counted on: vault"
    assert dict(one_left.figures) == {"copies": 3, "on_paper": 1, "places_left": 1}
    assert one_left.services == ("shop",)
    assert one_left.users == 100
