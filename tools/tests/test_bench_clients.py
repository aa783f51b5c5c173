"""What the benchmark asks of clients with aiohttp's API besides, and whether they have done it."""

from collections import Counter
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Self

import pytest

from bench._child import _worker
from bench._payloads import COOKIES, COOKIES_SET, HEADERS, PARAMS, set_cookie
from bench._scenarios import RECORD, SCENARIOS
from bench._servers import _write_config
from bench.clients.aiohttp_shaped import AiohttpShaped
from bench.clients.shape import BadAnswerError


@pytest.mark.parametrize("name", COOKIES)
def test_a_cookie_that_is_set(name: str) -> None:
    (morsel,) = SimpleCookie(set_cookie(name)).values()
    assert (morsel.key, morsel.value) == (name, COOKIES[name])
    assert morsel["path"] == "/"


def test_the_server_sets_eight_cookies_and_then_two() -> None:
    assert (len(COOKIES), len(COOKIES_SET)) == (8, 2)
    assert set(COOKIES_SET) < set(COOKIES)


def test_what_the_server_looks_at(tmp_path: Path) -> None:
    _write_config(tmp_path, 8080, None)
    text = (tmp_path / "nginx.conf").read_text()
    assert text.count("{") == text.count("}")
    assert text.count('add_header Set-Cookie "session=') == 2
    assert text.count("add_header Set-Cookie ") == len(COOKIES) + len(COOKIES_SET)
    assert 'if ($got != "3 50 name")' in text
    assert HEADERS["X-Request-ID"] in text


class Session:
    """Stands for a session: answers to a GET with parameters and headers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object, object]] = []
        self.status = 200

    def get(self, url: str, params: object, headers: object) -> "Session":
        self.asked.append((url, params, headers))
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None: ...

    async def json(self) -> dict[str, Any]:
        return RECORD

    async def close(self) -> None: ...


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def client(session: Session) -> AiohttpShaped:
    client = AiohttpShaped("types")
    client._session = session
    return client


async def test_parameters_and_headers(client: AiohttpShaped, session: Session) -> None:
    scenario = SCENARIOS["get-json"]
    size = await _worker(scenario, client, iter(["http://a/", "http://b/"]), None)
    assert size == 2 * scenario.length
    assert session.asked == [(url, PARAMS, HEADERS) for url in ("http://a/", "http://b/")]


async def test_a_refusal_is_no_answer(client: AiohttpShaped, session: Session) -> None:
    session.status = 400
    with pytest.raises(BadAnswerError, match="400"):
        await client.get_json(iter(["http://a/"]), PARAMS, HEADERS)


@pytest.mark.parametrize(
    ("begun", "ended", "reused", "right"),
    [(9, 9, 8, True), (9, 8, 8, False), (9, 9, 0, False), (9, 9, 9, False), (0, 0, 0, False)],
)
async def test_signals_are_counted(
    client: AiohttpShaped, begun: int, ended: int, reused: int, right: bool
) -> None:
    client._traced = Counter(begun=begun, ended=ended, reused=reused)
    if right:
        await client.close()
        return
    with pytest.raises(BadAnswerError, match=f"'reused': {reused}"):
        await client.close()


async def test_without_receivers_nothing_is_counted(client: AiohttpShaped) -> None:
    await client.close()
