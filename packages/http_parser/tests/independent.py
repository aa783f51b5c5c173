"""A reader of messages that shares nothing with the package: slow, gullible, and short.

It ends a line at whatever any reader might take for the end of one.
"""

import re

__all__ = ["lines_of", "read_body", "read_chunked", "read_head", "read_section"]

Fields = list[tuple[str, str]]


def lines_of(data: bytes) -> list[bytes]:
    return re.split(rb"\r\n|[\r\n\0\x0b\x0c\x1c-\x1e]", data)


def read_head(data: bytes) -> tuple[str, Fields, bytes]:
    """Give the first line, the fields, and what comes after the empty line."""
    first, *_ = lines_of(data)
    fields, rest = read_section(data[len(first) + 2 :])
    return first.decode(), fields, rest


def read_section(data: bytes) -> tuple[Fields, bytes]:
    lines = lines_of(data)
    fields = lines[: lines.index(b"")]
    pairs = [line.decode(errors="surrogateescape").split(":", 1) for line in fields]
    size = sum(len(line) + 2 for line in fields) + 2
    return [(name, value.strip(" \t")) for name, value in pairs], data[size:]


def read_chunked(data: bytes) -> tuple[bytes, Fields, bytes]:
    """Give the body, the trailers, and what comes after them."""
    body = b""
    while True:
        line, data = data.split(b"\r\n", 1)
        size = int(line, 16)
        if not size:
            return body, *read_section(data)
        body += data[:size]
        assert data[size : size + 2] == b"\r\n"
        data = data[size + 2 :]


def read_body(fields: Fields, data: bytes) -> tuple[bytes, Fields, bytes]:
    """Give the body that the fields of a request frame, its trailers, and the rest."""
    framing = {name.lower(): value for name, value in fields}
    if framing.get("transfer-encoding") == "chunked":
        return read_chunked(data)
    size = int(framing.get("content-length", "0"))
    return data[:size], [], data[size:]
