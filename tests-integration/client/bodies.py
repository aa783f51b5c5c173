"""All that a request's body can be given as, and what has to arrive."""

import array
import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from multidict import MultiDict

from martlet_client_session import (
    AbstractStreamWriter,
    AsyncIterablePayload,
    BytesPayload,
    FormData,
    JsonBytesPayload,
    JsonPayload,
    MultipartWriter,
    Payload,
    payload_type,
    streamer,
)

from .asgi_streams import TEXT, pseudo_random

__all__ = ["BINARY", "KINDS", "Kind", "Maker", "part"]

BINARY: Final = pseudo_random(300_001, seed=3)
SMALL: Final = b"\x00\xff\r\n--small"
UTF8: Final = TEXT.encode()
DOCUMENT: Final = {"name": "Grüße", "numbers": [1, 2.5, None]}
PAIRS: Final = [("a", "1"), ("b", "ü &=+%"), ("a", ""), ("n", 7)]
ENCODED_PAIRS: Final = b"a=1&b=%C3%BC+%26%3D%2B%25&a=&n=7"


class Maker:
    """Makes bodies; the files that it opens are closed with *stack*."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.stack = stack

    def binary(self, offset: int = 0) -> io.BufferedReader:
        path = self.folder / "binary.bin"
        path.write_bytes(BINARY)
        file = self.stack.enter_context(path.open("rb"))
        file.seek(offset)
        return file

    def text(self, encoding: str = "utf-8") -> io.TextIOWrapper:
        path = self.folder / "text.txt"
        path.write_bytes(TEXT.encode(encoding))
        return self.stack.enter_context(path.open(encoding=encoding))


@dataclass(frozen=True)
class Kind:
    """One way to give a body.

    *sized*: whether its length is known, and so announced, beforehand; ``None``: it may be.
    """

    name: str
    make: Callable[[Maker], Any]
    content_type: str
    arrives: bytes | None = None
    form: tuple[dict[str, str | None], ...] | None = None
    tree: dict[str, Any] | None = None
    sized: bool | None = True
    replayable: bool = True
    parameter: str = "data"

    def __str__(self) -> str:
        return self.name


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def part(name: str, filename: str | None, kind: str | None, body: bytes) -> dict[str, str | None]:
    """Give a part as the server tells of it."""
    return {"name": name, "filename": filename, "type": kind, "sha256": _sha256(body)}


async def _generator() -> AsyncIterator[bytes]:
    for start in range(0, len(BINARY), 50_000):
        yield BINARY[start : start + 50_000]
        await asyncio.sleep(0)
        yield b""


class _Own(Payload):
    """A payload as a user writes one."""

    _default_content_type = "application/x-own"

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("not text")

    async def write(self, writer: AbstractStreamWriter) -> None:
        for start in range(0, len(BINARY), 65_536):
            await writer.write(memoryview(BINARY)[start : start + 65_536])


class Coordinates:
    """A class that is registered as something to send."""


@payload_type(Coordinates)
class _CoordinatesPayload(BytesPayload):
    _default_content_type = "text/x-coordinates"

    def __init__(self, value: Coordinates, *args: Any, **kwargs: Any) -> None:
        super().__init__(b"52.5,13.4", *args, **kwargs)


async def _stream(writer: AbstractStreamWriter, count: int) -> None:
    for _ in range(count):
        await writer.write(b"0123456789")


def _streamed(_: Maker) -> object:
    return streamer(_stream)(500)


def _urlencoded_form(_: Maker) -> FormData:
    form = FormData([("a", "1"), ("b", "ü &=+%")])
    form.add_field("a", "")
    form.add_fields(("n", "7"))
    return form


def _multipart_form(maker: Maker) -> FormData:
    form = FormData({"plain": "Grüße"})
    form.add_field("naïve name", b"bytes")
    form.add_field("file", maker.binary())
    form.add_field("memory", io.BytesIO(SMALL), filename="größe.dat", content_type="image/x-none")
    form.add_field("text", maker.text(), filename="t.txt")
    form.add_field("json", json.dumps(DOCUMENT), content_type="application/json")
    form.add_field("generated", _generator(), filename="g", content_type="application/x-g")
    return form


def _small_form(_: Maker) -> FormData:
    form = FormData(default_to_multipart=True)
    form.add_field("a", "1")
    form.add_field("b", b"", filename="empty.html")
    return form


def _nested(_: Maker) -> MultipartWriter:
    writer = MultipartWriter("mixed", boundary="outer+boundary")
    writer.append("Grüße")
    writer.append(BINARY, {"Content-Type": "application/x-binary"})
    writer.append(UTF8, {"Content-Encoding": "gzip", "Content-Type": "text/plain"})
    writer.append(SMALL, {"Content-Transfer-Encoding": "base64"})
    inner = MultipartWriter("related", boundary="inner")
    inner.append_json(DOCUMENT)
    inner.append_form([("a", "1"), ("b", "ü")])
    inner.append(UTF8, {"Content-Transfer-Encoding": "quoted-printable"})
    writer.append(inner)
    return writer


def _leaf(kind: str, body: bytes, **told: str) -> dict[str, Any]:
    plain = {"coding": None, "transfer": None}
    return {"type": kind, **plain, "faults": [], "sha256": _sha256(body), **told}


_DUMPED: Final = json.dumps(DOCUMENT).encode()
_OCTETS: Final = "application/octet-stream"
_PLAIN: Final = "text/plain; charset=utf-8"
_URLENCODED: Final = "application/x-www-form-urlencoded"
_TREE: Final = {
    "type": "multipart/mixed",
    "parts": [
        _leaf("text/plain", "Grüße".encode()),
        _leaf("application/x-binary", BINARY),
        _leaf("text/plain", UTF8, coding="gzip"),
        _leaf(_OCTETS, SMALL, transfer="base64"),
        {
            "type": "multipart/related",
            "parts": [
                _leaf("application/json", _DUMPED),
                _leaf(_URLENCODED, b"a=1&b=%C3%BC"),
                _leaf(_OCTETS, UTF8, transfer="quoted-printable"),
            ],
        },
    ],
}
_PARTS: Final = (
    part("plain", None, _PLAIN, "Grüße".encode()),
    part("naïve name", "naïve name", _OCTETS, b"bytes"),
    part("file", "binary.bin", _OCTETS, BINARY),
    part("memory", "größe.dat", "image/x-none", SMALL),
    part("text", "t.txt", _PLAIN, UTF8),
    part("json", None, "application/json", _DUMPED),
    part("generated", "g", "application/x-g", BINARY),
)

KINDS: Final = [
    Kind("bytes", lambda _: SMALL, _OCTETS, SMALL),
    Kind("no bytes", lambda _: b"", _OCTETS, b""),
    Kind("many bytes", lambda _: BINARY, _OCTETS, BINARY),
    Kind("bytearray", lambda _: bytearray(BINARY), _OCTETS, BINARY),
    Kind("memoryview", lambda _: memoryview(BINARY)[1:-1], _OCTETS, BINARY[1:-1]),
    Kind(
        "memoryview of numbers",
        lambda _: memoryview(array.array("H", range(1000)))[::2],
        _OCTETS,
        array.array("H", range(0, 1000, 2)).tobytes(),
    ),
    Kind("str", lambda _: TEXT, _PLAIN, UTF8),
    Kind("mapping", lambda _: {"a": "1", "b": ["ü", "2"]}, _URLENCODED, b"a=1&b=%C3%BC&b=2"),
    Kind("pairs", lambda _: PAIRS, _URLENCODED, ENCODED_PAIRS),
    Kind("multidict", lambda _: MultiDict(PAIRS), _URLENCODED, ENCODED_PAIRS),
    Kind("urlencoded form", _urlencoded_form, _URLENCODED, ENCODED_PAIRS),
    Kind(
        "multipart form",
        _multipart_form,
        "multipart/form-data",
        form=_PARTS,
        sized=None,
        replayable=False,
    ),
    Kind(
        "small form",
        _small_form,
        "multipart/form-data",
        form=(part("a", None, _PLAIN, b"1"), part("b", "empty.html", _OCTETS, b"")),
    ),
    Kind(
        "mapping with a file",
        lambda maker: {"a": "1", "file": maker.binary()},
        "multipart/form-data",
        form=(part("a", None, _PLAIN, b"1"), part("file", "binary.bin", _OCTETS, BINARY)),
    ),
    Kind("binary file", lambda maker: maker.binary(), _OCTETS, BINARY),
    Kind("rest of a file", lambda maker: maker.binary(1000), _OCTETS, BINARY[1000:]),
    Kind("text file", lambda maker: maker.text(), _PLAIN, UTF8, sized=None),
    Kind("text in utf-16", lambda maker: maker.text("utf-16"), _PLAIN, UTF8, sized=None),
    Kind("BytesIO", lambda _: io.BytesIO(BINARY), _OCTETS, BINARY),
    Kind("StringIO", lambda _: io.StringIO(TEXT), _PLAIN, UTF8, sized=None),
    Kind("generator", lambda _: _generator(), _OCTETS, BINARY, sized=False, replayable=False),
    Kind(
        "iterable payload",
        lambda _: AsyncIterablePayload(_generator(), content_type="text/x-it"),
        "text/x-it",
        BINARY,
        sized=False,
        replayable=False,
    ),
    Kind(
        "streamer",
        _streamed,
        _OCTETS,
        b"0123456789" * 500,
        sized=False,
        replayable=False,
    ),
    Kind(
        "nested parts", _nested, "multipart/mixed; boundary=outer+boundary", tree=_TREE, sized=False
    ),
    Kind("own payload", _Own, "application/x-own", BINARY, sized=False, replayable=False),
    Kind("registered type", lambda _: Coordinates(), "text/x-coordinates", b"52.5,13.4"),
    Kind("JsonPayload", lambda _: JsonPayload(DOCUMENT), "application/json", _DUMPED),
    Kind(
        "JsonBytesPayload",
        lambda _: JsonBytesPayload(DOCUMENT, dumps=lambda value: repr(value).encode()),
        "application/json",
        repr(DOCUMENT).encode(),
    ),
    Kind("json", lambda _: DOCUMENT, "application/json", _DUMPED, parameter="json"),
]
