"""Reading the responses of one connection.

The parser is told what was asked (`expect`), then fed whatever arrives. It calls back
with the head, pushes the body to the sink that it gets in return, and raises at the
first byte that is wrong. It never looks past the end of a message: what is there is
`tail`, and it is the caller's to judge.
"""

from collections.abc import Callable, Sequence
from typing import Final

from multidict import CIMultiDict, istr

from martlet_exceptions import BadHttpMessage, BadStatusLine, ServerDisconnectedError
from martlet_interfaces import BodySink, HttpVersion, ResponseHead

from ._field_lines import read_fields
from ._framing import UNTIL_CLOSE, Open, announced_length, is_persistent
from ._head import field_offset, parse_head_slowly
from ._limits import DEFAULT_LIMITS, Limits, check_limits
from ._message_parser import NOWHERE, MessageParser
from ._redirect_heads import LOCATION, Framing, keep, keep_framing, recall
from ._states import RESPONSE_MOVES, Event, State
from ._status_line import STATUS_LINES, bad_status_line, read_status_line

__all__ = ["OnHead", "OnInterim", "ResponseParser"]

OnHead = Callable[[ResponseHead], BodySink]
OnInterim = Callable[[ResponseHead], None]

_CONNECTION: Final = istr("Connection")
_FRAMING: Final = (istr("Content-Length"), istr("Transfer-Encoding"))
_PREFIX: Final = b"HTTP/1."
_DONE: Final = State.DONE
_IDLE: Final = State.IDLE
_EXPECTED: Final = Event.EXPECTED

# Heads of which every line was met before: who asks for the same gets the same. None of
# their fields may be secret (see `_field_lines`). Other limits may have held then: only what
# is no longer than the shortest line allowed is looked up here, and its fields are counted.
# With them what they say of the body, and of the connection, once that has been found out.
_heads: dict[bytes, tuple[HttpVersion, int, str, CIMultiDict[str], Framing | None]] = {}
_MAX_HEADS: Final = 128
_MAX_REMEMBERED: Final = 4096


def _nobody(_head: ResponseHead) -> BodySink:
    return NOWHERE


class ResponseParser(MessageParser[ResponseHead]):
    """Parses responses to requests that are announced one at a time.

    `expect`, then `feed` and at last perhaps `feed_eof`, until `done`; then `expect`
    again, if `reusable`. After an exception the parser is of no further use: it holds on
    to nothing and passes over what it is fed.

    *strict*: refuse also what is sloppy but safe, and is otherwise accepted at the price
    of `reusable`. *on_interim* is called with the heads of 1xx responses, which are
    passed over otherwise.
    """

    __slots__ = (
        "_framing",
        "_given",
        "_interim",
        "_method",
        "_on_head",
        "_on_interim",
        "_own",
        "_upgrade",
        "upgraded",
    )

    _moves = RESPONSE_MOVES
    _kind = "response"

    _given: Limits | None
    """The limits of this response alone."""
    _method: str
    _upgrade: bool
    upgraded: bool
    """Whether the connection speaks something else from here on (101, CONNECT)."""

    def __init__(
        self,
        limits: Limits = DEFAULT_LIMITS,
        *,
        strict: bool = False,
        on_interim: OnInterim | None = None,
    ) -> None:
        super().__init__(limits, strict=strict)
        self._own = limits
        self._given = None
        self._framing: Framing | None = None
        self._on_head: OnHead = _nobody
        self._on_interim = on_interim
        self._interim = 0
        self.upgraded = False

    @property
    def limits(self) -> Limits:
        """Its own limits: those of every response that is expected without others."""
        return self._own

    def expect(
        self,
        method: str,
        on_head: OnHead,
        limits: Limits | None = None,
        *,
        upgrade: bool = False,
        pipelined: bool = False,
    ) -> None:
        """Announce the response to a request of *method*.

        *on_head* gets its head, and returns the sink for its body. *upgrade*: the
        request asked to switch protocols, so that 101 is a final answer. Raises
        `RuntimeError` before the one before is `done`, and if there is a `tail`, which
        must not be taken for an answer; whether the connection is `reusable` is the
        caller's to know.

        *pipelined*: the request was sent before the response before had ended, so what
        is in `tail` is its answer, and is read at once: what `feed` and `feed_eof` raise is
        raised here. It is a `RuntimeError` still if that response was the last, or broke a
        rule, and so it is if the peer has closed and there is no `tail`.

        *limits* hold for this response alone, with its interim responses and its trailers;
        ``None``: the parser's own. What is no `Limits` is a `TypeError`.
        """
        if limits is not None:
            check_limits(limits)
        state = self._state
        if (state is _DONE or state is _IDLE) and not (self._tail or self._later or self._ended):
            # As `_begin` does where there is nothing to be settled.
            self._state = self._moves[state][_EXPECTED]
            self.started = False
            self.trailers: Sequence[tuple[str, str]] = ()
            has_come = None
        else:
            has_come = self._begin(pipelined and not self.upgraded and self._another_may_follow)
        self._method = method
        self._on_head = on_head
        self._upgrade = upgrade
        self._interim = 0
        if limits is not self._given:
            self._given = limits
            self._keep_to(self._own if limits is None else limits)
        if has_come:
            self._read_tail()

    @property
    def reusable(self) -> bool:
        """Whether another response may follow on the connection."""
        return (
            self._state is _DONE
            and self._persistent
            and not self._sloppy
            and not self._tail
            and not self._later
            and not self.upgraded
        )

    def feed_eof(self) -> None:
        """Learn that the peer will send nothing more.

        Raises `ServerDisconnectedError` before the end of a head, and a
        `ClientPayloadError` before the end of a body. Responses in `tail` may still be
        expected.
        """
        state = self._state
        self._ended = True
        if state is _DONE and (self._tail or self._later):
            return
        self._persistent = False
        if state is State.HEAD:
            self._fail()
            where = "inside the response's head" if self.started else "before it answered"
            raise ServerDisconnectedError(f"Server disconnected {where}")
        if state is State.IDLE:
            self._state = self._moves[state][Event.CLOSE]
        elif Event.FAULT in self._moves[state]:
            self._close_body()

    def _check_start(self, start: bytearray) -> None:
        if not start.startswith(_PREFIX[: len(start)]):
            raise bad_status_line(str(start[:100], "utf-8", "surrogateescape"))

    def _parse_head(self, block: bytes) -> ResponseHead | None:
        known = _heads.get(block)
        if known is not None and len(known[3]) <= self._limits.fields:
            version, status, reason, headers, self._framing = known
            return ResponseHead(version, status, reason, headers.copy())
        at = block.find(LOCATION)
        if at >= 0:
            familiar = recall(block, at, self._limits.fields)
            if familiar is not None:
                head, self._framing = familiar
                return head
        self._framing = None
        lines = str(block, "utf-8", "surrogateescape").split("\r\n")
        line = lines.pop(0)
        status_line = STATUS_LINES.get(line) or read_status_line(line)
        if status_line is None or status_line[3] or len(lines) > self._limits.fields:
            return None
        fields, unknown = read_fields(lines)
        if fields is None:
            return None
        version, status, reason, _ = status_line
        head = ResponseHead(version, status, reason, CIMultiDict(fields))
        if len(block) <= _MAX_REMEMBERED:
            if not unknown:
                if len(_heads) >= _MAX_HEADS:
                    _heads.clear()
                _heads[block] = version, status, reason, head.headers.copy(), None
            elif unknown == 1 and at >= 0:
                keep(block, at, head, fields)
        return head

    def _parse_head_slowly(self, block: bytes) -> tuple[ResponseHead, bool]:
        self._framing = None
        head, sloppy = parse_head_slowly(
            block, self._limits, read_status_line, bad_status_line, strict=self._strict
        )
        (version, status, reason, spaceless), headers = head
        if spaceless and self._strict:
            raise BadStatusLine(
                "The space after the status code is missing", offset=0, excerpt=block[:12]
            )
        return ResponseHead(version, status, reason, headers), sloppy or spaceless

    def _take_head(self, head: ResponseHead, block: bytes, size: int, rest: bytes) -> bytes:
        status = head.status
        if status < 200 and not (status == 101 and self._upgrade):
            self._skip_interim(head, block)
            return rest
        if status == 101 or (status < 300 and self._method == "CONNECT"):
            # Whatever the head says of a length has no meaning (RFC 9112 section 6.3).
            self.upgraded = True
            length: int | Open = 0
        else:
            announced, self._persistent = self._framing or self._find_framing(head, block)
            if status == 204 or status == 304 or self._method == "HEAD":
                length = 0
            else:
                length = UNTIL_CLOSE if announced is None else announced
        on_head = self._on_head
        self._on_head = _nobody
        self._begin_body(on_head(head), length, size, rest)
        return b""

    def _find_framing(self, head: ResponseHead, block: bytes) -> Framing:
        announced, sloppy = announced_length(head, block, strict=self._strict)
        framing = announced, is_persistent(head)
        if sloppy:
            self._sloppy = True
        else:
            known = _heads.get(block)
            if known is not None:
                _heads[block] = *known[:4], framing
            else:
                keep_framing(block, framing)
        return framing

    def _skip_interim(self, head: ResponseHead, block: bytes) -> None:
        if head.status == 101:
            raise BadHttpMessage("The server switches protocols, unasked (101)", offset=0)
        self._interim += 1
        if self._interim > self._limits.interim:
            raise BadHttpMessage(
                f"More than {self._limits.interim} interim (1xx) responses", offset=0
            )
        framing = next(filter(head.headers.__contains__, _FRAMING), None)
        if framing is not None:
            # There is no body (RFC 9110 section 15.2), whatever others read of one.
            if self._strict:
                at = field_offset(block, framing)
                raise BadHttpMessage("An interim response frames a body", offset=at)
            self._sloppy = True
        elif _CONNECTION in head.headers and not is_persistent(head):
            # Nothing ought to follow; the final response does, and is the last.
            self._sloppy = True
        self._state = self._moves[self._state][Event.INTERIM_HEAD]
        if self._on_interim is not None:
            self._on_interim(head)

    def _fail(self) -> None:
        super()._fail()
        self._on_head = _nobody
