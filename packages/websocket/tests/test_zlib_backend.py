"""Other libraries of zlib's shape do the same, or are refused."""

import zlib
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isal import isal_zlib
from zlib_ng import zlib_ng

from martlet_websocket import (
    DeflateParameters,
    FrameWriter,
    MessageParser,
    WebSocketConnection,
    WSMsgType,
    ZlibBackend,
    can_deflate,
)

from .test_message_parser_splits import DATA, in_pieces, shown

BACKENDS = st.sampled_from([zlib, zlib_ng])
PARAMETERS = [
    DeflateParameters(),
    DeflateParameters(server_no_context_takeover=True, client_no_context_takeover=True),
    DeflateParameters(server_max_window_bits=9, client_max_window_bits=8),
]


def test_who_can_do_it() -> None:
    assert can_deflate(zlib)
    assert can_deflate(zlib_ng)
    # Its decompressors cannot be copied.
    assert not can_deflate(isal_zlib)
    assert not can_deflate("zlib")
    assert not can_deflate(SimpleNamespace(decompressobj=zlib.decompressobj))
    assert not can_deflate(SimpleNamespace(decompressobj=zlib.compress))


@pytest.mark.parametrize(
    "backend",
    [
        isal_zlib,
        "zlib",
        None,
        SimpleNamespace(decompressobj=zlib.decompressobj, compressobj=zlib.compressobj),
        SimpleNamespace(
            decompressobj=zlib.decompressobj, compressobj=zlib.compressobj, error="Error"
        ),
    ],
)
def test_what_cannot_is_refused(backend: ZlibBackend) -> None:
    deflate = DeflateParameters()
    with pytest.raises(TypeError, match=r"zlib_backend has to be a module like zlib, .* copy"):
        WebSocketConnection(client=True, deflate=deflate, zlib_backend=backend)
    with pytest.raises(TypeError, match="zlib_backend"):
        MessageParser(client=True, deflate=deflate, zlib_backend=backend)
    with pytest.raises(TypeError, match="zlib_backend"):
        FrameWriter(client=True, deflate=deflate, zlib_backend=backend)


@given(
    ours=BACKENDS,
    theirs=BACKENDS,
    deflate=st.sampled_from(PARAMETERS),
    level=st.integers(1, 9),
    messages=st.lists(st.tuples(DATA, st.sampled_from([None, 1, 6, 0])), max_size=5),
    cuts=st.lists(st.integers(min_value=0)),
)
def test_what_one_writes_the_other_reads(
    ours: ZlibBackend,
    theirs: ZlibBackend,
    deflate: DeflateParameters,
    level: int,
    messages: list[tuple[bytes, int | None]],
    cuts: list[int],
) -> None:
    writer = FrameWriter(client=False, deflate=deflate, level=level, zlib_backend=theirs)
    octets = [writer.message(data, WSMsgType.BINARY, own) for data, own in messages]
    wanted = [(WSMsgType.BINARY, data, "") for data, _ in messages]
    parser, alone = (
        MessageParser(client=True, deflate=deflate, zlib_backend=ours) for _ in range(2)
    )
    assert in_pieces(parser, b"".join(octets), cuts) == wanted
    assert [message for frame in octets for message in alone.feed(frame)] == wanted


@given(
    limit=st.sampled_from([0, 10, 4000]),
    payloads=st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.integers(0, 5000).map(lambda size: zlib.compress(b"ab" * size, wbits=-15)),
        ),
        max_size=4,
    ),
    cuts=st.lists(st.integers(min_value=0)),
)
def test_both_find_the_same_wrong(limit: int, payloads: list[bytes], cuts: list[int]) -> None:
    data = b"".join(FrameWriter(client=False).frame(0xC2, payload) for payload in payloads)
    standard, other, cut = (
        MessageParser(
            client=True, deflate=DeflateParameters(), max_msg_size=limit, zlib_backend=backend
        )
        for backend in (zlib, zlib_ng, zlib_ng)
    )
    wanted = shown(standard.feed(data))
    assert shown(other.feed(data)) == wanted
    assert in_pieces(cut, data, cuts) == wanted
