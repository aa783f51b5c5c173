import array
import io

import pytest

from martlet_client_session._bytes_payload import BytesPayload, StringIOPayload, StringPayload
from martlet_client_session._payload import Payload

from .payload_writing import pieces, written

MIB = 2**20


@pytest.mark.parametrize("value", [b"abc", bytearray(b"abc"), memoryview(b"abc")])
async def test_bytes_are_written_as_often_as_is_asked(value: bytes) -> None:
    payload = BytesPayload(value)
    assert (payload.size, payload.content_type) == (3, "application/octet-stream")
    assert (payload.replayable, payload.consumed, payload.autoclose) == (True, False, True)
    assert payload.decode() == "abc"
    for _ in range(2):
        assert await pieces(payload) == [b"abc"]
    assert await pieces(payload, 2) == [b"ab"]
    assert await pieces(payload, 0) == []
    await payload.close()
    assert await payload.as_bytes() == b"abc"


def test_their_type_is_not_guessed() -> None:
    assert BytesPayload(b"", filename="a.png").content_type == "application/octet-stream"
    assert BytesPayload(b"", {"X-A": "b"}, "image/png").content_type == "image/png"
    assert "Content-Type" not in BytesPayload(b"", content_type=None).headers


@pytest.mark.parametrize("value", ["abc", 3, None, [1]])
def test_what_is_not_bytes_is_refused(value: bytes) -> None:
    with pytest.raises(TypeError, match="Bytes are bytes, bytearray or memoryview, not"):
        BytesPayload(value)


async def test_what_can_change_is_copied() -> None:
    value = bytearray(b"abc")
    payload = BytesPayload(value)
    value[:] = b"much longer"
    assert (payload.size, await written(payload)) == (3, b"abc")


@pytest.mark.parametrize("count", [3, 2**18])
async def test_views_of_any_format_are_bytes(count: int) -> None:
    value = array.array("q", range(count))
    payload = BytesPayload(memoryview(value))
    assert payload.size == 8 * count
    assert await written(payload) == await payload.as_bytes() == value.tobytes()
    reverse = BytesPayload(memoryview(value.tobytes())[::-1])
    assert await written(reverse) == value.tobytes()[::-1]
    assert reverse.decode("latin1") == value.tobytes()[::-1].decode("latin1")


@pytest.mark.parametrize("kind", [bytes, bytearray])
async def test_much_is_written_in_pieces(kind: type[bytes]) -> None:
    value = kind(b"abcd" * MIB)
    payload = BytesPayload(value)
    assert [len(piece) for piece in await pieces(payload)] == [MIB] * 4
    assert await written(payload) == value
    assert [len(piece) for piece in await pieces(payload, MIB + 1)] == [MIB, 1]


async def test_text_is_encoded() -> None:
    payload = StringPayload("xé")
    assert (payload.size, payload.encoding) == (3, "utf-8")
    assert payload.content_type == "text/plain; charset=utf-8"
    assert await written(payload) == await payload.as_bytes("latin1") == b"x\xc3\xa9"
    payload = StringPayload("xé", encoding="latin1")
    assert payload.content_type == "text/plain; charset=latin1"
    assert (payload.decode(), await written(payload)) == ("xé", b"x\xe9")
    payload = StringPayload("ж", content_type="text/html; charset=koi8-r")
    assert (payload.decode(), await written(payload), payload.encoding) == (
        "ж",
        b"\xd6",
        "koi8-r",
    )


async def test_the_charset_of_a_header_counts() -> None:
    fields = {"Content-Type": "text/css; charset=latin1", "X-A": "b"}
    for payload in (StringPayload("é", headers=fields), StringPayload("é", fields)):
        assert dict(payload.headers) == fields
        assert await written(payload) == b"\xe9"


def test_bad_text_is_refused() -> None:
    with pytest.raises(TypeError, match="Text is a str, not bytes"):
        StringPayload(b"x")  # type: ignore[arg-type]  # that is the point
    with pytest.raises(ValueError, match="ascii"):
        StringPayload("é", encoding="ascii")
    with pytest.raises(ValueError, match="nope"):
        StringPayload("é", encoding="nope")
    with pytest.raises(ValueError, match="surrogates"):
        StringPayload("\ud800")


async def test_the_rest_of_a_text_in_memory_is_read_at_once() -> None:
    value = io.StringIO("aéb")
    value.read(1)
    payload = StringIOPayload(value)
    assert (payload.decode(), payload.size, value.read()) == ("éb", 3, "")
    await payload.close()
    assert not value.closed
    with pytest.raises(TypeError, match="Text is a str"):
        StringIOPayload(io.BytesIO())  # type: ignore[arg-type]  # that is the point


def test_all_are_payloads() -> None:
    assert isinstance(StringPayload(""), Payload)
    assert repr(StringPayload("é")) == "<StringPayload text/plain; charset=utf-8, 2 bytes>"
