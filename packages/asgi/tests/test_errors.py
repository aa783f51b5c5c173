import pytest

from martlet_asgi import ApplicationError, LifespanError
from martlet_asgi._errors import ClientGoneError, comes_of_leaving
from martlet_exceptions import ClientConnectionError, ServerConnectionError


def test_they_are_what_programs_catch() -> None:
    assert issubclass(ApplicationError, ServerConnectionError)
    assert issubclass(LifespanError, ClientConnectionError)
    assert issubclass(ClientGoneError, OSError)


def caused(exc: BaseException, cause: BaseException) -> BaseException:
    exc.__cause__ = cause
    return exc


def circle_with_a_group(exc: BaseException) -> BaseException:
    exc.__context__ = BaseExceptionGroup("tasks", [exc])
    return exc


def in_context(exc: BaseException, context: BaseException) -> BaseException:
    exc.__context__ = context
    return exc


@pytest.mark.parametrize(
    "exc",
    [
        ClientGoneError(),
        caused(RuntimeError(), ClientGoneError()),
        in_context(RuntimeError(), caused(ValueError(), ClientGoneError())),
        ExceptionGroup("tasks", [ClientGoneError(), ClientGoneError()]),
        circle_with_a_group(caused(RuntimeError(), ClientGoneError())),
        caused(RuntimeError(), ExceptionGroup("tasks", [ClientGoneError()])),
    ],
)
def test_what_leaving_becomes_on_its_way_is_found(exc: BaseException) -> None:
    assert comes_of_leaving(exc)


def test_what_somebody_has_been_told_is_found_too() -> None:
    told = ValueError()
    assert comes_of_leaving(caused(RuntimeError(), told), told)
    assert comes_of_leaving(ExceptionGroup("tasks", [told, ClientGoneError()]), told)
    assert not comes_of_leaving(ValueError(), told)


def circle() -> BaseException:
    first = RuntimeError()
    return caused(first, caused(RuntimeError(), first))


@pytest.mark.parametrize(
    "exc",
    [
        OSError(),
        circle_with_a_group(RuntimeError()),
        caused(RuntimeError(), ValueError()),
        ExceptionGroup("tasks", [ClientGoneError(), ValueError()]),
        circle(),
    ],
)
def test_all_else_is_not(exc: BaseException) -> None:
    assert not comes_of_leaving(exc)
