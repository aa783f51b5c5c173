"""A request as it arrived."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl

from attrs import field, frozen
from multidict import CIMultiDictProxy, MultiDict, MultiDictProxy
from yarl import URL

__all__ = ["SeenRequest"]

_NO_PARAMS: Mapping[str, str] = MappingProxyType({})


@frozen(eq=False)
class SeenRequest:
    """One request as the other end sees it: handlers get it, and `calls` keep it.

    `url` is absolute, with its query and without a fragment. `body` is the whole body as it was
    sent, content codings included. `path_params` are the values of the placeholders in the URL of
    the route that it matched, percent-decoded.
    """

    method: str
    url: URL
    headers: CIMultiDictProxy[str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    path_params: Mapping[str, str] = field(default=_NO_PARAMS, repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.url}"

    def text(self, encoding: str = "utf-8") -> str:
        """Give the body as text. Raises `UnicodeDecodeError` where it is none."""
        return self.body.decode(encoding)

    def json(self) -> Any:
        """Give the body as JSON. Raises `ValueError` where it is none."""
        return json.loads(self.body)

    def form(self) -> MultiDictProxy[str]:
        """Give the fields of a body of type ``application/x-www-form-urlencoded``."""
        pairs = parse_qsl(self.body.decode("utf-8"), keep_blank_values=True)
        return MultiDictProxy(MultiDict(pairs))
