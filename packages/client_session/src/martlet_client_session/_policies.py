"""What a session does besides sending a request, if it is asked to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yarl import URL

from martlet_exceptions import InvalidURL

from ._origin import same_origin
from ._url import check_host, parsed_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._basic_auth import AuthLike, BasicAuth
    from ._client_request import ClientRequest
    from ._middlewares import ClientMiddlewareType
    from ._proxies import Proxies
    from ._redirects import RedirectPolicy
    from ._trace_config import TraceConfig
    from ._typedefs import StrOrURL

__all__ = ["Policies", "given_base_url", "given_middlewares"]


class Policies:
    """A session's own: what holds for each of its requests."""

    __slots__ = (
        "auth",
        "base_url",
        "middlewares",
        "plain",
        "proxies",
        "redirect_policy",
        "request_class",
        "requote_redirect_url",
        "trace_configs",
        "trust_env",
    )

    plain: bool
    """Whether there is nothing to be done, apart from traces."""
    proxies: "Proxies | None"
    """What chooses a proxy, if anything was said of that."""

    def __init__(
        self,
        *,
        base_url: "StrOrURL | None",
        auth: "AuthLike | None",
        proxy: "StrOrURL | None",
        proxy_auth: "AuthLike | None",
        proxies: "Mapping[str, StrOrURL | None] | None",
        trust_env: bool,
        requote_redirect_url: bool,
        redirect_policy: "RedirectPolicy | None",
        middlewares: "Sequence[ClientMiddlewareType]",
        request_class: "type[ClientRequest] | None",
        trace_configs: "Sequence[TraceConfig] | None",
        connector: object,
    ) -> None:
        self.base_url = None if base_url is None else given_base_url(base_url)
        self.auth: BasicAuth | None = None
        if auth is not None:
            from ._basic_auth import given_auth

            self.auth = given_auth(auth)
        self.proxies = None
        # What the environment says is for the world outside, not for a socket in the file system.
        by_environment = trust_env and getattr(connector, "uses_proxies", True)
        if proxy is not None or proxy_auth is not None or proxies is not None or by_environment:
            from ._proxies import Proxies

            self.proxies = Proxies(
                proxy=proxy, proxy_auth=proxy_auth, proxies=proxies, trust_env=by_environment
            )
        self.trust_env = trust_env
        self.requote_redirect_url = requote_redirect_url
        if redirect_policy is not None and not callable(redirect_policy):
            raise TypeError("redirect_policy has to be a callable that takes a Redirect")
        self.redirect_policy = redirect_policy
        self.middlewares = given_middlewares(middlewares)
        self.request_class = request_class
        self.trace_configs: list[TraceConfig] = []
        if trace_configs:
            from ._trace_config import given_trace_configs

            self.trace_configs = given_trace_configs(trace_configs)
        self.plain = (
            self.auth is None
            and self.proxies is None
            and not trust_env
            and not self.middlewares
            and request_class is None
        )

    def are_plain(self, url: URL) -> bool:
        """Tell whether a request to *url* is simply sent."""
        return (
            self.plain
            and not self.trace_configs
            and url.raw_user is None
            and url.raw_password is None
        )

    def default_auth(self, url: URL) -> "BasicAuth | None":
        """Give the session's credentials, if they are for *url*."""
        if self.auth is None or self.base_url is None or same_origin(self.base_url, url):
            return self.auth
        return None

    def proxies_or_none(self) -> "Proxies":
        """Give what chooses proxies, also if the session has none to choose from."""
        if self.proxies is not None:
            return self.proxies
        from ._proxies import NO_PROXIES

        return NO_PROXIES


def given_middlewares(
    middlewares: "Sequence[ClientMiddlewareType]",
) -> "tuple[ClientMiddlewareType, ...]":
    """Check middlewares; `TypeError` for what is not callable."""
    if callable(middlewares):
        raise TypeError("middlewares has to be a list of them, not a single one")
    given = tuple(middlewares)
    for middleware in given:
        if isinstance(middleware, type):
            raise TypeError(f"A middleware is an instance: give {middleware.__name__}(…)")
        if not callable(middleware):
            raise TypeError(
                "A middleware is called with a request and a handler; "
                f"{type(middleware).__name__} cannot be called"
            )
    return given


def given_base_url(value: "StrOrURL") -> URL:
    """Parse a ``base_url``; raise `ValueError` if nothing can be joined to it."""
    url = parsed_url(value)
    if not url.absolute or not url.scheme:
        raise InvalidURL(value, "base_url has to be absolute: https://host/path/")
    check_host(url)
    if not url.path.endswith("/"):
        raise InvalidURL(value, "the path of base_url has to end in '/', or its end would get lost")
    return url
