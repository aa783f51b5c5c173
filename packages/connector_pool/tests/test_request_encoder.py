from dataclasses import dataclass

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_connector_pool._request_encoder import RequestEncoder
from martlet_connector_pool._upload import BytesBody
from martlet_interfaces import HttpVersion10, HttpVersion11, RequestBody, RequestHead

from .bodies import Pieces
from .net import head

HOST = b"Host: a.test\r\n"


def encode(
    request: RequestHead, body: bytes | RequestBody | None = None, *, force_close: bool = False
) -> bytes:
    data, stream, _ = RequestEncoder(force_close=force_close).encode(request, body)
    assert stream is None or stream is body
    return data


@dataclass
class Case:
    request: RequestHead
    body: bytes | RequestBody | None
    wire: bytes


CASES = {
    "GET": Case(head(), None, b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"),
    "path and query": Case(
        head(url="http://a.test/x%20y?q=%C3%A9#part"),
        None,
        b"GET /x%20y?q=%C3%A9 HTTP/1.1\r\n" + HOST + b"\r\n",
    ),
    "other headers, in order": Case(
        head(headers={"B": "2", "A": "1"}),
        None,
        b"GET / HTTP/1.1\r\n" + HOST + b"B: 2\r\nA: 1\r\n\r\n",
    ),
    "POST without a body says so": Case(
        head("POST"), None, b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n"
    ),
    "PATCH without a body says so": Case(
        head("PATCH"), None, b"PATCH / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n"
    ),
    "DELETE without a body does not": Case(
        head("DELETE"), None, b"DELETE / HTTP/1.1\r\n" + HOST + b"\r\n"
    ),
    "a length of 0 that was given is kept": Case(
        head("POST", headers={"Content-Length": "0"}),
        None,
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n",
    ),
    "bytes": Case(
        head("POST"), b"data", b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\ndata"
    ),
    "empty bytes": Case(
        head("PUT"), b"", b"PUT / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n"
    ),
    "bytes of a length that was given": Case(
        head("POST", headers={"Content-Length": "4"}),
        b"data",
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\ndata",
    ),
    "a body of known length": Case(
        head("POST"),
        Pieces([b"data"], 4),
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 4\r\n\r\n",
    ),
    "a body of unknown length": Case(
        head("POST"),
        Pieces([b"data"]),
        b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_goes_on_the_wire(case: Case) -> None:
    assert encode(case.request, case.body) == case.wire


def test_force_close_tells_the_server() -> None:
    assert encode(head(), force_close=True) == (
        b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    )


def test_force_close_does_not_add_to_a_connection_header() -> None:
    wire = encode(head(headers={"connection": "Upgrade"}), force_close=True)

    assert wire == b"GET / HTTP/1.1\r\n" + HOST + b"connection: Upgrade\r\n\r\n"


def test_a_version_that_was_asked_for_is_spoken() -> None:
    request = RequestHead("GET", URL("http://a.test/"), head().headers, HttpVersion10)

    assert encode(request).startswith(b"GET / HTTP/1.0\r\n")


@pytest.mark.parametrize(
    ("request_head", "body", "message"),
    [
        (
            head(headers={"Transfer-Encoding": "chunked"}),
            None,
            "Transfer-Encoding is the connector's to set, not a request's",
        ),
        (
            head(headers={"Content-Length": "3"}),
            None,
            "Content-Length is 3, but there is no body",
        ),
        (
            head("POST", headers={"Content-Length": "3"}),
            b"data",
            "Content-Length is 3, but the body has 4 bytes",
        ),
        (
            head("POST", headers={"Content-Length": "04"}),
            b"data",
            "Content-Length is 04, but the body has 4 bytes",
        ),
        (
            head("POST", headers={"Content-Length": "3"}),
            Pieces([b"data"], 4),
            "Content-Length is 3, but the body has 4 bytes",
        ),
        (
            head("POST", headers={"Content-Length": "3"}),
            Pieces([b"data"]),
            "Content-Length is 3, but the body has an unknown number of bytes",
        ),
        (
            RequestHead("POST", URL("http://a.test/"), head().headers, HttpVersion10),
            Pieces([b"data"]),
            "A body of unknown length cannot be sent with HTTP/1.0",
        ),
        (head("G T"), None, "Method"),
        (head(headers={"A": "x\r\nB: y"}), None, "Header A has a control character"),
        (head(headers={"A B": "x"}), None, "Header name is not a token"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    request_head: RequestHead, body: bytes | RequestBody | None, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        encode(request_head, body)


def test_two_lengths_are_refused_even_if_they_agree() -> None:
    headers = CIMultiDict([("Host", "a.test"), ("Content-Length", "4"), ("content-length", "4")])
    request = RequestHead("POST", URL("http://a.test/"), CIMultiDictProxy(headers))

    with pytest.raises(ValueError, match=r"^Content-Length is given twice$"):
        encode(request, b"data")


@pytest.mark.parametrize(("size", "at_once"), [(64 * 1024, True), (64 * 1024 + 1, False)])
def test_a_large_body_goes_out_by_itself(size: int, at_once: bool) -> None:
    body = bytes(size)
    data, stream, _ = RequestEncoder(force_close=False).encode(head("POST"), body)

    assert data.endswith(body) is at_once
    assert isinstance(stream, BytesBody) is not at_once
    assert b"Content-Length: %d\r\n" % size in data


@pytest.mark.parametrize(
    ("value", "last"),
    [
        ("close", True),
        ("Close", True),
        ("keep-alive", False),
        ("Upgrade, close", True),
        ("upgrade,CLOSE , x", True),
        ("closed", False),
    ],
)
def test_it_knows_the_last_request_of_a_connection(value: str, last: bool) -> None:
    encoder = RequestEncoder(force_close=False)

    assert encoder.encode(head(headers={"Connection": value}), None)[2].last is last


def test_it_knows_who_asks_for_an_upgrade() -> None:
    encoder = RequestEncoder(force_close=False)

    assert encoder.encode(head(headers={"upgrade": "websocket"}), None)[2].upgrade
    assert not encoder.encode(head(), None)[2].upgrade


@pytest.mark.parametrize(
    ("value", "expects"),
    [("100-continue", True), ("100-Continue", True), ("x, 100-continue", True), ("x", False)],
)
def test_it_knows_who_waits_for_the_server(value: str, expects: bool) -> None:
    encoder = RequestEncoder(force_close=False)
    data, stream, section = encoder.encode(head("POST", headers={"expect": value}), b"data")

    assert section.expects_continue is expects
    assert isinstance(stream, BytesBody) is expects
    assert data.endswith(b"data") is not expects
    assert not encoder.encode(head(), None)[2].expects_continue


def test_one_header_section_is_serialised_once() -> None:
    encoder = RequestEncoder(force_close=False)
    headers = head().headers
    one = encoder.encode(RequestHead("GET", URL("http://a.test/1"), headers), None)
    other = encoder.encode(RequestHead("GET", URL("http://a.test/2"), headers), None)

    assert one[2] is other[2]
    assert other[0].startswith(b"GET /2 ")


def test_sections_are_not_remembered_for_ever_and_never_mixed_up() -> None:
    encoder = RequestEncoder(force_close=False)

    for number in range(1000):
        data = encoder.encode(head(headers={"N": str(number)}), None)[0]
        assert data.endswith(b"N: %d\r\n\r\n" % number)

    assert len(encoder._sections) <= 64


def test_few_request_lines_are_remembered_and_no_long_ones() -> None:
    encoder = RequestEncoder(force_close=False)
    for number in range(200):
        for version in (HttpVersion11, HttpVersion10):
            request = head("GET", f"http://a.test/{number}?q={'x' * (number % 2 * 300)}")
            request.version = version
            data, _, _ = encoder.encode(request, None)
            again, _, _ = encoder.encode(request, None)
            line = f"GET /{number}?q={'x' * (number % 2 * 300)} HTTP/1.{version.minor}\r\n"
            assert data.startswith(line.encode())
            assert again == data
        assert len(encoder._lines) <= 64
    assert encoder._lines
    assert all(len(line) <= 200 for line in encoder._lines.values())
