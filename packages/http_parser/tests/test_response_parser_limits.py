"""Other limits for one response: they hold for it alone, whatever was read before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import (
    BadHttpMessage,
    ClientError,
    ClientResponseError,
    LineTooLong,
    TransferEncodingError,
)
from martlet_http_parser import DEFAULT_LIMITS, Limits, ResponseParser
from martlet_http_parser._response_parser import _heads

from .recording import Recorder, bytewise, feed_all

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: 2\r\n\r\n"
SMALL = OK + LENGTH + b"ab"
MANY = OK + b"A: 1\r\nB: 2\r\n" + LENGTH + b"ab"
LONG_FIELD = OK + b"A: " + b"x" * 100 + b"\r\n" + LENGTH + b"ab"
LONG_LINE = OK[:-2] + b"K" * 100 + b"\r\n" + LENGTH + b"ab"

TOO_MUCH = [
    (LONG_LINE, Limits(line=50), LineTooLong, "The first line is longer than 50 bytes"),
    (LONG_FIELD, Limits(field=50), LineTooLong, "A field line is longer than 50 bytes"),
    (MANY, Limits(fields=2), BadHttpMessage, "More than 2 header fields"),
    (MANY, Limits(head=40), LineTooLong, "The head is longer than 40 bytes"),
]


def answered(
    parser: ResponseParser, data: bytes, limits: Limits | None = None, *, cut: bool = False
) -> Recorder:
    """Expect a response, and feed one."""
    recorder = Recorder()
    parser.expect("GET", recorder.on_head, limits)
    feed_all(parser, bytewise(data) if cut else [data])
    return recorder


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize(("data", "limits", "kind", "message"), TOO_MUCH)
def test_what_one_response_may_not_have_another_may(
    data: bytes, limits: Limits, kind: type[BadHttpMessage], message: str, cut: bool
) -> None:
    parser = ResponseParser()
    # More often than it takes to remember the head.
    for _ in range(3):
        assert answered(parser, data, cut=cut).body == b"ab"
    assert answered(parser, SMALL, limits, cut=cut).ends == 1
    assert answered(parser, data, cut=cut).body == b"ab"

    with pytest.raises(kind) as caught:
        answered(parser, data, limits, cut=cut)

    assert (type(caught.value), caught.value.message) == (kind, message)
    assert isinstance(caught.value, ClientResponseError)


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize(("data", "limits", "kind", "message"), TOO_MUCH)
def test_a_response_may_be_allowed_more_than_others(
    data: bytes, limits: Limits, kind: type[BadHttpMessage], message: str, cut: bool
) -> None:
    parser = ResponseParser(limits)
    assert parser.limits is limits
    for _ in range(3):
        assert answered(parser, data, DEFAULT_LIMITS, cut=cut).body == b"ab"
        assert parser.limits is limits
    assert parser.reusable

    with pytest.raises(kind, match=message):
        answered(parser, data, cut=cut)


def test_a_remembered_head_is_held_to_the_limits_of_the_day() -> None:
    parser = ResponseParser()
    for data in (LONG_FIELD, MANY):
        for _ in range(3):
            answered(parser, data)
        assert data.partition(b"\r\n\r\n")[0] in _heads

    for data, limits in ((LONG_FIELD, Limits(field=102)), (MANY, Limits(fields=2))):
        for _ in range(2):
            other = ResponseParser()
            with pytest.raises(BadHttpMessage):
                answered(other, data, limits)


def test_interim_responses_are_within_the_limits_too() -> None:
    parser = ResponseParser()
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: <" + b"x" * 100 + b">\r\n\r\n"
    assert answered(parser, interim + SMALL).body == b"ab"
    with pytest.raises(LineTooLong):
        answered(parser, interim + SMALL, Limits(field=100))

    parser = ResponseParser()
    with pytest.raises(LineTooLong):  # also after one that was
        answered(parser, b"HTTP/1.1 102 \r\n\r\n" + LONG_FIELD, Limits(field=50))


@pytest.mark.parametrize("limits", [Limits(field=40), Limits(fields=1), Limits(trailers=40)])
@pytest.mark.parametrize("cut", [False, True])
def test_trailers_are_within_the_limits_too(limits: Limits, cut: bool) -> None:
    chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
    data = chunked + b"A: " + b"x" * 40 + b"\r\nB: y\r\n\r\n"
    parser = ResponseParser()
    for _ in range(2):
        answered(parser, data, cut=cut)
        assert len(parser.trailers) == 2
        answered(parser, chunked + b"B: y\r\n\r\n", limits, cut=cut)
        assert len(parser.trailers) == 1

    with pytest.raises(TransferEncodingError, match="railer section"):
        answered(parser, data, limits, cut=cut)


def test_who_expects_too_early_changes_nothing() -> None:
    parser = ResponseParser()
    recorder = Recorder()
    parser.expect("GET", recorder.on_head, Limits(field=200))
    parser.feed(LONG_FIELD[:30])
    for limits in (None, Limits(field=1)):
        with pytest.raises(RuntimeError, match="cannot carry another"):
            parser.expect("GET", Recorder().on_head, limits)
    parser.feed(LONG_FIELD[30:])
    assert recorder.body == b"ab"


@pytest.mark.parametrize("wrong", [{"line": 5}, 5, "x" * 1000])
def test_what_are_no_limits_is_refused_and_changes_nothing(wrong: object) -> None:
    parser = ResponseParser()
    with pytest.raises(TypeError, match=r"^limits is no Limits: ") as caught:
        parser.expect("GET", Recorder().on_head, wrong)  # type: ignore[arg-type]  # what is tested
    assert len(str(caught.value)) < 200
    assert answered(parser, LONG_FIELD).body == b"ab"


def test_each_pipelined_response_has_its_own() -> None:
    parser = ResponseParser()
    recorders = [Recorder() for _ in range(3)]
    parser.expect("GET", recorders[0].on_head, Limits(field=50))
    parser.feed(SMALL + LONG_FIELD + LONG_FIELD)
    parser.expect("GET", recorders[1].on_head, pipelined=True)
    with pytest.raises(LineTooLong):
        parser.expect("GET", recorders[2].on_head, Limits(field=50), pipelined=True)
    assert [recorder.body for recorder in recorders] == [b"ab", b"ab", b""]


fields = st.lists(st.sampled_from([b"A: 1", b"Bb: 22", b"C:" + b"c" * 30, b"D: \xff"]), max_size=5)
limits = st.builds(
    Limits,
    line=st.integers(0, 40),
    field=st.integers(0, 40),
    fields=st.integers(0, 6),
    head=st.integers(0, 120),
)


@given(fields, st.lists(st.none() | limits, max_size=4), limits, st.booleans())
def test_what_came_before_makes_no_difference(
    lines: list[bytes], before: list[Limits | None], last: Limits, cut: bool
) -> None:
    data = b"".join([OK, *(line + b"\r\n" for line in lines), LENGTH, b"ab"])

    def outcome(parser: ResponseParser, given_limits: Limits | None) -> object:
        try:
            recorder = answered(parser, data, given_limits, cut=cut)
        except ClientError as exc:
            return type(exc), str(exc)
        return recorder.body, [list(head.headers.items()) for head in recorder.heads]

    parser = ResponseParser()
    for earlier in before:
        outcome(parser, earlier)
        if not parser.reusable:
            parser = ResponseParser()
    assert outcome(parser, last) == outcome(ResponseParser(last), None)
