"""What the ASGI app tells of a request: digests of it, as sent, decoded and taken apart.

Whatever takes it apart is the standard library's or some other independent implementation.
"""

import email
import email.policy
import gzip
import hashlib
import io
import sys
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, Final

import brotli
from multipart import (  # type: ignore[import-untyped]  # it ships no types
    MultipartParser,
    parse_options_header,
)

from .asgi_call import Call

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["sha256", "tell"]

_LARGEST_TO_TAKE_APART: Final = 16 * 1024 * 1024


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Decoder:
    """Removes one content coding, and knows whether it was complete."""

    def __init__(self, coding: str) -> None:
        self.complete: Callable[[], bool]
        self.decode: Callable[[bytes], bytes]
        if coding in ("gzip", "deflate"):
            inflate = zlib.decompressobj(31 if coding == "gzip" else 15)
            self.decode = inflate.decompress
            self.complete = lambda: inflate.eof and not inflate.unused_data
        elif coding == "br":
            brotlied = brotli.Decompressor()
            self.decode = brotlied.process
            self.complete = brotlied.is_finished
        elif coding == "zstd":
            zstdied = zstd.ZstdDecompressor()
            self.decode = zstdied.decompress
            self.complete = lambda: zstdied.eof and not zstdied.unused_data
        else:
            self.decode = bytes
            self.complete = lambda: not coding


async def tell(call: Call) -> dict[str, Any]:
    """Read the request's body and tell of it."""
    decoder = _Decoder(call.field("content-encoding"))
    raw, decoded = hashlib.sha256(), hashlib.sha256()
    length = decoded_length = 0
    kept: list[bytes] = []
    takes_apart = call.field("content-type").startswith("multipart/")
    async for piece in call.body():
        plain = decoder.decode(piece) if piece else b""
        raw.update(piece)
        decoded.update(plain)
        length += len(piece)
        decoded_length += len(plain)
        if takes_apart and decoded_length <= _LARGEST_TO_TAKE_APART:
            kept.append(plain)
    told = {
        "method": call.scope["method"],
        "path": call.scope["path"],
        "headers": call.fields,
        "peer": call.scope["client"][1],
        "events": call.events,
        "length": length,
        "sha256": raw.hexdigest(),
        "complete": decoder.complete(),
        "decoded_length": decoded_length,
        "decoded_sha256": decoded.hexdigest(),
    }
    if takes_apart:
        told.update(_taken_apart(call.field("content-type"), b"".join(kept)))
    return told


def _taken_apart(content_type: str, body: bytes) -> dict[str, Any]:
    kind, options = parse_options_header(content_type)
    if kind == "multipart/form-data":
        return {"form": _form(body, options["boundary"])}
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    return {"tree": _tree(message)}


def _form(body: bytes, boundary: str) -> list[dict[str, Any]]:
    parser = MultipartParser(io.BytesIO(body), boundary, len(body), strict=True)
    parts = []
    for part in parser:
        parts.append(
            {
                "name": part.name,
                "filename": part.filename,
                "type": part.headers.get("Content-Type"),
                "sha256": sha256(part.raw),
            }
        )
        part.close()
    return parts


def _tree(message: EmailMessage) -> dict[str, Any]:
    kind = message.get_content_type()
    if message.is_multipart():
        return {"type": kind, "parts": [_tree(part) for part in message.iter_parts()]}  # type: ignore[arg-type]  # the policy makes EmailMessages
    content = message.get_payload(decode=True)
    assert isinstance(content, bytes)
    if message["Content-Encoding"] == "gzip":
        content = gzip.decompress(content)
    return {
        "type": kind,
        "coding": message["Content-Encoding"],
        "transfer": message["Content-Transfer-Encoding"],
        "faults": [type(defect).__name__ for defect in message.defects],
        "sha256": sha256(content),
    }
