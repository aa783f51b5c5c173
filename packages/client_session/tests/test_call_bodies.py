"""Bodies, over redirects."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from martlet_client_session import ClientSession, FormData, MultipartWriter, UploadTracker
from martlet_client_session._request_body import PayloadBody
from martlet_exceptions import ClientPayloadError

from .payload_writing import Pieces
from .redirecting import chain, redirect
from .scripted import Script, ScriptedConnector, ScriptedExchange, answer, turn


def reading(script: Script, bodies: "list[bytes | None]") -> Script:
    """Have the body read before *script* answers."""

    async def script_of_it(exchange: ScriptedExchange) -> None:
        body = exchange.body
        if body is not None and not isinstance(body, bytes):
            out = Pieces()
            await body.write_to(out)
            body = b"".join(out.pieces)
        bodies.append(body)
        await script(exchange)

    return script_of_it


def form() -> FormData:
    data = FormData()
    data.add_field("a", b"x", filename="f")
    return data


def multipart() -> MultipartWriter:
    writer = MultipartWriter("mixed", boundary="b")
    writer.append("x")
    return writer


KINDS: dict[str, Callable[[], dict[str, Any]]] = {
    "bytes": lambda: {"data": b"x"},
    "empty": lambda: {"data": b""},
    "text": lambda: {"data": "x"},
    "mapping": lambda: {"data": {"a": "x"}},
    "json": lambda: {"json": {"a": "x"}},
    "chunked": lambda: {"data": b"x", "chunked": True},
    "compressed": lambda: {"data": b"x", "compress": "gzip"},
    "file": lambda: {"data": io.BytesIO(b"x" * 10)},
    "form": lambda: {"data": form()},
    "multipart": lambda: {"data": multipart()},
    "expected": lambda: {"data": b"x", "expect100": True},
    "tracked": lambda: {"data": b"x", "upload_tracker": UploadTracker()},
}
OF_A_BODY = {"content-type", "content-encoding", "transfer-encoding", "expect", "content-length"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "again"), [(307, True), (308, True), (302, False), (303, False)]
)
async def test_a_body_that_is_asked_for_again_is_the_same(
    session: ClientSession, connector: ScriptedConnector, kind: str, status: int, again: bool
) -> None:
    bodies: list[bytes | None] = []
    connector.script = chain(
        reading(redirect("/x", status), bodies),
        reading(redirect("/y", status), bodies),
        reading(answer(), bodies),
    )
    await session.post("http://h/", **KINDS[kind]())
    first, second, third = (exchange.request.headers for exchange in connector.exchanges)
    if again:
        assert bodies == [bodies[0]] * 3
        assert dict(second) == dict(first) == dict(third)
    else:
        assert bodies == [bodies[0], None, None]
        assert not {name.lower() for name in second} & OF_A_BODY
        assert second is third


async def test_a_file_of_the_callers_is_sent_again_and_closed_at_the_end(
    session: ClientSession, connector: ScriptedConnector, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100_000)
    bodies: list[bytes | None] = []
    connector.script = chain(
        reading(redirect("/x", 307), bodies), reading(redirect("/y", 303), bodies), answer()
    )
    with path.open("rb") as file:
        await session.put("http://h/", data=file)
        assert file.closed
    assert bodies == [b"x" * 100_000] * 2


async def once() -> AsyncIterator[bytes]:
    yield b"a"
    yield b"b"


async def test_what_can_be_read_only_once_is_not_sent_again(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    bodies: list[bytes | None] = []
    connector.script = reading(redirect("https://u:secret@h/x", 307), bodies)
    with pytest.raises(ClientPayloadError, match="can be read only once") as caught:
        await session.post("http://h/", data=once())
    assert "https://h/x" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert bodies == [b"ab"]
    assert [exchange.calls for exchange in connector.exchanges] == [["abort"]]
    assert session._deadlines.idle


@pytest.mark.parametrize("status", [301, 303])
async def test_what_can_be_read_only_once_may_be_dropped(
    session: ClientSession, connector: ScriptedConnector, status: int
) -> None:
    bodies: list[bytes | None] = []
    connector.script = chain(reading(redirect("/x", status), bodies), reading(answer(), bodies))
    response = await session.post("http://h/", data=once())
    assert response.status == 200
    assert bodies == [b"ab", None]


async def test_what_has_not_been_read_at_all_is_sent_to_where_it_leads(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    bodies: list[bytes | None] = []
    connector.script = chain(redirect("/x", 307), reading(answer(), bodies))
    await session.post("http://h/", data=once(), expect100=True)
    assert bodies == [b"ab"]
    assert connector.request.headers["Expect"] == "100-continue"


class Upload:
    """The writing of a body that the peer does not wait for: it ends with its exchange."""

    task: "asyncio.Task[None]"

    def __init__(self, answering: Script) -> None:
        self._answering = answering
        self.stopped: list[str] = []

    async def __call__(self, exchange: ScriptedExchange) -> None:
        body = exchange.body
        assert isinstance(body, PayloadBody)
        never = asyncio.get_running_loop().create_future()

        class Stalling(Pieces):
            async def write(self, data: bytes | bytearray | memoryview, /) -> None:
                await super().write(data)
                await never

        self.task = task = asyncio.ensure_future(body.write_to(Stalling()))
        await asyncio.sleep(0)

        def ending(name: str, end: Callable[[], None]) -> Callable[[], None]:
            def ended() -> None:
                end()
                self.stopped.append(name)
                task.cancel()

            return ended

        for name in ("release", "abort"):
            setattr(exchange, name, ending(name, getattr(exchange, name)))
        await self._answering(exchange)


@pytest.mark.parametrize("tracked", [False, True])
async def test_an_answer_during_the_upload_ends_it_before_it_begins_again(
    session: ClientSession, connector: ScriptedConnector, tracked: bool
) -> None:
    bodies: list[bytes | None] = []
    upload = Upload(redirect("/x", 307))
    connector.script = chain(upload, reading(answer(), bodies))
    tracker = UploadTracker() if tracked else None
    file = io.BytesIO(b"x" * 10)
    response = await session.post("http://h/", data=file, upload_tracker=tracker)
    assert response.status == 200
    assert upload.stopped == ["release"]
    assert bodies == [b"x" * 10]
    if tracker is not None:
        await tracker.upload_complete


async def test_an_answer_during_an_upload_that_cannot_begin_again(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    closed: list[bool] = []

    async def source() -> AsyncIterator[bytes]:
        try:
            yield b"a"
            yield b"b"
        finally:
            closed.append(True)

    upload = Upload(redirect("/x", 307))
    connector.script = chain(upload, answer())
    with pytest.raises(ClientPayloadError, match="read only once"):
        await session.post("http://h/", data=source())
    await asyncio.sleep(0)
    assert upload.stopped == ["abort"]
    assert closed == [True]


async def test_an_answer_during_an_upload_that_is_not_wanted_any_more(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    upload = Upload(redirect("/x", 303))
    connector.script = chain(upload, answer(b"text"))
    async with session.post("http://h/", data=once()) as response:
        assert await response.text() == "text"
    assert upload.stopped == ["release"]
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(0)


async def test_an_upload_that_goes_on_beside_the_response_closes_its_file_at_its_end(
    session: ClientSession, connector: ScriptedConnector, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    upload = Upload(answer(complete=False))
    connector.script = upload
    with path.open("rb") as file:
        response = await session.post("http://h/", data=file)
        assert not file.closed
        response.close()
        with suppress(asyncio.CancelledError):
            await upload.task
        # A thread may still read it.
        await asyncio.get_running_loop().shutdown_default_executor()
        await turn()
        assert file.closed
