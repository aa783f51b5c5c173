"""Duties about what arrives at the origin."""

import hashlib
import json
from typing import Final

from ._conformance_error import demand
from ._probe import Duty, Echo, Probe, told
from ._request_bodies import FailingBody, PiecesBody

__all__ = ["REQUEST_DUTIES"]

# A connector may add these; everything else is the session's.
_FRAMING: Final = frozenset(
    {"connection", "content-length", "host", "keep-alive", "te", "transfer-encoding"}
)
# Not a power of two, and more than a socket takes at once.
_PIECE: Final = 48 * 1000
_PIECES: Final = 200


async def _line(probe: Probe) -> None:
    for method in ("GET", "PUT", "DELETE", "PROPFIND"):
        target = "/echo?q=a%20b&q=%26&e="
        seen = await probe.echo(f"{target}#not-sent", method=method)
        demand(seen.method == method, f"{method} was sent, {seen.method} arrived")
        demand(seen.target == target, f"{target} was sent, {seen.target} arrived")


async def _fields(probe: Probe) -> None:
    twice = ["first", "second"]
    headers = [("X-Twice", twice[0]), ("X-Other", "\xe9"), ("X-Twice", twice[1])]
    seen = await probe.echo(headers=headers)
    got = seen.values("x-twice")
    demand(got == twice, f"X-Twice was sent as {twice}, {got} arrived")
    demand(seen.values("x-other") == ["\xe9"], f"X-Other arrived as {seen.values('x-other')}")


async def _host(probe: Probe) -> None:
    seen = await probe.echo()
    expected = [probe.base_url.host_port_subcomponent]
    demand(seen.values("host") == expected, f"{seen.values('host')} arrived, not {expected}")


async def _nothing_added(probe: Probe) -> None:
    seen = await probe.echo(method="POST", body=b"body")
    added = {name.lower() for name, _ in seen.headers} - _FRAMING
    demand(not added, f"these were added: {', '.join(sorted(added))}")


def _demand_framed(seen: Echo, size: int) -> None:
    """Fields that frame the message need not be there, but must not lie."""
    lengths = seen.values("content-length")
    demand(lengths in ([], [str(size)]), f"a body of {size} bytes had Content-Length {lengths}")


async def _bytes(probe: Probe) -> None:
    for body in (None, b"", b"\x00\xff\r\n0\r\n\r\n", bytes(range(256)) * 1024):
        expected = body or b""
        seen = await probe.echo(method="POST", body=body)
        demand(
            seen.body == expected, f"of {len(expected)} bytes {len(seen.body)} arrived, or wrong"
        )
        _demand_framed(seen, len(expected))


async def _known_length(probe: Probe) -> None:
    pieces = [b"one", b"two", b"three"]
    seen = await probe.echo(method="PUT", body=PiecesBody(pieces, length=11))
    demand(seen.body == b"onetwothree", f"{seen.body!r} arrived")
    _demand_framed(seen, 11)


async def _unknown_length(probe: Probe) -> None:
    for pieces in ([b"one", b"two"], []):
        expected = b"".join(pieces)
        seen = await probe.echo(method="PUT", body=PiecesBody(pieces, length=None))
        demand(seen.body == expected, f"{expected!r} was written, {seen.body!r} arrived")
        _demand_framed(seen, len(expected))


async def _large(probe: Probe) -> None:
    pieces = [bytes([number]) * _PIECE for number in range(_PIECES)]
    whole = b"".join(pieces)
    body = PiecesBody(pieces, length=len(whole))
    seen = json.loads((await probe.fetch("/digest", method="PUT", body=body)).body)
    demand(seen["length"] == len(whole), f"of {len(whole)} bytes {seen['length']} arrived")
    demand(
        seen["sha256"] == hashlib.sha256(whole).hexdigest(),
        "the origin saw what was in the buffer after write() had returned",
    )


async def _failing(probe: Probe) -> None:
    error = LookupError("the body's own error")
    outcome = await probe.outcome(probe.start("/echo", method="PUT", body=FailingBody(error)))
    demand(outcome is error, f"{error!r} was raised, send {told(outcome)}")
    await probe.demand_usable()


REQUEST_DUTIES: Final = (
    Duty("method, path and query arrive as they are, the fragment does not", _line),
    Duty("the request's fields arrive, repeated ones in order", _fields),
    Duty("Host arrives once, as it was given", _host),
    Duty("only fields for framing are added to a request", _nothing_added),
    Duty("bodies of bytes arrive", _bytes),
    Duty("a RequestBody of known length arrives", _known_length),
    Duty("a RequestBody of unknown length arrives", _unknown_length),
    Duty("a RequestBody may use its buffer again when write() has returned", _large),
    Duty("what a RequestBody raises comes out of send as it is", _failing),
)
