"""A handler that fails as a test says, and what it was asked."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from multidict import CIMultiDict
from yarl import URL

from martlet_client_session._client_request import ClientRequest
from martlet_client_session._response import ClientResponse
from martlet_client_session._retry import RetryMiddleware
from martlet_exceptions import (
    ClientConnectorError,
    ClientHttpProxyError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
)
from martlet_interfaces import ConnectionKey

from .scripted import run_virtual

HERE = URL("http://a.example/page")
_TOO_EARLY = ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError


class Answer:
    """As much of a response as the middleware looks at."""

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.headers = CIMultiDict(headers or {})
        self.released = False

    def release(self) -> None:
        self.released = True


Outcome: TypeAlias = Answer | BaseException


class Server:
    """Gives its outcomes, one after the other, and 200 after them."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.given: list[Answer] = []
        self.moments: list[float] = []
        self.bodies: list[bytes] = []

    async def __call__(self, request: ClientRequest) -> ClientResponse:
        # Each must be out of the way before the next request is sent.
        assert all(answer.released for answer in self.given)
        self.moments.append(asyncio.get_running_loop().time())
        outcome = self.outcomes.pop(0) if self.outcomes else Answer(200)
        await self._read(request, outcome)
        if isinstance(outcome, BaseException):
            raise outcome
        self.given.append(outcome)
        return cast("ClientResponse", outcome)

    async def _read(self, request: ClientRequest, outcome: Outcome) -> None:
        """Take the body, as a connector does that has got that far."""
        upload = request.upload
        if upload is None or isinstance(outcome, _TOO_EARLY):
            return
        if isinstance(upload, bytes):
            self.bodies.append(upload)
            return
        sink = _Sink()
        await upload.write_to(sink)
        self.bodies.append(b"".join(sink.pieces))

    @property
    def waits(self) -> list[float]:
        """How long it was waited for, before each attempt but the first."""
        return [
            round(later - earlier, 6)
            for earlier, later in zip(self.moments, self.moments[1:], strict=False)
        ]

    @property
    def count(self) -> int:
        return len(self.moments)


class _Sink:
    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.pieces.append(bytes(data))


def refused() -> Exception:
    return ClientConnectorError(
        ConnectionKey("a.example", 80, False), ConnectionRefusedError(111, "refused")
    )


def gone() -> Exception:
    return ServerDisconnectedError()


def asked(method: str = "GET", **options: Any) -> ClientRequest:
    return ClientRequest(method, HERE, **options)


def exactly(attempts: int = 3, **options: Any) -> RetryMiddleware:
    """Make one that waits as long as it says."""
    return RetryMiddleware(attempts, **{"jitter": False, **options})


def run_request(
    middleware: RetryMiddleware,
    server: Server,
    request: "ClientRequest | Callable[[], ClientRequest] | None" = None,
) -> "int | BaseException":
    """Send *request* on a virtual clock; give the status, or the error."""
    ended: list[int | BaseException] = []

    async def main() -> None:
        made = asked() if request is None else request() if callable(request) else request
        try:
            response = await middleware(made, server)
        except Exception as exc:  # noqa: BLE001  # it is what is looked at
            ended.append(exc)
        else:
            assert cast("object", response) is server.given[-1]
            assert not server.given[-1].released
            ended.append(response.status)

    run_virtual(main)
    return ended[0]
