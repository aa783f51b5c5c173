"""What has to hear, in a forked child, that it is the parent's."""

import os
from typing import Protocol
from weakref import WeakValueDictionary

__all__ = ["Forkable", "tell_in_child"]


class Forkable(Protocol):
    """Something that belongs to one process."""

    def _on_fork(self) -> None:
        """Learn that this is a forked child, in which it must not be used."""


_all: WeakValueDictionary[int, Forkable] = WeakValueDictionary()


def tell_in_child(one: Forkable) -> None:
    """Have *one*, as long as it lives, told in each child that is forked from here on."""
    # By its identity: it need not be hashable.
    _all[id(one)] = one


def _on_fork() -> None:
    for one in list(_all.values()):
        one._on_fork()  # noqa: SLF001  # public in the class it would be everybody's to call


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_on_fork)
