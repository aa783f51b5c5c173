import pytest

from martlet_client_session._bytes_payload import BytesPayload, StringPayload
from martlet_client_session._field_part import FieldPart
from martlet_client_session._form_data import FormData
from martlet_client_session._form_field import FormField
from martlet_client_session._multipart_writer import MultipartWriter
from martlet_client_session._stream_writer import BodyStreamWriter

from .part_recording import Recorder, written

HEAD = (
    b"--B\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b'Content-Disposition: form-data; name="a"\r\n\r\n'
)


def part_of(value: str | bytes, filename: str | None = None) -> FieldPart:
    field = FormField("a", value, None, filename, None, True)
    in_memory = field.in_memory()
    assert in_memory is not None
    return FieldPart(field, *in_memory, "B")


async def test_it_needs_no_payload() -> None:
    part = part_of("ü")
    assert part.head(part.size) == HEAD
    assert (part.data, part.size) == ("ü".encode(), 2)
    assert (part.coding, part.transfer, part.coded) == ("", "", False)
    assert await part.as_bytes("utf-8", "strict") == "ü".encode()
    assert part.in_use is None


async def test_who_asks_for_one_gets_one_and_may_change_its_header() -> None:
    part = part_of("ü")
    payload = part.payload
    assert type(payload) is StringPayload
    assert part.payload is part.in_use is payload
    assert part.head(part.size) == HEAD
    payload.headers["X-A"] = "1"
    assert part.head(part.size) == HEAD[:-2] + b"X-A: 1\r\n\r\n"
    recorder = Recorder()
    await part.write(BodyStreamWriter(recorder))
    assert recorder.data == "ü".encode() == part.data


def test_what_cannot_be_sent_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="control character"):
        FieldPart(FormField("a", b"", "a\r\nb", None, None, True), b"", "a\r\nb", "B")
    with pytest.raises(ValueError, match="surrogate"):
        part_of(b"x", "\ud800")


async def test_a_form_of_such_parts_is_written_at_once() -> None:
    form = FormData({"a": "ü", "b": bytes(20_000), "c": ""})
    writer = form()
    assert isinstance(writer, MultipartWriter)
    (body,) = await written(writer)
    assert writer.size == len(body)
    assert writer.joined() == body == await writer.as_bytes()
    assert [type(payload) for payload, _, _ in writer] == [
        StringPayload,
        BytesPayload,
        StringPayload,
    ]
    assert await written(writer) == [body]
    assert writer.joined() == body
    assert (writer.replayable, writer.consumed, writer.autoclose) == (True, False, True)
    await writer.close()


async def test_unless_it_is_large() -> None:
    form = FormData({"a": "x", "b": bytes(65_537)})
    writer = form()
    assert isinstance(writer, MultipartWriter)
    assert writer.joined() is None
    pieces = await written(writer)
    assert [len(piece) > 60_000 for piece in pieces] == [False, True, False]
    assert writer.size == sum(map(len, pieces))
    assert b"".join(pieces) == await writer.as_bytes()


async def test_many_are_written_as_soon_as_there_is_enough_of_them() -> None:
    writer = FormData({"a": [bytes(1000)] * 300})()
    pieces = await written(writer)
    assert len(pieces) == 6
    assert all(65_536 <= len(piece) < 67_000 for piece in pieces[:-1])
    assert writer.size == sum(map(len, pieces))


async def test_a_header_can_be_changed_after_the_form_has_been_called() -> None:
    writer = FormData({"a": "x"}, default_to_multipart=True)()
    assert isinstance(writer, MultipartWriter)
    ((payload, _, _),) = writer
    payload.headers["X-A"] = "1"
    assert b"X-A: 1\r\n" in await writer.as_bytes()
    payload.headers["Content-Length"] = "1"
    with pytest.raises(ValueError, match="A part of a form cannot have"):
        await written(writer)
    del payload.headers["Content-Length"]
    assert writer.decode().encode() == await writer.as_bytes()
