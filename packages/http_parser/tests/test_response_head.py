from enum import IntEnum
from http import HTTPStatus

import pytest
from multidict import CIMultiDict

from martlet_http_parser import serialize_response_head, serialize_status_line
from martlet_http_parser._response_head import REASONS
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

from .nasty import LONE_SURROGATES, NASTY, Shouting

# RFC 9110 has other names for them than RFC 7231 and RFC 4918 had.
RENAMED = {
    413: "Request Entity Too Large",
    414: "Request-URI Too Long",
    416: "Requested Range Not Satisfiable",
    422: "Unprocessable Entity",
}


class Code(IntEnum):
    FINE = 200


@pytest.mark.parametrize(
    ("status", "reason", "version", "line"),
    [
        (200, None, HttpVersion11, b"HTTP/1.1 200 OK\r\n"),
        (404, None, HttpVersion10, b"HTTP/1.0 404 Not Found\r\n"),
        (100, "", HttpVersion11, b"HTTP/1.1 100 \r\n"),
        (299, None, HttpVersion(1, 1), b"HTTP/1.1 299 \r\n"),
        (999, " a\tb ", HttpVersion(1, 0), b"HTTP/1.0 999  a\tb \r\n"),
        (200, "\u010d\x80\u2028", HttpVersion11, "HTTP/1.1 200 \u010d\x80\u2028\r\n".encode()),
        (Code.FINE, Shouting("fine"), HttpVersion11, b"HTTP/1.1 200 fine\r\n"),
        (HTTPStatus.CREATED, None, HttpVersion11, b"HTTP/1.1 201 Created\r\n"),
    ],
)
def test_a_status_line_is_written(
    status: int, reason: str | None, version: HttpVersion, line: bytes
) -> None:
    assert serialize_status_line(status, reason, version) == line


def test_the_standard_phrases_are_those_of_the_standard() -> None:
    for status, reason in REASONS.items():
        known = HTTPStatus(status).phrase
        assert reason.title() == known.title() or RENAMED[status] == known
    assert set(REASONS) == set(map(int, HTTPStatus))


@pytest.mark.parametrize("status", [-200, 0, 99, 1000, 10**30])
def test_a_status_has_three_digits(status: int) -> None:
    with pytest.raises(ValueError, match=r"^Status is not a number of three digits$"):
        serialize_status_line(status)


@pytest.mark.parametrize("status", [True, False, 200.0, "200", None])
def test_a_status_is_an_integer(status: object) -> None:
    with pytest.raises(TypeError, match=r"^Status is not an integer: \w+$"):
        serialize_status_line(status)  # type: ignore[arg-type]  # that is what is tested


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("where", ["{}", "a{}", "{}a", "a{}b"])
def test_a_control_character_in_a_reason_is_refused(nasty: str, where: str) -> None:
    with pytest.raises(ValueError, match=r"^Reason has a control character$"):
        serialize_status_line(200, where.format(nasty))


@pytest.mark.parametrize("surrogate", LONE_SURROGATES)
def test_a_lone_surrogate_in_a_reason_is_refused(surrogate: str) -> None:
    with pytest.raises(ValueError, match=r"^Reason has a lone surrogate$") as caught:
        serialize_status_line(200, f"a{surrogate}")
    assert type(caught.value) is ValueError


@pytest.mark.parametrize("reason", [5, b"OK", ["OK"]])
def test_a_reason_is_a_string(reason: object) -> None:
    with pytest.raises(TypeError, match=r"^Reason is not a string: \w+$"):
        serialize_status_line(200, reason)  # type: ignore[arg-type]  # that is what is tested


@pytest.mark.parametrize("version", [(2, 0), (1, 2), (0, 9), (1, "1\r\nX: y")])
def test_another_version_is_refused(version: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"^Not a version of HTTP/1: ") as caught:
        serialize_status_line(200, None, HttpVersion(*version))
    assert str(caught.value).isprintable()


def test_a_head_is_written_in_order_with_nothing_added() -> None:
    fields = CIMultiDict([("Set-Cookie", "a=b"), ("Content-Length", "5"), ("set-cookie", "c=d")])
    head = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 5\r\nset-cookie: c=d\r\n\r\n"
    assert serialize_response_head(200, fields) == head
    assert serialize_response_head(200, list(fields.items())) == head
    assert serialize_response_head(200, iter(fields.items())) == head
    assert serialize_response_head(100, {}) == b"HTTP/1.1 100 Continue\r\n\r\n"
    head = serialize_response_head(404, [("A", "b")], "Gone fishing", HttpVersion10)
    assert head == b"HTTP/1.0 404 Gone fishing\r\nA: b\r\n\r\n"


@pytest.mark.parametrize("to_method", ["", "G T", "GET\r\n", "\ud800", "é"])
def test_the_method_that_is_answered_is_a_token(to_method: str) -> None:
    with pytest.raises(ValueError, match=r"^Method is not a token: "):
        serialize_response_head(200, {}, to_method=to_method)


def test_the_method_that_is_answered_is_a_string() -> None:
    with pytest.raises(TypeError, match=r"^Method is not a string: bytes$"):
        serialize_response_head(200, {}, to_method=b"CONNECT")  # type: ignore[arg-type]  # tested
