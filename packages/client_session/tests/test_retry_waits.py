"""How long is waited between attempts, and when there is no time left."""

import asyncio
import logging
import random
import time
from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._backoff import ExponentialBackoff
from martlet_client_session._retry import RetryMiddleware
from martlet_client_session._retry_budget import RetryBudget
from martlet_exceptions import NO_REQUEST, ClientHttpProxyError
from martlet_http_parser import format_http_date

from .retry_recording import Answer, Server, asked, exactly, gone, refused, run_request
from .scripted import run_virtual, turn

STATUSES = [429, 502, 503, 504]


def unavailable(retry_after: str, status: int = 503, date: str | None = None) -> Answer:
    dated = {} if date is None else {"Date": date}
    return Answer(status, {"Retry-After": retry_after, **dated})


def faults(count: int) -> list[Exception]:
    return [gone() for _ in range(count)]


def test_the_waits_are_those_of_the_backoff() -> None:
    server = Server(*faults(4))
    assert run_request(exactly(5), server) == 200
    assert server.waits == [0.2, 0.4, 0.8, 1.6]
    server = Server(*faults(3))
    numbers: list[int] = []

    def backoff(attempt: int) -> float:
        numbers.append(attempt)
        return attempt * 10

    assert run_request(exactly(4, backoff=backoff), server) == 200
    assert server.waits == [10, 20, 30]
    assert numbers == [1, 2, 3]


@given(
    st.integers(0, 2**32),
    st.floats(0, 100),
    st.floats(1, 10),
    st.floats(0, 100),
    st.lists(st.none() | st.integers(0, 50), min_size=1, max_size=6),
)
def test_the_waits_keep_their_bounds(
    seed: int, first: float, factor: float, limit: float, asked_waits: list[int | None]
) -> None:
    backoff = ExponentialBackoff(first, factor, limit)
    outcomes = [gone() if wait is None else unavailable(str(wait)) for wait in asked_waits]
    server = Server(*outcomes)
    middleware = RetryMiddleware(
        len(outcomes) + 1, backoff=backoff, jitter=random.Random(seed), budget=None
    )
    assert run_request(middleware, server) == 200
    for attempt, (wait, asked_wait) in enumerate(zip(server.waits, asked_waits, strict=True), 1):
        least = asked_wait or 0
        assert least - 1e-6 <= wait <= max(least, backoff(attempt)) + 1e-6


def test_jitter_is_a_part_of_the_wait() -> None:
    server = Server(*faults(2))
    middleware = RetryMiddleware(backoff=lambda _: 8, jitter=random.Random(5))
    run_request(middleware, server)
    numbers = random.Random(5)
    assert server.waits == [round(8 * numbers.random(), 6) for _ in range(2)]


def test_jitter_is_the_default() -> None:
    waits: set[float] = set()
    for _ in range(20):
        server = Server(gone())
        run_request(RetryMiddleware(backoff=lambda _: 1), server)
        waits.update(server.waits)
    assert len(waits) > 1
    assert all(0 <= wait <= 1 for wait in waits)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("field", "wait"),
    [
        ("0", 2.5),
        # Less than the backoff is no reason to come back sooner.
        ("1", 2.5),
        ("5", 5),
        ("60", 60),
        (" 7\t", 7),
        # What cannot be understood is not obeyed.
        ("", 2.5),
        ("soon", 2.5),
        ("-5", 2.5),
        ("1.5", 2.5),
        ("٣", 2.5),
        ("Wed, 32 Nov 2026 00:00:00 GMT", 2.5),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 2.5),
    ],
)
def test_a_wait_that_the_server_asks_for(status: int, field: str, wait: float) -> None:
    server = Server(unavailable(field, status))
    assert run_request(exactly(backoff=lambda _: 2.5), server) == 200
    assert server.waits == [wait]


@pytest.mark.parametrize("skew", [-3600, 0, 3600])
def test_a_date_is_by_the_servers_clock(skew: int) -> None:
    there = int(time.time()) + skew
    answer = unavailable(format_http_date(there + 20), date=format_http_date(there))
    server = Server(answer)
    assert run_request(exactly(), server) == 200
    assert server.waits == [20]


@pytest.mark.parametrize("date", [None, "today"])
def test_a_date_without_another_one(date: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.25)
    server = Server(unavailable(format_http_date(1_800_000_020), date=date))
    assert run_request(exactly(), server) == 200
    assert server.waits == [19.75]


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:60 GMT", "Mon, 01 Jan 0001 00:00:00 GMT"])
@pytest.mark.parametrize("field", ["Sunday, 06-Nov-94 08:49:37 GMT", "3", "?"])
def test_dates_at_the_end_of_time(date: str, field: str) -> None:
    for first, second in ((date, field), (field, date), (date, date)):
        server = Server(unavailable(first, date=second))
        assert run_request(exactly(), server) in {200, 503}


@pytest.mark.parametrize(
    ("options", "field", "count"),
    [
        ({}, "60", 2),
        ({}, "61", 1),
        ({}, "99999999999999999999999999", 1),
        ({}, "Fri, 31 Dec 9999 23:59:59 GMT", 1),
        ({"max_retry_after": 5}, "5", 2),
        ({"max_retry_after": 5}, "6", 1),
        ({"max_retry_after": 0}, "1", 1),
        ({"max_retry_after": 0}, "0", 2),
        ({"max_retry_after": float("inf")}, "86400", 2),
    ],
)
def test_a_wait_that_is_too_long(options: dict[str, Any], field: str, count: int) -> None:
    server = Server(unavailable(field))
    assert run_request(exactly(**options), server) == (200 if count == 2 else 503)
    assert server.count == count


def test_retry_after_need_not_be_obeyed() -> None:
    server = Server(unavailable("5"), unavailable("5000"))
    assert run_request(exactly(retry_after=False), server) == 200
    assert server.waits == [0.2, 0.4]


@pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "5"}, 5), (None, 0.2)])
def test_a_proxy_may_ask_too(headers: dict[str, str] | None, wait: float) -> None:
    fields = None if headers is None else Answer(503, headers).headers
    server = Server(ClientHttpProxyError(NO_REQUEST, (), status=503, headers=fields))
    assert run_request(exactly(), server, asked("POST")) == 200
    assert server.waits == [wait]


@pytest.mark.parametrize(
    ("deadline", "count"), [(None, 3), (3.01, 3), (3, 2), (2, 2), (1.01, 2), (1, 1), (0.5, 1)]
)
@pytest.mark.parametrize("kind", ["error", "status"])
def test_the_limit_of_the_whole_request(deadline: float | None, count: int, kind: str) -> None:
    outcomes = [gone() if kind == "error" else Answer(503) for _ in range(3)]
    server = Server(*outcomes)
    request = asked()
    request.deadline = deadline
    ended = run_request(exactly(backoff=lambda number: float(number)), server, request)
    assert server.moments == [0, 1, 3][:count]
    assert ended == (503 if kind == "status" else outcomes[count - 1])


async def test_cancelling_the_wait() -> None:
    answer = Answer(503)
    server = Server(answer)
    waiting = asyncio.ensure_future(exactly(backoff=lambda _: 3600)(asked(), server))
    await turn()
    assert answer.released
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert server.count == 1


@pytest.mark.parametrize(
    ("given_wait", "error"), [("1", TypeError), (-1, ValueError), (nan, ValueError)]
)
def test_a_backoff_that_gives_nonsense(given_wait: Any, error: type[Exception]) -> None:
    ended = run_request(exactly(backoff=lambda _: given_wait), Server(gone()))
    assert isinstance(ended, error)
    assert str(ended).startswith("backoff(1) must be")


# The budget


def exhausted() -> RetryBudget:
    return RetryBudget(0, 0)


def test_without_budget_nothing_is_sent_again() -> None:
    failure = gone()
    assert run_request(exactly(budget=exhausted()), Server(failure)) is failure
    assert run_request(exactly(budget=exhausted()), Server(Answer(503))) == 503
    assert run_request(exactly(budget=exhausted()), Server()) == 200


def test_requests_share_the_budget() -> None:
    budget = RetryBudget(0.5, 0)
    one, other = exactly(budget=budget), exactly(budget=budget)
    counts = []

    async def main() -> None:
        for number in range(8):
            server = Server(gone())
            await asyncio.gather((one, other)[number % 2](asked(), server), return_exceptions=True)
            counts.append(server.count)

    run_virtual(main)
    assert counts == [1, 2] * 4


def total_load(count: int, **options: Any) -> int:
    middleware = exactly(backoff=lambda _: 0.01, **options)

    async def main() -> None:
        await asyncio.gather(
            *(middleware(asked(), server) for server in servers), return_exceptions=True
        )

    servers = [Server(*(refused() for _ in range(3))) for _ in range(count)]
    run_virtual(main)
    return sum(server.count for server in servers)


def test_a_server_that_is_dead_gets_little_more() -> None:
    assert total_load(1000) == 1000 + 200 + 100
    assert total_load(1000, budget=None) == 3000
    assert total_load(50) == 150


def test_what_need_not_be_retried_takes_nothing_of_the_budget() -> None:
    budget = RetryBudget(0, 0.1)
    late = asked()
    late.deadline = 0.1
    for request, outcome in (
        (asked("POST"), Answer(503)),
        (asked(), Answer(404)),
        (asked(), unavailable("1000")),
        (late, gone()),
        (asked(), ValueError()),
    ):
        run_request(exactly(budget=budget), Server(outcome), request)
    assert run_request(exactly(budget=budget), Server(gone())) == 200


def test_what_happens_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "martlet.client")
    run_request(exactly(budget=RetryBudget(0, 0.1)), Server(Answer(503), gone()))
    told = [record.getMessage() for record in caplog.records if record.name == "martlet.client"]
    assert told == [
        "GET to a.example gave 503 at attempt 1 of 3; the next one in 0.200 s",
        "No retry to a.example: the budget is spent",
    ]
