import zlib
from collections.abc import AsyncIterator

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from martlet_client_session._async_payload import AsyncIterablePayload
from martlet_client_session._bytes_payload import BytesPayload
from martlet_client_session._outgoing import outgoing
from martlet_client_session._payload import Payload
from martlet_client_session._request_body import PayloadBody
from martlet_client_session._upload_tracker import UploadTracker

BODY = b"body of the request"


def frame(
    body: "bytes | Payload | None",
    *fields: tuple[str, str],
    compress: str | bool | None = None,
    chunked: bool | int | None = None,
    expect100: bool = False,
    tracker: UploadTracker | None = None,
    skip: frozenset[str] = frozenset(),
) -> "tuple[bytes | PayloadBody | None, list[tuple[str, str]]]":
    upload, section = outgoing(
        body,
        CIMultiDictProxy(CIMultiDict(fields)),
        compress=compress,
        chunked=chunked,
        expect100=expect100,
        tracker=tracker,
        skip=skip,
    )
    return upload, list(section.items())


async def pieces() -> AsyncIterator[bytes]:
    yield BODY


def length_of(upload: object) -> int | None:
    assert isinstance(upload, PayloadBody)
    return upload.length


def test_bytes_that_need_nothing_stay_bytes() -> None:
    assert frame(BODY, ("Host", "h")) == (BODY, [("Host", "h")])


def test_no_body_has_no_framing_coding_or_expectation() -> None:
    assert frame(None, chunked=True, compress=True, expect100=True) == (None, [])


async def test_tracker_of_no_body_is_complete() -> None:
    tracker = UploadTracker()
    frame(None, tracker=tracker)
    await tracker.upload_complete
    assert tracker.total == 0


@pytest.mark.parametrize("chunked", [True, 1024])
def test_chunks_leave_the_length_open(chunked: bool | int) -> None:
    upload, fields = frame(BODY, chunked=chunked)
    assert length_of(upload) is None
    assert fields == []


def test_transfer_encoding_of_the_caller_is_the_same_as_chunked() -> None:
    upload, fields = frame(BODY, ("transfer-encoding", " Chunked"), ("X", "y"))
    assert length_of(upload) is None
    assert fields == [("X", "y")]


@pytest.mark.parametrize("given", [["gzip"], ["gzip, chunked"], ["chunked", "chunked"], [""]])
def test_other_transfer_codings_are_refused(given: list[str]) -> None:
    with pytest.raises(ValueError, match="Transfer-Encoding can only be chunked"):
        frame(BODY, *(("Transfer-Encoding", value) for value in given))


def test_chunks_and_a_length_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="give only one"):
        frame(BODY, ("Content-Length", "19"), chunked=True)
    with pytest.raises(ValueError, match="give only one"):
        frame(BODY, ("Content-Length", "19"), ("Transfer-Encoding", "chunked"))


@pytest.mark.parametrize(("compress", "coding"), [(True, "deflate"), ("Deflate", "deflate")])
def test_small_bytes_are_compressed_at_once(compress: str | bool, coding: str) -> None:
    upload, fields = frame(BODY, compress=compress)
    assert isinstance(upload, bytes)
    assert zlib.decompress(upload) == BODY
    assert fields == [("Content-Encoding", coding)]


@pytest.mark.parametrize("compress", [None, False, ""])
def test_nothing_is_compressed_unasked(compress: str | bool | None) -> None:
    assert frame(BODY, compress=compress) == (BODY, [])


def test_large_bytes_and_chunks_are_compressed_while_they_are_sent() -> None:
    for upload, fields in (
        frame(bytes(2**18 + 1), compress="gzip"),
        frame(BytesPayload(BODY, content_type="a/b"), compress="gzip"),
    ):
        assert length_of(upload) is None
        assert fields == [("Content-Encoding", "gzip")]


@pytest.mark.parametrize("compress", ["zip", "gzip, br", "identity", "\n"])
def test_unknown_coding_is_refused(compress: str) -> None:
    with pytest.raises(ValueError, match=r"compress cannot be .*: there are gzip, deflate"):
        frame(BODY, compress=compress)


def test_coding_that_is_no_name_is_refused() -> None:
    with pytest.raises(TypeError, match="compress is a bool or the name of a coding, not 5"):
        frame(BODY, compress=5)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize("name", ["Content-Encoding", "content-length"])
def test_coding_contradicts_fields_of_the_caller(name: str) -> None:
    with pytest.raises(ValueError, match="compress= cannot be given with"):
        frame(BODY, (name, "1"), compress=True)


def test_expectation_is_announced_once() -> None:
    assert frame(BODY, expect100=True) == (BODY, [("Expect", "100-continue")])
    given = ("expect", "100-continue")
    assert frame(BODY, given, expect100=True) == (BODY, [given])
    assert frame(b"", expect100=True) == (b"", [])


def test_fields_of_the_payload_are_added_where_there_are_none() -> None:
    payload = BytesPayload(BODY, headers={"X-A": "1", "X-B": "2", "X-C": "3"})
    upload, fields = frame(payload, ("x-b", "own"), skip=frozenset({"x-c"}))
    assert length_of(upload) == len(BODY)
    assert fields == [("x-b", "own"), ("X-A", "1")]


def test_length_of_the_caller_counts_where_the_body_has_none() -> None:
    for value, expected in (("19", 19), ("x", None), ("9" * 20, None)):
        upload, _ = frame(AsyncIterablePayload(pieces()), ("Content-Length", value))
        assert length_of(upload) == expected
    upload, _ = frame(AsyncIterablePayload(pieces()))
    assert length_of(upload) is None


def test_tracker_knows_how_much_is_to_come() -> None:
    tracker = UploadTracker()
    upload, _ = frame(BODY, tracker=tracker)
    assert length_of(upload) == tracker.total == len(BODY)
    with pytest.raises(RuntimeError, match="follows one request"):
        frame(BODY, tracker=tracker)
