import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket import Extension, HandshakeError, parse_extensions

TOKENS = st.text("abcxyz019!#$%&'*+-.^_`|~", min_size=1)
EXTENSIONS = st.builds(
    Extension, TOKENS, st.lists(st.tuples(TOKENS, st.one_of(st.none(), TOKENS))).map(tuple)
)


@pytest.mark.parametrize(
    ("text", "extensions"),
    [
        ("", []),
        (" , ,,", []),
        ("foo", [Extension("foo")]),
        ("Foo; Bar", [Extension("foo", (("bar", None),))]),
        (
            " foo ;a=1 ; b = 2\t;c, foo;a ,bar ",
            [
                Extension("foo", (("a", "1"), ("b", "2"), ("c", None))),
                Extension("foo", (("a", None),)),
                Extension("bar"),
            ],
        ),
        (r'foo; a="b\c"', [Extension("foo", (("a", "bc"),))]),
        ("foo; a=B; a=c", [Extension("foo", (("a", "B"), ("a", "c")))]),
    ],
)
def test_a_field_is_a_list_of_names_with_parameters(text: str, extensions: list[Extension]) -> None:
    assert parse_extensions(text) == extensions


@pytest.mark.parametrize(
    "text",
    [
        ";",
        "foo;",
        "foo; ;a",
        "foo bar",
        "foo; a=",
        "foo; =1",
        "foo; a=(b)",
        'foo; a="b c"',
        'foo; a="b',
        'foo; a=""',
        "föö",
        "foo, bar\0",
        "foo; a=b c",
        ",".join(["foo"] * 65),
    ],
)
def test_what_does_not_follow_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(HandshakeError, match="cannot be read from here on: '"):
        parse_extensions(text)


def test_an_error_shows_little_and_nothing_but_ascii() -> None:
    with pytest.raises(HandshakeError) as caught:
        parse_extensions("foo, \x1b\xe4" + "x" * 1000)
    assert str(caught.value).isascii()
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@given(extensions=st.lists(EXTENSIONS, max_size=5))
def test_what_is_written_is_read(extensions: list[Extension]) -> None:
    text = ", ".join(extension.serialize() for extension in extensions)
    assert parse_extensions(text) == extensions


@given(text=st.one_of(st.text(), st.text('a;=," \\\t')))
def test_no_text_gives_another_error(text: str) -> None:
    try:
        found = parse_extensions(text)
    except HandshakeError:
        return
    assert all(extension.name for extension in found)
