"""The client against nginx, as users use it."""

import asyncio
import gzip
import hashlib
import os
import subprocess
import sys

import pytest

import martlet

from .nginx import LARGE, MIDDLE, TEXT, Nginx
from .world import client_context


async def test_text_and_its_encoding(nginx: Nginx) -> None:
    async with martlet.ClientSession() as session, session.get(f"{nginx.http}/text.txt") as got:
        assert (got.status, got.reason, got.ok) == (200, "OK", True)
        assert (got.content_type, got.charset) == ("text/plain", "utf-8")
        assert await got.text() == TEXT


async def test_json(nginx: Nginx) -> None:
    async with martlet.ClientSession() as session, session.get(f"{nginx.http}/doc.json") as got:
        assert await got.json() == {"name": "martlet"}


async def test_bytes_and_a_range_of_them(nginx: Nginx) -> None:
    async with martlet.ClientSession() as session:
        async with session.get(f"{nginx.http}/middle") as got:
            assert await got.read() == MIDDLE
        part = {"Range": "bytes=100-199"}
        async with session.get(f"{nginx.http}/middle", headers=part) as got:
            assert got.status == 206
            assert await got.read() == MIDDLE[100:200]


async def test_head_has_no_body(nginx: Nginx) -> None:
    async with martlet.ClientSession() as session, session.head(f"{nginx.http}/middle") as got:
        assert got.headers["Content-Length"] == str(len(MIDDLE))
        assert await got.read() == b""


async def test_post_with_params_and_json(nginx: Nginx) -> None:
    url = f"{nginx.http}/echo"
    async with martlet.ClientSession() as session:
        async with session.post(url, params={"a": "ü", "b": 1}, json={"x": 1}) as got:
            assert await got.text() == "POST a=%C3%BC&b=1 application/json 8"
        async with session.put(url, data=b"abc") as got:
            assert await got.text() == "PUT  application/octet-stream 3"


@pytest.mark.parametrize(
    ("path", "status"), [("204", 204), ("301", 301), ("none", 404), ("500", 500)]
)
async def test_any_status_is_a_response(nginx: Nginx, path: str, status: int) -> None:
    async with martlet.ClientSession() as session:
        async with session.get(f"{nginx.http}/{path}", allow_redirects=False) as got:
            assert got.status == status


async def test_raise_for_status(nginx: Nginx) -> None:
    async with martlet.ClientSession(raise_for_status=True) as session:
        with pytest.raises(martlet.ClientResponseError) as caught:
            await session.get(f"{nginx.http}/none")
        assert caught.value.status == 404
        async with session.get(f"{nginx.http}/none", raise_for_status=False) as got:
            assert got.status == 404


async def test_a_hundred_header_fields(nginx: Nginx) -> None:
    async with martlet.ClientSession() as session, session.get(f"{nginx.http}/headers") as got:
        assert [got.headers[f"x-{number}"] for number in range(100)] == [
            f"value {number}" for number in range(100)
        ]


async def test_streaming_gives_each_byte_once(nginx: Nginx) -> None:
    expected = hashlib.sha256(bytes(LARGE)).digest()
    async with martlet.ClientSession() as session:
        for way in ("iter_chunked", "read", "readany"):
            digest = hashlib.sha256()
            async with session.get(f"{nginx.http}/large") as got:
                if way == "iter_chunked":
                    async for piece in got.content.iter_chunked(65536):
                        assert len(piece) <= 65536
                        digest.update(piece)
                elif way == "read":
                    while piece := await got.content.read(100_000):
                        digest.update(piece)
                else:
                    while piece := await got.content.readany():
                        digest.update(piece)
            assert digest.digest() == expected, way


async def test_gzip_is_decoded_unless_told_otherwise(nginx: Nginx) -> None:
    url = f"{nginx.http}/gzip/text.txt"
    async with martlet.ClientSession() as session, session.get(url) as got:
        assert got.headers["Content-Encoding"] == "gzip"
        assert got.headers["Transfer-Encoding"] == "chunked"
        assert await got.text() == TEXT
    async with martlet.ClientSession(auto_decompress=False) as session, session.get(url) as got:
        assert gzip.decompress(await got.read()).decode() == TEXT


async def connections(session: martlet.ClientSession, url: str, count: int) -> set[str]:
    """Make so many requests at once; give the connections that nginx saw."""

    async def one() -> str:
        async with session.get(url) as got:
            await got.read()
            return got.headers["X-Connection"]

    return set(await asyncio.gather(*(one() for _ in range(count))))


async def test_a_connection_is_used_again(nginx: Nginx) -> None:
    async with martlet.ClientSession() as session:
        for number in range(1, 6):
            async with session.get(f"{nginx.http}/small.txt") as got:
                assert await got.read() == b"small\n"
                assert got.headers["X-Requests"] == str(number)


@pytest.mark.parametrize("limits", [{"limit": 7}, {"limit_per_host": 7}], ids=str)
async def test_the_limit_holds_under_load(nginx: Nginx, limits: dict[str, int]) -> None:
    connector = martlet.TCPConnector(**limits)  # type: ignore[arg-type]  # numbers for numbers
    async with martlet.ClientSession(connector=connector) as session:
        assert len(await connections(session, f"{nginx.http}/small.txt", 200)) == 7


async def test_force_close_and_a_server_that_closes(nginx: Nginx) -> None:
    connector = martlet.TCPConnector(force_close=True)
    async with martlet.ClientSession(connector=connector) as session:
        assert len(await connections(session, f"{nginx.http}/small.txt", 5)) == 5
        assert "0 idle" in repr(connector)
    async with martlet.ClientSession() as session:
        assert len(await connections(session, f"{nginx.http}/once/small.txt", 5)) == 5
        assert "0 idle" in repr(session.connector)


async def test_a_server_may_close_an_idle_connection(nginx: Nginx) -> None:
    async with martlet.ClientSession() as session:
        first = await connections(session, f"{nginx.http}/brief/small.txt", 1)
        while "1 idle" in repr(session.connector):  # noqa: ASYNC110  # there is no event for this
            await asyncio.sleep(0)
        assert await connections(session, f"{nginx.http}/small.txt", 1) != first


async def test_tls_is_verified_by_the_context(nginx: Nginx) -> None:
    async with martlet.ClientSession() as session:
        url = f"{nginx.https}/small.txt"
        async with session.get(url, ssl=client_context()) as got:
            assert await got.text() == "small\n"
        with pytest.raises(martlet.ClientConnectorCertificateError, match="verify failed"):
            await session.get(url)
        async with session.get(url, ssl=False) as got:
            assert got.status == 200
        with pytest.raises(martlet.ClientConnectorCertificateError, match="ostname mismatch"):
            await session.get(url, ssl=client_context(), server_hostname="example.org")
        async with session.get(url, ssl=client_context(), server_hostname="localhost") as got:
            assert got.status == 200


async def test_fingerprint(nginx: Nginx) -> None:
    right = martlet.Fingerprint(hashlib.sha256(nginx.certificate).digest())
    async with martlet.ClientSession() as session:
        async with session.get(f"{nginx.https}/small.txt", ssl=right) as got:
            assert got.status == 200
        with pytest.raises(martlet.ServerFingerprintMismatch) as caught:
            await session.get(f"{nginx.https}/small.txt", ssl=martlet.Fingerprint(bytes(32)))
        assert caught.value.got == right.fingerprint


async def test_tls_to_a_plain_port(nginx: Nginx) -> None:
    async with martlet.ClientSession() as session:
        with pytest.raises(martlet.ClientConnectorSSLError):
            await session.get(f"https://127.0.0.1:{nginx.port}/")


def test_ssl_cert_file_extends_the_default_trust(nginx: Nginx) -> None:
    program = (
        "import asyncio, martlet, sys\n"
        "async def main():\n"
        "    async with martlet.ClientSession() as s, s.get(sys.argv[1]) as got:\n"
        "        print(await got.text(), end='')\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, f"{nginx.https}/small.txt"],
        env={**os.environ, "SSL_CERT_FILE": str(nginx.authority_file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("small\n", 0), done.stderr
