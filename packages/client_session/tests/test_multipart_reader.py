import asyncio
import base64
import gzip

import pytest
from multidict import CIMultiDict

from martlet_client_session._body_part_reader import BodyPartReader
from martlet_client_session._multipart_reader import MultipartReader
from martlet_client_session._multipart_response import MultipartResponseWrapper
from martlet_exceptions import ClientPayloadError, ContentEncodingError, PayloadEncodingError

from .multipart_bodies import Pieces, reader

INNER = b"--c\r\nX: 1\r\n\r\nin\r\n--c\r\n\r\nin2\r\n--c--"
NESTED = (
    b"--b\r\nContent-Type: multipart/related; boundary=c\r\n\r\n"
    + INNER
    + b"\r\n--b\r\n\r\nout\r\n--b--\r\n"
)
TWO = b"--b\r\nA: 1\r\n\r\none\r\n--b\r\nA: 2\r\n\r\ntwo\r\n--b--\r\n"


async def leaf(body: MultipartReader) -> BodyPartReader:
    part = await body.next()
    assert isinstance(part, BodyPartReader)
    return part


async def branch(body: MultipartReader) -> MultipartReader:
    part = await body.next()
    assert isinstance(part, MultipartReader)
    return part


async def test_parts_come_one_by_one() -> None:
    body = reader(TWO)
    part = await leaf(body)
    assert part.headers["a"] == "1"
    assert await part.read() == b"one"
    assert not body.at_eof()
    assert await (await leaf(body)).read() == b"two"
    assert not body.at_eof()
    assert await body.next() is None
    assert body.at_eof()
    assert await body.next() is None


async def test_parts_can_be_iterated_over() -> None:
    assert [part.headers["A"] async for part in reader(TWO)] == ["1", "2"]
    assert [part async for part in reader(b"--b--")] == []


async def test_next_part_passes_over_the_one_before() -> None:
    body = reader(TWO)
    first = await leaf(body)
    assert await first.readline() == b"one"
    first = await leaf(reader(TWO))
    body = reader(TWO)
    unread = await leaf(body)
    second = await leaf(body)
    assert unread.at_eof()
    assert await unread.read() == b""
    assert await second.read() == b"two"
    assert not first.at_eof()


async def test_any_stream_can_be_read() -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(TWO)
    body = MultipartReader({"content-type": "multipart/mixed;boundary=b"}, stream)
    # It is not at its end, and nothing waits for it.
    assert [await part.read() async for part in body if isinstance(part, BodyPartReader)] == [
        b"one",
        b"two",
    ]


# Nested parts


async def test_part_that_is_multipart_is_read_by_a_reader_of_its_own() -> None:
    body = reader(NESTED)
    inner = await branch(body)
    assert inner.headers["content-type"] == "multipart/related; boundary=c"
    assert await (await leaf(inner)).read() == b"in"
    assert await (await leaf(inner)).read() == b"in2"
    assert await inner.next() is None
    assert inner.at_eof()
    assert await (await leaf(body)).read() == b"out"
    assert await body.next() is None


@pytest.mark.parametrize("parts", [0, 1, 2])
async def test_next_part_passes_over_a_nested_one(parts: int) -> None:
    body = reader(NESTED)
    inner = await branch(body)
    read = [await leaf(inner) for _ in range(parts)]
    assert await (await leaf(body)).read() == b"out"
    assert await inner.next() is None
    assert inner.at_eof()
    for part in read:
        assert part.at_eof()
        assert await part.read() == b""


async def test_nested_body_is_bounded_by_its_part() -> None:
    cut_short = NESTED.replace(b"\r\n--c--", b"\r\n--d--")
    body = reader(cut_short)
    inner = await branch(body)
    await leaf(inner)
    with pytest.raises(ClientPayloadError, match=r"'--c--' was expected"):
        await (await leaf(inner)).read()
    assert await (await leaf(body)).read() == b"out"


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"Content-Type: multipart/mixed\r\n", "A part cannot be read: .*no boundary"),
        (b"Content-Type: multipart/; boundary=c\r\n", "cannot be read: Not a multipart"),
        (b"Content-Type: multipart/x; boundary=" + b"c" * 71 + b"\r\n", "more than 70"),
        (b"Content-Type: multipart/x; boundary=\xc3\xa9\r\n", "printable ASCII"),
        (b"Content-Type: multipart/x; boundary=c\r\nContent-Encoding: x\r\n", "is not known"),
    ],
)
async def test_nested_body_that_cannot_be_read_is_refused(head: bytes, message: str) -> None:
    with pytest.raises(ClientPayloadError, match=message):
        await reader(b"--b\r\n" + head + b"\r\n--c--\r\n--b--").next()


ENCODED = (
    b"--b\r\nContent-Type: multipart/x; boundary=c\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Encoding: gzip\r\n\r\n%b\r\n--b\r\n\r\nout\r\n--b--"
)


async def test_nested_body_is_decoded() -> None:
    body = reader(ENCODED % base64.encodebytes(gzip.compress(INNER)))
    inner = await branch(body)
    assert await (await leaf(inner)).read() == b"in"
    left = await leaf(inner)
    assert await (await leaf(body)).read() == b"out"
    assert await left.read() == b""
    assert await inner.next() is None


async def test_nested_body_with_a_broken_encoding_is_refused() -> None:
    coded = gzip.compress(INNER)[:20]
    with pytest.raises(ContentEncodingError):
        await (await branch(reader(ENCODED % base64.encodebytes(coded)))).next()
    with pytest.raises(PayloadEncodingError, match="base64"):
        await (await branch(reader(ENCODED % b"!"))).next()


async def test_depth_is_bounded() -> None:
    data = b"x"
    for depth in reversed(range(17)):
        kind = b"multipart/mixed; boundary=%db" % (depth + 1) if depth < 16 else b"text/plain"
        data = b"--%db\r\nContent-Type: %b\r\n\r\n%b\r\n--%db--" % (depth, kind, data, depth)
    body = reader(data, boundary="0b")
    for _ in range(15):
        body = await branch(body)
    with pytest.raises(ClientPayloadError, match="nested more than 16 deep"):
        await body.next()


# Releasing


async def test_release_passes_over_all_parts() -> None:
    for read in (0, 1, 2, 3):
        body = reader(TWO)
        parts = [await body.next() for _ in range(read)]
        await body.release()
        assert body.at_eof()
        assert all(part is None or part.at_eof() for part in parts)
        assert await body.next() is None
        await body.release()


async def test_release_of_a_nested_body_leaves_the_rest() -> None:
    for read in (0, 1, 2):
        body = reader(NESTED)
        inner = await branch(body)
        parts = [await leaf(inner) for _ in range(read)]
        await inner.release()
        assert inner.at_eof()
        assert all(part.at_eof() for part in parts)
        assert await (await leaf(body)).read() == b"out"


async def test_release_of_a_broken_body_raises() -> None:
    with pytest.raises(ClientPayloadError, match="ended within"):
        await reader(TWO[:-8]).release()


# What makes the readers


async def test_readers_have_the_limits_of_the_first_one() -> None:
    class TooLargeError(Exception):
        pass

    def limited(data: bytes) -> MultipartReader:
        return MultipartReader(
            {"Content-Type": "multipart/mixed; boundary=b"},
            Pieces([data]),
            client_max_size=2,
            max_field_size=60,
            max_headers=2,
            max_size_error_cls=TooLargeError,
        )

    inner = await branch(limited(NESTED))
    part = await leaf(inner)
    assert await part.read() == b"in"
    with pytest.raises(TooLargeError):
        await (await leaf(inner)).read()
    for head, message in ((b"a: " + b"b" * 58, "than 60 bytes"), (b"a:\r\na:\r\na:", "than 2 h")):
        with pytest.raises(ClientPayloadError, match=message):
            await (await branch(limited(NESTED.replace(b"X: 1", head)))).next()


async def test_readers_can_be_of_other_classes() -> None:
    class Part(BodyPartReader):
        pass

    class Inner(MultipartReader):
        part_reader_cls = Part

    class Outer(MultipartReader):
        multipart_reader_cls = Inner

    headers = {"Content-Type": "multipart/mixed; boundary=b"}
    outer = Outer(headers, Pieces([NESTED]))
    inner = await branch(outer)
    assert type(inner) is Inner
    assert type(await inner.next()) is Part
    assert type(await outer.next()) is BodyPartReader
    assert type(await Inner(headers, Pieces([NESTED])).next()) is Inner
    assert MultipartReader.multipart_reader_cls is None
    assert MultipartReader.part_reader_cls is BodyPartReader
    assert MultipartReader.response_wrapper_cls is MultipartResponseWrapper


async def test_next_part_can_be_fetched() -> None:
    body = reader(TWO)
    for name in ("1", "2"):
        assert (await body.fetch_next_part()).headers["A"] == name
    with pytest.raises(RuntimeError, match="no further part"):
        await body.fetch_next_part()


# Its own header


def boundary_of(field: str) -> str:
    return repr(MultipartReader(CIMultiDict({"Content-Type": field}), Pieces([])))


@pytest.mark.parametrize(
    "field",
    [
        "multipart/mixed; boundary=b",
        'Multipart/Mixed; charset=utf-8; Boundary="a b"',
        "multipart/mixed; boundary=" + "b" * 70,
        "multipart/mixed; boundary={<*@$>}",
    ],
)
def test_boundary_is_taken(field: str) -> None:
    assert boundary_of(field) == "<MultipartReader open, multipart/mixed>"


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("", "Not a multipart Content-Type: ''"),
        ("text/plain; boundary=b", "Not a multipart"),
        ("multipart; boundary=b", "Not a multipart"),
        ("multipart/mixed", "has no boundary"),
        ('multipart/mixed; boundary=""', "has no boundary"),
        ("multipart/mixed; boundary=" + "b" * 71, "more than 70 characters"),
        ('multipart/mixed; boundary="b "', "no space at its end"),
        ("multipart/mixed; boundary=b\u00e9", "printable ASCII only"),
        ("multipart/mixed; boundary=b\r\nc", "printable ASCII only"),
    ],
)
def test_header_without_a_good_boundary_is_refused(field: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        boundary_of(field)
    with pytest.raises(ValueError, match="Not a multipart"):
        MultipartReader({}, Pieces([]))


async def test_repr_says_whether_it_is_at_its_end() -> None:
    body = reader(b"--b--")
    await body.next()
    assert repr(body) == "<MultipartReader eof, multipart/mixed>"


# Forms


def form(*fields: tuple[bytes, bytes], subtype: str = "form-data") -> MultipartReader:
    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % field
        for field in fields
    )
    return reader(body + b"--b--", subtype=subtype)


async def test_form_tells_the_charset_of_its_fields() -> None:
    body = form((b"a", b"\xc3\xa9"), (b"_charset_", b"latin-1"), (b"b", b"\xe9"), (b"c", b"d"))
    a, b = await leaf(body), await leaf(body)
    assert (a.name, b.name) == ("a", "b")
    assert await b.text() == "\u00e9"
    assert (await leaf(body)).get_charset("x") == "latin-1"
    assert await body.next() is None


async def test_charset_of_a_form_may_be_no_good() -> None:
    part = await leaf(form((b"_charset_", b"\xff"), (b"a", b"b")))
    with pytest.raises(ClientPayloadError, match="charset of a part is not known"):
        await part.text()
    with pytest.raises(ClientPayloadError, match="_charset_ of a form has more than 40 bytes"):
        await form((b"_charset_", b"x" * 41)).next()
    assert await (await leaf(form((b"_charset_", b""), (b"a", b"b")))).text() == "b"


async def test_only_forms_have_a_charset_field() -> None:
    part = await leaf(form((b"_charset_", b"latin-1"), subtype="mixed"))
    assert part.name == "_charset_"
    assert await part.read() == b"latin-1"
