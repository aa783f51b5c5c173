"""By way of proxies, with and without TLS to them and through them, on two event loops."""

import asyncio
import hashlib
import ssl

import pytest

from martlet_interfaces import NO_TIMEOUTS, Fingerprint, TlsHandshakeEnd

from .net import head
from .proxies import (
    CREDENTIALS,
    ORIGIN,
    answering,
    connected,
    fetch,
    on_both_loops,
    proxy_at,
    served_by,
    tunnelling,
)
from .scripted import Answer, Log
from .servers import Server, serving

MOMENTS = ["sent", "first_byte", "done"]


@pytest.mark.parametrize("scheme", ["http", "https"])
@on_both_loops
async def test_http_goes_to_the_proxy_in_absolute_form(scheme: str) -> None:
    requests: list[bytes] = []
    fields = (("X-Hop", "1"),)
    async with proxy_at(scheme, tunnelling(Server(), requests)) as proxy, connected() as connector:
        url = "http://origin.test/a?b=c"
        body, _ = await fetch(connector, url, proxy, proxy_headers=fields)
        _, again = await fetch(connector, url, proxy, proxy_headers=fields)
        _, other = await fetch(connector, url, proxy)

    assert body == b"ok"
    line, *rest = requests[0].split(b"\r\n")
    assert line == b"GET http://origin.test/a?b=c HTTP/1.1"
    assert sorted(rest) == [b"", b"", b"Host: origin.test", CREDENTIALS, b"X-Hop: 1"]
    assert requests[1] == requests[0]
    assert again.info("reused") is True
    # Other fields for the proxy are another identity.
    assert other.info("reused") is False
    assert sorted(requests[2].split(b"\r\n")[1:]) == [b"", b"", b"Host: origin.test", CREDENTIALS]


@pytest.mark.parametrize("by", ["http", "https"])
@pytest.mark.parametrize(("scheme", "port"), [("https", 443), ("wss", 443), ("ws", 80)])
@on_both_loops
async def test_all_else_goes_through_a_tunnel(by: str, scheme: str, port: int) -> None:
    requests: list[bytes] = []
    fields = (("X-Hop", "1"),)
    headers = {"Upgrade": "websocket"} if scheme in ("ws", "wss") else {}
    tls = served_by(ORIGIN) if port == 443 else None
    async with serving(answering, tls=tls) as origin:
        handler = tunnelling(origin, requests)
        async with proxy_at(by, handler) as proxy, connected() as connector:
            url = f"{scheme}://origin.test/a?b=c"
            sent = [
                await fetch(connector, url, proxy, headers=headers, proxy_headers=fields)
                for _ in range(2)
            ]

    (tunnel,) = requests
    authority = f"origin.test:{port}".encode()
    line, host, *rest = tunnel.split(b"\r\n")
    assert line == b"CONNECT " + authority + b" HTTP/1.1"
    assert host == b"Host: " + authority
    assert sorted(rest) == [b"", b"", CREDENTIALS, b"X-Hop: 1"]
    upgrade = b"Upgrade: websocket\r\n" if headers else b""
    seen = b"GET /a?b=c HTTP/1.1\r\nHost: origin.test\r\n" + upgrade + b"\r\n"
    assert [body for body, _ in sent] == [seen, seen]
    assert [exchange.info("reused") for _, exchange in sent] == [False, True]


@pytest.mark.parametrize("by", ["http", "https"])
@pytest.mark.parametrize("scheme", ["http", "https", "ws"])
@on_both_loops
async def test_what_is_told_of_the_way(by: str, scheme: str) -> None:
    log = Log()
    tls = served_by(ORIGIN) if scheme == "https" else None
    async with serving(answering, tls=tls) as origin:
        handler = tunnelling(origin, [])
        async with proxy_at(by, handler) as proxy, connected() as connector:
            _, exchange = await fetch(connector, f"{scheme}://origin.test/", proxy, observer=log)

    # The connector is closed; the facts are still there.
    timings = exchange.info("timings")
    assert isinstance(timings, dict)
    assert all(seconds >= 0 for seconds in timings.values())
    assert list(timings) == [
        "dns",
        "connect",
        *(["proxy_tls"] if by == "https" else []),
        *(["proxy"] if scheme != "http" else []),
        *(["tls"] if scheme == "https" else []),
        *MOMENTS,
    ]
    begun = log.names.index("StreamOpened")
    assert log.names[begun : log.names.index("ConnectionCreateEnd")] == [
        "StreamOpened",
        *["TlsHandshakeEnd"] * [by, scheme].count("https"),
    ]
    hosts = [event.host for event in log.events if isinstance(event, TlsHandshakeEnd)]
    end_to_end = "proxy.test" if (by, scheme) == ("https", "http") else "origin.test"
    if scheme == "https" or (by, scheme) == ("https", "http"):
        assert hosts[-1] == end_to_end
        assert exchange.info("alpn_protocol") == "http/1.1"
        certificate, cipher = exchange.info("peercert"), exchange.info("cipher")
        assert isinstance(certificate, dict)
        assert certificate["subjectAltName"] == (("DNS", end_to_end),)
        assert isinstance(cipher, tuple)
        assert cipher[1].startswith("TLS")
    elif by == "http":
        assert [exchange.info(name) for name in ("peercert", "cipher", "alpn_protocol")] == [
            None
        ] * 3


@on_both_loops
async def test_a_pin_is_the_origins_and_the_connectors_default_is_for_the_proxy() -> None:
    der = ssl.PEM_cert_to_DER_cert(ORIGIN.cert_chain_pems[0].bytes().decode())
    pin = Fingerprint(hashlib.sha256(der).digest())
    async with serving(answering, tls=served_by(ORIGIN)) as origin:
        async with proxy_at("https", tunnelling(origin, [])) as proxy, connected() as connector:
            # Whatever the certificate says: it is the one.
            body, _ = await fetch(connector, "https://elsewhere.test/", proxy, ssl=pin)

    assert body.startswith(b"GET / HTTP/1.1\r\nHost: elsewhere.test\r\n")


@pytest.mark.parametrize("by", ["http", "https"])
@on_both_loops
async def test_the_name_to_verify_is_the_origins(by: str) -> None:
    async with serving(answering, tls=served_by(ORIGIN)) as origin:
        async with proxy_at(by, tunnelling(origin, [])) as proxy, connected() as connector:
            await fetch(connector, "https://elsewhere.test/", proxy, server_hostname="origin.test")


@on_both_loops
async def test_without_a_proxy() -> None:
    log, answer = Log(), Answer()
    async with serving(answering, tls=served_by(ORIGIN)) as origin, connected() as connector:
        request = head("GET", f"https://origin.test:{origin.port}/")
        exchange = await connector.send(request, None, answer, timeouts=NO_TIMEOUTS, observer=log)
        await answer.read()

    timings = exchange.info("timings")
    assert isinstance(timings, dict)
    assert list(timings) == ["dns", "connect", "tls", *MOMENTS]
    begun = log.names.index("StreamOpened")
    assert log.names[begun : begun + 3] == [
        "StreamOpened",
        "TlsHandshakeEnd",
        "ConnectionCreateEnd",
    ]


@pytest.mark.parametrize("by", ["http", "https"])
@on_both_loops
async def test_many_at_once(by: str) -> None:
    requests: list[bytes] = []
    async with serving(answering, tls=served_by(ORIGIN)) as origin:
        async with (
            proxy_at(by, tunnelling(origin, requests)) as proxy,
            connected(limit=3) as connector,
        ):
            urls = [f"https://origin.test/{number}" for number in range(20)]
            bodies = await asyncio.gather(*(fetch(connector, url, proxy) for url in urls))

    assert [body.split(b" ")[1] for body, _ in bodies] == [b"/%d" % n for n in range(20)]
    assert len(requests) == 3
