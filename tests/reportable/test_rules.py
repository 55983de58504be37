"""The rules as data: whole, checked, from sources that were read, and nothing that is only remembered."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from importlib import resources
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from impactsim.reportable.catalogue import read, regimes
from impactsim.reportable.rules import Regime, names_of

FILES = sorted(each.name for each in (resources.files("impactsim.reportable") / "regimes").iterdir())
REGIMES = {
    "dora-financial", "nis2-dns", "nis2-tld", "nis2-cloud", "nis2-cdn", "nis2-managed-service", "nis2-data-centre",
    "nis2-other", "nis2-marketplace", "nis2-search", "nis2-social", "nis2-trust", "gdpr", "fcc", "enisa", "italy-telecom", "japan-serious",
    "japan-quarterly", "ofcom",
}  # fmt: skip


def document(name: str) -> dict[str, Any]:
    text = (resources.files("impactsim.reportable") / "regimes" / name).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_every_regime_is_there() -> None:
    assert set(regimes()) == REGIMES
    assert FILES == ["dora.yaml", "gdpr.yaml", "nis2.yaml", "nis2_other.yaml", "telecom.yaml"]


@pytest.mark.parametrize("regime", regimes().values(), ids=lambda each: each.id)
def test_every_regime_says_what_was_read_and_when(regime: Regime) -> None:
    assert regime.read_on == date(2026, 11, 21)
    assert regime.url.startswith("https://")
    assert regime.evidence in {"text", "secondary"}
    for words in (
        regime.law,
        regime.source,
        regime.applies_if,
        regime.combine_words,
        *(rule.says for rule in regime.rules),
    ):
        assert words.strip(), regime.id
        assert not words.endswith(".")
    assert all(deadline.source for deadline in regime.deadlines)


@pytest.mark.parametrize("regime", regimes().values(), ids=lambda each: each.id)
def test_every_criterion_is_used(regime: Regime) -> None:
    assert set(names_of(regime.combine)) == {rule.criterion for rule in regime.rules}


# What the sources say of each figure: operator, limit, unit, and how long it must last.
FIGURES = {
    ("dora-financial", "clients-share"): (">", 10, "%", None),
    ("dora-financial", "clients-number"): (">", 100_000, "users", None),
    ("dora-financial", "duration"): (">", 24, "h", None),
    ("dora-financial", "downtime"): (">", 2, "h", None),
    ("dora-financial", "geography"): (">=", 2, "member states", None),
    ("dora-financial", "economic"): (">", 100_000, "EUR", None),
    ("nis2-dns", "unavailable"): (">", 30, "min", None),
    ("nis2-tld", "unavailable"): (">", 0, "min", None),
    ("nis2-cloud", "unavailable"): (">", 30, "min", None),
    ("nis2-cloud", "limited"): (">", 5, "%", (">", 1, "h")),
    ("nis2-cloud", "loss"): (">", 500_000, "EUR", None),
    ("nis2-cdn", "unavailable"): (">", 30, "min", None),  # 10 in the draft of June 2024
    ("nis2-data-centre", "unavailable"): (">", 0, "min", None),
    ("nis2-data-centre", "limited"): (">", 1, "h", None),
    ("nis2-marketplace", "users"): (">", 5, "%", None),
    ("nis2-trust", "unavailable"): (">", 20, "min", None),
    ("nis2-trust", "unavailable-in-all"): (">", 1, "h", None),
    ("nis2-trust", "limited"): (">", 1, "%", None),
    ("fcc", "duration"): (">=", 30, "min", None),
    ("fcc", "user-minutes"): (">=", 900_000, "user-minutes", None),
    ("enisa", "user-hours"): (">=", 1_000_000, "user-hours", None),
    ("italy-telecom", "1h"): (">", 15, "%", (">", 1, "h")),
    ("italy-telecom", "2h"): (">", 10, "%", (">", 2, "h")),
    ("italy-telecom", "4h"): (">", 5, "%", (">", 4, "h")),
    ("italy-telecom", "6h"): (">", 2, "%", (">", 6, "h")),
    ("italy-telecom", "8h"): (">", 1, "%", (">", 8, "h")),
    ("japan-serious", "users"): (">=", 30_000, "users", (">=", 2, "h")),
    ("japan-quarterly", "users"): (">=", 30_000, "users", None),
    ("japan-quarterly", "duration"): (">=", 2, "h", None),
    ("ofcom", "any-duration"): (">=", 100_000, "users", None),
    ("ofcom", "eight-hours-share"): (">=", 25, "%", (">=", 8, "h")),
    ("ofcom", "critical"): (">=", 3_000_000, "user-hours", None),
}


@pytest.mark.parametrize(("regime", "rule"), FIGURES)
def test_the_figures_are_those_of_the_sources(regime: str, rule: str) -> None:
    [each] = [each for each in regimes()[regime].rules if each.id == rule]
    lasting = None if each.lasting is None else (each.lasting.operator, each.lasting.value, each.lasting.unit)
    assert (each.operator, each.value, each.unit, lasting) == FIGURES[regime, rule]


@pytest.mark.parametrize(
    ("regime", "rule", "limit"),
    [("nis2-cloud", "limited", 1_000_000), ("nis2-search", "users", 1_000_000), ("nis2-trust", "limited", 200_000)],
)
def test_a_share_of_users_has_its_number_beside_it(regime: str, rule: str, limit: int) -> None:
    [each] = [each for each in regimes()[regime].rules if each.id == rule]
    assert each.at_most == limit


DEADLINES = {
    "dora-financial": {"initial": [(4, "classification"), (24, "awareness")], "intermediate": [(72, "initial")], "final": [("month", "intermediate")]},
    "nis2-cloud": {"warning": [(24, "awareness")], "notification": [(72, "awareness")], "final": [("month", "notification")]},
    "nis2-trust": {"warning": [(24, "awareness")], "notification": [(24, "awareness")], "final": [("month", "notification")]},
    "nis2-other": {"warning": [(24, "awareness")], "notification": [(72, "awareness")], "final": [("month", "notification")]},
    "gdpr": {"authority": [(72, "awareness")]},
    "fcc": {"notification": [(2, "awareness")], "initial": [(72, "awareness")], "final": [(30 * 24, "awareness")]},
}  # fmt: skip


@pytest.mark.parametrize("regime", DEADLINES)
def test_the_deadlines_are_those_of_the_sources(regime: str) -> None:
    found = {
        each.id: [
            ("month" if part.months else (part.hours or 0) + 24 * (part.days or 0), part.after) for part in each.within
        ]
        for each in regimes()[regime].deadlines
    }
    assert found == DEADLINES[regime]


def test_nothing_that_was_only_remembered_is_let_in() -> None:
    # 24 h for VoIP, grace on weekends under DORA, telling clients under DORA, the Japanese table by service.
    for name in FILES:
        text = (resources.files("impactsim.reportable") / "regimes" / name).read_text(encoding="utf-8").lower()
        for word in (
            "recalled",
            "weekend",
            "holiday",
            "19(3)",
            "emergency voice",
            "1,000,000 users for at least 12",
            "1 m/12",
        ):
            assert word not in text, (name, word)
    evidences = {each.evidence for regime in regimes().values() for each in (regime, *regime.deadlines)}
    assert evidences == {"text", "secondary"}
    assert [name for name in regimes() if "voip" in name] == []
    assert {each.value for each in regimes()["japan-serious"].rules} == {30_000}


def test_times_of_dora_reports_are_marked_as_from_secondary_sources() -> None:
    regime = regimes()["dora-financial"]
    assert regime.evidence == "text"
    assert {each.evidence for each in regime.deadlines} == {"secondary"}


def test_the_former_matrix_says_that_it_is_former() -> None:
    assert regimes()["enisa"].valid_to == date(2024, 10, 17)
    assert "former EECC" in regimes()["enisa"].status


def changed(**rule: Any) -> dict[str, Any]:
    words = deepcopy(document("gdpr.yaml"))
    words["regimes"]["gdpr"]["rules"][0] |= rule
    return words


def test_the_unchanged_data_is_right() -> None:
    assert [each.id for each in read(changed())] == ["gdpr"]


@pytest.mark.parametrize(
    "rule",
    [
        {"operator": ">>"},
        {"operator": None},
        {"value": -1},
        {"value": "2"},
        {"unit": "users"},
        {"unit": None},
        {"metric": "mood"},
        {"metric": "flag"},
        {"flag": "media"},
        {"at_most": 5},
        {"turnover": 5},
        {"lasting": {"operator": ">", "value": 1, "unit": "h"}},
        {"evidence": "recalled"},
        {"group": "nobody"},
        {"id": "risk"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_a_wrong_rule_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(changed(**rule))


@pytest.mark.parametrize(
    "words",
    [
        {"evidence": "recalled"},
        {"combine": {"all": ["unavailable"]}},
        {"combine": {"all": ["unavailable", "risk", "luck"]}},
        {"combine": {"some": ["unavailable", "risk"]}},
        {"url": None},
        {"deadlines": [{"id": "x", "what": "x", "within": [{"hours": 1, "after": "lunch"}], "article": "x", "evidence": "text", "source": "x"}]},
        {"deadlines": [{"id": "x", "what": "x", "within": [{"hours": 1, "days": 1, "after": "awareness"}], "article": "x", "evidence": "text", "source": "x"}]},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_regime_is_refused(words: dict[str, Any]) -> None:
    wrong = deepcopy(document("gdpr.yaml"))
    wrong["regimes"]["gdpr"] |= words
    with pytest.raises(ValidationError):
        read(wrong)
