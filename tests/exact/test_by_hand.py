"""The question without a clock, rule by rule: examples whose answers were worked out by hand.

Each is held against the exact answers and against the brute-force ones, which it keeps from making the same mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agreement.brute_static import Brute
from agreement.exact_answers import Exact
from impactsim.files.reading import validate_system
from impactsim.model.system import System

Words = dict[str, Any]
CutSets = dict[frozenset[str], float]


class OfBrute:
    """The brute-force answers with the words of the exact ones."""

    def __init__(self, system: System, is_degraded: bool = False, unknown: float = 0.0) -> None:
        self.brute = Brute(system, is_degraded, unknown)

    def cut_sets(self, target: str) -> CutSets:
        return self.brute.answer(target).cut_sets

    def probability(self, target: str) -> float:
        return self.brute.answer(target).probability

    def birnbaum(self, target: str) -> dict[str, float]:
        return {event: each.birnbaum for event, each in self.brute.answer(target).importance.items()}


Asked = Callable[..., Exact | OfBrute]
both = pytest.mark.parametrize("asked", [Exact, OfBrute], ids=["exact", "brute"])


def system(components: Words, causes: Words | None = None) -> System:
    """Write a system; a component is its probability, or a mapping of words whose `p` is its probability."""
    written = {name: fallible(words) for name, words in components.items()}
    data = {"impactsim": 1, "name": "By hand", "components": written}
    return validate_system(
        {**data, "common_causes": {name: fallible(words) for name, words in (causes or {}).items()}}
    ).system


def fallible(words: Any) -> Words:
    if not isinstance(words, dict):
        return {"fails": {"probability": words}}
    others = {key: value for key, value in words.items() if key != "p"}
    return {**others, "fails": {"probability": words["p"]}} if "p" in words else others


def sets(*names: str) -> set[frozenset[str]]:
    """Write sets of events: `sets("a", "b c")` is {a} and {b, c}."""
    return {frozenset(each.split()) for each in names}


def orders(found: CutSets) -> set[frozenset[str]]:
    return set(found)


# --- needs ------------------------------------------------------------------------------------------------------------


@both
def test_in_a_chain_each_link_takes_the_end_down(asked: Asked) -> None:
    chain = asked(system({"a": {"p": 0.1, "needs": ["b"]}, "b": {"p": 0.2, "needs": ["c"]}, "c": 0.5}))
    assert chain.cut_sets("a") == pytest.approx({frozenset("a"): 0.1, frozenset("b"): 0.2, frozenset("c"): 0.5})
    assert chain.probability("a") == pytest.approx(1 - 0.9 * 0.8 * 0.5)
    assert orders(chain.cut_sets("c")) == sets("c")  # nothing falls upwards


@both
def test_what_both_of_a_standby_group_need_takes_the_service_down_alone(asked: Asked) -> None:
    web = {"p": 0, "needs": [{"any_of": ["x", {"use": "y", "failover": "5m", "lasts": "2h", "fails_to_start": "90%"}]}]}
    pair = asked(
        system({"web": web, "x": {"p": 0.1, "needs": ["grid"]}, "y": {"p": 0.2, "needs": ["grid"]}, "grid": 0.01})
    )
    assert pair.cut_sets("web") == pytest.approx({frozenset({"grid"}): 0.01, frozenset("xy"): 0.02})
    assert pair.probability("web") == pytest.approx(0.01 + 0.99 * 0.02)


@both
def test_a_quorum_of_two_in_three_falls_with_any_two(asked: Asked) -> None:
    quorum = asked(
        system({"q": {"p": 0, "needs": [{"at_least": 2, "of": ["x", "y", "z"]}]}, "x": 0.1, "y": 0.2, "z": 0.3})
    )
    assert orders(quorum.cut_sets("q")) == sets("x y", "x z", "y z")
    assert quorum.probability("q") == pytest.approx(
        0.1 * 0.2 * 0.7 + 0.1 * 0.8 * 0.3 + 0.9 * 0.2 * 0.3 + 0.1 * 0.2 * 0.3
    )


@both
def test_any_of_all_needs_and_any_of_all_members_take_a_component_down(asked: Asked) -> None:
    needs = [{"all_of": ["x", "y"]}, {"any_of": ["y", "z"]}]
    both_needs = asked(system({"s": {"p": 0, "needs": needs}, "x": 0.1, "y": 0.1, "z": 0.1}))
    assert orders(both_needs.cut_sets("s")) == sets("x", "y")  # y with z is no news


@both
def test_a_pool_is_down_with_its_last_member_and_degraded_below_its_demand(asked: Asked) -> None:
    pool = {"pool": {"big": 60, "mid": 30, "small": 20, "idle": 0}, "demand": 80}
    words = system({"s": {"p": 0, "needs": [pool]}, "big": 0.5, "mid": 0.5, "small": 0.5, "idle": 0.5})
    assert orders(asked(words).cut_sets("s")) == sets("big mid small")
    assert asked(words).probability("s") == pytest.approx(1 / 8)
    # 80 is left without mid, 90 without small; 60 without both, and 50 at most without big.
    assert orders(asked(words, True).cut_sets("s")) == sets("big", "mid small")
    assert asked(words, True).probability("s") == pytest.approx(1 / 2 + 1 / 8)


@both
def test_capacities_that_add_up_but_for_rounding_carry_the_demand(asked: Asked) -> None:
    pool = {"pool": {"x": 0.1, "y": 0.2, "z": 0.3}, "demand": 0.3}
    words = system({"s": {"p": 0, "needs": [pool]}, "x": 0.1, "y": 0.1, "z": 0.1})
    assert orders(asked(words, True).cut_sets("s")) == sets("x z", "y z")  # 0.1 + 0.2 is 0.30000000000000004


@both
def test_soft_needs_count_only_for_degraded_and_degraded_members_count_as_failed(asked: Asked) -> None:
    soft = [{"component": "hint", "impact": "20%"}, {"component": "nothing", "impact": 0}]
    words = system({"top": {"p": 0.1, "needs": ["mid"]}, "mid": {"p": 0.1, "needs": soft}, "hint": 0.1, "nothing": 0.1})
    assert orders(asked(words).cut_sets("top")) == sets("top", "mid")
    assert orders(asked(words, True).cut_sets("top")) == sets("top", "mid", "hint")


@both
def test_needs_to_start_and_to_repair_play_no_part_and_sites_do(asked: Asked) -> None:
    needs = [
        {"component": "boot", "to": "start"},
        {"component": "key", "to": "repair"},
        {"component": "grid", "holdover": "8h"},
    ]
    web = {"p": 0.1, "needs": needs, "at": "hall", "restart": "5m"}
    web_alone = asked(
        system(
            {
                "web": web,
                "boot": 0.1,
                "key": 0.1,
                "grid": {"kind": "power", "p": 0.1},
                "hall": {"kind": "site", "p": 0.1},
            }
        )
    )
    assert orders(web_alone.cut_sets("web")) == sets("web", "grid", "hall")


# --- circles ----------------------------------------------------------------------------------------------------------


@both
def test_a_circle_keeps_itself_up(asked: Asked) -> None:
    """Nobody would be up in the least fixed point, and `a` would fall with `x` in a search that goes round once."""
    circle = asked(
        system({"a": {"p": 0.1, "needs": [{"any_of": ["b", "x"]}]}, "b": {"p": 0.2, "needs": ["a"]}, "x": 0.3})
    )
    assert circle.cut_sets("a") == pytest.approx({frozenset("a"): 0.1, frozenset("bx"): 0.06})
    assert circle.cut_sets("b") == pytest.approx({frozenset("a"): 0.1, frozenset("b"): 0.2})
    assert circle.probability("a") == pytest.approx(0.1 + 0.9 * 0.06)


@both
def test_what_takes_down_one_of_a_circle_takes_down_all(asked: Asked) -> None:
    ring = {name: {"p": 0.1, "needs": [other]} for name, other in ("ab", "bc", "ca")}
    ring["b"]["needs"].append({"any_of": ["x", "y"]})
    answers = asked(system({**ring, "x": 0.1, "y": 0.1}))
    for name in "abc":
        assert orders(answers.cut_sets(name)) == sets("a", "b", "c", "x y")


@both
def test_a_quorum_in_a_circle(asked: Asked) -> None:
    """Three peers, each of which needs one of the other two: two lost leave the third alone, and it falls."""
    peers = {name: {"p": 0.1, "needs": [{"any_of": [other for other in "xyz" if other != name]}]} for name in "xyz"}
    answers = asked(system(peers))
    assert orders(answers.cut_sets("x")) == sets("x", "y z")
    assert answers.probability("x") == pytest.approx(0.1 + 0.9 * 0.01)


@both
def test_a_circle_that_only_soft_needs_close_is_none(asked: Asked) -> None:
    """`a` does not fall with `b`; so what `b` needs is nothing to `a`, though both stand in one circle."""
    a = {"p": 0.1, "needs": [{"component": "b", "impact": "50%"}]}
    words = system({"a": a, "b": {"p": 0.1, "needs": ["a", "x"]}, "x": 0.1})
    assert orders(asked(words).cut_sets("a")) == sets("a")
    assert orders(asked(words).cut_sets("b")) == sets("a", "b", "x")
    assert orders(asked(words, True).cut_sets("a")) == sets("a", "b", "x")


# --- common causes ----------------------------------------------------------------------------------------------------


@both
def test_a_cut_set_of_a_cause_is_as_likely_as_that_its_strikes_suffice(asked: Asked) -> None:
    web = {"p": 0, "needs": [{"any_of": ["x", "y"]}]}
    pair = asked(system({"web": web, "x": 0.1, "y": 0.2}, {"flood": {"p": 0.1, "strikes": {"x": 0.5, "y": 0.4}}}))
    # {flood, x} takes the web down when y is struck; but flood alone can, so it is not minimal.
    assert pair.cut_sets("web") == pytest.approx({frozenset({"flood"}): 0.1 * 0.5 * 0.4, frozenset("xy"): 0.02})
    x_given, y_given = 1 - 0.9 * 0.5, 1 - 0.8 * 0.6
    assert pair.probability("web") == pytest.approx(0.9 * 0.02 + 0.1 * x_given * y_given)
    assert pair.birnbaum("web")["flood"] == pytest.approx(x_given * y_given - 0.02)


@both
def test_two_causes_that_strike_the_same_member_have_two_tries(asked: Asked) -> None:
    causes = {"flood": {"p": 0.5, "strikes": {"x": 0.5}}, "fire": {"p": 0.2, "strikes": {"x": 0.25}}}
    struck = asked(system({"x": 0.1}, causes))
    assert struck.cut_sets("x") == pytest.approx(
        {frozenset({"x"}): 0.1, frozenset({"flood"}): 0.25, frozenset({"fire"}): 0.05}
    )
    assert struck.probability("x") == pytest.approx(1 - 0.9 * 0.75 * 0.95)


@both
def test_causes_combine_with_one_another(asked: Asked) -> None:
    """Neither strikes both. Together they may: by way of one member each, and of the one that both can strike."""
    web = {"p": 0, "needs": [{"any_of": ["x", "y", "z"]}]}
    causes = {"flood": {"p": 0.1, "strikes": {"x": 1, "y": 0.5}}, "fire": {"p": 0.2, "strikes": {"y": 0.5, "z": 0.5}}}
    answers = asked(system({"web": web, "x": 0, "y": 0, "z": 0}, causes))
    assert answers.cut_sets("web") == pytest.approx({frozenset({"flood", "fire"}): 0.02 * (1 - 0.5 * 0.5) * 0.5})
    assert answers.probability("web") == pytest.approx(0.02 * 0.75 * 0.5)


@both
def test_a_cause_strikes_nobody_with_a_share_of_0(asked: Asked) -> None:
    spared = asked(system({"x": 0.1, "y": 0.1}, {"flood": {"p": 0.1, "strikes": {"x": 0, "y": 1}}}))
    assert orders(spared.cut_sets("x")) == sets("x")
    assert orders(spared.cut_sets("y")) == sets("y", "flood")


# --- chances ----------------------------------------------------------------------------------------------------------


@both
def test_what_never_fails_is_in_no_cut_set_and_what_nobody_knows_of_is(asked: Asked) -> None:
    web = {"fails": {"per_year": 0}, "needs": ["x", "y", "z"]}
    words = system({"web": web, "x": 0, "y": {}, "z": 0.25}, {"flood": {"p": 0, "strikes": {"x": 1}}})
    assert asked(words).cut_sets("web") == pytest.approx({frozenset("y"): 0.0, frozenset("z"): 0.25})
    assert asked(words).probability("web") == pytest.approx(0.25)
    assert asked(words, unknown=0.2).cut_sets("web") == pytest.approx({frozenset("y"): 0.2, frozenset("z"): 0.25})
    assert asked(words, unknown=0.2).probability("web") == pytest.approx(1 - 0.8 * 0.75)


@both
def test_a_rate_is_multiplied_by_the_mean_time_to_restore(asked: Asked) -> None:
    rate = {"per_year": 73}  # each 1.2 h down is 0.01 of the time
    words = system(
        {
            "certain": {"fails": rate, "time_to_restore": "12h"},
            "exponential": {"fails": rate, "time_to_restore": {"mean": "6h"}},
            "uniform": {"fails": rate, "time_to_restore": {"low": "2h", "high": "4h"}},
            "unsaid": {"fails": rate},
            "always": {"fails": {"per_year": 10_000}, "time_to_restore": "1h"},
        }
    )
    expected = {"certain": 0.1, "exponential": 0.05, "uniform": 0.025, "unsaid": 73 * 4 / 8760, "always": 1.0}
    for name, probability in expected.items():
        assert asked(words).probability(name) == pytest.approx(probability), name


@both
def test_a_cause_lasts_as_long_as_its_members_by_their_shares_unless_it_says_so(asked: Asked) -> None:
    rate = {"per_year": 73}
    x, y = {"p": 0, "time_to_restore": "12h"}, {"p": 0, "time_to_restore": "6h"}
    strikes = {"x": 1, "y": 0.5, "z": 1, "spared": 0}
    spared = {"p": 0, "time_to_restore": "1000h"}
    parts = {"x": x, "y": y, "z": 0, "spared": spared}

    def of_z(cause: Words) -> float:
        return asked(system(parts, {"flood": {"fails": rate, **cause}})).probability("z")

    assert of_z({"strikes": strikes}) == pytest.approx(73 * 10 / 8760)  # (12 h + 6 h / 2) / 1.5; nobody says of z
    assert of_z({"strikes": strikes, "time_to_restore": "24h"}) == pytest.approx(0.2)
    assert of_z({"strikes": {"z": 0.5}}) == pytest.approx(0.5 * 73 * 4 / 8760)


# --- importance -------------------------------------------------------------------------------------------------------


@both
def test_birnbaum_is_what_an_event_changes(asked: Asked) -> None:
    """P = 1 - (1 - z)(1 - x y), so the derivatives are 1 - x y, (1 - z) y and (1 - z) x."""
    web = {"p": 0, "needs": ["z", {"any_of": ["x", "y"]}]}
    found = asked(system({"web": web, "x": 0.1, "y": 0.2, "z": 0.05})).birnbaum("web")
    assert {event: found[event] for event in "xyz"} == pytest.approx({"x": 0.95 * 0.2, "y": 0.95 * 0.1, "z": 0.98})


def test_the_other_importances_follow_from_certain_and_impossible() -> None:
    web = {"p": 0, "needs": ["z", {"any_of": ["x", "y"]}]}
    of_x = Brute(system({"web": web, "x": 0.1, "y": 0.2, "z": 0.05})).answer("web").importance["x"]
    p, with_x, without_x = 1 - 0.95 * 0.98, 1 - 0.95 * 0.8, 0.05
    assert of_x.probability == pytest.approx(p)
    assert of_x.fussell_vesely == pytest.approx((p - without_x) / p)
    assert of_x.risk_achievement_worth == pytest.approx(with_x / p)
    assert of_x.risk_reduction_worth == pytest.approx(p / without_x)
