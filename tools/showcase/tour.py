"""The tour: each step is a few lines as a user would write them, and a line of the table."""

import asyncio
from collections.abc import Sequence
from time import perf_counter

import martlet
from showcase.server import Server, serve
from showcase.table import Progress, Table

__all__ = ["fetch", "tour"]

_DOWNLOAD = 50_000_000
_MANY = 500
_FEW = 10


async def tour() -> bool:
    """Show what the client does, against a server of our own; tell whether all went well."""
    async with serve() as server:
        print(f"martlet {martlet.__version__}, against a server at {server.url}\n")
        table = Table()
        async with martlet.ClientSession() as session:
            await _get(session, server, table)
            await _post(session, server, table)
            await _download(session, server, table)
            await _error_status(session, server, table)
        await _many(server, table)
        await _no_server(table)
    print("\nAll went well." if table.ok else "\nSomething did not go as it should.")
    return table.ok


async def _get(session: martlet.ClientSession, server: Server, table: Table) -> None:
    before, start = server.connections, perf_counter()
    async with session.get(server.url) as response:
        text = await response.text()
    table.row(
        "GET",
        ok=response.ok and text.startswith("Hello"),
        status=f"{response.status} {response.reason}",
        size=len(text),
        seconds=perf_counter() - start,
        connections=server.connections - before,
        note=text.strip(),
    )


async def _post(session: martlet.ClientSession, server: Server, table: Table) -> None:
    before, start = server.connections, perf_counter()
    sent = {"bird": "martlet", "lands": False}
    async with session.post(f"{server.url}/echo", json=sent) as response:
        answer = await response.json()
    table.row(
        "POST of JSON (connection reused)",
        ok=answer == {"you sent": sent} and server.connections == before,
        status=f"{response.status} {response.reason}",
        size=len(await response.read()),
        seconds=perf_counter() - start,
        connections=server.connections - before,
        note=str(answer),
    )


async def _many(server: Server, table: Table) -> None:
    connector = martlet.TCPConnector(limit=_FEW)
    async with martlet.ClientSession(connector=connector) as session:

        async def one() -> int:
            async with session.get(server.url) as response:
                return len(await response.read()) if response.ok else 0

        before, start = server.connections, perf_counter()
        sizes = await asyncio.gather(*[one() for _ in range(_MANY)])
        seconds = perf_counter() - start
    used = server.connections - before
    table.row(
        f"{_MANY} GETs at once, {_FEW} connections",
        ok=all(sizes) and used <= _FEW,
        status="200 OK",
        size=sum(sizes),
        seconds=seconds,
        connections=used,
        note=f"{_MANY / seconds:,.0f} requests a second, the server's work included",
    )


async def _download(session: martlet.ClientSession, server: Server, table: Table) -> None:
    before, start = server.connections, perf_counter()
    size, status = await _stream(session, f"{server.url}/bytes/{_DOWNLOAD}")
    table.row(
        "50 MB, streamed (reused)",
        ok=size == _DOWNLOAD,
        status=status,
        size=size,
        seconds=perf_counter() - start,
        connections=server.connections - before,
    )


async def _stream(session: martlet.ClientSession, url: str) -> tuple[int, str]:
    size = 0
    async with session.get(url) as response:
        length = response.headers.get("Content-Length")
        progress = Progress(int(length) if length else None)
        try:
            async for piece in response.content.iter_chunked(65536):
                size += len(piece)
                progress.update(size)
        finally:
            progress.close()
    return size, f"{response.status} {response.reason}"


async def _error_status(session: martlet.ClientSession, server: Server, table: Table) -> None:
    try:
        await session.get(f"{server.url}/nowhere", raise_for_status=True)
    except martlet.ClientResponseError as error:
        table.row(
            "GET of what is not there",
            ok=error.status == 404 and error.body == b"There is nothing here.\n",
            status=f"{error.status} {error.message}",
            note=f"{type(error).__name__}: {error}",
        )
    else:
        table.row("GET of what is not there", ok=False, status="no error")


async def _no_server(table: Table) -> None:
    async with serve() as gone:
        url = gone.url
    async with martlet.ClientSession() as session:
        try:
            await session.get(url)
        except martlet.ClientConnectorError as error:
            note = f"{type(error).__name__}: {error}"
            table.row("GET where nobody listens", ok=True, status="-", note=note)
        else:
            table.row("GET where nobody listens", ok=False, status="no error")


async def fetch(urls: Sequence[str]) -> bool:
    """Fetch what the user asks for; tell whether all of it came."""
    table = Table()
    async with martlet.ClientSession() as session:
        for url in urls:
            start = perf_counter()
            try:
                size, status = await _stream(session, url)
            except (martlet.ClientError, ValueError) as error:
                table.row(url, ok=False, status="-", note=f"{type(error).__name__}: {error}")
            else:
                ok = int(status[:3]) < 400
                seconds = perf_counter() - start
                table.row(url, ok=ok, status=status, size=size, seconds=seconds)
    return table.ok
