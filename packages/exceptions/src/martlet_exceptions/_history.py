"""What an error says about the responses that came before the one that failed."""

from typing import Final, NamedTuple, Protocol, runtime_checkable

from multidict import CIMultiDict, CIMultiDictProxy, MultiMapping
from yarl import URL

from martlet_interfaces import RequestInfo

__all__ = ["NO_REQUEST", "HistoryEntry", "HistoryRecord"]

NO_REQUEST: Final = RequestInfo(URL(), "", CIMultiDictProxy(CIMultiDict[str]()))
"""Stands for the request of an error that was raised where no request is known."""


@runtime_checkable
class HistoryEntry(Protocol):
    """One response of a redirect chain, as far as an error needs it.

    The client's response satisfies it, and so does `HistoryRecord`.
    """

    @property
    def status(self) -> int:
        """The status code (RFC 9110, section 15)."""

    @property
    def url(self) -> URL:
        """The URL that gave this response."""

    @property
    def method(self) -> str:
        """The method of the request."""

    @property
    def headers(self) -> MultiMapping[str]:
        """The response's fields."""


class HistoryRecord(NamedTuple):
    """The facts of one past response, free of its connection and its body.

    A live response cannot leave its process. Where an error is pickled or deep-copied,
    each entry of its history becomes such a record.
    """

    status: int
    url: URL
    method: str
    headers: MultiMapping[str]
