import asyncio
import socket

import pytest

from martlet_connector_pool import AbstractResolver, ThreadedResolver


def test_a_resolver_has_to_say_how() -> None:
    with pytest.raises(TypeError, match="abstract"):
        AbstractResolver()  # type: ignore[abstract]  # that is the point


async def test_it_finds_the_addresses_of_this_machine() -> None:
    resolver = ThreadedResolver()

    found = await resolver.resolve("localhost", 80, socket.AF_INET)

    assert found[0] == {
        "hostname": "localhost",
        "host": "127.0.0.1",
        "port": 80,
        "family": socket.AF_INET,
        "proto": socket.IPPROTO_TCP,
        "flags": socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    }
    await resolver.close()


async def test_any_family_may_be_asked_for() -> None:
    found = await ThreadedResolver().resolve("localhost", 80, socket.AF_UNSPEC)

    assert "127.0.0.1" in {result["host"] for result in found}


async def test_a_scope_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    async def getaddrinfo(*_: object, **__: object) -> list[tuple[object, ...]]:
        kind = (socket.AF_INET6, socket.SOCK_STREAM, 6, "")
        return [
            (*kind, ("fe80::1", 80, 0, 3)),
            (*kind, ("fe80::1%eth0", 80, 0, 3)),
            (*kind, ("2001:db8::1", 80, 0, 0)),
        ]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)

    found = await ThreadedResolver().resolve("printer.local", 80, socket.AF_INET6)

    assert [result["host"] for result in found] == ["fe80::1%3", "fe80::1%3", "2001:db8::1"]


@pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".test", ".test"])
async def test_what_is_no_name_is_not_found(host: str) -> None:
    with pytest.raises(socket.gaierror, match="Not a name of a host") as caught:
        await ThreadedResolver().resolve(host, 80)
    assert caught.value.errno == socket.EAI_NONAME
    assert isinstance(caught.value.__cause__, UnicodeError)


async def test_the_systems_error_comes_out() -> None:
    with pytest.raises(socket.gaierror):
        await ThreadedResolver(asyncio.get_running_loop()).resolve("::1", 80, socket.AF_INET)
