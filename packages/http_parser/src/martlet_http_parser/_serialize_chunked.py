"""Writing the chunked coding (RFC 9112 section 7.1)."""

from typing import Final

from ._serialize_fields import Fields, lower_names, pairs_of, write_fields
from ._trailers import FRAMING_FIELDS

__all__ = ["LAST_CHUNK", "NOT_IN_TRAILERS", "serialize_chunk", "serialize_last_chunk"]

LAST_CHUNK: Final = b"0\r\n\r\n"
"""The end of a chunked body without trailers."""

NOT_IN_TRAILERS: Final = FRAMING_FIELDS.union(
    # Of the connection, and so of whoever reads the head.
    ("connection", "keep-alive", "proxy-connection", "te", "upgrade"),
    # Authentication; Authentication-Info may be in a trailer (RFC 9110 section 11.6.3).
    ("authorization", "cookie", "proxy-authenticate", "proxy-authorization"),
    ("set-cookie", "www-authenticate"),
    # Modifiers of a request.
    ("accept", "accept-charset", "accept-encoding", "accept-language", "expect"),
    ("if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since"),
    ("max-forwards", "range"),
    # Controls of a response.
    ("age", "cache-control", "date", "expires", "location", "pragma", "retry-after"),
    ("vary", "warning"),
    # The format of the content.
    ("content-encoding", "content-range", "content-type"),
)
"""What is not sent in a trailer section, lower-cased (RFC 9110 section 6.5.1).

All that has to be known before the content is read. What comes from a peer is refused
only if it could change the framing or the routing: the rest does no harm in `trailers`,
where nobody looks for it.
"""


def serialize_chunk(data: "bytes | bytearray | memoryview") -> bytes:
    """Write *data*, which is not empty, as one chunk (RFC 9112 section 7.1).

    An empty one would end the body: it gives ``b""``. Raises `TypeError` for what is not
    bytes-like.
    """
    if type(data) is bytes:
        size = len(data)
    else:
        # Others count items, which may be wider than a byte.
        view = memoryview(data)
        size = view.nbytes
        if not view.c_contiguous:
            data = view.tobytes()
    return b"".join((b"%x\r\n" % size, data, b"\r\n")) if size else b""


def serialize_last_chunk(trailers: Fields = ()) -> bytes:
    """Write the end of a chunked body, with a trailer section (RFC 9112 section 7.1.2).

    *trailers* are given as to `serialize_fields`, and refused alike. Raises `ValueError`
    also for a field that has no place there, because it has to be known before the
    content: about framing, routing, authentication, the content's format, and modifiers of
    requests and responses (RFC 9110 section 6.5.1).
    """
    pairs = pairs_of(trailers)
    if not pairs:
        return LAST_CHUNK
    section = write_fields(pairs)
    names = lower_names(pairs)
    if not NOT_IN_TRAILERS.isdisjoint(names):
        name = pairs[[*map(NOT_IN_TRAILERS.__contains__, names)].index(True)][0]
        raise ValueError(f"{name} is not allowed in a trailer section")
    return b"".join((b"0\r\n", section, b"\r\n"))
