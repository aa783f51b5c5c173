"""The jars of the libraries; the loops are in them, so that no call of the benchmark's counts."""

import asyncio
import http.cookiejar
import importlib
from email.message import Message
from typing import Any
from urllib.request import Request

# Pinned, since the ceilings are ratios.
REQUIREMENTS = ("aiohttp==3.14.5",)


class Jar:
    """martlet's jar, and what all of them can do."""

    def __init__(self) -> None:
        self._url: Any = importlib.import_module("yarl").URL
        self._jar: Any = self._make()

    def _make(self) -> object:
        return importlib.import_module("martlet_cookiejar").CookieJar()

    def request(self, url: str) -> Any:
        """What the library takes for a URL."""
        return self._url(url)

    def response(self, url: str, header: str) -> tuple[Any, Any]:
        """What it takes for a response with one Set-Cookie field."""
        return [header], self._url(url)

    def ask(self, requests: list[Any]) -> str:
        """Make the Cookie field for each of the requests; the last is returned."""
        field, make = "", self._jar.cookie_header
        for url in requests:
            field = make(url)
        return field

    def store(self, responses: list[tuple[Any, Any]]) -> None:
        """Store what the responses have set."""
        update = self._jar.update_cookies_from_headers
        for headers, url in responses:
            update(headers, url)


class _Aiohttp(Jar):
    def _make(self) -> object:
        async def make() -> object:
            return importlib.import_module("aiohttp").CookieJar()

        return asyncio.run(make())  # it wants a loop that runs

    def ask(self, requests: list[Any]) -> str:
        field, cookies = "", self._jar.filter_cookies
        for url in requests:
            field = cookies(url).output(header="", sep=";")
        return field


class _Response(Message):
    def info(self) -> Message:
        return self


class _Standard(Jar):
    def _make(self) -> object:
        return http.cookiejar.CookieJar()

    def request(self, url: str) -> Request:
        return Request(url)

    def response(self, url: str, header: str) -> tuple[Message, Request]:
        response = _Response()
        response["Set-Cookie"] = header
        return response, self.request(url)

    def ask(self, requests: list[Any]) -> str:
        field, add = "", self._jar.add_cookie_header
        for request in requests:
            add(request)
            # If it stayed, it would not be made again.
            field = request.unredirected_hdrs.pop("Cookie", "")
        return field

    def store(self, responses: list[tuple[Any, Any]]) -> None:
        extract = self._jar.extract_cookies
        for response, request in responses:
            extract(response, request)


JARS: dict[str, type[Jar]] = {"martlet": Jar, "aiohttp": _Aiohttp, "http.cookiejar": _Standard}
