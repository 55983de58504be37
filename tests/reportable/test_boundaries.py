"""Limits that are just reached, and just passed: `>` is not `>=`."""

from __future__ import annotations

import pytest

from impactsim.reportable.judge import Given
from reportable.vectors import Piece, is_met, judged, measures, met_rules, minutes_to, outage

A_BIT = 1e-6


@pytest.mark.parametrize(("people", "is_over"), [(10_000, False), (10_001, True), (9_999, False)])
def test_dora_wants_more_than_10_percent_of_the_clients(people: int, is_over: bool) -> None:
    assert ("clients-share" in met_rules("dora-financial", outage(60, people, 100_000))) == is_over


@pytest.mark.parametrize(("people", "is_over"), [(100_000, False), (100_001, True)])
def test_dora_wants_more_than_100_000_clients(people: int, is_over: bool) -> None:
    assert ("clients-number" in met_rules("dora-financial", outage(60, people, 9e6))) == is_over


@pytest.mark.parametrize(("hours", "is_over"), [(24, False), (24 + A_BIT, True)])
def test_dora_wants_an_incident_of_more_than_24_hours(hours: float, is_over: bool) -> None:
    assert ("duration" in met_rules("dora-financial", outage(hours * 60, 1, 100))) == is_over


@pytest.mark.parametrize(("hours", "is_over"), [(2, False), (2 + A_BIT, True)])
def test_dora_wants_a_downtime_of_more_than_2_hours(hours: float, is_over: bool) -> None:
    assert ("downtime" in met_rules("dora-financial", outage(hours * 60, 1, 100))) == is_over


@pytest.mark.parametrize(("cost", "is_over"), [(100_000, False), (100_001, True)])
def test_dora_wants_more_than_100_000_euros(cost: float, is_over: bool) -> None:
    given = Given(cost_per_user_minute=cost / 6_000)
    assert ("economic" in met_rules("dora-financial", outage(60, 100, 1_000), given)) == is_over


@pytest.mark.parametrize(("states", "is_met_"), [(("IT",), False), (("IT", "FR"), True), (("IT", "FR", "DE"), True)])
def test_dora_wants_two_member_states_or_more(states: tuple[str, ...], is_met_: bool) -> None:
    assert ("geography" in met_rules("dora-financial", outage(60, 1, 100, states=states))) == is_met_


def test_two_sub_conditions_of_one_criterion_count_once() -> None:
    # 150,000 of 200,000 clients: 9(1)(a) and (b), which are one criterion, and nothing else.
    found = outage(60, 150_000, 200_000)
    assert met_rules("dora-financial", found) == {"critical", "clients-share", "clients-number"}
    assert not is_met("dora-financial", found)
    assert is_met("dora-financial", found, Given(frozenset({"media"})))
    assert not is_met("dora-financial", found, Given(frozenset({"relevant-client", "transactions"})))


def test_two_flags_of_one_criterion_count_once() -> None:
    found = outage(60, 1, 100)
    assert not is_met("dora-financial", found, Given(frozenset({"media", "complaints"})))
    assert is_met("dora-financial", found, Given(frozenset({"media", "data-loss"})))


def test_malicious_access_is_enough_on_its_own_but_for_a_critical_service() -> None:
    given = Given(frozenset({"malicious"}))
    assert is_met("dora-financial", outage(1, 1, 100), given)
    beside = measures([(0, 1, 1, True)], 100, is_critical=False)
    assert not is_met("dora-financial", beside, given)


def test_nothing_is_major_without_a_critical_service() -> None:
    pieces: list[Piece] = [(0, 3_000, 90_000, True)]
    assert is_met("dora-financial", measures(pieces, 100_000))
    assert not is_met("dora-financial", measures(pieces, 100_000, is_critical=False))


def test_partial_unavailability_is_downtime_under_dora_and_not_under_the_cloud_rule() -> None:
    degraded = outage(195, 10, 1_000, is_down=False)
    assert "downtime" in met_rules("dora-financial", degraded)
    assert met_rules("nis2-cloud", degraded) == set()  # 1 % of the users


@pytest.mark.parametrize(("minutes", "is_over"), [(30, False), (30 + A_BIT, True)])
@pytest.mark.parametrize("regime", ["nis2-dns", "nis2-cloud", "nis2-cdn", "nis2-managed-service"])
def test_nis2_wants_more_than_30_minutes_of_complete_unavailability(regime: str, minutes: float, is_over: bool) -> None:
    assert is_met(regime, outage(minutes, 1, 1_000)) == is_over


def test_30_minutes_without_a_break_are_not_two_times_20() -> None:
    assert not is_met("nis2-dns", measures([(0, 20, 1, True), (25, 45, 1, True)], 1_000))
    # A change between two ways of being down is no break.
    assert is_met("nis2-dns", measures([(0, 20, 1, True), (20, 40, 2, True)], 1_000))


@pytest.mark.parametrize(("people", "is_over"), [(5_000, False), (5_001, True)])
def test_nis2_wants_more_than_5_percent_of_the_users(people: int, is_over: bool) -> None:
    assert is_met("nis2-cloud", outage(61, people, 100_000, is_down=False)) == is_over
    assert is_met("nis2-marketplace", outage(1, people, 100_000)) == is_over


@pytest.mark.parametrize(("minutes", "is_over"), [(60, False), (60 + A_BIT, True)])
def test_nis2_wants_them_limited_for_more_than_an_hour(minutes: float, is_over: bool) -> None:
    assert is_met("nis2-cloud", outage(minutes, 6_000, 100_000, is_down=False)) == is_over
    assert is_met("nis2-data-centre", outage(minutes, 1, 100_000, is_down=False)) == is_over


@pytest.mark.parametrize(
    ("people", "users", "is_over"),
    [(900_000, 18e6, False), (900_001, 18e6, True), (1_000_000, 30e6, False), (1_000_001, 30e6, True)],
)
def test_the_limit_is_5_percent_or_a_million_whichever_is_lower(people: int, users: float, is_over: bool) -> None:
    assert is_met("nis2-search", outage(1, people, users)) == is_over


@pytest.mark.parametrize("regime", ["nis2-tld", "nis2-data-centre"])
def test_any_complete_unavailability_of_a_registry_or_a_data_centre_counts(regime: str) -> None:
    assert is_met(regime, outage(0.001, 1, 1_000))
    assert not is_met(regime, outage(0.001, 1, 1_000, is_down=False))


@pytest.mark.parametrize(("minutes", "is_over"), [(20, False), (20 + A_BIT, True)])
def test_a_trust_service_may_be_gone_for_20_minutes(minutes: float, is_over: bool) -> None:
    assert is_met("nis2-trust", outage(minutes, 0, 1_000)) == is_over


def test_a_trust_service_may_be_gone_for_an_hour_in_all() -> None:
    pieces: list[Piece] = [(60.0 * i, 60.0 * i + 20, 0, True) for i in range(3)]
    assert not is_met("nis2-trust", measures(pieces, 1_000))
    assert met_rules("nis2-trust", measures([*pieces, (300, 301, 0, True)], 1_000)) == {"unavailable-in-all"}


@pytest.mark.parametrize(("people", "users", "is_over"), [(10, 1_000, False), (11, 1_000, True), (200_000, 9e7, False)])
def test_a_trust_service_may_be_limited_for_1_percent_or_200_000(people: int, users: float, is_over: bool) -> None:
    assert is_met("nis2-trust", outage(1, people, users, is_down=False)) == is_over


@pytest.mark.parametrize(("turnover", "is_over"), [(None, False), (10e6, False), (9e6, True)])
def test_a_loss_is_held_against_500_000_euros_or_5_percent_of_turnover(turnover: float | None, is_over: bool) -> None:
    given = Given(cost_per_user_minute=500_000 / 6_000, turnover=turnover)
    assert ("loss" in met_rules("nis2-cloud", outage(10, 600, 100_000, is_down=False), given)) == is_over


def test_planned_maintenance_never_counts_under_nis2_and_does_elsewhere() -> None:
    planned = Given(frozenset({"planned", "malicious"}))
    found = outage(600, 90_000, 100_000)
    assert is_met("nis2-cloud", found)
    assert not is_met("nis2-cloud", found, planned)
    assert judged("nis2-cloud", found, planned).is_planned
    assert is_met("dora-financial", found, planned)


@pytest.mark.parametrize(
    ("minutes", "people", "is_reached"),
    [(30, 30_000, True), (30 - A_BIT, 40_000, False), (30, 29_999, False), (10, 90_000, False), (900, 1_000, True)],
)
def test_the_fcc_wants_30_minutes_and_900_000_user_minutes_or_more(
    minutes: float, people: int, is_reached: bool
) -> None:
    assert is_met("fcc", outage(minutes, people, 1e6)) == is_reached


@pytest.mark.parametrize(
    ("minutes", "people", "is_reached"),
    [(120, 30_000, True), (120 - A_BIT, 30_000, False), (120, 29_999, False), (600, 29_999, False)],
)
def test_a_serious_accident_in_japan_is_30_000_users_and_2_hours_or_more(
    minutes: float, people: int, is_reached: bool
) -> None:
    assert is_met("japan-serious", outage(minutes, people, 1e6)) == is_reached


@pytest.mark.parametrize(
    ("minutes", "people", "is_reached"), [(1, 30_000, True), (120, 1, True), (120 - A_BIT, 29_999, False)]
)
def test_the_quarterly_list_in_japan_is_30_000_users_or_2_hours(minutes: float, people: int, is_reached: bool) -> None:
    assert is_met("japan-quarterly", outage(minutes, people, 1e6)) == is_reached


def test_exactly_2_hours_and_10_percent_are_no_row_of_the_italian_matrix() -> None:
    assert not is_met("italy-telecom", outage(120, 10_000, 100_000))
    assert not is_met("italy-telecom", outage(121, 10_000, 100_000))
    assert not is_met("italy-telecom", outage(120, 10_001, 100_000))
    assert met_rules("italy-telecom", outage(121, 10_001, 100_000)) == {"2h"}


@pytest.mark.parametrize(
    ("hours", "percent", "row"), [(1, 15, "1h"), (2, 10, "2h"), (4, 5, "4h"), (6, 2, "6h"), (8, 1, "8h")]
)
def test_each_row_of_the_italian_matrix_wants_more_of_both(hours: int, percent: int, row: str) -> None:
    people = percent * 1_000
    assert met_rules("italy-telecom", outage(hours * 60 + 1, people + 1, 100_000)) >= {row}
    assert row not in met_rules("italy-telecom", outage(hours * 60, people + 1, 100_000))
    assert row not in met_rules("italy-telecom", outage(hours * 60 + 1, people, 100_000))


def test_a_row_of_the_matrix_wants_so_many_all_the_time() -> None:
    # 20 % for an hour, 12 % for another: above 10 % for 2 hours, above 15 % for one.
    found = measures([(0, 60, 20_000, False), (60, 121, 12_000, False)], 100_000)
    assert met_rules("italy-telecom", found) == {"2h"}


@pytest.mark.parametrize(
    ("minutes", "people", "users", "is_reached"),
    [(1, 100_000, 9e6, True), (1, 99_999, 9e6, False), (480, 10_000, 9e6, True), (479, 10_000, 9e6, False), (480, 25, 100, True),
     (480, 24, 100, False), (6_000, 30, 1e6, False), (1_800, 1, 4, True)],
)  # fmt: skip
def test_ofcom_has_two_sizes_and_a_share(minutes: float, people: int, users: float, is_reached: bool) -> None:
    assert is_met("ofcom", outage(minutes, people, users)) == is_reached


def test_user_hours_are_users_times_hours() -> None:
    assert "user-hours" in met_rules("enisa", outage(600, 100_000, 1e9))
    assert "user-hours" not in met_rules("enisa", outage(599, 100_000, 1e9))


# The worked vector: 13,000 users of 100,000, all blocked for 195 minutes, one country, a critical service.

VECTOR = outage(195, 13_000, 100_000, states=("IT",))


def test_the_worked_vector_is_an_outage_for_the_fcc_after_69_minutes() -> None:
    assert is_met("fcc", VECTOR)
    assert minutes_to("fcc", VECTOR) == pytest.approx(900_000 / 13_000)
    [rule] = [each for each in judged("fcc", VECTOR).rules if each.rule.id == "user-minutes"]
    assert rule.found is not None
    assert rule.found[1].value[0] == pytest.approx(2_535_000)


def test_the_worked_vector_is_not_a_million_user_hours() -> None:
    [rule] = [each for each in judged("enisa", VECTOR).rules if each.rule.id == "user-hours"]
    assert rule.found is not None
    assert rule.found[1].value[0] == pytest.approx(42_250)
    assert "user-hours" not in met_rules("enisa", VECTOR)


def test_the_worked_vector_is_the_second_row_of_the_italian_matrix() -> None:
    assert met_rules("italy-telecom", VECTOR) == {"2h"}
    assert minutes_to("italy-telecom", VECTOR) == 120


def test_the_worked_vector_is_in_the_quarterly_list_of_japan_and_no_serious_accident() -> None:
    assert not is_met("japan-serious", VECTOR)
    assert met_rules("japan-quarterly", VECTOR) == {"duration"}


def test_the_worked_vector_is_major_under_dora_by_two_criteria_after_two_hours() -> None:
    assert met_rules("dora-financial", VECTOR) == {"critical", "clients-share", "downtime"}
    assert is_met("dora-financial", VECTOR)
    assert minutes_to("dora-financial", VECTOR) == 120


def test_the_worked_vector_is_significant_for_a_cloud_after_half_an_hour() -> None:
    assert minutes_to("nis2-cloud", VECTOR, "unavailable") == 30
    assert minutes_to("nis2-cloud", VECTOR) == 30
