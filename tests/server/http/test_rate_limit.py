"""A limit of requests a client, with a clock in hand."""

from __future__ import annotations

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from server import create_app
from server.engine.workers.pool import Pool
from server.http.layers.rate_limit import Rate, RateLimitLayer
from server.web.request_target import client_name

from ..handled import as_wsgi, at_once, client_of
from ..talking import BROWSER, problem


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
    assert client_name(address) == client


@pytest.mark.parametrize("accept", ["*/*", BROWSER], ids=["program", "browser"])
def test_who_asks_too_much_is_told_when_to_come_back(pool: Pool, accept: str) -> None:
    clock = Clock()
    app = create_app(pool, data_version="v1", queries={})
    path, headers = "/sparql?query=ASK%7B%7D", {"Accept": accept}
    with client_of(app, rate=Rate(2, clock)) as client:
        first = [client.get(path, headers=headers).status_code for _ in range(2)]
        refused = client.get(path, headers=headers)
        watching = [client.get("/healthz").status_code, client.get("/readyz").status_code]
        clock.now += 30
        again = client.get(path, headers=headers)

    assert first == [200, 200]
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "30"
    assert refused.headers["X-Request-ID"]
    assert watching == [200, 200]
    assert again.status_code == 200


def test_a_header_makes_no_other_client_unless_a_proxy_is_trusted(pool: Pool) -> None:
    app = create_app(pool, data_version="v1", queries={})

    def limited() -> RateLimitLayer:
        return RateLimitLayer(at_once(app), Rate(1, Clock()))

    def statuses(client: Client) -> list[int]:
        return [
            client.get("/", headers={"X-Forwarded-For": f"198.51.100.{last}"}).status_code
            for last in (1, 2, 2)
        ]

    assert statuses(Client(as_wsgi(limited()))) == [200, 429, 429]
    assert statuses(Client(ProxyFix(as_wsgi(limited()), x_for=1))) == [200, 200, 429]


def test_answers_from_memory_count_and_are_refused_like_others(pool: Pool) -> None:
    clock = Clock()
    app = create_app(pool, data_version="v1", queries={})
    path = "/sparql?query=ASK%7B%7D"
    with client_of(app, cache_size=1 << 20, rate=Rate(2, clock)) as client:
        kept = [client.get(path).data for _ in range(2)]

        problem(client.get(path), 429, "too-many-requests")
        clock.now += 30
        assert client.get(path).data == kept[0] == kept[1]
        problem(client.get(path), 429, "too-many-requests")
