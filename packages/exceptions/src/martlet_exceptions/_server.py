"""Errors of connections on the server's side: it went away, or is not who it should be."""

from ._connection_error import ClientConnectionError

__all__ = ["ServerConnectionError", "ServerDisconnectedError", "ServerFingerprintMismatch"]


class ServerConnectionError(ClientConnectionError):
    """The server failed a connection: the base of the finer errors."""


class ServerDisconnectedError(ServerConnectionError):
    """The server closed the connection before its response was complete.

    See RFC 9112, section 9.5. Attribute: `message`, what is known about it.
    """

    def __init__(self, message: str | None = None) -> None:
        self.message: str = "Server disconnected" if message is None else message
        super().__init__(self.message)


class ServerFingerprintMismatch(ServerConnectionError):  # noqa: N818 - aiohttp's name
    """The peer's certificate is not the pinned one; no byte of a request was sent.

    Attributes: `expected` and `got` are the digests, `host` and `port` the peer's.
    """

    def __init__(self, expected: bytes, got: bytes, host: str, port: int) -> None:
        super().__init__(expected, got, host, port)
        self.expected = expected
        self.got = got
        self.host = host
        self.port = port

    def __str__(self) -> str:
        peer = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        return (
            f"Certificate of {peer} has fingerprint {self.got.hex()}, "
            f"not the pinned {self.expected.hex()}"
        )
