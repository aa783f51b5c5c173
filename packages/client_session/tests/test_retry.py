"""Which requests are sent again, and how often."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from martlet_client_session._retry import RetryMiddleware
from martlet_exceptions import (
    NO_REQUEST,
    ClientConnectionError,
    ClientError,
    ClientHttpProxyError,
    ClientOSError,
    ClientPayloadError,
    ClientResponseError,
    ConnectionTimeoutError,
    SocketTimeoutError,
    TotalTimeoutError,
)

from .retry_recording import Answer, Server, asked, exactly, gone, refused, run_request

IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]
OTHERS = ["POST", "PATCH", "CONNECT", "PURGE"]

# What a single failure is, and whether nothing has been sent by then.
FAULTS: dict[str, tuple[Callable[[], Any], bool]] = {
    "refused": (refused, True),
    "no connection in time": (lambda: ConnectionTimeoutError(), True),
    "tunnel refused": (lambda: ClientHttpProxyError(NO_REQUEST, (), status=503), True),
    "gone": (gone, False),
    "reset": (lambda: ClientOSError(104, "reset"), False),
    "silent": (lambda: SocketTimeoutError(), False),
    "429": (lambda: Answer(429), False),
    "502": (lambda: Answer(502), False),
    "503": (lambda: Answer(503), False),
    "504": (lambda: Answer(504), False),
}


async def generated() -> AsyncIterator[bytes]:
    yield b"bo"
    yield b"dy"


# What a body is given as, and whether it can be sent again.
BODIES: dict[str, tuple[Callable[[], Any], bool]] = {
    "none": (lambda: None, True),
    "bytes": (lambda: b"body", True),
    "file": (lambda: io.BytesIO(b"body"), True),
    "form": (lambda: {"b": "ody"}, True),
    "generator": (generated, False),
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", [*IDEMPOTENT, *OTHERS])
def test_method_and_fault_and_body(method: str, fault: str, body: str) -> None:
    fail, unsent = FAULTS[fault]
    make, replayable = BODIES[body]
    failure = fail()
    server = Server(failure)
    ended = run_request(exactly(), server, lambda: asked(method, data=make()))
    again = unsent or (method in IDEMPOTENT and replayable)
    assert server.count == 1 + again
    assert ended == (200 if again else failure.status if isinstance(failure, Answer) else failure)
    assert len(set(server.bodies)) <= 1
    if body != "none":
        assert len(server.bodies) == again + (not unsent)


@pytest.mark.parametrize("attempts", [1, 2, 3, 7])
@pytest.mark.parametrize("make", [lambda: Answer(503), gone, refused])
def test_the_last_outcome_is_given(attempts: int, make: Callable[[], Any]) -> None:
    outcomes = [make() for _ in range(attempts + 1)]
    server = Server(*outcomes)
    ended = run_request(exactly(attempts), server)
    assert server.count == attempts
    last = outcomes[attempts - 1]
    assert ended == (503 if isinstance(last, Answer) else last)


@pytest.mark.parametrize("failures", [0, 1, 2])
def test_success_ends_it(failures: int) -> None:
    server = Server(*[gone() for _ in range(failures)], Answer(200), Answer(201))
    assert run_request(exactly(), server) == 200
    assert server.count == failures + 1


@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 404, 408, 425, 500, 501, 505])
def test_other_statuses_are_answers(status: int) -> None:
    server = Server(Answer(status))
    assert run_request(exactly(), server) == status
    assert server.count == 1


def test_statuses_of_ones_own() -> None:
    server = Server(Answer(500), Answer(599), Answer(503))
    assert run_request(exactly(statuses=[500, 599]), server) == 503
    server = Server(Answer(503))
    assert run_request(exactly(statuses=()), server) == 503


def test_methods_of_ones_own() -> None:
    for methods, method, count in (
        ({"get"}, "GET", 2),
        ({"POST"}, "POST", 2),
        (["post"], "GET", 1),
        (None, "PURGE", 2),
        ((), "GET", 1),
    ):
        server = Server(Answer(503))
        run_request(exactly(methods=methods), server, asked(method))
        assert server.count == count


@pytest.mark.parametrize("make", [lambda: Answer(503), gone])
def test_an_idempotency_key(make: Callable[[], Any]) -> None:
    server = Server(make())
    request = asked("POST", data=b"order", headers={"idempotency-key": '"8e03978e"'})
    assert run_request(exactly(), server, request) == 200
    assert server.bodies == [b"order"] * 2


@pytest.mark.parametrize(
    "failure",
    [
        ClientConnectionError("Session is closed"),
        TotalTimeoutError(),
        ClientPayloadError("broken"),
        ClientResponseError(NO_REQUEST, (), status=503),
        ClientHttpProxyError(NO_REQUEST, (), status=407),
        OSError(24, "files"),
        ValueError("mistake"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_what_is_not_tried_again(failure: Exception) -> None:
    server = Server(failure)
    assert run_request(exactly(), server) is failure
    assert server.count == 1


@pytest.mark.parametrize(
    ("exceptions", "failure", "count"),
    [
        (ClientPayloadError, ClientPayloadError("broken"), 2),
        ([ClientPayloadError], gone(), 1),
        ((ClientError, RuntimeError), RuntimeError("mine"), 2),
        ({Exception}, TotalTimeoutError(), 1),
        (Exception, ClientConnectionError("closed"), 1),
        ((), refused(), 1),
        # It is the status that counts here.
        ((), ClientHttpProxyError(NO_REQUEST, (), status=503), 2),
    ],
)
def test_exceptions_of_ones_own(exceptions: Any, failure: Exception, count: int) -> None:
    server = Server(failure)
    run_request(exactly(exceptions=exceptions), server)
    assert server.count == count


def test_what_was_certain_once_need_not_be_so_again() -> None:
    failure = gone()
    server = Server(refused(), failure)
    assert run_request(exactly(), server, asked("POST", data=b"order")) is failure
    assert server.bodies == [b"order"]


def test_a_generator_waits_for_a_connection() -> None:
    server = Server(refused(), refused())
    assert run_request(exactly(), server, lambda: asked("POST", data=generated())) == 200
    assert server.bodies == [b"body"]


def test_the_error_tells_of_the_attempts_before() -> None:
    failure = refused()
    run_request(exactly(), Server(Answer(503), gone(), failure))
    assert failure.__notes__ == ["After 3 attempts; those before gave 503, ServerDisconnectedError"]


def test_an_error_of_the_only_attempt_has_nothing_to_tell() -> None:
    failure = refused()
    run_request(exactly(1), Server(failure))
    assert not hasattr(failure, "__notes__")


def test_many_attempts_are_not_all_told() -> None:
    failure = refused()
    run_request(exactly(8), Server(Answer(503), *[gone() for _ in range(6)], failure))
    told = ", ".join(["ServerDisconnectedError"] * 5)
    assert failure.__notes__ == [f"After 8 attempts; those before gave … {told}"]


async def test_cancellation_is_not_a_failure() -> None:
    server = Server(asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await exactly(exceptions=Exception)(asked(), server)
    assert server.count == 1


async def test_one_object_serves_many_at_once() -> None:
    middleware = RetryMiddleware(3, backoff=lambda _: 0, budget=None)
    servers = [Server(*[gone() for _ in range(number % 4)]) for number in range(40)]
    ended = await asyncio.gather(
        *(middleware(asked(), server) for server in servers), return_exceptions=True
    )
    assert [server.count for server in servers] == [min(n % 4 + 1, 3) for n in range(40)]
    assert [isinstance(end, Exception) for end in ended] == [n % 4 == 3 for n in range(40)]


def test_it_says_what_it_is() -> None:
    assert repr(RetryMiddleware(5)) == "<RetryMiddleware attempts=5>"
