import pytest

from martlet_client_session import ClientSession

from .scripted import ScriptedConnector, answer


async def test_facts_of_the_connection_survive_the_end(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"x")
    response = await session.get("http://h/")
    connector.exchange.facts = {"peername": ("127.0.0.1", 80), "reused": False}
    assert response.get_extra_info("peername") == ("127.0.0.1", 80)
    await response.read()
    response.close()
    assert response.get_extra_info("peername") == ("127.0.0.1", 80)
    assert response.get_extra_info("reused") is False
    assert response.get_extra_info("cipher") is None
    assert response.get_extra_info("cipher", "plain") == "plain"


async def test_trailers_are_there_once_the_body_has_come(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"x", complete=False)
    response = await session.get("http://h/")
    assert len(response.trailers) == 0
    connector.exchange.eof()
    connector.exchange.facts = {"trailers": [("Digest", "1"), ("digest", "2")]}
    await response.read()
    assert response.trailers.getall("DIGEST") == ["1", "2"]


@pytest.mark.parametrize(("data", "size"), [(None, 0), (b"abc", 3), ({"a": "b"}, 3)])
async def test_output_size_is_that_of_a_body_in_memory(
    session: ClientSession, data: "bytes | dict[str, str] | None", size: int
) -> None:
    response = await session.post("http://h/", data=data)
    assert response.output_size == size
    await response.upload_complete
