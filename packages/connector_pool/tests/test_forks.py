"""Who is told in a forked child."""

import gc
import os
import weakref

from martlet_connector_pool import _forks
from martlet_connector_pool._forks import tell_in_child

from .forked import in_child


class Unhashable:
    """Notes the process in which it was told."""

    __hash__ = None  # type: ignore[assignment]  # it need not be hashable

    def __init__(self) -> None:
        self.told = 0

    def __eq__(self, other: object) -> bool:
        return True

    def _on_fork(self) -> None:
        self.told = os.getpid()


def test_the_child_is_told_and_the_parent_is_not() -> None:
    ones = [Unhashable(), Unhashable()]
    for one in ones:
        tell_in_child(one)

    assert in_child(lambda: {one.told for one in ones} == {os.getpid()})
    assert [one.told for one in ones] == [0, 0]


def test_it_keeps_nobody_alive() -> None:
    one = Unhashable()
    tell_in_child(one)
    reference = weakref.ref(one)
    before = len(_forks._all)

    del one
    gc.collect()

    assert reference() is None
    assert len(_forks._all) < before


def test_all_are_told_even_if_one_goes_meanwhile() -> None:
    class Last(Unhashable):
        def _on_fork(self) -> None:
            super()._on_fork()
            ones.clear()

    ones: list[Unhashable] = [Last(), Last()]
    for one in ones:
        tell_in_child(one)
    del one
    _forks._on_fork()
    gc.collect()
    _forks._on_fork()
    assert ones == []
