import pytest
from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL

from martlet_client_session import LooseHeaders, __version__
from martlet_client_session._headers import HeaderSections
from martlet_exceptions import InvalidUrlClientError
from martlet_http_parser import available_codings

H = URL("http://h/")
AUTOMATIC = ["Accept", "Accept-Encoding", "User-Agent"]


def without_automatic(
    own: LooseHeaders | None, headers: LooseHeaders | None = None, content_type: str | None = None
) -> list[tuple[str, str]]:
    return list(HeaderSections(own, AUTOMATIC).build(H, content_type, headers, None).items())


def test_section_begins_with_host_and_the_automatic_fields() -> None:
    section = HeaderSections(None, None).common(H, None)
    assert list(section) == ["Host", *AUTOMATIC]
    assert section["Host"] == "h"
    assert section["Accept"] == "*/*"
    assert section["Accept-Encoding"] == ", ".join(available_codings())
    assert section["User-Agent"].startswith("Python/3.")
    assert section["User-Agent"].endswith(f" martlet/{__version__}")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://h:80/", "h"),
        ("https://h:443/", "h"),
        ("http://h:443/", "h:443"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://ä.example/", "xn--4ca.example"),
        ("http://H./", "h"),
    ],
)
def test_host_is_the_urls_without_the_default_port(url: str, host: str) -> None:
    assert HeaderSections(None, None).common(URL(url), None)["Host"] == host


@pytest.mark.parametrize(
    ("own", "request_s"), [({"HOST": "other"}, None), (None, {"host": "other"})]
)
def test_given_host_replaces_the_urls_and_stays_first(
    own: LooseHeaders | None, request_s: LooseHeaders | None
) -> None:
    assert without_automatic(own, request_s) == [("Host", "other")]


def test_empty_host_is_not_sent() -> None:
    assert without_automatic({"Host": ""}) == [("Host", "h")]


def test_two_hosts_are_a_value_error() -> None:
    with pytest.raises(ValueError, match="Host is given twice"):
        without_automatic(None, [("Host", "a"), ("host", "b")])


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "1"},
        {istr("X-A"): "1"},
        CIMultiDict({"X-A": "1"}),
        CIMultiDictProxy(CIMultiDict({"X-A": "1"})),
        [("X-A", "1")],
        (pair for pair in [("X-A", "1")]),
    ],
)
def test_headers_come_in_many_forms(headers: LooseHeaders) -> None:
    assert without_automatic(None, headers) == [("Host", "h"), ("X-A", "1")]


def test_requests_field_replaces_all_lines_of_the_sessions() -> None:
    own = [("X-A", "1"), ("x-a", "2"), ("X-B", "3")]
    assert without_automatic(own, [("X-a", "4"), ("X-A", "5")]) == [
        ("Host", "h"),
        ("X-B", "3"),
        ("X-a", "4"),
        ("X-A", "5"),
    ]


def test_given_fields_replace_automatic_ones_in_any_case() -> None:
    section = HeaderSections({"ACCEPT": "text/html"}, None).build(
        H, None, {"user-agent": "mine"}, None
    )
    assert section.getall("Accept") == ["text/html"]
    assert section.getall("User-Agent") == ["mine"]


@pytest.mark.parametrize("name", ["User-Agent", "user-agent", istr("USER-AGENT")])
def test_automatic_field_can_be_skipped_by_session_or_request(name: str) -> None:
    by_session = HeaderSections(None, [name])
    assert "User-Agent" not in by_session.common(H, None)
    assert "User-Agent" not in HeaderSections(None, None).build(H, None, None, [name])
    assert "Accept" not in by_session.build(H, None, None, ["Accept"])
    assert "User-Agent" not in by_session.build(H, None, None, ["Accept"])


def test_skipping_does_not_take_away_what_was_given() -> None:
    section = HeaderSections({"User-Agent": "mine"}, ["User-Agent"]).common(H, None)
    assert section["User-Agent"] == "mine"


def test_content_type_of_the_body_is_added_last() -> None:
    assert without_automatic({"X-A": "1"}, None, "text/plain") == [
        ("Host", "h"),
        ("X-A", "1"),
        ("Content-Type", "text/plain"),
    ]


def test_given_content_type_goes_before_the_bodys() -> None:
    assert without_automatic({"content-type": "a/b"}, None, "text/plain") == [
        ("Host", "h"),
        ("content-type", "a/b"),
    ]


def test_content_type_of_the_body_can_be_skipped() -> None:
    section = HeaderSections(None, None).build(H, "text/plain", None, ["content-type"])
    assert "Content-Type" not in section
    assert "Content-Type" not in HeaderSections(None, ["Content-Type"]).common(H, "text/plain")


def test_common_section_is_the_same_object_for_the_same_origin_and_type() -> None:
    sections = HeaderSections({"X-A": "1"}, None)
    first = sections.common(URL("http://h/a"), None)
    assert sections.common(URL("http://h/b?c"), None) is first
    assert sections.common(URL("http://h:81/"), None) is not first
    assert sections.common(H, "text/plain") is not first
    assert sections.common(H, None) is first


def test_change_of_the_sessions_fields_is_honoured_and_changes_no_earlier_section() -> None:
    sections = HeaderSections({"X-A": "1"}, None)
    first = sections.common(H, None)
    sections.own["X-A"] = "2"
    assert sections.common(H, None)["X-A"] == "2"
    assert first["X-A"] == "1"
    del sections.own["X-A"]
    assert "X-A" not in sections.common(H, None)


def test_fields_that_were_given_may_change_without_effect() -> None:
    given = CIMultiDict({"X-A": "1"})
    sections = HeaderSections(given, None)
    given["X-A"] = "2"
    assert sections.common(H, None)["X-A"] == "1"


def test_common_sections_are_kept_for_64_origins_at_most() -> None:
    sections = HeaderSections(None, None)
    first = sections.common(H, None)
    for port in range(2000, 2063):
        sections.common(URL(f"http://h:{port}/"), None)
    assert sections.common(H, None) is first
    sections.common(URL("http://h:3000/"), None)
    assert len(sections._sections) == 1
    assert sections.common(H, None) is not first


@pytest.mark.parametrize("url", ["http://a%2fb/", "http:///"])
def test_bad_host_is_refused_also_the_second_time(url: str) -> None:
    sections = HeaderSections(None, None)
    for _ in range(2):
        with pytest.raises(InvalidUrlClientError):
            sections.common(URL(url), None)
