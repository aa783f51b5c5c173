"""The verbs of a session, with all that may be said with each."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Final, TypeVar, cast

from martlet_interfaces import UNSET, Unset

from ._request_context import RequestContext
from ._typedefs import LooseHeaders, StrOrURL

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from ssl import SSLContext
    from typing import Any

    from martlet_interfaces import Fingerprint

    from ._basic_auth import AuthLike
    from ._defaults import LooseCookies
    from ._middlewares import ClientMiddlewareType
    from ._redirects import RedirectPolicy
    from ._response import ClientResponse
    from ._status_check import StatusCheck
    from ._timeout import ClientTimeout
    from ._typedefs import Data, Query
    from ._upload_tracker import UploadTracker

__all__ = ["DECLARED", "Verbs", "given_method"]

DECLARED: Final = "what is decorated is never called"
"""Why a function that only tells its parameters fails."""
_Verb = TypeVar("_Verb", bound=Callable[..., RequestContext])


def given_method(method: object) -> str:
    """Give *method* in upper case; `TypeError` if it is no text."""
    if not isinstance(method, str):
        raise TypeError(f"A method must be a str, not {type(method).__name__}")
    # Some letters become ASCII ones in upper case; the connector is to refuse them.
    return method.upper() if method.isascii() else method


def _asks(method: str) -> Callable[[_Verb], _Verb]:
    """Give a verb its body: to ask for the URL with *method*, and with the options as they are.

    So a request pays for the options that it has, not for all that there are. What is decorated
    tells which there are, to type checkers and to `help`.
    """

    def with_body(declared: _Verb) -> _Verb:
        def ask(self: "Verbs", url: StrOrURL, **options: "Any") -> RequestContext:
            return RequestContext(self._request(method, url, **options))

        return cast("_Verb", wraps(declared)(ask))

    return with_body


def _asks_for_head(declared: _Verb) -> _Verb:
    # What HEAD is asked for is mostly the very response that redirects.
    def ask(self: "Verbs", url: StrOrURL, **options: "Any") -> RequestContext:
        options.setdefault("allow_redirects", False)
        return RequestContext(self._request("HEAD", url, **options))

    return cast("_Verb", wraps(declared)(ask))


def _asks_as_told(declared: _Verb) -> _Verb:
    def ask(self: "Verbs", method: str, url: StrOrURL, **options: "Any") -> RequestContext:
        return RequestContext(self._request(given_method(method), url, **options))

    return cast("_Verb", wraps(declared)(ask))


class Verbs:
    """The part of `ClientSession` that asks."""

    _request: "Callable[..., Coroutine[Any, Any, ClientResponse]]"

    @_asks_as_told
    def request(
        self, method: str, url: StrOrURL, *,
        params: "Query | None" = None, headers: LooseHeaders | None = None,
        cookies: "LooseCookies | None" = None, skip_auto_headers: Iterable[str] | None = None,
        auth: "AuthLike | None" = None, timeout: "ClientTimeout | float | Unset | None" = UNSET,
        allow_redirects: "bool | RedirectPolicy" = True, max_redirects: int = 10,
        data: "Data | None" = None, json: object = None, compress: str | bool | None = None,
        chunked: bool | int | None = None, expect100: bool = False,
        upload_tracker: "UploadTracker | None" = None,
        raise_for_status: "StatusCheck | None" = None, read_until_eof: bool = True,
        read_bufsize: int | None = None, auto_decompress: bool | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxy_headers: LooseHeaders | None = None,
        ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
        fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
        server_hostname: str | None = None,
        max_line_size: int | None = None, max_field_size: int | None = None,
        max_headers: int | None = None, trace_request_ctx: object = None,
        middlewares: "Sequence[ClientMiddlewareType] | None" = None,
    ) -> RequestContext:  # fmt: skip
        """Ask for *url* with *method*; await or enter the result.

        * *params*: to add to the query: a mapping, pairs, or a string, which is not encoded.
        * *headers*: fields for this request; they replace the session's of the same name.
          *skip_auto_headers*: names of fields not to add. *cookies*: go with those of the jar,
          and win over them; they are not kept.
        * *auth*: a `BasicAuth`, or a user's name and password; so may stand in the URL.
        * *timeout*: instead of the session's: a `ClientTimeout`, or seconds in all; ``None``: no
          limits.
        * *allow_redirects*: whether to follow redirects, at most *max_redirects* of them; or a
          `RedirectPolicy`, which is asked about each. What is secret stays with the origin it
          was meant for.
        * *data*: the body: bytes, a string, or a mapping or pairs, sent as a form; an open file,
          `FormData`, a `MultipartWriter` or another `Payload`, an async iterable of bytes. Values
          of a mapping may be files. *json*: what to send as JSON instead.
        * *compress*: the content coding of the body: ``"deflate"`` (also ``True``),
          ``"gzip"``, ``"br"``, ``"zstd"``. *chunked*: send it in chunks though its length is
          known. *expect100*: send it only when the server asks for it, or is silent for a
          second. *upload_tracker*: an `UploadTracker`, which tells how far it has got.
        * *raise_for_status*: raise for every status of 400 and above, or what an async callable,
          given the response, raises. *read_until_eof*: false: the body of a response that does not
          say where it ends is not read. *read_bufsize*, *auto_decompress*: instead of the
          session's, as are *max_line_size* and *max_field_size* (bytes) and *max_headers*, which
          cap the head of the response.
        * *proxy*: the URL of the proxy to go by, with *proxy_auth* and *proxy_headers* for it.
        * *ssl*: how to verify the server (``True``, ``False``, an `ssl.SSLContext`, a
          `Fingerprint`); *server_hostname*: the name to verify, instead of the URL's host.
          *verify_ssl*, *fingerprint*, *ssl_context*: older spellings.
        * *middlewares*: instead of the session's. *trace_request_ctx*: is handed to the contexts
          of the session's `TraceConfig`.

        Raises `ClientError` subclasses for what goes wrong outside, `TypeError` and
        `ValueError` (`InvalidURL` is one) for what cannot be asked; nothing is sent then.
        """
        raise AssertionError(DECLARED)

    @_asks("GET")
    def get(
        self, url: StrOrURL, *,
        params: "Query | None" = None, headers: LooseHeaders | None = None,
        cookies: "LooseCookies | None" = None, skip_auto_headers: Iterable[str] | None = None,
        auth: "AuthLike | None" = None, timeout: "ClientTimeout | float | Unset | None" = UNSET,
        allow_redirects: "bool | RedirectPolicy" = True, max_redirects: int = 10,
        data: "Data | None" = None, json: object = None, compress: str | bool | None = None,
        chunked: bool | int | None = None, expect100: bool = False,
        upload_tracker: "UploadTracker | None" = None,
        raise_for_status: "StatusCheck | None" = None, read_until_eof: bool = True,
        read_bufsize: int | None = None, auto_decompress: bool | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxy_headers: LooseHeaders | None = None,
        ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
        fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
        server_hostname: str | None = None,
        max_line_size: int | None = None, max_field_size: int | None = None,
        max_headers: int | None = None, trace_request_ctx: object = None,
        middlewares: "Sequence[ClientMiddlewareType] | None" = None,
    ) -> RequestContext:  # fmt: skip
        """Ask for *url* with GET; see `request`."""
        raise AssertionError(DECLARED)

    @_asks_for_head
    def head(
        self, url: StrOrURL, *,
        params: "Query | None" = None, headers: LooseHeaders | None = None,
        cookies: "LooseCookies | None" = None, skip_auto_headers: Iterable[str] | None = None,
        auth: "AuthLike | None" = None, timeout: "ClientTimeout | float | Unset | None" = UNSET,
        allow_redirects: "bool | RedirectPolicy" = False, max_redirects: int = 10,
        data: "Data | None" = None, json: object = None, compress: str | bool | None = None,
        chunked: bool | int | None = None, expect100: bool = False,
        upload_tracker: "UploadTracker | None" = None,
        raise_for_status: "StatusCheck | None" = None, read_until_eof: bool = True,
        read_bufsize: int | None = None, auto_decompress: bool | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxy_headers: LooseHeaders | None = None,
        ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
        fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
        server_hostname: str | None = None,
        max_line_size: int | None = None, max_field_size: int | None = None,
        max_headers: int | None = None, trace_request_ctx: object = None,
        middlewares: "Sequence[ClientMiddlewareType] | None" = None,
    ) -> RequestContext:  # fmt: skip
        """Ask for *url* with HEAD; see `request`. Redirects are not followed, unless
        *allow_redirects* is true.
        """
        raise AssertionError(DECLARED)

    @_asks("OPTIONS")
    def options(
        self, url: StrOrURL, *,
        params: "Query | None" = None, headers: LooseHeaders | None = None,
        cookies: "LooseCookies | None" = None, skip_auto_headers: Iterable[str] | None = None,
        auth: "AuthLike | None" = None, timeout: "ClientTimeout | float | Unset | None" = UNSET,
        allow_redirects: "bool | RedirectPolicy" = True, max_redirects: int = 10,
        data: "Data | None" = None, json: object = None, compress: str | bool | None = None,
        chunked: bool | int | None = None, expect100: bool = False,
        upload_tracker: "UploadTracker | None" = None,
        raise_for_status: "StatusCheck | None" = None, read_until_eof: bool = True,
        read_bufsize: int | None = None, auto_decompress: bool | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxy_headers: LooseHeaders | None = None,
        ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
        fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
        server_hostname: str | None = None,
        max_line_size: int | None = None, max_field_size: int | None = None,
        max_headers: int | None = None, trace_request_ctx: object = None,
        middlewares: "Sequence[ClientMiddlewareType] | None" = None,
    ) -> RequestContext:  # fmt: skip
        """Ask for *url* with OPTIONS; see `request`."""
        raise AssertionError(DECLARED)

    @_asks("POST")
    def post(
        self, url: StrOrURL, *,
        params: "Query | None" = None, headers: LooseHeaders | None = None,
        cookies: "LooseCookies | None" = None, skip_auto_headers: Iterable[str] | None = None,
        auth: "AuthLike | None" = None, timeout: "ClientTimeout | float | Unset | None" = UNSET,
        allow_redirects: "bool | RedirectPolicy" = True, max_redirects: int = 10,
        data: "Data | None" = None, json: object = None, compress: str | bool | None = None,
        chunked: bool | int | None = None, expect100: bool = False,
        upload_tracker: "UploadTracker | None" = None,
        raise_for_status: "StatusCheck | None" = None, read_until_eof: bool = True,
        read_bufsize: int | None = None, auto_decompress: bool | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxy_headers: LooseHeaders | None = None,
        ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
        fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
        server_hostname: str | None = None,
        max_line_size: int | None = None, max_field_size: int | None = None,
        max_headers: int | None = None, trace_request_ctx: object = None,
        middlewares: "Sequence[ClientMiddlewareType] | None" = None,
    ) -> RequestContext:  # fmt: skip
        """Ask for *url* with POST; see `request`."""
        raise AssertionError(DECLARED)

    @_asks("PUT")
    def put(
        self, url: StrOrURL, *,
        params: "Query | None" = None, headers: LooseHeaders | None = None,
        cookies: "LooseCookies | None" = None, skip_auto_headers: Iterable[str] | None = None,
        auth: "AuthLike | None" = None, timeout: "ClientTimeout | float | Unset | None" = UNSET,
        allow_redirects: "bool | RedirectPolicy" = True, max_redirects: int = 10,
        data: "Data | None" = None, json: object = None, compress: str | bool | None = None,
        chunked: bool | int | None = None, expect100: bool = False,
        upload_tracker: "UploadTracker | None" = None,
        raise_for_status: "StatusCheck | None" = None, read_until_eof: bool = True,
        read_bufsize: int | None = None, auto_decompress: bool | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxy_headers: LooseHeaders | None = None,
        ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
        fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
        server_hostname: str | None = None,
        max_line_size: int | None = None, max_field_size: int | None = None,
        max_headers: int | None = None, trace_request_ctx: object = None,
        middlewares: "Sequence[ClientMiddlewareType] | None" = None,
    ) -> RequestContext:  # fmt: skip
        """Ask for *url* with PUT; see `request`."""
        raise AssertionError(DECLARED)

    @_asks("PATCH")
    def patch(
        self, url: StrOrURL, *,
        params: "Query | None" = None, headers: LooseHeaders | None = None,
        cookies: "LooseCookies | None" = None, skip_auto_headers: Iterable[str] | None = None,
        auth: "AuthLike | None" = None, timeout: "ClientTimeout | float | Unset | None" = UNSET,
        allow_redirects: "bool | RedirectPolicy" = True, max_redirects: int = 10,
        data: "Data | None" = None, json: object = None, compress: str | bool | None = None,
        chunked: bool | int | None = None, expect100: bool = False,
        upload_tracker: "UploadTracker | None" = None,
        raise_for_status: "StatusCheck | None" = None, read_until_eof: bool = True,
        read_bufsize: int | None = None, auto_decompress: bool | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxy_headers: LooseHeaders | None = None,
        ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
        fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
        server_hostname: str | None = None,
        max_line_size: int | None = None, max_field_size: int | None = None,
        max_headers: int | None = None, trace_request_ctx: object = None,
        middlewares: "Sequence[ClientMiddlewareType] | None" = None,
    ) -> RequestContext:  # fmt: skip
        """Ask for *url* with PATCH; see `request`."""
        raise AssertionError(DECLARED)

    @_asks("DELETE")
    def delete(
        self, url: StrOrURL, *,
        params: "Query | None" = None, headers: LooseHeaders | None = None,
        cookies: "LooseCookies | None" = None, skip_auto_headers: Iterable[str] | None = None,
        auth: "AuthLike | None" = None, timeout: "ClientTimeout | float | Unset | None" = UNSET,
        allow_redirects: "bool | RedirectPolicy" = True, max_redirects: int = 10,
        data: "Data | None" = None, json: object = None, compress: str | bool | None = None,
        chunked: bool | int | None = None, expect100: bool = False,
        upload_tracker: "UploadTracker | None" = None,
        raise_for_status: "StatusCheck | None" = None, read_until_eof: bool = True,
        read_bufsize: int | None = None, auto_decompress: bool | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxy_headers: LooseHeaders | None = None,
        ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
        fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
        server_hostname: str | None = None,
        max_line_size: int | None = None, max_field_size: int | None = None,
        max_headers: int | None = None, trace_request_ctx: object = None,
        middlewares: "Sequence[ClientMiddlewareType] | None" = None,
    ) -> RequestContext:  # fmt: skip
        """Ask for *url* with DELETE; see `request`."""
        raise AssertionError(DECLARED)
