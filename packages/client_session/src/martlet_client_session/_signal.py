"""A list of receivers that is filled, frozen, and then sent to."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableSequence
from typing import TypeVar, cast, overload

__all__ = ["Signal"]

R = TypeVar("R", bound=Callable[..., Awaitable[object]])


class Signal(MutableSequence[R]):
    """The receivers of something that happens: coroutine functions, called in their order.

    It is a list until it is frozen; from then on any change is a `RuntimeError`. What is not
    callable is refused with `TypeError`.
    """

    __slots__ = ("_frozen", "_receivers", "name")

    name: str
    """What it is called where it belongs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._frozen = False
        self._receivers: list[R] = []

    @property
    def frozen(self) -> bool:
        """Whether `freeze` has been called."""
        return self._frozen

    def freeze(self) -> None:
        """Take no more changes; may be called again."""
        self._frozen = True

    async def send(self, *args: object) -> None:
        """Call each receiver with *args* and wait for it, one after the other.

        What one raises comes out, and those after it are not called. `RuntimeError` if the
        signal is not frozen yet.
        """
        if not self._frozen:
            raise RuntimeError(f"{self.name} cannot be sent before it is frozen: call freeze()")
        for receiver in self._receivers:
            await receiver(*args)

    def __iter__(self) -> Iterator[R]:
        # The inherited one asks for each by its index, and requests with traces come by here.
        return iter(self._receivers)

    def __len__(self) -> int:
        return len(self._receivers)

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> list[R]: ...
    def __getitem__(self, index: int | slice) -> R | list[R]:
        return self._receivers[index]

    @overload
    def __setitem__(self, index: int, value: R) -> None: ...
    @overload
    def __setitem__(self, index: slice, value: Iterable[R]) -> None: ...
    def __setitem__(self, index: int | slice, value: R | Iterable[R]) -> None:
        if isinstance(index, slice):
            receivers = list(cast("Iterable[R]", value))
            self._check(*receivers)
            self._receivers[index] = receivers
        else:
            self._check(value)
            self._receivers[index] = cast("R", value)

    def __delitem__(self, index: int | slice) -> None:
        self._check()
        del self._receivers[index]

    def insert(self, index: int, value: R) -> None:
        """Put *value* before the receiver at *index*."""
        self._check(value)
        self._receivers.insert(index, value)

    def __repr__(self) -> str:
        frozen = ", frozen" if self._frozen else ""
        return f"<Signal {self.name} {self._receivers!r}{frozen}>"

    def _check(self, *receivers: object) -> None:
        if self._frozen:
            raise RuntimeError(
                f"{self.name} is frozen and cannot be changed: add receivers before a session is"
                " made with it"
            )
        for receiver in receivers:
            if not callable(receiver):
                raise TypeError(
                    f"{self.name} takes coroutine functions (session, trace_config_ctx, params),"
                    f" not {type(receiver).__name__}"
                )
