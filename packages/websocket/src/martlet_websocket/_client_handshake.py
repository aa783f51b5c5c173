"""The client's side of the opening handshake (RFC 6455 section 4.1)."""

import os
from base64 import b64encode
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ._deflate_parameters import PERMESSAGE_DEFLATE, DeflateOffer, DeflateParameters
from ._errors import HandshakeError
from ._extensions import parse_extensions
from ._handshake_fields import (
    Fields,
    accept_value,
    check_names,
    checked_protocols,
    shown,
    single,
    values_of,
)


class Agreement(NamedTuple):
    """What both sides agreed on.

    Args:
        protocol: The subprotocol; None for none.
        deflate: How messages are compressed; None if they are not.
    """

    protocol: str | None
    deflate: DeflateParameters | None


class ClientHandshake:
    """One opening handshake: the fields of a GET request, and the check of its response.

    Args:
        protocols: The subprotocols that are asked for, the best first.
        deflate: The offer of permessage-deflate; None for none.
        random: Gives random octets for the key; for tests.

    Raises:
        TypeError, ValueError: The protocols are no tokens, or not all different.
    """

    __slots__ = ("_deflate", "_key", "_protocols")

    def __init__(
        self,
        protocols: Iterable[str] = (),
        deflate: DeflateOffer | None = None,
        *,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._protocols = checked_protocols(protocols)
        self._deflate = deflate
        self._key = b64encode(random(16)).decode()

    def fields(self) -> list[tuple[str, str]]:
        """Give the fields that make a request (GET, HTTP/1.1, with Host) a handshake."""
        found = [
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", self._key),
        ]
        if self._protocols:
            found.append(("Sec-WebSocket-Protocol", ", ".join(self._protocols)))
        if self._deflate is not None:
            found.append(("Sec-WebSocket-Extensions", self._deflate.extension().serialize()))
        return found

    def check(self, status: int, fields: Fields) -> Agreement:
        """Look at the response.

        Args:
            status: Its status.
            fields: Its header fields, names in any case; read more than once.

        Raises:
            HandshakeError: It is no answer to this request; says why.
        """
        fields = tuple(fields)
        if status != 101:
            raise HandshakeError(f"the status is {status}, not 101")
        upgrade = single(fields, "upgrade")
        if upgrade is None or upgrade.lower() != "websocket":
            raise HandshakeError(f"Upgrade is {shown(fields, 'upgrade')}, not 'websocket'")
        check_names(fields, "connection", "upgrade")
        accept = "sec-websocket-accept"
        if single(fields, accept) != accept_value(self._key):
            text = f"Sec-WebSocket-Accept is {shown(fields, accept)}, which is not that of the key"
            raise HandshakeError(text)
        return Agreement(self._check_protocol(fields), self._check_extensions(fields))

    def _check_protocol(self, fields: Fields) -> str | None:
        protocol = single(fields, "sec-websocket-protocol")
        if protocol is not None and protocol not in self._protocols:
            text = f"the server chose the subprotocol {protocol[:80]!a}"
            raise HandshakeError(f"{text}, which was not asked for")
        return protocol

    def _check_extensions(self, fields: Fields) -> DeflateParameters | None:
        agreed = None
        for extension in parse_extensions(",".join(values_of(fields, "sec-websocket-extensions"))):
            if extension.name != PERMESSAGE_DEFLATE or self._deflate is None:
                text = f"the server uses the extension {extension.name[:80]!a}"
                raise HandshakeError(f"{text}, which was not asked for")
            if agreed is not None:
                raise HandshakeError(f"the server uses {PERMESSAGE_DEFLATE} twice")
            agreed = self._deflate.check_answer(extension)
        return agreed
