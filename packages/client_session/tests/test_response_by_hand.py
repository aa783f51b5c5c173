"""Responses that are made for tests of other programs."""

import asyncio
import gzip
from http.cookies import SimpleCookie
from typing import Any

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_client_session import ClientResponse, StreamReader
from martlet_exceptions import ClientPayloadError, ClientResponseError, InvalidURL
from martlet_interfaces import HttpVersion10, HttpVersion11, RequestInfo

HOST = URL("http://h/p#f")


async def test_it_is_an_empty_answer() -> None:
    response = ClientResponse("GET", HOST)
    assert (response.status, response.reason, response.version) == (0, "", HttpVersion11)
    assert (response.method, response.url, response.real_url) == ("GET", URL("http://h/p"), HOST)
    assert (len(response.headers), len(response.cookies), response.history) == (0, 0, ())
    assert response.closed
    assert response.connection is None
    assert await response.read() == b""
    assert await response.json(content_type=None) is None
    async with response:
        pass


async def test_what_it_says_can_be_set() -> None:
    response = ClientResponse("GET", HOST)
    response.status = 404
    response.reason = "Gone fishing"
    response.version = HttpVersion10
    response.cookies = SimpleCookie("a=b")
    response.content = StreamReader(None, 100)
    response.content.feed_data(b'{"a": 1}')
    response.content.feed_eof()
    assert (response.reason, response.version) == ("Gone fishing", HttpVersion10)
    assert response.cookies["a"].value == "b"
    assert await response.json(content_type=None) == {"a": 1}
    with pytest.raises(ClientResponseError, match="404, message='Gone fishing'"):
        response.raise_for_status()


def test_parameters_of_older_code_are_taken() -> None:
    fields = CIMultiDictProxy(CIMultiDict({"X-A": "1"}))
    info = RequestInfo(URL("http://h/p"), "PUT", fields, HOST)
    loop = asyncio.new_event_loop()
    response = ClientResponse(
        "PUT",
        HOST,
        writer=None,
        continue100=None,
        timer=object(),
        request_info=info,
        traces=[],
        loop=loop,
        session=None,
        stream_writer=None,
    )
    loop.close()
    assert response.request_info == info


def test_fields_can_be_set_as_makers_of_mocks_do() -> None:
    response = ClientResponse("GET", HOST)
    assert response.content_type == "application/octet-stream"
    response.cookies.load("a=b")
    response._headers = CIMultiDictProxy(
        CIMultiDict({"Content-Type": "text/css", "Set-Cookie": "c=d"})
    )
    response._raw_headers = ((b"content-type", b"text/css"), (b"set-cookie", b"c=d"))
    assert response.headers == response._headers
    assert response.content_type == "text/css"
    assert response.raw_headers == response._raw_headers
    assert response.raw_headers == ((b"Content-Type", b"text/css"), (b"Set-Cookie", b"c=d"))
    assert list(response.cookies) == ["a"]
    response._history = (ClientResponse("GET", HOST),)
    assert len(response.history) == 1


async def test_a_body_can_be_set() -> None:
    response = ClientResponse("GET", HOST)
    response._body = b"body"
    assert await response.text(encoding="ascii") == "body"


async def test_one_is_built_with_all_that_it_says() -> None:
    before = ClientResponse.build(status=302, headers={"Location": "/x"})
    response = ClientResponse.build(
        "POST",
        "http://h/x?y#z",
        status=201,
        headers=[("Content-Type", "application/json; charset=utf-8"), ("Set-Cookie", "a=b")],
        body=b'{"a": [1]}',
        request_headers={"X-Asked": "1"},
        history=[before],
    )
    assert (response.status, response.reason, response.ok) == (201, "Created", True)
    assert (response.method, str(response.url)) == ("POST", "http://h/x?y")
    assert response.request_info.headers["x-asked"] == "1"
    assert response.history == (before,)
    assert response.cookies["a"].value == "b"
    assert await response.json() == {"a": [1]}
    assert await response.text() == '{"a": [1]}'
    async with response:
        assert response.closed


async def test_what_is_built_by_default_is_empty_and_well() -> None:
    response = ClientResponse.build()
    assert (response.status, response.reason, len(response.headers)) == (200, "OK", 0)
    assert (response.method, str(response.url)) == ("GET", "http://localhost/")
    assert await response.read() == b""


async def test_content_codings_are_removed_from_what_is_built() -> None:
    headers = {"Content-Encoding": "gzip"}
    response = ClientResponse.build(headers=headers, body=gzip.compress(b"text"))
    assert [piece async for piece in response.content.iter_any()] == [b"text"]
    broken = ClientResponse.build(headers=headers, body=b"no gzip")
    with pytest.raises(ClientPayloadError):
        await broken.read()


def test_what_is_built_can_be_raised_for() -> None:
    response = ClientResponse.build(status=404, body=b"why")
    with pytest.raises(ClientResponseError, match="404, message='Not Found'") as caught:
        response.raise_for_status()
    assert caught.value.body == b"why"
    assert ClientResponse.build(status=599).reason == ""
    assert ClientResponse.build(status=404, reason="Gone fishing").reason == "Gone fishing"


def test_a_class_of_ones_own_is_built() -> None:
    class Mine(ClientResponse):
        pass

    assert type(Mine.build()) is Mine


def test_what_cannot_be_built_is_told() -> None:
    with pytest.raises(InvalidURL):
        ClientResponse.build("GET", "http://[/")
    text: Any = "text"
    with pytest.raises(TypeError, match="body must be bytes, not str"):
        ClientResponse.build(body=text)
