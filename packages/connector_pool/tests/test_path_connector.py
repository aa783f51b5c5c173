"""What the connectors to one place have in common."""

from pathlib import Path

import pytest
from yarl import URL

from martlet_connector_pool._path_connector import PathConnector
from martlet_interfaces import NO_TIMEOUTS

from .net import head
from .scripted import Answer


class ToNowhere(PathConnector):
    _place = "Nowhere"


@pytest.mark.parametrize("path", ["/a/b", Path("/a/b")])
def test_it_knows_where(path: str | Path) -> None:
    assert ToNowhere(path).path == "/a/b"


def test_a_path_is_needed() -> None:
    with pytest.raises(TypeError):
        ToNowhere(None)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("url", ["http://a.test/", "https://a.test/"])
async def test_there_is_no_way_through_a_proxy(url: str) -> None:
    request = head(url=url, proxy=URL("http://proxy.test"))

    with pytest.raises(ValueError, match=r"^Nowhere is not reached through a proxy$"):
        await ToNowhere("/a/b").send(request, None, Answer(), timeouts=NO_TIMEOUTS)
