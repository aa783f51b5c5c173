"""The multipart response of the ASGI app: parts in all codings, and a multipart part in it."""

import gzip
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from .asgi_call import Call
from .asgi_streams import TEXT, pseudo_random

__all__ = ["CODED", "EXAMPLES", "JSON", "LARGE", "TRICKY", "send_multipart"]

LARGE: Final = pseudo_random(300_000, seed=7)
CODED: Final = TEXT.encode()
JSON: Final = {"name": "Grüße"}
# What looks like a delimiter and is none.
TRICKY: Final = b"\r\n--outer\r\n\n--outer boundary\r\r\n--oute\r\n -- \r\n"
EXAMPLES: Final = {"base64": LARGE[:5000], "quoted-printable": LARGE[:300]}
_BOUNDARY: Final = "outer boundary"


async def send_multipart(call: Call) -> None:
    """``/multipart``; ``?size=N``: in chunks of N bytes; ``?cut=N``: the last N are missing."""
    body = _body()
    body = body[: len(body) - int(call.query.get("cut", "0"))]
    size = int(call.query.get("size", len(body)))
    pieces = (body[start : start + size] for start in range(0, len(body), size))
    await call.pieces(pieces, [("Content-Type", f'multipart/mixed; boundary="{_BOUNDARY}"')])


def _body() -> bytes:
    text = EmailMessage(SMTP)
    text.set_content("Grüße\n", charset="utf-8", cte="8bit")
    inner = _joined(
        "inner.boundary",
        *(_by_email(cte, content) for cte, content in EXAMPLES.items()),
        b'Content-Type: application/json\r\n\r\n{"name": "Gr\xc3\xbc\xc3\x9fe"}',
    )
    parts = [
        text.as_bytes().removesuffix(b"\r\n"),
        b'Content-Disposition: attachment; filename="large.bin"\r\n\r\n' + LARGE,
        b"Content-Type: multipart/related; boundary=inner.boundary\r\n\r\n" + inner,
        b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(CODED, mtime=0),
        b"\r\n",
        b"X-Last: yes\r\n\r\n" + TRICKY,
    ]
    return b"To be ignored.\r\n" + _joined(_BOUNDARY, *parts) + b"This, too.\r\n"


def _by_email(cte: str, content: bytes) -> bytes:
    message = EmailMessage(SMTP)
    message.set_content(content, "application", "octet-stream", filename="naïve.bin", cte=cte)
    return message.as_bytes().removesuffix(b"\r\n")


def _joined(boundary: str, *parts: bytes) -> bytes:
    delimiter = f"--{boundary}".encode()
    opened = b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in parts)
    return opened + delimiter + b"--\r\n"
