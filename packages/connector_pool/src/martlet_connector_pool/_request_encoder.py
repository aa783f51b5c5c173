"""From a `RequestHead` and a body to what goes on the wire."""

from typing import TYPE_CHECKING, Final

from multidict import istr

from martlet_http_parser import serialize_fields, serialize_request_line
from martlet_interfaces import HttpVersion11, RequestBody, RequestHead

from ._route import absolute_target
from ._upload import BytesBody

if TYPE_CHECKING:
    from multidict import CIMultiDictProxy

    from martlet_interfaces import HttpVersion

__all__ = ["RequestEncoder", "Section"]

_CONNECTION: Final = istr("Connection")
_UPGRADE: Final = istr("Upgrade")
_CONTENT_LENGTH: Final = istr("Content-Length")
_EXPECT: Final = istr("Expect")
_TRANSFER_ENCODING: Final = istr("Transfer-Encoding")

# What is larger goes out by itself, at the pace of the peer.
_ONE_WRITE: Final = 64 * 1024
# RFC 9110 section 8.6: these say so when they have no body.
_ANTICIPATE_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class Section:
    """A header section that has been serialised, and what is to be known of it.

    *last*: it promises that no other request follows on the connection. *expects_continue*:
    the server is to say whether it wants the body.
    """

    __slots__ = ("expects_continue", "headers", "last", "length", "upgrade", "wire")

    def __init__(self, headers: "CIMultiDictProxy[str]", *, force_close: bool) -> None:
        if _TRANSFER_ENCODING in headers:
            raise ValueError("Transfer-Encoding is the connector's to set, not a request's")
        lengths = headers.getall(_CONTENT_LENGTH, [])
        if len(lengths) > 1:
            raise ValueError("Content-Length is given twice")
        self.headers = headers
        self.length = lengths[0] if lengths else None
        self.wire = serialize_fields(headers)
        self.upgrade = _UPGRADE in headers
        self.last = _CONNECTION in headers and "close" in _members(headers, _CONNECTION)
        self.expects_continue = _EXPECT in headers and "100-continue" in _members(headers, _EXPECT)
        if force_close and _CONNECTION not in headers:
            self.wire += b"Connection: close\r\n"


class RequestEncoder:
    """Serialises requests, and remembers the header sections that sessions use again."""

    _MAX_SECTIONS = 64
    _MAX_LINES = 64
    _MAX_LENGTH = 200

    def __init__(self, *, force_close: bool) -> None:
        self._force_close = force_close
        # By identity: `RequestHead` promises that what is behind it does not change, and
        # the section keeps it alive, so that no other can take its place.
        self._sections: dict[int, Section] = {}
        self._lines: dict[tuple[str, str, HttpVersion], bytes] = {}

    def encode(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        proxy_fields: "tuple[tuple[str, str], ...] | None" = None,
    ) -> tuple[bytes, "RequestBody | BytesBody | None", Section]:
        """Give what to write at once, the body that is to follow, if it does, and the section.

        *proxy_fields*: what to say to the proxy that has to read the request, if one has.
        Raises `ValueError` for what cannot be sent.
        """
        section = self._sections.get(id(request.headers))
        if section is None:
            section = self._add(request.headers)
        url = request.url
        if proxy_fields is None:
            target = request.method, url.raw_path_qs or "/", request.version
            line = self._lines.get(target) or self._add_line(*target)
        else:
            line = serialize_request_line(request.method, absolute_target(url), request.version)
            line += serialize_fields(proxy_fields)
        if section.expects_continue and _is_empty(body):
            raise ValueError("Expect: 100-continue needs a body that is not empty")
        if body is None:
            if section.length not in (None, "0"):
                raise ValueError(f"Content-Length is {section.length}, but there is no body")
            if section.length is None and request.method in _ANTICIPATE_BODY:
                return line + section.wire + b"Content-Length: 0\r\n\r\n", None, section
            return line + section.wire + b"\r\n", None, section
        head = line + section.wire + _framing(request, section, body)
        if not isinstance(body, bytes):
            return head, body, section
        if len(body) <= _ONE_WRITE and not section.expects_continue:
            return head + body, None, section
        return head, BytesBody(body), section

    def _add_line(self, method: str, target: str, version: "HttpVersion") -> bytes:
        line = serialize_request_line(method, target, version)
        if len(line) <= self._MAX_LENGTH:
            if len(self._lines) >= self._MAX_LINES:
                self._lines.clear()
            self._lines[method, target, version] = line
        return line

    def _add(self, headers: "CIMultiDictProxy[str]") -> Section:
        if len(self._sections) >= self._MAX_SECTIONS:
            self._sections.clear()
        section = self._sections[id(headers)] = Section(headers, force_close=self._force_close)
        return section


def _members(headers: "CIMultiDictProxy[str]", name: istr) -> set[str]:
    members = ",".join(headers.getall(name, ())).lower().split(",")
    return {member.strip() for member in members}


def _is_empty(body: bytes | RequestBody | None) -> bool:
    return not body if body is None or isinstance(body, bytes) else body.length == 0


def _framing(request: RequestHead, section: Section, body: bytes | RequestBody) -> bytes:
    length = len(body) if isinstance(body, bytes) else body.length
    if section.length is not None:
        if length is None or section.length != str(length):
            raise ValueError(
                f"Content-Length is {section.length}, but the body has"
                f" {'an unknown number of' if length is None else length} bytes"
            )
        return b"\r\n"
    if length is not None:
        return b"Content-Length: %d\r\n\r\n" % length
    if request.version < HttpVersion11:
        raise ValueError("A body of unknown length cannot be sent with HTTP/1.0")
    return b"Transfer-Encoding: chunked\r\n\r\n"
