"""`RequestInfo`: the order of its fields, its default, its copies."""

import copy
import pickle
from typing import Final

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import RequestInfo

HEADERS: Final = CIMultiDictProxy(CIMultiDict({"Host": "example.org"}))
GIVEN: Final = URL("http://example.org/page#part")
ASKED: Final = URL("http://example.org/page")


def test_it_unpacks_in_its_frozen_order() -> None:
    url, method, headers, real_url = RequestInfo(ASKED, "GET", HEADERS, GIVEN)
    assert (url, method, headers, real_url) == (ASKED, "GET", HEADERS, GIVEN)
    assert RequestInfo._fields == ("url", "method", "headers", "real_url")


def test_the_real_url_is_the_url_unless_given() -> None:
    assert RequestInfo(ASKED, "GET", HEADERS).real_url is ASKED
    assert RequestInfo(ASKED, "GET", HEADERS, real_url=GIVEN).real_url is GIVEN


def test_it_is_a_value() -> None:
    info = RequestInfo(ASKED, "GET", HEADERS, GIVEN)
    assert info == RequestInfo(ASKED, "GET", HEADERS, GIVEN)
    assert info._replace(method="HEAD") == RequestInfo(ASKED, "HEAD", HEADERS, GIVEN)
    assert type(info._replace(method="HEAD")) is RequestInfo
    assert copy.copy(info) == info
    with pytest.raises(AttributeError):
        info.method = "HEAD"  # type: ignore[misc]  # what is tested
    with pytest.raises(AttributeError):
        info.extra = 1  # type: ignore[attr-defined]  # what is tested


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_it_pickles_with_headers_that_do(protocol: int) -> None:
    # Views of headers do not pickle; errors put a copy in their place.
    portable = RequestInfo(ASKED, "GET", HEADERS.copy(), GIVEN)  # type: ignore[arg-type]  # as said
    twin = pickle.loads(pickle.dumps(portable, protocol))
    assert type(twin) is RequestInfo
    assert twin == portable
