import pytest

from martlet_asgi._framing import framing_fields
from martlet_interfaces import BodyWriter, HttpVersion10, HttpVersion11, RequestBody

from .applications import request_head


class Sized:
    replayable = True

    def __init__(self, length: int | None) -> None:
        self.length = length

    async def write_to(self, out: BodyWriter, /) -> None:
        """Write nothing."""


CHUNKED = [(b"transfer-encoding", b"chunked")]


@pytest.mark.parametrize(
    ("method", "body", "expected"),
    [
        ("GET", None, []),
        ("DELETE", None, []),
        ("POST", None, [(b"content-length", b"0")]),
        ("PUT", b"", [(b"content-length", b"0")]),
        ("GET", b"", [(b"content-length", b"0")]),
        ("POST", b"four", [(b"content-length", b"4")]),
        ("POST", Sized(9), [(b"content-length", b"9")]),
        ("POST", Sized(None), CHUNKED),
    ],
)
def test_a_body_is_announced_as_servers_see_it(
    method: str, body: bytes | RequestBody | None, expected: list[tuple[bytes, bytes]]
) -> None:
    assert framing_fields(request_head(method=method), body) == expected


@pytest.mark.parametrize(("length", "body"), [("4", b"four"), ("9", Sized(9)), ("0", None)])
def test_a_length_that_is_given_is_not_given_again(
    length: str, body: bytes | RequestBody | None
) -> None:
    head = request_head(method="POST", headers=[("Content-Length", length)])
    assert framing_fields(head, body) == []


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        ([("Content-Length", "3")], b"four", "Content-Length is 3, but the body has 4 bytes"),
        ([("Content-Length", "3")], None, "the body has 0 bytes"),
        ([("Content-Length", "3")], Sized(None), "an unknown number of bytes"),
        ([("Content-Length", "4")] * 2, b"four", "given twice"),
        ([("Transfer-Encoding", "chunked")], b"four", "Transfer-Encoding is the connector's"),
        ([("Expect", "x, 100-Continue")], None, "needs a body that is not empty"),
        ([("Expect", "100-continue")], b"", "needs a body that is not empty"),
        ([("Expect", "100-continue")], Sized(0), "needs a body that is not empty"),
    ],
)
def test_a_head_that_contradicts_its_body_is_refused(
    headers: list[tuple[str, str]], body: bytes | RequestBody | None, text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        framing_fields(request_head(method="POST", headers=headers), body)


@pytest.mark.parametrize("body", [b"four", Sized(4), Sized(None)])
def test_a_body_may_be_expected_to_be_asked_for(body: bytes | RequestBody) -> None:
    head = request_head(method="POST", headers=[("Expect", "100-continue")])
    assert framing_fields(head, body)


def test_http_1_0_has_no_body_of_unknown_length() -> None:
    head = request_head(method="POST", version=HttpVersion10)
    assert framing_fields(head, b"four") == [(b"content-length", b"4")]
    with pytest.raises(ValueError, match=r"cannot be sent with HTTP/1\.0"):
        framing_fields(head, Sized(None))
    assert framing_fields(request_head(version=HttpVersion11), Sized(None)) == CHUNKED
