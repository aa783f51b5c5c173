"""What is agreed on for permessage-deflate (RFC 7692 section 7.1)."""

import re
from collections.abc import Iterable
from typing import Final

import attrs
from attrs.validators import ge, instance_of, le, optional

from ._errors import HandshakeError
from ._extensions import Extension

PERMESSAGE_DEFLATE: Final = "permessage-deflate"

_SERVER_FRESH: Final = "server_no_context_takeover"
_CLIENT_FRESH: Final = "client_no_context_takeover"
_SERVER_BITS: Final = "server_max_window_bits"
_CLIENT_BITS: Final = "client_max_window_bits"
_BITS: Final = re.compile(r"[89]\Z|1[0-5]\Z")


def _bits() -> int:
    field: int = attrs.field(default=15, validator=[instance_of(int), ge(8), le(15)])
    return field


def _offered_bits(default: int | None) -> int | None:
    check = optional([instance_of(int), ge(8), le(15)])
    field: int | None = attrs.field(default=default, validator=check)
    return field


@attrs.frozen(slots=True, kw_only=True)
class DeflateParameters:
    """How messages are compressed on a connection.

    Args:
        server_no_context_takeover: The server compresses each message by itself.
        client_no_context_takeover: The client does.
        server_max_window_bits: The server looks back at most this power of two, 8 to 15.
        client_max_window_bits: The client does.

    Raises:
        TypeError, ValueError: A number of bits that is none.
    """

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int = _bits()
    client_max_window_bits: int = _bits()


@attrs.frozen(slots=True, kw_only=True)
class DeflateOffer:
    """What a client asks for.

    Args:
        server_no_context_takeover: Whether the server has to compress each message by itself,
            which saves the client memory.
        client_no_context_takeover: Whether the client says that it will.
        server_max_window_bits: How far the server may look back, 8 to 15; None for any.
        client_max_window_bits: How far the client will look back, 8 to 15, so that the server may
            ask for less; None if the server may not.

    Raises:
        TypeError, ValueError: A number of bits that is none.
    """

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int | None = _offered_bits(None)
    client_max_window_bits: int | None = _offered_bits(15)

    def extension(self) -> Extension:
        """Give what stands in the request's Sec-WebSocket-Extensions."""
        client_bits = self.client_max_window_bits
        found: list[tuple[str, str | None]] = []
        if self.server_no_context_takeover:
            found.append((_SERVER_FRESH, None))
        if self.client_no_context_takeover:
            found.append((_CLIENT_FRESH, None))
        if self.server_max_window_bits is not None:
            found.append((_SERVER_BITS, str(self.server_max_window_bits)))
        if client_bits is not None:
            found.append((_CLIENT_BITS, None if client_bits == 15 else str(client_bits)))
        return Extension(PERMESSAGE_DEFLATE, tuple(found))

    def check_answer(self, answer: Extension) -> DeflateParameters:
        """Read what the server made of the offer.

        Raises:
            HandshakeError: It is no answer to this offer (7.1).
        """
        given = _read(answer)
        for name in (_SERVER_BITS, _CLIENT_BITS):
            if name in given and given[name] is None:
                raise HandshakeError(f"the server's {name} has no value")
        server_bits = given.get(_SERVER_BITS) or 15
        client_bits = given.get(_CLIENT_BITS) or 15
        if self.server_no_context_takeover and _SERVER_FRESH not in given:
            raise HandshakeError(f"the server does not grant {_SERVER_FRESH}")
        if self.server_max_window_bits is not None and server_bits > self.server_max_window_bits:
            raise HandshakeError(f"the server does not grant the {_SERVER_BITS} asked for")
        if self.client_max_window_bits is None and _CLIENT_BITS in given:
            raise HandshakeError(f"the server sets {_CLIENT_BITS}, which was not offered")
        return DeflateParameters(
            server_no_context_takeover=_SERVER_FRESH in given,
            client_no_context_takeover=self.client_no_context_takeover or _CLIENT_FRESH in given,
            server_max_window_bits=server_bits,
            client_max_window_bits=min(client_bits, self.client_max_window_bits or 15),
        )


def choose_offer(
    offers: Iterable[Extension], wishes: DeflateParameters
) -> tuple[DeflateParameters, Extension] | None:
    """Take a server's choice among a client's offers.

    Args:
        offers: What the request names, in its order, other extensions included.
        wishes: What the server wants: bits as limits, and each side's fresh start if set.

    Returns:
        What holds from now on and what the response says; None if no offer is acceptable, or
        legal, which is no error (7.1).
    """
    for offer in offers:
        if offer.name != PERMESSAGE_DEFLATE:
            continue
        try:
            given = _read(offer)
        except HandshakeError:
            continue
        if _SERVER_BITS in given and given[_SERVER_BITS] is None:
            continue
        if _CLIENT_BITS not in given and wishes.client_max_window_bits < 15:
            continue
        return _answer(given, wishes)
    return None


def _answer(
    given: dict[str, int | None], wishes: DeflateParameters
) -> tuple[DeflateParameters, Extension]:
    chosen = DeflateParameters(
        server_no_context_takeover=wishes.server_no_context_takeover or _SERVER_FRESH in given,
        client_no_context_takeover=wishes.client_no_context_takeover or _CLIENT_FRESH in given,
        server_max_window_bits=min(wishes.server_max_window_bits, given.get(_SERVER_BITS) or 15),
        client_max_window_bits=min(wishes.client_max_window_bits, given.get(_CLIENT_BITS) or 15),
    )
    said: list[tuple[str, str | None]] = []
    if chosen.server_no_context_takeover:
        said.append((_SERVER_FRESH, None))
    if chosen.client_no_context_takeover:
        said.append((_CLIENT_FRESH, None))
    if chosen.server_max_window_bits < 15 or _SERVER_BITS in given:
        said.append((_SERVER_BITS, str(chosen.server_max_window_bits)))
    if chosen.client_max_window_bits < 15:
        said.append((_CLIENT_BITS, str(chosen.client_max_window_bits)))
    return chosen, Extension(PERMESSAGE_DEFLATE, tuple(said))


def _read(extension: Extension) -> dict[str, int | None]:
    """Check names and values as far as requests and responses have the same rules."""
    found: dict[str, int | None] = {}
    for name, value in extension.parameters:
        if name in found:
            raise HandshakeError(f"{PERMESSAGE_DEFLATE} has {name} twice")
        if name in (_SERVER_FRESH, _CLIENT_FRESH):
            if value is not None:
                raise HandshakeError(f"{name} has a value, {value[:60]!a}")
            found[name] = None
        elif name in (_SERVER_BITS, _CLIENT_BITS):
            if value is not None and _BITS.match(value) is None:
                raise HandshakeError(f"{name} is {value[:60]!a}, not 8 to 15")
            found[name] = None if value is None else int(value)
        else:
            raise HandshakeError(f"{PERMESSAGE_DEFLATE} has no parameter {name[:60]!a}")
    return found
