"""The shop's servers: by HTTP, by HTTPS, on a Unix socket, and a proxy before it."""

import hashlib
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from daemons import free_ports, public_folder, running
from system_packages import ensure

from .world import authority

__all__ = ["Shop", "serve_shop"]

_OPTIONS: Final = (
    *("-m", "uvicorn", "client.asgi_shop:app"),
    *("--app-dir", str(Path(__file__).parents[1])),
    *("--http", "httptools"),
    *("--lifespan", "off"),
    *("--log-level", "critical"),
    *("--timeout-keep-alive", "60"),
)
_PAUSE: Final = 0.005
_TINYPROXY: Final = """
Listen 127.0.0.1
Port {port}
Allow 127.0.0.1
LogLevel Critical
ViaProxyName "proxy"
BasicAuth ann secret
"""


class Shop(NamedTuple):
    """Where a program finds what it needs; the names are those of its arguments."""

    http: str
    https: str
    proxy: str
    """It wants ``ann``, whose password is ``secret``."""
    unix: str
    ca: str
    """The file with the certificate of the authority."""
    fingerprint: str
    """The SHA-256 of the server's certificate."""


@contextmanager
def serve_shop() -> Iterator[Shop]:
    """Run the servers until the end of the block."""
    with public_folder() as root, ExitStack() as stack:
        key, chain, ca = root / "key.pem", root / "chain.pem", root / "ca.pem"
        certificate = authority().issue_cert("127.0.0.1", "localhost", "shop.example")
        certificate.private_key_pem.write_to_path(str(key))
        for blob in certificate.cert_chain_pems:
            blob.write_to_path(str(chain), append=True)
        authority().cert_pem.write_to_path(str(ca))
        der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
        http, https, proxy = free_ports(3)
        tls = ("--ssl-keyfile", key, "--ssl-certfile", chain)
        python = Path(sys.executable)
        for port, more in ((http, ()), (https, tls)):
            options = (*_OPTIONS, "--host", "127.0.0.1", "--port", str(port), *more)
            stack.enter_context(running(python, *options, ports=[port]))
        config = root / "tinyproxy.conf"
        config.write_text(_TINYPROXY.format(port=proxy))
        stack.enter_context(running(ensure("tinyproxy"), "-d", "-c", config, ports=[proxy]))
        unix = root / "socket"
        stack.enter_context(running(python, *_OPTIONS, "--uds", str(unix), ports=[]))
        _await_socket(unix)
        yield Shop(
            f"http://127.0.0.1:{http}",
            f"https://127.0.0.1:{https}",
            f"http://127.0.0.1:{proxy}",
            str(unix),
            str(ca),
            hashlib.sha256(der).hexdigest(),
        )


def _await_socket(path: Path) -> None:
    pause = threading.Event()
    while True:
        with socket.socket(socket.AF_UNIX) as sock:
            if sock.connect_ex(str(path)) == 0:
                return
        pause.wait(_PAUSE)
