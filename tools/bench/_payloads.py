"""What stands in bodies: what the clients send, and what they get that is not small."""

import itertools
import json
import random
from pathlib import Path

from ._scenarios import Scenario
from .clients.shape import FilePart

PARAMS: dict[str, str | int] = {"page": 3, "limit": 50, "sort": "name", "q": "pallid swift"}
HEADERS = {
    "Accept": "application/json",
    "Authorization": "Bearer 0123456789abcdef0123456789abcdef",
    "X-Request-ID": "b7d4c2f0-52d1-4f0b-9a55-3f6f1a2c8e10",
}
COOKIES = {
    "session": "0123456789abcdef0123456789abcdef",
    "csrf": "fedcba9876543210",
    "user": "4217",
    "language": "en",
    "theme": "dark",
    "zone": "Zurich",
    "consent": "all",
    "visits": "12",
}
COOKIES_SET = ("session", "visits")
"""Those that are set anew with each answer, the others only before the first."""
FORM_FIELDS = {
    "a": "1",
    "name": "martlet",
    "title": "A bird without feet",
    "query": "a=b&c=d",
    "place": "Zürich",
    "page": "12",
}
TEXT_FIELDS = {"title": "A bird without feet", "comment": "It never rests. " * 8}
FILE_PART = FilePart(
    name="file",
    filename="martlet.bin",
    content_type="application/octet-stream",
    content=random.Random(1).randbytes(20_000),
)
CHUNK = b"0123456789" * 10
CHUNK_COUNT = 1_000
_MEGABYTE = 1_000_000
_TEXTS = 50


def set_cookie(name: str) -> str:
    """The value of the field that sets one of the cookies."""
    lasting = "; Max-Age=86400; SameSite=Lax" if name == "visits" else "; HttpOnly"
    return f"{name}={COOKIES[name]}; Path=/{lasting}"


def json_text(size: int) -> bytes:
    """A JSON document of so many bytes that shrinks to about an eighth by gzip."""
    chance = random.Random(2)
    lines = [b"["]
    length = 1
    for number in itertools.count():
        record = {
            "id": number,
            "name": f"bird-{chance.randrange(10_000)}",
            "weight": round(chance.uniform(10, 50), 2),
            "place": {"lat": round(chance.uniform(-90, 90), 4), "country": chance.choice("ABCD")},
            "tags": chance.sample(["small", "fast", "black", "white", "rare", "seen"], 3),
            "active": chance.random() < 0.5,
        }
        line = json.dumps(record).encode() + b",\n"
        if length + len(line) > size - 10:
            break
        lines.append(line)
        length += len(line)
    text = b"".join(lines)
    return text + b"null" + b" " * (size - length - 5) + b"]"


def socket_messages(scenario: Scenario) -> list[str | bytes]:
    """The messages of a WebSocket scenario, which it sends again and again.

    Where they are compressed they are texts, each of other records and together more than the
    32 kB that a compressor remembers: else it would find each one whole in what went before.
    """
    length = scenario.length
    if not scenario.compress:
        return [random.Random(4).randbytes(length)]
    # Records are cut in two at the ends, but nobody reads them as JSON.
    text = json_text(length * (_TEXTS + 1)).decode()
    return [text[start : start + length] for start in range(0, length * _TEXTS, length)]


def write_upload(path: Path, size: int) -> None:
    """Write a file of whole megabytes, none of which is like another."""
    block = random.Random(3).randbytes(_MEGABYTE - 8)
    with path.open("wb") as file:
        for number in range(size // _MEGABYTE):
            file.write(b"%08d" % number)
            file.write(block)


def chunked_answer() -> bytes:
    """A whole response in chunks."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%b\r\n" % (len(CHUNK), CHUNK)
    return head + chunk * CHUNK_COUNT + b"0\r\n\r\n"
