"""A shim that makes the n-th of a scenario's fallible calls fail: sockets, DNS, TLS, memory.

Only the client's calls count: the server at the other end has sockets and TLS objects that
go around the shim, so that the order of the client's calls is always the same.
"""

import concurrent.futures
import contextlib
import errno
import selectors
import socket
import ssl
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from .virtual_time import VirtualLoop

__all__ = ["ERRORS", "FallibleContext", "FallibleLoop", "RealBIO", "Shim", "installed"]

MakeError = Callable[[], Exception]

RealBIO: Final = ssl.MemoryBIO


def _reset() -> Exception:
    return OSError(errno.ECONNRESET, "Connection reset by peer")


def _files() -> Exception:
    return OSError(errno.EMFILE, "Too many open files")


def _again() -> Exception:
    return socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def _tls() -> Exception:
    return ssl.SSLError(ssl.SSL_ERROR_SSL, "[SSL] injected")


ERRORS: Final[dict[str, list[MakeError]]] = {
    "socket": [_files, MemoryError],
    "socket.setsockopt": [_reset, _files],
    "socket.getsockopt": [_reset, _files],
    "socket.setblocking": [_reset, _files],
    "socket.bind": [_reset, _files],
    "socket.connect": [_reset, _files],
    "socket.getsockname": [_reset, _files],
    "socket.getpeername": [_reset, _files],
    "socket.send": [_reset, _files],
    "socket.sendmsg": [_reset, _files],
    "socket.recv": [_reset, _files, MemoryError],
    "socket.recv_into": [_reset, _files],
    "getaddrinfo": [_again, _files, MemoryError],
    "create_connection": [_reset, _files, MemoryError],
    "MemoryBIO": [MemoryError],
    "MemoryBIO.write": [MemoryError],
    "MemoryBIO.read": [MemoryError],
    "wrap_bio": [MemoryError, _tls],
    "SSLObject.do_handshake": [_tls, MemoryError],
    "SSLObject.read": [_tls, MemoryError],
    "SSLObject.write": [_tls, MemoryError],
    "SSLObject.unwrap": [_tls, MemoryError],
    # The scripted world's.
    "dial": [_reset, _files, MemoryError],
    "observe": [_reset, MemoryError],
    "transport.write": [MemoryError],
    "transport.pause_reading": [MemoryError],
    "transport.resume_reading": [MemoryError],
    "on_head": [MemoryError],
    "feed": [MemoryError],
}


class Shim:
    """Writes down the calls that pass while it is `on`, and makes the *target*-th fail.

    *lasting*: those of the same name that come after it fail too.
    """

    def __init__(
        self, target: int = 0, make: MakeError = MemoryError, *, lasting: bool = False
    ) -> None:
        self.on = False
        self.names: list[str] = []
        self.raised: list[Exception] = []
        self.sockets: list[weakref.ref[socket.socket]] = []
        self._target = target
        self._make = make
        self._lasting = lasting

    @property
    def failed(self) -> str | None:
        """The name of the call that it has made fail."""
        return self.names[self._target - 1] if self.raised else None

    def pass_by(self, name: str) -> None:
        """Be called in front of the call *name*."""
        if not self.on:
            return
        self.names.append(name)
        number = len(self.names)
        again = self._lasting and 0 < self._target < number
        if number == self._target or (again and self.names[self._target - 1] == name):
            exc = self._make()
            self.raised.append(exc)
            raise exc


# The one that is installed.
_shim = Shim()


def _in_front(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: socket.socket, *args: Any) -> Any:
        # A server's socket is of a subclass; the loop's own, to wake itself, are Unix sockets.
        if type(self) is socket.socket and self.family != socket.AF_UNIX:
            _shim.pass_by(name)
        return real(self, *args)

    return call


_SOCKET_METHODS: Final = {
    method: _in_front(f"socket.{method}", getattr(socket.socket, method))
    for method in (
        *("setsockopt", "getsockopt", "setblocking", "bind", "connect"),
        *("getsockname", "getpeername", "send", "sendmsg", "recv", "recv_into"),
    )
}
_real_init = socket.socket.__init__
_real_getaddrinfo = socket.getaddrinfo


def _init(self: socket.socket, *args: Any, **options: Any) -> None:
    given = dict(zip(("family", "type", "proto", "fileno"), args, strict=False)) | options
    ours = type(self) is socket.socket and given.get("fileno") is None
    if ours:
        _shim.pass_by("socket")
    _real_init(self, **given)
    if ours:
        _shim.sockets.append(weakref.ref(self))


def _getaddrinfo(*args: Any, **options: Any) -> Any:
    _shim.pass_by("getaddrinfo")
    return _real_getaddrinfo(*args, **options)


class _BIO:
    """In the place of `ssl.MemoryBIO`, which cannot be subclassed."""

    def __init__(self) -> None:
        _shim.pass_by("MemoryBIO")
        self.real = RealBIO()

    @property
    def pending(self) -> int:
        return self.real.pending

    @property
    def eof(self) -> bool:
        return self.real.eof

    def write(self, data: Any, /) -> int:
        _shim.pass_by("MemoryBIO.write")
        return self.real.write(data)

    def read(self, size: int = -1, /) -> bytes:
        _shim.pass_by("MemoryBIO.read")
        return self.real.read(size)

    def write_eof(self) -> None:
        self.real.write_eof()


class _Object(ssl.SSLObject):
    def do_handshake(self) -> None:
        _shim.pass_by("SSLObject.do_handshake")
        super().do_handshake()

    def read(self, len: int = 1024, buffer: Any = None) -> Any:  # noqa: A002  # ssl's name
        _shim.pass_by("SSLObject.read")
        return super().read(len, buffer)

    def write(self, data: Any) -> int:
        _shim.pass_by("SSLObject.write")
        return super().write(data)

    def unwrap(self) -> None:
        _shim.pass_by("SSLObject.unwrap")
        super().unwrap()


class FallibleContext(ssl.SSLContext):
    """A client's context whose TLS objects pass by the shim."""

    sslobject_class = _Object

    def wrap_bio(self, incoming: Any, outgoing: Any, *args: Any, **options: Any) -> ssl.SSLObject:
        _shim.pass_by("wrap_bio")
        incoming, outgoing = (getattr(bio, "real", bio) for bio in (incoming, outgoing))
        return super().wrap_bio(incoming, outgoing, *args, **options)


class FallibleLoop(VirtualLoop):
    """A virtual loop that passes by the shim, and waits for the system before it lets time go."""

    def __init__(self) -> None:
        super().__init__()
        virtual_select = self._virtual.select

        def select(timeout: float | None = None) -> Any:
            if timeout is None or timeout > 0:
                # What is on its way through the loopback interface is there by then.
                ready = selectors.SelectSelector.select(self._virtual, 0.001)
                if ready:
                    return ready
            return virtual_select(timeout)

        self._virtual.select = select  # type: ignore[method-assign]  # one loop's alone

    async def create_connection(self, *args: Any, **options: Any) -> Any:
        _shim.pass_by("create_connection")
        return await super().create_connection(*args, **options)


class _AtOnce(ThreadPoolExecutor):
    """Does in the caller's thread what it is given."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **options: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **options))
        except Exception as exc:  # noqa: BLE001  # whoever waits is told
            future.set_exception(exc)
        return future


@contextlib.contextmanager
def installed(shim: Shim) -> Iterator[None]:
    """Put *shim* in front of what may fail."""
    global _shim  # noqa: PLW0603  # what it stands in front of are classes of the process
    _shim = shim
    for name, call in _SOCKET_METHODS.items():
        setattr(socket.socket, name, call)
    others: list[tuple[Any, str, Any]] = [
        (socket.socket, "__init__", _init),
        (socket, "getaddrinfo", _getaddrinfo),
        (ssl, "MemoryBIO", _BIO),
        (concurrent.futures, "ThreadPoolExecutor", _AtOnce),
    ]
    real = [(owner, name, getattr(owner, name)) for owner, name, _ in others]
    for owner, name, stand_in in others:
        setattr(owner, name, stand_in)
    try:
        yield
    finally:
        for owner, name, thing in real:
            setattr(owner, name, thing)
        for name in _SOCKET_METHODS:
            delattr(socket.socket, name)
        _shim = Shim()
