"""Writing the head of a response (RFC 9112 section 4)."""

from typing import Final

from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

from ._grammar import CONTROLS, SURROGATES
from ._request_head import check_method
from ._serialize_fields import Fields, lower_names, pairs_of, write_fields
from ._serialize_framing import check_framing

__all__ = ["REASONS", "serialize_response_head", "serialize_status_line"]

REASONS: Final[dict[int, str]] = {
    100: "Continue",
    101: "Switching Protocols",
    102: "Processing",
    103: "Early Hints",
    200: "OK",
    201: "Created",
    202: "Accepted",
    203: "Non-Authoritative Information",
    204: "No Content",
    205: "Reset Content",
    206: "Partial Content",
    207: "Multi-Status",
    208: "Already Reported",
    226: "IM Used",
    300: "Multiple Choices",
    301: "Moved Permanently",
    302: "Found",
    303: "See Other",
    304: "Not Modified",
    305: "Use Proxy",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Content Too Large",
    414: "URI Too Long",
    415: "Unsupported Media Type",
    416: "Range Not Satisfiable",
    417: "Expectation Failed",
    418: "I'm a Teapot",
    421: "Misdirected Request",
    422: "Unprocessable Content",
    423: "Locked",
    424: "Failed Dependency",
    425: "Too Early",
    426: "Upgrade Required",
    428: "Precondition Required",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    451: "Unavailable For Legal Reasons",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
    505: "HTTP Version Not Supported",
    506: "Variant Also Negotiates",
    507: "Insufficient Storage",
    508: "Loop Detected",
    510: "Not Extended",
    511: "Network Authentication Required",
}
"""As RFC 9110 section 15 and IANA's registry have them; `http` is slow to import."""


def serialize_status_line(
    status: int, reason: str | None = None, version: HttpVersion = HttpVersion11
) -> bytes:
    """Write the first line of a response, with its CRLF.

    *reason* is the standard phrase for *status* unless it is given, or nothing if there is
    none; the space before it is always written. It is encoded as UTF-8. Raises `ValueError`
    if *status* is not within 100 to 999, *reason* holds a control character other than HTAB
    or a lone surrogate, or *version* is neither HTTP/1.0 nor HTTP/1.1; `TypeError` if
    *status* is no integer (a bool is none) or *reason* no string.
    """
    if isinstance(status, bool) or not isinstance(status, int):
        raise TypeError(f"Status is not an integer: {type(status).__name__}")
    if not 100 <= status <= 999:
        raise ValueError("Status is not a number of three digits")
    if version is HttpVersion11 or version == HttpVersion11:
        start = "HTTP/1.1 %d "
    elif version == HttpVersion10:
        start = "HTTP/1.0 %d "
    else:
        raise ValueError(f"Not a version of HTTP/1: {version!r:.100}")
    if reason is None:
        reason = REASONS.get(status, "")
    else:
        _check_reason(reason)
    # Joined, not formatted: how a subclass of `str` formats itself was not checked.
    return "".join((start % status, reason, "\r\n")).encode("utf-8")


def _check_reason(reason: str) -> None:
    if not isinstance(reason, str):
        raise TypeError(f"Reason is not a string: {type(reason).__name__}")
    if CONTROLS.search(reason):
        raise ValueError("Reason has a control character")
    if SURROGATES.search(reason):
        raise ValueError("Reason has a lone surrogate")


def serialize_response_head(
    status: int,
    fields: Fields,
    reason: str | None = None,
    version: HttpVersion = HttpVersion11,
    *,
    to_method: str = "GET",
) -> bytes:
    """Write the head of a response to a request of *to_method*, with the empty line at its end.

    *fields* are given as to `serialize_fields`, and written in order; nothing is added. With
    neither Content-Length nor ``Transfer-Encoding: chunked`` among them, the body ends with
    the connection, but for what has none: 1xx, 204, 304, and what answers HEAD, or CONNECT
    with 2xx.

    Raises `ValueError` for what `serialize_status_line` and `serialize_fields` refuse, and for
    a head that could be read as followed by more or less than it is: with both of the fields
    that frame a body, one of them twice, one that is not exactly a number or ``chunked``,
    ``chunked`` in HTTP/1.0, and one at all in 1xx, 204, or 2xx to CONNECT (RFC 9112
    section 6, RFC 9110 section 8.6).
    """
    line = serialize_status_line(status, reason, version)
    check_method(to_method)
    pairs = pairs_of(fields)
    section = write_fields(pairs)
    bodiless = _name_bodiless(status, to_method)
    check_framing(pairs, lower_names(pairs), version, bodiless=bodiless)
    return b"".join((line, section, b"\r\n"))


def _name_bodiless(status: int, to_method: str) -> str:
    if status < 200 or status == 204:
        return f"a {status:d} response"
    if to_method == "CONNECT" and status < 300:
        return "a 2xx response to CONNECT"
    return ""
