"""Receivers that write down what they are told."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, Final

from multidict import CIMultiDict
from yarl import URL

from martlet_client_session import ClientSession
from martlet_client_session._trace_config import TraceConfig

__all__ = ["NAMES", "URL_ASKED", "Heard", "fields", "names_of", "recording"]

NAMES: Final = tuple(name for name in dir(TraceConfig) if name.startswith("on_"))
URL_ASKED: Final = URL("http://example.org/x")

Heard = list[tuple[str, ClientSession, Any, Any]]


def fields() -> CIMultiDict[str]:
    return CIMultiDict({"X-Given": "1"})


def recording(
    heard: Heard,
    names: Iterable[str] = NAMES,
    factory: Callable[..., Any] = SimpleNamespace,
    label: str = "",
) -> TraceConfig:
    """Make a config whose receivers of *names* add to *heard*."""
    config = TraceConfig(factory)
    for name in names:
        getattr(config, name).append(_recorder(heard, label + name))
    return config


def names_of(heard: Heard) -> list[str]:
    return [name for name, *_ in heard]


def _recorder(heard: Heard, name: str) -> Callable[..., Any]:
    async def receive(session: ClientSession, context: Any, params: Any) -> None:
        heard.append((name, session, context, params))

    return receive
