"""The parameters of `ws_connect`, for functions that pass them on."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from ._typedefs import LooseHeaders, StrOrURL

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint, Unset

    from ._basic_auth import AuthLike
    from ._typedefs import Query
    from ._ws_timeout import ClientWSTimeout

__all__ = ["WebSocketOptions"]


class WebSocketOptions(TypedDict, total=False):
    """What `ClientSession.ws_connect` takes besides the URL."""

    method: str
    protocols: Iterable[str]
    timeout: "ClientWSTimeout | float | Unset | None"
    receive_timeout: float | None
    autoclose: bool
    autoping: bool
    heartbeat: float | None
    auth: "AuthLike | None"
    origin: str | None
    params: "Query | None"
    headers: LooseHeaders | None
    proxy: StrOrURL | None
    proxy_auth: "AuthLike | None"
    ssl: "SSLContext | bool | Fingerprint | None"
    verify_ssl: bool | None
    fingerprint: bytes | None
    ssl_context: "SSLContext | None"
    server_hostname: str | None
    proxy_headers: LooseHeaders | None
    compress: int
    max_msg_size: int
    decode_text: bool
    max_line_size: int | None
    max_field_size: int | None
    max_headers: int | None
