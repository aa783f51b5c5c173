import gzip

import pytest
from multidict import CIMultiDict

from martlet_client_session._outgoing_part import OutgoingPart
from martlet_client_session._stream_writer import BodyStreamWriter

from .part_recording import INJECTIONS, Pieces, Recorder

LENGTH = "Content-Length"


def part_of(headers: dict[str, str], *, is_form: bool = False) -> OutgoingPart:
    return OutgoingPart(Pieces([b"abc"], {"Content-Type": "a/b", **headers}), "B", is_form)


def test_the_header_has_the_length() -> None:
    part = part_of({"X-A": "1"})
    assert part.head(3) == b"--B\r\nContent-Type: a/b\r\nX-A: 1\r\nContent-Length: 3\r\n\r\n"
    assert part.head(None) == b"--B\r\nContent-Type: a/b\r\nX-A: 1\r\n\r\n"
    assert (part.coding, part.transfer, part.coded) == ("", "", False)
    assert LENGTH not in part.payload.headers


def test_a_length_that_is_given_is_there_once() -> None:
    part = part_of({LENGTH: "3"})
    assert part.head(3) == b"--B\r\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\n"
    part.payload.headers.add("content-length", "3")
    assert part.head(3) == b"--B\r\nContent-Type: a/b\r\nContent-Length: 3\r\n\r\n"
    assert part.payload.headers.getall(LENGTH) == ["3", "3"]


def test_one_that_cannot_be_checked_is_left_out() -> None:
    assert part_of({LENGTH: "9"}).head(None) == b"--B\r\nContent-Type: a/b\r\n\r\n"
    part = part_of({LENGTH: "9", "Content-Encoding": "gzip"})
    assert LENGTH.encode() not in part.head(3)
    assert part.coded


@pytest.mark.parametrize("length", ["4", "", "03", "+3", "3, 3", *INJECTIONS])
def test_one_that_is_wrong_is_a_value_error(length: str) -> None:
    with pytest.raises(ValueError, match=r"The Content-Length of a part is 3, not .*: leave it"):
        part_of({LENGTH: length}).head(3)


def test_the_header_is_made_once_but_when_something_changes() -> None:
    part = part_of({})
    head = part.head(3)
    assert part.head(3) is head
    part.payload.headers["X-A"] = "1"
    changed = part.head(3)
    assert b"X-A: 1\r\n" in changed
    assert b"Content-Length: 4\r\n" in part.head(4)
    part.payload.headers["Content-Transfer-Encoding"] = "base64"
    assert LENGTH.encode() not in part.head(4)
    assert part.transfer == "base64"


@pytest.mark.parametrize("name", [LENGTH, "content-ENCODING", "Content-Transfer-Encoding"])
def test_a_form_has_no_lengths_and_encodings(name: str) -> None:
    with pytest.raises(ValueError, match=r"A part of a form cannot have the header field Content"):
        part_of({name: "3"}, is_form=True).head(3)
    part = part_of({}, is_form=True)
    assert part.head(3) == b"--B\r\nContent-Type: a/b\r\n\r\n"
    assert not part.coded


def test_an_encoding_that_is_not_known_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="Not a content coding"):
        part_of({"Content-Encoding": "foo"}).head(3)


@pytest.mark.parametrize("text", INJECTIONS)
def test_nothing_can_be_injected(text: str) -> None:
    part = part_of({"X-A": f"a{text}b"})
    if text == "\u010a":
        assert b"\r\nX-A: a\xc4\x8ab\r\n" in part.head(3)
    else:
        with pytest.raises(ValueError, match=r"control character|surrogates"):
            part.head(3)
    with pytest.raises(ValueError, match="no token"):
        part_of({f"X{text}A": "1"}).head(3)


@pytest.mark.parametrize(
    ("headers", "result"),
    [
        ({}, b"abc"),
        ({"Content-Transfer-Encoding": "base64"}, b"YWJj"),
        ({"Content-Encoding": "gzip"}, None),
    ],
)
async def test_it_is_written_as_its_header_says(
    headers: dict[str, str], result: bytes | None
) -> None:
    part = part_of(headers)
    part.head(3)
    recorder = Recorder()
    await part.write(BodyStreamWriter(recorder))
    if result is None:
        assert gzip.decompress(recorder.data) == b"abc"
    else:
        assert recorder.data == result


def test_headers_are_not_changed_by_writing_them() -> None:
    part = part_of({LENGTH: "3", "X-A": "1"})
    before = CIMultiDict(part.payload.headers)
    part.head(3)
    assert part.payload.headers == before
