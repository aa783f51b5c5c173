"""Events: small frozen values."""

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from martlet_interfaces import _observer
from martlet_interfaces._observer import (
    ChunkSent,
    ConnectionReused,
    DnsCacheHit,
    DnsResolveStart,
    Event,
    HeadSent,
    Observer,
)

EVENTS = [
    kind
    for name in _observer.__all__
    if isinstance(kind := getattr(_observer, name), type) and issubclass(kind, Event)
]
OF_HOSTS = {
    "DnsCacheHit",
    "DnsCacheMiss",
    "DnsResolveEnd",
    "DnsResolveStart",
    "TlsHandshakeEnd",
}
OF_CHUNKS = {"ChunkReceived", "ChunkSent"}


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_is_a_value_with_its_fact_where_there_is_one(kind: type[Event]) -> None:
    names = [field.name for field in attrs.fields(kind)]
    expected = ["host"] if kind.__name__ in OF_HOSTS else []
    assert names == (["chunk"] if kind.__name__ in OF_CHUNKS else expected)
    arguments = ["example.org"] * len(names)
    assert kind(*arguments) == kind(*arguments)
    assert hash(kind(*arguments)) == hash(kind(*arguments))
    with pytest.raises((FrozenInstanceError, AttributeError)):
        setattr(kind(*arguments), (names or ["host"])[0], "other")


def test_events_of_different_kinds_differ() -> None:
    host = "example.org"
    events: set[Event] = {HeadSent(), ConnectionReused(), DnsCacheHit(host), DnsResolveStart(host)}
    assert len(events) == 4


def test_their_texts_name_them() -> None:
    assert repr(DnsCacheHit("example.org")) == "DnsCacheHit(host='example.org')"
    assert repr(HeadSent()) == "HeadSent()"
    assert repr(ChunkSent(b"secret")) == "ChunkSent()"


def test_the_border_is_as_narrow_as_it_was() -> None:
    assert {name for name in vars(Observer) if not name.startswith("_")} == {"observe"}
