"""The head of a request, as a server or a proxy reads it."""

from multidict import CIMultiDict, istr

from martlet_interfaces import HttpVersion, HttpVersion11

from ._framing import connection_options

__all__ = ["IncomingRequest"]

_CONNECTION = istr("Connection")
_EXPECT = istr("Expect")
_UPGRADE = istr("Upgrade")


class IncomingRequest:
    """The head of a request (RFC 9112 section 3).

    `target` is what stands in the request line, in one of the forms that the method may
    have: ``/path?query``, an absolute URL, ``host:port`` with CONNECT, ``*`` with
    OPTIONS. `headers` hold the fields in the order they came; values are decoded as
    UTF-8 with ``surrogateescape``, so that no byte is lost.
    """

    __slots__ = ("headers", "method", "target", "version")

    method: str
    target: str
    version: HttpVersion
    headers: "CIMultiDict[str]"

    def __init__(
        self, method: str, target: str, version: HttpVersion, headers: "CIMultiDict[str]"
    ) -> None:
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers

    def __repr__(self) -> str:
        return f"<IncomingRequest {self.method} {self.target}>"

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for 100 before it sends the body (RFC 9110 10.1.1)."""
        return self.version >= HttpVersion11 and any(
            option.strip(" \t").lower() == "100-continue"
            for value in self.headers.getall(_EXPECT, ())
            for option in value.split(",")
        )

    @property
    def asks_to_upgrade(self) -> bool:
        """Whether the server may switch protocols (RFC 9110 section 7.8).

        True of a CONNECT, too. A server that agrees goes on with the parser's `tail`;
        one that does not answers as usual.
        """
        if self.method == "CONNECT":
            return True
        return (
            self.version >= HttpVersion11
            and _UPGRADE in self.headers
            and "upgrade" in connection_options(self.headers.getall(_CONNECTION, ()))
        )
