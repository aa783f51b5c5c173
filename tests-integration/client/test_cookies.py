"""Cookies that nginx sets, and what it gets back."""

from pathlib import Path

import martlet

from .nginx import Nginx
from .world import client_context


def local(nginx: Nginx, scheme: str) -> str:
    """Give a base URL with a name for a host: an IP address has no cookies by default."""
    return f"{scheme}://localhost:{nginx.tls_port if scheme == 'https' else nginx.port}"


def client(jar: martlet.CookieJar | None = None) -> martlet.ClientSession:
    connector = martlet.TCPConnector(ssl=client_context())
    return martlet.ClientSession(connector=connector, cookie_jar=jar)


async def set_at(session: martlet.ClientSession, url: str) -> None:
    async with session.get(url) as response:
        assert response.status == 204


async def seen_at(session: martlet.ClientSession, url: str) -> str:
    async with session.get(url) as response:
        assert response.status == 200
        return await response.text("utf-8")


async def test_they_go_back_as_they_came_by_path_and_scheme(nginx: Nginx) -> None:
    http, https = local(nginx, "http"), local(nginx, "https")
    async with client() as session:
        await set_at(session, f"{https}/set/cookies")
        assert await seen_at(session, f"{https}/cookies/") == 'sid="a é,b="; safe=1'
        assert await seen_at(session, f"{https}/set/cookies/") == 'here=1; sid="a é,b="; safe=1'
        # Cookies know no ports, but Secure ones do not go over http.
        assert await seen_at(session, f"{http}/cookies/") == 'sid="a é,b="'
        await set_at(session, f"{http}/set/none")
        assert await seen_at(session, f"{https}/cookies/") == "safe=1"


async def test_a_secure_one_is_not_taken_over_http(nginx: Nginx) -> None:
    async with client() as session:
        await set_at(session, f"{local(nginx, 'http')}/set/cookies")
        assert await seen_at(session, f"{local(nginx, 'https')}/cookies/") == 'sid="a é,b="'


async def test_an_ip_address_has_cookies_in_an_unsafe_jar_only(nginx: Nginx) -> None:
    for unsafe, expected in ((False, ""), (True, 'sid="a é,b="')):
        async with client(martlet.CookieJar(unsafe=unsafe)) as session:
            await set_at(session, f"{nginx.http}/set/cookies")
            assert await seen_at(session, f"{nginx.http}/cookies/") == expected


async def test_a_file_carries_them_to_the_next_run(nginx: Nginx, tmp_path: Path) -> None:
    jar = martlet.CookieJar()
    async with client(jar) as session:
        await set_at(session, f"{local(nginx, 'https')}/set/cookies")
    jar.save(tmp_path / "cookies.json")
    again = martlet.CookieJar()
    again.load(tmp_path / "cookies.json")
    async with client(again) as session:
        sent = await seen_at(session, f"{local(nginx, 'https')}/set/cookies/")
        assert sent == 'here=1; sid="a é,b="; safe=1'
