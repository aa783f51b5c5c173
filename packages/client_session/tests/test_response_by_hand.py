"""Responses that are made for tests of other programs."""

import asyncio
from http.cookies import SimpleCookie

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_client_session import ClientResponse, StreamReader
from martlet_exceptions import ClientResponseError
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
