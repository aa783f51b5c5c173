"""`CookieStore`: two methods are enough to be one."""

from collections.abc import Sequence

from yarl import URL

from martlet_interfaces import CookieStore


class Echo:
    def __init__(self) -> None:
        self.last: tuple[Sequence[str], URL] = ((), URL())

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        self.last = headers, response_url

    def cookie_header(self, request_url: URL) -> str:
        headers, url = self.last
        return "; ".join(headers) if url.host == request_url.host else ""


def test_a_class_with_its_two_methods_is_a_store() -> None:
    store: CookieStore = Echo()
    store.update_cookies_from_headers(["a=1", "b=2"], URL("http://example.org/x"))
    assert store.cookie_header(URL("http://example.org/")) == "a=1; b=2"
    assert store.cookie_header(URL("http://example.com/")) == ""
