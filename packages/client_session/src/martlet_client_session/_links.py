"""What Link fields say, for who receives them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from multidict import MultiDict, MultiDictProxy
from yarl import URL

if TYPE_CHECKING:
    Links: TypeAlias = "MultiDictProxy[MultiDictProxy[str | URL]]"

__all__ = ["received_links"]


def received_links(fields: Iterable[str], base: URL) -> "Links":
    """Take the Link fields of a response apart (RFC 8288).

    Gives each link's parameters under its ``rel``, or its URL if it has none. Among them
    is ``url``: where it leads, joined to *base*. One that leads to no URL is left out.
    """
    from martlet_http_parser import parse_links

    links: MultiDict[MultiDictProxy[str | URL]] = MultiDict()
    for link in parse_links(", ".join(fields)):
        try:
            url = base.join(URL(link.target))
        except ValueError:
            continue
        parameters: MultiDict[str | URL] = MultiDict(link.parameters)
        key = link.get("rel") or link.target
        parameters["url"] = url
        links.add(key, MultiDictProxy(parameters))
    return MultiDictProxy(links)
