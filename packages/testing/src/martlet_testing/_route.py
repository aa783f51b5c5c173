"""One route: which requests it takes, what it answers, and which it has taken."""

from typing import Self, TypeVar

from attrs import evolve
from yarl import URL

from martlet_interfaces import UNSET

from ._answer import Answer, Headers, Stream
from ._call_assertions import demand_called, times_text
from ._criteria import Criteria
from ._reply import Handler, Reply, checked_reply
from ._seen_request import SeenRequest

__all__ = ["Route"]

_H = TypeVar("_H", bound=Handler)
_EMPTY = Answer()


class Route:
    """Answers the requests that it matches; made by `MockConnector.get` and the like.

    `answer` and `respond` each add what comes next: the first call gets the first, the second the
    second, and the last one is given again and again. A route without any answers 200, with an
    empty body. `calls` are the requests that it has taken.
    """

    calls: list[SeenRequest]

    def __init__(
        self, criteria: Criteria, replies: tuple[Reply, ...], times: int | None, required: bool
    ) -> None:
        if times is not None and times < 1:
            raise ValueError(f"times is 1 or more, not {times}")
        self.calls = []
        self._criteria = criteria
        self._replies = [checked_reply(reply) for reply in replies]
        self._given = 0
        self._times = times
        self._required = required

    def __str__(self) -> str:
        return str(self._criteria)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}, called {times_text(len(self.calls))}>"

    # What it answers

    def answer(self, *replies: Reply) -> Self:
        """Answer with *replies* next: answers, faults, exceptions or functions.

        Raises `TypeError` for anything else.
        """
        self._replies += [checked_reply(reply) for reply in replies]
        return self

    def respond(
        self,
        status: int = 200,
        *,
        json: object = UNSET,
        text: str | None = None,
        body: bytes | None = None,
        stream: Stream | None = None,
        headers: Headers = (),
        reason: str | None = None,
        trailers: Headers = (),
        latency: float = 0.0,
        pace: float = 0.0,
    ) -> Self:
        """Answer with this next; the parameters are those of `Answer`."""
        return self.answer(
            Answer(
                status,
                json=json,
                text=text,
                body=body,
                stream=stream,
                headers=headers,
                reason=reason,
                trailers=trailers,
                latency=latency,
                pace=pace,
            )
        )

    def __call__(self, handler: _H, /) -> _H:
        """Answer with *handler* next: so a route is a decorator."""
        self.answer(handler)
        return handler

    # Which requests it takes

    @property
    def exhausted(self) -> bool:
        """Whether it has answered as often as it may."""
        return self._times is not None and self._given >= self._times

    def differences(self, request: SeenRequest) -> list[str]:
        """Say in words why it does not take *request*; an empty list if it does."""
        found = self._criteria.differences(request)
        if self.exhausted:
            found.append(f"it has answered {times_text(self._given)}, as often as it may")
        return found

    def is_for(self, method: str, url: URL) -> bool:
        """Tell whether it takes requests of *method* for *url*, whose query does not count."""
        return not self.exhausted and not self._criteria.address_differences(method, url)

    def take(self, request: SeenRequest) -> tuple[SeenRequest, Reply]:
        """Note *request*, which matches; give it, with its path parameters, and what to reply."""
        request = evolve(request, path_params=self._criteria.url.path_params(request.url))
        self.calls.append(request)
        self._given += 1
        if not self._replies:
            return request, _EMPTY
        return request, self._replies[min(self._given, len(self._replies)) - 1]

    # What it has taken

    @property
    def called(self) -> bool:
        """Whether it has taken any request."""
        return bool(self.calls)

    @property
    def call_count(self) -> int:
        """How many requests it has taken."""
        return len(self.calls)

    def assert_called(self, times: int | None = None) -> None:
        """Raise `AssertionError` unless it was called, *times* times if that is given."""
        demand_called(str(self), self.calls, times, self.calls)

    def assert_called_once(self) -> None:
        """Raise `AssertionError` unless it was called exactly once."""
        self.assert_called(1)

    def assert_not_called(self) -> None:
        """Raise `AssertionError` if it was called."""
        self.assert_called(0)

    @property
    def missing(self) -> str:
        """What is missing, in words: calls of a route that has to be called; else empty."""
        if not self._required:
            return ""
        count = len(self.calls)
        if self._times is not None and count < self._times:
            return f"{self} was called {times_text(count)}, not {times_text(self._times)}"
        return "" if count else f"{self} was never called"

    def reset(self) -> None:
        """Forget the calls; answers begin again with the first."""
        self.calls.clear()
        self._given = 0
