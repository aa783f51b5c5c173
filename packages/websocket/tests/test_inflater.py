import sys
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from martlet_websocket import WebSocketError
from martlet_websocket._inflater import Inflater

STEP = 64 * 1024


class EnoughError(Exception):
    pass


def inflated(inflater: Inflater, *parts: bytes) -> bytes:
    pieces: list[bytes] = []

    def keep(piece: bytes) -> int:
        pieces.append(piece)
        return sys.maxsize

    for part in parts[:-1]:
        inflater.inflate(part, keep, last=False)
    inflater.inflate(parts[-1], keep, last=True)
    return b"".join(pieces)


def inflate_all(inflater: Inflater, parts: list[bytes], keep: Callable[[bytes], int]) -> None:
    room = keep(b"")
    for part in parts:
        inflater.inflate(part, keep, room, last=False)
        room = keep(b"")


def packed(data: bytes, *, final: bool = False) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    if final:
        return stream.compress(data) + stream.flush()
    return (stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.mark.parametrize(
    "octets",
    [
        "f2 48 cd c9 c9 07 00",  # 7.2.3.1
        "00 05 00 fa ff 48 65 6c 6c 6f 00",  # 7.2.3.3, a block without compression
        "f3 48 cd c9 c9 07 00 00",  # 7.2.3.4, BFINAL is set
        "f2 48 05 00 00 00 ff ff ca c9 c9 07 00",  # 7.2.3.5, two blocks
    ],
)
def test_the_examples_of_the_rfc(octets: str) -> None:
    data = bytes.fromhex(octets)
    for cut in range(len(data) + 1):
        inflater = Inflater(fresh=False)
        assert inflated(inflater, data[:cut], data[cut:]) == b"Hello"
        assert inflated(inflater, data) == b"Hello"


def test_context_is_taken_over_unless_each_message_is_fresh() -> None:
    first, second = bytes.fromhex("f2 48 cd c9 c9 07 00"), bytes.fromhex("f2 00 11 00 00")
    inflater = Inflater(fresh=False)
    assert inflated(inflater, first) == inflated(inflater, second) == b"Hello"
    inflater = Inflater(fresh=True)
    assert inflated(inflater, first) == b"Hello"
    with pytest.raises(WebSocketError, match="cannot be decompressed") as caught:
        inflated(inflater, second)
    assert caught.value.code == 1007
    assert isinstance(caught.value.__cause__, zlib.error)


def test_a_message_may_end_a_stream_and_go_on() -> None:
    data = packed(b"a" * 70_000, final=True) + packed(b"b" * 70_000)
    assert inflated(Inflater(fresh=False), data) == b"a" * 70_000 + b"b" * 70_000


def test_a_message_of_many_streams_is_refused() -> None:
    inflater = Inflater(fresh=False)
    for _ in range(3):
        assert inflated(inflater, b"\x03\x00" * 7 + b"\x00") == b""
    with pytest.raises(WebSocketError, match="more than 8 streams") as caught:
        inflated(inflater, b"\x03\x00" * 100_000)
    assert caught.value.code == 1007


@pytest.mark.parametrize("size", [STEP - 1, STEP, STEP + 1, 3 * STEP, 3 * STEP + 5])
def test_no_output_is_held_back(size: int) -> None:
    inflater = Inflater(fresh=False)
    for letter in (b"a", b"b"):
        assert inflated(inflater, packed(letter * size)) == letter * size


def test_output_comes_in_steps_and_stops_when_it_is_too_much() -> None:
    bomb = packed(b"\0" * (64 << 20))
    sizes: list[int] = []

    def keep(piece: bytes) -> int:
        sizes.append(len(piece))
        if len(sizes) == 10:
            raise EnoughError
        return sys.maxsize

    inflater = Inflater(fresh=False)
    tracemalloc.start()
    try:
        with pytest.raises(EnoughError):
            inflater.inflate(bomb, keep, last=True)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sizes == [STEP] * 10
    assert peak < 1 << 20


def test_one_octet_more_than_is_wanted_comes_before_an_error_behind_it() -> None:
    data = packed(b"a" * 100) + b"\x00\x00\xff\xff\xff\xff"
    wanted = 50
    sizes: list[int] = []

    def keep(piece: bytes) -> int:
        sizes.append(len(piece))
        if sum(sizes) > wanted:
            raise EnoughError
        return wanted - sum(sizes)

    for wanted, met in ((50, EnoughError), (98, EnoughError), (100, WebSocketError)):
        sizes.clear()
        with pytest.raises(met):
            Inflater(fresh=False).inflate(data, keep, wanted, last=True)
        assert sum(sizes) == (wanted + 1 if met is EnoughError else 100)


def test_distances_beyond_a_small_window_are_the_same_wherever_it_is_cut() -> None:
    # A sender that does not keep to what was agreed on; zlib would notice only now and then.
    message = bytes(number * number >> 3 & 0xFF for number in range(2000)) * 2
    data = packed(message)
    octets = [data[place : place + 1] for place in range(len(data))]
    for parts in ([data], octets):
        assert inflated(Inflater(fresh=False), *parts) == message


@pytest.mark.parametrize("wanted", range(8, 13))
def test_too_much_before_an_error_is_too_much_wherever_it_is_cut(wanted: int) -> None:
    # Eleven octets; zlib goes on to the error right behind them even if there is no room for more.
    data = bytes.fromhex("ca 43 00 00 ff ff ff ff")
    found = 0

    def keep(piece: bytes) -> int:
        nonlocal found
        found += len(piece)
        if found > wanted:
            raise EnoughError
        return wanted - found

    for size in range(1, len(data) + 1):
        found = 0
        inflater = Inflater(fresh=False)
        parts = [data[start : start + size] for start in range(0, len(data), size)]
        with pytest.raises(EnoughError if wanted < 11 else WebSocketError):
            inflate_all(inflater, parts, keep)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_whole_message_is_inflated_as_one_in_parts(fresh: bool) -> None:
    stream = zlib.compressobj(1, zlib.DEFLATED, -15)
    synced = (stream.compress(b"end") + stream.flush(zlib.Z_SYNC_FLUSH))[:-4]
    messages = [
        packed(b"Hello"),
        packed(b""),
        packed(b"Hello", final=True) + b"\x00",
        synced + b"\x00\x00\xff\xff\x01",  # of whose last block the sender leaves out the rest
        packed(b"a" * (STEP - 1)),
        packed(b"a" * STEP),
        packed(b"a" * (STEP + 1)),
        packed(b"a" * 1_000_000),
        packed(bytes(range(256)) * 80) + b"\x00\x00\xff\xff" + packed(b"more"),
        bytes.fromhex("00 00 50 ff af") + b"x" * 0x5000 + b"\x00",  # longer than a slice
    ]
    whole, parts = Inflater(fresh=fresh), Inflater(fresh=fresh)
    for message in messages:
        pieces: list[bytes] = []

        def keep(piece: bytes, pieces: list[bytes] = pieces) -> int:
            pieces.append(piece)
            return sys.maxsize

        at_once = whole.inflate_whole(message, keep)
        expected = inflated(parts, message)
        assert (b"".join(pieces) if at_once is None else at_once) == expected
        assert at_once is None or (len(expected) < STEP and not pieces)


def test_a_whole_message_of_which_little_is_wanted_is_inflated_in_steps() -> None:
    pieces: list[bytes] = []

    def keep(piece: bytes) -> int:
        pieces.append(piece)
        if len(b"".join(pieces)) > 10:
            raise EnoughError
        return 10 - len(b"".join(pieces))

    with pytest.raises(EnoughError):
        Inflater(fresh=False).inflate_whole(packed(b"a" * 1000), keep, 10)
    assert len(b"".join(pieces)) == 11


@pytest.mark.parametrize("message", [b"\xff", b"\x00\x01\x00\x00\x00x"])
def test_a_whole_message_that_is_corrupt_is_an_error(message: bytes) -> None:
    with pytest.raises(WebSocketError, match="cannot be decompressed") as caught:
        Inflater(fresh=False).inflate_whole(message, lambda _: sys.maxsize)
    assert caught.value.code == 1007
    assert isinstance(caught.value.__cause__, zlib.error)
