import gzip
from collections.abc import Callable
from io import BytesIO

import pytest

from martlet_client_session._bytes_payload import BytesPayload, StringPayload
from martlet_client_session._multipart_writer import MultipartWriter
from martlet_client_session._payload import Payload
from martlet_client_session._stream_writer import AbstractStreamWriter, BodyStreamWriter

from .part_recording import Pieces, Recorder, aiter_of, written

TYPE = b"Content-Type: application/octet-stream\r\n"


def small() -> MultipartWriter:
    writer = MultipartWriter(boundary="B")
    writer.append("hü")
    writer.append(b"ab", {"Content-Type": "x/y", "X-A": "1"})
    writer.append(BytesIO(b"cd"))
    return writer


SMALL = (
    b"--B\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n\r\nh\xc3\xbc\r\n"
    b"--B\r\nContent-Type: x/y\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nab\r\n"
    b"--B\r\n" + TYPE + b"Content-Length: 2\r\n\r\ncd\r\n"
    b"--B--\r\n"
)


async def test_small_parts_are_written_at_once() -> None:
    writer = small()
    assert writer.size == len(SMALL)
    assert await written(writer) == [SMALL]
    assert await writer.as_bytes() == SMALL
    assert writer.decode() == SMALL.decode()
    assert not writer.consumed


async def test_without_parts_there_is_only_the_end() -> None:
    writer = MultipartWriter(boundary="B")
    assert writer.size == 7
    assert await written(writer) == [b"--B--\r\n"]
    assert writer.decode() == "--B--\r\n"


async def test_the_end_can_be_left_out() -> None:
    recorder = Recorder()
    await small().write(BodyStreamWriter(recorder), close_boundary=False)
    assert recorder.pieces == [SMALL.removesuffix(b"--B--\r\n")]
    recorder = Recorder()
    await MultipartWriter().write(BodyStreamWriter(recorder), False)
    assert recorder.pieces == []


async def test_it_is_written_up_to_a_length() -> None:
    recorder = Recorder()
    await small().write_with_length(BodyStreamWriter(recorder), 60)
    assert recorder.data == SMALL[:60]


async def test_parts_are_gathered_up_to_64_kib() -> None:
    writer = MultipartWriter()
    for _ in range(300):
        writer.append(bytes(1000))
    pieces = await written(writer)
    assert len(pieces) == 6
    assert all(65536 <= len(piece) < 67000 for piece in pieces[:-1])
    assert writer.size == sum(map(len, pieces))


async def test_what_comes_before_a_part_that_may_take_its_time_is_not_held_back() -> None:
    writer = MultipartWriter(boundary="B")
    writer.append(b"a")
    writer.append_payload(Pieces([b"b", b"c"]))
    writer.append(b"d")
    first, *others = await written(writer)
    assert first.endswith(TYPE + b"\r\n")
    assert others[:2] == [b"b", b"c"]
    assert others[2].startswith(b"\r\n--B\r\n")
    assert others[3:] == []


async def test_large_parts_are_not_copied() -> None:
    class Same:
        async def write(self, data: bytes | bytearray | memoryview, /) -> None:
            seen.append(data)

    seen: list[object] = []
    data = bytes(100_000)
    writer = MultipartWriter()
    writer.append(data)
    await writer.write(BodyStreamWriter(Same()))
    parts = [piece.obj if isinstance(piece, memoryview) else piece for piece in seen[1:-1]]
    assert parts
    assert all(part is data for part in parts)


async def test_writers_can_be_nested() -> None:
    outer = MultipartWriter(boundary="B")
    with MultipartWriter("alternative", boundary="C") as inner:
        inner.append("a")
        outer.append(inner)
        # After it has become a part.
        inner.append(b"b", {"Content-Type": "x/y"})
    outer.append("z")
    text = "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 1\r\n\r\n"
    within = (
        f"--C\r\n{text}a\r\n--C\r\nContent-Type: x/y\r\nContent-Length: 1\r\n\r\nb\r\n--C--\r\n"
    )
    body = (
        f"--B\r\nContent-Type: multipart/alternative; boundary=C\r\nContent-Length: {len(within)}"
        f"\r\n\r\n{within}\r\n--B\r\n{text}z\r\n--B--\r\n"
    ).encode()
    assert outer.size == len(body)
    assert await written(outer) == [body]
    assert outer.decode() == body.decode()


async def test_deep_ones_cost_no_more_than_their_depth() -> None:
    writer = innermost = MultipartWriter()
    calls = 0

    class Counted(Pieces):
        @property
        def size(self) -> int | None:
            nonlocal calls
            calls += 1
            return 1

    innermost.append(Counted([b"x"]))
    for _ in range(20):
        outer = MultipartWriter()
        outer.append(writer)
        writer = outer
    calls = 0
    assert writer.size == len(await writer.as_bytes())
    assert calls < 500


@pytest.mark.parametrize("transfer", ["base64", "quoted-printable", None])
async def test_parts_are_encoded_while_they_are_written(transfer: str | None) -> None:
    writer = MultipartWriter(boundary="B")
    headers = {"Content-Type": "x/y"}
    if transfer is None:
        headers["Content-Encoding"] = "gzip"
    else:
        headers["Content-Transfer-Encoding"] = transfer
    writer.append("ü", headers)
    assert writer.size is None
    (body,) = await written(writer)
    head, _, rest = body.partition(b"\r\n\r\n")
    assert b"Content-Length" not in head
    coded = rest.removesuffix(b"\r\n--B--\r\n")
    if transfer is None:
        assert gzip.decompress(coded) == "ü".encode()
    else:
        assert coded == (b"w7w=" if transfer == "base64" else b"=C3=BC")
    assert writer.decode().endswith("\r\n\r\nü\r\n--B--\r\n")


async def test_so_are_those_that_stream() -> None:
    writer = MultipartWriter(boundary="B")
    writer.append(aiter_of(b"ab", b"c"), {"Content-Transfer-Encoding": "base64"})
    assert (await writer.as_bytes()).endswith(b"\r\n\r\nYWJj\r\n--B--\r\n")


async def test_as_bytes_has_what_is_written_later() -> None:
    outer, inner = MultipartWriter(boundary="B"), MultipartWriter(boundary="C")
    outer.append(aiter_of(b"ab", b"c"))
    outer.append(aiter_of(b"d"), {"Content-Encoding": "deflate"})
    outer.append(inner)
    inner.append(aiter_of(b"e"))
    assert outer.size is None
    body = await outer.as_bytes()
    # What they gave has been kept, so their sizes are known now.
    assert body.startswith(b"--B\r\n" + TYPE + b"Content-Length: 3\r\n\r\nabc\r\n")
    assert inner.size == len(await inner.as_bytes())
    assert not outer.consumed
    assert b"".join(await written(outer)) == body == await outer.as_bytes()


async def test_as_bytes_looks_at_all_headers_before_it_reads_anything() -> None:
    writer = MultipartWriter()
    first = Pieces([b"a"], once=True)
    writer.append(first)
    writer.append(b"b").headers["X-A"] = "\n"
    with pytest.raises(ValueError, match="control character"):
        await writer.as_bytes()
    assert not first.consumed


def test_only_a_form_in_memory_can_be_had_without_waiting() -> None:
    assert MultipartWriter(boundary="B").joined() == b"--B--\r\n"
    assert small().joined() is None


async def test_header_fields_can_be_changed_until_they_are_sent() -> None:
    writer = MultipartWriter(boundary="B")
    payload = writer.append(b"a")
    size = writer.size
    payload.set_content_disposition("attachment", filename="x.txt")
    body = await writer.as_bytes()
    assert b'Content-Disposition: attachment; filename="x.txt"\r\n' in body
    assert size is not None
    assert writer.size == len(body) > size


def spoil_header(payload: Payload, inner: MultipartWriter) -> None:
    payload.headers["X-A"] = "a\r\nb"


def spoil_boundary(payload: Payload, inner: MultipartWriter) -> None:
    inner.append(MultipartWriter(boundary="BB"))


@pytest.mark.parametrize("spoil", [spoil_header, spoil_boundary])
async def test_a_change_for_the_worse_is_a_value_error_before_anything_is_written(
    spoil: Callable[[Payload, MultipartWriter], None],
) -> None:
    outer = MultipartWriter(boundary="B")
    outer.append(aiter_of(b"a"))
    middle, inner = MultipartWriter(boundary="C"), MultipartWriter(boundary="D")
    outer.append(middle)
    middle.append(inner)
    spoil(inner.append(b"a"), inner)
    recorder = Recorder()
    with pytest.raises(ValueError, match=r"control character|cannot be told from"):
        await outer.write(BodyStreamWriter(recorder))
    assert recorder.pieces == []
    assert not outer.consumed


async def test_it_can_be_written_again_if_its_parts_can() -> None:
    writer = small()
    assert writer.replayable
    assert await written(writer) == await written(writer) == [SMALL]


async def test_if_not_that_is_a_runtime_error_before_anything_is_written() -> None:
    writer = small()
    writer.append_payload(Pieces([b"x"], once=True))
    assert not writer.replayable
    await written(writer)
    assert writer.consumed
    recorder = Recorder()
    with pytest.raises(RuntimeError, match="has been written, and cannot be once more"):
        await writer.write(BodyStreamWriter(recorder))
    assert recorder.pieces == []


async def test_a_part_that_fails_lets_its_error_out() -> None:
    class Broken(StringPayload):
        async def write(self, writer: AbstractStreamWriter) -> None:
            raise OSError("disk")

    writer = small()
    writer.append_payload(Broken("x"))
    with pytest.raises(OSError, match="disk"):
        await written(writer)


async def test_closing_closes_all_parts_even_if_one_fails() -> None:
    class Broken(BytesPayload):
        async def close(self) -> None:
            raise OSError("disk")

    first, last = Pieces([b"a"]), Pieces([b"b"])
    outer, inner = MultipartWriter(), MultipartWriter()
    outer.append(first)
    outer.append(inner)
    inner.append(last)
    await outer.close()
    await outer.close()
    assert (first.closed, last.closed) == (2, 2)
    outer = MultipartWriter()
    for part in (first, Broken(b""), last):
        outer.append(part)
    with pytest.raises(OSError, match="disk"):
        await outer.close()
    assert (first.closed, last.closed) == (3, 3)


async def test_text_that_is_not_in_memory_has_no_decode() -> None:
    writer = MultipartWriter()
    writer.append(aiter_of(b"a"))
    with pytest.raises(TypeError):
        writer.decode()
