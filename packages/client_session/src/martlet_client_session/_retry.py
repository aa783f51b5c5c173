"""The middleware that sends a request again where that helps and does no harm."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from multidict import MultiMapping, istr

from martlet_exceptions import ClientConnectionError, ClientHttpProxyError
from martlet_http_parser import parse_http_date, parse_retry_after
from martlet_interfaces import UNSET, Unset

from ._backoff import ExponentialBackoff
from ._origin import origin
from ._retry_budget import Origin, RetryBudget
from ._retry_failure import is_final, sent_nothing
from ._retry_number import given_number

if TYPE_CHECKING:
    from ._client_request import ClientRequest
    from ._middlewares import ClientHandlerType
    from ._response import ClientResponse

__all__ = ["RetryMiddleware"]

_STATUSES: Final = frozenset({429, 502, 503, 504})
# RFC 9110 section 9.2.2.
_IDEMPOTENT: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PUT", "TRACE"})
_DATE: Final = istr("Date")
_IDEMPOTENCY_KEY: Final = istr("Idempotency-Key")
_RETRY_AFTER: Final = istr("Retry-After")
_MOST_TOLD: Final = 5

_log: Final = logging.getLogger("martlet.client")


class RetryMiddleware:
    """Sends a request again after a failed connection, or a status that asks for it.

    ``ClientSession(middlewares=[RetryMiddleware(attempts=3)])``: before others, so that they see
    each attempt. One object may serve many requests and sessions at once.

    * *attempts*: how often a request is sent, in all (3); 1: never again.
    * *statuses*: which statuses are not taken for an answer (429, 502, 503, 504).
    * *methods*: which requests may be sent again, even if the server may have acted on them
      already: by default those that do no harm twice (RFC 9110 section 9.2.2: DELETE, GET, HEAD,
      OPTIONS, PUT, TRACE); ``None``: all. A request that has an Idempotency-Key field is one of
      them, whatever its method.
    * *exceptions*: after which errors, one class or several (`ClientConnectionError`, which all
      that happens to connections before the head of the response is one of). Where it is certain
      that nothing of a request was sent (`ClientConnectorError`, `ConnectionTimeoutError`), it is
      sent again whatever its method. A proxy that refuses a tunnel with one of *statuses* counts,
      too.
    * *backoff*: called with the number of the attempt that has failed, it tells how many seconds to
      wait (``ExponentialBackoff(0.2, 2, 30)``: from 0.2 seconds on twice as long each time, up to
      30). *jitter*: wait a random part of that (default), so that clients do not come back all at
      once; may be the `random.Random` to use.
    * *retry_after*: wait for as long as the server asks for in Retry-After (RFC 9110 section
      10.2.3), if that is longer (default). A response that asks for more than *max_retry_after*
      seconds (60) is given at once.
    * *budget*: limits the retries of many requests together; by default a `RetryBudget` of its own
      (a fifth of the requests to an origin, and 10 a second); ``None``: no limit.

    The response, or the error, of the last attempt is given as it is; a note on the error tells of
    the attempts before. It is the last one also where the body of the request can be read only
    once and has been begun, or where the wait would last until the time limit on the whole of the
    request or beyond. A response that another attempt follows is released at once.

    Never sent again, whatever *exceptions* are: what failed for its URL or its redirects, for a
    certificate, for the total time limit, because the session was closed, or was cancelled. A body
    that breaks off while it is read is not this middleware's: the response has been given by then.

    Raises `TypeError` and `ValueError` for what cannot be.
    """

    __slots__ = (
        "_attempts",
        "_backoff",
        "_budget",
        "_exceptions",
        "_longest_asked",
        "_methods",
        "_random",
        "_statuses",
    )

    def __init__(
        self,
        attempts: int = 3,
        *,
        statuses: Collection[int] = _STATUSES,
        methods: Collection[str] | None = _IDEMPOTENT,
        exceptions: type[Exception] | Collection[type[Exception]] = ClientConnectionError,
        backoff: Callable[[int], float] = ExponentialBackoff(),  # noqa: B008  # it is immutable
        jitter: bool | random.Random = True,
        retry_after: bool = True,
        max_retry_after: float = 60.0,
        budget: RetryBudget | Unset | None = UNSET,
    ) -> None:
        if isinstance(attempts, bool) or not isinstance(attempts, int):
            raise TypeError(f"attempts must be an int, not {type(attempts).__name__}")
        if attempts < 1:
            raise ValueError(f"attempts must be at least 1 (which is: no retries), not {attempts}")
        if not callable(backoff):
            raise TypeError(
                "backoff is called with the number of an attempt and gives seconds;"
                f" {backoff!r:.80} cannot be called: give ExponentialBackoff(first=…)"
            )
        if not isinstance(retry_after, bool):
            raise TypeError(
                f"retry_after must be a bool, not {type(retry_after).__name__}:"
                " seconds go into max_retry_after"
            )
        longest = given_number("max_retry_after", max_retry_after, finite=False)
        if isinstance(budget, Unset):
            budget = RetryBudget()
        elif budget is not None and not isinstance(budget, RetryBudget):
            raise TypeError(f"budget must be a RetryBudget or None, not {type(budget).__name__}")
        self._attempts = attempts
        self._statuses = _given_statuses(statuses)
        self._methods = None if methods is None else _given_methods(methods)
        self._exceptions = _given_exceptions(exceptions)
        self._backoff = backoff
        self._random = _given_random(jitter)
        self._longest_asked = longest if retry_after else None
        self._budget = budget

    def __repr__(self) -> str:
        return f"<{type(self).__name__} attempts={self._attempts}>"

    async def __call__(
        self, request: "ClientRequest", handler: "ClientHandlerType"
    ) -> "ClientResponse":
        """Send *request*, and again for as long as it fails and may be sent again."""
        budget, place = self._budget, origin(request.url)
        if budget is not None:
            budget.note_request(place, asyncio.get_running_loop().time())
        past: list[str] = []
        while True:
            try:
                response = await handler(request)
            except Exception as exc:
                wait = self._wait_after_error(request, exc, len(past) + 1)
                if wait is None or not self._affords(place):
                    _tell_of(past, exc)
                    raise
                past.append(type(exc).__name__)
            else:
                wait = self._wait_after_response(request, response, len(past) + 1)
                if wait is None or not self._affords(place):
                    return response
                past.append(str(response.status))
                response.release()
                # So that it is not kept through the wait.
                del response
            _log.debug(
                "%s to %s gave %s at attempt %d of %d; the next one in %.3f s",
                request.method, place[1], past[-1], len(past), self._attempts, wait,
            )  # fmt: skip
            await asyncio.sleep(wait)

    def _wait_after_error(
        self, request: "ClientRequest", failure: Exception, attempt: int
    ) -> float | None:
        """Tell how many seconds to wait after *failure*; ``None``: it is the last one."""
        if attempt >= self._attempts or is_final(failure):
            return None
        fields = None
        if isinstance(failure, ClientHttpProxyError) and failure.status in self._statuses:
            fields = failure.headers
        elif not isinstance(failure, self._exceptions):
            return None
        if not (sent_nothing(failure) or self._may_repeat(request)):
            return None
        return self._wait(request, fields, attempt)

    def _wait_after_response(
        self, request: "ClientRequest", response: "ClientResponse", attempt: int
    ) -> float | None:
        """Tell how many seconds to wait after *response*; ``None``: it is to be given."""
        if (
            response.status not in self._statuses
            or attempt >= self._attempts
            or not self._may_repeat(request)
        ):
            return None
        return self._wait(request, response.headers, attempt)

    def _may_repeat(self, request: "ClientRequest") -> bool:
        return (
            self._methods is None
            or request.method in self._methods
            or _IDEMPOTENCY_KEY in request.headers
        )

    def _wait(
        self, request: "ClientRequest", fields: "MultiMapping[str] | None", attempt: int
    ) -> float | None:
        if not _has_body_left(request):
            return None
        wait = given_number(f"backoff({attempt})", self._backoff(attempt))
        if self._random is not None:
            wait *= self._random()
        if self._longest_asked is not None and fields is not None:
            asked = _asked_wait(fields)
            if asked > self._longest_asked:
                return None
            wait = max(wait, asked)
        deadline = request.deadline
        if deadline is not None and asyncio.get_running_loop().time() + wait >= deadline:
            return None
        return wait

    def _affords(self, place: Origin) -> bool:
        budget = self._budget
        if budget is None or budget.take(place, asyncio.get_running_loop().time()):
            return True
        _log.debug("No retry to %s: the budget is spent", place[1])
        return False


def _has_body_left(request: "ClientRequest") -> bool:
    """Tell whether the body, if there is one, is there to be sent once more."""
    body = request.upload
    return body is None or isinstance(body, bytes) or body.replayable or not body.begun


def _asked_wait(fields: "MultiMapping[str]") -> float:
    """Tell how many seconds the server asks to wait; 0 if it does not, or not intelligibly."""
    field = fields.get(_RETRY_AFTER)
    if field is None:
        return 0.0
    now = time.time()
    until = parse_http_date(field, now)
    if until is None:
        return parse_retry_after(field, now) or 0.0
    # It is meant by the server's clock, which may differ from ours.
    there = parse_http_date(fields.get(_DATE, ""), now)
    return max(0.0, until - (now if there is None else there))


def _tell_of(past: list[str], exc: Exception) -> None:
    """Note on *exc* what came of the attempts before it."""
    if past:
        told = ", ".join(past[-_MOST_TOLD:])
        others = "… " if len(past) > _MOST_TOLD else ""
        exc.add_note(f"After {len(past) + 1} attempts; those before gave {others}{told}")


def _given_statuses(statuses: object) -> frozenset[int]:
    if not isinstance(statuses, Collection) or isinstance(statuses, str | bytes):
        raise TypeError(f"statuses must be a set such as {{503}}, not {statuses!r:.80}")
    for status in statuses:
        if isinstance(status, bool) or not isinstance(status, int):
            raise TypeError(f"A status must be an int, not {type(status).__name__}")
        if not 100 <= status <= 999:
            raise ValueError(f"A status has three digits: {status} is none")
    return frozenset(statuses)


def _given_methods(methods: object) -> frozenset[str]:
    if not isinstance(methods, Collection) or isinstance(methods, str | bytes):
        raise TypeError(f'methods must be a set such as {{"GET"}}, or None, not {methods!r:.80}')
    for method in methods:
        if not isinstance(method, str):
            raise TypeError(f"A method must be a str, not {type(method).__name__}")
    return frozenset(method.upper() for method in methods)


def _given_exceptions(exceptions: object) -> tuple[type[Exception], ...]:
    given = exceptions if isinstance(exceptions, Collection) else (exceptions,)
    for kind in given:
        if not isinstance(kind, type) or not issubclass(kind, Exception):
            raise TypeError(f"exceptions must be classes of exceptions, not {kind!r:.80}")
    return tuple(given)


def _given_random(jitter: object) -> Callable[[], float] | None:
    if isinstance(jitter, random.Random):
        return jitter.random
    if not isinstance(jitter, bool):
        raise TypeError(f"jitter must be a bool or a random.Random, not {type(jitter).__name__}")
    return random.random if jitter else None
