"""What a check has in its hands: a connector, and ways to use it without getting stuck.

Every `send` runs in a task of its own, which the check only watches: a connector that
swallows a cancellation cannot keep the suite from going on.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Final

from attrs import field, frozen
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import (
    NO_TIMEOUTS,
    Connector,
    Exchange,
    Observer,
    RequestBody,
    RequestHead,
    Timeouts,
)

from ._conformance_error import ViolationError, demand
from ._recording import Recording

__all__ = ["ConnectorUnderTest", "Duty", "Echo", "Probe", "Sending", "told"]

# Enough turns of the event loop for whatever is under way on this machine.
_TURNS: Final = 50


@frozen
class ConnectorUnderTest:
    """A connector, and the URL of a `conformance_origin` that it reaches.

    *early_responses* is false for one that cannot deliver a response before the body of
    its request has been written.
    """

    connector: Connector
    base_url: URL = field(converter=URL)
    early_responses: bool = True


@frozen
class Duty:
    """One duty, in words, and the check of it."""

    text: str
    check: "Callable[[Probe], Awaitable[None]]"


@frozen
class Echo:
    """A request as the origin has seen it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def values(self, name: str) -> list[str]:
        """Give the values of all fields called *name*, in lower case."""
        return [value for other, value in self.headers if other.lower() == name]


@frozen(eq=False)
class Sending:
    """A call of `Connector.send`."""

    what: str
    task: "asyncio.Task[Exchange]"
    recording: Recording


class Probe:
    """One connector for one check; *step* says what the check is waiting for."""

    def __init__(self, subject: ConnectorUnderTest, errors: type[BaseException]) -> None:
        self.connector = subject.connector
        self.base_url = subject.base_url
        self.early_responses = subject.early_responses
        self.errors = errors
        self.step = "nothing"
        self._tasks: list[asyncio.Task[Exchange]] = []

    def start(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | RequestBody | None = None,
        headers: Iterable[tuple[str, str]] = (),
        recording: Recording | None = None,
        timeouts: Timeouts = NO_TIMEOUTS,
        observer: Observer | None = None,
    ) -> Sending:
        """Begin to send a request."""
        url = self.base_url.join(URL(path))
        fields = CIMultiDict([("Host", url.host_port_subcomponent or ""), *headers])
        request = RequestHead(method, url, CIMultiDictProxy(fields))
        recording = recording or Recording()
        send = partial(
            self.connector.send, request, body, recording, timeouts=timeouts, observer=observer
        )
        task = asyncio.create_task(_returning(send, recording))
        self._tasks.append(task)
        return Sending(f"{method} {path}", task, recording)

    async def outcome(self, sending: Sending) -> Exchange | BaseException:
        """Wait for a `send`, and give what it returns or raises."""
        self.step = f"the head of the response to {sending.what}"
        await asyncio.wait([sending.task])
        if sending.task.cancelled():
            return asyncio.CancelledError()
        return sending.task.exception() or sending.task.result()

    async def exchange(self, sending: Sending) -> Exchange:
        """Wait for a `send` that has to succeed."""
        outcome = await self.outcome(sending)
        if isinstance(outcome, BaseException):
            raise ViolationError(f"{sending.what} raised {outcome!r}") from outcome
        demand(sending.recording.in_time, f"{sending.what} returned before on_head was called")
        return outcome

    async def finish(self, sending: Sending) -> Recording:
        """Wait for a response and all of its body, which have to be good."""
        exchange = await self.exchange(sending)
        failure = await self.end(sending)
        if failure is not None:
            raise ViolationError(f"the body of {sending.what} failed with {failure!r}") from failure
        exchange.release()
        return sending.recording

    async def end(self, sending: Sending) -> BaseException | None:
        """Wait for the end of a body."""
        self.step = f"the end of the response to {sending.what}"
        return await sending.recording.end()

    async def error(self, sending: Sending) -> BaseException:
        """Wait for a `send` that has to fail with one of the connector's errors."""
        outcome = await self.outcome(sending)
        if not isinstance(outcome, BaseException):
            raise ViolationError(f"{sending.what} raised nothing")
        self.demand_error(outcome, f"{sending.what} raised")
        return outcome

    async def cancel(self, sending: Sending) -> None:
        """Cancel a `send`, which has to let that happen."""
        sending.task.cancel()
        self.step = f"{sending.what} to notice that it was cancelled"
        await asyncio.wait([sending.task])
        demand(sending.task.cancelled(), "CancelledError did not come out")

    def demand_error(self, exc: BaseException | None, what: str) -> None:
        """Raise `ViolationError` unless *exc* is one of the connector's errors."""
        if not isinstance(exc, self.errors):
            raise ViolationError(f"{what} {exc!r}, which is no {self.errors.__name__}") from exc

    async def fetch(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | RequestBody | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> Recording:
        """Do a whole exchange."""
        return await self.finish(self.start(path, method=method, body=body, headers=headers))

    async def echo(
        self,
        path: str = "/echo",
        *,
        method: str = "GET",
        body: bytes | RequestBody | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> Echo:
        """Do a whole exchange, and give the request as it arrived."""
        seen = json.loads((await self.fetch(path, method=method, body=body, headers=headers)).body)
        fields = tuple((name, value) for name, value in seen["headers"])
        return Echo(seen["method"], seen["target"], fields, seen["body"].encode("latin-1"))

    async def demand_usable(self) -> None:
        """Do a few exchanges, which have to be good and no others'."""
        for number in range(3):
            seen = await self.echo(f"/echo?again={number}")
            demand(seen.target == f"/echo?again={number}", "the next request got another's answer")

    async def settle(self) -> None:
        """Let happen what is under way: there and back again, in time that is not measured."""
        await self.turns(_TURNS)
        await self.demand_usable()
        await self.turns(_TURNS)

    async def turns(self, count: int) -> None:
        """Let the event loop turn *count* times."""
        self.step = "the event loop"
        for _ in range(count):
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Close the connector and wait for it."""
        self.step = "what close() returned"
        await self.connector.close()

    async def clean_up(self) -> None:
        """End what the check has left behind."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        for task in self._tasks:
            if not task.cancelled():
                task.exception()


def told(outcome: Exchange | BaseException) -> str:
    """Say how a `send` has ended."""
    return f"raised {outcome!r}" if isinstance(outcome, BaseException) else "returned"


async def _returning(send: Callable[[], Awaitable[Exchange]], recording: Recording) -> Exchange:
    exchange = await send()
    recording.in_time = bool(recording.heads)
    return exchange
