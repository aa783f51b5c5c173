import pytest

from martlet_client_session._payload_registry import get_payload
from martlet_client_session._stream_writer import AbstractStreamWriter
from martlet_client_session._streamer import StreamPayload, StreamWrapperPayload, streamer

from .payload_writing import written


def make() -> streamer:
    async def write(writer: AbstractStreamWriter, value: bytes = b"-", *, times: int = 1) -> None:
        for _ in range(times):
            await writer.write(value)

    return streamer(write)


async def test_a_function_writes_with_what_it_was_called_with() -> None:
    payload = get_payload(make()(b"ab", times=3))
    assert type(payload) is StreamWrapperPayload
    assert (payload.size, payload.content_type) == (None, "application/octet-stream")
    assert (payload.replayable, payload.consumed, payload.autoclose) == (False, False, False)
    assert await written(payload) == b"ababab"
    assert payload.consumed
    with pytest.raises(RuntimeError, match="sent already, and cannot be once more"):
        await written(payload)


async def test_a_function_may_be_called_with_nothing() -> None:
    payload = get_payload(make(), content_type="text/x")
    assert type(payload) is StreamPayload
    assert payload.content_type == "text/x"
    assert await payload.as_bytes() == b"-"


async def test_what_does_not_fit_the_function_comes_out() -> None:
    payload = get_payload(make()(unknown=1))
    with pytest.raises(TypeError, match="unknown"):
        await written(payload)


async def test_only_so_much_is_written() -> None:
    assert await written(get_payload(make()(b"ab", times=3)), 3) == b"aba"


def test_text_has_to_be_awaited() -> None:
    with pytest.raises(TypeError, match="use as_bytes"):
        get_payload(make()).decode()
