"""A request that waits for a connection, and goes out as soon as there is one."""

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias, TypeVarTuple

from ._http1 import Http1Connection
from ._waiters import Waiter

if TYPE_CHECKING:
    from asyncio import Future

    from martlet_interfaces import ConnectionKey, RequestBody

    from ._exchange import Http1Exchange
    from ._leases import Leases

__all__ = ["Answered", "QueuedRequest", "Ts"]

Ts = TypeVarTuple("Ts")

Answered: TypeAlias = "Future[Http1Connection | None]"
"""Resolves to ``None`` when the head of a response has come."""


class QueuedRequest(Waiter[Http1Connection]):
    """Stands in line with all that is needed to begin.

    The connection that it is handed carries the request at once, in the step in which it
    has become free: the task that waits need not wake for that, but only for the answer.
    It is for requests that may be sent once more: a server that ends the connection after
    the response before has not been heard of yet.

    *answered* resolves as that of the `exchange`, once there is one. Where none could be
    begun it resolves to the connection, or to ``None``: a slot to dial one.
    """

    __slots__ = ("_args", "_begin", "_leases", "_since", "answered", "exchange")

    exchange: "Http1Exchange | None"
    """The request on its way."""

    def __init__(
        self,
        leases: "Leases",
        key: "ConnectionKey",
        answered: "Answered",
        begin: "Callable[[Answered, Http1Connection, *Ts], Http1Exchange]",
        args: tuple[*Ts],
    ) -> None:
        super().__init__(key, answered)
        self.answered: Answered = answered
        self.exchange = None
        self._leases = leases
        self._begin: Callable[..., Http1Exchange] = begin
        self._args = args
        self._since = perf_counter()

    def phases(self) -> dict[str, float]:
        """Tell how many seconds it has been waiting, as a phase of its connection."""
        return {"queued": perf_counter() - self._since}

    def give(self, lease: Http1Connection | None) -> None:
        """Begin on *lease*, or leave it to the task to find out what can be done."""
        if lease is None or not lease.is_ready(0):
            self.answered.set_result(lease)
            return
        lease.phases = {"queued": perf_counter() - self._since}
        try:
            self.exchange = self._begin(self.answered, lease, *self._args)
        except BaseException as exc:
            self.answered.set_exception(exc)
            if not isinstance(exc, Exception):
                raise

    # What `send` asks of an exchange while it waits for the answer

    def abort(self) -> None:
        """Leave the line, or give up what came of it."""
        if self.exchange is not None:
            self.exchange.abort()
            return
        answered = self.answered
        leases = self._leases
        leases.pool.waiters.discard(self)
        if answered.done() and not answered.cancelled() and answered.exception() is None:
            leases.pool.pass_on(self.key, answered.result())
            leases.watch_idle()  # it may have become idle

    def may_retry(self, body: "bytes | RequestBody | None") -> bool:
        """Tell whether the request may be sent once more (`Http1Exchange.may_retry`)."""
        return self.exchange is not None and self.exchange.may_retry(body)

    async def upload_over(self) -> None:
        """Wait for nothing: what has a body that is written piece by piece does not queue."""
