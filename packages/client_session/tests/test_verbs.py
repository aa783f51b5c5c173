"""The verbs, and what they take."""

import inspect
import typing
from typing import Any

import pytest

from martlet_client_session import ClientSession, RequestContext, RequestOptions, request
from martlet_client_session._verbs import Verbs, given_method

from .scripted import ScriptedConnector

VERBS = ["get", "head", "options", "post", "put", "patch", "delete"]


def options_of(function: Any) -> dict[str, tuple[object, object]]:
    parameters = inspect.signature(function).parameters.values()
    named = [p for p in parameters if p.name not in {"self", "method", "url", "str_or_url"}]
    return {p.name: (p.default, p.annotation) for p in named}


@pytest.mark.parametrize("verb", [*VERBS, "request"])
def test_each_verb_takes_what_the_funnel_takes(verb: str) -> None:
    expected = options_of(ClientSession._request)
    if verb == "head":
        expected["allow_redirects"] = (False, expected["allow_redirects"][1])
    function = getattr(ClientSession, verb)
    assert options_of(function) == expected
    assert list(options_of(function)) == list(expected)
    kinds = {p.name: p.kind for p in inspect.signature(function).parameters.values()}
    assert {kinds[name] for name in expected} == {inspect.Parameter.KEYWORD_ONLY}
    assert function.__name__ == verb
    assert function.__doc__


def test_single_requests_take_it_too() -> None:
    of_its_own = {"version", "connector", "loop", "encoding"}
    taken = {name: said for name, said in options_of(request).items() if name not in of_its_own}
    assert taken == options_of(ClientSession._request)
    assert set(options_of(request)) >= of_its_own


def test_the_typed_dictionary_names_each_of_them() -> None:
    assert set(RequestOptions.__annotations__) == set(options_of(ClientSession._request))


def test_the_first_two_may_be_given_by_position() -> None:
    parameters = list(inspect.signature(ClientSession._request).parameters)
    assert parameters[:5] == ["self", "method", "str_or_url", "params", "headers"]
    assert list(inspect.signature(ClientSession.request).parameters)[:3] == [
        "self", "method", "url",
    ]  # fmt: skip


@pytest.mark.parametrize("verb", [*VERBS, "request"])
def test_what_is_declared_is_never_called(verb: str) -> None:
    declared = getattr(Verbs, verb).__wrapped__
    with pytest.raises(AssertionError, match="never called"):
        declared(None, *["GET"] * (verb == "request"), "http://h/")


@pytest.mark.parametrize("verb", VERBS)
async def test_each_verb_goes_through_the_funnel(connector: ScriptedConnector, verb: str) -> None:
    calls: list[tuple[str, object, dict[str, Any]]] = []

    class Funnel(ClientSession):
        async def _request(
            self, method: str, str_or_url: Any, **options: Any
        ) -> Any:  # as libraries do
            calls.append((method, str_or_url, options))
            return await super()._request(method, str_or_url, **options)

    async with Funnel(connector=connector) as session:
        context = getattr(session, verb)("http://h/", headers={"X": "y"})
        assert isinstance(context, RequestContext)
        await context
        await session.request(verb, "http://h/")
    asked = {"headers": {"X": "y"}}
    if verb == "head":
        asked["allow_redirects"] = False  # type: ignore[assignment]  # options are of any type
    assert calls == [(verb.upper(), "http://h/", asked), (verb.upper(), "http://h/", {})]


@pytest.mark.parametrize("verb", VERBS)
async def test_the_url_may_be_given_by_name(
    session: ClientSession, connector: ScriptedConnector, verb: str
) -> None:
    await getattr(session, verb)(url="http://h/")
    await session.request(method=verb, url="http://h/")
    assert len(connector.exchanges) == 2


async def test_a_verb_has_its_method(session: ClientSession) -> None:
    with pytest.raises(TypeError, match="method"):
        session.get("http://h/", method="POST")  # type: ignore[call-arg]  # what is tested


@pytest.mark.parametrize(
    ("given", "method"), [("get", "GET"), ("GeT", "GET"), ("po\u017ft", "po\u017ft"), ("", "")]
)
def test_a_method_is_in_upper_case(given: str, method: str) -> None:
    assert given_method(given) == method


@pytest.mark.parametrize("given", [None, b"GET", 5])
def test_a_method_is_text(given: object) -> None:
    with pytest.raises(TypeError, match=f"must be a str, not {type(given).__name__}"):
        given_method(given)


def test_verbs_are_typed() -> None:
    for verb in [*VERBS, "request"]:
        annotations = typing.cast("dict[str, object]", getattr(Verbs, verb).__annotations__)
        assert annotations["return"] is RequestContext
        assert len(annotations) == len(inspect.signature(getattr(Verbs, verb)).parameters)
