"""The pytest plugin: `martlet_mock`, `martlet_session` and `martlet_server`.

pytest imports this in every run, so it imports only what it needs for that. The fixtures that need
an event loop are registered with whichever plugin runs the coroutines of tests; `martlet_session`
and `martlet_server` stand before them and choose.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from martlet import ClientSession

    from ._mock_connector import MockConnector
    from ._mock_server import MockServer

__all__ = ["martlet_mock", "martlet_server", "martlet_session"]

_MARKER: Final = "martlet_mock"
_FAILED: Final = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and the fixtures of the plugins that are there."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(assert_all_called=True): whether the fixture martlet_mock fails the test at its"
        " end if a route was not called or a request had no route",
    )
    if config.pluginmanager.hasplugin("asyncio"):
        from . import _asyncio_fixtures

        config.pluginmanager.register(_asyncio_fixtures)
    if config.pluginmanager.hasplugin("anyio"):
        from . import _anyio_fixtures

        config.pluginmanager.register(_anyio_fixtures)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Note that a test has failed: what a mock would say then is no news."""
    if call.when == "call" and call.excinfo is not None:
        item.stash[_FAILED] = True
    return (yield)


@pytest.fixture
def martlet_mock(request: pytest.FixtureRequest) -> "Iterator[MockConnector]":
    """A `MockConnector`; at the end of the test all its routes have to have been called.

    ``@pytest.mark.martlet_mock(assert_all_called=False)`` lets it be. So does a failed test.
    """
    from ._mock_connector import MockConnector

    mock = MockConnector()
    yield mock
    mock.close()
    if _has_to_be_called(request.node) and not request.node.stash.get(_FAILED, False):
        mock.assert_all_called()


def _has_to_be_called(node: pytest.Item) -> bool:
    marker = node.get_closest_marker(_MARKER)
    if marker is None:
        return True
    options = dict(marker.kwargs)
    value = options.pop("assert_all_called", True)
    if marker.args or options or not isinstance(value, bool):
        raise pytest.UsageError(f"{node.nodeid}: write @pytest.mark.{_MARKER}(assert_all_called=…)")
    return value


@pytest.fixture
def martlet_session(request: pytest.FixtureRequest) -> "ClientSession":
    """A `martlet.ClientSession` that is closed at the end of the test.

    It sends by `martlet_mock`, if the test or one of its fixtures asks for that, too; else over the
    network.
    """
    session: ClientSession = _choose(request, "martlet_session")
    return session


@pytest.fixture
def martlet_server(request: pytest.FixtureRequest) -> "MockServer":
    """A `MockServer` that listens at ``martlet_server.url`` until the end of the test.

    What its handlers have raised fails the test then.
    """
    server: MockServer = _choose(request, "martlet_server")
    return server


def _choose(request: pytest.FixtureRequest, name: str) -> Any:
    """Give the fixture *name* of the plugin that runs the test."""
    if "anyio_backend" in request.fixturenames:
        return request.getfixturevalue(f"_{name}_of_anyio")
    if request.config.pluginmanager.hasplugin("asyncio"):
        return request.getfixturevalue(f"_{name}_of_asyncio")
    raise pytest.UsageError(f"{name} needs an event loop: install pytest-asyncio, or use anyio's")
