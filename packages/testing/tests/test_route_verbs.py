from collections.abc import Callable

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_testing import Fault, MockConnector, Route, SeenRequest


@pytest.mark.parametrize("verb", ["get", "head", "post", "put", "patch", "delete", "options"])
def test_each_method_has_a_verb(verb: str, mock: MockConnector) -> None:
    register: Callable[..., Route] = getattr(mock, verb)
    route = register("/a", Fault.HANG, times=1, required=False, params={"b": "1"})
    method, url = verb.upper(), URL("http://x/a?b=1")
    request = SeenRequest(method, url, CIMultiDictProxy(CIMultiDict()))
    assert str(route) == f"{method} /a"
    assert route.missing == ""
    assert route.differences(request) == []
    assert route.take(request)[1] is Fault.HANG
    assert route.exhausted
    assert mock.routes == (route,)


def test_route_is_for_any_method(mock: MockConnector) -> None:
    assert str(mock.route("PROPFIND", "/a")) == "PROPFIND /a"
    assert str(mock.route(None, "/a")) == "any method /a"
