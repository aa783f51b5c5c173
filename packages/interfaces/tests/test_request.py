"""`RequestHead`, and the Protocols of bodies."""

from typing import Final

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import (
    DIRECT,
    BodyWriter,
    FileBodyWriter,
    HeadLimits,
    HttpVersion10,
    HttpVersion11,
    RequestBody,
    RequestHead,
    TransportOptions,
)

HEADERS: Final = CIMultiDictProxy(CIMultiDict({"Host": "example.org"}))
URL_GIVEN: Final = URL("http://example.org/page")


def test_a_head_goes_directly_and_speaks_1_1_unless_told_otherwise() -> None:
    head = RequestHead("GET", URL_GIVEN, HEADERS)
    assert (head.method, head.url, head.headers) == ("GET", URL_GIVEN, HEADERS)
    assert head.version is HttpVersion11
    assert head.options is DIRECT
    assert head.limits is None


def test_a_head_keeps_what_it_is_given() -> None:
    options = TransportOptions(server_hostname="other.test")
    limits = HeadLimits(field=100)
    head = RequestHead("GET", URL_GIVEN, HEADERS, HttpVersion10, options, limits)
    assert (head.version, head.options, head.limits) == (HttpVersion10, options, limits)
    # By identity, so that connectors can remember what they make of it.
    assert head.headers is HEADERS


def test_a_head_takes_no_other_attributes() -> None:
    with pytest.raises(AttributeError):
        RequestHead("GET", URL_GIVEN, HEADERS).body = b""  # type: ignore[attr-defined]  # what is tested


def test_the_text_of_a_head_has_no_userinfo() -> None:
    url = URL("http://user:secret@example.org/page?q=1")
    assert repr(RequestHead("PUT", url, HEADERS)) == "<RequestHead PUT http://example.org/page?q=1>"


def members(protocol: type) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


def test_the_border_of_bodies_is_as_narrow_as_it_was() -> None:
    assert members(RequestBody) == {"length", "replayable", "write_to"}
    assert members(BodyWriter) == {"write"}


def test_what_can_send_files_is_a_writer_and_no_other_has_to_be_able_to() -> None:
    assert members(FileBodyWriter) == {"send_file"}
    assert BodyWriter in FileBodyWriter.__mro__
