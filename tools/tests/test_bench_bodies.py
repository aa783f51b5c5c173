"""The benchmark's bodies: the server that takes them, and the check of what it got."""

import asyncio
import contextlib
import hashlib
import json
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bench._body_check import Body, check_counted, check_file, check_form, check_multipart, received
from bench._body_server import Taker, listen
from bench._payloads import (
    CHUNK,
    CHUNK_COUNT,
    FILE_PART,
    FORM_FIELDS,
    TEXT_FIELDS,
    json_text,
    write_upload,
)
from bench._processes import Cores
from bench._scenarios import CHECKED_KINDS, CHUNKS, POST_BODY, SCENARIOS
from bench._servers import _script
from bench.clients.floor_client import Floor
from bench.clients.shape import BadAnswerError, Plan

THANKS = b"\r\nContent-Length: %d\r\n\r\n" % len(POST_BODY) + POST_BODY


class Peer:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self) -> bytes:
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return head + await self._reader.readexactly(length)

    async def until(self, end: bytes) -> bytes:
        return await self._reader.readuntil(end)

    async def rest(self) -> bytes:
        return await self._reader.read()

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with await listen() as server:
        port: int = server.sockets[0].getsockname()[1]
        yield port
    Taker.checked, Taker.requests, Taker.octets = None, 0, 0


@pytest.fixture
async def peer(port: int) -> AsyncIterator[Peer]:
    peer = Peer(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 20))
    yield peer
    await peer.close()


def post(path: str, body: bytes, content_type: str = "text/plain") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\ncontent-type: {content_type}\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


class Written(asyncio.Transport):
    """Stands for a connection's transport: keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.data = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.data += data


def take(taker: Taker, data: bytes) -> None:
    taker.get_buffer(-1)[: len(data)] = data
    taker.buffer_updated(len(data))


@pytest.mark.parametrize("path", ["/taken", "/checked"])
def test_answers_when_the_body_is_complete(path: str) -> None:
    message = post(path, b"0123456789")
    for split in range(1, len(message)):
        taker, transport = Taker(), Written()
        taker.connection_made(transport)
        for answers in (1, 2):
            take(taker, message[:split])
            assert transport.data.count(THANKS) == answers - 1
            take(taker, message[split:])
            assert transport.data.count(THANKS) == answers


async def test_counts(peer: Peer, port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    for size in (10, 0, 20):
        await peer.send(post("/taken", bytes(size)))
        assert (await peer.answer()).endswith(THANKS)
    await asyncio.to_thread(check_counted, base, 10)
    with pytest.raises(BadAnswerError, match="30 bytes in 3 bodies that have 9 each"):
        await asyncio.to_thread(check_counted, base, 9)


@pytest.mark.parametrize("size", [0, 1, 1_000_000, 1_000_001])
async def test_what_is_checked(peer: Peer, port: int, size: int) -> None:
    Taker.requests, Taker.octets = 7, 7
    body = random.Random(size).randbytes(size)
    await peer.send(post("/checked", body, "a/b; c=d"))
    assert (await peer.answer()).endswith(THANKS)
    found = await asyncio.to_thread(received, f"http://127.0.0.1:{port}")
    digest = hashlib.sha256(body).hexdigest()
    assert found == Body("a/b; c=d", size, digest, body if size <= 1_000_000 else None)
    # The count begins anew, without it.
    assert (Taker.requests, Taker.octets) == (0, 0)


async def test_chunks(peer: Peer) -> None:
    await peer.send(b"GET /chunks HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = await peer.until(b"\r\n0\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"\r\nTransfer-Encoding: chunked" in head
    assert body == b"64\r\n" + b"\r\n64\r\n".join([CHUNK] * CHUNK_COUNT) + b"\r\n0\r\n\r\n"
    assert len(CHUNK) * CHUNK_COUNT == CHUNKS


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (b"GET /none HTTP/1.1\r\n\r\n", b"404"),
        (b"GET /checked HTTP/1.1\r\n\r\n", b"404"),
        (b"POST /taken HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
    ],
)
async def test_what_it_does_not_take(peer: Peer, message: bytes, status: bytes) -> None:
    await peer.send(message)
    assert (await peer.answer()).startswith(b"HTTP/1.1 " + status)


async def test_more_than_was_said(peer: Peer) -> None:
    await peer.send(post("/taken", b"0123456789") + b"more")
    with contextlib.suppress(ConnectionError):
        assert await peer.rest() == b""


async def test_process_and_floor() -> None:
    with _script("_body_server", [], Cores(None, None)) as (port,):
        base = f"http://127.0.0.1:{port}"
        floor = Floor()
        await floor.open(Plan(concurrency=1, limit=0, fresh=False, authority=None))
        size = await floor.post_form(iter([f"{base}/checked"]), FORM_FIELDS)
        check_form(received(base))
        size += await floor.post_parts(iter([f"{base}/checked"]), TEXT_FIELDS, FILE_PART)
        check_multipart(received(base))
        assert size == 2 * len(POST_BODY)
        await floor.close()


def told(content: bytes, content_type: str) -> Body:
    return Body(content_type, len(content), hashlib.sha256(content).hexdigest(), content)


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (urlencode(FORM_FIELDS), "text/plain"),
        (urlencode({**FORM_FIELDS, "a": "2"}), FORM),
        (urlencode(list(FORM_FIELDS.items())[1:]), FORM),
    ],
)
def test_wrong_form(content: str, content_type: str) -> None:
    with pytest.raises(BadAnswerError, match="form"):
        check_form(told(content.encode(), content_type))


def parts() -> bytes:
    head = b'--b\r\nContent-Disposition: form-data; name="%b"'
    texts = [
        head % name.encode() + b"\r\n\r\n" + text.encode() for name, text in TEXT_FIELDS.items()
    ]
    file = head % b"file" + b'; filename="martlet.bin"\r\nContent-Type: a/b\r\n\r\n'
    return b"\r\n".join([*texts, file + FILE_PART.content, b"--b--\r\n"])


def test_right_parts() -> None:
    check_multipart(told(parts(), "multipart/form-data; boundary=b"))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (bytes, "mixed; boundary=b"),
        (bytes, "form-data; boundary=c"),
        (lambda body: body.replace(b"martlet.bin", b"other"), "form-data; boundary=b"),
        (lambda body: body.replace(b"bird", b"fish"), "form-data; boundary=b"),
        (lambda body: body[:-20] + body[-10:], "form-data; boundary=b"),
    ],
)
def test_wrong_parts(change: Callable[[bytes], bytes], kind: str) -> None:
    with pytest.raises(BadAnswerError, match="parts"):
        check_multipart(told(change(parts()), f"multipart/{kind}"))


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    write_upload(path, 3_000_000)
    content = path.read_bytes()
    assert len(content) == 3_000_000
    assert len({content[:1_000_000], content[1_000_000:2_000_000], content[2_000_000:]}) == 3
    digest = hashlib.sha256(content).hexdigest()
    check_file(Body("", len(content), digest, None), str(path))
    for wrong in (Body("", len(content) - 1, digest, None), Body("", len(content), "", None)):
        with pytest.raises(BadAnswerError, match="of 3000000"):
            check_file(wrong, str(path))


@pytest.mark.parametrize("size", [1_000, 1_000_000])
def test_json_text(size: int) -> None:
    text = json_text(size)
    assert len(text) == size
    assert json.loads(text)[0]["id"] == 0
    assert json_text(size) == text


def test_scenarios_of_bodies() -> None:
    for scenario in SCENARIOS.values():
        if scenario.kind in CHECKED_KINDS:
            assert scenario.taken
            assert scenario.length == len(POST_BODY)
