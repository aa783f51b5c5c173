import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import content_disposition_filename, parse_content_disposition

Parsed = tuple[str | None, dict[str, str]]

EURO = "foo-ä-€.html"


@pytest.mark.parametrize(
    ("field", "parsed"),
    [
        ("inline", ("inline", {})),
        (" ATTACHMENT ", ("attachment", {})),
        ("attachment;", ("attachment", {})),
        ("foobar", ("foobar", {})),
        ('inline; filename="foo.html"', ("inline", {"filename": "foo.html"})),
        ("attachment; FILENAME=foo.html", ("attachment", {"filename": "foo.html"})),
        ("attachment ;\tfilename = foo.html ", ("attachment", {"filename": "foo.html"})),
        (r'a; filename="f\oo.html"', ("a", {"filename": "foo.html"})),
        (r'a; filename="\"q\" t.html"', ("a", {"filename": '"q" t.html'})),
        ('a; filename="semi;colon"', ("a", {"filename": "semi;colon"})),
        (r'a; foo="\"\\";filename="b"', ("a", {"foo": '"\\', "filename": "b"})),
        ("a; filename='foo.bar'", ("a", {"filename": "'foo.bar'"})),
        ('a; filename="foo-ä.html"', ("a", {"filename": "foo-ä.html"})),
        ('a; filename="foo-%41.html"', ("a", {"filename": "foo-%41.html"})),
        ('a; filename="=?ISO-8859-1?Q?=E4?="', ("a", {"filename": "=?ISO-8859-1?Q?=E4?="})),
        ('a; example="filename=b"', ("a", {"example": "filename=b"})),
        ('form-data; name="a"; filename=""', ("form-data", {"name": "a", "filename": ""})),
        (
            "a; filename=b; filename*=UTF-8''foo-%c3%a4-%e2%82%ac.html",
            ("a", {"filename": "b", "filename*": EURO}),
        ),
        ("a; filename*=iso-8859-1''foo-%E4.html", ("a", {"filename*": "foo-ä.html"})),
        ("a; filename* = UTF-8''A-%2541", ("a", {"filename*": "A-%41"})),
        ("a; name*=utf-8'en'x", ("a", {"name*": "x"})),
        ("a; filename*0=foo; filename*1=.x", ("a", {"filename*0": "foo", "filename*1": ".x"})),
        ("a; filename*0*=UTF-8''%c3", ("a", {"filename*0*": "UTF-8''%c3"})),
        ("a; filename*utf=b", ("a", {"filename*utf": "b"})),
    ],
)
def test_a_disposition_is_taken_apart(field: str, parsed: Parsed) -> None:
    assert parse_content_disposition(field) == parsed


@pytest.mark.parametrize("field", [None, "", " ", ";", '"inline"', "@", "é", ";;=;", "=a"])
def test_what_cannot_be_used_gives_nothing(field: str | None) -> None:
    assert parse_content_disposition(field) == (None, {})


@pytest.mark.parametrize(
    ("field", "parsed"),
    [
        # Values without quotes that should have them.
        ("a; filename=foo bar.html", ("a", {"filename": "foo bar.html"})),
        ("a; filename=foo,bar.html", ("a", {"filename": "foo,bar.html"})),
        ("a; filename=foo[1](2)ä.html", ("a", {"filename": "foo[1](2)ä.html"})),
        ("a; filename==?ISO-8859-1?Q?=E4?=", ("a", {"filename": "=?ISO-8859-1?Q?=E4?="})),
        ("a; filename=bar foo=foo ", ("a", {"filename": "bar foo=foo"})),
        ("a; filename=C:\\dir\\b.txt", ("a", {"filename": "C:\\dir\\b.txt"})),
        ('a; filename=foo"bar;baz"qux', ("a", {"filename": 'foo"bar'})),
        ("a; filename=; b=c", ("a", {"filename": "", "b": "c"})),
        # Quotes that do not close, or too early.
        ('a; filename="bar', ("a", {"filename": "bar"})),
        ('a; filename="bar\\', ("a", {"filename": "bar"})),
        ('a; filename="foo.html".txt; b=c', ("a", {"filename": "foo.html", "b": "c"})),
        # Semicolons that are too many or missing.
        ("a; filename=foo;", ("a", {"filename": "foo"})),
        ("a; ;filename=foo", ("a", {"filename": "foo"})),
        ("attachment filename=bar", ("attachment", {"filename": "bar"})),
        ("a; foo=foo filename=bar", ("a", {"foo": "foo filename=bar"})),
        # Several of what there should be one of.
        ("a; filename=b; filename=c", ("a", {"filename": "b"})),
        ("a; filename*=x; filename*=UTF-8''c", ("a", {"filename*": "c"})),
        ("inline; attachment; filename=b", ("inline", {"filename": "b"})),
        ("a; filename=b, a; filename=c", ("a", {"filename": "b, a"})),
        # No type.
        ("filename=foo.html", (None, {"filename": "foo.html"})),
        ("filename = foo.html; a", (None, {"filename": "foo.html"})),
        ("x=y; filename=b", (None, {"x": "y", "filename": "b"})),
        ("; filename=b", (None, {"filename": "b"})),
        ('"foo; filename=bar;baz"; filename=qux', (None, {"filename": "qux"})),
        (": inline; attachment; filename=b", (None, {"filename": "b"})),
        ("text/plain; filename=b", (None, {"filename": "b"})),
        # Values with a charset that RFC 8187 does not allow.
        ("a; filename*=\"UTF-8''%c3%a4\"", ("a", {"filename*": "ä"})),
        ("a; filename*=''%c3%a4", ("a", {"filename*": "ä"})),
        ("a; filename*=UTF-8''foo%", ("a", {"filename*": "foo%"})),
        ("a; filename*=bogus''x; filename=b", ("a", {"filename": "b"})),
        ("a; filename*=UTF-8'x; filename=b", ("a", {"filename": "b"})),
        ("a; filename*=utf-8''%E4; filename=b", ("a", {"filename": "b"})),
        ("a; filename *=UTF-8''x; filename=b", ("a", {"filename": "b"})),
    ],
)
def test_what_is_malformed_is_made_use_of(field: str, parsed: Parsed) -> None:
    assert parse_content_disposition(field) == parsed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (r'"C:\dir\new.txt"', r"C:\dir\new.txt"),
        (r'"C:\dir\a \"b\""', r'C:\dir\a "b"'),
        (r'"C:\\dir\\new.txt"', r"C:\dir\new.txt"),
        (r'"C:\"', 'C:"'),
        (r'"\dir\new.txt"', "dirnew.txt"),
        (r'"CC:\dir"', "CC:dir"),
    ],
)
def test_a_path_whose_backslashes_are_not_escaped_keeps_them(value: str, text: str) -> None:
    assert parse_content_disposition(f"a; filename={value}")[1] == {"filename": text}


def test_only_a_filename_is_taken_for_a_path() -> None:
    assert parse_content_disposition(r'a; name="C:\dir"')[1] == {"name": "C:dir"}


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ('filename="/foo.html"', "foo.html"),
        (r'filename="\\foo.html"', "foo.html"),
        ("filename=//a/b", "a/b"),
        ('name="/x"', "x"),
        ("filename*=UTF-8''%5cfoo", "\\foo"),
        ('filename*1="/x"', "/x"),
    ],
)
def test_slashes_at_the_beginning_of_a_plain_value_are_left_out(parameter: str, value: str) -> None:
    name = parameter.partition("=")[0]
    assert parse_content_disposition(f"a; {parameter}")[1] == {name: value}


@pytest.mark.parametrize(
    ("raw", "filename"),
    [
        (b'a; filename="foo-\xe4.html"', "foo-ä.html"),
        (b"a; filename=foo-\xe4.html", "foo-ä.html"),
        (b'a; filename="foo-\xc3\xa4.html"', "foo-ä.html"),
        (b"a; filename*0=foo-\xe4; filename*1=.html", "foo-ä.html"),
        (b"a; filename*=UTF-8''\xe4; filename=b", "b"),
        (b"a; filename*=UTF-8''\xc3\xa4; filename=b", "ä"),
    ],
)
def test_bytes_that_are_not_ascii_are_utf8_or_latin1(raw: bytes, filename: str) -> None:
    _, parameters = parse_content_disposition(raw.decode("utf-8", "surrogateescape"))
    assert content_disposition_filename(parameters) == filename


def test_a_bounded_number_of_parameters_is_looked_at() -> None:
    field = "a" + "".join(f"; a{number}=b" for number in range(1000))
    assert len(parse_content_disposition(field)[1]) == 256


@pytest.mark.parametrize(
    ("parameters", "filename"),
    [
        ({}, None),
        ({"name": "a"}, None),
        ({"filename": "a"}, "a"),
        ({"filename": ""}, ""),
        ({"filename*": "a", "filename": "b", "filename*0": "c"}, "a"),
        ({"filename*": "", "filename": "b"}, ""),
        ({"filename": "b", "filename*0": "c"}, "b"),
        ({"filename*0": "a", "filename*1": "b"}, "ab"),
        ({"filename*0*": "UTF-8''foo-%c3%a4", "filename*1": ".html"}, "foo-ä.html"),
        ({"filename*0*": "ISO-8859-15''%a4"}, None),
    ],
)
def test_a_filename_is_found(parameters: dict[str, str], filename: str | None) -> None:
    assert content_disposition_filename(parameters) == filename


def test_other_values_are_found_in_the_same_way() -> None:
    assert content_disposition_filename({"name": "a", "filename": "b"}, "name") == "a"
    assert content_disposition_filename({"name*": "a", "name": "b"}, "name") == "a"
    assert content_disposition_filename({"name*0": "a", "name*1": "b"}, name="name") == "ab"


TOKENS = st.text(
    st.sampled_from("!#$%&'+-.^_`|~" + string.digits + string.ascii_lowercase),
    min_size=1,
    max_size=8,
)
SLASHES = ("/", "\\")
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter(
    lambda value: not value.startswith(SLASHES)
)


@given(
    TOKENS,
    st.dictionaries(st.tuples(TOKENS, st.sampled_from(["plain", "quoted", "*"])), VALUES),
)
def test_what_was_written_is_read(kind: str, given_: dict[tuple[str, str], str]) -> None:
    field, expected = kind.upper(), dict[str, str]()
    for (name, form), text in given_.items():
        if form == "*":
            key, value = f"{name}*", text
            field += f"; {key}=UTF-8''" + "".join(f"%{byte:02X}" for byte in text.encode())
        elif form == "quoted":
            key, value = name, text
            escaped = text.replace("\\", "\\\\").replace('"', '\\"')
            field += f'; {key}="{escaped}"'
        else:
            key, value = name, name[::-1]
            field += f";{key}={value}"
        expected.setdefault(key, value)
    assert parse_content_disposition(field) == (kind, expected)


@given(st.text(st.sampled_from("ab/;=\"\\ \t'*%0148fiename-UTF:é\n\udc80\ud800"), max_size=60))
def test_any_text_gives_a_type_and_parameters(text: str) -> None:
    for field in (text, f"a; filename{text}", f"a; filename*={text}"):
        kind, parameters = parse_content_disposition(field)
        assert kind is None or (kind and kind == kind.lower())
        assert all(name and name == name.lower() for name in parameters)
        filename = content_disposition_filename(parameters)
        assert filename is not None or "filename" not in parameters


@given(st.text())
def test_any_text_at_all_is_read(text: str) -> None:
    kind, parameters = parse_content_disposition(text)
    assert kind is None or kind in text.lower()
    assert len(parameters) <= text.count("=")
