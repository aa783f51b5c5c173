"""Who has left something open: the place that the warning names."""

import gc
import sys
from collections.abc import Callable
from inspect import currentframe
from types import FrameType

import pytest

from martlet_client_session import ClientSession
from martlet_client_session._made_at import made_at

from .scripted import ScriptedConnector


class Derived(ClientSession):
    """Has an ``__init__`` of its own, and a method in it."""

    def __init__(self) -> None:
        self.set_up()

    def set_up(this: "Derived") -> None:  # noqa: N805  # is tested
        ClientSession.__init__(this, connector=ScriptedConnector())


class DerivedTwice(Derived):
    """And one more."""

    def __init__(self) -> None:
        def keep() -> "DerivedTwice":
            return self  # which makes it a cell

        super().__init__()
        keep()


class Service:
    """Makes a session in its ``__init__``, but is none."""

    def __init__(self) -> None:
        self.session = ClientSession(connector=ScriptedConnector())


def _line_before() -> int:
    frame = currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno - 1


def plain() -> int:
    ClientSession(connector=ScriptedConnector())
    return _line_before()


def derived() -> int:
    Derived()
    return _line_before()


def derived_twice() -> int:
    DerivedTwice()
    return _line_before()


def in_a_service() -> int:
    Service()
    return Service.__init__.__code__.co_firstlineno + 1


@pytest.mark.parametrize("make", [plain, derived, derived_twice, in_a_service])
def test_an_unclosed_session_is_told_of_with_the_line_that_made_it(make: Callable[[], int]) -> None:
    with pytest.warns(ResourceWarning, match="Unclosed session <ClientSession") as caught:
        line = make()
    (warning,) = caught
    assert (warning.filename, warning.lineno) == (__file__, line)


def test_a_closed_or_borrowed_one_is_not_told_of(recwarn: pytest.WarningsRecorder) -> None:
    ClientSession(connector=ScriptedConnector()).close()
    ClientSession(connector=ScriptedConnector()).detach()
    ClientSession(connector=ScriptedConnector(), connector_owner=False)
    with pytest.raises(TypeError):
        ClientSession(connector=ScriptedConnector(), auth="u:p")  # type: ignore[arg-type]  # is tested
    gc.collect()
    assert not recwarn.list


def test_an_unclosed_session_closes_its_connector() -> None:
    connector = ScriptedConnector()
    with pytest.warns(ResourceWarning):
        ClientSession(connector=connector)
    assert connector.closed


def test_without_frames_the_place_is_unknown() -> None:
    assert made_at(object(), None) == ("<unknown>", 0)


def test_the_outermost_frame_is_where_it_ends() -> None:
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    assert frame is not None
    assert made_at(object(), frame) == (frame.f_code.co_filename, frame.f_lineno)
