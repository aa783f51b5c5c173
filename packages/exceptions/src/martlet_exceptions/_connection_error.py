"""The root of the errors of connections, on either side."""

from ._client_error import ClientError

__all__ = ["ClientConnectionError"]


class ClientConnectionError(ClientError):
    """A connection failed or is closed: the base of the finer errors.

    Raised by itself where a closed session, connector or response is used.
    """
