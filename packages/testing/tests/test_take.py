from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import (
    NO_TIMEOUTS,
    BodySink,
    BodyWriter,
    Flow,
    HttpVersion11,
    RequestHead,
    ResponseHead,
)
from martlet_testing import Answer, Fault, MockConnector
from martlet_testing._take import CopiedBody, Take

HEAD = RequestHead(
    "PUT", URL("http://a/b?c=1#d"), CIMultiDictProxy(CIMultiDict({"Host": "a", "X-Own": "1"}))
)


class Receiver:
    """Takes all that comes, and changes the headers that are given to it."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    def on_head(self, head: ResponseHead, _flow: Flow, /) -> BodySink:
        head.headers.clear()
        self.calls.append(head.status)
        return self

    def feed(self, data: bytes, /) -> None:
        self.calls.append(data)

    def eof(self) -> None:
        self.calls.append("eof")

    def fail(self, exc: BaseException, /) -> None:
        self.calls.append(exc)


class Body:
    """Writes pieces, and can do so again."""

    length = 3
    replayable = True

    async def write_to(self, out: BodyWriter, /) -> None:
        for piece in (b"a", bytearray(b"b"), memoryview(b"c")):
            await out.write(piece)


class Writer:
    def __init__(self) -> None:
        self.data = b""

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.data += data


async def taken(answer: Answer) -> tuple[Take, Receiver]:
    mock = MockConnector()
    mock.route(None, "/b", answer)
    receiver = Receiver()
    take = Take(HEAD, receiver)
    take.exchange = await mock.send(HEAD, None, take, timeouts=NO_TIMEOUTS)
    task = next(iter(mock._live), None)
    if task is not None:
        await task
    return take, receiver


async def test_what_comes_is_handed_on_and_noted() -> None:
    trailers = {"X-Sum": "2"}
    answer = Answer(201, stream=[b"a", b"b"], headers={"X-Other": "2"}, trailers=trailers)
    take, receiver = await taken(answer)
    assert receiver.calls == [201, b"a", b"b", "eof"]
    recorded = take.recorded()
    assert recorded is not None
    assert recorded.request.method == "PUT"
    assert recorded.request.url == URL("http://a/b?c=1")
    assert recorded.request.headers == (("Host", "a"), ("X-Own", "1"))
    assert recorded.response.headers == (("X-Other", "2"),)
    assert recorded.response.trailers == (("X-Sum", "2"),)
    assert (recorded.response.status, recorded.response.reason) == (201, "Created")
    assert (recorded.response.body, recorded.response.complete) == (b"ab", True)
    assert recorded.began > 0
    assert recorded.seconds >= 0


async def test_a_body_that_fails_is_not_complete() -> None:
    take, receiver = await taken(Answer(stream=[b"a", Fault.DISCONNECT]))
    assert isinstance(receiver.calls[-1], Exception)
    recorded = take.recorded()
    assert recorded is not None
    assert (recorded.response.body, recorded.response.complete) == (b"a", False)


def test_without_a_head_there_is_nothing() -> None:
    assert Take(HEAD, Receiver()).recorded() is None


def test_an_upgrade_is_nothing_that_can_be_given_again() -> None:
    take = Take(HEAD, Receiver())
    take.on_head(ResponseHead(HttpVersion11, 101, "", CIMultiDict()), None)  # type: ignore[arg-type]  # nobody looks
    assert take.recorded() is None


async def test_without_the_exchange_there_are_no_trailers() -> None:
    take, _ = await taken(Answer(trailers={"X-Sum": "2"}))
    take.exchange = None
    recorded = take.recorded()
    assert recorded is not None
    assert (recorded.response.trailers, recorded.response.complete) == ((), True)


async def test_a_body_is_copied_while_it_is_written() -> None:
    copy, writer = bytearray(b"of an attempt before"), Writer()
    body = CopiedBody(Body(), copy)
    assert (body.length, body.replayable) == (3, True)
    await body.write_to(writer)
    assert (bytes(copy), writer.data) == (b"abc", b"abc")
