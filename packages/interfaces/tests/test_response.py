"""`ResponseHead`, and the Protocols of what is pushed."""

import pytest
from multidict import CIMultiDict

from martlet_interfaces import BodySink, ChunkSink, Flow, HttpVersion11, Receiver, ResponseHead


def test_a_head_keeps_what_it_is_given() -> None:
    headers = CIMultiDict({"Content-Type": "text/plain"})
    head = ResponseHead(HttpVersion11, 404, "Not Found", headers)
    assert (head.version, head.status, head.reason) == (HttpVersion11, 404, "Not Found")
    assert head.headers is headers


def test_its_text_is_the_status() -> None:
    head = ResponseHead(HttpVersion11, 404, "Not Found", CIMultiDict())
    assert repr(head) == "<ResponseHead 404 Not Found>"


def test_a_head_takes_no_other_attributes() -> None:
    head = ResponseHead(HttpVersion11, 204, "", CIMultiDict())
    with pytest.raises(AttributeError):
        head.body = b""  # type: ignore[attr-defined]  # what is tested


def members(protocol: type) -> set[str]:
    return {name for name in vars(protocol) if not name.startswith("_")}


def test_the_border_is_as_narrow_as_it_was() -> None:
    assert members(Receiver) == {"on_head"}
    assert members(BodySink) == {"feed", "eof", "fail"}
    assert members(ChunkSink) == {"feed_chunks"}
    assert members(Flow) == {"pause", "resume"}


class _Chunks:
    def feed(self, data: bytes, /) -> None: ...
    def feed_chunks(self, pieces: list[bytes], open_end: bool, /) -> None: ...
    def eof(self) -> None: ...
    def fail(self, exc: BaseException, /) -> None: ...


def test_a_sink_of_chunks_is_a_sink() -> None:
    chunks: ChunkSink = _Chunks()
    sink: BodySink = chunks
    assert sink is chunks
    assert BodySink in ChunkSink.__mro__
