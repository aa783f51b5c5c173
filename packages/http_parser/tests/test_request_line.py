import pytest

from martlet_exceptions import BadHttpMessage
from martlet_http_parser._request_line import RequestLine, bad_request_line, read_request_line
from martlet_interfaces import HttpVersion10, HttpVersion11


def decoded(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GET / HTTP/1.1", ("GET", "/", HttpVersion11)),
        ("GET /a?b=c%20d HTTP/1.0", ("GET", "/a?b=c%20d", HttpVersion10)),
        ("get / HTTP/1.1", ("get", "/", HttpVersion11)),
        ("X-Y!1 //a HTTP/1.1", ("X-Y!1", "//a", HttpVersion11)),
        ("OPTIONS * HTTP/1.1", ("OPTIONS", "*", HttpVersion11)),
        ("OPTIONS / HTTP/1.1", ("OPTIONS", "/", HttpVersion11)),
        ("GET http://a HTTP/1.1", ("GET", "http://a", HttpVersion11)),
        ("GET http://a:80/b?c HTTP/1.1", ("GET", "http://a:80/b?c", HttpVersion11)),
        ("GET HTTPS://[::1]?c@d HTTP/1.1", ("GET", "HTTPS://[::1]?c@d", HttpVersion11)),
        ("GET http://a/u@b HTTP/1.1", ("GET", "http://a/u@b", HttpVersion11)),
        ("GET ftp://u@a/b HTTP/1.1", ("GET", "ftp://u@a/b", HttpVersion11)),
        ("GET ws://a/ HTTP/1.1", ("GET", "ws://a/", HttpVersion11)),
        ("CONNECT a:443 HTTP/1.1", ("CONNECT", "a:443", HttpVersion11)),
        ("CONNECT [::1]:443 HTTP/1.0", ("CONNECT", "[::1]:443", HttpVersion10)),
    ],
)
def test_a_request_line_is_taken_apart(line: str, expected: RequestLine) -> None:
    assert read_request_line(line) == expected


NO_METHOD = "The request does not begin with a method"
TLS = "The request does not begin with a method, but like a TLS handshake"
PARTS = "The request line is not a method, a target and a version, with one space between"
VERSION = "The request's version is neither HTTP/1.0 nor HTTP/1.1"
VISIBLE = "The request's target is not visible ASCII"
GET_FORM = "The request's target has no form that GET may have"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"", NO_METHOD),
        (b" GET / HTTP/1.1", NO_METHOD),
        (b"G(T / HTTP/1.1", NO_METHOD),
        (b"GET\t/ HTTP/1.1", NO_METHOD),
        (b"\xc3\xa9 / HTTP/1.1", NO_METHOD),
        (b"\x80\x2e\x01\x00\x02", NO_METHOD),
        (b"\x16", TLS),
        (b"\x16\x03\x01\x02\x00\x01\x00", TLS),
        (b"GET", PARTS),
        (b"GET /", PARTS),
        (b"GET  / HTTP/1.1", PARTS),
        (b"GET /  HTTP/1.1", PARTS),
        (b"GET / HTTP/1.1 ", VERSION),
        (b"GET / http/1.1", PARTS),
        (b"GET /a b HTTP/1.1", PARTS),
        (b"GET / HTTP/1.1 x", VERSION),
        (b"GET / HTTP/1.2", VERSION),
        (b"GET / HTTP/0.9", VERSION),
        (b"GET / HTTP/1.1\r", VERSION),
        (b"PRI * HTTP/2.0", VERSION),
        (b"GET /\x7f HTTP/1.1", VISIBLE),
        (b"GET /\0 HTTP/1.1", VISIBLE),
        (b"GET /\xff HTTP/1.1", VISIBLE),
        (b"GET /\xc3\xa9 HTTP/1.1", VISIBLE),
        (b"GET  HTTP/1.1", PARTS),
        (b"GET a HTTP/1.1", GET_FORM),
        (b"GET a:443 HTTP/1.1", GET_FORM),
        (b"GET * HTTP/1.1", GET_FORM),
        (b"GET ?a HTTP/1.1", GET_FORM),
        (b"GET http:///a HTTP/1.1", GET_FORM),
        (b"GET http://a#b HTTP/1.1", GET_FORM),
        (b"GET http://a\\b/ HTTP/1.1", GET_FORM),
        (b"GET http://u@a/ HTTP/1.1", GET_FORM),
        (b"GET hTTps://u:p@a HTTP/1.1", GET_FORM),
        (b"CONNECT / HTTP/1.1", GET_FORM.replace("GET", "CONNECT")),
        (b"CONNECT a HTTP/1.1", GET_FORM.replace("GET", "CONNECT")),
        (b"CONNECT :443 HTTP/1.1", GET_FORM.replace("GET", "CONNECT")),
        (b"CONNECT http://a:443 HTTP/1.1", GET_FORM.replace("GET", "CONNECT")),
        (b"M" * 5000 + b" a HTTP/1.1", GET_FORM.replace("GET", "M" * 20)),
    ],
)
def test_a_bad_request_line_is_refused_and_explained(line: bytes, why: str) -> None:
    assert read_request_line(decoded(line)) is None
    error = bad_request_line(decoded(line))
    assert type(error) is BadHttpMessage
    assert (error.message, error.offset, error.excerpt) == (why, 0, line[:100])


@pytest.mark.parametrize("scheme", ["coap+tcp", "h2", "a.b", "a-b", "1a", ""])
def test_a_scheme_is_of_letters_only(scheme: str) -> None:
    assert read_request_line(f"GET {scheme}://a/ HTTP/1.1") is None
