"""What a caller wants of a WebSocket, apart from the request that opens it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from attrs import frozen

from martlet_interfaces import Unset
from martlet_websocket import DeflateOffer

from ._retry_number import given_number
from ._ws_timeout import ClientWSTimeout

if TYPE_CHECKING:
    from martlet_websocket import DeflateParameters

__all__ = ["WebSocketSettings", "given_settings", "window_bits"]

_DEFAULT: Final = ClientWSTimeout()
_LARGEST_WINDOW: Final = 15


@frozen
class WebSocketSettings:
    """The parameters of `ClientSession.ws_connect`, checked."""

    protocols: tuple[str, ...]
    timeout: ClientWSTimeout
    autoclose: bool
    autoping: bool
    heartbeat: float | None
    compress: int
    max_msg_size: int
    decode_text: bool

    def offer(self) -> DeflateOffer | None:
        """Give what the server is asked for; ``None``: not to compress."""
        if not self.compress:
            return None
        limit = None if self.compress == _LARGEST_WINDOW else self.compress
        return DeflateOffer(server_max_window_bits=limit)


def given_settings(
    protocols: Iterable[str],
    timeout: ClientWSTimeout | float | Unset | None,
    receive_timeout: float | None,
    autoclose: bool,
    autoping: bool,
    heartbeat: float | None,
    compress: int,
    max_msg_size: int,
    decode_text: bool,
) -> WebSocketSettings:
    """Check what was given; raise `TypeError` and `ValueError` for what cannot be."""
    if isinstance(protocols, str):
        raise TypeError(f'protocols are several, such as ("{protocols:.40}",), not a str')
    if heartbeat is not None and not given_number("heartbeat", heartbeat):
        raise ValueError("heartbeat must be more than 0 seconds; None: no heartbeat")
    _check_int("compress", compress)
    if compress and not 9 <= compress <= _LARGEST_WINDOW:
        raise ValueError(
            f"compress is the size of a window, 9 to 15 bits, or 0: no compression; not {compress}"
        )
    _check_int("max_msg_size", max_msg_size)
    if max_msg_size < 0:
        raise ValueError(f"max_msg_size must be 0 (no limit) or more bytes, not {max_msg_size}")
    return WebSocketSettings(
        tuple(protocols),
        _given_timeout(timeout, receive_timeout),
        bool(autoclose),
        bool(autoping),
        heartbeat,
        compress,
        max_msg_size,
        bool(decode_text),
    )


def window_bits(agreed: "DeflateParameters | None") -> int:
    """Tell how large the window of what is sent is, as ``compress`` has it."""
    return 0 if agreed is None else agreed.client_max_window_bits


def _given_timeout(
    timeout: ClientWSTimeout | float | Unset | None, receive_timeout: float | None
) -> ClientWSTimeout:
    if isinstance(timeout, Unset):
        timeout = _DEFAULT
    elif timeout is None or (isinstance(timeout, int | float) and not isinstance(timeout, bool)):
        timeout = ClientWSTimeout(ws_close=timeout)
    elif not isinstance(timeout, ClientWSTimeout):
        raise TypeError(
            "timeout must be a ClientWSTimeout, or how many seconds closing may take, not"
            f" {type(timeout).__name__}"
        )
    if receive_timeout is None:
        return timeout
    if timeout.ws_receive not in {None, receive_timeout}:
        raise ValueError("receive_timeout and timeout.ws_receive differ: give one of them")
    return ClientWSTimeout(receive_timeout, timeout.ws_close)


def _check_int(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
