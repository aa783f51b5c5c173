import pytest
from yarl import URL

from martlet_testing import (
    REDACTED,
    SECRET_HEADERS,
    Fields,
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
)
from martlet_testing._redaction import Redaction


def exchange(url: str, sent: Fields = (), received: Fields = ()) -> RecordedExchange:
    return RecordedExchange(
        RecordedRequest("GET", URL(url), sent, b""),
        RecordedResponse(200, "OK", received, b"", trailers=received),
    )


def test_secrets_are_replaced_whatever_the_case_of_their_names() -> None:
    sent = (("authorization", "Bearer x"), ("COOKIE", "a=b"), ("Accept", "*/*"))
    received = (("Proxy-Authorization", "x"), ("X-Other", "y"))
    found = Redaction(SECRET_HEADERS, []).redacted(exchange("http://a/?key=1", sent, received))
    assert found.request.headers == (
        ("authorization", REDACTED),
        ("COOKIE", REDACTED),
        ("Accept", "*/*"),
    )
    assert found.response.headers == (("Proxy-Authorization", REDACTED), ("X-Other", "y"))
    assert found.response.trailers == found.response.headers
    assert found.request.url == URL("http://a/?key=1")


def test_of_a_cookie_all_but_its_value_stays() -> None:
    received = (("Set-Cookie", "sid=secret=; Path=/; HttpOnly"), ("set-cookie", "a=b"))
    found = Redaction(["SET-Cookie"], []).redacted(exchange("http://a/", (), received))
    assert [value for _, value in found.response.headers] == [
        "sid=REDACTED; Path=/; HttpOnly",
        "a=REDACTED",
    ]


def test_parameters_are_replaced() -> None:
    found = Redaction([], ["KEY"]).redacted(exchange("http://a/b?key=1&c=2&key=3&Key=4"))
    assert dict(found.request.url.query) == {"key": REDACTED, "c": "2", "Key": REDACTED}
    assert found.request.url.query.getall("key") == [REDACTED, REDACTED]
    assert found.request.url.path == "/b"


def test_one_name_is_no_list() -> None:
    with pytest.raises(TypeError, match=r"redact is a list of names, not one: give \['X'\]"):
        Redaction("X", [])
    with pytest.raises(TypeError, match="redact_params"):
        Redaction([], "x")
