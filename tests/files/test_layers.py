"""Systems of several files: S11, rule by rule, and where problems stand."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from impactsim.files.reading import check_file, check_files, load_plan, load_scenario, load_system
from impactsim.files.variants import load_variants
from impactsim.model.system import AnyOf, AtLeast, ComponentNeed, Need, Pool, System
from impactsim.problems import dotted


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, components: Mapping[str, Any], **words: Any) -> None:
    data = {"impactsim": 1, "name": name, **words, "components": components}
    Path(f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False))


def laid(*layers: Mapping[str, Any], **words: Any) -> System:
    """Return the system of some layers, the last of which is the file that names the others."""
    names = [f"layer-{number}" for number in range(len(layers) - 1)]
    for name, components in zip(names, layers, strict=False):
        write(name, components)
    write("top", layers[-1], layers=[f"{name}.yaml" for name in names], **words)
    return load_system("top.yaml").system


def members(needs: tuple[Need, ...]) -> list[tuple[str, ...]]:
    return [need.members() for need in needs]


# S11.1 Order.


def test_of_single_values_the_later_counts_and_the_rest_stays():
    system = laid({"web": {"restart": "1m", "name": "Web"}}, {"web": {"restart": "2m"}}, {"web": {"operator": "Us"}})
    web = system.components["web"]
    assert (web.restart.median(), web.name, web.operator) == (120_000, "Web", "Us")


def test_mappings_are_changed_where_the_later_names_something():
    below = {"web": {"targets": {"rto": "1h", "rpo": "5m"}}}
    system = laid(below, {"web": {"targets": {"rto": "2h"}}})
    assert (system.components["web"].targets.rto, system.components["web"].targets.rpo) == (7_200_000, 300_000)


def test_null_takes_a_value_away():
    assert laid({"web": {"restart": "1m"}}, {"web": {"restart": None}}).components["web"].restart is None


def test_a_component_that_is_taken_away_is_no_longer_needed_and_no_longer_a_site():
    below = {
        "web": {"needs": ["cache", {"any_of": ["cache", "db"]}, {"at_least": 2, "of": ["cache", "db"]}], "at": "hut"},
        "cache": {},
        "db": {},
        "hut": {"kind": "site"},
    }
    system = laid(below, {"cache": None, "hut": None})
    web = system.components["web"]
    assert set(system.components) == {"web", "db"}
    assert members(web.needs) == [("db",), ("db",)]
    assert isinstance(web.needs[1], AtLeast)
    assert web.needs[1].at_least == 1
    assert web.at is None


def test_a_component_that_was_taken_away_may_come_again():
    system = laid({"web": {"needs": ["db"]}, "db": {"restart": "1m"}}, {"db": None}, {"db": {"restart": "9m"}})
    assert system.components["db"].restart.median() == 540_000
    assert system.components["web"].needs == ()


def test_users_crews_and_common_causes_are_laid_upon_one_another_by_id():
    write("below", {"web": {}}, users={"a": {"count": 5, "uses": {"web": 1.0}}}, crews={"field": 1})
    write("top", {}, layers=["below.yaml"], users={"a": {"count": 7}, "b": {"count": 1, "uses": ["web"]}})
    system = load_system("top.yaml").system
    assert {name: each.count.median() for name, each in system.users.items()} == {"a": 7, "b": 1}
    assert set(system.crews) == {"field"}


def test_an_uncertain_quantity_is_one_value():
    below = {"web": {"restart": {"low": "1m", "high": "9m"}, "fails": {"probability": 0.1}}}
    above = {"web": {"restart": {"median": "2m", "p95": "4m"}, "fails": {"per_year": 3}}}
    web = laid(below, above).components["web"]
    assert web.restart.median() == 120_000
    assert (web.fails.per_year, web.fails.probability) == (3, None)


def test_a_segment_may_be_called_like_a_key():
    write("below", {"web": {}}, users={"count": {"count": 5, "uses": ["web"]}})
    write("top", {}, layers=["below.yaml"], users={"count": {"name": "People"}})
    segment = load_system("top.yaml").system.users["count"]
    assert (segment.count.median(), segment.name) == (5, "People")


def test_layers_may_lie_upon_layers():
    write("lowest", {"web": {"restart": "1m"}, "db": {}})
    write("middle", {"web": {"needs": ["db"]}}, layers=["lowest.yaml"])
    write("top", {"web": {"priority": 3}}, layers=["middle.yaml"])
    web = load_system("top.yaml").system.components["web"]
    assert (web.restart.median(), members(web.needs), web.priority) == (60_000, [("db",)], 3)


# S11.2 Names.


def test_an_alias_makes_two_components_one():
    below = {"ui": {"needs": ["order"]}, "order": {"restart": "1m", "needs": ["db"]}, "db": {}}
    system = laid(below, {"orders": {"aliases": ["order"], "time_to_restore": "1h"}})
    assert set(system.components) == {"ui", "orders", "db"}
    assert members(system.components["ui"].needs) == [("orders",)]
    orders = system.components["orders"]
    assert (orders.restart.median(), members(orders.needs), orders.aliases) == (60_000, [("db",)], ("order",))


def test_an_alias_is_followed_wherever_a_component_is_named():
    below = {
        "order": {},
        "hall": {"kind": "site"},
        "db": {"kind": "data", "at": "hall", "copies": [{"at": "hall", "restore": "1h"}]},
        "web": {
            "needs": [
                {"any_of": [{"use": "order", "failover": "1m"}, "db"]},
                {"pool": {"order": 60, "db": 60}, "demand": 60},
            ],
            "workarounds": [{"covers": 0.5, "needs": ["order"]}],
        },
    }
    write(
        "below",
        below,
        common_causes={"storm": {"strikes": {"order": 0.5}}},
        users={"a": {"count": 1, "uses": ["order"]}},
    )
    write("top", {"orders": {"aliases": ["order"]}, "dc": {"kind": "site", "aliases": ["hall"]}}, layers=["below.yaml"])
    system = load_system("top.yaml").system
    web, db = system.components["web"], system.components["db"]
    assert isinstance(web.needs[0], AnyOf)
    assert web.needs[0].any_of[0].failover.median() == 60_000
    assert isinstance(web.needs[1], Pool)
    assert members(web.needs) == [("orders", "db"), ("orders", "db")]
    assert members(web.workarounds[0].needs) == [("orders",)]
    assert (db.at, db.copies[0].at) == ("dc", "dc")
    assert system.common_causes["storm"].strikes == {"orders": 0.5}
    assert system.users["a"].uses == {"orders": 1.0}


def test_two_of_one_layer_become_one_and_a_need_on_itself_goes():
    below = {"order": {"needs": ["db"]}, "ts-order": {"needs": ["order", "stock"]}, "db": {}, "stock": {}}
    orders = laid(below, {"orders": {"aliases": ["order", "ts-order"]}}).components["orders"]
    assert members(orders.needs) == [("db",), ("stock",)]


def test_aliases_of_aliases_lead_to_the_last():
    below = {"a": {"restart": "1m"}, "b": {"aliases": ["a"]}, "web": {"needs": ["a"]}}
    system = laid(below, {"c": {"aliases": ["b"]}})
    assert set(system.components) == {"c", "web"}
    assert members(system.components["web"].needs) == [("c",)]


# S11.3 Needs.


def test_a_need_takes_the_place_of_the_same_one_and_others_stay():
    below = {"web": {"needs": ["db", "mail"]}, "db": {}, "mail": {}}
    needs = laid(below, {"web": {"needs": [{"component": "db", "holdover": "5m"}]}}).components["web"].needs
    assert members(needs) == [("db",), ("mail",)]
    assert needs[0].holdover.median() == 300_000


def test_a_group_takes_the_place_of_the_single_needs_of_its_members():
    below = {"web": {"needs": ["isp-a", "db", "isp-b"]}, "isp-a": {}, "isp-b": {}, "db": {}}
    needs = laid(below, {"web": {"needs": [{"any_of": ["isp-a", "isp-b"]}]}}).components["web"].needs
    assert members(needs) == [("isp-a", "isp-b"), ("db",)]


def test_a_need_for_another_purpose_is_another_need():
    below = {"web": {"needs": [{"component": "db", "to": "start"}]}, "db": {}}
    needs = laid(below, {"web": {"needs": ["db"]}}).components["web"].needs
    assert [need.to for need in needs] == ["start", None]


def test_a_group_that_only_overlaps_takes_nothing_away():
    below = {"web": {"needs": [{"any_of": ["a", "b"]}]}, "a": {}, "b": {}, "c": {}}
    needs = laid(below, {"web": {"needs": [{"any_of": ["b", "c"]}]}}).components["web"].needs
    assert members(needs) == [("a", "b"), ("b", "c")]


def test_what_takes_a_place_keeps_what_was_seen_and_where_that_came_from():
    seen = {"component": "db", "impact": "3%", "seen": {"calls": 12}, "origin": "t.json: web -> db"}
    (need,) = laid({"web": {"needs": [seen]}, "db": {}}, {"web": {"needs": ["db"]}}).components["web"].needs
    assert isinstance(need, ComponentNeed)
    assert (need.impact, need.seen.calls, need.origin) == (1.0, 12, ("t.json: web -> db",))


# S11.4 Denied.


def test_what_is_denied_goes_whatever_its_purpose_and_groups_go_on():
    below = {
        "web": {
            "needs": ["a", {"component": "a", "to": "start"}, {"any_of": ["a", "b"]}, {"at_least": 2, "of": ["a", "b"]}]
        },
        "a": {},
        "b": {},
    }
    web = laid(below, {"web": {"does_not_need": ["a"]}}).components["web"]
    assert members(web.needs) == [("b",), ("b",)]
    assert isinstance(web.needs[1], AtLeast)
    assert web.needs[1].at_least == 1
    assert web.does_not_need == ()


def test_a_need_of_the_same_layer_is_not_denied():
    below = {"web": {"needs": [{"component": "a", "to": "start"}]}, "a": {}}
    (need,) = laid(below, {"web": {"does_not_need": ["a"], "needs": ["a"]}}).components["web"].needs
    assert need.to is None


# S11.5 Imports upon imports, S11.6 How sure.

TRACES = {
    "web": {
        "confidence": "observed",
        "origin": "t: web",
        "kind": "tool",
        "needs": [{"component": "db", "impact": 0.1, "seen": {"calls": 9}, "origin": "t: web -> db"}],
    },
    "db": {"confidence": "observed", "origin": "t: db"},
}
CATALOGUE = {
    "web": {"origin": "c: web", "kind": "service", "needs": [{"component": "db", "origin": "c: web -> db"}]},
    "db": {"origin": "c: db", "kind": "data"},
}


@pytest.mark.parametrize("layers", [(TRACES, CATALOGUE), (CATALOGUE, TRACES)], ids=["traces-below", "traces-above"])
def test_of_two_imports_the_surer_counts_in_whatever_order(layers):
    web = laid(*layers, {}).components["web"]
    assert (web.kind, web.confidence, set(web.origin)) == ("service", "declared", {"t: web", "c: web"})
    (need,) = web.needs
    assert (need.impact, need.confidence or web.confidence) == (1.0, "declared")
    assert (need.seen.calls, set(need.origin)) == (9, {"t: web -> db", "c: web -> db"})


def test_an_import_changes_no_group_that_another_declares():
    below = {"web": {"origin": "n: web", "needs": [{"any_of": ["a", "b"], "origin": "n: w"}]}, "a": {}, "b": {}}
    above = {"web": {"confidence": "observed", "origin": "t: web", "needs": [{"component": "a", "origin": "t: a"}]}}
    web = laid(below, above, {}).components["web"]
    assert [(need.members(), need.confidence or web.confidence) for need in web.needs] == [
        (("a", "b"), "declared"),
        (("a",), "observed"),
    ]


def test_what_people_add_to_an_observed_component_is_declared():
    web = laid(TRACES, {"web": {"needs": ["mail"], "restart": "1m"}, "mail": {}}).components["web"]
    assert web.confidence == "observed"
    assert {need.members(): need.confidence or web.confidence for need in web.needs} == {
        ("db",): "observed",
        ("mail",): "declared",
    }


def test_people_may_say_how_sure_a_component_is():
    web = laid(TRACES, {"web": {"confidence": "declared"}}).components["web"]
    assert web.confidence == "declared"
    assert web.needs[0].confidence == "observed"


# Places.


def placed(problems: list[Any]) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.code) for problem in problems]


def test_a_problem_names_the_layer_and_the_line_in_which_it_stands():
    Path("low.yaml").write_text(
        "impactsim: 1\nname: Low\ncomponents:\n  web:\n    needs: [db]\n    restart: 1m\n  db: {}\n  odd: {at: nowhere}\n"
    )
    Path("top.yaml").write_text(
        "impactsim: 1\nname: Top\nlayers: [low.yaml]\ncomponents:\n  web:\n    needs:\n    - db\n    - gone\n"
    )
    assert placed(check_file("top.yaml")) == [
        ("top.yaml", 8, "unknown-component"),
        ("low.yaml", 8, "unknown-component"),
    ]


def test_a_problem_of_a_renamed_component_stands_where_its_layer_calls_it_otherwise():
    Path("low.yaml").write_text("impactsim: 1\nname: Low\ncomponents:\n  a: {}\n  order: {restart: 1x}\n")
    Path("top.yaml").write_text(
        "impactsim: 1\nname: Top\nlayers: [low.yaml]\ncomponents:\n  orders: {aliases: [order]}\n"
    )
    (problem,) = check_file("top.yaml")
    assert (problem.file, problem.line, dotted(problem.path)) == ("low.yaml", 5, "components.orders.restart")


def test_a_need_is_placed_in_its_layer_although_its_number_is_another():
    Path("low.yaml").write_text(
        "impactsim: 1\nname: Low\ncomponents:\n  web:\n    needs:\n    - db\n    - {at_least: 3, of: [db, db2]}\n  db: {}\n  db2: {}\n"
    )
    Path("top.yaml").write_text(
        "impactsim: 1\nname: Top\nlayers: [low.yaml]\ncomponents:\n  web: {does_not_need: [mail], needs: [mail]}\n  mail: {}\n"
    )
    found = placed(check_file("top.yaml"))
    assert ("low.yaml", 7, "k-above-n") in found
    assert ("top.yaml", 5, "denied-nothing") in found
    Path("top.yaml").write_text(
        "impactsim: 1\nname: Top\nlayers: [low.yaml]\ncomponents:\n  web: {needs: [mail]}\n  mail: {}\n  db: null\n"
    )
    assert placed(check_file("top.yaml")) == []  # a quorum of what is left


def test_a_layer_that_is_not_there_is_told_where_it_is_named():
    Path("top.yaml").write_text("impactsim: 1\nname: Top\nlayers:\n- gone.yaml\ncomponents: {web: {}}\n")
    (problem,) = check_file("top.yaml")
    assert (problem.file, problem.line, problem.code, dotted(problem.path)) == (
        "top.yaml",
        4,
        "file-missing",
        "layers[0]",
    )
    assert "gone.yaml" in problem.fault


def test_layers_that_lie_upon_one_another_in_a_circle_are_told():
    write("a", {"x": {}}, layers=["b.yaml"])
    write("b", {"x": {}}, layers=["a.yaml"])
    assert [problem.code for problem in check_file("a.yaml")] == ["layer-circle"]


def test_a_scenario_is_no_layer():
    Path("s.yaml").write_text("impactsim: 1\nname: S\nsystem: x.yaml\nevents: []\n")
    write("top", {"x": {}}, layers=["s.yaml"])
    assert [problem.code for problem in check_file("top.yaml")] == ["file-kind"]


def test_what_is_only_a_layer_is_not_asked_to_stand_alone():
    write("ours", {"web": {"needs": ["db"]}})
    write("low", {"db": {}})
    write("top", {}, layers=["low.yaml", "ours.yaml"])
    assert [problem.code for problem in check_files(["ours.yaml"])] == ["unknown-component"]
    assert check_files(["ours.yaml", "top.yaml", "low.yaml"]) == []


def test_a_slip_of_the_pen_in_a_higher_layer_is_told():
    write("low", {"checkout": {}, "db": {}})
    write("top", {"chekout": {"restart": "1m"}}, layers=["low.yaml"])
    (problem,) = check_file("top.yaml")
    assert (problem.code, problem.severity) == ("layer-adds", "warning")
    assert "did you mean 'checkout'?" in problem.remedy


# Wherever a system is named.


def test_scenarios_what_ifs_and_plans_see_the_whole_system():
    write("low", {"web": {"needs": ["db"]}, "db": {"time_to_restore": "1h"}})
    write("top", {"web": {"name": "Shop"}}, layers=["low.yaml"], users={"a": {"count": 3, "uses": ["web"]}})
    Path("scenario.yaml").write_text(
        "impactsim: 1\nname: Bad day\nsystem: top.yaml\nevents: [{fail: db}]\nchanges: {components: {db: {restart: 1m}}}\n"
    )
    Path("what-if.yaml").write_text("name: Faster\nchanges: {components: {db: {time_to_restore: 10m}}}\n")
    scenario = load_scenario("scenario.yaml")
    assert scenario.system.components["db"].restart.median() == 60_000
    assert scenario.system.components["web"].name == "Shop"
    today, faster = load_variants("top.yaml", ["what-if.yaml"])
    assert today.system.components["db"].time_to_restore.median() == 3_600_000
    assert faster.system.components["db"].time_to_restore.median() == 600_000
    Path("plan.yaml").write_text(
        "impactsim: 1\nplan: P\nsystem: top.yaml\nscenarios: [scenario.yaml]\nservices: {web: {rto: 2h}}\n"
        "declaration: {detection: 5m, decision: 5m}\nroles: {ops: {people: [duty-engineer]}}\n"
        "steps: {fix: {restores: [db], takes: 1h, by: [ops]}}\n"
    )
    assert load_plan("plan.yaml").system.components["web"].name == "Shop"


# Whatever stands there.

_ODD: list[Any] = [None, 5, True, "text", [], ["a"], {}, {"a": 1}, [{"component": 3}], {"component": ["x"]}, [[["a"]]]]


def test_nonsense_in_layers_is_told_and_never_a_traceback():
    luck = random.Random(4)
    keys = ["needs", "at", "aliases", "origin", "does_not_need", "copies", "workarounds", "confidence", "restart"]
    for _ in range(400):

        def component() -> Any:
            if luck.random() < 0.1:
                return luck.choice(_ODD)
            return {luck.choice(keys): luck.choice(_ODD) for _ in range(luck.randrange(4))}

        for name in ("low", "mid", "top"):
            components = {each: component() for each in luck.sample(["a", "b", "c", "x"], 3)}
            words: dict[str, Any] = {"layers": ["low.yaml", "mid.yaml"]} if name == "top" else {}
            if luck.random() < 0.2:
                words[luck.choice(["users", "common_causes", "crews", "population"])] = luck.choice(_ODD)
            write(name, luck.choice(_ODD) if luck.random() < 0.05 else components, **words)
        for problem in check_file("top.yaml"):
            assert problem.file in {"low.yaml", "mid.yaml", "top.yaml"}
            assert problem.line > 0


# Layers of layers.


def test_a_layer_of_a_layer_lies_where_it_would_lie_alone():
    # What people say upon the lower import counts, whatever another import between them says.
    write("a", {"saas": {"origin": "a: saas", "confidence": "guessed"}})
    write("b", {"saas": {"origin": "b: saas", "kind": "tool", "time_to_restore": "5h"}})
    ours = {"saas": {"kind": "provider", "time_to_restore": "1h"}}
    write("ours", ours, layers=["a.yaml"])
    write("top", {}, layers=["b.yaml", "ours.yaml"])
    saas = load_system("top.yaml").system.components["saas"]
    assert (saas.kind, saas.time_to_restore.median()) == ("provider", 3_600_000)


def test_a_problem_three_layers_down_is_told_where_it_stands():
    Path("l1.yaml").write_text("impactsim: 1\nname: L1\ncomponents:\n  web: {}\n  db:\n    restart: 1x\n")
    write("l2", {"web": {"priority": 1}}, layers=["l1.yaml"])
    write("l3", {"web": {"priority": 2}}, layers=["l2.yaml"])
    assert placed(check_file("l3.yaml")) == [("l1.yaml", 6, "duration-form")]


def test_a_file_that_is_a_layer_in_two_ways_counts_once_where_it_comes_first():
    write("a", {"web": {"restart": "1m"}})
    write("b", {"web": {"restart": "2m"}}, layers=["a.yaml"])
    write("c", {"web": {"priority": 2}}, layers=["a.yaml"])
    write("top", {}, layers=["b.yaml", "c.yaml"])
    assert load_system("top.yaml").system.components["web"].restart.median() == 120_000


def test_an_alias_is_followed_although_no_layer_has_such_a_component_any_more():
    write("low", {"shop": {"origin": "x: shop"}})
    write(
        "top", {"shop": {"aliases": ["webshop"]}}, layers=["low.yaml"], users={"a": {"count": 1, "uses": ["webshop"]}}
    )
    assert load_system("top.yaml").system.users["a"].uses == {"shop": 1.0}


def test_what_is_left_of_something_that_has_gone_from_an_import_is_told():
    write("low", {"web": {"needs": ["db"]}, "db": {}}, imported={"format": "table", "files": ["x.csv"]})
    write("top", {"A016": {"restart": "20m"}}, layers=["low.yaml"])
    (problem,) = check_file("top.yaml")
    assert (problem.code, dotted(problem.path)) == ("layer-adds", "components.A016")


def test_who_repeats_what_an_import_said_has_confirmed_it():
    low = {"web": {"origin": "x: web", "needs": [{"component": "db", "origin": "x: web -> db"}]}, "db": {}}
    (need,) = laid(low, {"web": {"needs": ["db"]}}).components["web"].needs
    assert need.confidence == "declared"
    (need,) = laid(low, {"web": {"restart": "1m"}}).components["web"].needs
    assert need.confidence is None
