"""The routes of a mock, the calls that it got, and assertions on them."""

from collections.abc import Iterable
from typing import Unpack

from multidict import CIMultiDict

from ._answer import Headers
from ._call_assertions import demand_called
from ._criteria import Criteria, Matchers
from ._reply import Outcome, Reply, outcome_of
from ._route import Route
from ._route_verbs import RouteVerbs
from ._seen_request import SeenRequest
from ._switching import Opener
from ._unmatched import UnmatchedRequestError, nearest
from ._url_pattern import URLSpec
from ._web_socket_script import Conversation, Step, conversation_of

__all__ = ["Router"]


class Router(RouteVerbs):
    """Finds the route of each request, and writes everything down.

    `calls` are the requests that came, in their order, those in `unmatched` included: they had no
    route. `failures` are the exceptions that came out of handlers where nobody could get them: out
    of conversations over WebSockets, and out of all handlers of a server.
    """

    calls: list[SeenRequest]
    unmatched: list[SeenRequest]
    failures: list[Exception]

    def __init__(self) -> None:
        self.calls = []
        self.unmatched = []
        self.failures = []
        self._routes: list[Route] = []

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes, in the order in which they are tried."""
        return tuple(self._routes)

    def route(
        self,
        method: str | None,
        url: URLSpec,
        *replies: Reply,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route for *method*, or for any if that is None; see `RouteVerbs`.

        Raises `TypeError` or `ValueError` for what describes no route.
        """
        route = Route(Criteria(method, url, matchers), replies, times, required)
        self._routes.append(route)
        return route

    def ws(
        self,
        url: URLSpec,
        conversation: Conversation | Iterable[Step],
        *,
        protocols: Iterable[str] = (),
        response_headers: Headers = (),
        compress: bool = False,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route that opens a WebSocket.

        Args:
            url: As for other routes; http and ws are the same, and so are https and wss.
            conversation: A coroutine function that gets a `MockWebSocket`, or the steps of a
                script: `WSReceive`, `WSSend`, `WSClose`, `WSDrop`.
            protocols: The subprotocols that the server speaks.
            response_headers: Fields of the 101 besides those of the handshake.
            compress: Whether to agree to permessage-deflate.
            times: How often it may be opened; None: any number of times.
            required: Whether it counts in `assert_all_called`.
            **matchers: What else the request has to have; see `Matchers`.

        What the conversation raises closes the WebSocket with 1011 and is in `failures`.
        """
        opener = Opener(
            conversation_of(conversation),
            tuple(protocols),
            tuple(CIMultiDict(response_headers).items()),
            compress,
            self.failures.append,
        )
        return self.route("GET", url, opener, times=times, required=required, **matchers)

    async def outcome(self, request: SeenRequest) -> Outcome:
        """Give what comes of *request*.

        Raises `UnmatchedRequestError` if it has no route, and what its route raises.
        """
        for route in self._routes:
            if not route.differences(request):
                request, reply = route.take(request)
                self.calls.append(request)
                return await outcome_of(reply, request)
        self.calls.append(request)
        self.unmatched.append(request)
        raise UnmatchedRequestError(self._unmatched_text(request))

    def _unmatched_text(self, request: SeenRequest) -> str:
        if not self._routes:
            return f"No route for {request}: there are no routes at all"
        routes = nearest([(str(route), route.differences(request)) for route in self._routes])
        return "\n".join([f"No route for {request}", "The nearest routes:", *routes])

    # Assertions

    def assert_called(
        self,
        method: str | None = None,
        url: URLSpec | None = None,
        *,
        times: int | None = None,
        **matchers: Unpack[Matchers],
    ) -> None:
        """Raise `AssertionError` unless such a request came, *times* times if that is given.

        None is any method and any URL; see `Matchers` for the rest.
        """
        criteria = Criteria(method, _any_url if url is None else url, matchers)
        calls = [call for call in self.calls if not criteria.differences(call)]
        demand_called(str(criteria), calls, times, self.calls)

    def assert_called_once(
        self,
        method: str | None = None,
        url: URLSpec | None = None,
        **matchers: Unpack[Matchers],
    ) -> None:
        """Raise `AssertionError` unless exactly one such request came."""
        self.assert_called(method, url, times=1, **matchers)

    def assert_not_called(
        self,
        method: str | None = None,
        url: URLSpec | None = None,
        **matchers: Unpack[Matchers],
    ) -> None:
        """Raise `AssertionError` if such a request came."""
        self.assert_called(method, url, times=0, **matchers)

    def assert_all_called(self) -> None:
        """Raise `AssertionError` unless every route was called that has to be.

        Those with ``times`` have to be called as often. Also if a request had no route, or a
        handler's exception is in `failures`: code that catches errors may have hidden that.
        """
        lines = [route.missing for route in self._routes if route.missing]
        lines += [f"{request} had no route" for request in self.unmatched]
        lines += [f"A handler raised {failure!r}" for failure in self.failures]
        if lines:
            cause = self.failures[0] if self.failures else None
            raise AssertionError("\n".join(lines)) from cause

    def reset(self) -> None:
        """Forget the calls and failures; the routes stay, and begin again."""
        for calls in (self.calls, self.unmatched, self.failures):
            calls.clear()
        for route in self._routes:
            route.reset()


def _any_url(_url: object) -> bool:
    return True


_any_url.__name__ = "any URL"
