"""TLS with real certificates and real handshakes: who is trusted, and what is not even said."""

import asyncio
import contextlib
import hashlib
import socket
import ssl
from typing import Any, cast

import pytest
import trustme

from martlet_connector_pool import TCPConnector, _tls
from martlet_connector_pool._tls import context_for, ended_properly, server_name, tls_error
from martlet_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorSSLError,
    ClientError,
    ClientOSError,
    ClientPayloadError,
    ConnectionTimeoutError,
    ServerFingerprintMismatch,
)
from martlet_interfaces import NO_TIMEOUTS, ConnectionKey, Fingerprint, Timeouts

from .net import head
from .scripted import Answer
from .servers import Handler, one_response, serving
from .tls_world import Peer

AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("localhost", "127.0.0.1")
KEY = ConnectionKey("localhost", 443, is_ssl=True)


def server_context(*names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["h2", "http/1.1"])
    certificate = AUTHORITY.issue_cert(*names) if names else CERTIFICATE
    certificate.configure_cert(context)
    return context


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def digest() -> bytes:
    certificate = ssl.PEM_cert_to_DER_cert(CERTIFICATE.cert_chain_pems[0].bytes().decode())
    return hashlib.sha256(certificate).digest()


async def fetch(
    handler: Handler = one_response,
    *,
    tls: ssl.SSLContext | None = None,
    host: str = "localhost",
    plain: bool = False,
    timeouts: Timeouts = NO_TIMEOUTS,
    received: list[bytes] | None = None,
    **options: Any,
) -> tuple[Answer, dict[str, object]]:
    """Fetch from a TLS server with the transport's *options*; close, and tell what was seen."""
    answer = Answer()
    served = None if plain else tls or server_context()
    async with serving(handler, tls=served) as server:
        async with TCPConnector(family=socket.AF_INET) as connector:
            request = head(url=f"https://{host}:{server.port}/", **options)
            try:
                exchange = await connector.send(request, None, answer, timeouts=timeouts)
                await answer.read()
            finally:
                await connector.close()
                assert connector._leases is not None
                assert connector._leases.pool.slots.used == 0
    if received is not None:
        received.extend(server.received)
    names = ("ssl_object", "peername", "sockname")
    return answer, {name: exchange.info(name) for name in names}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_context_of_ones_own_verifies(host: str) -> None:
    answer, facts = await fetch(host=host, ssl=trusting())

    assert answer.body == b"ok"
    assert isinstance(facts["ssl_object"], ssl.SSLObject)


async def test_facts_outlive_the_connection() -> None:
    # Read only after the close, when asyncio's own transport has forgotten them.
    _, facts = await fetch(ssl=trusting())

    assert isinstance(facts["peername"], tuple)
    assert facts["peername"][0] == "127.0.0.1"
    assert isinstance(facts["sockname"], tuple)


@pytest.mark.parametrize(
    ("options", "names", "message"),
    [
        ({}, (), "unable to get local issuer certificate"),
        ({"ssl": ssl.create_default_context()}, (), "unable to get local issuer certificate"),
        ({"ssl": trusting()}, ("other.test",), "Hostname mismatch"),
        ({"ssl": trusting(), "server_hostname": "other.test"}, (), "Hostname mismatch"),
    ],
    ids=["unknown CA", "unknown CA, own context", "wrong host", "wrong server_hostname"],
)
async def test_a_certificate_that_does_not_prove_it(
    options: dict[str, Any], names: tuple[str, ...], message: str
) -> None:
    received: list[bytes] = []
    with pytest.raises(ClientConnectorCertificateError, match=message) as caught:
        await fetch(tls=server_context(*names), received=received, **options)

    error = caught.value
    assert isinstance(error.certificate_error, ssl.SSLCertVerificationError)
    assert error.__cause__ is error.certificate_error
    assert error.host == "localhost"
    assert received == []


async def test_the_name_to_verify_can_be_given() -> None:
    answer, _ = await fetch(
        tls=server_context("other.test"), ssl=trusting(), server_hostname="other.test."
    )

    assert answer.body == b"ok"


async def test_verification_can_be_switched_off() -> None:
    answer, facts = await fetch(tls=server_context("other.test"), ssl=False)

    assert answer.body == b"ok"
    ssl_object = facts["ssl_object"]
    assert isinstance(ssl_object, ssl.SSLObject)
    assert ssl_object.selected_alpn_protocol() == "http/1.1"


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
async def test_a_pinned_certificate_needs_no_authority(algorithm: str) -> None:
    certificate = ssl.PEM_cert_to_DER_cert(CERTIFICATE.cert_chain_pems[0].bytes().decode())
    pinned = Fingerprint(hashlib.new(algorithm, certificate).digest())
    answer, _ = await fetch(ssl=pinned)

    assert answer.body == b"ok"


async def test_any_other_certificate_gets_no_byte_of_a_request() -> None:
    got = asyncio.get_running_loop().create_future()

    async def handler(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        try:
            got.set_result(await reader.read())
        except OSError:
            got.set_result(b"")

    with pytest.raises(ServerFingerprintMismatch) as caught:
        await fetch(handler, ssl=Fingerprint(b"x" * 32))

    error = caught.value
    assert (error.expected, error.got, error.host) == (b"x" * 32, digest(), "localhost")
    assert await got == b""


async def test_a_fingerprint_means_nothing_where_tls_is_not_spoken() -> None:
    pinned = Fingerprint(b"x" * 32)
    async with serving() as server, TCPConnector(ssl=pinned) as connector:
        answer = Answer()
        request = head(url=f"http://127.0.0.1:{server.port}/")
        await connector.send(request, None, answer, timeouts=NO_TIMEOUTS)

        assert await answer.read() == b"ok"


async def test_a_peer_that_speaks_no_tls() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    with pytest.raises(ClientConnectorSSLError) as caught:
        await fetch(handler, plain=True)
    assert isinstance(caught.value, ssl.SSLError)
    assert isinstance(caught.value.__cause__, ssl.SSLError)
    assert caught.value.reason == caught.value.__cause__.reason


@pytest.mark.parametrize("how", ["closes", "resets"])
async def test_a_peer_that_goes_away_in_the_handshake(how: str) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        if how == "closes":
            writer.write_eof()
            await reader.read()

    with pytest.raises(ClientError) as caught:
        await fetch(handler, plain=True)
    assert isinstance(caught.value, OSError)


async def test_a_peer_that_stalls_in_the_handshake() -> None:
    async def handler(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    with pytest.raises(ConnectionTimeoutError, match=r"sock_connect=0\.05 s"):
        await fetch(handler, plain=True, timeouts=Timeouts(sock_connect=0.05))


@pytest.mark.parametrize("torn", [False, True])
@pytest.mark.parametrize(("fields", "complete"), [(b"", False), (b"Content-Length: 2\r\n", True)])
async def test_only_close_notify_ends_a_body_without_a_length(
    torn: bool, fields: bytes, complete: bool
) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + fields + b"\r\nok")
        await writer.drain()
        if torn:
            writer.get_extra_info("socket").shutdown(socket.SHUT_WR)
            await reader.read()
        else:
            writer.close()

    if torn and not complete:
        with pytest.raises(ClientPayloadError, match="cut off inside the body"):
            await fetch(handler, ssl=trusting())
    else:
        answer, _ = await fetch(handler, ssl=trusting())
        assert answer.body == b"ok"


@pytest.mark.parametrize("name", ["", "a..b", "x" * 70])
async def test_a_name_that_tls_cannot_ask_for(name: str) -> None:
    if not name:
        assert server_name(KEY._replace(server_hostname="")) == "localhost"
        return
    with pytest.raises(ValueError, match="TLS cannot ask for the server"):
        await fetch(ssl=False, server_hostname=name)


@pytest.mark.parametrize("verify", [True, False])
async def test_the_default_contexts_are_built_once(
    verify: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[bool] = []
    build = _tls._build_context

    def counting(wanted: bool) -> ssl.SSLContext:
        built.append(wanted)
        return build(wanted)

    monkeypatch.setattr(_tls, "_contexts", {})
    monkeypatch.setattr(_tls, "_build_context", counting)

    contexts = await asyncio.gather(*(context_for(verify) for _ in range(20)))
    contexts.append(await context_for(verify))

    assert built == [verify]
    assert len(set(map(id, contexts))) == 1
    assert contexts[0].check_hostname is verify
    assert contexts[0].verify_mode is (ssl.CERT_REQUIRED if verify else ssl.CERT_NONE)


async def test_a_fingerprint_uses_the_context_that_does_not_verify() -> None:
    pinned = await context_for(Fingerprint(b"x" * 32))

    assert pinned is await context_for(False)


async def test_a_context_that_is_given_is_used_as_it_is() -> None:
    context = trusting()

    assert await context_for(context) is context


def test_the_two_kinds_of_failure() -> None:
    assert type(tls_error(KEY, ssl.SSLError(1, "x"))) is ClientConnectorSSLError
    failure = ssl.SSLCertVerificationError(1, "x")
    assert type(tls_error(KEY, failure)) is ClientConnectorCertificateError


# How a stream ends


class Told:
    """A transport with a TLS object that reads *told*, or raises it."""

    def __init__(self, told: bytes | ssl.SSLError) -> None:
        self.told = told

    def read(self, size: int) -> bytes:
        assert size == 1
        if isinstance(self.told, ssl.SSLError):
            raise self.told
        return self.told

    def get_extra_info(self, name: str) -> "Told":
        assert name == "ssl_object"
        return self


@pytest.mark.parametrize(
    ("told", "properly"),
    [
        (b"", True),
        (b"x", False),
        (ssl.SSLZeroReturnError(), True),
        (ssl.SSLWantReadError(), False),
        (ssl.SSLEOFError(), False),
        (ssl.SSLError(1, "bad record"), False),
    ],
    ids=repr,
)
def test_what_ends_a_stream_properly(told: bytes | ssl.SSLError, properly: bool) -> None:
    assert ended_properly(cast("asyncio.BaseTransport", Told(told))) is properly


def test_without_tls_the_end_is_the_end() -> None:
    assert ended_properly(asyncio.BaseTransport())


async def test_an_alert_instead_of_an_answer() -> None:
    # With TLS 1.3 the client has sent its request before it hears that it needs a certificate.
    context = server_context()
    AUTHORITY.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # asyncio's own TLS would forget to send the alert.
        peer = Peer(context)
        with contextlib.suppress(ssl.SSLError):
            while data := await reader.read(65536):
                peer.receive(data)
                writer.write(peer.take())
        writer.write(peer.take())
        await reader.read()

    with pytest.raises(ClientOSError, match="CERTIFICATE_REQUIRED") as caught:
        await fetch(handler, plain=True, ssl=trusting())

    assert isinstance(caught.value.__cause__, ssl.SSLError)
