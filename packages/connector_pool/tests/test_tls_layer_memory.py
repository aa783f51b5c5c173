"""TLS over memory buffers: how much of it there is, what happens without, and who has to wait."""

import ssl
from typing import Any

import pytest

from .test_tls_layer_faults import lost, wanting
from .tls_world import RECORD, RealBIO, World, client_context, pattern, versions

# A record's header, nonce, padding and code, in any version (RFC 5246 section 6.2.3).
OVERHEAD = 2048


class MeasuredBIO:
    """In the place of `ssl.MemoryBIO`, which cannot be subclassed: knows the most it has held."""

    made: "list[MeasuredBIO]" = []  # noqa: RUF012  # emptied by the test

    def __init__(self) -> None:
        self.real = RealBIO()
        self.most = 0
        self.short = False
        self.made.append(self)

    @property
    def pending(self) -> int:
        self.most = max(self.most, self.real.pending)
        return self.real.pending

    def write(self, data: Any) -> int:
        if self.short:
            raise MemoryError
        written = self.real.write(data)
        self.most = max(self.most, self.real.pending)
        return written

    def read(self, size: int = -1) -> bytes:
        self.most = max(self.most, self.real.pending)
        return self.real.read(size)


class MeasuredObject(ssl.SSLObject):
    largest = 0

    def write(self, data: Any) -> int:
        self.largest = max(self.largest, memoryview(data).nbytes)
        return super().write(data)


class MeasuredContext(ssl.SSLContext):
    sslobject_class = MeasuredObject

    def wrap_bio(self, incoming: Any, outgoing: Any, *args: Any, **options: Any) -> ssl.SSLObject:
        incoming, outgoing = (getattr(bio, "real", bio) for bio in (incoming, outgoing))
        return super().wrap_bio(incoming, outgoing, *args, **options)


def measured(
    monkeypatch: pytest.MonkeyPatch, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> tuple[World, MeasuredBIO, MeasuredBIO]:
    monkeypatch.setattr(MeasuredBIO, "made", [])
    monkeypatch.setattr("martlet_connector_pool._tls_layer.ssl.MemoryBIO", MeasuredBIO)
    world = World(context=client_context(version, MeasuredContext))
    incoming, outgoing = MeasuredBIO.made
    return world, incoming, outgoing


@versions
async def test_openssl_never_gets_more_than_a_record_at_once(
    version: ssl.TLSVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, incoming, outgoing = measured(monkeypatch, version)
    data = pattern(1024 * 1024)

    world.open()
    world.layer.write(data)
    world.pump()
    world.feed(world.peer.send(data))

    assert world.peer.got == data
    assert world.upper.data == data
    tls = world.layer.get_extra_info("ssl_object")
    assert isinstance(tls, MeasuredObject)
    assert tls.largest == RECORD
    assert 0 < incoming.most <= RECORD
    assert RECORD < outgoing.most <= RECORD + OVERHEAD


async def test_no_memory_for_what_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    world, incoming, _ = measured(monkeypatch)
    world.open()
    incoming.short = True

    world.feed(world.peer.send(b"x"))

    assert world.lower.asked == ["abort"]
    assert isinstance(lost(world), MemoryError)
    assert world.upper.pieces == []


@pytest.mark.parametrize("waiting", [True, False])
async def test_no_memory_in_the_handshake(monkeypatch: pytest.MonkeyPatch, waiting: bool) -> None:
    world, incoming, _ = measured(monkeypatch)
    world.layer.connection_made(world.lower)
    incoming.short = True
    if not waiting:
        world.done.cancel()

    world.feed(b"x")

    assert world.lower.asked == ["abort"]
    assert world.upper.heard == []
    if waiting:
        with pytest.raises(MemoryError):
            await world.layer.handshake()


async def test_nothing_can_be_written_any_more() -> None:
    world, tls = wanting()
    tls.failure = ssl.SSLError(1, "protocol is shutdown")

    world.layer.write(b"x")

    assert world.lower.writes == []
    assert world.lower.asked == ["abort"]
    assert lost(world) is tls.failure


async def test_the_pieces_that_are_left_are_written_in_order() -> None:
    world, tls = wanting()
    world.layer.write(b"a" * 20000)
    tls.wants = True

    world.layer.write(b"b" * 20000)
    world.layer.write(memoryview(b"c" * 20000))
    assert world.layer.get_write_buffer_size() == 40000
    world.pump()
    assert world.peer.got == b"a" * 20000
    tls.wants = False
    world.layer._resend()
    world.layer.write(b"d")
    world.pump()

    assert world.peer.got == b"a" * 20000 + b"b" * 20000 + b"c" * 20000 + b"d"
    assert world.layer.get_write_buffer_size() == 0


async def test_the_server_is_heard_and_wants_no_answer() -> None:
    # A new handshake in full ends with the server's words: the client has nothing to add.
    world, tls = wanting()
    tls.wants = True
    world.layer.write(b"held back")
    tls.wants = False

    world.feed(world.peer.send(b"x"))
    world.pump()

    assert world.peer.got == b"held back"


async def test_who_writes_waits_while_the_server_is_not_heard() -> None:
    world, tls = wanting()
    tls.wants = True

    world.layer.write(b"held back" * 100_000)
    assert world.upper.heard == ["made", "pause"]
    tls.wants = False
    world.feed(world.peer.send(b"x"))

    assert world.upper.heard == ["made", "pause", "resume"]


async def test_an_answer_of_openssl_leaves_at_once() -> None:
    # To a KeyUpdate, for one (RFC 8446 section 4.6.3).
    world, _ = wanting()
    world.layer._outgoing.write(b"its answer")

    world.feed(world.peer.send(b"x"))

    assert world.lower.take() == b"its answer"
    assert world.upper.data == b"x"


async def test_openssl_gives_back_memory_but_once_and_even_if_it_cannot() -> None:
    world, tls = wanting()
    tls.wants = True

    world.feed(world.peer.send(b"x"))
    world.feed(world.peer.send(b"y"))

    assert world.upper.data == b"xy"
    assert world.lower.writes == []
    assert not world.lower.closing


async def test_openssl_has_an_answer_to_what_is_below_no_more() -> None:
    world, _ = wanting()
    world.layer._outgoing.write(b"its answer")
    wire = world.peer.send(b"x")
    world.lower.closing = True

    world.feed(wire)

    assert world.lower.writes == []
    assert world.upper.data == b"x"


async def test_the_courtesy_of_a_last_word_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world, _, outgoing = measured(monkeypatch)
    world.open()

    def fail(_: int = -1) -> bytes:
        raise MemoryError

    monkeypatch.setattr(outgoing, "read", fail)
    world.layer.close()

    assert world.lower.asked == ["close"]
