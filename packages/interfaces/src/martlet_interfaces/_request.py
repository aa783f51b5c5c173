"""What a session hands to a connector."""

from typing import TYPE_CHECKING, Protocol

from ._transport_options import DIRECT, TransportOptions
from ._version import HttpVersion, HttpVersion11

if TYPE_CHECKING:
    from typing import BinaryIO

    from multidict import CIMultiDictProxy
    from yarl import URL

    from ._head_limits import HeadLimits

__all__ = ["BodyWriter", "FileBodyWriter", "RequestBody", "RequestHead"]


class RequestHead:
    """The head of one request, free of any wire format.

    `url` is absolute, with a host, without userinfo; its fragment is not sent.
    `headers` begin with Host, which is also HTTP/2's ``:authority``. They hold no
    field that frames the message (Transfer-Encoding, and Content-Length only where
    the caller gave one): framing is the connector's, from the body it is given.

    Whoever makes a head may use one *headers* object for many heads, and never changes
    what is behind it afterwards, so a connector may remember by its identity what it
    makes of it.

    `limits`, if there are any, replace the connector's own for the head of the response.
    """

    __slots__ = ("headers", "limits", "method", "options", "url", "version")

    method: str
    url: "URL"
    headers: "CIMultiDictProxy[str]"
    version: HttpVersion
    options: TransportOptions
    limits: "HeadLimits | None"

    def __init__(
        self,
        method: str,
        url: "URL",
        headers: "CIMultiDictProxy[str]",
        version: HttpVersion = HttpVersion11,
        options: TransportOptions = DIRECT,
        limits: "HeadLimits | None" = None,
    ) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.version = version
        self.options = options
        self.limits = limits

    def __repr__(self) -> str:
        return f"<RequestHead {self.method} {self.url.with_user(None)}>"


class BodyWriter(Protocol):
    """Where a `RequestBody` writes itself to."""

    async def write(self, data: "bytes | bytearray | memoryview", /) -> None:
        """Send *data*; return when the transport can take more.

        *data* may be reused by the caller after the call returns. Raises
        `ClientConnectionError` when the connection is gone.
        """


class FileBodyWriter(BodyWriter, Protocol):
    """A `BodyWriter` that can also send files.

    To have `send_file` is an optional capability: a body may look for it, and writes what it
    has read itself where it is missing. Who stands between a body and the connector and
    changes what is written, as by adding a content coding, does not have it.
    """

    async def send_file(self, file: "BinaryIO", offset: int, count: int, /) -> None:
        """Send *count* bytes of *file*, from *offset* on; return when the transport can take more.

        The operating system may do it, from the descriptor that ``file.fileno()`` gives, if
        there is one: what is behind that has to be what *file* reads, and what was written to
        *file* has to be flushed. Otherwise *file* is read in a thread. Its position may be
        another one afterwards; nothing touches it any more once this has returned or raised.

        Raises `ClientPayloadError` if the file ends before, `ClientConnectionError` when the
        connection is gone, `ValueError` for a negative number, and what reading the file
        raises.
        """


class RequestBody(Protocol):
    """A body that is not simply bytes in memory (those cross the border as they are)."""

    @property
    def length(self) -> int | None:
        """Its size in bytes, or ``None`` if only writing it will tell."""

    @property
    def replayable(self) -> bool:
        """Whether `write_to` may be called once more, after a failed attempt."""

    async def write_to(self, out: BodyWriter, /) -> None:
        """Write the whole body to *out*.

        What it raises comes out of `Connector.send` (or of the response's body, if the
        head is already there) as it is, and the connection is aborted. It may be
        cancelled at any await.
        """
