"""The names of methods and header fields: all there, as they are registered."""

import re
from collections.abc import Iterator

import pytest
from multidict import CIMultiDict, istr

from martlet import hdrs

FIELDS = {name: value for name, value in vars(hdrs).items() if type(value) is istr}
METHODS = {name: value for name, value in vars(hdrs).items() if name.startswith("METH_")}


def public() -> Iterator[str]:
    return (name for name in vars(hdrs) if name.isupper())


def test_how_many_there_are() -> None:
    assert len(FIELDS) == 132
    assert len(METHODS) == 11
    assert set(public()) == {*FIELDS, *METHODS, "HOST_ALL"}


@pytest.mark.parametrize(("name", "value"), FIELDS.items())
def test_a_field_is_called_as_its_constant(name: str, value: istr) -> None:
    assert value.upper().replace("-", "_") == name
    assert re.fullmatch(r"[A-Za-z0-9-]+", value)


def test_no_field_stands_twice() -> None:
    assert len({value.lower() for value in FIELDS.values()}) == len(FIELDS)


# What is not written with a capital at the beginning of each word.
SPELLINGS = [
    "Accept-CH",
    "baggage",
    "CDN-Cache-Control",
    "CDN-Loop",
    "Content-ID",
    "Content-MD5",
    "ETag",
    "Last-Event-ID",
    "NEL",
    "Sec-CH-UA",
    "Sec-CH-UA-Mobile",
    "Sec-CH-UA-Platform",
    "Sec-GPC",
    "Sec-WebSocket-Accept",
    "Sec-WebSocket-Extensions",
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Key1",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Version",
    "TE",
    "traceparent",
    "tracestate",
    "URI",
    "WWW-Authenticate",
    "X-Correlation-ID",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Real-IP",
    "X-Request-ID",
    "X-XSS-Protection",
]


def test_spellings_that_are_registered_otherwise() -> None:
    irregular = [value for value in FIELDS.values() if value.title() != value]
    assert sorted(irregular, key=str.lower) == sorted(SPELLINGS, key=str.lower)


def test_a_field_is_found_in_any_case() -> None:
    headers = CIMultiDict({"www-authenticate": "Basic", "etag": '"x"'})
    assert headers[hdrs.WWW_AUTHENTICATE] == "Basic"
    assert headers[hdrs.ETAG] == '"x"'


@pytest.mark.parametrize("name", METHODS.keys() - {"METH_ANY", "METH_ALL"})
def test_a_method_is_plain_text(name: str) -> None:
    method = METHODS[name]
    assert type(method) is str
    assert f"METH_{method}" == name
    assert method in hdrs.METH_ALL


def test_all_methods_and_any() -> None:
    assert hdrs.METH_ANY == "*"
    assert len(hdrs.METH_ALL) == 9
    assert hdrs.METH_ANY not in hdrs.METH_ALL


def test_every_spelling_of_host() -> None:
    assert len(hdrs.HOST_ALL) == 16
    assert {spelling.lower() for spelling in hdrs.HOST_ALL} == {"host"}
    assert {"Host", "HOST", "host", "hOsT"} <= hdrs.HOST_ALL
