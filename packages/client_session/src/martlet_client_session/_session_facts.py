"""What may be asked of a session."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from martlet_interfaces import Connector, DeadlineQueue, Deadlines, HttpVersion

from ._session_internals import SessionInternals

if TYPE_CHECKING:
    from multidict import CIMultiDict

    from ._basic_auth import BasicAuth
    from ._defaults import AbstractCookieJar
    from ._reading import Reading
    from ._status_check import StatusCheck
    from ._timeout import ClientTimeout
    from ._trace_config import TraceConfig
    from ._typedefs import JSONEncoder

__all__ = ["SessionFacts"]


class SessionFacts(SessionInternals):
    """The part of `ClientSession` that tells how it was made."""

    _connector: Connector | None
    _connector_owner: bool
    _deadlines: Deadlines
    _given_loop: asyncio.AbstractEventLoop | None
    _loop: asyncio.AbstractEventLoop | None
    _raise_for_status: "StatusCheck"
    _reading: "Reading"
    _timeout: "ClientTimeout"
    _total_queue: DeadlineQueue | None
    _version: HttpVersion

    @property
    def closed(self) -> bool:
        """Whether `close` or `detach` has been called, or the connector has been closed."""
        connector = self._connector
        return connector is None or bool(getattr(connector, "closed", False))

    @property
    def connector(self) -> Connector | None:
        """What sends the requests; ``None`` after `close`."""
        return self._connector

    @property
    def connector_owner(self) -> bool:
        """Whether the connector is closed with the session."""
        return self._connector_owner

    @property
    def headers(self) -> "CIMultiDict[str]":
        """The fields of every request; they may be changed."""
        return self._composer.sections.own

    @property
    def skip_auto_headers(self) -> frozenset[str]:
        """The names of fields, lower-case, that are not added by themselves."""
        return self._composer.sections.skipped(None)

    @property
    def auth(self) -> "BasicAuth | None":
        """The credentials of requests that bring none of their own."""
        return self._policies.auth

    @property
    def json_serialize(self) -> "JSONEncoder":
        """What makes text of what is given as ``json=``."""
        return self._composer.json_serialize

    @property
    def cookie_jar(self) -> "AbstractCookieJar":
        """What keeps the session's cookies: what was given as such, or a `CookieJar`."""
        return self._exchanges.jar

    @property
    def timeout(self) -> "ClientTimeout":
        """The limits on a request that brings none of its own."""
        return self._timeout

    @property
    def version(self) -> HttpVersion:
        """The HTTP version of the requests."""
        return self._version

    @property
    def raise_for_status(self) -> "StatusCheck":
        """Whether a status of 400 and above is raised, or what each response is given to."""
        return self._raise_for_status

    @property
    def auto_decompress(self) -> bool:
        """Whether content codings are removed."""
        return self._reading.auto_decompress

    @property
    def trust_env(self) -> bool:
        """Whether proxies and credentials are looked for in the environment and ``.netrc``."""
        return self._policies.trust_env

    @property
    def requote_redirect_url(self) -> bool:
        """Whether the percent-encoding of redirects is brought into its normal form.

        It may be set; that holds for all requests from then on.
        """
        return self._policies.requote_redirect_url

    @requote_redirect_url.setter
    def requote_redirect_url(self, requote: bool) -> None:
        self._policies.requote_redirect_url = requote

    @property
    def trace_configs(self) -> "Sequence[TraceConfig]":
        """What is told of each request."""
        return self._policies.trace_configs

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop that the session is used from, or will be.

        `RuntimeError` if none has been given, none used, and none runs.
        """
        return self._loop or self._given_loop or asyncio.get_running_loop()
