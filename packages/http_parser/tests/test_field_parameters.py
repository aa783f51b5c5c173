import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser._field_parameters import (
    MAX_PARAMETERS,
    decode_ext_value,
    decode_raw_bytes,
    join_continuations,
    lower_ascii,
    read_parameters,
    unescape,
)

TOKENS = st.text(
    st.sampled_from("!#$%&'*+-.^_`|~" + string.digits + string.ascii_lowercase),
    min_size=1,
    max_size=8,
)
BLANKS = st.text(st.sampled_from(" \t"), max_size=2)


@pytest.mark.parametrize(
    ("section", "parameters"),
    [
        ("", []),
        (";", []),
        ("; ;\t;", []),
        ("; a=b", [("a", "b", False)]),
        (";A=B", [("a", "B", False)]),
        ("; a=b ;c=d", [("a", "b", False), ("c", "d", False)]),
        ("; a\t= b \t", [("a", "b", False)]),
        ('; a="b"', [("a", "b", True)]),
        ('; a = "b" ; c=d', [("a", "b", True), ("c", "d", False)]),
        ('; a="b;c=d"', [("a", "b;c=d", True)]),
        (r'; a="b\"c\\"; d=e', [("a", r"b\"c\\", True), ("d", "e", False)]),
        ('; a=""', [("a", "", True)]),
        ('; a=" b "', [("a", " b ", True)]),
        ("; a=b; a=c", [("a", "b", False), ("a", "c", False)]),
    ],
)
def test_parameters_are_read(section: str, parameters: list[tuple[str, str, bool]]) -> None:
    assert read_parameters(section) == parameters


@pytest.mark.parametrize(
    ("section", "parameters"),
    [
        ("; a=", [("a", "", False)]),
        ("; a=; b=c", [("a", "", False), ("b", "c", False)]),
        ("; a=b c, d", [("a", "b c, d", False)]),
        ('; a=b"c;d=e"', [("a", 'b"c', False), ("d", 'e"', False)]),
        ('; a="b', [("a", "b", True)]),
        ('; a="b; c=d ', [("a", "b; c=d ", True)]),
        ('; a="b\\', [("a", "b", True)]),
        ('; a="b\\"', [("a", 'b\\"', True)]),
        ('; a="b"c d; e=f', [("a", "b", True), ("e", "f", False)]),
        ('; a="b"c";d=e"; f=g', [("a", "b", True), ("f", "g", False)]),
        ("; a; b=c", [("b", "c", False)]),
        ("; =a; b=c", [("b", "c", False)]),
        ("; a b=c; d=e", [("d", "e", False)]),
        ("; é=a; b=c", [("b", "c", False)]),
        ('; "a;b=c"; d=e', [("d", "e", False)]),
    ],
)
def test_what_is_malformed_is_made_use_of_or_passed_over(
    section: str, parameters: list[tuple[str, str, bool]]
) -> None:
    assert read_parameters(section) == parameters


def test_a_bounded_number_of_parameters_is_read() -> None:
    section = "".join(f"; a{number}=b" for number in range(1000))
    parameters = read_parameters(section)
    assert len(parameters) == MAX_PARAMETERS == 256
    assert parameters[-1] == ("a255", "b", False)


@given(
    st.lists(
        st.tuples(
            TOKENS,
            st.one_of(
                st.tuples(TOKENS, st.just(False)),
                st.tuples(st.text(st.characters(), max_size=10), st.just(True)),
            ),
            st.tuples(BLANKS, BLANKS, BLANKS, BLANKS),
        ),
        max_size=5,
    )
)
def test_what_was_written_is_read(
    written: list[tuple[str, tuple[str, bool], tuple[str, str, str, str]]],
) -> None:
    section = ""
    for name, (value, quoted), (first, second, third, fourth) in written:
        escaped = "".join("\\" + char if char in '\\"' else char for char in value)
        written_value = f'"{escaped}"' if quoted else value
        section += f";{first}{name}{second}={third}{written_value}{fourth}"
    read = [
        (name, unescape(value) if quoted else value, quoted)
        for name, value, quoted in read_parameters(section)
    ]
    assert read == [(name, value, quoted) for name, (value, quoted), _ in written]


@given(st.text(st.sampled_from('ab;="\\ \t%*é\n\udc80'), max_size=40))
def test_any_text_gives_parameters_with_lower_case_tokens_as_names(text: str) -> None:
    for name, value, quoted in read_parameters(";" + text):
        assert name
        assert set(name) <= set("ab%*")
        assert quoted or (value == value.rstrip(" \t") and ";" not in value)


@pytest.mark.parametrize(
    ("content", "text"),
    [("", ""), ("a", "a"), (r"\a\"\\", 'a"\\'), ("\\\n\\é", "\né"), (r"\\a", r"\a")],
)
def test_quoted_pairs_are_resolved(content: str, text: str) -> None:
    assert unescape(content) == text


@pytest.mark.parametrize(
    ("text", "lowered"), [("", ""), ("aB-C", "ab-c"), ("\u212a", "\u212a"), ("Aé", "Aé")]
)
def test_only_ascii_is_lowered(text: str, lowered: str) -> None:
    assert lower_ascii(text) == lowered


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("", ""),
        ("abc", "abc"),
        ("é€", "é€"),
        ("f\udcf6\udcf6", "föö"),
        ("\udc80\udcff", "\x80ÿ"),
        ("é\udcf6", "Ã©ö"),
        ("a\ud800", "a\ud800"),
        ("\udcf6\udc00", "\udcf6\udc00"),
    ],
)
def test_bytes_that_are_not_utf8_are_read_as_latin1(text: str, decoded: str) -> None:
    assert decode_raw_bytes(text) == decoded


@given(st.binary(max_size=20))
def test_all_bytes_come_out_as_one_of_the_two_encodings(data: bytes) -> None:
    try:
        expected = data.decode()
    except UnicodeDecodeError:
        expected = "".join(map(chr, data))
    assert decode_raw_bytes(data.decode("utf-8", "surrogateescape")) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("UTF-8''%e2%82%ac%20rates", "€ rates"),
        ("utf-8'en'%C2%A3", "£"),
        ("iso-8859-1'en'%A3%20rates", "£ rates"),
        ("ISO-8859-1''%c3%a4", "Ã¤"),
        ("US-ASCII''a%41", "aA"),
        ("''%c3%a4", "ä"),
        ("UTF-8''", ""),
        ("UTF-8''it's", "it's"),
        ("UTF-8''%2541", "%41"),
        ("UTF-8''%00", "\0"),
        ("UTF-8''50%", "50%"),
        ("UTF-8''%zz%4", "%zz%4"),
        ("UTF-8''ä b", "ä b"),
    ],
)
def test_an_ext_value_is_decoded(value: str, text: str) -> None:
    assert decode_ext_value(value) == text


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a",
        "UTF-8",
        "UTF-8'a",
        "UTF-16''a",
        "latin-1''a",
        "idna''a",
        "\u212a''a",
        "UTF-8''%e4",
        "UTF-8''%ed%a0%80",
        "UTF-8''\udce4",
        "UTF-8''a\ud800b",
        "US-ASCII''%e4",
        "%e4",
    ],
)
def test_an_ext_value_that_cannot_be_decoded_is_none(value: str) -> None:
    assert decode_ext_value(value) is None


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", "en", "de-AT"]))
def test_an_ext_value_comes_back_as_it_was(text: str, language: str) -> None:
    escaped = "".join(f"%{byte:02X}" for byte in text.encode())
    assert decode_ext_value(f"UTF-8'{language}'{escaped}") == text


@pytest.mark.parametrize(
    ("parameters", "value"),
    [
        ({}, None),
        ({"n": "a", "n*": "b"}, None),
        ({"n*0": "a"}, "a"),
        ({"n*1": "b", "n*0": "a", "n*2": "c"}, "abc"),
        ({"n*0": "a", "n*2": "c"}, "a"),
        ({"n*1": "a", "n*2": "b"}, None),
        ({"n*0": "a", "n*01": "b"}, "a"),
        ({"n*00": "a"}, None),
        ({"m*0": "a"}, None),
        ({"n*0*": "UTF-8''a%20", "n*1": "b%20", "n*2*": "c%20"}, "a b%20c "),
        ({"n*0*": "UTF-8''%e2", "n*1*": "%82%ac"}, "€"),
        ({"n*0*": "iso-8859-1''%e4", "n*1": "ä"}, "ää"),
        ({"n*0": "a", "n*1*": "%20"}, "a%20"),
        ({"n*0": "a", "n*0*": "UTF-8''b"}, "a"),
        ({"n*0*": "UTF-8''%e2", "n*1": "b"}, None),
        ({"n*0*": "iso-8859-1''a", "n*1": "€"}, None),
        ({"n*0*": "UTF-8''a", "n*1": "\udc80"}, None),
        ({"n*0*": "a%20b"}, None),
        ({"n*0*": "bogus''a"}, None),
        ({"n*0*": "UTF-8''a", "n*1*": "iso-8859-1''b"}, "aiso-8859-1''b"),
    ],
)
def test_continuations_are_joined(parameters: dict[str, str], value: str | None) -> None:
    assert join_continuations(parameters, "n") == value


def test_a_bounded_number_of_parts_is_joined() -> None:
    assert join_continuations({f"n*{number}": "a" for number in range(1000)}, "n") == "a" * 256


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=6))
def test_continuations_come_back_as_they_were(parts: list[bytes]) -> None:
    written = [("".join(f"%{byte:02x}" for byte in part)) for part in parts]
    written[0] = "iso-8859-1''" + written[0]
    parameters = {f"n*{number}*": part for number, part in enumerate(written)}
    assert join_continuations(parameters, "n") == "".join(map(chr, b"".join(parts)))
