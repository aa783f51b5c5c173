"""What the references say of a response beside its head and body, each under its name."""

from yarl import URL

from martlet_client_session import ClientResponse, ClientSession

from .scripted import ScriptedConnector, answer

FIELDS = [
    ("Content-Length", "2"),
    ("Content-Disposition", 'inline; filename="a.txt"'),
    ("Link", "</next>; rel=next"),
]


async def asked(session: ClientSession, connector: ScriptedConnector) -> ClientResponse:
    connector.script = answer(b"ok", fields=FIELDS)
    return await session.post("http://h/p?q#f", data=b"body")


async def test_content_length(session: ClientSession, connector: ScriptedConnector) -> None:
    assert (await asked(session, connector)).content_length == 2


async def test_content_disposition(session: ClientSession, connector: ScriptedConnector) -> None:
    disposition = (await asked(session, connector)).content_disposition
    assert disposition is not None
    assert (disposition.type, disposition.filename) == ("inline", "a.txt")


async def test_links(session: ClientSession, connector: ScriptedConnector) -> None:
    links = (await asked(session, connector)).links
    assert links["next"]["url"] == URL("http://h/next")


async def test_url_obj(session: ClientSession, connector: ScriptedConnector) -> None:
    response = await asked(session, connector)
    assert response.url_obj == response.url == URL("http://h/p?q")


async def test_output_size(session: ClientSession, connector: ScriptedConnector) -> None:
    assert (await asked(session, connector)).output_size == 4


async def test_upload_complete(session: ClientSession, connector: ScriptedConnector) -> None:
    await (await asked(session, connector)).upload_complete
