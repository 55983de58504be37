from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import impactsim
from impactsim.cli.main import COMMANDS, main, module_of
from impactsim.reports.exact.assemble import CutSetsAsked

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHOP = str(SCENARIOS / "teaching-shop" / "system.yaml")
OVH = str(SCENARIOS / "ovh-2021" / "system.yaml")

# Two lines in one duct; every figure below is worked out by hand.
LINES = """
impactsim: 1
name: Lines
components:
  duct: {kind: site, fails: {probability: 1%}}
  isp-a: {kind: connectivity, needs: [duct], fails: {probability: 2%}}
  isp-b: {kind: connectivity, needs: [duct], fails: {probability: 2%}}
  shop: {needs: [{any_of: [isp-a, isp-b]}], users: 1000, fails: {probability: 0}}
  radio: {kind: connectivity, fails: {probability: 5%}}
"""
P_DOWN = 1 - 0.99 * (1 - 0.02 * 0.02)


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def lines(tmp_path: Path) -> str:
    path = tmp_path / "lines.yaml"
    path.write_text(LINES)
    return str(path)


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == 0
    return capsys.readouterr().out


def read(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(output(capsys, *arguments, "--json"))


def test_commands_are_found_whatever_their_names() -> None:
    assert {"audit", "cutsets", "importance", "choose-backup"} <= set(COMMANDS)
    assert module_of("choose-backup") == "impactsim.cli.choose_backup"
    assert module_of("import") == "impactsim.cli.import_"


# impactsim audit


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SCENARIOS.glob("*/system.yaml")))
def test_every_shipped_system_can_be_audited(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(SCENARIOS / name / "system.yaml")
    text = output(capsys, "audit", file).splitlines()
    assert len(text) <= 50
    assert max(map(len, text)) <= 100
    whole = output(capsys, "audit", file, "--all").splitlines()
    assert max(map(len, whole)) <= 100
    found = read(capsys, "audit", file)
    assert found["findings"]
    ids = [each["id"] for each in found["findings"]]
    assert len(ids) == len(set(ids))
    for each in found["findings"]:
        assert each["evidence"], each["id"]
        assert each["remedy"], each["id"]
        assert not each["text"].endswith("."), each["id"]
    for name_of, service in found["services"].items():
        assert (service["probability"] is None) != (service["bounds"] is None)
        assert {finding for finding in ids if finding in service["findings"]} == set(service["findings"]), name_of


def test_the_duct_of_both_lines_is_found_and_priced(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "audit", lines)
    duct = next(each for each in found["findings"] if each["id"] == "single-point/duct")
    assert duct["severity"] == "critical"
    assert duct["lost_user_minutes"] == pytest.approx(0.01 * 1000 * 525_600)
    shop = found["services"]["shop"]
    assert shop["probability"] == pytest.approx(P_DOWN, rel=1e-12)
    assert shop["lost_user_minutes"] == pytest.approx(P_DOWN * 1000 * 525_600)
    assert [each["events"] for each in shop["cut_sets"]] == [["duct"], ["isp-a", "isp-b"]]
    assert shop["n_cut_sets"] == 2
    assert shop["unknown_events"] == 0
    assert output(capsys, "audit", lines).startswith("Lines: duct alone takes down shop, for all 1,000 users; ")


def test_what_nobody_gives_a_rate_of_counts_as_assumed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(
        "{impactsim: 1, name: x, components: {a: {kind: tool}, s: {needs: [a]}}, common_causes: {w: {strikes: {a: 50%}}}}"
    )
    assert read(capsys, "audit", str(file))["services"]["s"]["probability"] == 0
    service = read(capsys, "audit", str(file), "--assume", "10%")["services"]["s"]
    assert service["unknown_events"] == 3
    assert service["probability"] == pytest.approx(1 - 0.9 * 0.9 * (1 - 0.1 * 0.5))


def test_a_severity_can_fail_a_pipeline(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", lines, "--fail-on", "critical"]) == 1
    captured = capsys.readouterr()
    assert "critical (--fail-on critical)" in captured.err
    assert captured.out.startswith("Lines: ")
    assert main(["audit", lines, "--fail-on", "critical", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["system"] == "Lines"


def test_nothing_so_severe_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "alone.yaml"
    file.write_text("{impactsim: 1, name: x, components: {a: {users: 10}}}")
    assert main(["audit", str(file), "--fail-on", "high"]) == 0
    assert capsys.readouterr().err == ""


def test_a_what_if_closes_what_it_mends(lines: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ideas = tmp_path / "ideas.yaml"
    ideas.write_text("name: Another way\nchanges: {components: {isp-b: {needs: null}}}\n")
    what_if = read(capsys, "audit", lines, "--what-if", str(ideas))["what_ifs"][0]
    assert what_if["name"] == "Another way"
    assert "single-point/duct" in what_if["closes"]
    p = (1 - 0.99 * 0.98) * 0.02  # isp-a or the duct, and isp-b
    assert what_if["services"]["shop"]["probability"] == pytest.approx(p)
    assert what_if["lost_user_minutes"] == pytest.approx(p * 1000 * 525_600)
    text = output(capsys, "audit", lines, "--what-if", str(ideas))
    assert "What if: Another way: " in text
    assert "user-minutes lost a year: " in text


def test_a_what_if_is_compared_in_the_scenario_too(
    lines: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.yaml"
    cut.write_text("{impactsim: 1, name: Duct cut, system: lines.yaml, events: [{fail: duct, for: 3h}]}")
    ideas = tmp_path / "ideas.yaml"
    ideas.write_text("name: Another way\nchanges: {components: {isp-b: {needs: null}}}\n")
    found = read(capsys, "audit", lines, "--scenario", str(cut), "--what-if", str(ideas))
    plain = {each["id"] for each in read(capsys, "audit", lines)["findings"]}
    under = [each["id"] for each in found["findings"] if each["id"] not in plain]
    assert under  # isp-b is down when isp-a is
    assert found["scenario"] == "Duct cut"
    assert set(under) & set(found["what_ifs"][0]["closes"])


def test_a_what_if_that_leaves_nothing_to_ask_about_is_refused(
    tmp_path: Path, lines: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ideas = tmp_path / "ideas.yaml"
    ideas.write_text("name: Close the shop\nchanges: {components: {shop: null}}\n")
    assert main(["audit", lines, "--service", "shop", "--what-if", str(ideas)]) == 2
    assert "with 'Close the shop' none of the services asked about is left" in capsys.readouterr().err


def test_a_scenario_of_another_system_is_refused(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = next(iter(sorted((SCENARIOS / "ovh-2021").glob("1-*.yaml"))))
    assert main(["audit", lines, "--scenario", str(scenario)]) == 2
    assert "the scenario is about 'OVHcloud Strasbourg, March 2021'" in capsys.readouterr().err


def test_only_the_services_asked_for_are_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "audit", OVH, "--service", "customer-a-site")
    assert list(found["services"]) == ["customer-a-site"]
    assert {"customer-b-data"}.isdisjoint(event for each in found["findings"] for event in each["events"])


def test_json_does_not_depend_on_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = output(capsys, "audit", SHOP, "--json")
    monkeypatch.setenv("LINES", "30")
    assert output(capsys, "audit", SHOP, "--json", "--top", "1") == first


def test_tables_are_written(lines: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out"
    text = output(capsys, "audit", lines, "--csv", str(folder))
    assert text.endswith("".join(f"written: {folder / name}.csv\n" for name in ("findings", "services", "cutsets")))
    with (folder / "services.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["service"], row["single_points"], row["n_cut_sets"]) for row in rows] == [("shop", "1", "2")]


# impactsim cutsets


def test_cut_sets_are_listed_with_their_ways(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "cutsets", lines, "shop")
    assert [(each["events"], each["order"]) for each in found["cut_sets"]] == [(["duct"], 1), (["isp-a", "isp-b"], 2)]
    assert [each["probability"] for each in found["cut_sets"]] == pytest.approx([0.01, 0.0004])
    assert found["cut_sets"][0]["paths"] == [["shop", "isp-a", "duct"]]
    assert (found["n_cut_sets"], found["complete"], found["complete_to_order"]) == (2, True, 2)
    text = output(capsys, "cutsets", lines, "shop", "--why")
    assert text.startswith("Lines: shop has 2 minimal cut sets: 1 of one failure and 1 of two failures\n")
    assert "shop needs isp-a needs duct" in text
    assert "isp-a + isp-b" in text


def test_part_of_the_cut_sets_says_what_it_is_complete_to(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "cutsets", lines, "shop", "--order", "1")
    assert ([each["events"] for each in found["cut_sets"]], found["complete_to_order"]) == ([["duct"]], 1)
    assert (found["n_cut_sets"], found["complete"]) == (2, False)
    found = read(capsys, "cutsets", lines, "shop", "--smallest", "1")
    assert (len(found["cut_sets"]), found["complete_to_order"]) == (1, 0)
    found = read(capsys, "cutsets", lines, "shop", "--likeliest", "1")
    assert [each["events"] for each in found["cut_sets"]] == [["duct"]]


def test_the_count_alone_is_two_lines(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "cutsets", lines, "shop", "--count")
    assert len(text.splitlines()) == 2
    assert "shop has 2 minimal cut sets" in text
    assert "1.04 %" in text  # P_DOWN


def test_what_cannot_fail_has_no_cut_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("{impactsim: 1, name: x, components: {s: {fails: {probability: 0}}}}")
    assert "s is never down: nothing that can fail takes it down" in output(capsys, "cutsets", str(file), "s")
    assert read(capsys, "cutsets", str(file), "s")["n_cut_sets"] == 0


def test_more_cut_sets_than_can_be_listed_are_refused_with_what_can_be_had(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wide.yaml"
    components: dict[str, Any] = {f"p{i}-{j}": {"kind": "host"} for i in range(7) for j in range(10)}
    components |= {f"m{i}": {"kind": "host", "needs": [f"p{i}-{j}" for j in range(10)]} for i in range(7)}
    components["s"] = {"needs": [{"any_of": [f"m{i}" for i in range(7)]}]}
    file.write_text(json.dumps({"impactsim": 1, "name": "x", "components": components}))
    assert main(["cutsets", str(file), "s", "--order", "50"]) == 2
    message = " ".join(capsys.readouterr().err.split())
    assert "it has 19,487,172 minimal cut sets in all, and 1,000,000 at most are listed" in message
    assert "ask for --order 6, --smallest N or --likeliest N" in message
    assert len(read(capsys, "cutsets", str(file), "s", "--likeliest", "30")["cut_sets"]) == 30


def test_python_refuses_as_many_cut_sets_as_the_command_does(lines: str) -> None:
    with pytest.raises(ValueError, match="1 to 1,000,000 can be"):
        impactsim.cutsets(lines, "shop", CutSetsAsked(smallest=10**20))
    assert len(impactsim.cutsets(lines, "shop", CutSetsAsked(likeliest=1_000_000)).facts.cut_sets) == 2


# impactsim importance


def test_importances_are_those_of_the_formulas(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "importance", lines, "shop")
    assert found["figure"] == pytest.approx(P_DOWN)
    by_id = {each["id"]: each for each in found["events"]}
    assert found["events"][0]["id"] == "duct"
    duct, isp = by_id["duct"], by_id["isp-a"]
    assert duct["birnbaum"] == pytest.approx(1 - 0.0004)
    assert isp["birnbaum"] == pytest.approx(0.99 * 0.02)
    assert duct["risk_achievement"] == pytest.approx(1 / P_DOWN)
    assert duct["risk_reduction"] == pytest.approx(P_DOWN / 0.0004)
    assert duct["user_minutes"] == pytest.approx((P_DOWN - 0.0004) * 1000 * 525_600)


def test_without_a_service_user_minutes_count(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "importance", lines)
    assert found["unit"] == "user-minutes a year"
    assert found["figure"] == pytest.approx(P_DOWN * 1000 * 525_600)
    assert found["events"][0]["user_minutes"] == pytest.approx((P_DOWN - 0.0004) * 1000 * 525_600)
    assert "what matters most to the users of all services is duct" in output(capsys, "importance", lines)


def test_the_order_can_be_chosen(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    for sort, key in (("birnbaum", "birnbaum"), ("raw", "risk_achievement"), ("user-minutes", "user_minutes")):
        events = read(capsys, "importance", lines, "shop", "--sort", sort)["events"]
        values = [each[key] for each in events]
        assert values == sorted(values, reverse=True)
    assert (
        len(
            [
                line
                for line in output(capsys, "importance", lines, "shop", "--top", "1").splitlines()
                if " duct " in line
            ]
        )
        == 1
    )


# impactsim choose-backup


def test_the_most_independent_backup_is_told_with_its_figures(lines: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "choose-backup", lines, "shop", "radio")
    assert found["best"] == "radio"
    assert found["shared"] == ["duct"]
    addition = found["additions"][0]
    assert addition["closes"] == ["duct"]
    assert addition["group_down"] == pytest.approx([0.05 * P_DOWN] * 2)
    today = next(each for each in found["pairs"] if each["present"])
    assert (today["first"], today["second"], today["shared"]) == ("isp-a", "isp-b", ["duct"])
    assert today["both_down"] == pytest.approx([P_DOWN] * 2)
    assert today["promised"] == pytest.approx([(1 - 0.99 * 0.98) ** 2] * 2)
    text = output(capsys, "choose-backup", lines, "shop", "radio")
    assert text.startswith(
        "Lines: what radio would add to shop: with it no single failure would take down the whole group\n"
    )
    assert "isp-a + isp-b (today)" in text


def test_the_choice_is_written(lines: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output(capsys, "choose-backup", lines, "shop", "radio", "--csv", str(tmp_path / "out"))
    with (tmp_path / "out" / "pairs.csv").open(encoding="utf-8") as file:
        pairs = {(row["first"], row["second"]): row["shared"] for row in csv.DictReader(file)}
    assert pairs == {("isp-a", "radio"): "", ("isp-b", "radio"): "", ("isp-a", "isp-b"): "duct"}


def test_python_has_what_the_commands_have(lines: str) -> None:
    assert impactsim.audit_system(lines).facts.worst == "single-point/duct"
    assert [each.order for each in impactsim.cutsets(lines, "shop").facts.cut_sets] == [1, 2]
    assert impactsim.importance(lines).facts.events[0].id == "duct"
    assert impactsim.choose_backup(lines, "shop", ["radio"]).choice.best == "radio"
    assert str(impactsim.audit_system(lines)).startswith("Lines: duct alone takes down shop")


# What is used wrongly


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["audit", SHOP, "--service", "chekout"], "no service is called 'chekout'; did you mean checkout"),
        (["audit", SHOP, "--fail-on", "bad"], "--fail-on"),
        (["audit", SHOP, "--assume", "often"], "write a probability such as 0.1%"),
        (["audit", SHOP, "--order", "0"], "--order"),
        (["cutsets", SHOP, "chekout"], "no component is called 'chekout'; did you mean checkout"),
        (["cutsets", SHOP, "checkout", "--order", "2", "--smallest", "3"], "exclude one another"),
        (["importance", SHOP, "chekout"], "did you mean checkout"),
        (["importance", SHOP, "checkout", "--sort", "size"], "--sort"),
        (["choose-backup", SHOP, "chekout", "dns"], "did you mean checkout"),
        (["choose-backup", SHOP, "checkout"], "CANDIDATE"),
        (["choose-backup", SHOP, "checkout", "dsn"], "did you mean dns"),
        (["choose-backup", SHOP, "checkout", "isp-lte"], "checkout has no standby group; name at least two candidates"),
        (["choose-backup", SHOP, "checkout", "checkout"], "checkout cannot be a backup of itself"),
        (["cutsets", SHOP, "checkout", "--smallest", "99999999999999999999"], "is not in the range 1<=x<=1000000"),
        (["cutsets", SHOP, "checkout", "--likeliest", "1000001"], "is not in the range 1<=x<=1000000"),
    ],
)
def test_what_is_used_wrongly_is_said(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("command", [["audit"], ["cutsets", "s"], ["importance"]])
def test_problems_of_the_file_end_with_1(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("impactsim: 1\nname: x\ncomponents: {a: {needs: [b]}}\n")
    assert main([command[0], str(wrong), *command[1:]]) == 1
    assert "[unknown-component]" in capsys.readouterr().err
