"""The scripted network one level lower: streams on which TLS and proxies are spoken for real."""

import asyncio
import ssl
from collections.abc import Callable
from functools import cache
from typing import Any, cast

import trustme

from martlet_connector_pool._base_connector import BaseConnector
from martlet_connector_pool._dial_clock import DialClock
from martlet_connector_pool._dialer import StreamDialer
from martlet_connector_pool._http1 import Http1Connection
from martlet_interfaces import ConnectionKey, Observer

from .net import Net
from .scripted import OK, ScriptedDialer, Wire

__all__ = ["ProxyEnd", "ScriptedOpener", "StreamConnector", "TLSEnd", "on_streams", "trusting"]


@cache
def authority() -> trustme.CA:
    return trustme.CA()


@cache
def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert("a.test", "proxy.test").configure_cert(context)
    return context


@cache
def trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority().configure_trust(context)
    return context


class ScriptedOpener(ScriptedDialer):
    """Opens wires, as `ScriptedDialer` dials them."""

    async def open(
        self,
        key: ConnectionKey,
        protocol: asyncio.Protocol,
        clock: DialClock,
        observer: Observer | None,
    ) -> asyncio.Transport:
        await asyncio.sleep(0)
        if self.gate is not None:
            await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)
        wire = Wire(cast("Http1Connection", protocol), len(self.wires), self._socket)
        wire.respond = self.respond
        self.wires.append(wire)
        protocol.connection_made(wire)
        if self.on_made is not None:
            self.on_made(wire)
        return wire


class StreamConnector(BaseConnector):
    """A connector on a `ScriptedOpener`."""

    def __init__(self, opener: ScriptedOpener, **options: Any) -> None:
        super().__init__(**options)
        self._opener = opener

    def _dialer(self, loop: asyncio.AbstractEventLoop) -> StreamDialer:
        return StreamDialer(self._opener, loop)


def on_streams(net: Net) -> ScriptedOpener:
    """Let *net* stand on streams."""
    opener = ScriptedOpener()
    net.dialer = opener
    net.connector = StreamConnector(opener)  # type: ignore[assignment]  # as good a connector
    return opener


class TLSEnd:
    """The server's end of TLS on a wire; *answer* gets what was decrypted."""

    def __init__(self, answer: Callable[["TLSEnd", bytes], None] | None = None) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = server_context().wrap_bio(self.incoming, self.outgoing, server_side=True)
        self.answer = answer or (lambda end, _: end.say(OK))
        self.heard = b""
        self._seen = 0
        self._shaken = False

    def respond(self, wire: Wire) -> None:
        self.wire = wire
        new = wire.received[self._seen :]
        self._seen += len(new)
        self.take(new)
        self._flush()

    def take(self, data: bytes) -> None:
        self.incoming.write(data)
        try:
            if not self._shaken:
                self.tls.do_handshake()
                self._shaken = True
            while piece := self.tls.read(65536):
                self.heard += piece
                self.answer(self, piece)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:  # the client does not like it, and says so
            pass

    def say(self, data: bytes) -> None:
        self.tls.write(data)
        self._flush()

    def _flush(self) -> None:
        data = self.outgoing.read()
        if data and not self.wire.is_closing():
            self.wire.send(data)


class ProxyEnd:
    """A proxy on a wire: answers CONNECT with *reply*, then lets *behind* take over."""

    def __init__(self, reply: bytes, behind: TLSEnd | None = None) -> None:
        self.reply = reply
        self.behind = behind
        self.asked = b""

    def respond(self, wire: Wire) -> None:
        if not self.asked:
            self.asked = wire.received
            assert self.asked.endswith(b"\r\n\r\n")
            if self.behind is not None:
                self.behind._seen = len(self.asked)
                wire.respond = self.behind.respond
            wire.send(self.reply)
