import pytest
from yarl import URL

from martlet_client_session import ClientRequest
from martlet_interfaces import ConnectionKey


@pytest.mark.parametrize(
    ("url", "host", "port", "is_ssl"),
    [
        ("http://h/", "h", 80, False),
        ("https://h/", "h", 443, True),
        ("wss://h:1/", "h", 1, True),
        ("ws://h/", "h", 80, False),
        ("http://b\u00fccher/", "b\u00fccher", 80, False),
        ("http://[::1]:8080/", "::1", 8080, False),
    ],
)
def test_where_it_goes(url: str, host: str, port: int, is_ssl: bool) -> None:
    request = ClientRequest("GET", URL(url))
    assert (request.host, request.port, request.is_ssl()) == (host, port, is_ssl)


def test_how_it_goes() -> None:
    request = ClientRequest("GET", URL("http://h/"))
    assert (request.ssl, request.server_hostname, request.proxy) == (True, None, None)
    assert not request.proxy_headers
    assert request.options.ssl is True


@pytest.mark.parametrize(
    ("url", "proxy", "tunnel"),
    [
        ("http://b\u00fccher/", None, False),
        ("https://b\u00fccher/", None, False),
        ("http://b\u00fccher/", URL("http://proxy/"), False),
        ("https://b\u00fccher/", URL("http://proxy/"), True),
    ],
)
def test_which_connections_may_serve_it(url: str, proxy: URL | None, tunnel: bool) -> None:
    request = ClientRequest(
        "GET", URL(url), proxy=proxy, proxy_headers=[("A", "1"), ("A", "2")], ssl=False
    )
    key = request.connection_key
    assert isinstance(key, ConnectionKey)
    assert key == ConnectionKey(
        "xn--bcher-kva", request.port, request.is_ssl(), False, None, proxy,
        (("A", "1"), ("A", "2")) if proxy else (), tunnel,
    )  # fmt: skip


def test_what_errors_carry_of_it() -> None:
    request = ClientRequest("GET", URL("http://u:p@h/#f"), headers={"X-A": "1"})
    info = request.request_info
    assert (str(info.url), info.method, str(info.real_url)) == ("http://h/", "GET", "http://h/#f")
    assert info.headers["X-A"] == "1"
