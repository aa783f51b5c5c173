"""What is written of a response is what the parser reads, however it comes."""

from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import BodyFramer, serialize_response_head
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

from .messages import PAIRS, TEXTS, TRAILERS, cut
from .recording import Reading, read

Pairs = list[tuple[str, str]]

STATUSES = st.integers(200, 999).filter(lambda status: status not in (204, 304))
VERSIONS = st.sampled_from([HttpVersion10, HttpVersion11])
BODIES = st.lists(st.binary(max_size=40), max_size=5)
CUTS = st.lists(st.integers(0, 400), max_size=6)


def check(
    reading: Reading, head: tuple[HttpVersion, int, str, Pairs], body: bytes, trailers: Pairs
) -> None:
    version, status, reason, fields = head
    assert reading.error is None
    assert reading.heads == ((version, status, reason, tuple(fields)),)
    assert (reading.body, reading.trailers) == (body, tuple(trailers))
    assert (reading.done, reading.ends, reading.tail) == (True, 1, b"")


@given(STATUSES, TEXTS, PAIRS, BODIES, TRAILERS, CUTS)
def test_a_response_in_chunks(
    status: int, reason: str, fields: Pairs, pieces: list[bytes], trailers: Pairs, cuts: list[int]
) -> None:
    fields = [*fields, ("Transfer-Encoding", "chunked")]
    framer = BodyFramer(None)
    wire = serialize_response_head(status, fields, reason)
    wire += b"".join(map(framer.frame, pieces)) + framer.finish(trailers)
    reading = read(cut(wire, cuts))
    check(reading, (HttpVersion11, status, reason, fields), b"".join(pieces), trailers)
    assert reading.reusable


@given(STATUSES, TEXTS, PAIRS, VERSIONS, BODIES, CUTS, st.integers(0, 5))
def test_a_response_of_known_length(
    status: int,
    reason: str,
    fields: Pairs,
    version: HttpVersion,
    pieces: list[bytes],
    cuts: list[int],
    at: int,
) -> None:
    body = b"".join(pieces)
    fields = [*fields[:at], ("content-Length", str(len(body))), *fields[at:]]
    framer = BodyFramer(len(body))
    wire = serialize_response_head(status, fields, reason, version)
    wire += b"".join(map(framer.frame, pieces)) + framer.finish()
    reading = read(cut(wire, cuts))
    check(reading, (version, status, reason, fields), body, [])
    assert reading.reusable is (version is HttpVersion11)


@given(STATUSES, TEXTS, PAIRS, VERSIONS, BODIES, CUTS)
def test_a_response_until_the_connection_ends(
    status: int,
    reason: str,
    fields: Pairs,
    version: HttpVersion,
    pieces: list[bytes],
    cuts: list[int],
) -> None:
    framer = BodyFramer.until_close()
    wire = serialize_response_head(status, fields, reason, version)
    wire += b"".join(map(framer.frame, pieces)) + framer.finish()
    reading = read(cut(wire, cuts), eof=True)
    check(reading, (version, status, reason, fields), b"".join(pieces), [])
    assert not reading.reusable


@given(st.sampled_from([(204, "GET"), (304, "GET"), (200, "HEAD")]), TEXTS, PAIRS, CUTS)
def test_a_response_without_a_body(
    answer: tuple[int, str], reason: str, fields: Pairs, cuts: list[int]
) -> None:
    status, method = answer
    if status != 204:
        fields = [*fields, ("Content-Length", "5")]
    wire = serialize_response_head(status, fields, reason, to_method=method)
    reading = read(cut(wire, cuts), method)
    check(reading, (HttpVersion11, status, reason, fields), b"", [])
    assert reading.reusable


@given(st.lists(st.tuples(st.integers(102, 199), TEXTS, PAIRS), max_size=4), CUTS)
def test_interim_responses_before_the_final_one(
    interim: list[tuple[int, str, Pairs]], cuts: list[int]
) -> None:
    wire = b"".join(serialize_response_head(code, fields, text) for code, text, fields in interim)
    wire += serialize_response_head(200, {"Content-Length": "0"})
    reading = read(cut(wire, cuts))
    check(reading, (HttpVersion11, 200, "OK", [("Content-Length", "0")]), b"", [])
    assert reading.reusable


def test_what_follows_a_tunnel_is_no_response() -> None:
    wire = serialize_response_head(200, {"Server": "a"}, to_method="CONNECT")
    reading = read([wire + b"tunnel"], "CONNECT")
    assert (reading.upgraded, reading.tail) == (True, b"tunnel")
