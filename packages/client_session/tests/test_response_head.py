import pytest
from multidict import CIMultiDict
from yarl import URL

from martlet_client_session._disposition import ContentDisposition
from martlet_client_session._response_head import ReceivedHead
from martlet_interfaces import HttpVersion11, RequestHead, ResponseHead

from .scripted import Fields, no_fields


def received(*fields: tuple[str, str], url: str = "http://h/p?q#f") -> ReceivedHead:
    head = ReceivedHead(RequestHead("GET", URL(url), no_fields()))
    head._head = ResponseHead(HttpVersion11, 200, "OK", CIMultiDict(fields))
    head.status = 200
    return head


def test_urls_are_with_and_without_the_fragment() -> None:
    head = received()
    assert head.url == head.url_obj == URL("http://h/p?q")
    assert head.real_url == URL("http://h/p?q#f")


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ([], None),
        ([("content-length", "0")], 0),
        ([("Content-Length", "0012")], 12),
        ([("Content-Length", "")], None),
        ([("Content-Length", "-1")], None),
        ([("Content-Length", "\u0661")], None),
        ([("Content-Length", "9" * 20)], None),
    ],
)
def test_content_length_is_what_the_field_says(fields: Fields, length: int | None) -> None:
    assert received(*fields).content_length == length


def test_content_disposition_is_taken_apart() -> None:
    assert received().content_disposition is None
    head = received(("Content-Disposition", 'attachment; filename="a.txt"'))
    assert head.content_disposition == ContentDisposition(
        "attachment", {"filename": "a.txt"}, "a.txt"
    )


def test_links_are_joined_to_the_url() -> None:
    head = received(("Link", "<a>; rel=next"), ("Link", "</b>; rel=prev"))
    assert [(key, link["url"]) for key, link in head.links.items()] == [
        ("next", URL("http://h/a")),
        ("prev", URL("http://h/b")),
    ]
    assert len(received().links) == 0


def test_cookies_are_those_of_the_response_and_the_same_each_time() -> None:
    head = received(("Set-Cookie", 'a="b c"; Path=/x'), ("set-cookie", "d=e"))
    cookies = head.cookies
    assert {name: morsel.value for name, morsel in cookies.items()} == {"a": "b c", "d": "e"}
    assert cookies["a"]["path"] == "/x"
    assert head.cookies is cookies
    assert not received().cookies


@pytest.mark.parametrize(
    ("field", "content_type", "charset"),
    [
        (None, "application/octet-stream", None),
        ("", "application/octet-stream", None),
        ("Text/HTML", "text/html", None),
        ("text/plain; Charset=UTF-8", "text/plain", "utf-8"),
        ('text/plain; charset="Latin-1"', "text/plain", "latin-1"),
        ("text/plain; charset=", "text/plain", None),
    ],
)
def test_media_type_is_lower_case(
    field: str | None, content_type: str, charset: str | None
) -> None:
    head = received() if field is None else received(("Content-Type", field))
    assert (head.content_type, head.charset) == (content_type, charset)
