import asyncio

import pytest

from martlet_asgi._upload import Upload
from martlet_exceptions import ClientPayloadError

from .applications import settle
from .bodies import PiecesBody


async def drained(body: PiecesBody) -> list[tuple[bytes, bool]]:
    changed = asyncio.Event()
    upload = Upload(body, changed)
    task = asyncio.ensure_future(upload.run())
    taken: list[tuple[bytes, bool]] = []
    while not taken or taken[-1][1]:
        changed.clear()
        piece = upload.take()
        if piece is not None:
            taken.append(piece)
        elif task.done():
            break
        else:
            await asyncio.wait(
                [task, asyncio.ensure_future(changed.wait())], return_when="FIRST_COMPLETED"
            )
    await task
    return taken


async def test_the_last_piece_is_known_by_the_length() -> None:
    taken = await drained(PiecesBody([b"one", b"", b"two"], length=6))
    assert taken == [(b"one", True), (b"two", False)]


async def test_without_a_length_the_end_comes_by_itself() -> None:
    assert await drained(PiecesBody([b"one"])) == [(b"one", True), (b"", False)]
    assert await drained(PiecesBody([], length=0)) == [(b"", False)]


@pytest.mark.parametrize(
    ("length", "text"), [(5, "1 bytes longer than its Content-Length"), (9, "3 bytes shorter")]
)
async def test_it_is_held_to_its_length(length: int, text: str) -> None:
    with pytest.raises(ClientPayloadError, match=text):
        await drained(PiecesBody([b"one", b"two"], length=length))


async def test_a_piece_is_written_when_the_one_before_has_been_taken() -> None:
    body = PiecesBody([b"one", b"two", b"three"])
    upload = Upload(body, asyncio.Event())
    task = asyncio.ensure_future(upload.run())
    for number, piece in enumerate([b"one", b"two", b"three"]):
        await settle()
        assert body.written == number
        assert upload.take() == (piece, True)
        assert upload.take() is None
    await task
