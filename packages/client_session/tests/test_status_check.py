import asyncio

import pytest

from martlet_client_session import ClientResponse, ClientSession
from martlet_client_session._status_check import StatusCheck
from martlet_exceptions import ClientResponseError

from .scripted import ScriptedConnector, answer


class TeapotError(Exception):
    """What a program may raise of its own."""


async def refuse_teapots(response: ClientResponse) -> None:
    if response.status == 418:
        raise TeapotError(await response.text())


@pytest.mark.parametrize("status", [200, 204, 302, 399])
@pytest.mark.parametrize("check", [True, False, refuse_teapots])
async def test_what_is_no_error_is_not_raised(
    connector: ScriptedConnector, status: int, check: StatusCheck
) -> None:
    connector.script = answer(b"text", status=status)
    async with ClientSession(connector=connector, raise_for_status=check) as session:
        assert session.raise_for_status is check
        async with session.get("http://h/") as response:
            assert await response.read() == b"text"


@pytest.mark.parametrize("status", [400, 404, 500, 599, 999])
async def test_errors_are_raised_if_wanted(connector: ScriptedConnector, status: int) -> None:
    connector.script = answer(b"why", status=status, complete=False, reason="No")
    async with ClientSession(connector=connector, raise_for_status=True) as session:
        with pytest.raises(ClientResponseError, match="No") as caught:
            await session.get("http://h/")
        assert (caught.value.status, caught.value.body) == (status, b"why")
        assert connector.exchange.calls == ["release"]
        assert session._deadlines.idle


@pytest.mark.parametrize(
    ("of_session", "of_request", "raises"),
    [
        (True, None, True),
        (True, False, False),
        (False, None, False),
        (False, True, True),
        (refuse_teapots, None, False),
        (refuse_teapots, True, True),
        (True, refuse_teapots, False),
    ],
)
@pytest.mark.parametrize("special", [False, True])
async def test_a_request_may_want_another_check(
    connector: ScriptedConnector,
    of_session: StatusCheck,
    of_request: "StatusCheck | None",
    raises: bool,
    special: bool,
) -> None:
    connector.script = answer(status=404)
    auth = ("u", "p") if special else None
    async with ClientSession(connector=connector, raise_for_status=of_session) as session:
        if raises:
            with pytest.raises(ClientResponseError):
                await session.get("http://h/", raise_for_status=of_request, auth=auth)
        else:
            response = await session.get("http://h/", raise_for_status=of_request, auth=auth)
            assert response.status == 404


@pytest.mark.parametrize("special", [False, True])
async def test_what_a_check_of_ones_own_raises_comes_out(
    session: ClientSession, connector: ScriptedConnector, special: bool
) -> None:
    connector.script = answer(b"short and stout", status=418)
    auth = ("u", "p") if special else None
    with pytest.raises(TeapotError, match="short and stout"):
        await session.get("http://h/", raise_for_status=refuse_teapots, auth=auth)
    assert connector.exchange.calls in ([], ["abort"])
    assert session._deadlines.idle


async def test_a_check_that_fails_closes_a_body_that_has_not_come(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    async def check(_: ClientResponse) -> None:
        raise asyncio.CancelledError

    connector.script = answer(b"part", complete=False)
    with pytest.raises(asyncio.CancelledError):
        await session.get("http://h/", raise_for_status=check)
    assert connector.exchange.calls == ["abort"]


async def test_a_check_is_given_what_redirects_have_led_to(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    seen: list[tuple[int, int]] = []

    async def check(response: ClientResponse) -> None:
        seen.append((response.status, len(response.history)))

    async def script(exchange: object) -> None:
        first = len(connector.exchanges) == 1
        send = answer(status=302, fields=[("Location", "/x")]) if first else answer()
        await send(connector.exchange)

    connector.script = script
    await session.get("http://h/", raise_for_status=check)
    assert seen == [(200, 1)]


async def test_a_check_that_is_not_async_is_the_callers_mistake(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"part", complete=False)
    with pytest.raises(TypeError):
        await session.get(
            "http://h/",
            raise_for_status=lambda _: None,  # type: ignore[arg-type,return-value]  # is tested
        )
    assert connector.exchange.calls == ["abort"]
