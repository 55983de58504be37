from __future__ import annotations

import json
from pathlib import Path

import pytest

from impactsim.cli.main import main

SCENARIOS = Path(__file__).parents[2] / "scenarios"
OVH = (
    "exercise", str(SCENARIOS / "ovh-2021" / "plan.yaml"), "--scenario", "5-a-building-burns",
    "--as-of", "2021-03-09", "--workers", "1",
)  # fmt: skip


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_the_pack_of_the_fire_is_the_same_each_time_and_tells_that_two_customers_find_no_copy(capsys):
    first = output(capsys, *OVH, "--json")
    assert output(capsys, *OVH, "--json") == first
    told = [message for inject in json.loads(first)["injects"] for message in inject["messages"]]
    assert [each["components"] for each in told if each["is_surprise"]] == [["customer-a-data"], ["customer-b-data"]]


def test_the_page_has_a_card_for_each_inject_and_the_handout_has_none(capsys, tmp_path):
    page, handout = tmp_path / "pack.html", tmp_path / "handout.html"
    n_injects = len(json.loads(output(capsys, *OVH, "--json"))["injects"])
    output(capsys, *OVH, "--html", str(page))
    output(capsys, *OVH, "--for", "participants", "--html", str(handout))
    text = page.read_text("utf-8")
    assert [f"Card {i}, at T+" in text for i in (1, n_injects, n_injects + 1)] == [True, True, False]
    assert "Card 1" not in handout.read_text("utf-8")
    assert "SBG2" not in handout.read_text("utf-8")


def test_json_obeys_the_reader(capsys):
    cards = json.loads(output(capsys, *OVH, "--for", "cards", "--json"))["cards"]
    handout = output(capsys, *OVH, "--for", "participants", "--json")
    assert [each["number"] for each in cards] == list(range(1, len(cards) + 1))
    assert {key for card in cards for message in card["messages"] for key in message} == {"at_ms", "by", "how", "text"}
    assert not [word for word in ("SBG2", "burn", "surprise", "behind", "injects") if word in handout]


def test_the_cards_alone_are_printed(capsys):
    text = output(capsys, *OVH, "--for", "cards")
    assert "Card 1, at T+0:00: Tue 9 Mar, 10:00" in text
    assert "Behind" not in text
