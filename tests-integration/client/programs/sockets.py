"""Today: sockets that a program makes itself, and races of addresses."""

import asyncio
import socket
import sys

import aiohttp

made: list[socket.socket] = []


def make_socket(addr_info: aiohttp.AddrInfoType) -> socket.socket:
    family, kind, proto, _, _ = addr_info
    sock = socket.socket(family=family, type=kind, proto=proto)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    made.append(sock)
    return sock


async def main(url: str) -> None:
    connector = aiohttp.TCPConnector(
        socket_factory=make_socket,
        happy_eyeballs_delay=0.1,
        interleave=1,
        limit=0,
        ttl_dns_cache=300,
        ssl_shutdown_timeout=0,
    )
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(f"{url}/hello") as response:
            print((await response.text()).strip())
        for sock in made:
            family, address = sock.family.name, sock.getpeername()[0]
            print(family, address, sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0)
    print(len(made), made[0].fileno())
    async with aiohttp.TCPConnector(happy_eyeballs_delay=None, force_close=True) as shared:
        for name in ("one", "two"):
            async with aiohttp.ClientSession(connector=shared, connector_owner=False) as session:
                async with session.get(f"{url}/hello", params={"name": name}) as response:
                    print((await response.text()).strip())
        print("still open:", not shared.closed)
    print("closed:", shared.closed)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
