"""Whether the server got what a client was asked to send."""

import base64
import hashlib
import http.client
import json
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ._payloads import FILE_PART, FORM_FIELDS, TEXT_FIELDS
from .clients.shape import BadAnswerError


@dataclass(frozen=True)
class Body:
    """A body as the server has received it."""

    content_type: str
    length: int
    sha256: str
    content: bytes | None
    """None if it was too large to be kept."""


def received(base: str) -> Body:
    """The last body sent to `/checked`."""
    told = _told(base, "/checked")
    content = told["content"]
    return Body(
        told["content_type"],
        told["length"],
        told["sha256"],
        None if content is None else base64.b64decode(content),
    )


def check_counted(base: str, each: int) -> None:
    """All bodies that followed the one that was checked must have been as long as that."""
    told = _told(base, "/counted")
    if told["bytes"] != told["requests"] * each:
        raise BadAnswerError(
            f"{told['bytes']} bytes in {told['requests']} bodies that have {each} each"
        )


def check_file(body: Body, path: str) -> None:
    """The body must be the file."""
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = Path(path).stat().st_size
    if (body.length, body.sha256) != (size, digest):
        raise BadAnswerError(f"the server got {body.length} bytes ({body.sha256}) of {size}")


def check_form(body: Body) -> None:
    """The body must be the form, urlencoded."""
    sort, _, _ = body.content_type.partition(";")
    if sort != "application/x-www-form-urlencoded":
        raise BadAnswerError(f"a form of type {body.content_type!r}")
    assert body.content is not None
    found = parse_qsl(body.content.decode(), keep_blank_values=True, strict_parsing=True)
    if found != list(FORM_FIELDS.items()):
        raise BadAnswerError(f"the server got the form {found}")


def check_multipart(body: Body) -> None:
    """The body must be the form of two texts and a file."""
    assert body.content is not None
    head = f"Content-Type: {body.content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body.content)
    if message.get_content_type() != "multipart/form-data" or message.defects:
        raise BadAnswerError(f"no form of parts: {body.content_type!r}, {message.defects}")
    found = [
        (
            str(part.get_param("name", header="content-disposition")),
            part.get_filename(),
            part.get_payload(decode=True),
        )
        for part in message.iter_parts()
    ]
    wanted: list[tuple[str, str | None, bytes]] = [
        (name, None, text.encode()) for name, text in TEXT_FIELDS.items()
    ]
    wanted.append((FILE_PART.name, FILE_PART.filename, FILE_PART.content))
    if sorted(found, key=_name) != sorted(wanted, key=_name):
        raise BadAnswerError(f"the server got other parts than were sent: {_names(found)}")


def _name(part: tuple[str, str | None, Any]) -> str:
    return part[0]


def _names(parts: list[tuple[str, str | None, Any]]) -> str:
    return ", ".join(f"{name} ({filename})" for name, filename, _ in parts)


def _told(base: str, path: str) -> dict[str, Any]:
    """What the server says of what it got; never asked by the client that is measured."""
    where = urlsplit(base)
    assert where.hostname is not None
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        told: dict[str, Any] = json.loads(answer.read())
        if answer.status != 200:
            raise BadAnswerError(f"{path}: {answer.status}")
        return told
    finally:
        connection.close()
