"""Header fields of the opening handshake, as both sides read them (RFC 6455 section 4)."""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha1
from typing import Final, TypeAlias

from ._errors import HandshakeError

Fields: TypeAlias = Iterable[tuple[str, str]]

_GUID: Final = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")


def accept_value(key: str, /) -> str:
    """Compute Sec-WebSocket-Accept of a Sec-WebSocket-Key (4.2.2)."""
    # No secret is at stake: the RFC's way to tell that the peer knows the protocol.
    digest = sha1((key + _GUID).encode(), usedforsecurity=False).digest()
    return b64encode(digest).decode()


def values_of(fields: Fields, name: str, /) -> list[str]:
    """Give the values of a field, which is named in lower case; none if there is none."""
    return [value.strip(" \t") for key, value in fields if key.lower() == name]


def single(fields: Fields, name: str, /) -> str | None:
    """Give the value of a field that may be there once; None if there is none."""
    found = values_of(fields, name)
    if len(found) > 1:
        raise HandshakeError(f"there is more than one {_title(name)}")
    return found[0] if found else None


def elements(fields: Fields, name: str, /) -> list[str]:
    """Give the elements of a list, which may stand in several fields."""
    joined = ",".join(values_of(fields, name)).split(",")
    return [element for part in joined if (element := part.strip(" \t"))]


def check_names(fields: Fields, name: str, wanted: str, /) -> None:
    """See that a list names something, case aside."""
    if wanted not in {element.lower() for element in elements(fields, name)}:
        raise HandshakeError(f"{_title(name)} is {shown(fields, name)}, not {wanted!r}")


def checked_protocols(protocols: Iterable[str], /) -> tuple[str, ...]:
    """Look at the caller's subprotocols.

    Raises:
        TypeError, ValueError: They are no strings, no tokens, or not all different.
    """
    if isinstance(protocols, str):
        raise TypeError(f"protocols are a sequence of strings: ({protocols!r},)")
    found = tuple(protocols)
    for protocol in found:
        if not isinstance(protocol, str):
            raise TypeError(f"a protocol is a str, not {type(protocol).__name__}")
        if _TOKEN.match(protocol) is None:
            raise ValueError(f"a protocol is a token (letters, digits, -._ etc.), not {protocol!r}")
    if len(set(found)) < len(found):
        raise ValueError(f"each protocol is named once: {found}")
    return found


def shown(fields: Fields, name: str, /) -> str:
    """Show a field in a message, its beginning in ASCII."""
    found = values_of(fields, name)
    return ascii(", ".join(found)[:80]) if found else "missing"


def _title(name: str) -> str:
    return name.title().replace("Websocket", "WebSocket")
