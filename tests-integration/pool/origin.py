"""The origin: an nginx that listens on TCP and on Unix sockets, with and without TLS.

Each response says on which connection it came (X-Connection), how many requests that had seen
(X-Requests) and from which port it was made (X-Peer-Port).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from yarl import URL

from daemons import NGINX_OPENING, free_ports, public_folder, running
from system_packages import ensure

from .certificates import issue, origin_authority

__all__ = ["LARGE", "Origin", "serve_origin"]

LARGE: Final = bytes(range(251)) * (5 * 1024 * 1024 // 251 + 1)
"""Over 5 MB, and no piece of it at the wrong place looks like the right one."""

# What /seen tells of its request, as variables of nginx.
SEEN: Final = {
    "line": "$request",
    "host": "$http_host",
    "via": "$http_via",
    "proxy_authorization": "$http_proxy_authorization",
    "for_proxy": "$http_x_for_proxy",
    "own": "$http_x_own",
}

# nginx cannot answer with a request's body by itself: /mirror keeps it in a file, and has itself
# told (by /kept) to send that file.
CONFIG: Final = (
    NGINX_OPENING
    + """\
    server {{
        listen 127.0.0.1:{http};
        listen 127.0.0.1:{https} ssl;
        listen unix:{root}/plain.sock;
        listen unix:{root}/tls.sock ssl;
        ssl_certificate {root}/chain.pem;
        ssl_certificate_key {root}/key.pem;
        root {root}/www;
        add_header X-Connection $connection;
        add_header X-Requests $connection_requests;
        add_header X-Peer-Port $remote_port;
        location /brief/ {{ alias {root}/www/; keepalive_timeout 10ms; }}
        location /announced/ {{ alias {root}/www/; keepalive_timeout 75s 20s; }}
        location /once/ {{ alias {root}/www/; keepalive_timeout 0; }}
        location = /seen {{ return 200 '{seen}'; }}
        location = /401 {{ return 401 "origin"; }}
        location = /mirror {{
            client_body_in_file_only clean;
            proxy_pass http://unix:{root}/plain.sock:/kept;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header X-File $request_body_file;
        }}
        location = /kept {{ add_header X-Accel-Redirect $http_x_file; return 200; }}
        location {root}/body/ {{ internal; root /; }}
    }}
}}
"""
)


class Origin(NamedTuple):
    """Where it listens; the URLs have no path."""

    http: URL
    https: URL
    socket: Path
    tls_socket: Path
    certificate: bytes
    """In DER form."""


def _write_pages(root: Path) -> None:
    www = root / "www"
    www.mkdir()
    (www / "small").write_bytes(b"small\n")
    (www / "large").write_bytes(LARGE)


@contextmanager
def serve_origin() -> Iterator[Origin]:
    """Run nginx until the end of the block."""
    with public_folder() as root:
        _write_pages(root)
        certificate = issue(origin_authority(), root)
        http, https = free_ports(2)
        config = root / "nginx.conf"
        seen = json.dumps(SEEN)
        config.write_text(CONFIG.format(root=root, http=http, https=https, seen=seen))
        arguments = ("-p", root, "-c", config, "-e", root / "error.log")
        with running(ensure("nginx"), *arguments, ports=[http, https]):
            yield Origin(
                URL(f"http://127.0.0.1:{http}"),
                URL(f"https://127.0.0.1:{https}"),
                root / "plain.sock",
                root / "tls.sock",
                certificate,
            )
