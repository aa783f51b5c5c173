import copy
import pickle
import ssl
from typing import NamedTuple

import pytest
from multidict import CIMultiDict, CIMultiDictProxy, MultiDict, MultiDictProxy, MultiMapping
from yarl import URL

from martlet_exceptions import (
    NO_REQUEST,
    ClientConnectorError,
    ClientResponseError,
    HistoryRecord,
)
from martlet_exceptions._portable import portable
from martlet_interfaces import ConnectionKey


class Pair(NamedTuple):
    left: object
    right: object


class Plain(tuple[int, ...]):
    """A tuple whose constructor takes one iterable."""

    __slots__ = ()


class LiveResponse:
    """Holds what cannot be pickled, as a response holds its connection."""

    def __init__(self) -> None:
        self.status = 301
        self.url = URL("http://example.org/old")
        self.method = "GET"
        self.headers: MultiMapping[str] = CIMultiDictProxy(CIMultiDict({"Location": "/new"}))
        self.connection = (_ for _ in ())


def loaded(value: object) -> object:
    result: object = pickle.loads(pickle.dumps(portable(value)))
    return result


@pytest.mark.parametrize(
    "value",
    [
        CIMultiDictProxy(CIMultiDict([("A", "1"), ("a", "2")])),
        MultiDictProxy(MultiDict([("A", "1"), ("a", "2")])),
        CIMultiDict({"A": "1"}),
        (1, (MultiDictProxy(MultiDict({"A": "1"})),)),
        Pair(1, CIMultiDictProxy(CIMultiDict({"A": "1"}))),
        Plain([1, 2]),
        "text",
        None,
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_come_back_equal_and_of_their_type(value: object) -> None:
    for result in (loaded(value), copy.deepcopy(portable(value))):
        assert result == value
        assert type(result) is type(value)


def test_a_proxy_is_a_snapshot() -> None:
    source = CIMultiDict({"A": "1"})
    result = copy.deepcopy(portable(CIMultiDictProxy(source)))
    source["A"] = "2"
    assert result == CIMultiDict({"A": "1"})


def test_a_context_is_pickled_as_one_that_trusts_nobody() -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    key = ConnectionKey("example.org", 443, True, ssl=context)
    error = ClientConnectorError(key, OSError(1, "no"))
    result = pickle.loads(pickle.dumps(error))
    assert isinstance(result.ssl, ssl.SSLContext)
    assert result.ssl.verify_mode is ssl.CERT_REQUIRED
    assert result.ssl.check_hostname
    assert result.ssl.get_ca_certs() == []
    assert str(result) == str(error)


def test_a_context_is_shared_by_copies() -> None:
    context = ssl.create_default_context()
    key = ConnectionKey("example.org", 443, True, ssl=context)
    error = ClientConnectorError(key, OSError(1, "no"))
    assert copy.copy(error).ssl is context
    assert copy.deepcopy(error).ssl is context


def test_live_responses_become_records() -> None:
    response = LiveResponse()
    error = ClientResponseError(NO_REQUEST, (response,), status=404)
    record = HistoryRecord(301, response.url, "GET", response.headers)
    for result in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert result.history == (record,)
        assert type(result.history[0]) is HistoryRecord
        assert result.args == (NO_REQUEST, (record,))
    assert copy.copy(error).history == (response,)
