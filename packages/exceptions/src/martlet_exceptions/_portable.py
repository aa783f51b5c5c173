"""Stand-ins for values that `pickle` and `copy.deepcopy` refuse.

Errors carry header proxies, TLS contexts and live responses, none of which can be
pickled. An error that cannot be pickled is lost on its way out of a worker process, just
when it is needed. A stand-in pickles as the *call* that makes the value anew, so that
loading needs no counterpart to this module.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias, TypeGuard

from multidict import CIMultiDict, CIMultiDictProxy, MultiDict, MultiDictProxy

from ._history import HistoryEntry, HistoryRecord

if TYPE_CHECKING:
    from ssl import SSLContext

__all__ = ["portable"]

_Call: TypeAlias = tuple[Callable[..., object], tuple[object, ...]]


class _Made:
    """Pickles and deep-copies as ``make(*parts)``."""

    def __init__(self, make: Callable[..., object], *parts: object) -> None:
        self._call: Final = (make, parts)

    def __reduce__(self) -> _Call:
        return self._call


class _TLSContext:
    """Pickles as a context that trusts nobody; a deep copy shares the context itself.

    Keys and trust anchors cannot leave the process. What takes their place must never be
    laxer than what was there.
    """

    def __init__(self, context: "SSLContext") -> None:
        self._context: Final = context

    def __deepcopy__(self, memo: dict[int, object]) -> "SSLContext":
        return self._context

    def __reduce__(self) -> _Call:
        from ssl import PROTOCOL_TLS_CLIENT, SSLContext

        return SSLContext, (PROTOCOL_TLS_CLIENT,)


def _is_context(value: object) -> "TypeGuard[SSLContext]":
    # Where nobody has imported `ssl`, nothing is a context, and it need not be imported.
    ssl = sys.modules.get("ssl")
    return ssl is not None and isinstance(value, ssl.SSLContext)


def portable(value: object) -> object:
    """Return *value*, or the stand-in that pickles and deep-copies in its place."""
    match value:
        case CIMultiDictProxy():
            return _Made(CIMultiDictProxy, CIMultiDict(value))
        case MultiDictProxy():
            return _Made(MultiDictProxy, MultiDict(value))
        case _ if _is_context(value):
            return _TLSContext(value)
        case tuple() if type(value) is tuple:
            return tuple(map(portable, value))
        case tuple() if hasattr(value, "_fields"):
            return _Made(type(value), *map(portable, value))
        case HistoryEntry():
            headers = portable(value.headers)
            return _Made(HistoryRecord, value.status, value.url, value.method, headers)
        case _:
            return value
