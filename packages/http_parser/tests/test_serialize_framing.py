"""No head is written that could be read as followed by another body than it is."""

from collections.abc import Callable

import pytest

from martlet_http_parser import serialize_request_head, serialize_response_head
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

Fields = list[tuple[str, str]]
Write = Callable[[Fields, HttpVersion], bytes]


def write_request(fields: Fields, version: HttpVersion) -> bytes:
    return serialize_request_head("POST", "/", [("Host", "a"), *fields], version)


def write_response(fields: Fields, version: HttpVersion) -> bytes:
    return serialize_response_head(200, [("Server", "a"), *fields], version=version)


BOTH = pytest.mark.parametrize("write", [write_request, write_response])

NOT_A_NUMBER = "Content-Length is not a number of at most 19 digits"
NOT_CHUNKED = "Transfer-Encoding is not exactly 'chunked'"
TWO_READINGS = "Both Transfer-Encoding and Content-Length are present"


@BOTH
@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("Content-Length", "0")],
        [("content-length", "007")],
        [("CONTENT-LENGTH", "9" * 19)],
        [("Transfer-Encoding", "chunked")],
        [("transfer-encoding", "chunked"), ("Trailer", "ETag")],
        [("X-Content-Length", "1"), ("Content-Lengths", "x"), ("Content-Length", "5")],
        [("TE", "trailers"), ("Content-Encoding", "gzip"), ("Transfer-Encodings", "x")],
    ],
)
def test_one_framing_is_written(write: Write, fields: Fields) -> None:
    head = write(fields, HttpVersion11)
    section = "".join(f"{name}: {value}\r\n" for name, value in fields)
    assert head.endswith(f": a\r\n{section}\r\n".encode())


@BOTH
@pytest.mark.parametrize("version", [HttpVersion10, HttpVersion11])
@pytest.mark.parametrize(
    "length",
    [
        *("", " ", "+5", "-5", "5_0", "0x5", "5 5", "5,5", "5, 5", " 5", "5 ", "\t5", "5.0"),
        *("1" * 20, "\u00b2", "\u0665", "\uff15", "5\u2028", "chunked"),
    ],
)
def test_a_length_is_up_to_19_digits(write: Write, version: HttpVersion, length: str) -> None:
    with pytest.raises(ValueError, match=r"^Content-Length ") as caught:
        write([("content-LENGTH", length)], version)
    assert str(caught.value) == NOT_A_NUMBER


@BOTH
@pytest.mark.parametrize("lengths", [("5", "5"), ("5", "6"), ("5", "")])
def test_a_length_is_given_once(write: Write, lengths: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^Content-Length is given twice$"):
        write([("Content-Length", lengths[0]), ("content-length", lengths[1])], HttpVersion11)


@BOTH
@pytest.mark.parametrize(
    "codings",
    [
        ["Chunked"],
        ["CHUNKED"],
        ["chun\N{KELVIN SIGN}ed"],
        ["chunked "],
        ["\tchunked"],
        ["xchunked"],
        ["chunked;a=b"],
        ["gzip, chunked"],
        ["chunked, identity"],
        ["chunked, chunked"],
        ["identity"],
        ["gzip"],
        [""],
        ["chunked", "chunked"],
        ["gzip", "chunked"],
        ["chunked", ""],
    ],
)
def test_a_transfer_coding_is_exactly_chunked(write: Write, codings: list[str]) -> None:
    names = ("Transfer-Encoding", "transfer-encoding")
    with pytest.raises(ValueError, match=r"^Transfer-Encoding ") as caught:
        write(list(zip(names, codings, strict=False)), HttpVersion11)
    assert str(caught.value) == NOT_CHUNKED


@BOTH
@pytest.mark.parametrize(
    "fields",
    [
        [("Transfer-Encoding", "chunked"), ("Content-Length", "5")],
        [("content-length", "0"), ("X", "y"), ("transfer-encoding", "chunked")],
        [("Content-Length", "x"), ("Transfer-Encoding", "")],
    ],
)
@pytest.mark.parametrize("version", [HttpVersion10, HttpVersion11])
def test_two_framings_are_refused(write: Write, fields: Fields, version: HttpVersion) -> None:
    with pytest.raises(ValueError, match=r"^Both ") as caught:
        write(fields, version)
    assert str(caught.value) == TWO_READINGS


@BOTH
def test_http10_knows_no_transfer_codings(write: Write) -> None:
    with pytest.raises(ValueError, match=r"^Transfer-Encoding in an HTTP/1\.0 message$"):
        write([("Transfer-Encoding", "chunked")], HttpVersion10)


FRAMINGS = [("Content-Length", "0"), ("content-length", "x"), ("Transfer-Encoding", "chunked")]


@pytest.mark.parametrize("field", FRAMINGS)
@pytest.mark.parametrize(
    ("status", "to_method", "what"),
    [
        (100, "GET", "a 100 response"),
        (101, "GET", "a 101 response"),
        (199, "CONNECT", "a 199 response"),
        (204, "HEAD", "a 204 response"),
        (204, "CONNECT", "a 204 response"),
        (200, "CONNECT", "a 2xx response to CONNECT"),
        (299, "CONNECT", "a 2xx response to CONNECT"),
    ],
)
def test_a_response_that_has_no_body_frames_none(
    status: int, to_method: str, what: str, field: tuple[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"which has no body$") as caught:
        serialize_response_head(status, [("A", "b"), field], to_method=to_method)
    assert str(caught.value) == f"{field[0].title()} in {what}, which has no body"
    assert serialize_response_head(status, [("A", "b")], to_method=to_method)


@pytest.mark.parametrize(
    ("status", "to_method"),
    [
        *((200, "HEAD"), (304, "GET"), (304, "HEAD"), (205, "GET")),
        *((300, "CONNECT"), (407, "CONNECT"), (200, "connect")),
    ],
)
@pytest.mark.parametrize("field", [FRAMINGS[0], FRAMINGS[2]])
def test_other_responses_may_frame_a_body(
    status: int, to_method: str, field: tuple[str, str]
) -> None:
    head = serialize_response_head(status, [field], to_method=to_method)
    assert head.endswith(f"\r\n{field[0]}: {field[1]}\r\n\r\n".encode())


@pytest.mark.parametrize("field", FRAMINGS)
def test_a_tunnel_has_no_body(field: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"in a CONNECT request, which has no body$"):
        serialize_request_head("CONNECT", "a:443", [("Host", "a"), field])


@BOTH
def test_what_is_wrong_with_a_field_itself_comes_first(write: Write) -> None:
    with pytest.raises(ValueError, match=r"^Header content-length has a control character"):
        write([("Transfer-Encoding", "chunked"), ("content-length", "5\r\n")], HttpVersion11)
    with pytest.raises(TypeError, match=r"^Header content-length has a value that is no string"):
        write([("content-length", 5)], HttpVersion11)  # type: ignore[list-item]  # that is tested
