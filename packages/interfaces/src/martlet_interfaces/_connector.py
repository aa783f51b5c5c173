"""The one interface between a session and the ways to reach a server.

It stands at the level of an exchange (one request, one response), not of a
connection: a connector that had to hand out a socket could only ever speak HTTP/1.
It grows only by keyword parameters with defaults, by names for `Exchange.info`, and by
new event classes; anything else would be a new major version.
"""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from ._observer import Observer
    from ._request import RequestBody, RequestHead
    from ._response import BodySink, Receiver
    from ._timeouts import Timeouts

__all__ = ["Connector", "Duplex", "Exchange"]


class Duplex(Protocol):
    """A two-way stream of bytes, after the peer agreed to leave HTTP."""

    def write(self, data: bytes, /) -> None:
        """Queue *data* to be sent, without blocking."""

    async def drain(self) -> None:
        """Return when what was written has mostly left; raises `ClientConnectionError`
        when it never will.
        """

    def set_reader(self, reader: "BodySink", /) -> None:
        """Push to *reader* all that arrives, beginning with what came after the head."""

    def pause(self) -> None:
        """Ask for no more data."""

    def resume(self) -> None:
        """Ask for data again."""

    def close(self) -> None:
        """Close the stream, now."""


class Exchange(Protocol):
    """What a response holds on to: its request's hold on the connector.

    `release` and `abort` are idempotent, return at once and never raise; whichever
    comes first counts.
    """

    def release(self) -> None:
        """The response is no longer needed.

        If its body has come to its end, the connection may be (or was already) used
        again; otherwise the connector does as it likes with the rest, and the sink
        hears no more.
        """

    def abort(self) -> None:
        """Stop now: end the upload if it is still going on, never reuse the connection."""

    def upgrade(self) -> Duplex:
        """Take the connection over, after 101 or a successful CONNECT only.

        Raises `RuntimeError` after any other response, or a second time.
        """

    def info(self, name: str, /) -> object | None:
        """Tell a fact of the exchange or its connection; ``None`` for what is not known.

        ``peername``, ``sockname``: the addresses. ``http_version``: a text. ``reused``:
        whether the connection was used before. ``timings``: seconds by name, see below.
        With TLS ``ssl_object``, ``sslcontext``, ``cipher``, ``peercert``, ``alpn_protocol``.
        ``trailers``: the fields after the body as a sequence of names and values, once it is
        complete; an empty one before that, and if there are none. ``transport``: the asyncio
        transport while the exchange goes on, ``None`` after that.

        All of them but the transport stay readable after the body has ended, whatever
        becomes of the connection.

        The timings are a mapping in which only those are that are known, and nobody needs
        to know any. How long it took to get the connection: ``queued`` (until there was a
        free one, or leave to make one), ``dns``, ``connect``, ``proxy_tls``, ``proxy`` and
        ``tls``; a connection that was used before has none of these but ``queued``. How long
        after the beginning of `Connector.send`: ``sent`` (the request, with all of its body,
        was handed to the transport), ``first_byte`` (the head of the final response came)
        and ``done`` (its body was complete).
        """


class Connector(Protocol):
    """Sends requests. Everything that can be swapped under a session is one of these.

    The duties of an implementation:

    * `send` sends one request and returns when the head of its final response has been
      given to ``receiver.on_head``; the body follows, pushed, whether `send` has
      returned or not.
    * It follows no redirect, touches no cookie, adds no credentials, decodes no content
      coding. Any status is success.
    * It frames the request itself: ``bytes`` are sent with their length, a `RequestBody`
      with its ``length``, or in the protocol's open-ended way if that is ``None``.
    * If the head says ``Expect: 100-continue`` it holds the body back until the server asks
      for it or is silent for a second; after a final response it sends none of it. Without
      a body that head cannot be sent.
    * Before the head, failures are raised; after it they go to ``sink.fail``. Only
      exceptions of ``martlet_exceptions`` come out, with the operating system's as
      ``__cause__``; besides them `ValueError` for a head or a body that cannot be sent,
      raised before any I/O, and what the caller's own body raises.
    * `send` may return while the body is still being written (an early response).
      `Exchange.abort` ends the writing.
    * It may be cancelled at any await. The connection is then not used again, and
      nothing that was acquired stays acquired.
    * It is usable from one event loop, the first that calls `send`; it needs none to
      be made.
    * It keeps *timeouts*, and tells *observer*, if there is one, what happens.
    * `close` takes effect at the call: sends that wait or are under way fail with
      `ClientConnectionError`, later ones too. It is idempotent. What it returns may be
      awaited until every resource is given back, or ignored.

    ``martlet_interfaces.testing.check_connector`` checks them.
    """

    @property
    def schemes(self) -> frozenset[str]:
        """The URL schemes it takes, in lower case."""

    async def send(
        self,
        request: "RequestHead",
        body: "bytes | RequestBody | None",
        receiver: "Receiver",
        *,
        timeouts: "Timeouts",
        observer: "Observer | None" = None,
    ) -> Exchange:
        """Send *request* with *body* and give the answer to *receiver*."""

    def close(self) -> "Awaitable[None]":
        """Close every connection, at once."""
