import string

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from martlet_http_parser import LinkValue, parse_links


def link(target: str, *parameters: tuple[str, str]) -> LinkValue:
    return LinkValue(target, parameters)


@pytest.mark.parametrize(
    ("field", "links"),
    [
        ("", []),
        ("<a>", [link("a")]),
        ("<>", [link("")]),
        (" <a b,;c> ", [link("a b,;c")]),
        ("<a>; rel=next", [link("a", ("rel", "next"))]),
        ('<a>;REL="next prev"', [link("a", ("rel", "next prev"))]),
        ("<a>\t;\trel\t=\tnext\t", [link("a", ("rel", "next"))]),
        (r'<a>; title="a\"b\\,;<c>"', [link("a", ("title", 'a"b\\,;<c>'))]),
        ('<a>; b=""', [link("a", ("b", ""))]),
        ("<a>; b; c=d", [link("a", ("b", ""), ("c", "d"))]),
        ("<a>; b=1; b=2", [link("a", ("b", "1"), ("b", "2"))]),
        (
            "<a>; rel=x, <b>; rel=y,<c>",
            [link("a", ("rel", "x")), link("b", ("rel", "y")), link("c")],
        ),
        ("<a>; rel=x ,<b>", [link("a", ("rel", "x")), link("b")]),
        ("<a>; title*=UTF-8''%e2%82%ac", [link("a", ("title*", "€"))]),
        (
            "<a>; title*=UTF-8'de'n%c3%a4chstes%20Kapitel",
            [link("a", ("title*", "nächstes Kapitel"))],
        ),
        # What other readers stumble over.
        (", ,<a>,\t,<b>,", [link("a"), link("b")]),
        ("<a>;;;b=c;", [link("a", ("b", "c"))]),
        ("<a>; =b; c=d", [link("a", ("c", "d"))]),
        ("<a>; b=; c=d", [link("a", ("b", ""), ("c", "d"))]),
        ("<a>; b=c d; e", [link("a", ("b", "c d"), ("e", ""))]),
        ("<a>; é=b; \u212a=c", [link("a", ("é", "b"), ("\u212a", "c"))]),
        ("<a> <b>", [link("a"), link("b")]),
        ("<a>; title*=\"UTF-8''%c3%a4\"", [link("a", ("title*", "ä"))]),
        ("<a>; title*=x; title=y", [link("a", ("title", "y"))]),
        ("<a>; title*=bogus''x", [link("a")]),
        ('<a>; b="c', [link("a", ("b", "c"))]),
        ('<a>; b="c\\', [link("a", ("b", "c"))]),
        ('<a>; b="c, <d>', [link("a", ("b", "c, <d>"))]),
    ],
)
def test_links_are_taken_apart(field: str, links: list[LinkValue]) -> None:
    assert parse_links(field) == links


@pytest.mark.parametrize(
    ("field", "links"),
    [
        ("a", []),
        ("a, <b>", []),
        ("<a", []),
        ("<a>, <b", [link("a")]),
        ("<a>, b, <c>", [link("a")]),
        ("<a> b, <c>", [link("a")]),
        ("<a>; b c; d=e, <f>", [link("a", ("b", ""))]),
        ('<a>; b="c"d; e=f, <g>', [link("a", ("b", "c"))]),
        ("; rel=next", []),
    ],
)
def test_reading_stops_where_the_field_is_malformed(field: str, links: list[LinkValue]) -> None:
    assert parse_links(field) == links


def test_a_field_of_several_lines_is_one() -> None:
    lines = ['<https://a/?page=2>; rel="next"', '<https://a/?page=9>; rel="last"']
    assert {value.rel: value.target for value in parse_links(", ".join(lines))} == {
        ("next",): "https://a/?page=2",
        ("last",): "https://a/?page=9",
    }


def test_links_and_their_parameters_have_a_bound() -> None:
    links = parse_links("<a>," * 3000)
    assert len(links) == 1000
    first, second = parse_links("<a>" + ";b=c" * 1000 + ", <d>; e=f")
    assert len(first.parameters) == 256
    assert second == link("d", ("e", "f"))


@pytest.mark.parametrize(
    ("value", "rel"),
    [
        (link("a"), ()),
        (link("a", ("rel", "")), ()),
        (link("a", ("rel", "Next")), ("next",)),
        (link("a", ("rel", " next \t prev  ")), ("next", "prev")),
        (link("a", ("rel", "next"), ("rel", "prev")), ("next",)),
        (link("a", ("rel", "\u212a http://X/Y")), ("\u212a", "http://x/y")),
        (link("a", ("rel", "a\xa0b")), ("a\xa0b",)),
    ],
)
def test_relations_are_those_of_the_first_rel(value: LinkValue, rel: tuple[str, ...]) -> None:
    assert value.rel == rel


@pytest.mark.parametrize(
    ("value", "title"),
    [
        (link("a"), None),
        (link("a", ("title", "b")), "b"),
        (link("a", ("title", "b"), ("title*", "c")), "c"),
        (link("a", ("title", "b"), ("title*", "")), ""),
        (link("a", ("title", "\udce4")), "ä"),
    ],
)
def test_a_title_with_a_charset_is_preferred(value: LinkValue, title: str | None) -> None:
    assert value.title == title


def test_parameters_are_found_by_their_names() -> None:
    value = link("a", ("b", "c"), ("anchor", "#d"), ("b", "e"))
    assert value.get("b") == value.get("B") == "c"
    assert value.get("c") is None
    assert value.anchor == "#d"
    assert link("a").anchor is None


def test_a_link_is_a_value() -> None:
    value = LinkValue("a", (("rel", "b"),))
    assert {value: 1}[parse_links("<a>; rel=b")[0]] == 1
    assert repr(value) == "LinkValue(target='a', parameters=(('rel', 'b'),))"
    assert LinkValue("a").parameters == ()
    with pytest.raises(FrozenInstanceError):
        value.target = "b"  # type: ignore[misc]  # that it cannot be set is the subject
    assert not hasattr(value, "__dict__")


TOKENS = st.text(
    st.sampled_from("!#$%&'+-.^_`|~" + string.digits + string.ascii_lowercase),
    min_size=1,
    max_size=8,
)
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
PARAMETERS = st.lists(
    st.tuples(TOKENS, st.sampled_from(["", "token", "quoted", "*"]), VALUES), max_size=4
)


@given(st.lists(st.tuples(st.text(st.characters(exclude_characters=">"), max_size=9), PARAMETERS)))
def test_what_was_written_is_read(
    written: list[tuple[str, list[tuple[str, str, str]]]],
) -> None:
    fields, expected = [], []
    for target, parameters in written:
        field, pairs = f"<{target}>", []
        for name, form, text in parameters:
            if form == "*":
                pairs.append((f"{name}*", text))
                escaped = "".join(f"%{byte:02X}" for byte in text.encode())
                field += f"; {name}*=UTF-8''{escaped}"
            elif form == "quoted":
                pairs.append((name, text))
                escaped = text.replace("\\", "\\\\").replace('"', '\\"')
                field += f'; {name}="{escaped}"'
            else:
                pairs.append((name, form))
                field += f";{name}={form}" if form else f" ;{name}"
        fields.append(field)
        expected.append(LinkValue(target, tuple(pairs)))
    assert parse_links(", ".join(fields)) == expected


@given(st.text(st.sampled_from("ab<>;=\"\\ \t,'*%é\n\udc80\ud800"), max_size=40))
def test_any_text_gives_links(text: str) -> None:
    for value in parse_links(f"<a>; rel={text}"):
        assert all(name for name, _ in value.parameters)
        assert ">" not in value.target
        assert not any(blank in relation for relation in value.rel for blank in " \t")
    assert parse_links(f"<a>; title={text}")[0].title is not None
    assert parse_links(f"<a>{text}")[0].target == "a"


@given(st.text())
def test_any_text_at_all_is_read(text: str) -> None:
    assert len(parse_links(text)) <= text.count("<")
