"""`ResponseHead`, and the Protocols of what is pushed."""

import pytest
from multidict import CIMultiDict

from martlet_interfaces import BodySink, Flow, HttpVersion11, Receiver, ResponseHead


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
    assert members(Flow) == {"pause", "resume"}
