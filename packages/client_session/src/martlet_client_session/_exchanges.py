"""Single requests, and the cookies on their way to and from the jar."""

from typing import TYPE_CHECKING, Final, cast

from multidict import CIMultiDictProxy

from martlet_interfaces import CookieStore, RequestHead, Timeouts

from ._cookies import with_cookies
from ._headers import with_section
from ._reading import Reading
from ._response import ClientResponse
from ._response_head import SET_COOKIE

if TYPE_CHECKING:
    from yarl import URL

    from martlet_interfaces import Connector, Observer

    from ._defaults import AbstractCookieJar
    from ._request_body import PayloadBody

__all__ = ["Exchanges"]

_MAX_SECTIONS: Final = 64


class Exchanges:
    """What a session sends its requests with, one at a time."""

    __slots__ = ("_sections", "response_class", "store")

    store: CookieStore | None
    """What keeps cookies; ``None`` until there is one."""

    def __init__(self, response_class: type[ClientResponse], store: CookieStore | None) -> None:
        self.response_class = response_class
        self.store = store
        self._sections: dict[
            tuple[int, str], tuple[CIMultiDictProxy[str], CIMultiDictProxy[str]]
        ] = {}

    @property
    def jar(self) -> "AbstractCookieJar":
        """The store, which is made if there is none yet."""
        if self.store is None:
            from ._defaults import default_cookie_jar

            self.store = default_cookie_jar()
        # A store that has no more than the two methods was given by who asks.
        return cast("AbstractCookieJar", self.store)

    def with_cookies(self, head: RequestHead) -> RequestHead:
        """Give *head* with the cookies that go with it."""
        store = self.store
        cookies = "" if store is None else store.cookie_header(head.url)
        if not cookies:
            return head
        key = id(head.headers), cookies
        remembered = self._sections.get(key)
        if remembered is None:
            if len(self._sections) >= _MAX_SECTIONS:
                self._sections.clear()
            # With the one that it is made of, so that no other can take its place.
            remembered = with_cookies(head.headers, cookies), head.headers
            self._sections[key] = remembered
        return with_section(head, remembered[0])

    async def send(
        self,
        connector: "Connector",
        head: RequestHead,
        body: "bytes | PayloadBody | None",
        reading: Reading,
        phases: Timeouts,
        observer: "Observer | None" = None,
    ) -> ClientResponse:
        """Send one request; give the response when its head has come."""
        response = self.response_class.to(head, reading, body)
        if observer is None:
            exchange = await connector.send(head, body, response, timeouts=phases)
        else:
            exchange = await connector.send(
                head, body, response, timeouts=phases, observer=observer
            )
        response.begin(exchange)
        if response.sets_cookies:
            self.keep_cookies(response, head.url)
        return response

    def keep_cookies(self, response: ClientResponse, url: "URL") -> None:
        """Keep the cookies that *response*, which *url* has given, sets."""
        try:
            self.jar.update_cookies_from_headers(response.headers.getall(SET_COOKIE), url)
        except BaseException:
            # Nobody else has the response.
            response.close()
            raise
