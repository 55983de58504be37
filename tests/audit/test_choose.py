"""Which backup is the most independent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from impactsim.audit.asked import UnknownName
from impactsim.audit.choose import BackupPair, Choice, choose_backup, members_of_group
from impactsim.audit.estate import Estate
from impactsim.files.reading import load_system, validate_system
from impactsim.reports.exact.choice_text import choice_text

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def line(probability: float, *needs: str) -> dict[str, Any]:
    return {"kind": "connectivity", "fails": {"probability": probability}, "needs": list(needs)}


# The shop's line is in the duct; so is the cable that is cheap to have. The mast has the power of the exchange.
COMPONENTS: dict[str, Any] = {
    "duct": line(0.01),
    "exchange": line(0.02),
    "fibre": line(0.03, "duct", "exchange"),
    "cable": line(0.001, "duct"),
    "mast": line(0.1, "exchange"),
    "satellite": line(0.2),
    "shop-net": {"kind": "connectivity", "needs": [{"any_of": ["fibre"]}], "fails": {"probability": 0.005}},
    "shop": {"needs": ["shop-net"]},
}


def estate_of(**changes: Any) -> Estate:
    system = validate_system({"impactsim": 1, "name": "Lines", "components": {**COMPONENTS, **changes}}).system
    assert system is not None
    return Estate(system)


def chosen(estate: Estate, owner: str, *candidates: str) -> Choice:
    index = estate.names.index
    return choose_backup(estate, index[owner], [index[each] for each in candidates])


def pair(choice: Choice, first: str, second: str) -> BackupPair:
    return next(each for each in choice.pairs if (each.first, each.second) == (first, second))


def test_every_pair_of_members_and_candidates_is_told_once() -> None:
    choice = chosen(estate_of(), "shop-net", "cable", "mast", "satellite", "fibre", "cable")
    assert choice.members == ("fibre",)
    assert choice.candidates == ("cable", "mast", "satellite")
    assert len(choice.pairs) == 6
    assert {each.second for each in choice.pairs if each.first == "fibre"} == {"cable", "mast", "satellite"}
    assert not any(each.is_present for each in choice.pairs)


def test_a_pair_has_its_exact_probability_and_what_independence_promises() -> None:
    both = pair(chosen(estate_of(), "shop-net", "cable"), "fibre", "cable")
    fibre, cable = 1 - 0.97 * 0.99 * 0.98, 1 - 0.999 * 0.99
    exact = 0.01 + 0.99 * (1 - 0.97 * 0.98) * 0.001
    assert both.both_down.low == both.both_down.high == pytest.approx(exact, rel=1e-12)
    assert both.promised.low == pytest.approx(fibre * cable, rel=1e-12)
    assert both.factor == pytest.approx(exact / (fibre * cable), rel=1e-12)


def test_a_pair_names_what_it_shares_and_counts_what_takes_two_failures() -> None:
    both = pair(chosen(estate_of(), "shop-net", "cable"), "fibre", "cable")
    assert both.shared == ("duct",)
    assert both.evidence == ("fibre needs duct, and cable needs duct",)
    assert both.n_double == 2  # the cable's own failure with the fibre's, or with the exchange's
    assert both.overlap == pytest.approx(1 / 4)  # the duct, of duct, exchange, fibre and cable
    assert both.is_known


def test_the_pair_that_shares_nothing_comes_first_although_its_members_are_the_worst() -> None:
    choice = chosen(estate_of(), "shop-net", "cable", "mast", "satellite")
    with_primary = [each.second for each in choice.pairs if each.first == "fibre"]
    assert with_primary == ["satellite", "cable", "mast"]
    fibre = 1 - 0.97 * 0.99 * 0.98
    assert pair(choice, "fibre", "satellite").both_down.low == pytest.approx(0.2 * fibre, rel=1e-12)
    assert pair(choice, "fibre", "satellite").shared == ()


def test_of_pairs_that_share_nothing_the_one_less_likely_down_comes_first() -> None:
    choice = chosen(estate_of(), "shop-net", "cable", "mast", "satellite")
    free = [(each.first, each.second) for each in choice.pairs if not each.shared]
    assert free[0] == ("cable", "mast")
    lows = [each.both_down.low for each in choice.pairs if not each.shared]
    assert lows == sorted(lows)


def test_a_candidate_as_one_more_member_changes_the_owner_as_if_it_were_written_down() -> None:
    choice = chosen(estate_of(), "shop-net", "cable", "mast", "satellite")
    fibre = 1 - 0.97 * 0.99 * 0.98
    assert choice.group_down.low == pytest.approx(fibre, rel=1e-12)
    assert choice.owner_down.low == pytest.approx(1 - 0.995 * (1 - fibre), rel=1e-12)
    assert choice.best == "satellite"
    for each in choice.additions:
        needs = [{"any_of": ["fibre", each.candidate]}]
        written = estate_of(**{"shop-net": {**COMPONENTS["shop-net"], "needs": needs}})
        node = written.structure().down(written.names.index["shop-net"])
        assert each.owner_down.low == pytest.approx(written.answers().probability(node).low, rel=1e-12)


def test_what_nobody_gives_a_rate_of_is_not_taken_for_the_best() -> None:
    estate = estate_of(kite={"kind": "connectivity"})
    choice = chosen(estate, "shop-net", "kite", "satellite")
    assert [each.candidate for each in choice.additions] == ["satellite", "kite"]
    assert [each.is_known for each in choice.additions] == [True, False]
    assert choice.pairs[0].second == "satellite"


def test_an_addition_says_what_it_closes_and_what_stays_shared() -> None:
    additions = {
        each.candidate: each for each in chosen(estate_of(), "shop-net", "cable", "mast", "satellite").additions
    }
    assert additions["cable"].shared == ("duct",)
    assert additions["cable"].closes == ("exchange", "fibre")
    assert additions["satellite"].shared == ()
    assert additions["satellite"].closes == ("duct", "exchange", "fibre")


def test_a_candidate_that_needs_the_owner_closes_nothing() -> None:
    estate = estate_of(hotspot=line(0.001, "shop-net"))
    (addition,) = chosen(estate, "shop-net", "hotspot").additions
    assert addition.owner_down.low == pytest.approx(1 - 0.995 * 0.97 * 0.99 * 0.98, rel=1e-12)
    assert addition.closes == ()


def test_a_candidate_that_needs_the_owner_is_no_help_and_comes_last_whatever_its_figures() -> None:
    group = {"needs": [{"any_of": ["fibre", "satellite"]}]}  # nothing takes down both today
    estate = estate_of(**{"shop-net": group, "hotspot": line(0.0001, "shop-net")})
    choice = chosen(estate, "shop-net", "hotspot", "mast")
    assert [(each.candidate, each.needs_owner) for each in choice.additions] == [("mast", False), ("hotspot", True)]
    assert choice.additions[1].group_down == choice.group_down
    assert [each.needs_owner for each in choice.pairs] == [False, False, False, True, True, True]
    alone = chosen(estate, "shop-net", "hotspot")
    assert alone.best is None
    text = "\n".join(choice_text("Lines", alone))
    assert text.startswith("Lines: hotspot would be no help to shop-net: it needs shop-net itself\n")
    assert "no single failure would take down" not in text


def test_a_candidate_that_can_do_without_the_owner_is_help() -> None:
    both = {"kind": "connectivity", "needs": [{"any_of": ["shop-net", "satellite"]}]}
    choice = chosen(estate_of(hotspot=both), "shop-net", "hotspot")
    assert not choice.additions[0].needs_owner
    assert choice.best == "hotspot"


def test_without_a_group_a_pair_with_one_that_needs_the_owner_is_not_the_best() -> None:
    estate = estate_of(hotspot=line(0.0001, "shop"))
    choice = chosen(estate, "shop", "hotspot", "cable", "fibre")
    assert (choice.pairs[0].first, choice.pairs[0].second) == ("cable", "fibre")  # although they share the duct
    assert "no pair would be any help" in choice_text("Lines", chosen(estate, "shop", "hotspot", "cable"))[0]


def test_one_candidate_without_a_group_and_the_owner_itself_are_refused() -> None:
    with pytest.raises(UnknownName, match="shop has no standby group; name at least two candidates"):
        chosen(estate_of(), "shop", "cable", "cable")
    for owner, others in (("shop-net", ["cable"]), ("shop", ["cable", "mast"])):
        with pytest.raises(UnknownName, match=f"{owner} cannot be a backup of itself"):
            chosen(estate_of(), owner, owner, *others)


def test_without_a_group_the_candidates_are_compared_with_one_another() -> None:
    choice = chosen(estate_of(), "shop", "cable", "mast")
    assert choice.members == ()
    assert [(each.first, each.second) for each in choice.pairs] == [("cable", "mast")]
    assert choice.additions == ()
    assert choice.best is None


def test_members_of_several_groups_are_told_once_and_those_of_repair_only_without_others() -> None:
    two = [
        {"any_of": ["fibre", "mast"]},
        {"any_of": ["mast", "cable"]},
        {"any_of": ["satellite", "duct"], "to": "repair"},
    ]
    estate = estate_of(**{"shop-net": {"needs": two}, "shop": {"needs": two[2:]}})
    names = estate.names

    def members(owner: str) -> list[str]:
        return [names.components[each] for each in members_of_group(estate, names.index[owner])]

    assert members("shop-net") == ["fibre", "mast", "cable"]
    assert members("shop") == ["satellite", "duct"]


def test_in_oregon_two_of_three_supplies_share_the_ground_fault_and_a_second_site_shares_nothing() -> None:
    estate = Estate(load_system(SCENARIOS / "cloudflare-2023" / "system.yaml").system)
    choice = chosen(estate, "ups-pdx04", "site-b")
    present = pair(choice, "utility-feed-2", "generators")
    assert present.is_present
    assert present.shared == ("ground-fault",)
    assert choice.pairs[-1] == present
    with_site = pair(choice, "utility-feed-1", "site-b")
    assert (with_site.shared, with_site.overlap, with_site.is_known) == ((), 0.0, False)
