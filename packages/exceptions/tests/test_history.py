from multidict import CIMultiDict
from yarl import URL

from martlet_exceptions import NO_REQUEST, HistoryEntry, HistoryRecord


class Response:
    """As much of a response as an error needs."""

    def __init__(self) -> None:
        self.status = 302
        self.url = URL("http://example.org/")
        self.method = "GET"
        self.headers = CIMultiDict({"Location": "/new"})


def test_a_response_is_a_history_entry() -> None:
    entry: HistoryEntry = Response()
    assert isinstance(entry, HistoryEntry)
    assert not isinstance(object(), HistoryEntry)


def test_a_record_is_a_history_entry() -> None:
    entry: HistoryEntry = HistoryRecord(302, URL("http://example.org/"), "GET", CIMultiDict())
    assert isinstance(entry, HistoryEntry)


def test_the_placeholder_is_empty() -> None:
    assert not NO_REQUEST.url
    assert not NO_REQUEST.real_url
    assert NO_REQUEST.method == ""
    assert len(NO_REQUEST.headers) == 0
