from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_exceptions import ClientPayloadError
from martlet_http_parser import BodyFramer

from .independent import read_chunked

FRAMERS: dict[str, Callable[[], BodyFramer]] = {
    "length": lambda: BodyFramer(6),
    "chunked": lambda: BodyFramer(None),
    "until close": BodyFramer.until_close,
}
EACH = pytest.mark.parametrize("kind", FRAMERS)


def test_a_body_of_known_length_passes_as_it_is() -> None:
    framer = BodyFramer(6)
    data = b"abcd"
    assert (framer.left, framer.complete) == (6, False)
    assert framer.frame(data) is data
    assert (framer.left, framer.complete) == (2, False)
    assert framer.frame(b"") == b""
    assert framer.frame(b"ef") == b"ef"
    assert (framer.left, framer.complete) == (0, True)
    assert framer.frame(b"") == b""
    assert framer.finish() == b""
    assert framer.complete


def test_a_body_of_unknown_length_goes_in_chunks() -> None:
    framer = BodyFramer(None)
    assert (framer.left, framer.complete) == (None, False)
    assert framer.frame(b"abc") == b"3\r\nabc\r\n"
    assert framer.frame(b"") == b""
    assert (framer.left, framer.complete) == (None, False)
    assert framer.finish([("A", "b")]) == b"0\r\nA: b\r\n\r\n"
    assert (framer.left, framer.complete) == (None, True)
    assert BodyFramer(None).finish() == b"0\r\n\r\n"


def test_a_body_that_ends_with_the_connection_passes_as_it_is() -> None:
    framer = BodyFramer.until_close()
    data = b"abc"
    assert framer.frame(data) is data
    assert (framer.left, framer.complete) == (None, False)
    assert framer.finish() == b""
    assert framer.complete


def test_no_body_is_complete_at_once() -> None:
    framer = BodyFramer(0)
    assert (framer.left, framer.complete) == (0, True)
    assert framer.finish() == b""


@EACH
@pytest.mark.parametrize(
    "data", [bytearray(b"abcdef"), memoryview(b"abcdef"), memoryview(b"abcdef").cast("H")]
)
def test_a_piece_may_be_any_kind_of_bytes(kind: str, data: bytearray | memoryview) -> None:
    framer = FRAMERS[kind]()
    framed = framer.frame(data)
    assert type(framed) is bytes
    assert framed == (b"6\r\nabcdef\r\n" if kind == "chunked" else b"abcdef")
    assert framer.finish() == (b"0\r\n\r\n" if kind == "chunked" else b"")


@EACH
def test_a_view_with_steps_is_a_piece(kind: str) -> None:
    framed = FRAMERS[kind]().frame(memoryview(b"a-b-c-")[::2])
    assert framed == (b"3\r\nabc\r\n" if kind == "chunked" else b"abc")


@EACH
def test_what_is_framed_does_not_change_with_the_piece(kind: str) -> None:
    piece = bytearray(b"abc")
    framed = FRAMERS[kind]().frame(piece)
    piece[:] = b"xyz"
    assert b"abc" in framed


@EACH
@pytest.mark.parametrize("wrong", ["abc", "", 3, 0, None, [97]])
def test_what_is_not_bytes_like_is_the_callers_mistake(kind: str, wrong: object) -> None:
    framer = FRAMERS[kind]()
    with pytest.raises(TypeError, match="bytes-like"):
        framer.frame(wrong)  # type: ignore[arg-type]  # that is what is tested
    assert framer.left == (6 if kind == "length" else None)


def test_more_than_was_announced_is_refused_for_good() -> None:
    framer = BodyFramer(3)
    assert framer.frame(b"ab") == b"ab"
    error = "^The body has at least 4 bytes, but its Content-Length is 3$"
    with pytest.raises(ClientPayloadError, match=error):
        framer.frame(memoryview(b"cd").cast("H"))
    assert (framer.left, framer.complete) == (0, False)
    with pytest.raises(ClientPayloadError, match=error):
        framer.frame(b"")
    with pytest.raises(
        ClientPayloadError, match=r"^The body has 4 bytes, but its Content-Length is"
    ):
        framer.finish()
    assert not framer.complete


def test_less_than_was_announced_is_no_body() -> None:
    framer = BodyFramer(3)
    framer.frame(b"ab")
    with pytest.raises(
        ClientPayloadError, match=r"^The body has 2 bytes, but its Content-Length is 3$"
    ):
        framer.finish()
    assert (framer.left, framer.complete) == (1, False)
    # Nothing was written, so it may go on.
    assert framer.frame(b"c") + framer.finish() == b"c"


@EACH
def test_nothing_follows_the_end(kind: str) -> None:
    framer = FRAMERS[kind]()
    framer.frame(b"abcdef")
    framer.finish()
    with pytest.raises(RuntimeError, match=r"^The body is finished already$"):
        framer.frame(b"")
    with pytest.raises(RuntimeError, match=r"^The body is finished already$"):
        framer.finish()


def test_bad_trailers_do_not_end_a_body() -> None:
    framer = BodyFramer(None)
    with pytest.raises(ValueError, match=r"^Content-Length is not allowed in a trailer section$"):
        framer.finish({"Content-Length": "5"})
    assert not framer.complete
    assert framer.frame(b"a") + framer.finish() == b"1\r\na\r\n0\r\n\r\n"


@pytest.mark.parametrize("framer", [BodyFramer(0), BodyFramer.until_close()])
def test_only_chunks_have_trailers(framer: BodyFramer) -> None:
    with pytest.raises(ValueError, match=r"^Only a chunked body may have trailers$"):
        framer.finish([("A", "b")])
    assert framer.finish(iter(())) == b""


def test_a_length_is_a_number_of_bytes() -> None:
    with pytest.raises(ValueError, match=r"^The length is negative$"):
        BodyFramer(-1)
    for wrong in (True, 5.0, "5", b"5"):
        with pytest.raises(TypeError, match=r"^The length is not an integer: \w+$"):
            BodyFramer(wrong)  # type: ignore[arg-type]  # that is what is tested


@EACH
@given(pieces=st.lists(st.binary(max_size=8), max_size=8))
def test_what_goes_in_comes_out(kind: str, pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    framer = BodyFramer(len(body)) if kind == "length" else FRAMERS[kind]()
    wire = b"".join(map(framer.frame, pieces)) + framer.finish()
    if kind == "chunked":
        assert read_chunked(wire + b"rest") == (body, [], b"rest")
    else:
        assert wire == body
    assert framer.complete
