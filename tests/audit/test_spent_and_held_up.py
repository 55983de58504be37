"""What is spent in a scenario, what its repairs wait for, and which workarounds and channels are down."""

from __future__ import annotations

from typing import Any

from audit.findings_of_scenarios import under
from impactsim.audit.findings import Severity

# What is spent.


def test_fuel_that_ends_before_the_grid_is_back() -> None:
    components = {
        "grid": {"kind": "power"},
        "generator": {"kind": "power"},
        "shop": {"needs": [{"any_of": ["grid", {"use": "generator", "lasts": "12h"}]}]},
    }
    (finding,) = under(components, [{"fail": "grid", "at": 0, "for": "20h"}]).values()
    assert finding.id == "backup-spent/shop/grid"
    assert finding.text == "generator can carry shop no longer at 12h, after 12h, and grid is back at 20h"
    assert finding.severity == Severity.HIGH
    assert under(components, [{"fail": "grid", "at": 0, "for": "11h"}]) == {}
    assert under(components, [{"fail": "grid", "at": 0, "for": "12h"}]) == {}


def test_a_battery_that_ends_before_the_grid_is_back() -> None:
    components = {"grid": {"kind": "power"}, "shop": {"needs": [{"component": "grid", "holdover": "4h"}]}}
    (finding,) = under(components, [{"fail": "grid", "at": "1h", "for": "5h"}]).values()
    assert finding.text == "the holdover of shop is used up at 5h, and grid is back at 6h"
    assert under(components, [{"fail": "grid", "at": "1h", "for": "3h"}]) == {}


def test_a_battery_that_another_member_takes_over_from_is_not_spent() -> None:
    components = {
        "grid": {"kind": "power"},
        "generator": {"kind": "power"},
        "shop": {"needs": [{"any_of": ["grid", {"use": "generator", "failover": "1m"}], "holdover": "10m"}]},
    }
    assert under(components, [{"fail": "grid", "at": 0, "for": "5h"}]) == {}


# Workarounds.


def shop_with_telephone() -> dict[str, Any]:
    workaround = {"covers": 0.5, "after": "30m", "lasts": "4h", "needs": ["telephone"]}
    return {
        "payments": {"kind": "provider"},
        "exchange": {"kind": "telephony"},
        "telephone": {"kind": "channel", "needs": ["exchange"]},
        "shop": {"needs": ["payments"], "workarounds": [workaround]},
    }


def test_a_workaround_that_needs_what_failed_is_down_with_its_service() -> None:
    events = [{"fail": ["payments", "exchange"], "at": 0, "for": "2h"}]
    finding = under(shop_with_telephone(), events)["workaround-down/shop/1"]
    assert "workaround 1 of shop is down while shop is not up: from 30m to 2h" in finding.text
    assert any("telephone needs exchange, which failed at the start" in text for text in finding.evidence)


def test_a_workaround_is_not_missed_before_it_would_begin() -> None:
    events = [{"fail": "payments", "at": 0, "for": "2h"}, {"fail": "exchange", "at": 0, "for": "20m"}]
    assert "workaround-down/shop/1" not in under(shop_with_telephone(), events)


def test_a_workaround_that_ends_before_the_service_is_back_is_spent() -> None:
    found = under(shop_with_telephone(), [{"fail": "payments", "at": 0, "for": "6h"}])
    text = "workaround 1 of shop ends at 4h30m, after 4h, and shop is back at 6h"
    assert found["backup-spent/shop/workaround-1"].text == text
    assert under(shop_with_telephone(), [{"fail": "payments", "at": 0, "for": "4h"}]) == {}


# Copies and repairs.


def test_a_copy_in_a_place_that_is_down_is_passed_over() -> None:
    components = {
        "nas": {"kind": "host"},
        "vault": {"kind": "site"},
        "db": {
            "kind": "data",
            "copies": [{"at": "nas", "restore": "1h"}, {"at": "vault", "every": "24h", "restore": "3h"}],
        },
        "shop": {"needs": ["db"]},
    }
    events = [{"fail": "nas", "at": 0, "for": "9h"}, {"destroy": "db", "at": "1h"}]
    (finding,) = under(components, events).values()
    assert finding.id == "copy-down/db"
    assert finding.evidence == (
        "copy 1 at nas cannot be had from the start to 9h: nas failed at the start",
        "copy 2 at vault is taken, with the loss of 1d of data; restored at 4h",
    )
    assert under(components, [{"destroy": "db", "at": "1h"}]) == {}


def test_a_restore_that_waits_for_the_place_of_its_only_copy() -> None:
    components = {
        "nas": {"kind": "host"},
        "db": {"kind": "data", "copies": [{"at": "nas", "restore": "1h"}]},
        "shop": {"needs": ["db"]},
    }
    events = [{"fail": "nas", "at": 0, "for": "9h"}, {"destroy": "db", "at": "1h"}]
    (finding,) = under(components, events).values()
    assert finding.text == "the restore of db waits for its copy: from 1h to 9h"


def test_a_repair_that_waits_for_a_tool() -> None:
    components = {
        "badge": {"kind": "tool"},
        "host": {"kind": "host", "needs": [{"component": "badge", "to": "repair"}], "time_to_restore": "2h"},
        "shop": {"needs": ["host"]},
    }
    (finding,) = under(components, [{"fail": "badge", "at": 0, "for": "3h"}, {"fail": "host", "at": "1h"}]).values()
    assert finding.id == "repair-held-up/host/badge"
    assert finding.text == "the repair of host waits for badge: from 1h to 3h"
    assert under(components, [{"fail": "badge", "at": "4h", "for": "3h"}, {"fail": "host", "at": "1h"}]) == {}


def test_a_way_to_repair_is_needed_only_while_there_is_something_to_repair() -> None:
    components = {
        "vpn": {"kind": "tool"},
        "modem": {"kind": "tool"},
        "line": {
            "kind": "connectivity",
            "needs": [{"any_of": ["vpn", "modem"], "to": "repair"}],
            "time_to_restore": "2h",
        },
        "shop": {"needs": ["line"]},
    }
    assert under(components, [{"fail": ["vpn", "modem"], "at": 0, "for": "3h"}]) == {}
    # The other way is at hand at once, so that nobody loses anything by it.
    (finding,) = under(components, [{"fail": ["vpn", "line"], "at": 0}]).values()
    assert finding.id == "backup-down/line/vpn"
    assert finding.severity == Severity.MEDIUM


# Channels.


def test_a_channel_that_is_down_while_a_service_is_not_up() -> None:
    components = {
        "store": {"kind": "host"},
        "shop": {"needs": ["store"]},
        "page": {"kind": "channel", "needs": ["store"]},
    }
    (finding,) = under(components, [{"fail": "store", "at": "1h", "for": "1h"}]).values()
    assert finding.id == "channel-down-in-scenario/page"
    assert finding.severity == Severity.HIGH
    components["sms"] = {"kind": "channel"}
    (finding,) = under(components, [{"fail": "store", "at": "1h", "for": "1h"}]).values()
    assert finding.severity == Severity.LOW
    assert "sms stays" in finding.evidence
