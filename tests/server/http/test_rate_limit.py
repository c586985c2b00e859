"""A limit of requests a client, with a clock in hand."""

from __future__ import annotations

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client, EnvironBuilder

from server import create_app
from server.engine.workers.pool import Pool
from server.http.layers import rate_limit
from server.http.layers.answer_cache import AnswerCache
from server.http.layers.rate_limit import Rate
from server.web.wsgi import ResponseHead, read_all

from ..talking import problem


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_client_may_send_a_minutes_requests_at_once_and_then_waits() -> None:
    clock = Clock()
    rate = Rate(30, clock)

    assert [rate.take("192.0.2.1") for _ in range(30)] == [0.0] * 30
    assert rate.take("192.0.2.1") == pytest.approx(2.0)  # thirty a minute are one in two seconds
    clock.now += 1.5
    assert rate.take("192.0.2.1") == pytest.approx(0.5)
    clock.now += 0.5
    assert rate.take("192.0.2.1") == 0.0
    assert rate.take("192.0.2.1") > 0


def test_what_is_not_used_does_not_pile_up() -> None:
    clock = Clock()
    rate = Rate(3, clock)
    rate.take("192.0.2.1")
    clock.now += 3600

    assert [rate.take("192.0.2.1") > 0 for _ in range(4)] == [False, False, False, True]


def test_clients_do_not_share() -> None:
    rate = Rate(1, Clock())

    assert rate.take("192.0.2.1") == 0.0
    assert rate.take("192.0.2.2") == 0.0
    assert rate.take("192.0.2.1") > 0


def test_memory_is_bounded_by_forgetting_who_was_not_heard_of_for_longest() -> None:
    rate = Rate(1, Clock(), clients=2)
    for last in (1, 2, 1, 3):  # the second is heard of least lately
        rate.take(f"192.0.2.{last}")

    assert rate.take("192.0.2.1") > 0
    assert rate.take("192.0.2.3") > 0
    assert rate.take("192.0.2.2") == 0.0


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("x" * 999, "x" * 100),
    ],
)
def test_a_client_is_an_address_or_a_network_of_one_house(address: str, client: str) -> None:
    assert rate_limit.client_name(address) == client


def test_who_asks_too_much_is_told_when_to_come_back(pool: Pool) -> None:
    clock = Clock()
    app = create_app(pool, data_version="v1", queries={})
    rate_limit.register(app, Rate(2, clock))
    client = app.test_client()
    first = [client.get("/sparql?query=ASK%7B%7D").status_code for _ in range(2)]
    refused = client.get("/sparql?query=ASK%7B%7D")
    watching = [client.get("/healthz").status_code, client.get("/readyz").status_code]
    clock.now += 30
    again = client.get("/sparql?query=ASK%7B%7D")

    assert first == [200, 200]
    problem(refused, 429, "too-many-requests")
    assert refused.headers["Retry-After"] == "30"
    assert refused.headers["X-Request-ID"]
    assert watching == [200, 200]
    assert again.status_code == 200


def test_a_header_makes_no_other_client_unless_a_proxy_is_trusted(pool: Pool) -> None:
    app = create_app(pool, data_version="v1", queries={})
    rate_limit.register(app, Rate(1, Clock()))

    def statuses(client: Client) -> list[int]:
        return [
            client.get("/", headers={"X-Forwarded-For": f"198.51.100.{last}"}).status_code
            for last in (1, 2, 2)
        ]

    assert statuses(Client(app)) == [200, 429, 429]
    assert statuses(Client(ProxyFix(app.wsgi_app, x_for=1))) == [200, 200, 429]


def test_answers_from_memory_count_and_are_refused_like_others(pool: Pool) -> None:
    clock = Clock()
    app = create_app(pool, data_version="v1", queries={}, cache_size=1 << 20)
    assert isinstance(app.wsgi_app, AnswerCache)
    rate_limit.register(app, Rate(2, clock))
    client = app.test_client()
    path = "/sparql?query=ASK%7B%7D"
    kept = [client.get(path).data for _ in range(2)]

    def answered_in_the_loop() -> bool:
        head = ResponseHead()
        body = app(EnvironBuilder(path, environ_base={"REMOTE_ADDR": "127.0.0.1"}).get_environ(), head)
        begun = head.status  # before the body is read, and so without a thread
        assert read_all(body)
        assert head.status.startswith("200" if begun else "429")
        return bool(begun)

    problem(client.get(path), 429, "too-many-requests")
    assert not answered_in_the_loop()
    clock.now += 30
    assert answered_in_the_loop()
    assert not answered_in_the_loop()
    assert kept[0] == kept[1]
