"""What is written of a request is what a reader sees that shares nothing with the writer."""

import string

from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import BodyFramer, serialize_request_head
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

from .independent import read_body, read_head
from .messages import PAIRS, TOKENS, TRAILERS

Pairs = list[tuple[str, str]]

METHODS = st.one_of(st.sampled_from(["GET", "POST", "PUT"]), TOKENS).filter(
    lambda method: method != "CONNECT"
)
HOSTS = st.sampled_from(["a", "a.test", "a.test:80", "[::1]:8080", "127.0.0.1", "xn--e1a.test"])
_PRINTABLE = string.ascii_letters + string.digits + string.punctuation.replace("#", "")
PATHS = st.text(st.sampled_from(_PRINTABLE), max_size=30).map("/{}".format)
TARGETS = st.one_of(PATHS, st.builds("http://{}{}".format, HOSTS, PATHS))
BODIES = st.lists(st.binary(max_size=40), max_size=5)


@given(METHODS, TARGETS, HOSTS, PAIRS, BODIES, TRAILERS)
def test_a_request_in_chunks(
    method: str, target: str, host: str, fields: Pairs, pieces: list[bytes], trailers: Pairs
) -> None:
    fields = [("Host", host), *fields, ("Transfer-Encoding", "chunked")]
    framer = BodyFramer(None)
    wire = serialize_request_head(method, target, fields)
    wire += b"".join(map(framer.frame, pieces)) + framer.finish(trailers)
    line, got, rest = read_head(wire + b"next")
    assert line == f"{method} {target} HTTP/1.1"
    assert got == fields
    assert read_body(got, rest) == (b"".join(pieces), trailers, b"next")


@given(METHODS, TARGETS, HOSTS, PAIRS, BODIES, st.sampled_from([HttpVersion10, HttpVersion11]))
def test_a_request_of_known_length(
    method: str, target: str, host: str, fields: Pairs, pieces: list[bytes], version: HttpVersion
) -> None:
    body = b"".join(pieces)
    fields = [("content-length", str(len(body))), *fields, ("Host", host)]
    framer = BodyFramer(len(body))
    wire = serialize_request_head(method, target, fields, version)
    wire += b"".join(map(framer.frame, pieces)) + framer.finish()
    line, got, rest = read_head(wire + b"next")
    assert line == f"{method} {target} HTTP/1.{version.minor}"
    assert got == fields
    assert read_body(got, rest) == (body, [], b"next")


@given(st.text(max_size=8), st.text(max_size=8), PAIRS)
def test_what_is_not_refused_is_one_head(method: str, target: str, fields: Pairs) -> None:
    fields = [("Host", "a"), *fields]
    try:
        wire = serialize_request_head(method, target, fields)
    except ValueError:
        return
    assert read_head(wire + b"next") == (f"{method} {target} HTTP/1.1", fields, b"next")
