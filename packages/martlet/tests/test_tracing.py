import martlet_client_session
from martlet import tracing

NAMES: dict[str, object] = {
    "TraceConfig": martlet_client_session.TraceConfig,
    "TraceConnectionCreateEndParams": martlet_client_session.TraceConnectionCreateEndParams,
    "TraceConnectionCreateStartParams": martlet_client_session.TraceConnectionCreateStartParams,
    "TraceConnectionQueuedEndParams": martlet_client_session.TraceConnectionQueuedEndParams,
    "TraceConnectionQueuedStartParams": martlet_client_session.TraceConnectionQueuedStartParams,
    "TraceConnectionReuseconnParams": martlet_client_session.TraceConnectionReuseconnParams,
    "TraceDnsCacheHitParams": martlet_client_session.TraceDnsCacheHitParams,
    "TraceDnsCacheMissParams": martlet_client_session.TraceDnsCacheMissParams,
    "TraceDnsResolveHostEndParams": martlet_client_session.TraceDnsResolveHostEndParams,
    "TraceDnsResolveHostStartParams": martlet_client_session.TraceDnsResolveHostStartParams,
    "TraceRequestChunkSentParams": martlet_client_session.TraceRequestChunkSentParams,
    "TraceRequestEndParams": martlet_client_session.TraceRequestEndParams,
    "TraceRequestExceptionParams": martlet_client_session.TraceRequestExceptionParams,
    "TraceRequestHeadersSentParams": martlet_client_session.TraceRequestHeadersSentParams,
    "TraceRequestRedirectParams": martlet_client_session.TraceRequestRedirectParams,
    "TraceRequestStartParams": martlet_client_session.TraceRequestStartParams,
    "TraceResponseChunkReceivedParams": martlet_client_session.TraceResponseChunkReceivedParams,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert {name: getattr(tracing, name) for name in tracing.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(tracing.__all__) == sorted(NAMES)
    public = {name for name in vars(tracing) if not name.startswith("_")}
    assert public <= set(NAMES)
