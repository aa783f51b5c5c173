"""A program of a user of aiodocker: runs commands in a container, and talks to them."""

import sys

import martlet

martlet.install_as_aiohttp()

import asyncio  # noqa: E402

# Found by the test alone, so type checkers do not know it.
import aiodocker  # type: ignore[import-not-found]  # noqa: E402


async def talk(docker: aiodocker.Docker, *, tty: bool) -> None:
    """Have words turned round, by a connection that was HTTP before."""
    container = docker.containers.container("box")
    execution = await container.exec(["rev"], stdin=True, tty=tty)
    async with execution.start(detach=False) as stream:
        for word in (b"swift", b"martlet"):
            await stream.write_in(word)
            message = await stream.read_out()
            print(message.stream, message.data.decode())
        await stream.write_in(b"exit")
        print(await stream.read_out())


async def main(url: str) -> None:
    """Talk to the server at *url*; print what it says."""
    async with aiodocker.Docker(url=url) as docker:
        print((await docker.version())["Version"])
        await talk(docker, tty=False)
        await talk(docker, tty=True)
        execution = await docker.containers.container("box").exec(["no such thing"])
        try:
            async with execution.start(detach=False) as stream:
                await stream.read_out()
        except aiodocker.DockerError as error:
            print(error.status, error.message)


asyncio.run(main(sys.argv[1]))
