"""Each duty about requests is missed by a connector that leaves just that undone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pytest

from martlet_interfaces import (
    BodyWriter,
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    Timeouts,
)
from martlet_interfaces.testing import (
    FakeConnector,
    FakeExchange,
    OriginResponse,
    conformance_origin,
)
from martlet_interfaces.testing._request_duties import REQUEST_DUTIES

Fields = Sequence[tuple[str, str]]
FailedDuties = Callable[[Callable[[], FakeConnector]], Mapping[str, str]]

LINE: Final = "method, path and query arrive as they are, the fragment does not"
FIELDS: Final = "the request's fields arrive, repeated ones in order"
HOST: Final = "Host arrives once, as it was given"
ADDED: Final = "only fields for framing are added to a request"
BYTES: Final = "bodies of bytes arrive"
KNOWN: Final = "a RequestBody of known length arrives"
UNKNOWN: Final = "a RequestBody of unknown length arrives"
BUFFER: Final = "a RequestBody may use its buffer again when write() has returned"
RAISES: Final = "what a RequestBody raises comes out of send as it is"


class Mutant(FakeConnector):
    """Changes the request on its way to the origin."""

    def __init__(self) -> None:
        super().__init__(self.application)

    def application(self, method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
        return conformance_origin(method, target, headers, body)


class UnderstandsNoExtensions(Mutant):
    def application(self, method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
        known = method if method != "PROPFIND" else "GET"
        return super().application(known, target, headers, body)


class Unquotes(Mutant):
    def application(self, method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
        return super().application(method, target.replace("%20", "+"), headers, body)


class SendsFragment(Mutant):
    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        if request.url.fragment:
            url = request.url.with_query(request.url.query_string + "#" + request.url.fragment)
            request = RequestHead(request.method, url.with_fragment(None), request.headers)
        return await super().send(request, body, receiver, timeouts=timeouts, observer=observer)


class DropsRepeated(Mutant):
    def application(self, method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
        return super().application(method, target, list(dict(headers).items()), body)


class Asciifies(Mutant):
    def application(self, method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
        ascii_only = [(n, v.encode("ascii", "replace").decode("ascii")) for n, v in headers]
        return super().application(method, target, ascii_only, body)


class SecondHost(Mutant):
    def application(self, method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
        return super().application(method, target, [("host", "mine"), *headers], body)


class AddsFields(Mutant):
    def application(self, method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
        added = [("User-Agent", "mine"), ("Accept", "*/*"), ("Connection", "close")]
        return super().application(method, target, [*headers, *added], body)


class LiesAboutLength(Mutant):
    def application(self, method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
        length = ("Content-Length", str(len(body) + 1))
        return super().application(method, target, [*headers, length], body)


class MutantBody:
    """A body around a body."""

    def __init__(self, body: RequestBody) -> None:
        self.body = body
        self.length = body.length
        self.replayable = body.replayable

    async def write_to(self, out: BodyWriter, /) -> None:
        await self.body.write_to(out)


class ChangesBody(Mutant):
    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        body = self.change(body)
        return await super().send(request, body, receiver, timeouts=timeouts, observer=observer)

    def change(self, body: bytes | RequestBody | None) -> bytes | RequestBody | None:
        return body


class EndsBodyAtBlankLine(ChangesBody):
    def change(self, body: bytes | RequestBody | None) -> bytes | RequestBody | None:
        return body.partition(b"\r\n\r\n")[0] if isinstance(body, bytes) else body


class DropsKnown(ChangesBody):
    def change(self, body: bytes | RequestBody | None) -> bytes | RequestBody | None:
        return body if isinstance(body, bytes) or body is None or body.length != 11 else b"on"


class DropsUnknown(ChangesBody):
    def change(self, body: bytes | RequestBody | None) -> bytes | RequestBody | None:
        if body is None or isinstance(body, bytes) or body.length is not None:
            return body
        return OnlyFirst(body)


class OnlyFirst(MutantBody):
    async def write_to(self, out: BodyWriter, /) -> None:
        first = FirstWriter(out)
        await self.body.write_to(first)


class FirstWriter:
    def __init__(self, out: BodyWriter) -> None:
        self.out = out
        self.done = False

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        if not self.done:
            self.done = True
            await self.out.write(data)


class KeepsBuffers(ChangesBody):
    def change(self, body: bytes | RequestBody | None) -> bytes | RequestBody | None:
        return KeepingBody(body) if body is not None and not isinstance(body, bytes) else body


class KeepingBody(MutantBody):
    def __init__(self, body: RequestBody) -> None:
        super().__init__(body)
        self.kept: list[bytes | bytearray | memoryview] = []

    async def write_to(self, out: BodyWriter, /) -> None:
        await self.body.write_to(self)
        for data in self.kept:
            await out.write(data)

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.kept.append(data)


class WrapsErrors(ChangesBody):
    def change(self, body: bytes | RequestBody | None) -> bytes | RequestBody | None:
        return WrappingBody(body) if body is not None and not isinstance(body, bytes) else body


class WrappingBody(MutantBody):
    async def write_to(self, out: BodyWriter, /) -> None:
        try:
            await self.body.write_to(out)
        except LookupError as exc:
            raise ConnectionError("the body failed") from exc


TARGET: Final = "/echo?q=a%20b&q=%26&e="
TABLE: Final[Mapping[type[Mutant], Mapping[str, str]]] = {
    UnderstandsNoExtensions: {LINE: "PROPFIND was sent, GET arrived"},
    Unquotes: {LINE: f"{TARGET} was sent, /echo?q=a+b&q=%26&e= arrived"},
    SendsFragment: {LINE: f"{TARGET} was sent, /echo?q=a+b&q=%2526&e=%23not-sent arrived"},
    DropsRepeated: {FIELDS: "X-Twice was sent as ['first', 'second'], ['second'] arrived"},
    Asciifies: {FIELDS: "X-Other arrived as ['?']"},
    SecondHost: {HOST: "['mine', 'origin.test:8080'] arrived, not ['origin.test:8080']"},
    AddsFields: {ADDED: "these were added: accept, user-agent"},
    LiesAboutLength: {
        BYTES: "a body of 0 bytes had Content-Length ['1']",
        KNOWN: "a body of 11 bytes had Content-Length ['12']",
        UNKNOWN: "a body of 6 bytes had Content-Length ['7']",
    },
    EndsBodyAtBlankLine: {BYTES: "of 9 bytes 5 arrived, or wrong"},
    DropsKnown: {KNOWN: "b'on' arrived"},
    DropsUnknown: {UNKNOWN: "b'onetwo' was written, b'one' arrived"},
    KeepsBuffers: {
        KNOWN: f"{bytes(11)!r} arrived",
        UNKNOWN: f"b'onetwo' was written, {bytes(6)!r} arrived",
        BUFFER: "the origin saw what was in the buffer after write() had returned",
    },
    WrapsErrors: {
        RAISES: 'LookupError("the body\'s own error") was raised,'
        " send raised ConnectionError('the body failed')",
    },
}


@pytest.mark.parametrize("mutant", TABLE)
def test_a_duty_left_undone_is_named(mutant: type[Mutant], failed_duties: FailedDuties) -> None:
    assert failed_duties(mutant) == TABLE[mutant]


@pytest.mark.parametrize("neutral", [Mutant, ChangesBody])
def test_a_connector_between_that_changes_nothing_passes(
    neutral: type[Mutant], failed_duties: FailedDuties
) -> None:
    assert failed_duties(neutral) == {}


def test_each_duty_has_somebody_who_misses_it() -> None:
    missed = {duty for failures in TABLE.values() for duty in failures}
    assert {duty.text for duty in REQUEST_DUTIES} == missed
