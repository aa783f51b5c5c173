"""The server's side of the opening handshake (RFC 6455 section 4.2)."""

import binascii
from base64 import b64decode
from collections.abc import Iterable
from typing import Final, NamedTuple

from ._deflate_parameters import DeflateParameters, choose_offer
from ._errors import HandshakeError
from ._extensions import parse_extensions
from ._handshake_fields import (
    Fields,
    accept_value,
    check_names,
    checked_protocols,
    elements,
    shown,
    single,
    values_of,
)

_VERSION: Final = "13"


class Acceptance(NamedTuple):
    """What a server makes of a handshake.

    Args:
        fields: Those of the response, whose status is 101.
        protocol: The subprotocol; None for none.
        deflate: How messages are compressed; None if they are not.
    """

    fields: list[tuple[str, str]]
    protocol: str | None
    deflate: DeflateParameters | None


def accept_handshake(
    method: str,
    fields: Fields,
    *,
    protocols: Iterable[str] = (),
    deflate: DeflateParameters | None = None,
) -> Acceptance:
    """Look at a request and make the response.

    Whether the request may come from its Origin is for the caller to decide.

    Args:
        method: The request's method.
        fields: Its header fields, names in any case.
        protocols: The subprotocols that the server speaks; the client's order of preference wins.
        deflate: What the server wants of permessage-deflate: bits as limits, and which side has to
            compress each message by itself; None for no compression.

    Raises:
        HandshakeError: It is no handshake; with the response's status and what fields it needs.
        TypeError, ValueError: The protocols are no tokens, or not all different.
    """
    known = checked_protocols(protocols)
    fields = tuple(fields)
    if method != "GET":
        text = f"the method is {method[:20]!a}, not GET"
        raise HandshakeError(text, 405, (("Allow", "GET"),))
    check_names(fields, "upgrade", "websocket")
    check_names(fields, "connection", "upgrade")
    if single(fields, "sec-websocket-version") != _VERSION:
        text = f"Sec-WebSocket-Version is {shown(fields, 'sec-websocket-version')}, not {_VERSION}"
        raise HandshakeError(text, 426, (("Sec-WebSocket-Version", _VERSION),))
    answer = [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Accept", accept_value(_key(fields))),
    ]
    asked = elements(fields, "sec-websocket-protocol")
    protocol = next((name for name in asked if name in known), None)
    if protocol is not None:
        answer.append(("Sec-WebSocket-Protocol", protocol))
    offers = parse_extensions(",".join(values_of(fields, "sec-websocket-extensions")))
    chosen = None if deflate is None else choose_offer(offers, deflate)
    if chosen is None:
        return Acceptance(answer, protocol, None)
    answer.append(("Sec-WebSocket-Extensions", chosen[1].serialize()))
    return Acceptance(answer, protocol, chosen[0])


def _key(fields: Fields) -> str:
    key = single(fields, "sec-websocket-key") or ""
    try:
        octets = b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        octets = b""
    if len(octets) != 16:
        text = f"Sec-WebSocket-Key is {shown(fields, 'sec-websocket-key')}, not 16 octets in base64"
        raise HandshakeError(text)
    return key
