from types import SimpleNamespace
from typing import Any

import pytest

from martlet_client_session import ClientSession
from martlet_client_session import _trace_params as params
from martlet_client_session._trace_config import TraceConfig, given_trace_configs
from martlet_interfaces import ChunkSent, DnsCacheHit

from .trace_recording import NAMES, recording


async def on_start(
    session: ClientSession, ctx: SimpleNamespace, params: params.TraceRequestStartParams
) -> None:
    """Be as users write it."""


class Context:
    def __init__(self, trace_request_ctx: object) -> None:
        self.given = trace_request_ctx


async def on_end(
    session: ClientSession, ctx: Context, params: params.TraceRequestEndParams
) -> None:
    """Take a context of one's own."""


def test_there_are_sixteen_signals() -> None:
    config = TraceConfig()
    assert len(NAMES) == 16
    for name in NAMES:
        signal = getattr(config, name)
        assert signal is getattr(config, name)
        assert signal.name == name
        assert len(signal) == 0
        with pytest.raises(AttributeError):
            setattr(config, name, signal)


def test_receivers_as_users_write_them() -> None:
    config = TraceConfig(trace_config_ctx_factory=Context)
    config.on_request_start.append(on_start)
    config.on_request_end.append(on_end)
    assert list(config.on_request_start) == [on_start]
    assert list(config.on_request_end) == [on_end]


def test_freezing_freezes_every_signal() -> None:
    config = TraceConfig()
    frozen = [config.frozen]
    for _ in range(2):
        config.freeze()
        frozen.append(config.frozen)
    assert frozen == [False, True, True]
    for name in NAMES:
        assert getattr(config, name).frozen
        with pytest.raises(RuntimeError, match=f"{name} is frozen"):
            getattr(config, name).append(on_start)


def test_contexts_are_namespaces() -> None:
    config = TraceConfig()
    assert config.trace_config_ctx() == SimpleNamespace(trace_request_ctx=None)
    assert config.trace_config_ctx(5).trace_request_ctx == 5
    one, other = (config.trace_config_ctx(trace_request_ctx="x") for _ in range(2))
    assert one == other
    assert one is not other


def test_contexts_of_a_factory() -> None:
    context = TraceConfig(Context).trace_config_ctx(trace_request_ctx=7)
    assert type(context) is Context
    assert context.given == 7


def test_a_factory_is_callable() -> None:
    wrong: Any = SimpleNamespace()
    with pytest.raises(TypeError, match=r"must be callable .* not SimpleNamespace"):
        TraceConfig(wrong)


def test_only_what_has_receivers_is_watched() -> None:
    config = recording([], ["on_request_start", "on_dns_cache_hit", "on_request_chunk_sent"])
    assert config.watched == {}
    config.freeze()
    assert config.watched == {
        DnsCacheHit: tuple(config.on_dns_cache_hit),
        ChunkSent: tuple(config.on_request_chunk_sent),
    }


def test_the_sessions_own_signals_need_no_watching() -> None:
    own = [name for name in NAMES if name.startswith("on_request") and "sent" not in name]
    assert len(own) == 4
    config = recording([], own)
    config.freeze()
    assert config.watched == {}
    every = recording([])
    every.freeze()
    assert set(every.told or ()) == set(NAMES)
    assert len(every.watched) == len(NAMES) - len(own)


def test_repr_says_what_is_heard() -> None:
    assert repr(TraceConfig()) == "<TraceConfig without receivers>"
    config = recording([], ["on_request_end", "on_request_start"])
    assert repr(config) == "<TraceConfig on_request_start, on_request_end>"


def test_given_ones_are_frozen() -> None:
    first, second = TraceConfig(), TraceConfig()
    assert given_trace_configs(None) == given_trace_configs([]) == []
    assert given_trace_configs((first, second)) == [first, second]
    assert given_trace_configs(iter([first])) == [first]  # shared, and frozen already
    assert first.frozen
    assert second.frozen


@pytest.mark.parametrize("wrong", [5, None, TraceConfig])
def test_others_are_refused_and_nothing_is_frozen(wrong: Any) -> None:
    config = TraceConfig()
    with pytest.raises(TypeError, match="trace_configs must be TraceConfig objects, not"):
        given_trace_configs([config, wrong])
    assert not config.frozen


class Timing(TraceConfig):
    """As libraries derive from it."""

    def __init__(self) -> None:
        super().__init__()
        self.began = 0
        self.on_request_start.append(self.begin)

    async def begin(
        self, session: ClientSession, ctx: SimpleNamespace, params: params.TraceRequestStartParams
    ) -> None:
        self.began += 1


def test_it_may_be_derived_from() -> None:
    config = Timing()
    assert given_trace_configs([config]) == [config]
    assert list(config.on_request_start) == [config.begin]
    assert repr(config) == "<Timing on_request_start>"
