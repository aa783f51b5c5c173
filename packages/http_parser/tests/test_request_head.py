import enum
import re
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from martlet_http_parser import (
    LAST_CHUNK,
    serialize_chunk,
    serialize_fields,
    serialize_request_line,
)
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

# What must not get through anywhere; each could end a line early for some reader.
NASTY = ["\r", "\n", "\r\n", "\r\nX: y", "\0", "\x01", "\x0b", "\x1f", "\x7f"]
LONE_SURROGATES = ["\ud800", "\udc0a", "\udc80", "\udfff"]


class Shouting(str):
    """A string that formats itself as something else than it is."""

    __slots__ = ()

    def __str__(self) -> str:
        return "evil\r\nX: y"

    def __format__(self, spec: str) -> str:
        return "evil\r\nX: y"


class Method(str, enum.Enum):  # noqa: UP042 - a StrEnum formats itself as its value
    FETCH = "GET"


@pytest.mark.parametrize(
    ("method", "target", "version", "line"),
    [
        ("GET", "/", HttpVersion11, b"GET / HTTP/1.1\r\n"),
        ("POST", "/a?b=c", HttpVersion(1, 1), b"POST /a?b=c HTTP/1.1\r\n"),
        ("HEAD", "/", HttpVersion10, b"HEAD / HTTP/1.0\r\n"),
        ("OPTIONS", "*", HttpVersion11, b"OPTIONS * HTTP/1.1\r\n"),
        ("CONNECT", "[::1]:443", HttpVersion11, b"CONNECT [::1]:443 HTTP/1.1\r\n"),
        ("MY-METHOD!", "http://a/", HttpVersion11, b"MY-METHOD! http://a/ HTTP/1.1\r\n"),
        ("get", "/~%20", HttpVersion11, b"get /~%20 HTTP/1.1\r\n"),
    ],
)
def test_a_request_line_is_written(
    method: str, target: str, version: HttpVersion, line: bytes
) -> None:
    assert serialize_request_line(method, target, version) == line


def test_the_version_is_11_unless_it_is_given() -> None:
    assert serialize_request_line("GET", "/") == b"GET / HTTP/1.1\r\n"


@pytest.mark.parametrize(
    "method",
    ["", " ", "GET ", " GET", "G T", "G:T", "G\u010aT", "Ġ", *NASTY, *LONE_SURROGATES]
    + ["GET" + nasty for nasty in NASTY],
)
def test_a_method_that_is_no_token_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match=r"^Method is not a token: ") as caught:
        serialize_request_line(method, "/")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "target",
    ["", " ", "/ ", "/a b", "/\t", "/\u010a", "/é", "/\x85", *LONE_SURROGATES]
    + [f"/{nasty}x" for nasty in NASTY],
)
def test_a_target_that_is_not_visible_ascii_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match=r"^Request target is not visible ASCII: ") as caught:
        serialize_request_line("GET", target)
    assert type(caught.value) is ValueError
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("version", [(2, 0), (1, 2), (0, 9), (1, "1\r\nX: y")])
def test_another_version_is_refused(version: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"^Not a version of HTTP/1: ") as caught:
        serialize_request_line("GET", "/", HttpVersion(*version))
    assert str(caught.value).isprintable()


def test_errors_are_short() -> None:
    for method, target in (("\n" * 9999, "/"), ("GET", "\n" * 9999)):
        with pytest.raises(ValueError, match=r"\\n") as caught:
            serialize_request_line(method, target)
        assert len(str(caught.value)) < 200


def test_what_was_checked_is_what_is_written() -> None:
    assert serialize_request_line(Method.FETCH, "/") == b"GET / HTTP/1.1\r\n"
    assert serialize_request_line("GET", Shouting("/a")) == b"GET /a HTTP/1.1\r\n"
    assert serialize_fields({Shouting("A"): Shouting("b")}) == b"A: b\r\n"
    assert serialize_fields({"A": Method.FETCH}) == b"A: GET\r\n"


def test_fields_are_written_in_order_with_repetitions_and_as_they_are_spelled() -> None:
    fields = CIMultiDict([("Host", "a"), ("x-B", "1"), ("X-b", "2"), ("Empty", "")])
    expected = b"Host: a\r\nx-B: 1\r\nX-b: 2\r\nEmpty: \r\n"
    assert serialize_fields(fields) == expected
    assert serialize_fields(CIMultiDictProxy(fields)) == expected


def test_no_fields_are_nothing() -> None:
    assert serialize_fields({}) == b""


def test_values_are_utf8_and_may_hold_tabs() -> None:
    # U+010A ends in the byte of a line feed, where it is cut to eight bits.
    assert serialize_fields({"A": "\u010a\té\U0001f600"}) == "A: \u010a\té\U0001f600\r\n".encode()


@pytest.mark.parametrize(
    "name", ["", " ", "A ", "A:", "A\u010a", "é", *NASTY, "A\ud800"] + [f"A{x}" for x in NASTY]
)
@pytest.mark.parametrize("before", [{}, {"Good": "x"}])
def test_a_name_that_is_no_token_is_refused(name: str, before: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^Header name is not a token: ") as caught:
        serialize_fields({**before, name: "x"})
    assert type(caught.value) is ValueError
    assert str(caught.value).isprintable()


def test_a_bad_name_is_seen_behind_one_that_is_equal_but_for_case() -> None:
    fields = CIMultiDict([("k", "1"), ("\N{KELVIN SIGN}", "2")])
    with pytest.raises(ValueError, match="name is not a token: '\N{KELVIN SIGN}'"):
        serialize_fields(fields)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("where", ["{}", "a{}", "{}a", "a{}b"])
def test_a_control_character_in_a_value_is_refused(nasty: str, where: str) -> None:
    with pytest.raises(ValueError, match=r"^Header B has a control character in its value$"):
        serialize_fields({"A": "fine", "B": where.format(nasty)})


@pytest.mark.parametrize("surrogate", LONE_SURROGATES)
def test_a_lone_surrogate_in_a_value_is_refused(surrogate: str) -> None:
    with pytest.raises(ValueError, match=r"^Header B has a lone surrogate in its value$") as caught:
        serialize_fields({"A": "fine", "B": f"a{surrogate}"})
    assert type(caught.value) is ValueError


@pytest.mark.parametrize("bad", ["\n", "\ud800"])
def test_no_error_shows_or_holds_a_value(bad: str) -> None:
    with pytest.raises(ValueError, match="Authorization") as caught:
        serialize_fields({"Cookie": "s3cret", "Authorization": "s3cret" + bad})
    assert caught.value.__context__ is None
    assert "s3cret" not in "".join(traceback.format_exception_only(caught.value))


def test_a_value_that_is_no_string_is_the_callers_mistake() -> None:
    with pytest.raises(TypeError):
        serialize_fields({"A": 5})  # type: ignore[dict-item]  # that is what is tested


@pytest.mark.parametrize(
    ("data", "chunk"),
    [
        (b"", b""),
        (b"a", b"1\r\na\r\n"),
        (bytearray(b"x" * 26), b"1a\r\n" + b"x" * 26 + b"\r\n"),
        (memoryview(b""), b""),
        (memoryview(b"\r\n"), b"2\r\n\r\n\r\n"),
        (memoryview(b"abcdefgh").cast("I"), b"8\r\nabcdefgh\r\n"),
    ],
)
def test_a_chunk_is_written(data: bytes | bytearray | memoryview, chunk: bytes) -> None:
    assert serialize_chunk(data) == chunk


def test_the_last_chunk_has_no_trailers() -> None:
    assert LAST_CHUNK == b"0\r\n\r\n"


def lines_of(data: bytes) -> list[bytes]:
    """Split at whatever any reader might take for the end of a line."""
    return re.split(rb"\r\n|[\r\n\0\x0b\x0c]", data)


@given(st.text(), st.text())
def test_no_method_and_no_target_end_the_request_line(method: str, target: str) -> None:
    try:
        line = serialize_request_line(method, target)
    except ValueError:
        return
    assert line.split(b" ") == [method.encode(), target.encode(), b"HTTP/1.1\r\n"]
    assert lines_of(line)[1:] == [b""]


AWKWARD = st.text(st.sampled_from("aZ0-_: \t\r\n\0\x7f\x85\u010a\u2028\ud800\udc80é"), max_size=6)
TEXTS = st.one_of(st.text(), AWKWARD)


@given(st.lists(st.tuples(st.one_of(st.sampled_from(["A", "b-c"]), TEXTS), TEXTS), max_size=4))
def test_no_name_and_no_value_end_a_field_line(fields: list[tuple[str, str]]) -> None:
    try:
        section = serialize_fields(CIMultiDict(fields))
    except ValueError:
        return
    lines = lines_of(section)
    assert lines.pop() == b""
    assert lines == [f"{name}: {value}".encode() for name, value in fields]
