"""What somebody on site sees of an event: it changes no run, and no notice says it."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.cli.main import main
from impactsim.model.scenario import Scenario
from impactsim.notices.catalogue import NOTICE_LANGUAGES
from impactsim.problems import InvalidInput
from impactsim.workflow import notice, run

SMOKE = "Smoke rises above the hall of Lintel"
SYSTEM: dict[str, Any] = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "hall": {"kind": "site", "time_to_restore": "2h"},
        "storm": {"kind": "site", "time_to_restore": "2h"},
        "checkout": {"needs": ["hall", "storm"], "public_name": dict.fromkeys(sorted(NOTICE_LANGUAGES), "ABC")},
    },
    "common_causes": {"flood": {"strikes": {"hall": "100%"}}},
    "users": {"buyers": {"count": 9000, "uses": ["checkout"]}},
}
EVENTS: list[dict[str, Any]] = [
    {"fail": "hall"}, {"degrade": "hall", "to": "50%"}, {"destroy": "hall"}, {"strike": "flood"},
]  # fmt: skip


def scenario(*events: dict[str, Any]) -> dict[str, Any]:
    return {
        "impactsim": 1, "name": "Fire", "system": SYSTEM, "starts": "2026-03-02T09:00+01:00", "horizon": "1d", "events": list(events),
    }  # fmt: skip


@pytest.mark.parametrize("event", EVENTS, ids=[next(iter(each)) for each in EVENTS])
def test_every_event_may_say_what_is_seen_and_the_run_is_the_same(event):
    with_it = scenario(event | {"seen": SMOKE})
    assert Scenario.model_validate(with_it).events[0].seen == SMOKE
    assert run(with_it).to_json() == run(scenario(event)).to_json()
    assert run(with_it, trials=5, workers=1).to_json() == run(scenario(event), trials=5, workers=1).to_json()


@pytest.mark.parametrize("seen", [5, "", ["smoke"]])
def test_what_is_seen_is_a_text(seen):
    with pytest.raises(InvalidInput) as caught:
        run(scenario({"fail": "hall", "seen": seen}))
    assert [each.path for each in caught.value.problems] == [("events", 0, "seen")]


@pytest.mark.parametrize("language", sorted(NOTICE_LANGUAGES))
def test_no_notice_says_what_is_seen(language):
    said, unsaid = (
        notice(scenario(each), "investigating", (language,), trials=5, workers=1).texts("text")
        for each in ({"fail": "hall", "seen": SMOKE}, {"fail": "hall"})
    )
    assert said
    assert said == unsaid
    assert not [text for text in said.values() if "Smoke" in text or "Lintel" in text]


def test_the_schema_has_it_in_every_event(capsys):
    import json

    assert main(["schema", "scenario"]) == 0
    definitions = json.loads(capsys.readouterr().out)["$defs"]
    assert all("seen" in definitions[form]["properties"] for form in ("Fail", "Degrade", "Destroy", "Strike"))
    assert "no notice says it" in definitions["Fail"]["properties"]["seen"]["description"]
