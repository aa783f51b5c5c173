"""The root of the tree, and what all errors share: they pickle and copy whole.

Each class stands under its first base; further bases follow in parentheses. A test
compares this drawing with the classes.

ClientError (Exception)
├── ClientConnectionError
│   ├── ClientOSError (OSError)
│   │   └── ClientConnectorError
│   │       ├── ClientConnectorDNSError
│   │       ├── ClientProxyConnectionError
│   │       ├── ClientSSLError
│   │       │   ├── ClientConnectorCertificateError (SSLCertVerificationError)
│   │       │   └── ClientConnectorSSLError (SSLError)
│   │       └── UnixClientConnectorError
│   ├── ClientConnectionResetError (ConnectionResetError)
│   └── ServerConnectionError
│       ├── ServerDisconnectedError
│       ├── ServerFingerprintMismatch
│       └── ServerTimeoutError (TimeoutError)
│           ├── ConnectionTimeoutError
│           ├── SocketTimeoutError
│           └── TotalTimeoutError
├── ClientPayloadError
│   └── PayloadEncodingError (HttpProcessingError)
│       ├── ContentEncodingError
│       ├── ContentLengthError
│       └── TransferEncodingError
├── ClientResponseError
│   ├── BadHttpMessage (HttpProcessingError)
│   │   ├── BadStatusLine
│   │   ├── InvalidHeader
│   │   └── LineTooLong
│   ├── ClientHttpProxyError
│   ├── ContentTypeError
│   ├── TooManyRedirects
│   └── WSServerHandshakeError
├── HttpProcessingError
├── InvalidURL (ValueError)
│   ├── InvalidUrlClientError
│   │   └── InvalidUrlRedirectClientError (RedirectClientError)
│   └── NonHttpUrlClientError
│       └── NonHttpUrlRedirectClientError (RedirectClientError)
├── RedirectClientError
└── UploadAbortedError

Rules for who edits these classes:

- A new, finer error derives from every class that code could have caught for the same
  event before.
- Nothing above `OSError` in the order of resolution defines ``__init__`` without handing
  ``(errno, strerror)`` down: `OSError` reads them there.
- Text goes through the functions of the module for safe text; attributes stay raw.
"""

from collections.abc import Callable
from typing import Final, Self

from ._portable import portable

__all__ = ["ClientError"]

_OS_ERROR_FIELDS: Final = ("errno", "strerror", "filename", "filename2")


def _blank(kind: type["ClientError"]) -> "ClientError":
    # Not by calling the class: constructors build texts and demand what they derive from.
    return kind.__new__(kind)


class ClientError(Exception):
    """The base of every error that the client raises for what went wrong outside it.

    Mistakes of the caller are `TypeError` and `ValueError` (`InvalidURL` is both a
    `ValueError` and one of these). Errors of this tree pickle with every protocol and
    copy, attributes and notes included; as with all exceptions, ``__cause__``,
    ``__context__`` and ``__traceback__`` are left behind. Responses in a history become
    `HistoryRecord` when they are pickled or deep-copied, and a pickled TLS context becomes
    one that trusts nobody.
    """

    def _state(self) -> dict[str, object]:
        # OSError keeps these outside of __dict__. An unset one must stay unset: None would
        # be printed as the file's name.
        kept = ((name, getattr(self, name, None)) for name in _OS_ERROR_FIELDS)
        return {
            "args": self.args,
            **{name: value for name, value in kept if value is not None},
            **self.__dict__,
        }

    def __copy__(self) -> Self:
        twin = type(self).__new__(type(self))
        twin.__setstate__(self._state())
        return twin

    def __reduce__(
        self,
    ) -> tuple[Callable[..., object], tuple[type["ClientError"]], dict[str, object]]:
        state = {name: portable(value) for name, value in self._state().items()}
        return _blank, (type(self),), state
