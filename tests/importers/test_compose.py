"""Compose files as systems: what stands in them, what is guessed, and what is said about it."""

from __future__ import annotations

import json
import time

import pytest

from impactsim.model.system import AnyOf, AtLeast, System
from impactsim.problems import InvalidInput

GUESSED = "guessed"


def needs(system: System, owner: str) -> list[tuple[tuple[str, ...], str | None, str]]:
    """Return members, purpose and confidence of the needs of a component."""
    component = system.components[owner]
    return [(need.members(), need.to, need.confidence or component.confidence) for need in component.needs]


def codes(found) -> list[str]:
    return [problem.code for problem in found.problems]


@pytest.fixture
def compose(imported):
    """Import samples of ours, by the first word of their names."""
    return lambda *names, **settings: imported("compose", *(f"compose/{name}" for name in names), **settings)


@pytest.fixture
def written(tmp_path, imported):
    """Import a Compose file of plain data."""

    def of(data: object, **settings: object):
        path = tmp_path / "compose.json"
        path.write_text(json.dumps(data), encoding="utf-8")
        return imported("compose", path, **settings)

    return of


def test_the_order_of_starts_is_a_need_to_start_and_nothing_more(compose):
    found = compose("start-order.compose.yaml")
    assert needs(found.system, "desk") == [
        (("loans",), "start", "declared"),
        (("set-up-loans",), "start", "declared"),
    ]
    assert needs(found.system, "loans") == [(("catalogue",), "start", "declared")]
    assert any("does not say what services need when they run" in each for each in found.remarks)


def test_a_job_that_ends_is_a_job_and_is_told(compose):
    found = compose("start-order.compose.yaml")
    assert found.system.components["set-up-loans"].kind == "job"
    assert any("waits for jobs that end: 1" in each for each in found.remarks)


def test_what_is_not_required_to_start_is_left_out_and_counted(compose):
    found = compose("start-order.compose.yaml")
    assert found.left_out == {"needs to start that are not required": 1}


def test_the_order_of_starts_can_be_taken_as_a_guess_of_what_is_needed_but_not_the_wait_for_a_job(compose):
    found = compose("start-order.compose.yaml", start_order_as_need=True)
    assert [each for each in needs(found.system, "desk") if each[1] is None] == [(("loans",), None, GUESSED)]


def test_hosts_in_settings_and_arguments_are_guessed_needs(compose):
    system = compose("hosts.compose.yaml").system
    queues = ("queue-1", "queue-2")  # one setting lists both
    named = [("loans-db",), ("catalogue",), queues, ("cache",)]
    outside = ["api.payments-sample.io", "o42.ingest.errors-sample.io"]
    assert needs(system, "desk") == [(members, None, GUESSED) for members in (*named, *((name,) for name in outside))]
    # `books` is the host name of catalogue, `loans-database` the container name of loans-db.
    assert needs(system, "catalogue") == [(("cache",), None, GUESSED), (("loans-db",), None, GUESSED)]
    assert [name for name, each in system.components.items() if each.kind == "provider"] == outside


def test_a_service_that_names_itself_needs_nothing(compose):
    assert needs(compose("hosts.compose.yaml").system, "cache") == []


@pytest.mark.parametrize(
    "value",
    [
        *("Tr0ub4dor", "eyJhbGciOi", "c2lnbmF0dXJl", "0f1e2d3c4b5a", "Zx9", "not-a-host", "hunter2", "5432", "amqp"),
        *("mail-sample", "10.1.2.3", "1.2.3", "localhost", "example.com", "LONELY_SECRET", "api.payments-sample.io/v2"),
    ],
)
def test_of_settings_only_hosts_are_kept(compose, value):
    found = compose("hosts.compose.yaml")
    said = [str(problem) for problem in found.problems]
    assert value not in "\n".join((found.text, *said, *found.remarks, *found.left_out))


def test_images_say_what_is_data_and_what_is_a_queue(compose):
    system = compose("hosts.compose.yaml").system
    kinds = {name: system.components[name].kind for name in ("loans-db", "cache", "queue-1", "desk")}
    assert kinds == {"loans-db": "data", "cache": "data", "queue-1": "tool", "desk": "service"}


def test_defaults_of_variables_are_put_in_and_all_else_is_counted(compose):
    found = compose("variables.compose.yaml")
    # OTHER_URL, HALF_URL and SHELL_ONLY have no whole value here; one file of settings is named.
    assert needs(found.system, "desk") == [(("loans",), None, GUESSED)]
    assert any(
        "stand outside these files: 3, and files of settings that were not opened: 1;" in x for x in found.remarks
    )
    assert found.system.components["desk"].kind == "data"
    assert "hunter2" not in found.text


def test_what_lives_within_another_service_falls_with_it(compose):
    system = compose("together.compose.yaml").system
    assert needs(system, "tunnel") == [(("desk",), "stay_up", "declared")]
    assert needs(system, "tracer") == [(("loans",), "stay_up", "declared"), (("reader",), "stay_up", "declared")]


def test_links_are_guessed_needs_and_give_names(compose):
    found = compose("together.compose.yaml")
    assert needs(found.system, "desk") == [((name,), None, GUESSED) for name in ("loans", "catalogue", "old-archive")]
    assert found.system.components["old-archive"].kind == "unknown"
    origins = found.system.components["desk"].needs[0].origin
    assert [each.partition(": ")[2] for each in origins] == ["services.desk.links", "desk settings -> loans"]


def test_a_named_volume_is_data_that_all_its_users_need(compose):
    system = compose("together.compose.yaml").system
    assert needs(system, "loans") == [(("loans-data",), None, "declared")]
    assert needs(system, "report") == [(("archive",), None, "declared")]
    # volumes_from: those of loans, which must have been made before.
    assert needs(system, "backup") == [
        (("archive",), None, "declared"),
        (("loans",), "start", "declared"),
        (("loans-data",), None, "declared"),
    ]
    assert [name for name, each in system.components.items() if each.kind == "data"] == ["loans-data", "archive"]


def test_a_folder_of_the_machine_is_no_volume(compose):
    assert "config" not in compose("together.compose.yaml").system.components


def test_networks_from_outside_are_told(compose):
    assert any("networks from outside these files: 1" in each for each in compose("together.compose.yaml").remarks)


def test_all_stands_on_one_machine_which_is_a_guess(compose):
    found = compose("together.compose.yaml")
    host = found.system.components["docker-host"]
    assert (host.kind, host.confidence) == ("host", GUESSED)
    others = {name: each.at for name, each in found.system.components.items() if each.kind not in {"host", "unknown"}}
    assert set(others.values()) == {"docker-host"}


def test_the_machine_has_the_name_that_is_given_or_is_left_out(compose):
    assert compose("lonely.compose.yaml", host="srv-4").system.components["desk"].at == "srv-4"
    without = compose("lonely.compose.yaml", host="").system
    assert [each.at for each in without.components.values()] == [None] * 5


def test_a_volume_with_another_driver_or_on_a_share_does_not_stand_on_the_machine(compose):
    system = compose("same-names.compose.yaml").system
    assert system.components["shares"].at is None
    assert system.components["volume-store"].at == "docker-host"


def test_a_volume_that_is_called_like_a_service_is_told_apart(compose):
    found = compose("same-names.compose.yaml")
    assert needs(found.system, "store")[0] == (("volume-store",), None, "declared")
    assert "id-clash" not in codes(found)


def test_what_a_third_party_runs_is_a_provider(compose):
    provider = compose("same-names.compose.yaml").system.components["pay"]
    assert (provider.kind, provider.at) == ("provider", None)


def test_replicas_are_a_group_of_which_one_is_needed_as_a_guess(compose):
    found = compose("replicas.compose.yaml")
    group = found.system.components["desk"].needs[0]
    assert isinstance(group, AtLeast)
    assert (group.at_least, group.of, group.confidence) == (1, ("desk-1", "desk-2", "desk-3"), GUESSED)
    # They fall together: it is the replicas that stand on the machine.
    assert found.system.components["desk"].at is None
    assert {found.system.components[name].at for name in group.of} == {"docker-host"}
    assert any("--replicas-needed" in each for each in found.remarks)


def test_how_many_replicas_are_needed_can_be_said_and_is_never_more_than_there_are(compose):
    system = compose("replicas.compose.yaml", replicas_needed=3).system
    groups = [system.components[name].needs[0] for name in ("desk", "loans")]
    assert [each.at_least for each in groups if isinstance(each, AtLeast)] == [3, 2]


def test_very_many_replicas_stay_one_component(compose):
    found = compose("replicas.compose.yaml")
    assert "reader-1" not in found.system.components
    assert found.system.components["reader"].at == "docker-host"
    assert sum(found.left_out.values()) == 1


def test_services_of_profiles_are_kept_and_told_or_left_out(compose):
    kept = compose("profiles.compose.yaml")
    assert any("under a profile only: 1" in each for each in kept.remarks)
    assert [members for members, *_ in needs(kept.system, "desk")] == [("debugger",), ("debugger",)]
    left = compose("profiles.compose.yaml", without_profiles=True)
    assert list(left.system.components) == ["desk", "docker-host"]
    assert left.left_out == {
        "needs to start on services that are left out": 1,
        "services that start under a profile only": 1,
    }


def test_anchors_and_merge_keys_are_followed(compose):
    system = compose("anchors.compose.yaml").system
    assert needs(system, "desk") == [(("loans",), "start", "declared"), (("loans",), None, GUESSED)]
    assert {members for members, *_ in needs(system, "counter")} == {("loans",), ("queue",)}


def test_services_extend_others_of_the_same_and_of_another_file(compose):
    found = compose("extends.compose.yaml")
    assert needs(found.system, "desk") == [(("loans",), None, GUESSED)]
    # reader-base extends oldest, which mounts the volume.
    assert needs(found.system, "reader") == [(("loans",), "start", "declared"), (("readers",), None, "declared")]


def test_services_that_extend_one_another_in_a_circle_are_told(compose):
    found = compose("extends.compose.yaml")
    assert [(each.code, each.path, each.line) for each in found.problems] == [
        ("extends", ("ring-a",), 9),
        ("extends", ("ring-b",), 10),
    ]


def test_included_files_are_read_but_none_from_elsewhere(compose):
    found = compose("includes.compose.yaml")
    assert {"desk", "loans", "reader-base", "oldest"} <= set(found.system.components)
    assert [(each.code, each.path[0]) for each in found.problems if each.code != "no-needs"] == [
        ("outside", "../../conftest.py")
    ]
    assert found.left_out == {"files that are named by an address or a variable, or by nothing": 2}


@pytest.mark.parametrize("name", ["a" * 300, "nowhere.yaml", "**/nowhere.yaml"])
def test_an_included_file_that_is_not_there_is_told(written, name):
    found = written({"include": [name], "services": {"desk": {"image": "example/desk"}}})
    assert codes(found) == ["nothing-there"]


def test_the_later_file_goes_over_the_earlier_as_docker_compose_does_it(compose):
    found = compose("base.compose.yaml", "base.compose.override.yaml")
    assert needs(found.system, "desk") == [
        (("loans",), "start", "declared"),
        (("cache",), "start", "declared"),
        (("desk-new",), None, "declared"),  # mounted at the same place as desk-old
        (("loans-eu",), None, GUESSED),
    ]
    assert len(found.system.components["desk"].origin) == 2
    assert any("taken together" in each for each in found.remarks)


def test_a_file_called_override_goes_over_the_others_in_whatever_order_they_come(compose):
    there = compose("base.compose.yaml", "base.compose.override.yaml", name="x")
    back = compose("base.compose.override.yaml", "base.compose.yaml", name="x")
    assert there.system.components == back.system.components


def test_a_file_of_the_first_version_has_no_services_key(compose):
    found = compose("old.compose.yml")
    assert needs(found.system, "desk") == [(("loans",), None, GUESSED)]


def test_few_needs_are_told_although_all_stand_on_one_machine(compose):
    """One start order says nothing about what a failure touches, and a machine that was guessed says nothing either."""
    found = compose("lonely.compose.yaml")
    assert codes(found) == ["no-needs"]
    assert "of 5 services 5 neither need another one to run" in str(found.problems[0])


def test_what_is_not_as_compose_writes_it_is_told_and_passed_over(compose):
    found = compose("odd.compose.yaml")
    told = {each.path[0] for each in found.problems if each.code == "odd-value"}
    of_200 = {f"services.200.{key}" for key in ("image", "environment", "volumes", "deploy")}
    of_desk = {f"services.desk.{key}" for key in ("depends_on", "replicas", "networks", "profiles", "command")}
    rest = {"services.404.depends_on", "services.nothing", "services.text", "volumes", "networks"}
    assert told >= (of_200 | of_desk | rest) - {"services.desk.replicas", "services.desk.command"}
    assert list(found.system.components) == ["404", "200", "desk", "nothing", "docker-host"]


@pytest.mark.parametrize(
    "data", [{"a": 1}, [], {"apiVersion": "v1", "kind": "Service"}, {"services": None}, {"services": {}}]
)
def test_what_is_no_compose_file_is_refused(written, data):
    with pytest.raises(InvalidInput) as error:
        written(data)
    assert {each.code for each in error.value.problems} <= {"not-compose", "nothing-imported"}


def test_a_manifest_of_kubernetes_is_sent_to_its_own_importer(written):
    with pytest.raises(InvalidInput, match="import it as kubernetes"):
        written({"apiVersion": "v1", "kind": "Service"})


def test_the_same_files_give_the_same_bytes(compose):
    assert compose("hosts.compose.yaml").text == compose("hosts.compose.yaml").text


def test_a_name_of_two_services_is_a_need_of_either(written):
    pair = {"image": "example/loans", "networks": {"inner": {"aliases": ["loans"]}}}
    desk = {"image": "example/desk", "environment": {"LOANS_URL": "http://loans:80"}}
    found = written({"services": {"loans-a": pair, "loans-b": pair, "desk": desk}})
    group = found.system.components["desk"].needs[0]
    assert isinstance(group, AtLeast)
    assert (group.at_least, group.of) == (1, ("loans-a", "loans-b"))


@pytest.mark.parametrize(
    "service",
    [
        {"networks": {"n": {"aliases": ["same"]}}, "environment": {"A_URL": "http://same:1"}},
        {"extends": "base"},
        {"volumes_from": ["base"]},
        {"depends_on": ["base"], "links": ["base:b"]},
    ],
    ids=["aliases", "extends", "volumes_from", "starts"],
)
def test_time_grows_with_the_size_of_the_file(written, service):
    """Four times the size takes some four times as long; were it quadratic, sixteen times."""
    seconds = []
    for n in (400, 1_600):
        base = {"image": "example/base", "volumes": [f"v{i}:/v{i}" for i in range(4)]}
        start = time.process_time()
        written({"services": {"base": base, **{f"s{i}": service for i in range(n)}}})
        seconds.append(time.process_time() - start)
    assert seconds[1] < 9 * seconds[0] + 0.5


def test_addresses_that_are_numbers_make_no_need_and_are_counted(written):
    """Two of desk, and one of loans; numbers of the machine itself are nobody else."""
    numbers = {"A_URL": "https://10.0.0.5:8443", "DB_HOST": "10.0.0.6", "B_ADDR": "10.0.0.5:80", "C_ADDR": "0.0.0.0:80"}
    found = written(
        {
            "services": {
                "desk": {"image": "example/desk", "environment": numbers},
                "loans": {"image": "example/loans", "environment": {"A_URL": "http://[2001:db8::7]:80/x"}},
            }
        }
    )
    assert [needs(found.system, name) for name in ("desk", "loans")] == [[], []]
    assert found.left_out["addresses that are numbers, in settings"] == 3
    assert [number for number in ("10.0.0.5", "10.0.0.6", "2001") if number in found.text] == []


def test_a_list_of_hosts_in_one_setting_is_one_need_of_any_of_them(written):
    services = {name: {"image": "example/broker"} for name in ("k1", "k2")}
    desk = {"image": "example/desk", "environment": {"BROKERS": "k1:9092,k2:9092"}}
    found = written({"services": {**services, "desk": desk}})
    group = found.system.components["desk"].needs[0]
    assert isinstance(group, AnyOf)
    assert needs(found.system, "desk") == [(("k1", "k2"), None, GUESSED)]
    assert any("lists of hosts in one setting: 1; any one of them" in each for each in found.remarks)


def test_of_a_list_that_names_the_service_itself_the_others_are_needed(written):
    names = ("k1", "k2", "k3")
    peers = {"PEERS": "k1:7000,k2:7000,k3:7000"}
    found = written({"services": {name: {"image": "example/broker", "environment": peers} for name in names}})
    assert needs(found.system, "k1") == [(("k2", "k3"), None, GUESSED)]


def test_a_list_of_different_things_is_a_need_of_each(written):
    """Other names and other ports: these are a store and a queue; and a list to wait for is one of all."""
    services = {name: {"image": "example/x"} for name in ("store", "queue", "k1", "k2")}
    environment = {"BACKEND_HOSTS": "store:5432,queue:5672", "WAIT_HOSTS": "k1:1,k2:1"}
    found = written({"services": {**services, "desk": {"image": "example/desk", "environment": environment}}})
    assert needs(found.system, "desk") == [((name,), None, GUESSED) for name in services]
