"""Today: sockets that a program makes itself, and races of addresses."""

import asyncio
import socket
import sys

import aiohttp

made: list[str] = []


def make_socket(addr_info: aiohttp.AddrInfoType) -> socket.socket:
    family, kind, proto, _, address = addr_info
    made.append(f"{socket.AddressFamily(family).name} {address[0]}")
    sock = socket.socket(family=family, type=kind, proto=proto)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
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
            assert response.connection is not None
            assert response.connection.transport is not None
            sock = response.connection.transport.get_extra_info("socket")
            print(sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0)
            print((await response.text()).strip())
        print(made)
    async with aiohttp.TCPConnector(happy_eyeballs_delay=None, force_close=True) as shared:
        for name in ("one", "two"):
            async with aiohttp.ClientSession(connector=shared, connector_owner=False) as session:
                async with session.get(f"{url}/hello", params={"name": name}) as response:
                    print((await response.text()).strip())
        print("still open:", not shared.closed)
    print("closed:", shared.closed)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
