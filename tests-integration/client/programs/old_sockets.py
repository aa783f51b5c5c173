"""Old style: a Unix socket, names that no DNS knows, an address of one's own.

Arguments: http unix
"""

import asyncio
import socket
import sys
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver


class Hosts(AbstractResolver):
    def __init__(self, hosts: "dict[str, str]") -> None:
        self.hosts = hosts
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> "list[Any]":
        self.asked.append(host)
        if host not in self.hosts:
            raise OSError(f"unknown host {host}")
        return [
            {
                "hostname": host,
                "host": self.hosts[host],
                "port": port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    async def close(self) -> None:
        print("asked for", self.asked)


async def main(base: str, path: str) -> None:
    conn = aiohttp.UnixConnector(path=path, limit=10, force_close=True)
    print(conn.path == path, conn.limit, conn.force_close)
    async with aiohttp.ClientSession(connector=conn) as session:
        async with session.get("http://api.local/hello", params={"name": "socket"}) as resp:
            print(resp.status, (await resp.text()).strip(), resp.url.host)
    port = base.rpartition(":")[2]
    hosts = Hosts({"shop.example": "127.0.0.1"})
    tcp = aiohttp.TCPConnector(
        resolver=hosts, family=socket.AF_INET, local_addr=("127.0.0.2", 0), keepalive_timeout=30
    )
    async with aiohttp.ClientSession(connector=tcp) as session:
        for _ in range(2):
            async with session.get(f"http://shop.example:{port}/hello") as resp:
                print(resp.status, resp.host == f"shop.example:{port}")
        tcp.clear_dns_cache()
        try:
            await session.get(f"http://other.example:{port}/")
        except aiohttp.ClientConnectorError as exc:
            print(type(exc).__name__, exc.host)
    await hosts.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
