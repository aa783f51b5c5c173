"""Which requests a route is for: the method, the URL, and what else is wanted of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypedDict
from urllib.parse import parse_qsl

from yarl import URL

from martlet_interfaces import UNSET

from ._seen_request import SeenRequest
from ._url_pattern import URLPattern, URLSpec, url_pattern

__all__ = ["Criteria", "DataMatcher", "Matchers", "ParamValue"]

ParamValue = str | int | Sequence[str]
DataMatcher = bytes | str | Mapping[str, str] | Callable[[bytes], bool]

_SHOWN: Final = 80


class Matchers(TypedDict, total=False):
    """What a request has to have besides its method and its URL; all may be left out.

    `params`: parameters of the query, by name; a sequence is all values of one that is repeated.
    Others may be there as well. The query of the route's URL counts in the same way.

    `headers`: fields, by name: a value, or a regular expression that is found in it.

    `json`: the body as JSON, or a function that is given it and says whether it is right.

    `data`: the body as bytes, as a str, or, as a mapping, the fields of a form; or a function that
    is given the bytes and says whether they are right.
    """

    params: Mapping[str, ParamValue]
    headers: Mapping[str, str | re.Pattern[str]]
    json: object
    data: DataMatcher


class Criteria:
    """What is wanted of a request. *method* None is any.

    Raises `TypeError` and `ValueError` for a *url* that describes none.
    """

    def __init__(self, method: str | None, url: URLSpec, matchers: Matchers) -> None:
        unknown = matchers.keys() - Matchers.__annotations__.keys()
        if unknown:
            raise TypeError(f"A route knows no {', '.join(sorted(unknown))}: see Matchers")
        self.method: str | None = None if method is None else method.upper()
        self.url: URLPattern = url_pattern(url)
        self._params = {name: self.url.query.getall(name) for name in self.url.query}
        for name, value in matchers.get("params", {}).items():
            values = [value] if isinstance(value, str | int) else value
            self._params[name] = [str(one) for one in values]
        self._headers = dict(matchers.get("headers", {}))
        self._json = matchers.get("json", UNSET)
        self._data = matchers.get("data")

    def __str__(self) -> str:
        return f"{self.method or 'any method'} {self.url}"

    def address_differences(self, method: str, url: URL) -> list[str]:
        """Say what is wrong with *method* and *url*, its query apart."""
        found = []
        if self.method not in {None, method}:
            found.append(f"the method is {method}, not {self.method}")
        return found + self.url.differences(url)

    def differences(self, request: SeenRequest) -> list[str]:
        """Say what is wrong with *request*; an empty list if it matches."""
        found = self.address_differences(request.method, request.url)
        for name, wanted in self._params.items():
            found += _compared(f"parameter {name}", request.url.query.getall(name, []), wanted)
        for name, value in self._headers.items():
            got = request.headers.getall(name, [])
            if isinstance(value, str):
                found += _compared(name, got, [value])
            elif not any(map(value.search, got)):
                found.append(f"{name} is {_listed(got)}, in which {value.pattern!r} is not found")
        if self._json is not UNSET:
            found += self._json_differences(request)
        if self._data is not None:
            found += self._data_differences(request, self._data)
        return found

    def _json_differences(self, request: SeenRequest) -> list[str]:
        try:
            value = request.json()
        except ValueError:
            return [f"the body is no JSON, but {_short(request.body)}"]
        wanted = self._json
        if callable(wanted):
            return [] if wanted(value) else [f"the function refuses the JSON {_short(value)}"]
        return [] if value == wanted else [f"the JSON is {_short(value)}, not {_short(wanted)}"]

    def _data_differences(self, request: SeenRequest, wanted: DataMatcher) -> list[str]:
        body = request.body
        if callable(wanted):
            return [] if wanted(body) else [f"the function refuses the body {_short(body)}"]
        if isinstance(wanted, Mapping):
            form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
            same = form == dict(wanted)
            return [] if same else [f"the form is {_short(form)}, not {_short(dict(wanted))}"]
        octets = wanted.encode() if isinstance(wanted, str) else wanted
        return [] if body == octets else [f"the body is {_short(body)}, not {_short(octets)}"]


def _compared(what: str, got: list[str], wanted: list[str]) -> list[str]:
    return [] if got == wanted else [f"{what} is {_listed(got)}, not {_listed(wanted)}"]


def _listed(values: list[str]) -> str:
    return ", ".join(map(repr, values)) if values else "missing"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
