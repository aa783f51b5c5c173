"""An nginx of the tests' own: in a temporary folder, on free ports."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from system_packages import ensure

from .world import authority

__all__ = ["LARGE", "MIDDLE", "TEXT", "Nginx", "serve"]

MIDDLE = bytes(range(250)) * 40
TEXT = "".join(f"line {number}: Grüße\n" for number in range(5000))
LARGE = 20 * 1024 * 1024

CONFIG = """
daemon off;
worker_processes 1;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    types {{ text/plain txt; application/json json; }}
    charset utf-8;
    charset_types text/plain;
    gzip_types text/plain;
    gzip_min_length 1;
    keepalive_requests 100000;
    client_max_body_size 0;
    server {{
        listen 127.0.0.1:{http};
        listen 127.0.0.1:{https} ssl;
        ssl_certificate {root}/chain.pem;
        ssl_certificate_key {root}/key.pem;
        root {root}/www;
        add_header X-Connection $connection;
        add_header X-Requests $connection_requests;
        location /gzip/ {{ alias {root}/www/; gzip on; }}
        location /once/ {{ alias {root}/www/; keepalive_timeout 0; }}
        location /brief/ {{ alias {root}/www/; keepalive_timeout 10ms; }}
        location = /204 {{ return 204; }}
        location = /301 {{ return 301 /small.txt; }}
        location = /500 {{ return 500 "broken"; }}
        location = /echo {{
            return 200 "$request_method $args $http_content_type $content_length";
        }}
        location = /headers {{ {headers} return 200 "many"; }}
    }}
}}
"""


class Nginx(NamedTuple):
    http: str
    https: str
    port: int
    tls_port: int
    authority_file: Path
    certificate: bytes
    """In DER form."""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _fill(root: Path) -> bytes:
    import ssl

    www = root / "www"
    www.mkdir()
    (www / "small.txt").write_text("small\n")
    (www / "text.txt").write_text(TEXT, encoding="utf-8")
    (www / "doc.json").write_text('{"name": "martlet"}')
    (www / "middle").write_bytes(MIDDLE)
    with (www / "large").open("wb") as large:
        large.truncate(LARGE)
    certificate = authority().issue_cert("127.0.0.1", "localhost")
    certificate.private_key_pem.write_to_path(str(root / "key.pem"))
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(root / "chain.pem"), append=True)
    authority().cert_pem.write_to_path(str(root / "ca.pem"))
    return ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())


@contextmanager
def serve(root: Path) -> Iterator[Nginx]:
    """Run nginx until the end of the block."""
    certificate = _fill(root)
    for folder in (root, *root.parents[:2]):
        os.chmod(folder, 0o755)  # nginx's worker may be another user  # noqa: PTH101
    port, tls_port = free_port(), free_port()
    headers = "".join(f'add_header X-{number} "value {number}";' for number in range(100))
    config = root / "nginx.conf"
    config.write_text(CONFIG.format(root=root, http=port, https=tls_port, headers=headers))
    command = [str(ensure("nginx")), "-p", str(root), "-c", str(config), "-e", f"{root}/error.log"]
    process = subprocess.Popen(command)
    try:
        _wait_until_up(port, process)
        yield Nginx(
            f"http://127.0.0.1:{port}",
            f"https://127.0.0.1:{tls_port}",
            port,
            tls_port,
            root / "ca.pem",
            certificate,
        )
    finally:
        process.terminate()
        process.wait()


def _wait_until_up(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0)
    raise RuntimeError(f"nginx ended with {process.returncode}")
