"""Host, scheme and prefix: what is not valid is refused with 400, and makes no address."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from server.web.http_errors import RequestError
from server.web.request_target import is_host, refuse_wrong, without_empty_port

from ..talking import problem

# RFC 3986 section 3.2.2 and RFC 9110 section 7.2; ports of TCP have 16 bits.
WRONG = [
    *(
        "",
        " ",
        'a"b',
        "a b",
        "a\tb",
        "a<b",
        "a'b",
        "u:p@e",
        "@",
        "/",
        "a/b",
        "a?b",
        "a#b",
        "a\\b",
        "a%20b",
        "a,b",
    ),
    *("h:0", "h:99999", "h:65536", "h:80a", "h:-1", "h: 80", "h:1:2", ":80", "h::80"),
    *("..", ".a", "a..b", "a.b..", "-_-.a!", "müller.example", "m\xc3\xbcller", "\xff", "a\x7f"),
    *("[::1", "::1", "[]", "[::1]x", "[::g]", "[1.2.3.4]", "[v1.x]", "[::1]:99999", "[::1%25eth0]"),
    "a" * 300,
]
RIGHT = [
    *(
        "x",
        "localhost",
        "localhost:8000",
        "a-b.example.org",
        "EXAMPLE.org:443",
        "a.b.",
        "127.0.0.1:1",
        "h:65535",
    ),
    *("[::1]", "[::1]:8000", "[2001:db8::ff:0]", "[::ffff:1.2.3.4]", "xn--mller-kva.example"),
]
PATHS = (
    "/.well-known/void",
    "/sparql",
    "/sparql?query=ASK%7B%7D",
    "/reconcile",
    "/",
    "/nowhere",
    "/static/page.css",
)


@pytest.mark.parametrize("host", WRONG)
def test_a_host_that_is_not_valid_is_refused(client: FlaskClient, host: str) -> None:
    for path in PATHS:
        response = client.get(path, headers={"Host": host})

        assert "Host" in str(problem(response, 400, "bad-request")["detail"])
        assert "http:///" not in response.text


@pytest.mark.parametrize("host", ["[:::]", "[::ffff:1.2.3.4.5]", "[1::2::3]"])
def test_an_address_in_brackets_is_one_of_ipv6(host: str) -> None:
    with pytest.raises(RequestError, match="Host"):
        refuse_wrong({"HTTP_HOST": host})


def test_a_browser_is_told_in_a_page(client: FlaskClient) -> None:
    response = client.get("/", headers={"Host": 'a"><script>', "Accept": "text/html"})

    assert (response.status_code, response.mimetype) == (400, "text/html")
    assert "<script>" not in response.text


@pytest.mark.parametrize("host", RIGHT)
def test_a_host_that_is_valid_is_the_beginning_of_addresses(client: FlaskClient, host: str) -> None:
    response = client.get("/.well-known/void", headers={"Host": host, "Accept": "text/turtle"})

    assert response.status_code == 200
    assert f"<http://{host}/sparql>".lower() in response.text.lower()


def test_without_a_host_the_address_is_that_of_the_server(client: FlaskClient) -> None:
    environ = client.open("/healthz").request.environ
    refuse_wrong({name: value for name, value in environ.items() if name != "HTTP_HOST"})


@pytest.mark.parametrize(
    ("name", "value", "header"),
    [
        ("wsgi.url_scheme", "javascript", "X-Forwarded-Proto"),
        ("wsgi.url_scheme", "", "X-Forwarded-Proto"),
        ("SCRIPT_NAME", "x", "X-Forwarded-Prefix"),
        ("SCRIPT_NAME", "//evil.example", "X-Forwarded-Prefix"),
        ("SCRIPT_NAME", '/a"b', "X-Forwarded-Prefix"),
    ],
)
def test_what_a_proxy_says_is_checked_too(client: FlaskClient, name: str, value: str, header: str) -> None:
    response = client.get("/", environ_overrides={name: value})

    assert header in str(problem(response, 400, "bad-request")["detail"])


@pytest.mark.parametrize("prefix", ["", "/", "/graph", "/a/b-c/", "/%20"])
def test_a_prefix_is_a_path(client: FlaskClient, prefix: str) -> None:
    assert client.get("/", environ_overrides={"SCRIPT_NAME": prefix}).status_code == 200


@pytest.mark.parametrize(
    ("value", "host"), [("h:", "h"), ("[::1]:", "[::1]"), ("h:1", "h:1"), (":", ":"), ("h::", "h::")]
)
def test_an_empty_port_is_the_default_one(value: str, host: str) -> None:
    """RFC 3986 section 3.2.3: the port may be empty."""
    assert without_empty_port(value) == host
    assert is_host(host) == (host[0] in "h[" and host != "h::")
