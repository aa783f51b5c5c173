import pytest

from martlet_client_session import ClientResponse, ClientSession
from martlet_client_session._single_use import asked_once
from martlet_connector_pool import BaseConnector
from martlet_interfaces import HttpVersion10

from .scripted import ScriptedConnector


async def get(session: ClientSession) -> ClientResponse:
    return await session.get("http://h/")


async def test_a_connector_that_was_given_stays_its_givers(connector: ScriptedConnector) -> None:
    response, own = await asked_once(get, connector, None, HttpVersion10)
    assert response.status == 200
    assert connector.request.version is HttpVersion10
    assert own is None
    assert not connector.closed


async def test_one_of_its_own_keeps_no_connection_and_comes_with_the_answer() -> None:
    async def version_of(session: ClientSession) -> ClientSession:
        return session

    session, own = await asked_once(version_of, None, None)
    assert isinstance(own, BaseConnector)
    assert own.force_close
    assert session.closed
    assert not own.closed
    await own.close()


@pytest.mark.parametrize("given", [True, False])
async def test_what_fails_closes_the_session(connector: ScriptedConnector, given: bool) -> None:
    sessions: list[ClientSession] = []

    async def fail(session: ClientSession) -> None:
        sessions.append(session)
        raise LookupError("x")

    with pytest.raises(LookupError):
        await asked_once(fail, connector if given else None, None)
    assert sessions[0].closed
    assert not connector.closed
