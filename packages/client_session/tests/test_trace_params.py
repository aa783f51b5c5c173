import attrs
import pytest
from yarl import URL

from martlet_client_session import _trace_params

from .trace_recording import fields

FACTS = {
    "TraceConnectionCreateEndParams": (),
    "TraceConnectionCreateStartParams": (),
    "TraceConnectionQueuedEndParams": (),
    "TraceConnectionQueuedStartParams": (),
    "TraceConnectionReuseconnParams": (),
    "TraceDnsCacheHitParams": ("host",),
    "TraceDnsCacheMissParams": ("host",),
    "TraceDnsResolveHostEndParams": ("host",),
    "TraceDnsResolveHostStartParams": ("host",),
    "TraceRequestChunkSentParams": ("method", "url", "chunk"),
    "TraceRequestEndParams": ("method", "url", "headers", "response"),
    "TraceRequestExceptionParams": ("method", "url", "headers", "exception"),
    "TraceRequestHeadersSentParams": ("method", "url", "headers"),
    "TraceRequestRedirectParams": ("method", "url", "headers", "response"),
    "TraceRequestStartParams": ("method", "url", "headers"),
    "TraceResponseChunkReceivedParams": ("method", "url", "chunk"),
}
EVERY = pytest.mark.parametrize("name", FACTS)


def test_all_are_here() -> None:
    assert sorted(FACTS) == _trace_params.__all__


@EVERY
def test_facts_stand_in_their_order_and_do_not_change(name: str) -> None:
    kind = getattr(_trace_params, name)
    params = kind(*FACTS[name])
    assert params == kind(**{fact: fact for fact in FACTS[name]})
    for fact in FACTS[name]:
        assert getattr(params, fact) == fact
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(params, fact, "other")


def test_repr_leaves_bodies_out() -> None:
    url = URL("http://a/")
    sent = _trace_params.TraceRequestChunkSentParams("PUT", url, b"body")
    assert repr(sent) == "TraceRequestChunkSentParams(method='PUT', url=URL('http://a/'))"
    start = _trace_params.TraceRequestStartParams("PUT", url, fields())
    assert "X-Given" in repr(start)
