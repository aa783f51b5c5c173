"""A connector that tells stories in memory: it writes down whole requests, as bytes."""

import ipaddress
from collections.abc import Awaitable
from typing import Final

from multidict import CIMultiDict

from martlet_http_parser import serialize_fields, serialize_request_line
from martlet_interfaces import (
    Duplex,
    HttpVersion11,
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    ResponseHead,
    Timeouts,
)

from .canary_script import Script, perform
from .canary_world import Sent, Story
from .redirect_chains import Place

__all__ = ["told"]


class _Exchange:
    """An answer that has come, whole."""

    def release(self) -> None:
        """Do nothing."""

    def abort(self) -> None:
        """Do nothing."""

    def pause(self) -> None:
        """Do nothing."""

    def resume(self) -> None:
        """Do nothing."""

    def upgrade(self) -> Duplex:
        """Refuse."""
        raise RuntimeError("It speaks nothing but HTTP")

    def info(self, _name: str, /) -> object | None:
        """Know nothing."""
        return None


_EXCHANGE: Final = _Exchange()


class _Collector:
    def __init__(self) -> None:
        self.data = b""

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.data += data


class _Memory:
    """A `Connector`."""

    schemes: Final = frozenset({"http", "https"})

    def __init__(self, script: Script) -> None:
        self._script = script

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> _Exchange:
        """Write *request* down and answer it."""
        status, fields = self._script.answer(_sent(request, await _whole(body)))
        head = ResponseHead(HttpVersion11, status, "", CIMultiDict(fields))
        receiver.on_head(head, _EXCHANGE).eof()
        return _EXCHANGE

    def close(self) -> Awaitable[None]:
        """Refuse: the session does not own it."""
        raise AssertionError


async def _whole(body: bytes | RequestBody | None) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    collector = _Collector()
    await body.write_to(collector)
    return collector.data


def _sent(request: RequestHead, body: bytes) -> Sent:
    url, options = request.url, request.options
    host = (url.raw_host or "").lower()
    if ":" in host:
        host = ipaddress.ip_address(host).compressed
    assert url.raw_user is None, "there is userinfo in the URL"
    assert url.raw_password is None, "there is a password in the URL"
    fields = list(request.headers.items())
    target = url.raw_path_qs
    line = serialize_request_line(request.method, target)
    wire = b"".join((line, serialize_fields(fields), b"\r\n", body))
    to_proxy, proxy = b"", options.proxy
    if proxy is not None:
        assert proxy.raw_user is None, "there is userinfo in the proxy's URL"
        to_proxy = serialize_fields(options.proxy_headers)
    assert proxy is not None or not options.proxy_headers, "fields for no proxy"
    return Sent(
        Place(url.scheme, host, url.port or 0), wire, request.method, target, fields, body,
        None if proxy is None else f"{proxy.host}:{proxy.port}", to_proxy,
    )  # fmt: skip


async def told(story: Story) -> tuple[list[Sent], object]:
    """Tell *story*; give what was sent, and what came of it."""
    script = Script(story)
    outcome = await perform(story, script, _Memory(script))
    return script.sent, outcome
