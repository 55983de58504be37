"""What the rules say of systems as a whole; each rule by itself has its file in tests/faulty."""

from __future__ import annotations

import random
from itertools import pairwise

import networkx as nx
import pytest

from impactsim.model.needs import purpose
from impactsim.model.rules import check_scenario, check_system
from impactsim.model.rules_lookup import Names
from impactsim.model.scenario import Scenario
from impactsim.model.system import System


def system(components: dict, **words: object) -> System:
    return System.model_validate({"impactsim": 1, "name": "Shop", "components": components, **words})


def scenario(of: System, *events: dict, **words: object) -> Scenario:
    return Scenario.model_validate({"impactsim": 1, "name": "Bad day", "system": of, "events": events, **words})


def codes(problems: list) -> list[str]:
    return sorted(problem.code for problem in problems)


WHOLE = {
    "population": 500000,
    "crews": {"field": 2},
    "components": {
        "checkout": {
            "at": "dc-east",
            "needs": [
                {"component": "orders-db", "holdover": "5m", "recharge": "1h"},
                {"component": "fraud-check", "impact": "20%"},
                {"component": "config-store", "to": "start"},
                {"component": "badge-system", "to": "repair"},
                {"all_of": ["dns", "identity"], "holdover": "5m"},
                {
                    "any_of": ["isp-1", {"use": "isp-2", "failover": "2m", "lasts": "12h", "fails_to_start": "5%"}],
                    "holdover": "3m",
                },
                {"at_least": 2, "of": ["web-1", "web-2", "web-3"]},
                {"pool": {"web-1": 60, "web-2": 40}, "demand": 100},
            ],
            "time_to_restore": {"median": "45m", "p95": "4h"},
            "fails": {"per_year": 2},
            "crew": "field",
            "priority": 10,
            "catch_up": {"share": "40%", "level": "50%"},
            "workarounds": [{"covers": "60%", "after": "30m", "lasts": "8h", "needs": ["call-centre"]}],
            "targets": {"rto": "1h", "mtpd": "8h"},
        },
        "orders-db": {"kind": "data", "copies": [{"at": "vault", "every": "24h", "restore": "3h"}]},
        "dc-east": {"kind": "site"},
        "vault": {"kind": "site"},
        "isp-1": {"kind": "connectivity"},
        "isp-2": {"kind": "connectivity"},
        **{name: {} for name in ("fraud-check", "config-store", "badge-system", "dns", "identity")},
        **{name: {"kind": "host"} for name in ("web-1", "web-2", "web-3")},
        "call-centre": {"kind": "channel"},
    },
    "common_causes": {"duct-cut": {"strikes": {"isp-1": "100%", "isp-2": "80%"}, "time_to_restore": "12h"}},
    "users": {
        "retail": {
            "count": 120000,
            "uses": {"checkout": "100%", "fraud-check": "0%"},
            "activity": {"zone": "Europe/Rome", "hours": [0.1] * 8 + [0.6] * 12 + [0.3] * 4},
        }
    },
}


def test_a_system_with_every_feature_has_no_problem():
    whole = system(**WHOLE)
    assert check_system(whole) == []
    events = (
        {"fail": "dc-east", "for": "6h"},
        {
            "degrade": "dns",
            "to": "40%",
            "at": "20m",
            "then": [{"after": "2h", "to": "60%"}, {"after": "5h", "to": "100%"}],
        },
        {"destroy": "orders-db", "at": "1h"},
        {"strike": "duct-cut", "at": "2h"},
        {"fail": "identity", "at": "3h"},
    )
    actions = [
        {"repair": ["isp-1", "identity"], "at": "3h"},
        {"start": "dns", "at": "3h"},
        {"stop": "dns", "at": "4h"},
        {"switch": {"of": "checkout", "to": "isp-2"}, "at": "5h"},
    ]
    what = scenario(whole, *events, actions=actions, horizon="5h", starts="2026-03-02T14:00+01:00")
    assert check_scenario(what, whole) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"component": "feed"}, "stay_up"),
        ({"component": "db"}, "run"),
        ({"component": "feed", "to": "start"}, "start"),
        ({"all_of": ["feed", "rack"]}, "stay_up"),
        ({"any_of": ["feed", "db"]}, "run"),
        ({"component": "feed", "impact": "50%"}, "run"),
        ({"component": "nobody"}, "run"),
    ],
    ids=str,
)
def test_a_need_is_to_stay_up_where_all_members_are_power_site_host_or_cooling(words, expected):
    of = system(
        {"web": {"needs": [words]}, "feed": {"kind": "power"}, "rack": {"kind": "host"}, "db": {"kind": "data"}}
    )
    assert purpose(of.components["web"].needs[0], of.components) == expected


def test_all_problems_are_found_at_once():
    of = system(
        {
            "web": {
                "needs": ["a", {"at_least": 3, "of": ["b", "web"]}],
                "crew": "nobody",
                "workarounds": [{"covers": 0}],
            },
            "feed": {"kind": "power", "users": 5, "fails": {}},
        }
    )
    assert codes(check_system(of)) == [
        *("covers-nothing", "fails-neither", "k-above-n", "needs-itself", "unknown-component", "unknown-component"),
        *("unknown-crew", "users-of-no-service"),
    ]


def circles(of: System) -> list[str]:
    return [problem.fault.split(": ")[1] for problem in check_system(of) if problem.code == "circle-to-start"]


def test_a_circle_of_needs_to_run_starts_by_itself():
    assert circles(system({"a": {"needs": ["b"]}, "b": {"needs": ["a"]}})) == []


@pytest.mark.parametrize(
    "words", [{"to": "repair"}, {"to": "start", "impact": 1.0}, {"impact": 0.5}, {"to": "stay_up"}], ids=str
)
def test_a_circle_is_one_through_hard_needs_to_start_or_to_stay_up(words):
    found = circles(system({"a": {"needs": [{"component": "b", **words}]}, "b": {"needs": ["a"]}}))
    assert found == (["a -> b -> a"] if words.get("to") in {"start", "stay_up"} else [])


def test_the_needs_of_a_workaround_close_no_circle():
    of = system(
        {
            "a": {"workarounds": [{"covers": 0.5, "needs": [{"component": "b"}]}]},
            "b": {"needs": [{"component": "a", "to": "start"}]},
        }
    )
    assert circles(of) == []


def test_each_circle_is_named_once_by_a_way_that_exists():
    generator = random.Random(3)
    for _ in range(300):
        size = generator.randint(2, 9)
        names = [f"c{i}" for i in range(size)]
        needs = {
            name: [
                {"component": other, "to": generator.choice(["run", "start", "stay_up"])}
                for other in generator.sample(names, generator.randint(0, 2))
                if other != name
            ]
            for name in names
        }
        graph = nx.DiGraph([(name, need["component"]) for name in names for need in needs[name]])
        parts = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
        starting = [
            part
            for part in parts
            if any(need["component"] in part and need["to"] != "run" for name in part for need in needs[name])
        ]
        found = circles(system({name: {"needs": needs[name]} for name in names}))
        assert len(found) == len(starting)
        for circle in found:
            way = circle.split(" -> ")
            assert way[0] == way[-1]
            assert all(graph.has_edge(one, next_one) for one, next_one in pairwise(way))
            assert {need["to"] for need in needs[way[0]] if need["component"] == way[1]} - {"run"}


def test_a_very_long_circle_is_found_without_recursion_and_its_name_is_cut():
    size = 20_000
    links = {f"c{i}": {"needs": [{"component": f"c{(i + 1) % size}", "to": "start"}]} for i in range(size)}
    (circle,) = circles(system(links))
    assert circle == "c0 -> c1 -> c2 -> c3 -> c4 -> c5 -> ... (19994 more) -> c0"


def test_many_wrong_names_are_all_found_though_not_all_get_a_remedy():
    components = {f"component-{i}": {"needs": [f"componnet-{i}"]} for i in range(2_000)}
    found = check_system(system(components))
    assert len(found) == 2_000
    assert {problem.code for problem in found} == {"unknown-component"}
    assert "did you mean" in found[0].remedy
    assert all(problem.remedy for problem in found)


def test_names_that_differ_in_case_or_in_dashes_only_are_always_found():
    names = Names(["orders-db", "Web"])
    for _ in range(100):
        assert names.did_you_mean("orders_DB", "") == "did you mean 'orders-db'?"
        assert names.did_you_mean("web", "") == "did you mean 'Web'?"


def test_a_repair_in_time_ends_a_fault_and_one_before_it_does_not():
    of = system({"web": {}})
    fault = {"fail": "web", "at": "1h"}
    assert codes(check_scenario(scenario(of, fault, actions=[{"repair": "web", "at": "1h"}]), of)) == []
    early = scenario(of, fault, actions=[{"repair": "web", "at": "59m"}])
    assert codes(check_scenario(early, of)) == ["no-end", "repair-of-nothing"]


def test_a_destroyed_component_has_nothing_that_a_repair_could_heal():
    of = system({"db": {"kind": "data", "copies": [{"at": "vault", "restore": "3h"}]}, "vault": {"kind": "site"}})
    what = scenario(of, {"destroy": "db"}, actions=[{"repair": "db", "at": "1h"}])
    assert codes(check_scenario(what, of)) == ["repair-of-nothing"]


def test_a_switch_to_an_unknown_component_is_one_problem():
    of = system({"web": {"needs": [{"any_of": ["a", "b"]}]}, "a": {}, "b": {}})
    for to, expected in (("b", []), ("web", ["switch-without-group"]), ("c", ["unknown-component"])):
        what = scenario(of, actions=[{"switch": {"of": "web", "to": to}, "at": "1h"}])
        assert codes(check_scenario(what, of)) == expected


def test_changing_over_the_standbys_of_a_workaround_is_refused():
    of = system({"web": {"workarounds": [{"covers": 0.5, "needs": [{"any_of": ["a", "b"]}]}]}, "a": {}, "b": {}})
    what = scenario(of, actions=[{"switch": {"of": "web", "to": "b"}, "at": "1h"}])
    assert codes(check_scenario(what, of)) == ["switch-without-group"]
