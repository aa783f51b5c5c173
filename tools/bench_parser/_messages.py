"""The messages that are parsed, each with what a parser has to find in it.

A message has a number. Those of one number are the same; of two, every field that a server
or a client would fill in anew differs, and no cache of lines knows it.
"""

import random
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache
from hashlib import blake2s
from typing import NamedTuple

Fields = list[tuple[str, str]]


class Facts(NamedTuple):
    """What every parser has to agree on."""

    first: tuple[str, ...]
    """The status, or the method and the target."""
    fields: tuple[tuple[str, str], ...]
    """In the order they came; the names lower-cased, since h11 gives them so."""
    body: bytes


@dataclass(frozen=True)
class Message:
    """A message as it is sent, and the facts."""

    data: bytes
    facts: Facts


_SECONDS = 1_700_000_000
_SECURITY: Fields = [
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Vary", "Accept-Encoding, Origin"),
    ("Accept-Ranges", "bytes"),
    ("Via", "1.1 varnish, 1.1 cache-fra-eddf8230041"),
]


def _digest(number: int, what: str) -> str:
    return blake2s(f"{what} {number}".encode(), digest_size=16).hexdigest()


def _date(number: int) -> str:
    return formatdate(_SECONDS + number, usegmt=True)


def _write(first_line: str, first: tuple[str, ...], fields: Fields, body: bytes) -> Message:
    lines = [first_line, *(f"{name}: {value}" for name, value in fields), "", ""]
    facts = Facts(first, tuple((name.lower(), value) for name, value in fields), body)
    return Message("\r\n".join(lines).encode() + body, facts)


def response(count: int, number: int, *, body: bool) -> Message:
    """A response of 10 or 50 fields; with a body of 12 bytes (and as many more as its number)."""
    content = b"hello, world" + b"." * number if body else b""
    fields = [
        ("Server", "nginx/1.25.3"),
        ("Date", _date(number)),
        ("Content-Type", "application/json; charset=utf-8"),
        ("Content-Length", str(len(content))),
        ("Connection", "keep-alive"),
        ("Cache-Control", "private, max-age=0, must-revalidate"),
        ("ETag", f'W/"{_digest(number, "etag")}"'),
        ("Last-Modified", _date(number - 86_400)),
        ("X-Request-Id", _digest(number, "request")),
    ]
    if number:
        cookie = f"session={_digest(number, 'session')}; Path=/; HttpOnly; SameSite=Lax"
        fields.append(("Set-Cookie", cookie))
    else:
        # It is read again and again, and nobody sets the same cookie again and again.
        fields.append(("X-Served-By", "cache-fra-eddf8230041"))
    if count > len(fields):
        fields += _SECURITY
        fields += [(f"X-Feature-{n:02}", f"variant-{n}; enabled") for n in range(10)]
        fields += [(f"X-Trace-{n:02}", _digest(number, f"trace {n}")) for n in range(20)]
    assert len(fields) == count
    return _write("HTTP/1.1 200 OK", ("200",), fields, content)


def request(number: int) -> Message:
    """A GET of 10 fields."""
    target = f"/articles/{_SECONDS + number}?page=2&sort=date"
    fields = [
        ("Host", "www.example.com"),
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
        ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        ("Accept-Language", "en-US,en;q=0.5"),
        ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ("Connection", "keep-alive"),
        ("Referer", f"https://www.example.com/articles/{_SECONDS + number - 1}"),
        ("Cookie", f"session={_digest(number, 'session')}; theme=dark"),
        ("If-None-Match", f'W/"{_digest(number, "etag")}"'),
        ("X-Request-Id", _digest(number, "request")),
    ]
    return _write(f"GET {target} HTTP/1.1", ("GET", target), fields, b"")


def chunked(number: int, *, varied: bool) -> Message:
    """A response with a body of 1,000 chunks: each of 100 bytes, or of 100 on the average."""
    source = random.Random(number)
    sizes = [source.randint(1, 199) if varied else 100 for _ in range(1_000)]
    body = source.randbytes(sum(sizes))
    head = _write("HTTP/1.1 200 OK", ("200",), [("Transfer-Encoding", "chunked")], b"")
    pieces, at = [head.data], 0
    for size in sizes:
        pieces.append(b"%x\r\n%b\r\n" % (size, body[at : at + size]))
        at += size
    pieces.append(b"0\r\n\r\n")
    return Message(b"".join(pieces), head.facts._replace(body=body))


@cache
def _long_text() -> str:
    return random.Random(1).randbytes(32_000).hex()


def long_head(lines: int, size: int, number: int) -> Message:
    """A response whose head is of so many field lines, each of *size* bytes with its CRLF."""
    text = _long_text()
    room = size - len("X00000: \r\n")
    fields = [("Content-Length", "0")]
    for n in range(lines):
        start = (n * room + number) % (len(text) - room) if lines > 1 else 0
        # The number goes to the end: what only looks at beginnings must not know the line.
        end = f"{number:06x}"
        fields.append((f"X{n:05}", text[start : start + room - len(end)] + end))
    return _write("HTTP/1.1 200 OK", ("200",), fields, b"")
