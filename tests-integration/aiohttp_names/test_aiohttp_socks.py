import ssl
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from .answering import AnsweringHandler, serving
from .library_programs import install, run_program
from .socks_server import socks_server


@pytest.fixture(scope="module")
def libraries(pip: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("libraries")
    return install(pip, folder, "aiohttp-socks==0.12.0", "python-socks==3.2.1")


class Handler(AnsweringHandler):
    """Tells who was asked, and on which connection."""

    def do_GET(self) -> None:
        self.answer(f"{self.headers['Host'].partition(':')[0]} {self.client_address[1]}".encode())


def test_requests_go_by_the_socks_server(libraries: Path, tmp_path: Path) -> None:
    authority = trustme.CA()
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(trusted)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hidden.test").configure_cert(context)
    plain = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    secure = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    secure.socket = context.wrap_socket(
        secure.socket, server_side=True, do_handshake_on_connect=False
    )
    with serving(plain), serving(secure), socks_server() as socks:
        lines = run_program(
            "socks_client.py",
            libraries,
            f"socks5://me:secret@127.0.0.1:{socks.port}",
            f"http://hidden.test:{plain.server_port}/",
            f"https://hidden.test:{secure.server_port}/",
            str(trusted),
        )

    first, second, third, *others, chained, absent, again = lines
    assert first.startswith("200 hidden.test ")
    assert second == first  # on the same connection
    assert third.startswith("200 hidden.test ")
    assert others == ["not trusted", "refused 2"]
    assert chained.startswith("200 hidden.test ")
    assert absent == again == "no proxy"
    to_secure = ("hidden.test", secure.server_port)
    assert socks.asked == [
        ("hidden.test", plain.server_port),
        to_secure,
        to_secure,
        ("forbidden.test", 80),
        ("127.0.0.1", socks.port),
        to_secure,
    ]
    assert set(socks.users) == {("me", "secret")}
