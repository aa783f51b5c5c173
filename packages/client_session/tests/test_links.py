from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from martlet_client_session._links import received_links

BASE = URL("http://h/a/b?q")


def test_links_stand_under_their_relation_or_their_url() -> None:
    fields = ['<http://example.com/p?a=1>; rel="next last"; title=x, </u>; rel=prev', "<../q>"]
    links = received_links(fields, BASE)
    assert {key: dict(link) for key, link in links.items()} == {
        "next last": {
            "rel": "next last",
            "title": "x",
            "url": URL("http://example.com/p?a=1"),
        },
        "prev": {"rel": "prev", "url": URL("http://h/u")},
        "../q": {"url": URL("http://h/q")},
    }


def test_links_of_the_same_relation_are_all_there() -> None:
    links = received_links(["<1>; rel=a, <2>; rel=a"], BASE)
    assert [str(link["url"]) for link in links.getall("a")] == ["http://h/a/1", "http://h/a/2"]


def test_what_leads_nowhere_is_left_out() -> None:
    assert list(received_links(["<http://[>; rel=a, <ok>; rel=b"], BASE)) == ["b"]


def test_no_field_is_no_link() -> None:
    assert len(received_links([], BASE)) == 0


@given(st.lists(st.text()))
def test_no_field_raises(fields: list[str]) -> None:
    received_links(fields, BASE)
