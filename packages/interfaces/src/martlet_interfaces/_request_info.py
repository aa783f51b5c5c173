"""The facts of a request that responses and errors carry."""

from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from multidict import CIMultiDictProxy
    from yarl import URL

__all__ = ["RequestInfo"]


class _RequestInfo(NamedTuple):
    url: "URL"
    method: str
    headers: "CIMultiDictProxy[str]"
    real_url: "URL"


class RequestInfo(_RequestInfo):
    """What was asked: `url` (no fragment), `method`, `headers`, `real_url` (as given).

    The order of the fields is frozen, for code that unpacks it. *real_url* is *url*
    when it is not given.
    """

    __slots__ = ()

    def __new__(
        cls,
        url: "URL",
        method: str,
        headers: "CIMultiDictProxy[str]",
        real_url: "URL | None" = None,
    ) -> Self:
        return super().__new__(cls, url, method, headers, url if real_url is None else real_url)
