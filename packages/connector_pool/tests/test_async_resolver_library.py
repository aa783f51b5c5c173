"""What is asked of aiodns, and which aiodns will do."""

import importlib.metadata
import socket
import subprocess
import sys
from types import ModuleType
from typing import Any

import aiodns
import pytest
from aiodns.error import ARES_EBADSTR, ARES_ENOMEM

from martlet_connector_pool import _async_resolver
from martlet_connector_pool._async_resolver import AsyncResolver
from martlet_connector_pool._threaded_resolver import ThreadedResolver


@pytest.mark.parametrize("options", [{"nameservers": ["nonsense"]}, {"udp_port": 1 << 20}])
async def test_options_that_are_none(options: dict[str, Any]) -> None:
    resolver = AsyncResolver(**options)
    with pytest.raises(ValueError, match=r"aiodns|invalid IP address"):
        await resolver.resolve("a.test")
    await resolver.close()


async def test_a_channel_that_cannot_be_made_is_an_error_of_the_system() -> None:
    resolver = AsyncResolver()

    def make(**_: object) -> aiodns.DNSResolver:
        raise resolver._ares_error(ARES_ENOMEM, "no memory")

    resolver._make = make

    with pytest.raises(socket.gaierror, match="no memory") as caught:
        await resolver.resolve("a.test")
    assert caught.value.errno == socket.EAI_MEMORY
    await resolver.close()


async def test_a_malformed_option_is_told_from_that() -> None:
    # So it is with aiodns 4; with 3 it is a ValueError from the start.
    resolver = AsyncResolver()

    def make(**_: object) -> aiodns.DNSResolver:
        raise resolver._ares_error(ARES_EBADSTR, "Misformatted string")

    resolver._make = make

    with pytest.raises(ValueError, match=r"^An option for aiodns, perhaps nameservers, is malf"):
        await resolver.resolve("a.test")
    await resolver.close()


def test_without_aiodns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiodns", None)

    with pytest.raises(RuntimeError, match=r"pip install martlet-connector-pool\[aiodns\]$"):
        AsyncResolver()
    assert _async_resolver._default_resolver() is ThreadedResolver


def test_with_an_aiodns_that_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiodns", ModuleType("aiodns"))

    with pytest.raises(RuntimeError, match=r"pip install martlet-connector-pool\[aiodns\]$"):
        AsyncResolver()


@pytest.mark.parametrize(
    ("version", "chosen"),
    [
        ("3.2.0", ThreadedResolver),
        ("3.6.0", ThreadedResolver),
        ("3.6", ThreadedResolver),
        ("unknown", ThreadedResolver),
        ("3.6.1", AsyncResolver),
        ("3.10.0", AsyncResolver),
        ("4.0.0rc1", AsyncResolver),
        ("10", AsyncResolver),
    ],
)
def test_the_default_is_aiodns_where_it_is_new_enough(
    version: str, chosen: type[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: version)

    assert _async_resolver._default_resolver() is chosen


def test_a_module_that_was_not_installed_is_no_aiodns(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)

    assert _async_resolver._default_resolver() is ThreadedResolver


def test_the_default_is_chosen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(vars(_async_resolver), "DefaultResolver", raising=False)

    assert _async_resolver.DefaultResolver is AsyncResolver
    assert vars(_async_resolver)["DefaultResolver"] is AsyncResolver


def test_the_module_has_no_other_late_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        _async_resolver.Nonsense  # noqa: B018  # that is the point


def test_choosing_does_not_import_aiodns() -> None:
    code = (
        "import sys\n"
        "from martlet_connector_pool import _async_resolver as module\n"
        "assert 'importlib.metadata' not in sys.modules\n"
        "assert module.DefaultResolver is module.AsyncResolver\n"
        "assert 'aiodns' not in sys.modules\n"
        "module.AsyncResolver()\n"
        "assert 'aiodns' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=50)
