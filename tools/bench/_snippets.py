"""Programs of the import scenarios, run by `python -c` in fresh interpreters.

They are text rather than modules of the benchmark so that the interpreter loads nothing but
what a user's own program would load.
"""

IMPORTS = {
    "martlet": "import martlet",
    "aiohttp": "import aiohttp",
    "httpx": "import httpx",
    "pyreqwest": "import pyreqwest.client",
    "niquests": "import niquests",
    # What every client of asyncio has to load sooner or later.
    "floor": "import asyncio",
}

_AIOHTTP_SHAPED = """
    async with {module}.ClientSession() as session:
        async with session.get({url!r}) as response:
            return await response.read()
"""

_FIRST_REQUEST = {
    "martlet": _AIOHTTP_SHAPED,
    "aiohttp": _AIOHTTP_SHAPED,
    "httpx": """
    async with httpx.AsyncClient() as client:
        return (await client.get({url!r})).content
""",
    "pyreqwest": """
    async with pyreqwest.client.ClientBuilder().build() as client:
        response = await client.get({url!r}).build().send()
        return bytes(await response.bytes())
""",
    "niquests": """
    async with niquests.AsyncSession() as session:
        return (await session.get({url!r})).content
""",
}


def import_program(client: str) -> str:
    """The program that imports a client and ends."""
    return IMPORTS[client]


def first_request_program(client: str, url: str, loop: str, length: int) -> str:
    """The program that imports a client, opens a session and makes one request."""
    body = _FIRST_REQUEST[client].format(module=client, url=url)
    return (
        f"import asyncio\nimport {loop}\n{IMPORTS[client]}\n"
        f"async def main():{body}\n"
        f"assert len({loop}.run(main())) == {length}\n"
    )
