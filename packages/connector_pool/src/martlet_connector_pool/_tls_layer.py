"""TLS between a transport and a protocol, over memory buffers.

To the transport below it is a protocol, to the protocol above a transport, so layers stack:
TLS through a proxy that is itself reached by TLS works on every event loop. asyncio's own
TLS keeps a receive buffer of 256 KiB for every connection, however idle; here there is one
for each thread.
"""

import asyncio
import errno
import ssl
from collections.abc import Callable
from typing import Final, cast

from ._buffered_http1 import may_share_buffer, receive_buffer
from ._opener import forget

__all__ = ["BufferedTLSLayer", "TLSLayer", "tls_layer_class"]

# A record's most (RFC 8446 section 5.1). What is put into OpenSSL's buffers at once is not
# more, because they never shrink again.
_RECORD: Final = 16 * 1024

Check = Callable[[ssl.SSLObject], None]


class TLSLayer(asyncio.Protocol, asyncio.Transport):
    """Client-side TLS on a transport that it is given as its protocol.

    *upper* hears `connection_made` when the handshake is done and *check*, which may raise,
    has seen the TLS object. `handshake` waits for that, or raises what went wrong. After a
    pause *upper* may still hear of what had come by then, as it would in one piece without
    TLS: at most 256 KiB.
    """

    __slots__ = (
        "_check",
        "_closing",
        "_done",
        "_failure",
        "_incoming",
        "_open",
        "_outgoing",
        "_swollen",
        "_tls",
        "_unsent",
        "_upper",
        "transport",
    )

    transport: asyncio.Transport
    """What is below."""

    def __init__(
        self,
        context: ssl.SSLContext,
        server_hostname: str | None,
        upper: asyncio.BaseProtocol,
        check: Check,
        done: "asyncio.Future[None]",
    ) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_hostname
        )
        self._upper = cast("asyncio.Protocol", upper)
        self._check: Check | None = check
        self._done = done
        self._open = False
        self._closing = False
        self._swollen = True
        self._failure: Exception | None = None
        self._unsent: bytearray | None = None

    async def handshake(self) -> None:
        """Wait until *upper* may speak.

        Raises `ssl.SSLError` subclasses, other `OSError` if the connection breaks, and what
        *check* raises.
        """
        await self._done

    def give_up(self) -> None:
        """Be ended by who waits for it no more."""
        forget(self._done)
        if hasattr(self, "transport"):
            self.abort()

    # The protocol of what is below

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the handshake."""
        self.transport = cast("asyncio.Transport", transport)
        self._shake()

    def data_received(self, data: bytes | memoryview) -> None:
        """Take records."""
        if len(data) <= _RECORD:
            self._take(data)
            return
        view = memoryview(data)
        for start in range(0, len(view), _RECORD):
            self._take(view[start : start + _RECORD])

    def eof_received(self) -> None:
        """Learn that the peer has ended TCP, with or without ending TLS."""
        if self._open:
            self._upper.eof_received()
        else:
            self._fail(_cut_off())

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that what is below is gone."""
        self._closing = True
        if self._open:
            self._open = False
            self._upper.connection_lost(self._failure or exc)
        elif not self._done.done():
            self._done.set_exception(exc or _cut_off())

    def pause_writing(self) -> None:
        """Pass it on."""
        if self._open:
            self._upper.pause_writing()

    def resume_writing(self) -> None:
        """Pass it on, unless there is something that waits here."""
        if self._open and self._unsent is None:
            self._upper.resume_writing()

    # The transport of what is above

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Encrypt and send *data*."""
        if self._closing:
            return
        if self._unsent is not None:
            self._unsent += data
            return
        view = memoryview(data).cast("B")
        pieces = []
        for start in range(0, view.nbytes, _RECORD):
            try:
                self._tls.write(view[start : start + _RECORD])
                pieces.append(self._outgoing.read())
            except ssl.SSLWantReadError:
                # The server negotiates anew, and has to be heard first.
                self._unsent = bytearray(view[start:])
                pieces.append(self._outgoing.read())
                self._upper.pause_writing()
                break
            except Exception as exc:  # noqa: BLE001  # whatever it is, nothing can be sent any more
                self._break(exc)
                return
        if not self.transport.is_closing():
            self.transport.write(pieces[0] if len(pieces) == 1 else b"".join(pieces))

    def close(self) -> None:
        """Say the end (close_notify), and close when all has left; wait for no answer."""
        if self._closing:
            return
        self._closing = True
        if self._open:
            self._say_end()
        self.transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._closing = True
        self.transport.abort()

    def is_closing(self) -> bool:
        """Tell whether it is closed, or about to be."""
        return self._closing or self.transport.is_closing()

    def pause_reading(self) -> None:
        """Let the peer wait."""
        if not self.transport.is_closing():
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def is_reading(self) -> bool:
        """Tell whether it reads."""
        return self.transport.is_reading()

    def get_write_buffer_size(self) -> int:
        """Tell how many bytes have not left."""
        return self.transport.get_write_buffer_size() + len(self._unsent or b"")

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Set the marks of back-pressure, below."""
        self.transport.set_write_buffer_limits(high, low)

    def can_write_eof(self) -> bool:
        """Tell that TLS has no half-closed state that peers bear."""
        return False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Put *protocol* above."""
        self._upper = cast("asyncio.Protocol", protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Give what is above."""
        return self._upper

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Give a fact of this TLS connection, or of what is below."""
        if name == "ssl_object":
            return self._tls
        if name == "sslcontext":
            return self._tls.context
        if name == "cipher":
            return self._tls.cipher()
        if name == "peercert":
            return self._tls.getpeercert() if self._check is None else default
        if name == "compression":
            return self._tls.compression()
        fact: object = self.transport.get_extra_info(name, default)
        return fact

    # Inside

    def _shake(self) -> None:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self._flush()
            return
        except Exception as exc:  # noqa: BLE001  # whoever waits for the handshake is told
            self._flush()
            self._fail(exc)
            return
        self._flush()
        check, self._check = self._check, None
        assert check is not None
        try:
            check(self._tls)
        except Exception as exc:  # noqa: BLE001  # as above
            self._say_end()
            self._fail(exc)
            return
        self._open = True
        self._upper.connection_made(self)
        if not self._done.done():
            self._done.set_result(None)
        if self._incoming.pending:
            self._decrypt()

    def _take(self, data: bytes | memoryview) -> None:
        if self._closing:
            return
        try:
            self._incoming.write(data)
        except MemoryError as exc:
            self._break(exc)
            return
        if self._open:
            self._decrypt()
        else:
            self._shake()

    def _decrypt(self) -> None:
        incoming, tls = self._incoming, self._tls
        pieces = []
        ended = False
        failure: Exception | None = None
        try:
            while piece := tls.read(_RECORD):
                pieces.append(piece)
                if not incoming.pending and not tls.pending():
                    break
            else:
                ended = True
        except ssl.SSLWantReadError:
            pass
        except Exception as exc:  # noqa: BLE001  # the connection is broken, and says so
            failure = exc
        if pieces:
            if self._swollen:
                self._shrink()
            self._upper.data_received(pieces[0] if len(pieces) == 1 else b"".join(pieces))
        if failure is not None:
            self._break(failure)
        elif ended:
            if not self._closing:
                self._upper.eof_received()
                self.close()
        elif self._outgoing.pending or self._unsent is not None:
            self._flush()
            self._resend()

    def _shrink(self) -> None:
        # OpenSSL keeps 16 KiB from reading the session tickets, which come with the first
        # answer, until it writes again: also if that is nothing.
        self._swollen = False
        try:
            self._tls.write(b"")
        except Exception:  # noqa: BLE001, S110  # nothing was to be written
            pass

    def _resend(self) -> None:
        unsent, self._unsent = self._unsent, None
        if unsent is None:
            return
        self.write(unsent)
        if self._unsent is None:
            self._upper.resume_writing()

    def _flush(self) -> None:
        data = self._outgoing.read()
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def _say_end(self) -> None:
        try:
            self._tls.unwrap()
        except Exception:  # noqa: BLE001, S110  # the peer has not answered, and need not
            pass
        try:
            self._flush()
        except Exception:  # noqa: BLE001, S110  # it is a courtesy; to close is what counts
            pass

    def _fail(self, exc: Exception) -> None:
        self._closing = True
        if not self._done.done():
            self._done.set_exception(exc)
        self.transport.close()  # the alert has to leave

    def _break(self, exc: Exception) -> None:
        if self._open:
            self._failure = exc
        elif not self._done.done():
            self._done.set_exception(exc)
        self.abort()


class BufferedTLSLayer(TLSLayer, asyncio.BufferedProtocol):
    """The same, receiving into one buffer a thread: see `_buffered_http1`."""

    __slots__ = ()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Say where the next bytes go."""
        return receive_buffer()

    def buffer_updated(self, nbytes: int) -> None:
        """Take them from there."""
        self.data_received(receive_buffer()[:nbytes])


def tls_layer_class(loop: asyncio.AbstractEventLoop) -> type[TLSLayer]:
    """Choose for *loop*, as `connection_class` does."""
    return BufferedTLSLayer if may_share_buffer(loop) else TLSLayer


def _cut_off() -> ConnectionResetError:
    return ConnectionResetError(
        errno.ECONNRESET, "The peer closed the connection inside the TLS handshake"
    )
