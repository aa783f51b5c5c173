from types import SimpleNamespace
from typing import Any

import pytest
from multidict import CIMultiDict

import martlet_interfaces as events
from martlet_client_session import ClientResponse, ClientSession
from martlet_client_session import _trace_params as params
from martlet_client_session._trace_config import TraceConfig
from martlet_client_session._traces import Traces

from .trace_recording import NAMES, URL_ASKED, Heard, fields, names_of, recording

OWN = ["on_request_start", "on_request_redirect", "on_request_end", "on_request_exception"]


@pytest.fixture
def response() -> ClientResponse:
    return ClientResponse("GET", URL_ASKED)


async def tell_all(traces: Traces, headers: CIMultiDict[str], response: ClientResponse) -> None:
    await traces.request_start("GET", URL_ASKED, headers)
    await traces.request_redirect("GET", URL_ASKED, headers, response)
    await traces.request_end("GET", URL_ASKED, headers, response)
    await traces.request_exception("GET", URL_ASKED, headers, LookupError("it"))


async def test_the_calls_own_signals(session: ClientSession, response: ClientResponse) -> None:
    heard: Heard = []
    traces = Traces(session, [recording(heard)], {"given": 1})
    headers = fields()
    await tell_all(traces, headers, response)
    assert names_of(heard) == OWN
    start, redirect, end, exception = (told for *_, told in heard)
    assert start == params.TraceRequestStartParams("GET", URL_ASKED, headers)
    assert redirect == params.TraceRequestRedirectParams("GET", URL_ASKED, headers, response)
    assert end == params.TraceRequestEndParams("GET", URL_ASKED, headers, response)
    assert repr(exception.exception) == "LookupError('it')"
    assert all(told.headers is headers for *_, told in heard)
    assert all(of is session for _, of, *_ in heard)


async def test_one_context_for_all_of_a_call(
    session: ClientSession, response: ClientResponse
) -> None:
    heard: Heard = []
    config = recording(heard)
    traces = Traces(session, [config], "given")
    await tell_all(traces, fields(), response)
    observer = traces.observer("GET", URL_ASKED, fields())
    assert observer is not None
    await observer.observe(events.HeadSent())
    contexts = [context for _, _, context, _ in heard]
    assert len(contexts) == 5
    assert contexts[0] == SimpleNamespace(trace_request_ctx="given")
    assert all(context is contexts[0] for context in contexts)
    await Traces(session, [config], None).request_start("GET", URL_ASKED, fields())
    assert heard[-1][2] == SimpleNamespace(trace_request_ctx=None)


async def test_each_config_has_its_own_context_and_turn(
    session: ClientSession, response: ClientResponse
) -> None:
    heard: Heard = []

    def factory(trace_request_ctx: object) -> list[object]:
        return [trace_request_ctx]

    one, two = recording(heard, label="1."), recording(heard, OWN, factory, label="2.")
    await tell_all(Traces(session, [one, two], 5), fields(), response)
    assert names_of(heard) == [label + name for name in OWN for label in ("1.", "2.")]
    assert heard[0][2] == SimpleNamespace(trace_request_ctx=5)
    assert heard[1][2] == [5]


async def test_contexts_are_made_though_nobody_hears(session: ClientSession) -> None:
    made: list[object] = []
    Traces(session, [recording([], [], lambda **given: made.append(given))], 5)
    assert made == [{"trace_request_ctx": 5}]


async def test_a_derived_config_makes_contexts_its_own_way(session: ClientSession) -> None:
    class Numbered(TraceConfig):
        count = 0

        def trace_config_ctx(self, trace_request_ctx: object = None) -> SimpleNamespace:
            self.count += 1
            return SimpleNamespace(number=self.count, given=trace_request_ctx)

    seen: list[SimpleNamespace] = []

    async def see(
        _session: ClientSession, ctx: SimpleNamespace, _params: params.TraceRequestStartParams
    ) -> None:
        seen.append(ctx)

    config = Numbered()
    config.on_request_start.append(see)
    for given in ("a", "b"):
        await Traces(session, [config], given).request_start("GET", URL_ASKED, fields())
    assert seen == [
        SimpleNamespace(number=1, given="a"),
        SimpleNamespace(number=2, given="b"),
    ]


async def test_signals_without_receivers_are_passed_over(
    session: ClientSession, response: ClientResponse
) -> None:
    heard: Heard = []
    traces = Traces(session, [recording(heard, ["on_request_end"]), TraceConfig()], None)
    await tell_all(traces, fields(), response)
    assert names_of(heard) == ["on_request_end"]


async def test_receivers_may_change_what_is_sent(session: ClientSession) -> None:
    async def add(_session: ClientSession, _ctx: Any, told: params.TraceRequestStartParams) -> None:
        told.headers["Traceparent"] = "00-1-2-01"

    config = TraceConfig()
    config.on_request_start.append(add)
    headers = fields()
    await Traces(session, [config], None).request_start("GET", URL_ASKED, headers)
    assert headers == {"X-Given": "1", "Traceparent": "00-1-2-01"}


@pytest.mark.parametrize("name", OWN)
async def test_what_a_receiver_raises_comes_out(
    session: ClientSession, response: ClientResponse, name: str
) -> None:
    async def fail(*_told: object) -> None:
        raise LookupError(name)

    heard: Heard = []
    config = TraceConfig()
    getattr(config, name).append(fail)
    with pytest.raises(LookupError, match=name):
        await tell_all(Traces(session, [config, recording(heard)], None), fields(), response)
    assert names_of(heard) == OWN[: OWN.index(name)]


async def test_what_a_factory_raises_comes_out(session: ClientSession) -> None:
    def fail(**_given: object) -> None:
        raise LookupError("no context")

    with pytest.raises(LookupError, match="no context"):
        Traces(session, [TraceConfig(fail)], None)


async def test_a_config_that_came_later_is_frozen(session: ClientSession) -> None:
    heard: Heard = []
    config = recording(heard)
    traces = Traces(session, [config], None)
    assert config.frozen
    await traces.request_start("GET", URL_ASKED, fields())
    assert names_of(heard) == ["on_request_start"]


@pytest.mark.parametrize("names", [[], OWN, OWN[:1]], ids=str)
def test_no_observer_where_nobody_would_hear_it(names: list[str]) -> None:
    session: Any = None
    traces = Traces(session, [recording([], names), TraceConfig()], None)
    assert traces.observer("GET", URL_ASKED, fields()) is None


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OWN])
def test_an_observer_for_any_of_the_connectors_signals(name: str) -> None:
    session: Any = None
    traces = Traces(session, [TraceConfig(), recording([], [name])], None)
    assert traces.observer("GET", URL_ASKED, fields()) is not None


async def test_an_observer_tells_only_configs_that_want_it(session: ClientSession) -> None:
    heard: Heard = []
    configs = [
        recording(heard, OWN, label="1."),
        recording(heard, ["on_request_headers_sent"], label="2."),
    ]
    observer = Traces(session, configs, 7).observer("GET", URL_ASKED, fields())
    assert observer is not None
    await observer.observe(events.ConnectionReused())
    await observer.observe(events.HeadSent())
    ((name, of, context, told),) = heard
    assert (name, of) == ("2.on_request_headers_sent", session)
    assert context == SimpleNamespace(trace_request_ctx=7)
    assert told == params.TraceRequestHeadersSentParams("GET", URL_ASKED, fields())
