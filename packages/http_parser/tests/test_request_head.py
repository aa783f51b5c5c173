import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from martlet_http_parser import serialize_request_head, serialize_request_line
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

from .independent import lines_of
from .nasty import LONE_SURROGATES, NASTY, Method, Shouting


@pytest.mark.parametrize(
    ("method", "target", "version", "line"),
    [
        ("GET", "/", HttpVersion11, b"GET / HTTP/1.1\r\n"),
        ("POST", "/a?b=c", HttpVersion(1, 1), b"POST /a?b=c HTTP/1.1\r\n"),
        ("HEAD", "/", HttpVersion10, b"HEAD / HTTP/1.0\r\n"),
        ("OPTIONS", "*", HttpVersion11, b"OPTIONS * HTTP/1.1\r\n"),
        ("CONNECT", "[::1]:443", HttpVersion11, b"CONNECT [::1]:443 HTTP/1.1\r\n"),
        ("MY-METHOD!", "http://a/", HttpVersion11, b"MY-METHOD! http://a/ HTTP/1.1\r\n"),
        ("get", "/~%20", HttpVersion11, b"get /~%20 HTTP/1.1\r\n"),
    ],
)
def test_a_request_line_is_written(
    method: str, target: str, version: HttpVersion, line: bytes
) -> None:
    assert serialize_request_line(method, target, version) == line


def test_the_version_is_11_unless_it_is_given() -> None:
    assert serialize_request_line("GET", "/") == b"GET / HTTP/1.1\r\n"


@pytest.mark.parametrize(
    "method",
    ["", " ", "GET ", " GET", "G T", "G:T", "G\u010aT", "Ġ", *NASTY, *LONE_SURROGATES]
    + ["GET" + nasty for nasty in NASTY],
)
def test_a_method_that_is_no_token_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match=r"^Method is not a token: ") as caught:
        serialize_request_line(method, "/")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "target",
    ["", " ", "/ ", "/a b", "/\t", "/\u010a", "/é", "/\x85", *LONE_SURROGATES]
    + [f"/{nasty}x" for nasty in NASTY],
)
def test_a_target_that_is_not_visible_ascii_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match=r"^Request target is not visible ASCII: ") as caught:
        serialize_request_line("GET", target)
    assert type(caught.value) is ValueError
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("version", [(2, 0), (1, 2), (0, 9), (1, "1\r\nX: y")])
def test_another_version_is_refused(version: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"^Not a version of HTTP/1: ") as caught:
        serialize_request_line("GET", "/", HttpVersion(*version))
    assert str(caught.value).isprintable()


def test_errors_are_short() -> None:
    for method, target in (("\n" * 9999, "/"), ("GET", "\n" * 9999)):
        with pytest.raises(ValueError, match=r"\\n") as caught:
            serialize_request_line(method, target)
        assert len(str(caught.value)) < 200


@given(st.text(), st.text())
def test_no_method_and_no_target_end_the_request_line(method: str, target: str) -> None:
    try:
        line = serialize_request_line(method, target)
    except ValueError:
        return
    assert line.split(b" ") == [method.encode(), target.encode(), b"HTTP/1.1\r\n"]
    assert lines_of(line)[1:] == [b""]


def test_what_was_checked_is_what_is_written() -> None:
    assert serialize_request_line(Method.FETCH, "/") == b"GET / HTTP/1.1\r\n"
    assert serialize_request_line("GET", Shouting("/a")) == b"GET /a HTTP/1.1\r\n"


@pytest.mark.parametrize("wrong", [5, None, b"GET", ["GET"]])
def test_what_is_no_string_is_the_callers_mistake(wrong: object) -> None:
    with pytest.raises(TypeError):
        serialize_request_line(wrong, "/")  # type: ignore[arg-type]  # that is what is tested
    with pytest.raises(TypeError, match=r"^Request target is not a string: \w+$"):
        serialize_request_line("GET", wrong)  # type: ignore[arg-type]  # that is what is tested


def test_a_head_is_written_in_order_with_nothing_added() -> None:
    fields = CIMultiDict([("X-A", "1"), ("Host", "a.test:8080"), ("x-a", "2")])
    head = b"GET /x?y=z HTTP/1.1\r\nX-A: 1\r\nHost: a.test:8080\r\nx-a: 2\r\n\r\n"
    assert serialize_request_head("GET", "/x?y=z", fields) == head
    assert serialize_request_head("GET", "/x?y=z", list(fields.items())) == head
    assert serialize_request_head("GET", "/x?y=z", iter(fields.items())) == head
    assert serialize_request_head("GET", "/", {"Host": ""}) == b"GET / HTTP/1.1\r\nHost: \r\n\r\n"


def test_http10_needs_no_host() -> None:
    assert serialize_request_head("GET", "/", {}, HttpVersion10) == b"GET / HTTP/1.0\r\n\r\n"


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/"),
        ("GET", "//a/../b"),
        ("GET", "/?a=http://b@c/"),
        ("OPTIONS", "*"),
        ("OPTIONS", "/"),
        ("GET", "http://a.test"),
        ("GET", "https://a.test:8443/b?c=d@e"),
        ("GET", "http://[::1]?a=@"),
        ("CONNECT", "a.test:443"),
        ("CONNECT", "[::1]:443"),
    ],
)
def test_a_target_may_have_each_form_that_its_method_allows(method: str, target: str) -> None:
    head = serialize_request_head(method, target, {"Host": "a"})
    assert head == f"{method} {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("method", "target", "error"),
    [
        ("GET", "*", "The target '*' is for OPTIONS only"),
        ("options", "*", "The target '*' is for OPTIONS only"),
        ("CONNECT", "/", "The target of CONNECT is not host:port"),
        ("CONNECT", "*", "The target of CONNECT is not host:port"),
        ("CONNECT", "a.test", "The target of CONNECT is not host:port"),
        ("CONNECT", ":443", "The target of CONNECT is not host:port"),
        ("CONNECT", "a.test:", "The target of CONNECT is not host:port"),
        ("CONNECT", "s3cret@a.test:443", "The target of CONNECT is not host:port"),
        ("CONNECT", "http://a.test:443", "The target of CONNECT is not host:port"),
        ("GET", "a", "Request target is neither a path nor an absolute URL"),
        ("GET", "?s3cret", "Request target is neither a path nor an absolute URL"),
        ("GET", "a.test:443", "Request target is neither a path nor an absolute URL"),
        ("GET", "http:///a", "Request target is neither a path nor an absolute URL"),
        ("OPTIONS", "**", "Request target is neither a path nor an absolute URL"),
        ("GET", "/#s3cret", "Request target has a fragment"),
        ("GET", "http://a.test/b#s3cret", "Request target has a fragment"),
        ("GET", "http://me:s3cret@a.test/", "Request target has user information"),
        ("GET", "http://s3cret@a.test?b", "Request target has user information"),
        ("GET", "ftp://s3cret@a.test/b", "Request target has user information"),
    ],
)
def test_a_target_of_another_form_is_refused(method: str, target: str, error: str) -> None:
    with pytest.raises(ValueError, match=r"[Tt]arget") as caught:
        serialize_request_head(method, target, {"Host": "a"})
    # The target is not shown: URLs may hold secrets.
    assert str(caught.value) == error


@pytest.mark.parametrize(
    ("hosts", "error"),
    [
        ([], "Host is missing, which HTTP/1.1 needs"),
        (["a", "a"], "Host is given twice"),
        (["a", "b"], "Host is given twice"),
        (["a b"], "Host is not a host with an optional port"),
        (["a/b"], "Host is not a host with an optional port"),
        (["me@a"], "Host is not a host with an optional port"),
        (["a, b"], "Host is not a host with an optional port"),
        (["a:x"], "Host is not a host with an optional port"),
        (["é"], "Host is not a host with an optional port"),
        ([" a"], "Host is not a host with an optional port"),
    ],
)
def test_there_is_exactly_one_host(hosts: list[str], error: str) -> None:
    fields = [("X", "y"), *zip(["Host", "hOST"], hosts, strict=False)]
    with pytest.raises(ValueError, match=r"^Host ") as caught:
        serialize_request_head("GET", "/", fields)
    assert str(caught.value) == error
    if hosts:
        with pytest.raises(ValueError, match=r"^Host ") as caught:
            serialize_request_head("GET", "/", fields, HttpVersion10)
        assert str(caught.value) == error
