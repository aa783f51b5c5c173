import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import parse_media_type

Parsed = tuple[str, dict[str, str]]


@pytest.mark.parametrize(
    ("field", "parsed"),
    [
        ("text/html", ("text/html", {})),
        ("  Text/HTML\t", ("text/html", {})),
        ("text/html; charset=UTF-8", ("text/html", {"charset": "UTF-8"})),
        ("text/html;charset=utf-8", ("text/html", {"charset": "utf-8"})),
        ("text/html ; \tCHARSET=utf-8 ", ("text/html", {"charset": "utf-8"})),
        ('text/html; charset="utf-8"', ("text/html", {"charset": "utf-8"})),
        (r'a/b; x="q\"\\\z"', ("a/b", {"x": 'q"\\z'})),
        ('a/b; x="1;y=2"; z=3', ("a/b", {"x": "1;y=2", "z": "3"})),
        ('a/b; x=""', ("a/b", {"x": ""})),
        ("a/b; x=", ("a/b", {"x": ""})),
        ("a/b; x=1; x=2; X=3", ("a/b", {"x": "1"})),
        ("a/b;;; x=1;", ("a/b", {"x": "1"})),
        ("a/b; boundary=a'b()+_,-./:=?", ("a/b", {"boundary": "a'b()+_,-./:=?"})),
    ],
)
def test_a_media_type_is_taken_apart(field: str, parsed: Parsed) -> None:
    assert parse_media_type(field) == parsed


@pytest.mark.parametrize(
    ("field", "parsed"),
    [
        ("", ("", {})),
        (";", ("", {})),
        ("; charset=x", ("", {"charset": "x"})),
        ("text", ("text", {})),
        ("a/b; nothing", ("a/b", {})),
        ("a/b; =x", ("a/b", {})),
        ("a/b; n\x7fme=x", ("a/b", {})),
        ("a/b; x = 1; y=2", ("a/b", {"y": "2"})),
        ('a/b; x="open', ("a/b", {"x": ""})),
        ('a/b; x="open; y=2', ("a/b", {"x": "", "y": "2"})),
        ('a/b; x="1"rest; y=2', ("a/b", {"x": "1", "y": "2"})),
    ],
)
def test_what_is_not_well_formed_is_passed_over(field: str, parsed: Parsed) -> None:
    assert parse_media_type(field) == parsed


@given(st.text(st.sampled_from('ab/;="\\ \té\r\n\udc80'), max_size=40))
def test_any_text_gives_a_type_and_parameters(field: str) -> None:
    essence, parameters = parse_media_type(field)
    assert ";" not in essence
    assert essence == essence.strip(" \t").lower()
    assert all(name and name == name.lower() for name in parameters)


TOKENS = st.text(st.sampled_from("abz019!#-._"), min_size=1, max_size=8)
QUOTABLE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=12)


@given(TOKENS, st.dictionaries(TOKENS, QUOTABLE, max_size=4))
def test_quoted_parameters_come_back_as_they_were(subtype: str, given_: dict[str, str]) -> None:
    field = f"text/{subtype}"
    for name, value in given_.items():
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        field += f'; {name}="{escaped}"'
    assert parse_media_type(field) == (f"text/{subtype}", given_)
