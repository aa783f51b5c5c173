"""TLS over memory buffers, against ssl's own server side: all that goes well, however it is cut."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any, Final, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet_connector_pool._tls_layer import BufferedTLSLayer, TLSLayer, tls_layer_class

from .tls_world import (
    VERSIONS,
    Peer,
    Upper,
    World,
    client_context,
    pattern,
    server_context,
    versions,
)

SIZES: Final = [0, 1, 16383, 16384, 16385, 1024 * 1024]


@versions
@pytest.mark.parametrize("size", [1, 2, 5, 100, 4000, 1 << 20])
async def test_a_handshake_in_pieces(version: ssl.TLSVersion, size: int) -> None:
    checked: list[ssl.SSLObject] = []
    world = World(version, check=checked.append)

    world.layer.connection_made(world.lower)
    assert world.upper.heard == []
    assert not world.done.done()
    world.pump(size)
    await world.layer.handshake()

    assert world.upper.heard == ["made"]
    assert checked == [world.layer.get_extra_info("ssl_object")]
    assert world.peer.tls.version() == version.name.replace("_", ".")
    assert world.peer.tls.cipher() == world.layer.get_extra_info("cipher")


@versions
@pytest.mark.parametrize("size", SIZES)
async def test_data_both_ways(version: ssl.TLSVersion, size: int) -> None:
    world = World(version).open()
    data = pattern(size)[:size]

    world.layer.write(data)
    assert len(world.lower.writes) <= 1
    world.pump()
    world.feed(world.peer.send(data))

    assert world.peer.got == data
    assert world.upper.data == data
    assert not world.lower.closing


@versions
async def test_data_byte_by_byte(version: ssl.TLSVersion) -> None:
    world = World(version).open()
    wire = world.peer.send(b"one") + world.peer.send(b"two")

    world.feed(wire, [1] * len(wire))

    assert world.upper.pieces == [b"one", b"two"]


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
async def test_whatever_holds_bytes_can_be_written(kind: Callable[[bytes], Any]) -> None:
    world = World().open()

    world.layer.write(kind(b"x" * 20000))
    world.layer.writelines([kind(b"y"), kind(b"z")])
    world.pump()

    assert world.peer.got == b"x" * 20000 + b"yz"


@versions
@pytest.mark.parametrize("size", [1, 1 << 20])
async def test_data_that_comes_with_the_end_of_the_handshake(
    version: ssl.TLSVersion, size: int
) -> None:
    world = World(version, peer=Peer(greeting=b"hello" * 5000))

    world.layer.connection_made(world.lower)
    world.pump(size)

    assert world.upper.heard == ["made"]
    assert world.upper.data == b"hello" * 5000


async def test_the_protocol_may_speak_as_soon_as_it_is_connected() -> None:
    world = World()
    world.upper.on_made = lambda: world.layer.write(b"GET")

    world.open()

    assert world.peer.got == b"GET"


async def test_session_tickets_are_no_data() -> None:
    world = World().open()

    session = world.layer.get_extra_info("ssl_object").session  # type: ignore[attr-defined]  # object
    assert session is not None
    assert session.has_ticket
    assert world.upper.pieces == []


@versions
async def test_the_facts(version: ssl.TLSVersion) -> None:
    context = client_context(version)
    world = World(context=context).open()
    info = world.layer.get_extra_info

    assert info("sslcontext") is context
    assert isinstance(info("ssl_object"), ssl.SSLObject)
    cipher = info("cipher")
    assert isinstance(cipher, tuple)
    assert cipher[0]
    assert cipher[1] == version.name.replace("_", ".")
    assert cipher[2] >= 128
    certificate = info("peercert")
    assert isinstance(certificate, dict)
    assert ("DNS", "origin.test") in certificate["subjectAltName"]
    assert info("compression") is None
    assert info("peername") == ("192.0.2.1", 443)
    assert info("socket") is None
    assert info("socket", 7) == 7


async def test_back_pressure_is_passed_on() -> None:
    world = World().open()
    layer, lower = world.layer, world.lower

    layer.pause_writing()
    layer.resume_writing()
    assert world.upper.heard == ["made", "pause", "resume"]
    layer.pause_reading()
    assert not layer.is_reading()
    layer.resume_reading()
    assert layer.is_reading()
    lower.unsent = 5
    assert layer.get_write_buffer_size() == 5
    layer.set_write_buffer_limits(10, 3)
    assert lower.asked == [(10, 3)]
    assert not layer.can_write_eof()


async def test_another_protocol_takes_over() -> None:
    world = World().open()
    other = Upper()
    other.connection_made(world.layer)

    world.layer.set_protocol(other)
    world.feed(world.peer.send(b"for the other"))

    assert world.layer.get_protocol() is other
    assert other.data == b"for the other"
    assert world.upper.pieces == []


@versions
@pytest.mark.parametrize("size", [1, 100, 1 << 20])
async def test_a_layer_on_a_layer(version: ssl.TLSVersion, size: int) -> None:
    loop = asyncio.get_running_loop()
    upper, inner_done = Upper(), loop.create_future()
    inner = TLSLayer(client_context(version), "origin.test", upper, lambda _: None, inner_done)
    world = World(peer=(proxy := Peer()))
    world.layer.set_protocol(inner)

    world.layer.connection_made(world.lower)
    world.peer = Peer(below=proxy)
    world.pump(size)
    await world.layer.handshake()
    await inner.handshake()
    data = pattern(40000)[:40000]
    inner.write(data)
    world.pump()
    wire = world.peer.send(data)
    world.feed(wire, [size] * (len(wire) // size))

    assert world.peer.got == data
    assert upper.data == data
    assert inner.get_extra_info("ssl_object") is not world.layer.get_extra_info("ssl_object")
    assert inner.get_extra_info("peername") == ("192.0.2.1", 443)
    inner.close()
    world.pump()
    assert world.peer.ended
    assert proxy.ended
    assert world.lower.asked == ["close"]
    world.layer.connection_lost(None)
    assert upper.heard == ["made", ("lost", None)]


@settings(deadline=None, max_examples=60)
@given(
    version=st.sampled_from(VERSIONS),
    sizes=st.lists(st.integers(1, 3000), max_size=40),
    messages=st.lists(
        st.tuples(st.booleans(), st.binary(max_size=50), st.integers(1, 900)), max_size=8
    ),
)
def test_any_splitting_gives_the_same(
    version: ssl.TLSVersion, sizes: list[int], messages: list[tuple[bool, bytes, int]]
) -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    world = World(version, loop=loop)
    ours, theirs, wire = b"", b"", b""

    world.layer.connection_made(world.lower)
    while not world.peer.ready or not world.done.done():
        world.peer.receive(world.lower.take())
        world.feed(world.peer.take(), sizes)
    for from_us, seed, times in messages:
        data = seed * times
        if from_us:
            world.layer.write(data)
            ours += data
        else:
            wire += world.peer.send(data)
            theirs += data
    world.feed(wire, sizes)
    world.pump()

    assert world.peer.got == ours
    assert world.upper.data == theirs
    assert world.upper.heard == ["made"]


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.write(data)
        if data.endswith(b"!"):
            self.transport.close()


@versions
@pytest.mark.parametrize("kind", [TLSLayer, BufferedTLSLayer])
async def test_on_an_event_loop(version: ssl.TLSVersion, kind: type[TLSLayer]) -> None:
    loop = asyncio.get_running_loop()
    near, far = socket.socketpair()
    world = World(version, kind=kind)
    lost = loop.create_future()
    world.upper.connection_lost = lost.set_result  # type: ignore[assignment, method-assign]  # wakes
    data = pattern(1024 * 1024)[: 1024 * 1024 - 1] + b"!"

    accepting = asyncio.ensure_future(loop.connect_accepted_socket(Echo, far, ssl=server_context()))
    await loop.create_connection(lambda: world.layer, sock=near)
    await world.layer.handshake()
    await accepting
    world.layer.write(data)

    assert await lost is None
    assert world.upper.data == data
    heard = world.upper.heard
    assert [event for event in heard if event not in ("pause", "resume")] == ["made", "eof"]
    assert heard.count("pause") == heard.count("resume")


def test_which_class_a_loop_gets() -> None:
    loop = asyncio.SelectorEventLoop()
    loop.close()
    assert tls_layer_class(loop) is BufferedTLSLayer
    other = cast("asyncio.AbstractEventLoop", object())  # uvloop's, Windows' proactor
    assert tls_layer_class(other) is TLSLayer
