from collections.abc import AsyncIterator, Callable

import pytest

from martlet_exceptions import ClientPayloadError
from martlet_testing import Answer, Fault
from martlet_testing._answer import Piece, octets_of


async def pieces_of(answer: Answer) -> list[Piece]:
    return [piece async for piece in answer.pieces()]


@pytest.mark.parametrize(
    ("answer", "body", "kind"),
    [
        (Answer(json={"a": "ü"}), [b'{"a": "\\u00fc"}'], "application/json"),
        (Answer(json=None), [b"null"], "application/json"),
        (Answer(text="ü"), ["ü".encode()], "text/plain; charset=utf-8"),
        (Answer(body=b"\xff"), [b"\xff"], None),
        (Answer(), [], None),
        (Answer(json=1, headers={"content-type": "text/own"}), [b"1"], "text/own"),
        (Answer(text="1", headers=[("Content-Type", "text/own")]), [b"1"], "text/own"),
    ],
)
async def test_a_body_has_its_type_and_its_length(
    answer: Answer, body: list[bytes], kind: str | None
) -> None:
    assert await pieces_of(answer) == body
    assert answer.headers.get("Content-Type") == kind
    assert answer.headers["Content-Length"] == str(sum(map(len, body)))


def test_a_length_that_is_given_stays() -> None:
    assert Answer(text="hello", headers={"Content-Length": "9"}).headers["content-length"] == "9"


@pytest.mark.parametrize("status", [204, 304])
def test_what_has_no_body_has_no_length(status: int) -> None:
    assert "Content-Length" not in Answer(status).headers


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(), "OK"),
        (Answer(404), "Not Found"),
        (Answer(799), ""),
        (Answer(200, reason="Fine"), "Fine"),
        (Answer(200, reason=""), ""),
    ],
)
def test_the_reason_is_the_usual_one_if_none_is_given(answer: Answer, reason: str) -> None:
    assert answer.reason == reason


async def _asynchronous() -> AsyncIterator[Piece]:
    yield b"one"
    yield b""
    yield b"two"


@pytest.mark.parametrize("stream", [[b"one", b"", b"two"], _asynchronous])
async def test_a_stream_can_be_given_again(
    stream: list[Piece] | Callable[[], AsyncIterator[Piece]],
) -> None:
    answer = Answer(stream=stream)
    assert "Content-Length" not in answer.headers
    for _ in range(2):
        assert await pieces_of(answer) == [b"one", b"two"]


async def test_an_iterator_can_be_used_once() -> None:
    for answer in (Answer(stream=_asynchronous()), Answer(stream=iter([b"one", b"two"]))):
        assert await pieces_of(answer) == [b"one", b"two"]
        with pytest.raises(RuntimeError, match=r"give a list, or a function"):
            await pieces_of(answer)


async def test_faults_and_exceptions_may_be_pieces() -> None:
    error = LookupError()
    assert await pieces_of(Answer(stream=[Fault.HANG, error])) == [Fault.HANG, error]


def test_octets_are_what_is_no_error() -> None:
    assert octets_of(b"one") == b"one"
    with pytest.raises(ClientPayloadError):
        octets_of(Fault.DISCONNECT)
    with pytest.raises(LookupError):
        octets_of(LookupError())
    with pytest.raises(TypeError, match="bytes, not str"):
        octets_of("text")  # type: ignore[arg-type]  # a mistake


def test_trailers_are_pairs() -> None:
    assert Answer(trailers={"A": "1"}).trailers == (("A", "1"),)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Answer(101), "200 to 999, not 101"),
        (lambda: Answer(1000), "200 to 999, not 1000"),
        (lambda: Answer(latency=-1), "0 or more"),
        (lambda: Answer(pace=-1), "0 or more"),
        (lambda: Answer(json=None, text=""), "Give one of"),
        (lambda: Answer(body=b"", stream=[]), "Give one of"),
    ],
)
def test_what_cannot_be_is_refused(make: Callable[[], Answer], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()


def test_a_body_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(TypeError, match="text must be a str, not bytes"):
        Answer(text=b"")  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match="body must be bytes, not str"):
        Answer(body="")  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match="stream takes pieces"):
        Answer(stream=b"abc")  # type: ignore[arg-type]  # a mistake


def test_it_says_what_it_is() -> None:
    assert repr(Answer(404)) == "<Answer 404 Not Found>"
