"""A request that is made by hand, or changed by a middleware."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from multidict import CIMultiDict
from yarl import URL

from martlet_client_session import BasicAuth, ClientRequest, ClientResponse
from martlet_client_session._payload import Payload
from martlet_client_session._request_body import PayloadBody
from martlet_exceptions import InvalidURL
from martlet_http_parser import available_codings
from martlet_interfaces import DIRECT, HttpVersion10, HttpVersion11, TransportOptions

HERE = URL("http://h/a?b=c#d")


def fields(request: ClientRequest) -> list[tuple[str, str]]:
    automatic = {"Accept", "Accept-Encoding", "User-Agent"}
    return [pair for pair in request.headers.items() if pair[0] not in automatic]


def test_without_more_it_is_what_a_session_sends() -> None:
    request = ClientRequest("get", HERE)
    assert (request.method, request.url, request.version) == ("GET", HERE, HttpVersion11)
    assert list(request.headers) == ["Host", "Accept", "Accept-Encoding", "User-Agent"]
    assert request.headers["Host"] == "h"
    assert request.headers["Accept-Encoding"] == ", ".join(available_codings())
    assert request.body == b""
    assert request.upload is None
    assert request.auth is None
    assert request.proxy is None
    assert request.proxy_auth is None
    assert request.options is DIRECT
    assert request.deadline is None
    assert request.limits is None
    assert not request.crossed_origin
    assert request.response is None
    assert request.skip_auto_headers == frozenset()
    assert repr(request) == "<ClientRequest GET http://h/a?b=c#d>"
    with pytest.raises(RuntimeError, match="without a session"):
        _ = request.session


def test_what_aiohttps_class_has() -> None:
    assert {"GET", "HEAD", "OPTIONS", "TRACE"} == ClientRequest.GET_METHODS
    assert {"PATCH", "POST", "PUT"} == ClientRequest.POST_METHODS
    assert (
        ClientRequest.GET_METHODS | ClientRequest.POST_METHODS | {"DELETE"}
        == ClientRequest.ALL_METHODS
    )
    assert ClientRequest.DEFAULT_HEADERS["Accept"] == "*/*"
    assert set(ClientRequest.DEFAULT_HEADERS) == {"Accept", "Accept-Encoding"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"X-A": "1"}, [("Host", "h"), ("X-A", "1")]),
        ([("X-A", "1"), ("x-a", "2")], [("Host", "h"), ("X-A", "1"), ("x-a", "2")]),
        ({"Host": "other"}, [("Host", "other")]),
        ({"Host": ""}, [("Host", "h")]),
        (CIMultiDict({"host": "other", "B": "1"}), [("Host", "other"), ("B", "1")]),
    ],
)
def test_fields_that_are_given(given: Any, expected: list[tuple[str, str]]) -> None:
    assert fields(ClientRequest("GET", HERE, headers=given)) == expected


def test_fields_that_are_not_to_be_added() -> None:
    request = ClientRequest(
        "POST", HERE, headers={"Accept": "a/b"}, data=b"x",
        skip_auto_headers=["User-AGENT", "accept-encoding", "Content-Type"],
    )  # fmt: skip
    assert list(request.headers.items()) == [("Host", "h"), ("Accept", "a/b")]
    assert request.skip_auto_headers == {"user-agent", "accept-encoding", "content-type"}
    assert request.upload == b"x"


def test_params_and_cookies() -> None:
    request = ClientRequest(
        "GET", HERE, params={"e": "f"}, cookies={"a": "1"}, headers={"Cookie": "b=2; a=0"}
    )
    assert str(request.url) == "http://h/a?b=c&e=f#d"
    assert request.headers["Cookie"] == "a=1; b=2"
    request.update_cookies({"c": "3"})
    assert request.headers.getall("Cookie") == ["c=3; a=1; b=2"]
    request.update_cookies(None)
    assert request.headers.getall("Cookie") == ["c=3; a=1; b=2"]


@pytest.mark.parametrize(
    ("url", "auth", "expected"),
    [
        ("http://h/", None, None),
        ("http://h/", ("u", "p"), BasicAuth("u", "p", "utf-8")),
        ("http://u:p@h/", None, BasicAuth("u", "p", "utf-8")),
        ("http://v:w@h/", ("u", "p"), BasicAuth("u", "p", "utf-8")),
    ],
)
def test_credentials(url: str, auth: Any, expected: BasicAuth | None) -> None:
    request = ClientRequest("GET", URL(url), auth=auth)
    assert request.auth == expected
    assert request.headers.get("Authorization") == (expected and expected.encode())
    assert str(request.url) == "http://h/"


def test_credentials_may_be_replaced_but_not_a_field() -> None:
    request = ClientRequest("GET", HERE, auth=("u", "p"))
    request.update_auth(BasicAuth("v", "p"))
    assert request.headers.getall("Authorization") == ["Basic djpw"]
    request.headers["Authorization"] = "Bearer x"
    with pytest.raises(ValueError, match="cannot both be given"):
        request.update_auth(("u", "p"))
    for auth, url in (("u", "p"), HERE), (None, URL("http://u@h/")):
        with pytest.raises(ValueError, match="cannot both be given"):
            ClientRequest("GET", url, auth=auth, headers={"authorization": "x"})


def test_credentials_of_the_users_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "netrc"
    path.write_text("machine h login u password p\n")
    monkeypatch.setenv("NETRC", str(path))
    assert ClientRequest("GET", HERE, trust_env=True).auth == BasicAuth("u", "p", "utf-8")
    assert ClientRequest("GET", HERE).auth is None
    assert ClientRequest("GET", URL("http://o/"), trust_env=True).auth is None
    request = ClientRequest("GET", HERE, trust_env=True, headers={"Authorization": "x"})
    assert request.headers["Authorization"] == "x"
    assert (
        ClientRequest("GET", HERE, trust_env=True, auth=("v", "p")).headers["Authorization"]
        == BasicAuth("v", "p").encode()
    )


@pytest.mark.parametrize(
    ("given", "version"),
    [("1.0", HttpVersion10), ("1.1", HttpVersion11), (HttpVersion10, HttpVersion10)],
)
def test_versions(given: Any, version: Any) -> None:
    request = ClientRequest("GET", HERE, version=given)
    assert request.version == version
    assert request.head.version == version


@pytest.mark.parametrize("given", ["", "1", "one.one", "1.x", "1.1\r", "1.\u0661", "+1.1", "1_0.1"])
def test_what_is_no_version(given: str) -> None:
    with pytest.raises(ValueError, match="no version of HTTP"):
        ClientRequest("GET", HERE).update_version(given)


@pytest.mark.parametrize(
    ("method", "url", "error"),
    [
        (None, HERE, TypeError),
        ("GET", URL("/x"), InvalidURL),
        ("GET", URL("http://a%2fb/", encoded=True), InvalidURL),
    ],
)
def test_what_cannot_be_asked(method: Any, url: URL, error: type[Exception]) -> None:
    with pytest.raises(error):
        ClientRequest(method, url)


def test_letters_that_only_upper_case_makes_ascii_stay() -> None:
    assert ClientRequest("po\u017ft", HERE).method == "po\u017ft"


def test_the_url_may_be_changed_and_host_follows() -> None:
    request = ClientRequest("GET", HERE)
    request.url = URL("http://u:p@o:81/x")
    assert str(request.url) == "http://o:81/x"
    assert request.headers["Host"] == "o:81"
    assert "Authorization" not in request.headers
    request.headers["Host"] = "virtual"
    request.url = HERE
    assert request.headers["Host"] == "virtual"
    del request.headers["Host"]
    request.url = URL("http://o/")
    assert "Host" not in request.headers


def test_the_head_is_what_there_is_at_that_moment() -> None:
    request = ClientRequest("GET", HERE, headers={"X-A": "1"})
    head = request.head
    assert (head.method, head.url, head.options) == ("GET", HERE, DIRECT)
    request.headers["X-A"] = "2"
    assert head.headers["X-A"] == "1"
    assert request.head.headers["X-A"] == "2"
    del request.headers["Host"]
    assert next(iter(request.head.headers.items())) == ("Host", "h")


def test_proxies() -> None:
    request = ClientRequest(
        "GET", HERE, proxy=URL("http://u:p@proxy/"), proxy_headers={"X-A": "1"}, ssl=False,
        server_hostname="name",
    )  # fmt: skip
    assert request.proxy == URL("http://proxy/")
    assert dict(request.proxy_headers) == {"X-A": "1", "Proxy-Authorization": "Basic dTpw"}
    assert not request.proxy_auth
    assert (request.ssl, request.server_hostname) == (False, "name")


def test_proxies_may_be_replaced() -> None:
    request = ClientRequest("GET", HERE, proxy=URL("http://proxy/"), ssl=False)
    request.update_proxy("http://other/", ("u", "p"), None)
    assert request.proxy == URL("http://other/")
    assert request.proxy_auth == BasicAuth("u", "p", "utf-8")
    request.update_proxy(None, None, None)
    assert request.head.options == TransportOptions(ssl=False)
    direct = ClientRequest("GET", HERE, proxy="http://proxy/")
    direct.update_proxy(None, None, None)
    assert direct.options is DIRECT


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"data": b"x"}, [("Content-Type", "application/octet-stream")]),
        ({"data": "x"}, [("Content-Type", "text/plain; charset=utf-8")]),
        ({"data": {"a": "b"}}, [("Content-Type", "application/x-www-form-urlencoded")]),
        ({"data": b""}, []),
        ({"data": "x", "headers": {"Content-Type": "a/b"}}, [("Content-Type", "a/b")]),
        (
            {"data": b"x", "expect100": True},
            [("Content-Type", "application/octet-stream"), ("Expect", "100-continue")],
        ),
        (
            {"data": b"x", "compress": True},
            [("Content-Type", "application/octet-stream"), ("Content-Encoding", "deflate")],
        ),
    ],
)
def test_bodies(options: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    request = ClientRequest("POST", HERE, **options)
    assert fields(request)[1:] == expected
    assert isinstance(request.upload, bytes)


def test_chunked_bodies() -> None:
    request = ClientRequest("POST", HERE, data=b"x", chunked=True)
    assert isinstance(request.upload, PayloadBody)
    assert request.upload.length is None
    with pytest.raises(ValueError, match="Content-Length"):
        ClientRequest("POST", HERE, data=b"x", chunked=True, headers={"Content-Length": "1"})


async def test_a_body_is_shown_as_a_payload() -> None:
    request = ClientRequest("POST", HERE, data=b"x")
    body = request.body
    assert isinstance(body, Payload)
    assert body.replayable
    assert await body.as_bytes() == b"x"
    assert request.body is body
    await request.update_body({"a": "b"})
    assert request.body is not body
    assert isinstance(request.body, Payload)
    assert await request.body.as_bytes() == b"a=b"


async def test_there_may_be_no_body_any_more() -> None:
    request = ClientRequest("POST", HERE, data=b"x")
    await request.update_body(None)
    assert request.body == b""
    assert request.upload is None
    await request.close()


async def test_another_body_has_other_fields() -> None:
    request = ClientRequest("POST", HERE, data=b"x" * 9, compress="gzip", expect100=True)
    assert {"Content-Encoding", "Expect"} <= set(request.headers)
    await request.update_body(b"")
    assert not {"Content-Encoding", "Expect"} & set(request.headers)
    request.headers["Content-Length"] = "9"
    await request.update_body(b"y")
    assert "Content-Length" not in request.headers
    assert request.headers["Content-Type"] == "application/octet-stream"


async def test_files_are_closed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    first, second = path.open("rb"), path.open("rb")
    request = ClientRequest("POST", HERE, data=first)
    await request.update_body(second)
    assert first.closed
    await request.close()
    assert second.closed


def test_those_who_derive_are_asked_for_each_part() -> None:
    calls: list[str] = []

    class Derived(ClientRequest):
        def update_content_encoding(self, data: object) -> None:
            calls.append(f"encoding of {data!r}")

        def update_transfer_encoding(self) -> None:
            calls.append("transfer")

        def update_auth(self, auth: Any, trust_env: bool = False) -> None:
            super().update_auth(("mine", ""), trust_env)

    loop = asyncio.new_event_loop()
    request = Derived(
        "POST", HERE, data=b"x", loop=loop, response_class=ClientResponse, timer=1, traces=[]
    )
    loop.close()
    assert calls == ["encoding of b'x'", "transfer"]
    assert request.headers["Authorization"] == BasicAuth("mine").encode()
    assert request.loop is loop
    assert request.response_class is ClientResponse


def test_a_body_waits_to_be_asked_for_if_that_is_said_before() -> None:
    request = ClientRequest("POST", HERE)
    request.update_expect_continue(True)
    request.update_body_from_data(b"x")
    request.update_transfer_encoding()
    assert request.headers["Expect"] == "100-continue"
    assert "Transfer-Encoding" not in request.headers
