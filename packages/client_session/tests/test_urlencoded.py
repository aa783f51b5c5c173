from collections.abc import Iterable
from io import BytesIO
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._urlencoded import urlencoded

from .part_recording import INJECTIONS


@pytest.mark.parametrize(
    ("pairs", "body"),
    [
        ([], b""),
        ([("a", "1"), ("b c", "ü&=")], b"a=1&b+c=%C3%BC%26%3D"),
        ([("a", 1), ("b", 0.5), ("c", b"\xff"), ("d", "")], b"a=1&b=0.5&c=%FF&d="),
        ([("a", ["x", 2, b"y"]), ("b", ()), ("c", ("z",))], b"a=x&a=2&a=y&c=z"),
        ([["a", "1"]], b"a=1"),
        ([(b"\xff", "1"), (2, "3")], b"%FF=1&2=3"),
        (iter([("a", "1")]), b"a=1"),
    ],
)
def test_fields_are_encoded(pairs: Iterable[object], body: bytes) -> None:
    assert urlencoded(pairs) == body


def test_text_is_encoded_in_the_charset() -> None:
    assert urlencoded([("ü", "é"), ("a", ["ü"])], "latin-1") == b"%FC=%E9&a=%FC"
    with pytest.raises(UnicodeEncodeError):
        urlencoded([("a", "\u010a")], "latin-1")


@pytest.mark.parametrize("value", [None, BytesIO(b"x"), {"a": 1}, object(), ["ok", None], [["a"]]])
def test_a_value_that_would_be_sent_as_its_repr_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError, match=r"The form field 'photo' cannot be .*: give str, bytes"):
        urlencoded([("name", "x"), ("photo", value)])


@pytest.mark.parametrize("name", [None, ["a"], BytesIO()])
def test_so_is_such_a_name(name: object) -> None:
    with pytest.raises(TypeError, match=r"The name of a form field cannot be .*: give str"):
        urlencoded([(name, "x")])


@pytest.mark.parametrize("pair", ["ab", ("a",), ("a", "b", "c"), 5])
def test_what_is_no_pair_is_a_type_error(pair: object) -> None:
    with pytest.raises(TypeError, match=r"No \(name, value\) pair"):
        urlencoded([pair])


@pytest.mark.parametrize("part", INJECTIONS)
def test_nothing_can_be_injected(part: str) -> None:
    if part == "\ud800":
        for pair in ((part, "x"), ("x", part)):
            with pytest.raises(UnicodeEncodeError):
                urlencoded([pair])
    else:
        body = urlencoded([(f"a{part}b", f"c{part}d")])
        assert body.isascii()
        assert body.decode().isprintable()
        assert parse_qsl(body.decode()) == [(f"a{part}b", f"c{part}d")]


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(TEXT, TEXT)))
def test_what_is_encoded_is_read_as_the_same_fields(pairs: list[tuple[str, str]]) -> None:
    pairs = [(f"n{name}", value) for name, value in pairs]
    assert parse_qsl(urlencoded(pairs).decode("ascii"), keep_blank_values=True) == pairs
