"""What goes wrong.

::

    Exception
    ├── WebSocketError        the peer broke the protocol
    ├── HandshakeError        the peer's part of the opening handshake is not valid
    ├── RuntimeError
    │   └── WebSocketStateError   what was asked for cannot be done any more
    └── TypeError
        └── WSMessageTypeError    a message is of another type than was asked for
"""


class WebSocketError(Exception):
    """The peer broke the protocol; the connection is to be closed with the code.

    Args:
        code: For the close frame: 1002 (protocol error), 1007 (not the text or the compressed data
            that it says it is) or 1009 (too big).
        message: What was wrong.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code, message)
        self.code = code

    def __str__(self) -> str:
        text: str = self.args[1]
        return text


class WebSocketStateError(RuntimeError):
    """Nothing can be sent any more: a close frame went out, or the connection is gone."""


class WSMessageTypeError(TypeError):
    """A message came that is not of the type that was asked for."""


class HandshakeError(Exception):
    """The peer's part of the opening handshake is not valid.

    Args:
        message: What is wrong with it.
        status: What a server answers with.
        fields: Header fields that belong to that answer.
    """

    def __init__(
        self, message: str, status: int = 400, fields: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message, status, fields)
        self.message = message
        self.status = status
        self.fields = fields

    def __str__(self) -> str:
        return self.message
