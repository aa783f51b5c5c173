"""TLS over memory buffers, with a peer that ends, breaks, lies or lets one wait."""

import asyncio
import errno
import ssl
from typing import Any

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet_connector_pool._tls import ended_properly

from .tls_world import (
    AUTHORITY,
    Peer,
    World,
    client_context,
    server_context,
    versions,
)

CUT_OFF = "The peer closed the connection inside the TLS handshake"


class Wanting(ssl.SSLObject):
    """Has to hear the server before it writes, as when that negotiates anew (TLS 1.2)."""

    wants = False
    failure: Exception | None = None

    def write(self, data: Any) -> int:
        if self.wants:
            raise ssl.SSLWantReadError
        if self.failure is not None:
            raise self.failure
        return super().write(data)


class WantingContext(ssl.SSLContext):
    sslobject_class = Wanting


def wanting() -> tuple[World, Wanting]:
    world = World(context=client_context(kind=WantingContext)).open()
    tls = world.layer.get_extra_info("ssl_object")
    assert isinstance(tls, Wanting)
    return world, tls


def lost(world: World, exc: Exception | None = None) -> object:
    """Let what is below be gone; give what the protocol above heard of it."""
    world.layer.connection_lost(exc)
    assert isinstance(world.upper.heard[-1], tuple)
    return world.upper.heard[-1][1]


def failure(world: World) -> BaseException:
    exc = world.done.exception()
    assert exc is not None
    assert world.upper.heard == []
    return exc


# How it ends


@versions
@pytest.mark.parametrize("data", [b"", b"the last words", b"x" * 100_000])
async def test_the_peer_says_the_end(version: ssl.TLSVersion, data: bytes) -> None:
    world = World(version).open()
    proper: list[bool] = []
    world.upper.on_eof = lambda: proper.append(ended_properly(world.layer))

    world.feed(world.peer.send(data) + world.peer.end())

    assert world.upper.data == data
    assert world.upper.heard == ["made", "eof"]
    assert proper == [True]
    assert world.lower.asked == ["close"]
    world.peer.receive(world.lower.take())
    assert world.peer.ended
    assert lost(world) is None


@pytest.mark.parametrize("data", [b"", b"x"])
async def test_the_peer_ends_tcp_alone(data: bytes) -> None:
    world = World().open()

    world.feed(world.peer.send(data))
    assert world.layer.eof_received() is None  # type: ignore[func-returns-value]  # true would keep it open
    assert not ended_properly(world.layer)
    assert world.upper.heard == ["made", "eof"]
    assert lost(world) is None


async def test_the_connection_breaks() -> None:
    world = World().open()
    reset = ConnectionResetError(errno.ECONNRESET, "reset")

    assert lost(world, reset) is reset
    world.layer.connection_lost(None)
    assert world.upper.heard == ["made", ("lost", reset)]


@versions
async def test_close_says_the_end_after_what_was_written(version: ssl.TLSVersion) -> None:
    world = World(version).open()
    world.layer.write(b"the last words")

    world.layer.close()
    world.layer.close()
    world.peer.receive(world.lower.take())

    assert world.peer.got == b"the last words"
    assert world.peer.ended
    assert world.lower.asked == ["close"]
    assert world.layer.is_closing()


@pytest.mark.parametrize("end", ["close", "abort"])
async def test_after_the_end_nothing_is_sent_or_heard(end: str) -> None:
    world = World().open()
    wire = world.peer.send(b"too late")
    getattr(world.layer, end)()
    world.lower.take()

    world.layer.write(b"too late")
    world.layer.writelines([b"too late"])
    world.feed(wire)
    world.layer.pause_reading()
    assert world.lower.reading
    world.lower.reading = False
    world.layer.resume_reading()

    assert not world.lower.reading
    assert world.lower.writes == []
    assert world.upper.pieces == []
    assert lost(world) is None


async def test_abort_says_nothing() -> None:
    world = World().open()

    world.layer.abort()

    assert world.lower.writes == []
    assert world.lower.asked == ["abort"]


@pytest.mark.parametrize("end", ["close", "abort"])
@pytest.mark.parametrize("size", [1, 100_000])
async def test_an_end_inside_the_protocols_callback(end: str, size: int) -> None:
    world = World().open()
    world.upper.on_data = getattr(world.layer, end)

    world.feed(world.peer.send(b"x" * size) + world.peer.end())

    assert len(world.upper.pieces) == 1
    assert world.upper.heard == ["made"]
    assert world.lower.asked == [end]


async def test_what_is_below_closes_first() -> None:
    world = World().open()
    world.lower.closing = True

    world.layer.write(b"x")
    world.layer.pause_reading()

    assert world.layer.is_closing()
    assert world.lower.writes == []
    assert world.lower.reading


# What breaks it


@versions
async def test_an_alert_instead_of_the_handshake(version: ssl.TLSVersion) -> None:
    context = server_context()
    context.set_ciphers("ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    world = World(version, peer=Peer(context))
    world.layer.connection_made(world.lower)

    with pytest.raises(ssl.SSLError):
        world.peer.receive(world.lower.take())
    world.feed(world.peer.take())

    with pytest.raises(ssl.SSLError, match="ALERT"):
        await world.layer.handshake()
    assert world.upper.heard == []
    assert world.lower.asked == ["close"]


async def test_an_alert_after_the_handshake() -> None:
    # With TLS 1.3 the client is done before the server has seen that it has no certificate.
    context = server_context()
    AUTHORITY.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    world = World(peer=Peer(context))
    world.layer.connection_made(world.lower)
    world.peer.receive(world.lower.take())
    world.feed(world.peer.take())
    assert world.upper.heard == ["made"]

    with pytest.raises(ssl.SSLError):
        world.peer.receive(world.lower.take())
    world.feed(world.peer.take())

    assert world.lower.asked == ["abort"]
    exc = lost(world)
    assert isinstance(exc, ssl.SSLError)
    assert "ALERT_CERTIFICATE_REQUIRED" in str(exc)


@pytest.mark.parametrize("size", [1, 1 << 20])
@pytest.mark.parametrize(
    "garbage",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\0" * 100,
        b"\x16\x03\x03\xff\xff",
        b"\x15\x03\x03\0\2\2\x28",
    ],
    ids=["HTTP", "zeros", "record too long", "alert"],
)
async def test_garbage_in_the_handshake(garbage: bytes, size: int) -> None:
    world = World()
    world.layer.connection_made(world.lower)

    world.feed(garbage, [size] * (len(garbage) // size))

    assert isinstance(failure(world), ssl.SSLError)
    assert world.lower.asked == ["close"]
    world.layer.connection_lost(None)
    assert world.upper.heard == []


@settings(deadline=None)
@given(garbage=st.binary(max_size=200), at=st.integers(0, 3000), keep=st.integers(0, 3000))
def test_a_handshake_that_is_spoilt(garbage: bytes, at: int, keep: int) -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    world = World(loop=loop)
    world.layer.connection_made(world.lower)
    world.peer.receive(world.lower.take())
    flight = world.peer.take()
    spoilt = flight[:at] + garbage + flight[at + keep :]

    world.feed(spoilt)
    world.layer.eof_received()
    world.layer.connection_lost(None)

    if spoilt.startswith(flight):
        assert world.done.exception() is None
    else:
        assert isinstance(failure(world), OSError)
        assert world.lower.asked[0] == "close"


@versions
@pytest.mark.parametrize("spoil", ["garbage", "bit"])
async def test_garbage_after_the_handshake(version: ssl.TLSVersion, spoil: str) -> None:
    world = World(version).open()
    good, bad = world.peer.send(b"good"), bytearray(world.peer.send(b"bad"))
    bad[-1] ^= 1

    world.feed(good + (b"\0\1\2\3\4\5" if spoil == "garbage" else bad))
    world.feed(b"more")
    world.layer.write(b"into the void")

    assert world.upper.data == b"good"
    assert world.lower.asked == ["abort"]
    assert isinstance(lost(world), ssl.SSLError)
    assert world.upper.heard.count("eof") == 0


@pytest.mark.parametrize("how", ["eof", "lost", "reset"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
async def test_the_peer_goes_away_in_the_handshake(how: str, share: float) -> None:
    world = World()
    world.layer.connection_made(world.lower)
    world.peer.receive(world.lower.take())
    flight = world.peer.take()

    world.feed(flight[: int(share * len(flight))])
    if how == "eof":
        world.layer.eof_received()
    else:
        reset = ConnectionResetError(errno.ECONNRESET, "reset") if how == "reset" else None
        world.layer.connection_lost(reset)

    exc = failure(world)
    assert isinstance(exc, ConnectionResetError)
    assert exc.errno == errno.ECONNRESET
    assert exc.strerror == ("reset" if how == "reset" else CUT_OFF)


@versions
@pytest.mark.parametrize(
    ("trust", "name", "message", "alert"),
    [
        (True, "other.test", "Hostname mismatch", "ALERT"),
        (False, "origin.test", "self-signed|local issuer", "UNKNOWN_CA"),
    ],
    ids=["name", "authority"],
)
async def test_a_certificate_that_does_not_prove_it(
    version: ssl.TLSVersion, trust: bool, name: str, message: str, alert: str
) -> None:
    context = client_context(version)
    if not trust:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trustme.CA().configure_trust(context)
    world = World(context=context, name=name)
    world.upper.on_made = lambda: world.layer.write(b"secret")
    world.layer.connection_made(world.lower)
    world.peer.receive(world.lower.take())
    world.feed(world.peer.take())

    with pytest.raises(ssl.SSLCertVerificationError, match=message):
        await world.layer.handshake()
    with pytest.raises(ssl.SSLError, match=alert):
        world.peer.receive(world.lower.take())
    assert world.peer.got == b""
    assert world.lower.asked == ["close"]


@versions
async def test_a_check_that_refuses(version: ssl.TLSVersion) -> None:
    def refuse(_: ssl.SSLObject) -> None:
        raise LookupError("not the one that was pinned")

    world = World(version, check=refuse, peer=Peer(greeting=b"hello"))
    world.upper.on_made = lambda: world.layer.write(b"secret")
    world.layer.connection_made(world.lower)
    world.pump()

    with pytest.raises(LookupError, match="pinned"):
        await world.layer.handshake()
    assert world.peer.ready
    assert world.peer.got == b""
    assert world.peer.ended, "it is told properly"
    assert world.lower.asked == ["close"]
    world.layer.connection_lost(None)
    assert world.upper.heard == []
    assert world.upper.pieces == []
