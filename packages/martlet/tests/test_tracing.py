import martlet_client_session
import martlet_interfaces
from martlet import tracing

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "Trace": martlet_interfaces.Observer,
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
    assert offered(tracing) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(tracing, NAMES)
