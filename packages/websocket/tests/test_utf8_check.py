import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket._utf8_check import Utf8Check

OCTETS = st.one_of(st.binary(), st.text().map(str.encode), st.just("é€𝄞".encode()[:-1]))


def is_text(pieces: list[bytes]) -> bool:
    check = Utf8Check()
    try:
        for piece in pieces:
            check.add(piece)
        check.finish()
    except UnicodeDecodeError:
        return False
    return True


@given(pieces=st.lists(OCTETS))
def test_pieces_are_judged_as_the_whole(pieces: list[bytes]) -> None:
    try:
        b"".join(pieces).decode()
    except UnicodeDecodeError:
        assert not is_text(pieces)
    else:
        assert is_text(pieces)


@pytest.mark.parametrize(
    "bad", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xe2\x28"]
)
def test_what_is_wrong_is_wrong_at_once(bad: bytes) -> None:
    check = Utf8Check()
    check.add(b"a\xc3")
    check.add(b"\xa9")
    with pytest.raises(UnicodeDecodeError):
        check.add(bad)


def test_the_next_text_begins_anew() -> None:
    check = Utf8Check()
    check.add(b"\xe2\x82")
    with pytest.raises(UnicodeDecodeError):
        check.finish()
    check.add(b"\xc3\xa9")
    check.finish()
