import socket

import pytest

from martlet_connector_pool import AbstractResolver, ResolveResult


class Silent(AbstractResolver):
    async def close(self) -> None:
        raise AssertionError("nobody closes it")


class Whole(Silent):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host="::1", port=port, family=family, proto=6, flags=0)
        ]


@pytest.mark.parametrize("unfinished", [AbstractResolver, Silent])
def test_a_resolver_has_to_say_how(unfinished: type[AbstractResolver]) -> None:
    with pytest.raises(TypeError, match="abstract"):
        unfinished()


async def test_a_result_is_a_dict() -> None:
    found = await Whole().resolve("a.test", 80, socket.AF_INET6)

    assert found == [
        {
            "hostname": "a.test",
            "host": "::1",
            "port": 80,
            "family": socket.AF_INET6,
            "proto": 6,
            "flags": 0,
        }
    ]
