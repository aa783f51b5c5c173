"""A server that redirects, refuses, drops, asks for credentials and is a proxy, as paths say.

One script for all its connections: ``[[routed]] * many``. What a request leads to is said by the
first part of its path, and for how long by the second:

* ``/hop/3`` leads to ``/hop/2`` and so on by 302, ``/keep/3`` by 307, ``/see/3`` by 303;
  ``/away/3`` to another name of this machine each time. At 0 they are answered with what was sent.
* ``/flaky/2`` gives 503, and ``/drop/2`` closes the connection, for the first two times.
* ``/basic`` and ``/digest`` want credentials; ``/slow`` comes in pieces; ``/status/404`` says that.
* ``CONNECT`` makes a tunnel to this very server, with TLS inside.
"""

import asyncio
import sys
from collections import Counter
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from .fault_server import FaultServer, Peer
from .world import server_context

__all__ = ["ROUTED", "Request", "read_request", "routed"]

_CHALLENGE: Final = (
    'WWW-Authenticate: Digest realm="here", nonce="abc", qop="{qop}", algorithm=SHA-256'
)
_NAMES: Final = ("127.0.0.1", "localhost", "other.test")
# How often each path has been asked for.
_times: "WeakKeyDictionary[FaultServer, Counter[str]]" = WeakKeyDictionary()


class Request(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    fields: dict[str, str]
    body: bytes


async def read_request(peer: Peer) -> Request:
    """Read a whole request, however it is framed."""
    head = await peer.head()
    line, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = line.split(" ")
    fields = {}
    for text in lines:
        name, _, value = text.partition(": ")
        fields[name.lower()] = value
    if "expect" in fields:
        peer.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = b""
    if "content-length" in fields:
        body = await peer.reader.readexactly(int(fields["content-length"]))
    elif "transfer-encoding" in fields:
        while size := int(await peer.reader.readline(), 16):
            body += await peer.reader.readexactly(size)
            await peer.reader.readexactly(2)
        await peer.reader.readexactly(2)
    if target.startswith("http://"):
        target = "/" + target.split("/", 3)[3]
    peer.server.requests.append(head + body)
    return Request(method, target, fields, body)


async def routed(peer: Peer) -> None:
    """Answer every request as its path says."""
    while True:
        request = await read_request(peer)
        if request.method == "CONNECT":
            await _open_tunnel(peer, request)
        else:
            await _answer(peer, request)


ROUTED: Final = [[routed]] * 60


async def _open_tunnel(peer: Peer, request: Request) -> None:
    if request.path.startswith("refused"):
        _reply(peer, 407, body=b"no")
        return
    peer.writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
    # A client that goes away meanwhile is no news.
    await peer.writer.start_tls(server_context())
    if sys.version_info < (3, 12):
        # It does not tell the reader, which would pause the transport below.
        peer.reader._transport = peer.writer.transport  # type: ignore[attr-defined]  # private


def _reply(peer: Peer, status: int, *fields: str, body: bytes = b"ok") -> None:
    head = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(body)}", *fields, "", ""]
    peer.writer.write("\r\n".join(head).encode() + body)


async def _answer(peer: Peer, request: Request) -> None:
    _, kind, *rest = request.path.partition("?")[0].split("/")
    left = int(rest[0]) if rest and rest[0].isdigit() else 0
    if kind in {"hop", "keep", "see", "away", "cookie", "unread"} and left:
        await _redirect(peer, request, kind, left)
    elif kind in {"flaky", "drop"} and _asked(peer, request.path) <= left:
        if kind == "drop":
            peer.writer.close()
        else:
            _reply(peer, 503, "Retry-After: 0", body=b"later")
    elif kind in {"basic", "digest", "digest-int"} and "authorization" not in request.fields:
        qop = "auth-int" if kind == "digest-int" else "auth"
        challenge = 'WWW-Authenticate: Basic realm="here"'
        _reply(peer, 401, _CHALLENGE.format(qop=qop) if kind != "basic" else challenge)
    elif kind == "slow":
        for piece in (b"HTTP/1.1 200 OK\r\n", b"Content-Length: 6\r\n\r\n", b"abc", b"de", b"f"):
            await asyncio.sleep(0)
            peer.writer.write(piece)
    elif kind == "status":
        _reply(peer, left, body=b"why")
    else:
        _reply(peer, 200, body=request.body or b"ok")
    await peer.writer.drain()


async def _redirect(peer: Peer, request: Request, kind: str, left: int) -> None:
    status = {"keep": 307, "see": 303}.get(kind, 302)
    location = f"/{kind}/{left - 1}"
    if kind == "away":
        location = f"http://{_NAMES[left % 3]}:{peer.server.port}{location}"
    if kind == "unread":
        # Its body never comes to an end.
        head = f"HTTP/1.1 {status} Reason\r\nLocation: {location}\r\n"
        peer.writer.write(f"{head}Content-Length: 100\r\n\r\nmore".encode())
        return
    fields = [f"Location: {location}"]
    if kind == "cookie":
        fields.append(f"Set-Cookie: n{left}=v{left}; Path=/")
    _reply(peer, status, *fields, body=b"moved")


def _asked(peer: Peer, path: str) -> int:
    counter = _times.setdefault(peer.server, Counter())
    counter[path] += 1
    return counter[path]
