"""What an application does wrong, and what it is told when its client has gone."""

from martlet_exceptions import ClientConnectionError, ServerConnectionError

__all__ = ["ApplicationError", "ClientGoneError", "LifespanError", "comes_of_leaving"]


class ApplicationError(ServerConnectionError):
    """The application does not keep to ASGI: the text says what it did.

    It returned without a response, or sent an event that is malformed or not due. The
    application gets it from ``send``; the request fails with it, or, if the head of the response
    is already there, the body with a `ClientPayloadError` that has it as its ``__cause__``.
    """


class LifespanError(ClientConnectionError):
    """The application failed to start, or to shut down: the text has its own message.

    Where it raised an exception instead, that is the ``__cause__``.
    """


class ClientGoneError(ConnectionResetError):
    """What ``send`` raises in an application whose client is no longer there (an `OSError`)."""


def comes_of_leaving(exc: BaseException, told: BaseException | None = None) -> bool:
    """Tell whether *exc* is no more than what a `ClientGoneError` has become on its way.

    Or what *told* has become, which somebody has been told.
    """
    return _comes_of(exc, told, set())


def _comes_of(exc: BaseException, told: BaseException | None, seen: set[int]) -> bool:
    # Libraries make circles: a member of a group that is raised again has the group as its context.
    link: BaseException | None = exc
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        if link is told or isinstance(link, ClientGoneError):
            return True
        if isinstance(link, BaseExceptionGroup):
            return all(_comes_of(part, told, seen) for part in link.exceptions)
        link = link.__cause__ or link.__context__
    return False
