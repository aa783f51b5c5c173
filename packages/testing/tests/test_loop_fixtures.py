import pytest

from martlet_client_session import ClientSession
from martlet_testing._loop_fixtures import opened_server


async def test_a_server_is_closed_and_tells_all_that_its_handlers_have_raised() -> None:
    errors = [LookupError(), ValueError()]
    opened = opened_server()
    server = await opened.__aenter__()
    async with ClientSession() as session:
        for error in errors:
            server.get("/", error, times=1)
            async with session.get(server.url) as response:
                assert response.status == 500
    with pytest.raises(ExceptionGroup) as caught:
        await opened.__aexit__(None, None, None)
    assert list(caught.value.exceptions) == errors


async def test_a_server_without_failures_is_just_closed() -> None:
    async with opened_server() as server:
        server.get("/never-called")
