"""Errors of a body on its way: the response's, and the request's."""

from ._client_error import ClientError

__all__ = ["ClientPayloadError", "UploadAbortedError"]


class ClientPayloadError(ClientError):
    """The body of a response is broken.

    Raised while the body is read: it ended early, its framing is invalid, or it cannot be
    decompressed (RFC 9112, section 8). Only this error tells a truncated body from a whole
    one. Its subclass `PayloadEncodingError` says which rule was broken, and where.
    """


class UploadAbortedError(ClientError):
    """The body of a request was not sent whole.

    Raised to who waits for the end of an upload that was given up, for instance because
    the server answered and closed before it had read all of it (RFC 9112, section 9.6).
    """
