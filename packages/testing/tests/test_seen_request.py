import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_testing import SeenRequest


def seen(body: bytes) -> SeenRequest:
    return SeenRequest("POST", URL("http://a/b?c=1"), CIMultiDictProxy(CIMultiDict()), body)


def test_the_body_can_be_read_in_several_ways() -> None:
    assert seen("ü".encode()).text() == "ü"
    assert seen(b"\xfc").text("latin-1") == "ü"
    assert seen(b"[1]").json() == [1]
    assert list(seen(b"a=1&b=&a=%C3%BC+").form().items()) == [("a", "1"), ("b", ""), ("a", "ü ")]


def test_what_a_body_is_not_raises() -> None:
    with pytest.raises(UnicodeDecodeError):
        seen(b"\xff").text()
    with pytest.raises(ValueError, match="Expecting value"):
        seen(b"").json()


def test_it_says_what_was_asked_for() -> None:
    assert str(seen(b"")) == "POST http://a/b?c=1"
    assert dict(seen(b"").path_params) == {}
