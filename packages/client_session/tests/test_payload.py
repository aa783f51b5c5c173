import pytest

from martlet_client_session._payload import Payload
from martlet_client_session._stream_writer import AbstractStreamWriter

from .payload_writing import pieces, written


class Mine(Payload):
    """As an application might write one."""

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return str(self._value)

    async def write(self, writer: AbstractStreamWriter) -> None:
        await writer.write(memoryview(b"a-b-")[::2])
        await writer.write(bytearray(b"cd"))
        await writer.write(memoryview(b"efgh").cast("H"))


async def test_little_is_needed() -> None:
    payload = Mine(3)
    assert (payload.size, payload.filename, payload.encoding) == (None, None, None)
    assert (payload.consumed, payload.replayable, payload.autoclose) == (False, False, False)
    assert dict(payload.headers) == {"Content-Type": "application/octet-stream"}
    assert repr(payload) == "<Mine application/octet-stream, unknown size>"
    assert await payload.as_bytes() == b"abcdefgh"
    await payload.close()


@pytest.mark.parametrize("length", range(10))
async def test_no_more_is_written_than_is_wanted(length: int) -> None:
    assert await written(Mine(3), length) == b"abcdefgh"[:length]


async def test_nothing_empty_is_written() -> None:
    assert await pieces(Mine(3), 2) == [b"ab"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "application/octet-stream"),
        ({"filename": "a.png"}, "image/png"),
        ({"filename": "a.unknown"}, "application/octet-stream"),
        ({"filename": "a.png", "content_type": "a/b"}, "a/b"),
        ({"headers": {"content-type": "c/d"}}, "c/d"),
        ({"headers": [("Content-Type", "c/d")], "content_type": "a/b"}, "c/d"),
        ({"headers": {"Content-Type": "c/d"}, "content_type": None}, "c/d"),
        ({"headers": {"Content-Type": "c/d"}, "filename": "a.png"}, "c/d"),
        ({"disposition": "attachment"}, "application/octet-stream"),
    ],
)
def test_its_type_is_what_says_it_best(params: dict[str, str], expected: str) -> None:
    payload = Mine(3, **params)  # type: ignore[arg-type]  # of several types
    assert payload.content_type == expected
    assert payload.headers["Content-Type"] == expected


def test_it_may_have_no_type() -> None:
    payload = Mine(3, {"X-A": "b"}, None)
    assert dict(payload.headers) == {"X-A": "b"}
    assert payload.content_type == "application/octet-stream"


def test_what_is_unknown_is_refused() -> None:
    with pytest.raises(TypeError, match="Mine takes no parameter kind, type"):
        Mine(3, type="a/b", kind=1)


def test_a_disposition_can_be_set() -> None:
    payload = Mine(3)
    payload.set_content_disposition("form-data", name="n", filename='"')
    payload.set_content_disposition("attachment", filename="é", _charset="latin1")
    assert payload.headers["Content-Disposition"] == (
        "attachment; filename=\"%E9\"; filename*=utf-8''%C3%A9"
    )
    payload.set_content_disposition("form-data", quote_fields=False, name='"')
    assert payload.headers["Content-Disposition"] == r'form-data; name="\""'
    with pytest.raises(ValueError, match="is a token"):
        payload.set_content_disposition("a b")
