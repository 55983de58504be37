"""Hosts in settings: what is one, what is none, and that no secret is ever taken for one."""

from __future__ import annotations

import base64
import random
import string
import time

import pytest

from impactsim.importers.manifests.addresses import MOST_LETTERS, addresses, says_address


def hosts(text: str, name: str = "") -> dict[str, str]:
    return {each.host: each.sort for each in addresses(text, name)}


def taken(text: str, name: str = "") -> dict[str, str]:
    """Return what may become a component of its own: what is doubtful can only be a name that is known already."""
    return {host: sort for host, sort in hosts(text, name).items() if sort not in {"doubtful", "number"}}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("postgres://user:pw@db:5432/x", {"db": "private"}),
        ("http://cart:7070", {"cart": "private"}),
        ("jdbc:postgresql://db:5432/x?user=a", {"db": "private"}),
        ("mongodb+srv://u:p@m1:27017,m2:27017/db", {"m1": "private", "m2": "private"}),
        ("INTERNAL://kafka:29092,CLIENT://broker:9092", {"kafka": "private", "broker": "private"}),
        ("https://api.stripe.com/v1?key=abc.io", {"api.stripe.com": "public"}),
        ("HTTPS://API.Stripe.com", {"api.stripe.com": "public"}),
        ("http://orders.shop.svc.cluster.local", {"orders.shop.svc.cluster.local": "private"}),
        ("http://vault.corp.internal:8200", {"vault.corp.internal": "private"}),
        ("--url=http://a:1 --other=grpc://b:2", {"a": "private", "b": "private"}),
    ],
)
def test_a_url_names_its_host_and_nothing_else(text, found):
    assert hosts(text) == found


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("redis-cart:6379", "REDIS_ADDR", {"redis-cart": "private"}),
        ("redis-cart:6379", "REDIS", {"redis-cart": "doubtful"}),
        ("a:9092,b:9092", "KAFKA_BROKERS", {"a": "private", "b": "private"}),
        ("smtp.sample-mail.org:587", "MAIL_SERVER", {"smtp.sample-mail.org": "public"}),
        ("smtp.sample-mail.org:587", "", {"smtp.sample-mail.org": "doubtful"}),
        ("smtp.sample-mail.org", "SMTP_HOST", {"smtp.sample-mail.org": "public"}),
        ("smtp.sample-mail.org", "GREETING", {}),
        ("db", "DB_HOST", {"db": "doubtful"}),
        ("db", "DB_NAME", {}),
        ("db", "LOG_LEVEL", {}),
        ("Server=db,1433;User Id=sa;Database=x", "CONNECTION", {"db": "doubtful"}),
        ("Server=tcp:sample.database.windows.net,1433;Database=x", "C", {"sample.database.windows.net": "public"}),
        ("user:pw@tcp(db:3306)/name", "DSN", {"db": "private"}),
        ("host=db port=5432 dbname=orders", "PG", {"db": "doubtful"}),
    ],
)
def test_without_a_scheme_the_port_and_the_name_of_the_setting_decide(text, name, found):
    assert hosts(text, name) == found


@pytest.mark.parametrize(
    "text",
    [
        *(
            "http://localhost:80",
            "http://127.0.0.1",
            "http://10.1.2.3:80",
            "http://[::1]:80",
            "http://0.0.0.0",
            "http://*:80",
        ),
        *("http://example.com/x", "https://api.example.org", "http://host.docker.internal:80", "http://a.test"),
        *(
            "http://www.w3.org/2001/XMLSchema",
            "https://kubernetes.default.svc",
            "file:///etc/passwd",
            "unix:///run/x.sock",
        ),
        *("1.2.3:80", "16.4.1", "v1.2", "12:30", "nginx.conf", "ops@sample-mail.org", "mailto:ops@sample-mail.org"),
        *("/etc/nginx/nginx.conf:/x", "C:\\data:80", "a b c", "", "://", "http://", "@", ":", "x:99999999", "-:80"),
    ],
)
@pytest.mark.parametrize("name", ["SOME_URL", ""])
def test_what_is_no_host_of_somebody_is_not_taken(text, name):
    assert taken(text, name) == {}


def test_a_thing_with_a_name_is_no_host():
    """The scheme of a bucket or of a vault leads to a name that no network knows."""
    for url in ("s3://invoices", "vault://kv/database", "otpauth://totp/x", "op://safe/database"):
        assert taken(url, "SOME_URL") == {}


SECRETS = [
    "hunter2",
    "Tr0ub4dor.io",
    "p4ss.word.com",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlX2lz",
    "AKIAIOSFODNN7SAMPLE",
    "c2VjcmV0LXZhbHVl.ZG90dGVk",
    "a/b.com",
    "a#b.com",
    "a?b.com",
    "a;b.com",
    "a,b.com",
    "a:b.com",
    "a=b.com",
    "a%2Fb.com",
    "x.io:443",
    "x.io:443/y",
    "https://x.io",
]
SURROUNDINGS = [
    ("{}", "DB_PASSWORD"),
    ("{}", "apiToken"),
    ("{}", "SIGNING_KEY"),
    ("{}", "REDIS_AUTH"),
    ("postgres://app:{}@db:5432/orders", "DATABASE_URL"),
    ("https://{}@o1.ingest.sentry.io/5", "SENTRY_DSN"),
    ("amqp://guest:{}@q1:5672,amqp://guest:{}@q2:5672", "QUEUES"),
    ("user:{}@tcp(db:3306)/orders", "MYSQL_DSN"),
    ("host=db port=5432 password={} dbname=orders", "PG"),
    ("Server=db;User Id=sa;Password={};Database=orders", "CONNECTION_STRING"),
    ("--password={} --db-host=db", ""),
    ("https://api.stripe.com/v1?token={}", "PAYMENT_URL"),
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(("around", "name"), SURROUNDINGS)
def test_no_secret_is_taken_for_a_host(secret, around, name):
    """Only hosts that stand outside of the secret may come out, and what is doubtful is used for known names alone."""
    expected = {"db", "o1.ingest.sentry.io", "q1", "q2", "api.stripe.com"}
    assert taken(around.format(secret, secret), name).keys() <= expected


def test_random_secrets_do_not_come_out_as_hosts():
    luck = random.Random(7)
    letters = string.ascii_letters + string.digits + "-_.~!$&'()*+,;=:@/?#%"
    for _ in range(3_000):
        secret = "".join(luck.choices(letters, k=luck.randrange(8, 40)))
        assert taken(f"postgres://app:{secret}@db:5432/orders", "DATABASE_URL").keys() <= {"db"}
        coded = base64.b64encode(secret.encode()).decode()
        assert addresses(coded, "SOME_VALUE") == []


def test_names_of_settings_that_are_addresses():
    yes = ("PGHOST", "CART_SERVICE_ADDR", "db-url", "cacheServers", "BROKER_1", "HOST_NAME", "UPSTREAM", "SERVICE_2")
    no = ("", "DB_NAME", "LEVEL", "POSTGRES_DB", "SERVICE_NAME", "TIMEOUT", "404")
    assert [name for name in yes if not says_address(name)] == []
    assert [name for name in no if says_address(name)] == []


def test_settings_that_say_what_the_component_itself_is_called_name_nobody():
    for name in (
        "ALLOWED_HOSTS",
        "CORS_ORIGINS",
        "VIRTUAL_HOST",
        "KAFKA_ADVERTISED_LISTENERS",
        "NO_PROXY",
        "APP_IMAGE",
    ):
        assert hosts("https://shop.sample.com,db:80", name) == {}


def test_a_host_is_named_once_and_as_surely_as_it_is_anywhere():
    assert hosts("db:80 http://db:80", "X") == {"db": "private"}


def test_of_a_long_text_only_the_beginning_counts_and_no_word_is_cut():
    text = "http://first:80 " + "x" * (MOST_LETTERS - 25) + " http://second.sample.com/"
    assert hosts(text) == {"first": "private"}
    assert hosts("http://" + "a" * 10_000 + ".com") == {}


@pytest.mark.parametrize("letters", ["a", "a.", "a:", "a@", "a://", "://", "=", "a=", ",", "{", "-", "a-", "A_", "/"])
def test_the_time_does_not_explode(letters):
    start = time.process_time()
    for _ in range(20):
        addresses(letters * (MOST_LETTERS // len(letters)), "SOME_URL")
    assert time.process_time() - start < 5.0  # measured: below 0.2 s


@pytest.mark.parametrize(
    ("text", "name", "among"),
    [
        ("k1:9092,k2:9092", "BROKERS", ("k1", "k2")),
        ("k1:19092, k2:29092", "BROKERS", ("k1", "k2")),  # the same but for a number
        ("http://a:80,http://b:80", "PEER_URLS", ("a", "b")),
        ("mongodb://u:p@m1:27017,m2:27017/db", "STORE", ("m1", "m2")),
        ("store:5432,queue:5672", "BACKEND_HOSTS", ()),
        ("k1:9092,k2:9092", "WAIT_HOSTS", ()),
        ("k1:9092", "BROKERS", ()),
        ("--a=http://a:1 --b=http://b:1", "", ()),
    ],
)
def test_hosts_of_a_list_know_who_else_stands_in_it(text, name, among):
    assert {each.among for each in addresses(text, name)} == {among}


@pytest.mark.parametrize("text", ["http://10.1.2.3:80", "10.1.2.3:80", "10.1.2.3", "http://u:p@[2001:db8::1]:80/x"])
def test_an_address_that_is_a_number_is_told_apart(text):
    assert list(hosts(text, "SOME_URL").values()) == ["number"]


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1", "http://0.0.0.0:80", "http://[::1]:80", "1.2.3:80", "http://1.2.3.400"]
)
def test_numbers_of_the_machine_itself_and_other_figures_are_nothing(text):
    assert hosts(text, "SOME_URL") == {}
