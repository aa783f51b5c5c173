"""Duties about heads, and about leaving alone what comes."""

from typing import Final

from martlet_interfaces import HttpVersion

from ._conformance_error import demand
from ._origin import COOKIES, FIELDS, GZIPPED
from ._probe import Duty, Probe

__all__ = ["RESPONSE_DUTIES"]

_STATUSES: Final = (200, 201, 206, 400, 401, 404, 407, 429, 500, 503)


async def _answers(probe: Probe) -> None:
    seen = await probe.echo()
    demand(seen.target == "/echo", f"asked for /echo, the origin saw {seen.target}")


async def _head_before_return(probe: Probe) -> None:
    exchange = await probe.exchange(probe.start("/digest"))
    exchange.abort()


async def _head_once(probe: Probe) -> None:
    recording = await probe.fetch("/echo")
    await probe.turns(5)
    heads = recording.calls.count("on_head")
    demand(heads == 1, f"it was called {heads} times")


async def _any_status(probe: Probe) -> None:
    for status in _STATUSES:
        head = (await probe.fetch(f"/status/{status}")).head
        demand(head.status == status, f"the origin sent {status}, on_head got {head.status}")


async def _fields(probe: Probe) -> None:
    head = (await probe.fetch("/fields")).head
    version = head.version
    demand(isinstance(version, HttpVersion), f"the version is {version!r}, no HttpVersion")
    for name in ("x-twice", "x-bytes"):
        sent = [value for other, value in FIELDS if other.lower() == name]
        got = head.headers.getall(name, [])
        demand(got == sent, f"the origin sent {name} as {sent!r}, on_head got {got!r}")


async def _own_headers(probe: Probe) -> None:
    first = (await probe.fetch("/fields")).head
    first.headers.clear()
    second = (await probe.fetch("/fields")).head
    demand("X-Bytes" in second.headers, "what one receiver changed, the next one gets")


async def _no_redirect(probe: Probe) -> None:
    head = (await probe.fetch("/redirect")).head
    demand(head.status == 302, f"the origin sent 302, on_head got {head.status}")
    location = head.headers.get("Location")
    demand(location == "/echo", f"the origin sent Location: /echo, on_head got {location!r}")


async def _no_cookies(probe: Probe) -> None:
    head = (await probe.fetch("/set-cookie")).head
    got = head.headers.getall("Set-Cookie", [])
    demand(got == list(COOKIES), f"the origin sent {list(COOKIES)}, on_head got {got}")
    sent = (await probe.echo()).values("cookie")
    demand(not sent, f"the next request had Cookie: {sent}")


async def _no_decoding(probe: Probe) -> None:
    recording = await probe.fetch("/gzip")
    coding = recording.head.headers.get("Content-Encoding")
    demand(coding == "gzip", f"Content-Encoding was gzip, on_head got {coding!r}")
    demand(recording.body == GZIPPED, "the body is not as the origin has sent it")


RESPONSE_DUTIES: Final = (
    # The first one comes before all others: where it fails there is nothing to check.
    Duty("a request is answered", _answers),
    Duty("send returns when on_head has been called", _head_before_return),
    Duty("on_head is called once for each send", _head_once),
    Duty("any status is success", _any_status),
    Duty("fields come as they are, repeated ones and odd bytes too", _fields),
    Duty("the headers of a head belong to its receiver", _own_headers),
    Duty("no redirect is followed", _no_redirect),
    Duty("cookies are neither kept nor sent", _no_cookies),
    Duty("content codings are left alone", _no_decoding),
)
