from typing import Any

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

import martlet_interfaces as events
from martlet_client_session import ClientSession
from martlet_client_session import _trace_params as params
from martlet_client_session._trace_config import TraceConfig
from martlet_client_session._trace_observer import TraceObserver, by_event

from .trace_recording import NAMES, URL_ASKED, Heard, fields, names_of, recording

TOLD = [
    (events.ConnectionQueuedStart(), params.TraceConnectionQueuedStartParams()),
    (events.ConnectionQueuedEnd(), params.TraceConnectionQueuedEndParams()),
    (events.ConnectionCreateStart(), params.TraceConnectionCreateStartParams()),
    (events.DnsCacheHit("here"), params.TraceDnsCacheHitParams("here")),
    (events.DnsCacheMiss("a.b"), params.TraceDnsCacheMissParams("a.b")),
    (events.DnsResolveStart("a.b"), params.TraceDnsResolveHostStartParams("a.b")),
    (events.DnsResolveEnd("a.b"), params.TraceDnsResolveHostEndParams("a.b")),
    (events.ConnectionCreateEnd(), params.TraceConnectionCreateEndParams()),
    (events.ConnectionReused(), params.TraceConnectionReuseconnParams()),
    (events.HeadSent(), params.TraceRequestHeadersSentParams("PUT", URL_ASKED, fields())),
    (events.ChunkSent(b"up"), params.TraceRequestChunkSentParams("PUT", URL_ASKED, b"up")),
    (
        events.ChunkReceived(b"down"),
        params.TraceResponseChunkReceivedParams("PUT", URL_ASKED, b"down"),
    ),
]


def watching(session: ClientSession, *configs: TraceConfig) -> TraceObserver:
    for config in configs:
        config.freeze()
    watchers = [(config.watched, f"context {at}") for at, config in enumerate(configs)]
    return TraceObserver(session, watchers, "PUT", URL_ASKED, CIMultiDictProxy(fields()))


@pytest.mark.parametrize(("event", "told"), TOLD, ids=str)
async def test_each_event_has_its_signal(
    session: ClientSession, event: events.Event, told: object
) -> None:
    heard: Heard = []
    await watching(session, recording(heard)).observe(event)
    ((name, of, context, got),) = heard
    assert (of, context) == (session, "context 0")
    assert got == told
    # TraceRequestChunkSentParams: on_request_chunk_sent
    assert (
        name.replace("_", "")
        == type(told).__name__.removesuffix("Params").replace("Trace", "on").lower()
    )


def test_none_is_left_out() -> None:
    config = recording([])
    config.freeze()
    assert config.watched.keys() == {type(event) for event, _ in TOLD}


@pytest.mark.parametrize(
    "event",
    [events.StreamOpened(), events.TlsHandshakeEnd("h"), events.Event(), events.ChunkSent(b"")],
    ids=str,
)
async def test_events_that_nobody_wants_are_passed_over(
    session: ClientSession, event: events.Event
) -> None:
    heard: Heard = []
    names = [name for name in NAMES if name != "on_request_chunk_sent"]
    await watching(session, recording(heard, names)).observe(event)
    assert heard == []


async def test_each_config_is_told_in_its_turn(session: ClientSession) -> None:
    heard: Heard = []
    reused, sent = "on_connection_reuseconn", "on_request_headers_sent"
    one = recording(heard, [reused, sent], label="1.")
    two = recording(heard, [sent, sent], label="2.")
    observer = watching(session, one, two)
    await observer.observe(events.ConnectionReused())
    await observer.observe(events.HeadSent())
    assert names_of(heard) == ["1." + reused, "1." + sent, "2." + sent, "2." + sent]
    assert [context for _, _, context, _ in heard] == ["context 0"] * 2 + ["context 1"] * 2


async def test_the_section_told_of_is_a_copy(session: ClientSession) -> None:
    async def change(_session: ClientSession, _context: Any, told: Any) -> None:
        told.headers["X-Late"] = "1"

    config = TraceConfig()
    config.on_request_headers_sent.append(change)
    config.freeze()
    section = fields()
    observer = TraceObserver(session, [(config.watched, None)], "PUT", URL_ASKED, section)
    await observer.observe(events.HeadSent())
    assert section == CIMultiDict({"X-Given": "1"})


async def test_what_a_receiver_raises_comes_out(session: ClientSession) -> None:
    async def fail(*_told: object) -> None:
        raise LookupError("mine")

    heard: Heard = []
    config = TraceConfig()
    config.on_dns_cache_hit.append(fail)
    observer = watching(session, config, recording(heard))
    with pytest.raises(LookupError, match="mine"):
        await observer.observe(events.DnsCacheHit("a"))
    assert heard == []


def test_signals_without_receivers_have_no_event() -> None:
    config = TraceConfig()
    config.freeze()
    assert config.told == {}
    assert by_event(config.told) == config.watched == {}
