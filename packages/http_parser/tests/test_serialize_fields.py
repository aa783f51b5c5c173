import traceback
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from martlet_http_parser import serialize_fields

from .independent import lines_of
from .nasty import NASTY, Method, Shouting

# Surrogates, but none of those that `surrogateescape` makes of octets.
NO_OCTETS = ["\ud800", "\udc0a", "\udc7f", "\udd00", "\udfff"]


def test_what_was_checked_is_what_is_written() -> None:
    shouted: dict[str, str] = {Shouting("A"): Shouting("b")}
    assert serialize_fields(shouted) == b"A: b\r\n"
    assert serialize_fields({"A": Method.FETCH}) == b"A: GET\r\n"


def test_fields_are_written_in_order_with_repetitions_and_as_they_are_spelled() -> None:
    fields = CIMultiDict([("Host", "a"), ("x-B", "1"), ("X-b", "2"), ("Empty", "")])
    expected = b"Host: a\r\nx-B: 1\r\nX-b: 2\r\nEmpty: \r\n"
    assert serialize_fields(fields) == expected
    assert serialize_fields(CIMultiDictProxy(fields)) == expected


def test_no_fields_are_nothing() -> None:
    assert serialize_fields({}) == b""


def test_values_are_utf8_and_may_hold_tabs() -> None:
    # U+010A ends in the byte of a line feed, where it is cut to eight bits.
    assert serialize_fields({"A": "\u010a\té\U0001f600"}) == "A: \u010a\té\U0001f600\r\n".encode()


@pytest.mark.parametrize(
    "name", ["", " ", "A ", "A:", "A\u010a", "é", *NASTY, "A\ud800"] + [f"A{x}" for x in NASTY]
)
@pytest.mark.parametrize("before", [{}, {"Good": "x"}])
def test_a_name_that_is_no_token_is_refused(name: str, before: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^Header name is not a token: ") as caught:
        serialize_fields({**before, name: "x"})
    assert type(caught.value) is ValueError
    assert str(caught.value).isprintable()


def test_a_bad_name_is_seen_behind_one_that_is_equal_but_for_case() -> None:
    fields = CIMultiDict([("k", "1"), ("\N{KELVIN SIGN}", "2")])
    with pytest.raises(ValueError, match="name is not a token: '\N{KELVIN SIGN}'"):
        serialize_fields(fields)


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("where", ["{}", "a{}", "{}a", "a{}b"])
def test_a_control_character_in_a_value_is_refused(nasty: str, where: str) -> None:
    with pytest.raises(ValueError, match=r"^Header B has a control character in its value$"):
        serialize_fields({"A": "fine", "B": where.format(nasty)})


@pytest.mark.parametrize("surrogate", NO_OCTETS)
def test_a_lone_surrogate_in_a_value_is_refused(surrogate: str) -> None:
    with pytest.raises(ValueError, match=r"^Header B has a lone surrogate in its value$") as caught:
        serialize_fields({"A": "fine", "B": f"a{surrogate}"})
    assert type(caught.value) is ValueError


def test_octets_that_are_not_utf8_are_sent_as_they_were_received() -> None:
    received = bytes(range(0x80, 0x100))
    value = received.decode("utf-8", "surrogateescape")
    assert serialize_fields({"Cookie": f"a={value}"}) == b"Cookie: a=" + received + b"\r\n"


@pytest.mark.parametrize("bad", ["\n", "\ud800"])
def test_no_error_shows_or_holds_a_value(bad: str) -> None:
    with pytest.raises(ValueError, match="Authorization") as caught:
        serialize_fields({"Cookie": "s3cret", "Authorization": "s3cret" + bad})
    assert caught.value.__context__ is None
    assert "s3cret" not in "".join(traceback.format_exception_only(caught.value))


@pytest.mark.parametrize("wrong", [5, None, b"s3cret", ["s3cret"]])
def test_a_value_that_is_no_string_is_the_callers_mistake(wrong: object) -> None:
    fields = [("A", "fine"), ("B", wrong), ("C", "\n")]
    for either in (fields, dict(fields)):
        with pytest.raises(TypeError, match=r"^Header B has a value that is no string: ") as caught:
            serialize_fields(either)  # type: ignore[arg-type]  # that is what is tested
        assert str(caught.value).endswith(f": {type(wrong).__name__}")


@pytest.mark.parametrize("wrong", [5, None, b"A", ("A",)])
def test_a_name_that_is_no_string_is_the_callers_mistake(wrong: object) -> None:
    fields = [("A", "fine"), (wrong, "s3cret")]
    for either in (fields, dict(fields)):
        with pytest.raises(TypeError, match=r"^Header name is not a string: ") as caught:
            serialize_fields(either)  # type: ignore[arg-type]  # that is what is tested
        assert repr(wrong) in str(caught.value)


def test_the_first_fault_is_named() -> None:
    with pytest.raises(ValueError, match=r"^Header A has a control"):
        serialize_fields([("A", "\n"), ("B", 5), (" ", "")])  # type: ignore[list-item]  # tested
    with pytest.raises(ValueError, match=r"^Header A has a lone"):
        serialize_fields([("A", "\ud800"), ("B", "\n")])


PAIRS = [("Host", "a"), ("x-B", "1"), ("X-b", "2")]


def each() -> Iterator[tuple[str, str]]:
    yield from PAIRS


@pytest.mark.parametrize("fields", [PAIRS, tuple(PAIRS), each(), iter(PAIRS)])
def test_fields_may_be_pairs(fields: list[tuple[str, str]]) -> None:
    assert serialize_fields(fields) == b"Host: a\r\nx-B: 1\r\nX-b: 2\r\n"


def test_no_pairs_are_nothing() -> None:
    assert serialize_fields([]) == serialize_fields(iter(())) == b""


@pytest.mark.parametrize(
    "wrong", [["A: s3cret"], [("A",)], [("A", "b"), ("A", "b", "s3cret")], [5], "A: s3cret", b"A"]
)
def test_what_is_not_made_of_pairs_is_the_callers_mistake(wrong: object) -> None:
    error = "^Fields are neither a mapping nor pairs of a name and a value$"
    with pytest.raises(TypeError, match=error) as caught:
        serialize_fields(wrong)  # type: ignore[arg-type]  # that is what is tested
    assert caught.value.__context__ is None


def test_what_cannot_be_read_is_the_callers_mistake() -> None:
    with pytest.raises(TypeError, match="not iterable"):
        serialize_fields(None)  # type: ignore[arg-type]  # that is what is tested


def test_what_the_fields_raise_comes_out() -> None:
    def failing() -> Iterator[tuple[str, str]]:
        yield "A", "b"
        raise ValueError("planned")

    with pytest.raises(ValueError, match=r"^planned$"):
        serialize_fields(failing())


AWKWARD = st.text(st.sampled_from("aZ0-_: \t\r\n\0\x7f\x85\u010a\u2028\ud800\udc80é"), max_size=6)
TEXTS = st.one_of(st.text(), AWKWARD)


@given(st.lists(st.tuples(st.one_of(st.sampled_from(["A", "b-c"]), TEXTS), TEXTS), max_size=4))
def test_no_name_and_no_value_end_a_field_line(fields: list[tuple[str, str]]) -> None:
    try:
        section = serialize_fields(CIMultiDict(fields))
    except ValueError:
        with pytest.raises(ValueError, match="Header"):
            serialize_fields(fields)
        return
    assert section == serialize_fields(fields)
    lines = lines_of(section)
    assert lines.pop() == b""
    assert lines == [f"{name}: {value}".encode() for name, value in fields]
