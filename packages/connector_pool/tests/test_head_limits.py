"""Limits on the head of one response, from the request to the parser and back."""

import pytest

from martlet_connector_pool._head_limits import limits_for
from martlet_exceptions import (
    BadHttpMessage,
    ClientPayloadError,
    ClientResponseError,
    LineTooLong,
)
from martlet_http_parser import DEFAULT_LIMITS, Limits
from martlet_interfaces import HeadLimits

from .bodies import Pieces
from .net import Net, on_net
from .scripted import OK

LENGTH = b"Content-Length: 2\r\n\r\nok"
LONG_LINE = b"HTTP/1.1 200 " + b"K" * 200 + b"\r\n" + LENGTH
LONG_FIELD = b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200 + b"\r\n" + LENGTH
MANY_FIELDS = b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 4 + LENGTH
HUGE_FIELD = b"HTTP/1.1 200 OK\r\nA: " + b"x" * 500_000 + b"\r\n" + LENGTH

TOO_MUCH = [
    (HeadLimits(line=100), LONG_LINE, LineTooLong, "The first line is longer than 100 bytes"),
    (HeadLimits(field=100), LONG_FIELD, LineTooLong, "A field line is longer than 100 bytes"),
    (HeadLimits(fields=4), MANY_FIELDS, BadHttpMessage, "More than 4 header fields"),
]


# The limits that come out.


def test_what_is_open_is_left_as_it_is() -> None:
    odd = Limits(line=1, field=2, fields=3, head=4, chunk_line=5, trailers=6, interim=7)
    for own in (DEFAULT_LIMITS, odd):
        assert limits_for(own, HeadLimits()) == own


def test_less_than_before_changes_nothing_else() -> None:
    limits = limits_for(DEFAULT_LIMITS, HeadLimits(1, 2, 3))
    assert limits == Limits(line=1, field=2, fields=3)


def test_more_than_before_makes_room_for_it() -> None:
    own = Limits(line=10, field=20, fields=4, head=100, trailers=200)
    for wanted, head, trailers in [
        (HeadLimits(line=15), 105, 200),
        (HeadLimits(field=27), 107, 207),
        (HeadLimits(fields=6), 150, 250),
        (HeadLimits(15, 27, 6), 162, 257),
        (HeadLimits(1, 27, 6), 157, 257),
    ]:
        limits = limits_for(own, wanted)
        assert (limits.head, limits.trailers) == (head, trailers)
    assert limits_for(Limits(fields=0, head=8), HeadLimits(fields=2)).head == 24


def test_what_is_no_limit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^Limits\.field is negative: -1$"):
        limits_for(DEFAULT_LIMITS, HeadLimits(field=-1))
    with pytest.raises(TypeError, match=r"^Limits\.line is not an int: '5'$"):
        limits_for(DEFAULT_LIMITS, HeadLimits(line="5"))  # type: ignore[arg-type]  # what is tested


# The way there.


@pytest.mark.parametrize(("limits", "response", "kind", "message"), TOO_MUCH)
@pytest.mark.parametrize("bytewise", [False, True])
@on_net
async def test_a_response_beyond_them_is_refused(
    net: Net,
    limits: HeadLimits,
    response: bytes,
    kind: type[BadHttpMessage],
    message: str,
    bytewise: bool,
) -> None:
    # The same head is fine, and remembered, for others on the same connection.
    for _ in range(3):
        call, wire = await net.sent()
        wire.send(response)
        assert await call.body() == b"ok"

    call, wire = await net.sent(limits=limits)
    assert net.wires == [wire]
    for piece in [response[i : i + 1] for i in range(len(response))] if bytewise else [response]:
        wire.send(piece)

    with pytest.raises(kind) as caught:
        await call.exchange()
    error = caught.value
    assert (type(error), error.message, error.status) == (kind, message, 400)
    assert isinstance(error, ClientResponseError)
    assert str(error.request_info.url) == "http://a.test/"
    assert wire.lost


@pytest.mark.parametrize(("limits", "response"), [row[:2] for row in TOO_MUCH])
@on_net
async def test_afterwards_the_connection_is_used_with_its_own(
    net: Net, limits: HeadLimits, response: bytes
) -> None:
    call, wire = await net.sent(limits=limits)
    wire.send(OK)
    assert await call.body() == b"ok"

    for _ in range(2):
        call, again = await net.sent()
        again.send(response)
        assert await call.body() == b"ok"
        assert again is wire


@on_net
async def test_they_may_allow_more(net: Net) -> None:
    call, wire = await net.sent(limits=HeadLimits(field=600_000))
    for at in range(0, len(HUGE_FIELD), 65536):
        wire.send(HUGE_FIELD[at : at + 65536])
    assert await call.body() == b"ok"
    assert len(call.answer.head.headers["A"]) == 500_000

    call, again = await net.sent()
    assert again is wire
    for at in range(0, len(HUGE_FIELD), 65536):
        again.send(HUGE_FIELD[at : at + 65536])
    with pytest.raises(LineTooLong):
        await call.exchange()


@pytest.mark.parametrize("limits", [HeadLimits(field=100), HeadLimits(fields=1)])
@on_net
async def test_trailers_are_within_them(net: Net, limits: HeadLimits) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
    trailers = b"A: b\r\nC: " + b"d" * 100 + b"\r\n\r\n"
    call, wire = await net.sent()
    wire.send(chunked + trailers)
    assert await call.body() == b"ok"

    call, wire = await net.sent(limits=limits)
    wire.send(chunked)
    wire.send(trailers)
    with pytest.raises(ClientPayloadError, match="railer section"):
        await call.body()


@pytest.mark.parametrize(
    ("limits", "kind"),
    [(HeadLimits(fields=-1), ValueError), (HeadLimits(line=1.5), TypeError)],  # type: ignore[arg-type]  # wrong ones
)
@on_net
async def test_wrong_ones_are_refused_before_anything_happens(
    net: Net, limits: HeadLimits, kind: type[Exception]
) -> None:
    (wire,) = await net.warm()
    with pytest.raises(kind, match=r"^Limits\."):
        await net.send(limits=limits).task
    assert wire.writes == []
    assert repr(net.pool) == "<Pool 0 active, 1 idle, 0 dialling, 0 waiting>"


@on_net
async def test_the_second_attempt_has_them_too(net: Net) -> None:
    await net.warm()
    call, wire = await net.sent(limits=HeadLimits(field=100))
    wire.fin()
    await net.loop.quiet()
    _, fresh = net.wires
    fresh.send(LONG_FIELD)
    with pytest.raises(LineTooLong):
        await call.exchange()


@on_net
async def test_a_body_of_its_own_makes_no_difference(net: Net) -> None:
    body = Pieces([b"ab", b"cd"], 4)
    call, wire = await net.sent("POST", body=body, limits=HeadLimits(field=100))
    wire.send(LONG_FIELD)
    with pytest.raises(LineTooLong):
        await call.exchange()
