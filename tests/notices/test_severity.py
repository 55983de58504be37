"""Status and severity from shares of users: each limit of the tables, from both sides."""

from __future__ import annotations

import pytest

from impactsim.notices.severity import Loss, severity_of


@pytest.mark.parametrize(
    ("cannot", "with_trouble", "status"),
    [
        (0.0, 0.0, "operational"),
        (0.0, 0.4, "partial_outage"),
        (0.0099, 0.0, "degraded_performance"),
        (0.01, 0.0, "partial_outage"),
        (0.44, 0.5, "partial_outage"),
        (0.45, 0.5, "major_outage"),
        (0.95, 0.0, "major_outage"),
        (1.0, 0.0, "major_outage"),
    ],
)
def test_the_status_follows_from_the_share_that_cannot_use_it(cannot, with_trouble, status):
    assert Loss(cannot, with_trouble).status == status


@pytest.mark.parametrize(
    ("loss", "severity"),
    [
        (Loss(0.5, 0.0), 1),
        (Loss(0.4999, 0.0), 2),
        (Loss(0.5, 0.0, is_critical=False), 2),
        (Loss(0.1, 0.0), 2),
        (Loss(0.0999, 0.0), 3),
        (Loss(0.01, 0.0), 3),
        (Loss(0.0099, 0.0), 4),
        (Loss(0.0, 0.5), 2),
        (Loss(0.0, 0.5, is_critical=False), 3),
        (Loss(0.0, 0.05), 4),
        (Loss(0.0, 0.0), 5),
    ],
)
def test_the_severity_follows_from_what_users_lose(loss, severity):
    assert severity_of([loss]) == severity


def test_the_worst_row_that_applies_counts():
    assert severity_of([Loss(0.005, 0.0), Loss(0.2, 0.0), Loss(0.0, 0.0)]) == 2
    assert severity_of([Loss(0.005, 0.0)], has_lost_redundancy=True) == 3
    assert severity_of([Loss(0.2, 0.0)], has_lost_redundancy=True) == 2
    assert severity_of([Loss(0.0, 0.0)], is_grave=True) == 1
