"""What holds of every payload, whatever is in it."""

import io
import json
import tempfile
from collections.abc import AsyncGenerator, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._async_payload import AsyncIterablePayload
from martlet_client_session._bytes_payload import BytesPayload, StringIOPayload, StringPayload
from martlet_client_session._io_payload import BytesIOPayload, IOBasePayload, TextIOPayload
from martlet_client_session._json_payload import JsonBytesPayload, JsonPayload
from martlet_client_session._payload import Payload

from .payload_writing import written, written_whole

PREFIX = "é<"


def _file(text: str, buffering: int = -1) -> IOBasePayload:
    file = tempfile.TemporaryFile("w+b", buffering)  # noqa: SIM115  # the payload closes it
    file.write((PREFIX + text).encode())
    file.seek(len(PREFIX.encode()))
    return IOBasePayload(file)


def _text_file(text: str, encoding: str) -> TextIOPayload:
    file = tempfile.TemporaryFile("w+", encoding=encoding, newline="\n")  # noqa: SIM115  # as above
    file.write(PREFIX + text)
    file.seek(0)
    file.read(len(PREFIX))
    return TextIOPayload(file)


def _bytes_io(text: str) -> BytesIOPayload:
    file = io.BytesIO((PREFIX + text).encode())
    file.seek(len(PREFIX.encode()))
    return BytesIOPayload(file)


async def _generate(text: str) -> AsyncGenerator[bytes]:
    for char in text:
        yield char.encode()


KINDS: dict[str, Callable[[str], Payload]] = {
    "bytes": lambda text: BytesPayload(text.encode()),
    "bytearray": lambda text: BytesPayload(bytearray(text.encode())),
    "view": lambda text: BytesPayload(memoryview(text.encode())),
    "text": StringPayload,
    "text in memory": lambda text: StringIOPayload(io.StringIO(text, newline="")),
    "text as file": lambda text: TextIOPayload(io.StringIO(text, newline="")),
    "JSON": lambda text: JsonPayload(text, dumps=lambda value: f"{value}"),
    "JSON bytes": lambda text: JsonBytesPayload(text, lambda value: json.dumps(value).encode()),
    "bytes in memory": _bytes_io,
    "file": _file,
    "raw file": lambda text: _file(text, 0),
    "UTF-8 file": lambda text: _text_file(text, "utf-8"),
    "UTF-16 file": lambda text: _text_file(text, "utf-16"),
    "generator": lambda text: AsyncIterablePayload(_generate(text)),
}


@pytest.mark.parametrize("kind", KINDS)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), st.integers(0, 300))
async def test_what_is_sent_is_what_it_says(kind: str, text: str, length: int) -> None:
    data = (json.dumps(text) if kind == "JSON bytes" else text).encode()
    payload = KINDS[kind](text)
    try:
        assert payload.size in (None, len(data))
        assert await payload.as_bytes() == data
        assert payload.decode() == data.decode()
        # Once it has been read, all of them can be written again and again.
        assert payload.replayable
        assert await written(payload, length) == data[:length]
        assert await written_whole(payload) == await written(payload, None) == data
        assert not payload.consumed
        assert payload.size in (None, len(data))
    finally:
        await payload.close()


@pytest.mark.parametrize("kind", KINDS)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), st.integers(0, 300))
async def test_a_first_attempt_may_end_early(kind: str, text: str, length: int) -> None:
    data = (json.dumps(text) if kind == "JSON bytes" else text).encode()
    payload = KINDS[kind](text)
    try:
        assert await written(payload, length) == data[:length]
        if payload.replayable:
            assert await written(payload) == data
        else:
            assert payload.consumed
    finally:
        await payload.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_size_is_known_of_what_is_there(kind: str) -> None:
    payload = KINDS[kind]("abc")
    assert (payload.size is None) is (kind in {"text as file", "UTF-16 file", "generator"})
    if isinstance(payload, IOBasePayload):
        payload._value.close()
