"""The answer that opens a WebSocket (RFC 6455 section 4.2.2), and who speaks there."""

from collections.abc import Callable, Sequence

from attrs import frozen

from martlet_websocket import (
    Acceptance,
    DeflateParameters,
    HandshakeError,
    WebSocketConnection,
    WSCloseCode,
    accept_handshake,
)

from ._answer import Answer, Headers
from ._seen_request import SeenRequest
from ._web_socket import MockWebSocket
from ._web_socket_script import Conversation

__all__ = ["Opener", "SwitchingAnswer"]


class SwitchingAnswer(Answer):
    """101, after which *conversation* goes on; what that raises is told to *failed*."""

    __slots__ = ("_acceptance", "_conversation", "_failed", "_request")

    def __init__(
        self,
        request: SeenRequest,
        acceptance: Acceptance,
        conversation: Conversation,
        failed: Callable[[Exception], object],
        headers: Headers,
    ) -> None:
        super().__init__(101, headers=headers)
        self._request = request
        self._acceptance = acceptance
        self._conversation = conversation
        self._failed = failed

    @staticmethod
    def _may_have(status: int) -> bool:
        return status == 101

    def open(
        self, write: Callable[[bytes], object], hang_up: Callable[[], object]
    ) -> MockWebSocket:
        """Make the server's end, which sends by *write* and ends the connection by *hang_up*."""
        connection = WebSocketConnection(client=False, deflate=self._acceptance.deflate)
        protocol = self._acceptance.protocol
        return MockWebSocket(self._request, protocol, connection, write, hang_up)

    async def converse(self, ws: MockWebSocket) -> None:
        """Speak, close, and return when the connection is over."""
        try:
            await self._conversation(ws)
        except Exception as exc:  # noqa: BLE001  # it is the test's, and told to it
            self._failed(exc)
            await ws.finish(WSCloseCode.INTERNAL_ERROR)
        else:
            await ws.finish(WSCloseCode.OK)


@frozen
class Opener:
    """A handler that opens a WebSocket, or refuses what is no handshake."""

    conversation: Conversation
    protocols: Sequence[str]
    headers: Sequence[tuple[str, str]]
    compress: bool
    failed: Callable[[Exception], object]

    def __call__(self, request: SeenRequest) -> Answer:
        """Answer *request*."""
        deflate = DeflateParameters() if self.compress else None
        try:
            acceptance = accept_handshake(
                request.method, request.headers.items(), protocols=self.protocols, deflate=deflate
            )
        except HandshakeError as exc:
            return Answer(exc.status or 400, text=str(exc), headers=exc.fields)
        fields = [*acceptance.fields, *self.headers]
        return SwitchingAnswer(request, acceptance, self.conversation, self.failed, fields)
