import re

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_testing import Matchers, SeenRequest
from martlet_testing._criteria import Criteria


def request_of(query: str = "", body: bytes = b"", **fields: str) -> SeenRequest:
    headers = CIMultiDict({name.replace("_", "-"): value for name, value in fields.items()})
    return SeenRequest("POST", URL(f"http://a/b{query}"), CIMultiDictProxy(headers), body)


def is_ada(value: object) -> bool:
    return value == {"name": "Ada"}


@pytest.mark.parametrize(
    ("matchers", "request_"),
    [
        (Matchers(), request_of("?a=1", b"x")),
        (Matchers(params={"a": "1"}), request_of("?b=2&a=1")),
        (Matchers(params={"a": 1}), request_of("?a=1")),
        (Matchers(params={"a": ["1", "2"]}), request_of("?a=1&a=2")),
        (Matchers(params={"a": []}), request_of("?b=1")),
        (Matchers(headers={"x-own": "1"}), request_of(X_Own="1")),
        (Matchers(headers={"X-Own": re.compile("^B")}), request_of(x_own="Bearer")),
        (Matchers(json={"name": "Ada"}), request_of(body=b'{ "name": "Ada" }')),
        (Matchers(json=None), request_of(body=b"null")),
        (Matchers(json=is_ada), request_of(body=b'{ "name": "Ada" }')),
        (Matchers(data=b"x"), request_of(body=b"x")),
        (Matchers(data="ü"), request_of(body="ü".encode())),
        (Matchers(data={"a": "1", "b": ""}), request_of(body=b"b=&a=1")),
        (Matchers(data=lambda body: len(body) == 3), request_of(body=b"abc")),
    ],
)
def test_it_matches(matchers: Matchers, request_: SeenRequest) -> None:
    assert Criteria("post", "/b", matchers).differences(request_) == []
    assert Criteria(None, "/b", matchers).differences(request_) == []


@pytest.mark.parametrize(
    ("matchers", "request_", "difference"),
    [
        (Matchers(params={"a": "1"}), request_of("?b=2"), "parameter a is missing, not '1'"),
        (Matchers(params={"a": "1"}), request_of("?a=1&a=2"), "parameter a is '1', '2', not '1'"),
        (Matchers(params={"a": []}), request_of("?a=1"), "parameter a is '1', not missing"),
        (Matchers(headers={"X-Own": "1"}), request_of(X_Own="2"), "X-Own is '2', not '1'"),
        (
            Matchers(headers={"X-Own": re.compile("^B")}),
            request_of(X_Own="x"),
            "X-Own is 'x', in which '^B' is not found",
        ),
        (Matchers(json=[1]), request_of(body=b"[2]"), "the JSON is [2], not [1]"),
        (Matchers(json=[1]), request_of(body=b"[2"), "the body is no JSON, but b'[2'"),
        (Matchers(json=is_ada), request_of(body=b"{}"), "the function refuses the JSON {}"),
        (Matchers(data=b"x"), request_of(body=b"y"), "the body is b'y', not b'x'"),
        (Matchers(data="x"), request_of(), "the body is b'', not b'x'"),
        (Matchers(data={}), request_of(body=b"a=1"), "the form is {'a': '1'}, not {}"),
        (
            Matchers(data=lambda body: body == b""),
            request_of(body=b"a" * 100),
            f"the function refuses the body b'{'a' * 78}…",
        ),
    ],
)
def test_it_says_what_differs(matchers: Matchers, request_: SeenRequest, difference: str) -> None:
    assert Criteria("POST", "/b", matchers).differences(request_) == [difference]


def test_a_query_in_the_url_is_wanted_too() -> None:
    criteria = Criteria("POST", "/b?a=1&c=3", {"params": {"c": "4"}})
    assert criteria.differences(request_of("?c=4&a=1")) == []
    assert criteria.differences(request_of("?c=3")) == [
        "parameter a is missing, not '1'",
        "parameter c is '3', not '4'",
    ]


def test_the_method_and_the_path_come_first() -> None:
    assert Criteria("GET", "/c", {"json": 1}).differences(request_of()) == [
        "the method is POST, not GET",
        "the path is /b",
        "the body is no JSON, but b''",
    ]


def test_it_says_what_it_is_for() -> None:
    assert str(Criteria("get", "/c", {})) == "GET /c"
    assert str(Criteria(None, "/c", {})) == "any method /c"


def test_a_misspelt_matcher_is_refused() -> None:
    with pytest.raises(TypeError, match="A route knows no param: see Matchers"):
        Criteria("GET", "/c", {"param": {}})  # type: ignore[typeddict-unknown-key]  # a mistake
