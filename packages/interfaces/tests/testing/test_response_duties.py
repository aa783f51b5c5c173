"""Each duty about heads is missed by a connector that leaves just that undone."""

import asyncio
import gzip
from collections.abc import Callable, Mapping
from typing import Final

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import (
    BodySink,
    Flow,
    HttpVersion,
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    ResponseHead,
    Timeouts,
)
from martlet_interfaces.testing import FakeConnector, FakeExchange, conformance_origin
from martlet_interfaces.testing._response_duties import RESPONSE_DUTIES

FailedDuties = Callable[[Callable[[], FakeConnector]], Mapping[str, str]]


class Mutant(FakeConnector):
    """Puts itself between the receiver and what it is told."""

    def __init__(self) -> None:
        super().__init__(conformance_origin, error=ConnectionError)

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        request = self.rewrite(request)
        between = Between(self, request, receiver)
        return await super().send(request, body, between, timeouts=timeouts, observer=observer)

    def rewrite(self, request: RequestHead) -> RequestHead:
        return request

    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        return receiver.on_head(head, flow)


class Between:
    def __init__(self, mutant: Mutant, request: RequestHead, receiver: Receiver) -> None:
        self.mutant, self.request, self.receiver = mutant, request, receiver

    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        return self.mutant.deliver(self.request, self.receiver, head, flow)


class Dead(Mutant):
    def rewrite(self, request: RequestHead) -> RequestHead:
        raise ConnectionError("dead")


class Astray(Mutant):
    def rewrite(self, request: RequestHead) -> RequestHead:
        url = request.url.with_query("astray")
        return RequestHead(request.method, url, request.headers)


class Later:
    """A sink that passes everything on in the next turn of the loop."""

    sink: BodySink

    def __init__(self, receiver: Receiver, head: ResponseHead, flow: Flow) -> None:
        self.loop = asyncio.get_running_loop()
        self.loop.call_soon(self.begin, receiver, head, flow)

    def begin(self, receiver: Receiver, head: ResponseHead, flow: Flow) -> None:
        self.sink = receiver.on_head(head, flow)

    def feed(self, data: bytes, /) -> None:
        self.loop.call_soon(lambda: self.sink.feed(data))

    def eof(self) -> None:
        self.loop.call_soon(lambda: self.sink.eof())

    def fail(self, exc: BaseException, /) -> None:
        raise exc


class LateHead(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        if request.url.path == "/digest" and request.method == "GET":
            return Later(receiver, head, flow)
        return receiver.on_head(head, flow)


class TwoHeads(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        receiver.on_head(head, flow)
        return receiver.on_head(head, flow)


class RaisesForStatus(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        if head.status >= 400:
            raise ConnectionError(f"status {head.status}")
        return receiver.on_head(head, flow)


class OneStatus(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        head.status = 200 if head.status < 300 else head.status
        return receiver.on_head(head, flow)


class ForgetsRepeated(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        if "X-Twice" in head.headers:
            head.headers["X-Twice"] = head.headers["X-Twice"]
        return receiver.on_head(head, flow)


class LosesBytes(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        clean = (
            (name, value.encode("utf-8", "replace").decode("utf-8"))
            for name, value in head.headers.items()
        )
        head.headers = CIMultiDict(clean)
        return receiver.on_head(head, flow)


class TextVersion(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        head.version = (1, 1)  # type: ignore[assignment]  # the fault
        return receiver.on_head(head, flow)


class SharedHeaders(Mutant):
    def __init__(self) -> None:
        super().__init__()
        self.heads: dict[URL, CIMultiDict[str]] = {}

    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        head.headers = self.heads.setdefault(request.url, head.headers)
        return receiver.on_head(head, flow)


class FollowsRedirects(Mutant):
    def rewrite(self, request: RequestHead) -> RequestHead:
        if request.url.path == "/redirect":
            return RequestHead(request.method, request.url.with_path("/echo"), request.headers)
        return request


class RewritesLocation(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        if "Location" in head.headers:
            head.headers["Location"] = str(request.url.with_path("/echo"))
        return receiver.on_head(head, flow)


class TakesCookies(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        head.headers.popall("Set-Cookie", None)
        return receiver.on_head(head, flow)


class SendsCookies(Mutant):
    cookie = ""

    def rewrite(self, request: RequestHead) -> RequestHead:
        if not self.cookie:
            return request
        fields = CIMultiDictProxy(CIMultiDict([*request.headers.items(), ("Cookie", self.cookie)]))
        return RequestHead(request.method, request.url, fields)

    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        self.cookie = head.headers.get("Set-Cookie", "")
        return receiver.on_head(head, flow)


class Decoding:
    def __init__(self, sink: BodySink) -> None:
        self.sink = sink
        self.eof, self.fail = sink.eof, sink.fail

    def feed(self, data: bytes, /) -> None:
        self.sink.feed(gzip.decompress(data))


class Decodes(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        sink = receiver.on_head(head, flow)
        return Decoding(sink) if "Content-Encoding" in head.headers else sink


class HidesCoding(Mutant):
    def deliver(
        self, request: RequestHead, receiver: Receiver, head: ResponseHead, flow: Flow
    ) -> BodySink:
        head.headers.popall("Content-Encoding", None)
        return receiver.on_head(head, flow)


ANSWERED: Final = "a request is answered"
FIELDS: Final = "fields come as they are, repeated ones and odd bytes too"
COOKIES: Final = "cookies are neither kept nor sent"
CODINGS: Final = "content codings are left alone"
REDIRECT: Final = "no redirect is followed"
STATUS: Final = "any status is success"

TABLE: Final[Mapping[type[Mutant], tuple[str, str]]] = {
    Dead: (ANSWERED, "GET /echo raised ConnectionError('dead')"),
    Astray: (ANSWERED, "asked for /echo, the origin saw /echo?astray"),
    LateHead: (
        "send returns when on_head has been called",
        "GET /digest returned before on_head was called",
    ),
    TwoHeads: ("on_head is called once for each send", "it was called 2 times"),
    RaisesForStatus: (STATUS, "GET /status/400 raised ConnectionError('status 400')"),
    OneStatus: (STATUS, "the origin sent 201, on_head got 200"),
    ForgetsRepeated: (
        FIELDS,
        "the origin sent x-twice as ['first', 'second'], on_head got ['first']",
    ),
    LosesBytes: (
        FIELDS,
        "the origin sent x-bytes as ['caf\xe9 \\udcff'], on_head got ['caf\xe9 ?']",
    ),
    TextVersion: (FIELDS, "the version is (1, 1), no HttpVersion"),
    SharedHeaders: (
        "the headers of a head belong to its receiver",
        "what one receiver changed, the next one gets",
    ),
    FollowsRedirects: (REDIRECT, "the origin sent 302, on_head got 200"),
    RewritesLocation: (
        REDIRECT,
        "the origin sent Location: /echo, on_head got 'http://origin.test:8080/echo'",
    ),
    TakesCookies: (
        COOKIES,
        "the origin sent ['one=1; Path=/', 'two=2; Path=/; HttpOnly'], on_head got []",
    ),
    SendsCookies: (COOKIES, "the next request had Cookie: ['one=1; Path=/']"),
    Decodes: (CODINGS, "the body is not as the origin has sent it"),
    HidesCoding: (CODINGS, "Content-Encoding was gzip, on_head got None"),
}


@pytest.mark.parametrize("mutant", TABLE)
def test_a_duty_left_undone_is_named_alone(
    mutant: type[Mutant], failed_duties: FailedDuties
) -> None:
    duty, problem = TABLE[mutant]
    assert failed_duties(mutant) == {duty: problem}


def test_a_connector_between_that_changes_nothing_passes(failed_duties: FailedDuties) -> None:
    assert failed_duties(Mutant) == {}


def test_each_duty_has_somebody_who_misses_it() -> None:
    assert {duty.text for duty in RESPONSE_DUTIES} == {duty for duty, _ in TABLE.values()}


def test_versions_of_all_protocols_will_do() -> None:
    assert isinstance(HttpVersion(2, 0), HttpVersion)
