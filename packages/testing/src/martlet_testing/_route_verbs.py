"""Registering routes, one method for each method of HTTP."""

from abc import ABC, abstractmethod
from typing import Unpack

from ._criteria import Matchers
from ._reply import Reply
from ._route import Route
from ._url_pattern import URLSpec

__all__ = ["RouteVerbs"]


class RouteVerbs(ABC):
    """`route`, and a shorthand for each method.

    Their parameters are the same: *url* is a template with ``{placeholders}`` (each takes one
    segment of the path, ``{name:path}`` any number of them), a path for whatever host, a
    `yarl.URL`, a regular expression or a function. *replies* are what is answered, in turn, the
    last one again and again; `Route.respond` and `Route.answer` add others. *times*: how often the
    route answers at most; None: any number of times. *required*: whether it counts in
    `assert_all_called`. The rest says what else a request has to have; see `Matchers`.

    Of several routes that match, the one that was registered first takes a request.
    """

    @abstractmethod
    def route(
        self,
        method: str | None,
        url: URLSpec,
        *replies: Reply,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route for *method*, or for any if that is None.

        Raises `TypeError` or `ValueError` for what describes no route.
        """

    def get(
        self,
        url: URLSpec,
        *replies: Reply,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route for GET."""
        return self.route("GET", url, *replies, times=times, required=required, **matchers)

    def head(
        self,
        url: URLSpec,
        *replies: Reply,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route for HEAD."""
        return self.route("HEAD", url, *replies, times=times, required=required, **matchers)

    def post(
        self,
        url: URLSpec,
        *replies: Reply,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route for POST."""
        return self.route("POST", url, *replies, times=times, required=required, **matchers)

    def put(
        self,
        url: URLSpec,
        *replies: Reply,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route for PUT."""
        return self.route("PUT", url, *replies, times=times, required=required, **matchers)

    def patch(
        self,
        url: URLSpec,
        *replies: Reply,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route for PATCH."""
        return self.route("PATCH", url, *replies, times=times, required=required, **matchers)

    def delete(
        self,
        url: URLSpec,
        *replies: Reply,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route for DELETE."""
        return self.route("DELETE", url, *replies, times=times, required=required, **matchers)

    def options(
        self,
        url: URLSpec,
        *replies: Reply,
        times: int | None = None,
        required: bool = True,
        **matchers: Unpack[Matchers],
    ) -> Route:
        """Register a route for OPTIONS."""
        return self.route("OPTIONS", url, *replies, times=times, required=required, **matchers)
