"""Asking a proxy for a tunnel."""

import asyncio
import errno
from typing import Final, cast

from multidict import CIMultiDictProxy
from yarl import URL

from martlet_exceptions import ClientError, ClientHttpProxyError
from martlet_http_parser import DEFAULT_LIMITS, BodyBuffer, ResponseParser
from martlet_interfaces import BodySink, RequestInfo, ResponseHead

from ._opener import forget

__all__ = ["Tunnel"]

_SUCCESS: Final = range(200, 300)


class Tunnel(asyncio.Protocol):
    """The exchange of a CONNECT with a proxy.

    It is the transport's protocol until `opened` says that the tunnel stands; nothing is
    read beyond the proxy's answer.
    """

    transport: asyncio.Transport

    def __init__(self, request: bytes, target: URL, done: "asyncio.Future[None]") -> None:
        self._request = request
        self._target = target
        self._done = done
        self._parser = ResponseParser(DEFAULT_LIMITS)

    async def opened(self) -> None:
        """Wait for the proxy's consent.

        Raises `ClientHttpProxyError` if it refuses; `OSError` if the connection breaks or
        what comes is no proper answer.
        """
        await self._done

    def give_up(self) -> None:
        """Be ended by who waits for it no more."""
        forget(self._done)
        if hasattr(self, "transport"):
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        self.transport = cast("asyncio.Transport", transport)
        self._parser.expect("CONNECT", self._on_head)
        self.transport.write(self._request)

    def _on_head(self, head: ResponseHead) -> BodySink:
        if head.status in _SUCCESS:
            return BodyBuffer()  # a tunnel's answer has none
        nothing: CIMultiDictProxy[str] = CIMultiDictProxy(head.headers.__class__())
        raise ClientHttpProxyError(
            RequestInfo(self._target, "CONNECT", nothing, self._target),
            (),
            status=head.status,
            message=head.reason,
            headers=CIMultiDictProxy(head.headers),
        )

    def data_received(self, data: bytes) -> None:
        """Read the answer."""
        if self._done.done():
            self._fail(_broken("The proxy spoke into the tunnel before it was used"))
            return
        try:
            self._parser.feed(data)
        except ClientHttpProxyError as exc:
            self._fail(exc)
        except ClientError as exc:
            self._fail(_broken(f"The proxy's answer to CONNECT is malformed: {exc}"), exc)
        else:
            if self._parser.upgraded:
                if self._parser.tail:
                    # Nobody behind a tunnel speaks first in HTTP or TLS.
                    self._fail(_broken("The proxy sent bytes after its answer to CONNECT"))
                else:
                    self._done.set_result(None)

    def eof_received(self) -> None:
        """Learn that the proxy has had enough."""
        self._fail(_broken("The proxy closed the connection before the tunnel stood"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the connection is gone."""
        self._fail(exc or _broken("The proxy closed the connection before the tunnel stood"))

    def _fail(self, exc: Exception, cause: Exception | None = None) -> None:
        if cause is not None:
            exc.__cause__ = cause
        if not self._done.done():
            self._done.set_exception(exc)
        if not self.transport.is_closing():
            self.transport.abort()


def _broken(text: str) -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, text)
