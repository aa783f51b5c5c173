import pytest

from martlet_websocket import HandshakeError
from martlet_websocket._handshake_fields import (
    accept_value,
    check_names,
    checked_protocols,
    elements,
    shown,
    single,
    values_of,
)

FIELDS = (("A", " 1\t"), ("b", "x , Y,"), ("B", ",z"), ("c", ""))


def test_the_example_of_the_rfc() -> None:
    assert accept_value("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_a_fields_values() -> None:
    assert values_of(FIELDS, "a") == ["1"]
    assert values_of(FIELDS, "b") == ["x , Y,", ",z"]
    assert values_of(FIELDS, "d") == []


def test_a_field_that_may_be_there_once() -> None:
    assert single(FIELDS, "a") == "1"
    assert single(FIELDS, "c") == ""
    assert single(FIELDS, "d") is None
    with pytest.raises(HandshakeError, match="more than one B"):
        single(FIELDS, "b")
    with pytest.raises(HandshakeError, match="more than one Sec-WebSocket-Key"):
        single([("Sec-Websocket-Key", "")] * 2, "sec-websocket-key")


def test_a_list_may_stand_in_several_fields() -> None:
    assert elements(FIELDS, "b") == ["x", "Y", "z"]
    assert elements(FIELDS, "d") == []
    check_names(FIELDS, "b", "y")
    with pytest.raises(HandshakeError, match="B is 'x , Y,, ,z', not 'w'"):
        check_names(FIELDS, "b", "w")
    with pytest.raises(HandshakeError, match="D is missing, not 'w'"):
        check_names(FIELDS, "d", "w")


def test_a_value_is_shown_in_part() -> None:
    text = shown([("a", "\x1b\udce4" * 1000)], "a")
    assert text.isascii()
    assert text.isprintable()
    assert len(text) < 500


def test_the_callers_protocols() -> None:
    assert checked_protocols(()) == ()
    assert checked_protocols(name for name in ("chat.v2", "mqtt")) == ("chat.v2", "mqtt")


@pytest.mark.parametrize("name", ["", "a b", "a,b", "a\r\nb", "a\n", "ä", "a/b", "a\0"])
def test_protocols_are_tokens(name: str) -> None:
    with pytest.raises(ValueError, match="a protocol is a token"):
        checked_protocols(["chat", name])


def test_protocols_are_several_strings() -> None:
    with pytest.raises(TypeError, match=r"a sequence of strings: \('chat',\)"):
        checked_protocols("chat")
    with pytest.raises(TypeError, match="a protocol is a str, not bytes"):
        checked_protocols([b"chat"])  # type: ignore[list-item]  # the subject
    with pytest.raises(ValueError, match="named once"):
        checked_protocols(["chat", "chat"])
