"""An nginx of the tests' own: in a temporary folder, on free ports."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from daemons import NGINX_OPENING, free_ports, public_folder, running
from system_packages import ensure

from .world import authority

__all__ = ["LARGE", "MIDDLE", "TEXT", "Nginx", "serve"]

MIDDLE = bytes(range(250)) * 40
TEXT = "".join(f"line {number}: Grüße\n" for number in range(5000))
LARGE = 20 * 1024 * 1024

CONFIG = (
    NGINX_OPENING
    + """\
    types {{ text/plain txt; application/json json; }}
    charset utf-8;
    charset_types text/plain;
    gzip_types text/plain;
    gzip_min_length 1;
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
        location = /set/cookies {{
            add_header Set-Cookie 'sid="a é,b="; Path=/; HttpOnly';
            add_header Set-Cookie "here=1; Max-Age=1000";
            add_header Set-Cookie "safe=1; Path=/; Secure";
            return 204;
        }}
        location = /set/none {{
            add_header Set-Cookie "sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
            return 204;
        }}
        location ~ /cookies/ {{ default_type text/plain; return 200 "$http_cookie"; }}
        location = /headers {{ {headers} return 200 "many"; }}
    }}
}}
"""
)


class Nginx(NamedTuple):
    http: str
    https: str
    port: int
    tls_port: int
    authority_file: Path
    certificate: bytes
    """In DER form."""


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
def serve() -> Iterator[Nginx]:
    """Run nginx until the end of the block."""
    with public_folder() as root:
        certificate = _fill(root)
        port, tls_port = free_ports(2)
        headers = "".join(f'add_header X-{number} "value {number}";' for number in range(100))
        config = root / "nginx.conf"
        config.write_text(CONFIG.format(root=root, http=port, https=tls_port, headers=headers))
        arguments = ("-p", root, "-c", config, "-e", root / "error.log")
        with running(ensure("nginx"), *arguments, ports=[port, tls_port]):
            yield Nginx(
                f"http://127.0.0.1:{port}",
                f"https://127.0.0.1:{tls_port}",
                port,
                tls_port,
                root / "ca.pem",
                certificate,
            )
