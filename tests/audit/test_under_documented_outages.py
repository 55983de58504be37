"""What the audit says under the documented outages."""

from __future__ import annotations

from audit.findings_of_scenarios import documented
from impactsim.audit.findings import Severity


def test_facebook_2021_remote_and_out_of_band_access_are_down_when_the_repair_needs_them() -> None:
    found = documented("facebook-2021/1-october-2021.yaml")
    finding = found["backup-down/backbone/remote-access"]
    # "Remote access, the out-of-band network, chat, dashboards and door badges hung on the same network."
    assert finding.text == "remote-access and oob-access are down while the repair of backbone needs them"
    told = " | ".join(finding.evidence)
    assert "oob-access needs backbone, which failed at the start" in told
    assert "badge-readers needs internal-network needs backbone" in told
    # People had to drive to the buildings: work begins at +141 minutes.
    assert "the repair of backbone is held up from the start to 2h21m" in told
    assert finding.severity == Severity.HIGH


def test_facebook_2021_edge_sites_fall_together_names_live_five_minutes_and_the_status_page_is_silent() -> None:
    found = documented("facebook-2021/1-october-2021.yaml")
    assert "edge-2 and edge-3 are down" in found["backup-down/auth-dns/edge-1"].text
    assert "used up at 5m" in found["backup-spent/names/auth-dns"].text
    page = found["channel-down-in-scenario/status-page"]
    assert page.severity == Severity.LOW  # "other companies' networks stay up"
    assert "other-networks stays" in page.text


def test_facebook_2021_with_a_way_in_of_its_own_the_repair_is_not_held_up() -> None:
    finding = documented("facebook-2021/2-out-of-band-of-its-own.yaml")["backup-down/backbone/remote-access"]
    assert finding.severity == Severity.MEDIUM
    assert finding.text.startswith("remote-access is down")
    assert "oob-access stays" in finding.evidence


def test_ovh_2021_copies_in_the_building_that_burns() -> None:
    found = documented("ovh-2021/1-march-2021.yaml")
    # A bought the backup option: three copies, all in the building of the server. B's second machine stood there, too.
    assert (
        found["copy-down/customer-a-data"].text == "customer-a-data is lost for good: none of its 3 copies can be had"
    )
    assert all("sbg2 was destroyed at 1h30m" in text for text in found["copy-down/customer-a-data"].evidence)
    assert found["copy-down/customer-b-data"].text == "customer-b-data is lost for good: its only copy cannot be had"
    # C's copy lay in Roubaix.
    assert "copy-down/customer-c-data" not in found


def test_ovh_2021_no_building_can_do_without_both_network_rooms_and_repairs_wait_for_access() -> None:
    found = documented("ovh-2021/1-march-2021.yaml")
    # The electricity is off from +173 minutes; each room hangs on one of the two supplies.
    told = " | ".join(found["backup-down/racks-sbg1/net-room-a"].evidence)
    assert "net-room-a needs sbg1 needs power-240v, which failed at 2h53m" in told
    assert "net-room-b needs sbg5 needs site-20kv, which failed at 2h53m" in told
    # The site is released at +1058 minutes.
    held = found["repair-held-up/site-20kv/site-access"]
    assert "the repair of site-20kv is held up from 2h53m to 17h38m" in held.evidence


def test_ovh_2021_with_copies_where_they_were_believed_nothing_is_lost() -> None:
    found = documented("ovh-2021/4-copies-as-believed.yaml")
    assert not [name for name in found if "customer-a-data" in name]
    assert not any("lost for good" in each.text for each in found.values())


def test_aws_s3_2017_the_status_of_single_services_is_lost_for_two_hours_with_s3() -> None:
    finding = documented("aws-s3-2017/1-february-2017.yaml")["channel-down-in-scenario/status-per-service"]
    assert "from the start to 2h" in finding.text
    assert any("status-admin needs s3-get-list-delete" in text for text in finding.evidence)
    assert "twitter stays" in finding.evidence  # "Twitter and banner: up all the time"
    assert "channel-down-in-scenario/status-per-service" not in documented("aws-s3-2017/4-status-page-apart.yaml")


def test_cloudflare_2023_three_ways_of_power_the_doors_and_the_cold_standby() -> None:
    found = documented("cloudflare-2023/1-november-2023.yaml")
    # The ground fault took the second feed and all ten generators at once.
    power = found["backup-down/ups-pdx04/utility-feed-1"]
    assert power.text.startswith("utility-feed-2 and generators are down")
    assert "generators is down from 2h50m to 13h58m: generators was struck by ground-fault at 2h50m" in power.evidence
    # The UPS was to give ten minutes and gave four.
    assert "used up at 2h54m" in found["backup-spent/ups-pdx04/utility-feed-1"].text
    # The door system was not on the batteries; the doors were forced.
    doors = found["backup-down/utility-feed-2/access-control"]
    assert "forced-entry stays" in doors.evidence
    assert doors.severity == Severity.MEDIUM
    # Europe was switched on by decision at +120, and answered at +123.
    assert any(
        "api-europe is down from the start to 4h53m" in text for text in found["backup-down/api/api-oregon"].evidence
    )
    # The cluster stayed, two of three; the edge never stopped.
    assert not [name for name in found if name.startswith("backup-down/ha-cluster")]
    assert not any("edge-network" in each.services for each in found.values())


def test_cloudflare_2023_without_force_the_repair_of_the_power_waits_for_the_doors() -> None:
    found = documented("cloudflare-2023/4-no-forced-entry.yaml")
    held = found["repair-held-up/utility-feed-2/access-control"]
    assert held.severity == Severity.HIGH
    assert "to the end of the run" in held.text


def test_iberia_2025_batteries_end_in_two_waves_and_the_generators_outlast_the_night() -> None:
    found = documented("iberia-2025/1-april-2025.yaml")
    # Small sites after about half an hour, large ones after four to six hours.
    told = found["backup-spent/small-sites-es/grid-es"].evidence
    assert told[0] == "the holdover of small-sites-es is used up at 30m, and grid-es is back at 1d (partly at 9h27m)"
    assert [text.split("used up at ")[1].split(",")[0] for text in told[:4]] == ["30m", "4h20m", "5h", "5h40m"]
    # MEO's core never down, as long as fuel comes.
    assert not [name for name in found if "core" in name or "generators" in name]
    # 112 gone from +360 to +709.
    assert "nothing else is left from 6h to 11h49m" in found["backup-down/emergency-112-pt/mobile-meo"].evidence
    assert "from 6h to 11h49m" in found["channel-down-in-scenario/warning-sms-pt"].text


def test_iberia_2025_without_fuel_the_tanks_are_the_next_link() -> None:
    found = documented("iberia-2025/3-twelve-hours-and-no-fuel.yaml")
    # The tanks of MEO's core are empty at +480, and MEO is down from +490.
    assert any(
        "generators-meo is used up at 8h, and fuel-delivery is back at 1d" in text
        for text in found["backup-spent/generators-es/fuel-delivery"].evidence
    )
    assert "generators-meo is down" in found["backup-down/meo-core/grid-pt"].text
    assert "used up at 8h10m" in found["backup-spent/meo-core/grid-pt"].text


def test_gitlab_2017_five_copies_on_paper_and_the_fourth_is_taken() -> None:
    found = documented("gitlab-2017/1-january-2017.yaml")
    copies = found["copy-down/db-primary"]
    assert copies.text == "3 of the 5 copies of db-primary cannot be had when it is destroyed"
    assert copies.evidence[1:3] == (
        "copy 2 at dump-store does not work (fails)",
        "copy 3 at azure-snapshots does not work (fails)",
    )
    assert copies.evidence[3].startswith("copy 4 at staging is taken, with the loss of 6h10m of data")
    # The standby had just been emptied, half an hour before; it is seeded from the primary.
    assert any("db-standby failed at 5h40m" in text for text in found["backup-down/gitlab-com/db-primary"].evidence)
    assert "repair-held-up/db-standby/db-primary" in found
    # The alarm was down before it all began.
    assert any(
        "backup-alarm is down from the start" in text and "mail-delivery" in text
        for text in found["channel-down-in-scenario/backup-alarm"].evidence
    )


def test_gitlab_2017_with_the_standby_intact_no_copy_is_missed() -> None:
    found = documented("gitlab-2017/2-standby-intact.yaml")
    assert not [name for name in found if name.startswith(("copy-down", "backup-down"))]


def test_teaching_shop_what_its_readme_asks_to_guess() -> None:
    # Three hours without the grid: nobody notices; battery and generator carry.
    assert documented("teaching-shop/1-power-cut.yaml") == {}
    # Payments gone: the telephone is no help after four hours.
    telephone = documented("teaching-shop/2-provider-gone.yaml")["backup-spent/checkout/workaround-1"]
    assert "ends at 5h, after 4h" in telephone.text
    # The freshest copy was in the same room and went too; the vault: 24 h 10 min of orders lost.
    copies = documented("teaching-shop/3-data-destroyed.yaml")["copy-down/orders-db"]
    assert "copy 1 at backup-nas is gone" in copies.evidence[0]
    assert "copy 2 at vault is taken, with the loss of 1d10m" in copies.evidence[1]
    # Two lines, one duct; the router's volume is used up after eight hours, the line is back at 12 h 20 min.
    duct = documented("teaching-shop/4-duct-cut.yaml")
    assert any(
        "isp-second was struck by duct-a12-cut" in text
        for text in duct["backup-down/internet-access/isp-fibre"].evidence
    )
    assert (
        "isp-lte can carry internet-access no longer at 8h25m, after 8h"
        in duct["backup-spent/internet-access/isp-fibre"].text
    )
    assert documented("teaching-shop/5-duct-cut-second-way.yaml") == {}
    # The diesel lasts twelve hours, the grid is back at twenty.
    fuel = documented("teaching-shop/6-restart-deadlock.yaml")["backup-spent/shop-power/grid"]
    assert fuel.evidence[0] == "generator can carry shop-power no longer at 12h1m, after 12h, and grid is back at 20h"
