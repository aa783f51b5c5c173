"""Which payload is made of what is to be sent."""

import builtins
import io
from collections.abc import AsyncIterable, Callable
from enum import StrEnum
from typing import Any, Final, TypeAlias, TypeVar

from ._async_payload import AsyncIterablePayload, StreamReaderPayload
from ._bytes_payload import BytesPayload, StringIOPayload, StringPayload
from ._io_payload import BufferedReaderPayload, BytesIOPayload, IOBasePayload, TextIOPayload
from ._payload import Payload
from ._stream_reader import StreamReader

__all__ = [
    "PAYLOAD_REGISTRY",
    "LookupError",
    "Order",
    "PayloadRegistry",
    "get_payload",
    "payload_type",
    "register_payload",
]

_Factory: TypeAlias = Callable[..., Payload]
_Types: TypeAlias = type | tuple[type, ...]
_F = TypeVar("_F", bound=_Factory)


class LookupError(builtins.LookupError):  # noqa: A001  # aiohttp's name
    """There is no payload for an object of this type."""


class Order(StrEnum):
    """When a registration is asked whether it fits."""

    normal = "normal"
    """Before the less exact ones: those for the very type come first."""
    try_first = "try_first"
    """Before all others."""
    try_last = "try_last"
    """After all others."""


class PayloadRegistry:
    """Knows the factories of payloads by the types they take."""

    def __init__(self) -> None:
        self._exact: dict[type, _Factory] = {}
        self._by_order: dict[Order, list[tuple[_Types, _Factory]]] = {
            order: [] for order in (Order.try_first, Order.normal, Order.try_last)
        }

    def get(self, data: object, *args: Any, **kwargs: Any) -> Payload:
        """Make a payload of *data*; a `Payload` is given back as it is.

        A factory is called with *data* and the other arguments. Those registered as
        ``try_first`` are asked first, in the order of their registration; then the last
        one that is registered for the very type of *data*; then those for a base of it.
        Raises `LookupError` (a builtin `LookupError`, too) if none fits.
        """
        if isinstance(data, Payload):
            return data
        factory = self._factory(data)
        if factory is None:
            inner = _temporary_file(data)
            if inner is not None:
                return self.get(inner, *args, **kwargs)
            raise LookupError(f"There is no payload for {type(data).__name__}")
        return factory(data, *args, **kwargs)

    def _factory(self, data: object) -> _Factory | None:
        for types, factory in self._by_order[Order.try_first]:
            if isinstance(data, types):
                return factory
        exact = self._exact.get(type(data))
        if exact is not None:
            return exact
        for order in (Order.normal, Order.try_last):
            for types, factory in self._by_order[order]:
                if isinstance(data, types):
                    return factory
        return None

    def register(
        self,
        factory: _Factory,
        type: _Types,  # noqa: A002  # aiohttp's name
        *,
        order: Order = Order.normal,
    ) -> None:
        """Have *factory* called for objects of *type*: one, or a tuple of them."""
        order = Order(order)
        self._by_order[order].append((type, factory))
        if order is Order.normal:
            for each in type if isinstance(type, tuple) else (type,):
                self._exact[each] = factory


def _temporary_file(data: object) -> io.IOBase | None:
    """Give the file in what `tempfile.NamedTemporaryFile` gives, which is no file itself."""
    if type(data).__module__ != "tempfile":
        return None
    inner = getattr(data, "file", None)
    return inner if isinstance(inner, io.IOBase) else None


PAYLOAD_REGISTRY: Final = PayloadRegistry()
"""What the session asks."""


def get_payload(data: object, *args: Any, **kwargs: Any) -> Payload:
    """Make a payload of *data*; see `PayloadRegistry.get`."""
    return PAYLOAD_REGISTRY.get(data, *args, **kwargs)


def register_payload(
    factory: _Factory,
    type: _Types,  # noqa: A002  # aiohttp's name
    *,
    order: Order = Order.normal,
) -> None:
    """Have the session call *factory* for objects of *type*: one, or a tuple of them."""
    PAYLOAD_REGISTRY.register(factory, type, order=order)


class payload_type:  # noqa: N801  # aiohttp's name
    """Decorates a payload's class: the session makes one of objects of *type*."""

    def __init__(
        self,
        type: _Types,  # noqa: A002  # aiohttp's name
        *,
        order: Order = Order.normal,
    ) -> None:
        self._type = type
        self._order = order

    def __call__(self, factory: _F) -> _F:
        """Register *factory*, and give it back."""
        register_payload(factory, self._type, order=self._order)
        return factory


register_payload(BytesPayload, (bytes, bytearray, memoryview))
register_payload(StringPayload, str)
register_payload(StringIOPayload, io.StringIO)
register_payload(BytesIOPayload, io.BytesIO)
register_payload(BufferedReaderPayload, (io.BufferedReader, io.BufferedRandom))
register_payload(TextIOPayload, io.TextIOBase)
register_payload(IOBasePayload, io.IOBase)
register_payload(StreamReaderPayload, StreamReader)
register_payload(AsyncIterablePayload, AsyncIterable, order=Order.try_last)
