"""What is measured: the scenarios, known to the parent and to its children."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "get", "varied", "json", "stream", "chunks",
    "post", "file", "form", "parts",
    "memory", "import", "import-use",
    "socket", "socket-memory",
]  # fmt: skip

SMALL_BODY = b"Hello, World!"
POST_BODY = b'{"ok": true}'
POST_PAYLOAD = {"name": "martlet", "count": 42, "tags": ["a", "b", "c"], "nested": {"ok": True}}
TEN_KILOBYTES = 10_000
MEGABYTE = 1_000_000
HUNDRED_MEGABYTES = 100_000_000
CHUNKS = 100_000
STREAM_CHUNK = 65_536
HEADER_COUNT = 50
RECORD = {
    "id": 4217,
    "name": "Pallid swift",
    "weight": 41.5,
    "place": {"lat": 47.3769, "lon": 8.5417, "country": "CH"},
    "tags": ["small", "fast", "rare"],
    "seen": ["2026-05-03T05:12:09Z", "2026-06-21T19:40:55Z"],
    "active": True,
    "next": None,
}
IDLE_CONNECTIONS = 1_000
IDLE_SOCKETS = 10_000
PROCESS_KINDS: tuple[Kind, ...] = ("import", "import-use")
CHECKED_KINDS: tuple[Kind, ...] = ("file", "form", "parts")
"""What is sent is looked at."""
SOCKET_KINDS: tuple[Kind, ...] = ("socket", "socket-memory")
"""WebSockets."""
MEMORY_KINDS: tuple[Kind, ...] = ("memory", "socket-memory")

# The floor writes fixed bytes and parses nothing: it has nothing to say about these.
_NO_FLOOR = frozenset({"floor"})
# With 1,000 requests at once it needs 75 ms for each: a round would take many minutes.
_NO_HTTPX = frozenset({"httpx"})
# With 10,000 at once a round takes niquests more than a minute, and httpx nearly three are not
# enough.
_NOT_WHILE_MANY_WAIT = frozenset({"httpx", "niquests"})
# Their manuals have no such thing as a file that is sent as it is, as a server's own chunks or
# as signals. About parameters, cookies and redirects it is asked only how aiohttp's API does.
_LIKE_AIOHTTP = frozenset({"httpx", "pyreqwest", "niquests", "floor"})
# They have no WebSockets of their own, and the floor makes no frames.
_NO_SOCKETS = frozenset({"httpx", "pyreqwest", "niquests", "floor"})
_SOCKETS_ONLY = frozenset({"picows"})


@dataclass(frozen=True)
class Scenario:
    """One thing every client is asked to do."""

    name: str
    summary: str
    kind: Kind
    path: str = "/small"
    length: int = len(SMALL_BODY)
    concurrency: int = 1
    limit: int = 0
    """Connections the client may hold at once; 0 is no limit."""
    fresh: bool = False
    """A new connection for every request."""
    tls: bool = False
    taken: bool = False
    """Asked of the server that takes bodies, in place of nginx."""
    cookies: bool = False
    """With cookies in the client's jar: the server sets them before anything is measured."""
    traced: bool = False
    """With receivers of three signals, which do nothing but count."""
    steady: bool = False
    """Measured only while all workers have a request under way: not their start, not their end."""
    warmup: int = 200
    least: int = 200
    most: int = 1_000_000
    """Bounds of the operations of a round, whatever the warm-up's pace says."""
    without: frozenset[str] = field(default_factory=frozenset)
    compress: bool = False
    """Messages are compressed (permessage-deflate)."""

    def asks(self, client: str) -> bool:
        """Whether a client has this scenario."""
        if self.kind in SOCKET_KINDS and client in _NO_SOCKETS:
            return False
        if self.kind not in SOCKET_KINDS and client in _SOCKETS_ONLY:
            return False
        return client not in self.without


_ALL = (
    Scenario("get-1", "small GET, one at a time", "get"),
    Scenario("get-32", "small GET, 32 at once", "get", concurrency=32, least=640),
    Scenario(
        "get-32-varied",
        "small GET, 32 at once, every path and query new",
        "varied",
        concurrency=32,
        least=640,
        without=_NO_FLOOR,
    ),
    Scenario(
        "get-1000",
        "small GET, 1,000 at once on 1,000 connections",
        "get",
        concurrency=1_000,
        warmup=2_000,
        least=5_000,
        without=_NO_HTTPX,
    ),
    Scenario(
        "get-1000-limit100",
        "small GET, 1,000 at once sharing 100 connections",
        "get",
        concurrency=1_000,
        limit=100,
        warmup=2_000,
        least=5_000,
        without=_NO_FLOOR | _NO_HTTPX,
    ),
    Scenario(
        "get-json",
        "GET with 4 parameters and 3 headers of its own, by json(), 32 at once",
        "json",
        path="/record",
        length=len(RECORD),
        concurrency=32,
        least=640,
        without=_LIKE_AIOHTTP,
    ),
    Scenario(
        "get-cookies",
        "small GET with 8 cookies, answered with 2, 32 at once",
        "get",
        path="/cookies",
        concurrency=32,
        cookies=True,
        least=640,
        without=_LIKE_AIOHTTP,
    ),
    Scenario(
        "get-redirect",
        "GET that is redirected once, 32 at once",
        "get",
        path="/redirect",
        concurrency=32,
        least=640,
        without=_LIKE_AIOHTTP,
    ),
    Scenario(
        "get-traced",
        "small GET with receivers of three signals, 32 at once",
        "get",
        concurrency=32,
        traced=True,
        least=640,
        without=_LIKE_AIOHTTP,
    ),
    Scenario(
        "post-json",
        "POST of a small dict as JSON, 32 at once",
        "post",
        path="/post",
        length=len(POST_BODY),
        concurrency=32,
        least=640,
    ),
    Scenario(
        "get-10k",
        "GET of 10 kB, 32 at once",
        "get",
        path="/10k",
        length=TEN_KILOBYTES,
        concurrency=32,
        least=640,
    ),
    Scenario(
        "headers-50",
        "small GET answered with 50 more headers, 32 at once",
        "get",
        path="/headers",
        concurrency=32,
        least=640,
    ),
    Scenario(
        "read-100m",
        "GET of 100 MB by read()",
        "get",
        path="/100m",
        length=HUNDRED_MEGABYTES,
        warmup=1,
        least=3,
        without=_NO_FLOOR,
    ),
    Scenario(
        "iter-100m",
        "GET of 100 MB by chunks of at most 64 KiB",
        "stream",
        path="/100m",
        length=HUNDRED_MEGABYTES,
        warmup=1,
        least=3,
        without=_NO_FLOOR,
    ),
    Scenario(
        "upload-file-100m",
        "POST of an open file of 100 MB",
        "file",
        path="/taken",
        taken=True,
        length=len(POST_BODY),
        warmup=1,
        least=3,
        without=_LIKE_AIOHTTP,
    ),
    Scenario(
        "form-post",
        "POST of six fields, urlencoded, 32 at once",
        "form",
        path="/taken",
        taken=True,
        length=len(POST_BODY),
        concurrency=32,
        least=640,
    ),
    Scenario(
        "multipart-20k",
        "POST of a form of two texts and a file of 20 kB, 32 at once",
        "parts",
        path="/taken",
        taken=True,
        length=len(POST_BODY),
        concurrency=32,
        least=640,
    ),
    Scenario(
        "gzip-1m",
        "GET of 1 MB of JSON that comes as gzip, by read()",
        "get",
        path="/gzip",
        length=MEGABYTE,
        warmup=10,
        least=20,
        without=_NO_FLOOR,
    ),
    Scenario(
        "chunks-1000",
        "GET of 1,000 chunks of 100 bytes, by read()",
        "get",
        path="/chunks",
        taken=True,
        length=CHUNKS,
        warmup=20,
        without=_NO_FLOOR,
    ),
    Scenario(
        "chunks-1000-iter",
        "GET of 1,000 chunks of 100 bytes, by iter_chunks()",
        "chunks",
        path="/chunks",
        taken=True,
        length=CHUNKS,
        warmup=20,
        without=_LIKE_AIOHTTP,
    ),
    # All get as many requests, so that they differ in nothing but those that wait.
    Scenario(
        "get-10-waiting-100",
        "small GET, 100 at once sharing 10 connections",
        "get",
        concurrency=100,
        limit=10,
        steady=True,
        warmup=2_000,
        least=40_000,
        without=_NO_FLOOR | _NOT_WHILE_MANY_WAIT,
    ),
    Scenario(
        "get-10-waiting-2000",
        "small GET, 2,000 at once sharing 10 connections",
        "get",
        concurrency=2_000,
        limit=10,
        steady=True,
        warmup=2_000,
        least=40_000,
        without=_NO_FLOOR | _NOT_WHILE_MANY_WAIT,
    ),
    Scenario(
        "get-10-waiting-10000",
        "small GET, 10,000 at once sharing 10 connections",
        "get",
        concurrency=10_000,
        limit=10,
        steady=True,
        warmup=2_000,
        least=40_000,
        without=_NO_FLOOR | _NOT_WHILE_MANY_WAIT,
    ),
    # Few operations: each one leaves a socket in TIME_WAIT and the ports are finite.
    Scenario(
        "new-conn",
        "small GET, a new connection each, 8 at once",
        "get",
        concurrency=8,
        fresh=True,
        most=3_000,
    ),
    Scenario(
        "tls-get-32",
        "small GET over warm, verified TLS connections, 32 at once",
        "get",
        concurrency=32,
        tls=True,
        least=640,
    ),
    Scenario(
        "tls-new-conn",
        "small GET, a new verified TLS connection each, 8 at once",
        "get",
        concurrency=8,
        fresh=True,
        tls=True,
        most=3_000,
    ),
    Scenario("import", "a fresh interpreter that imports the client", "import"),
    Scenario(
        "import-use",
        "a fresh interpreter: import, session, first GET",
        "import-use",
        without=_NO_FLOOR,
    ),
    Scenario("idle-memory", "memory of one idle keep-alive connection of 1,000", "memory"),
    Scenario("idle-memory-tls", "memory of one idle TLS connection of 1,000", "memory", tls=True),
    Scenario(
        "ws-echo-64",
        "WebSocket: binary message of 64 bytes and its echo, one at a time",
        "socket",
        path="/echo",
        length=64,
    ),
    Scenario(
        "ws-flight-500",
        "WebSocket: binary message of 64 bytes and its echo, 500 at once",
        "socket",
        path="/echo",
        length=64,
        concurrency=500,
        warmup=2_000,
        least=5_000,
    ),
    Scenario(
        "ws-64k",
        "WebSocket: binary message of 64 kB and its echo, one at a time",
        "socket",
        path="/echo",
        length=64_000,
    ),
    Scenario(
        "ws-deflate-2k",
        "WebSocket: compressed text of 2 kB and its echo, one at a time",
        "socket",
        path="/deflate",
        length=2_000,
        compress=True,
        # Its core API leaves compression to others.
        without=frozenset({"picows"}),
    ),
    Scenario(
        "ws-idle-memory",
        "memory of one idle WebSocket of 10,000",
        "socket-memory",
        path="/echo",
    ),
)

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
