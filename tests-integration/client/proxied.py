"""An origin that tells who asks, and proxies that each ask from an address of their own.

So the origin's answer says by which proxy a request came, through a tunnel too; and by squid,
which asks from another address for each of its users, with whose credentials.
"""

import hashlib
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from websockets.sync.server import ServerConnection, serve

from daemons import NGINX_OPENING, free_ports, public_folder, running
from system_packages import ensure

from .world import authority

__all__ = ["USERS", "Proxied", "serve_proxied"]

USERS: Final = ("ann", "bob", "cat", "dan")
_PASSWORD: Final = "pass"
_SENDERS: Final = {
    "127.0.0.1": "directly",
    "127.0.9.1": "tiny",
    "127.0.9.2": "shy",
    "127.0.9.10": "squid",
    **{f"127.0.9.{number}": f"{user}@squid" for number, user in enumerate(USERS, 11)},
}

_ORIGIN: Final = (
    NGINX_OPENING
    + """\
    server {{
        listen 127.0.0.1:{http};
        listen 127.0.0.1:{https} ssl;
        ssl_certificate {root}/chain.pem;
        ssl_certificate_key {root}/key.pem;
        location / {{ return 200 '{seen}'; }}
        location = /away {{ return 302 https://127.0.0.1:{https}/; }}
    }}
}}
"""
)
# What it tells, as variables of nginx.
_SEEN: Final = {
    "sender": "$remote_addr",
    "via": "$http_via",
    "host": "$http_host",
    "proxy_authorization": "$http_proxy_authorization",
    "authorization": "$http_authorization",
    "for_proxy": "$http_x_for_proxy",
}

_TINYPROXY: Final = """
Listen 127.0.0.1
Port {port}
Bind {sender}
Allow 127.0.0.1
LogLevel Critical
ViaProxyName "{name}"
{rules}
"""

# It has one port for all who come, one for its users, and that one with TLS.
_SQUID: Final = """
http_port 127.0.0.1:{ports[0]} name=open
http_port 127.0.0.1:{ports[1]} name=closed
https_port 127.0.0.1:{ports[2]} name=tls tls-cert={root}/chain.pem tls-key={root}/key.pem
auth_param basic program /usr/lib/squid/basic_ncsa_auth {root}/passwords
auth_param basic children 1 startup=1
acl closed myportname closed tls
acl known proxy_auth REQUIRED
http_access deny closed !known
http_access allow all
{senders}
tcp_outgoing_address 127.0.9.10
server_persistent_connections off
cache deny all
cache_mem 0
pid_filename none
access_log none
cache_store_log none
cache_log /dev/null
netdb_filename none
pinger_enable off
visible_hostname squid
shutdown_lifetime 0 seconds
"""


class Proxied(NamedTuple):
    """Ports of 127.0.0.1; ``localhost`` is the proxies' name, for ``.netrc`` to tell them apart."""

    http: int
    https: int
    proxies: dict[str, str]
    """``host:port`` of ``tiny`` and ``squid``, which are open, of ``shy``, which takes `ann` only,
    of ``users``, the squid that wants credentials, and of ``tls``, the same by TLS."""
    websockets: tuple[int, int]
    """The ports of an origin that tells the same over a WebSocket, without and with TLS."""

    def by_websocket(self) -> "Proxied":
        """Put that origin in the place of the other."""
        http, https = self.websockets
        return self._replace(http=http, https=https)

    def origin(self, scheme: str) -> str:
        """Give the origin's URL."""
        port = self.https if scheme in {"https", "wss"} else self.http
        return f"{scheme}://127.0.0.1:{port}"

    def filled(self, text: str) -> str:
        """Put ports where *text* names servers: ``{tiny}``, ``{http}``, ..."""
        return text.format(http=self.http, https=self.https, **self.proxies)

    def sender(self, told: str) -> str:
        """Say by whom a request came to the origin, which *told* about it."""
        seen: dict[str, str] = json.loads(told)
        sender = _SENDERS[seen["sender"]]
        name = sender.rpartition("@")[2]
        assert seen["proxy_authorization"] == seen["authorization"] == ""
        assert seen["host"].startswith("127.0.0.1:")
        assert name == "directly" or not seen["via"] or name in seen["via"]
        if seen["for_proxy"]:
            sender += f" {seen['for_proxy']}"
        return sender


def _write_squid(root: Path, ports: list[int]) -> Path:
    digest = hashlib.md5(_PASSWORD.encode()).hexdigest()
    (root / "passwords").write_text("".join(f"{user}:{digest}\n" for user in USERS))
    senders = "".join(
        f"acl {user} proxy_auth {user}\ntcp_outgoing_address 127.0.9.{number} closed {user}\n"
        for number, user in enumerate(USERS, 11)
    )
    config = root / "squid.conf"
    config.write_text(_SQUID.format(root=root, ports=ports, senders=senders))
    return config


def _write_certificate(root: Path) -> None:
    certificate = authority().issue_cert("127.0.0.1", "localhost")
    certificate.private_key_pem.write_to_path(str(root / "key.pem"))
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(root / "chain.pem"), append=True)


def _tell(connection: ServerConnection) -> None:
    request = connection.request
    assert request is not None
    names = {"via", "host", "proxy-authorization", "authorization", "x-for-proxy"}
    seen = {name.replace("-", "_"): request.headers.get(name, "") for name in names}
    seen["for_proxy"] = seen.pop("x_for_proxy")
    connection.send(json.dumps(seen | {"sender": connection.remote_address[0]}))


@contextmanager
def _websockets(root: Path) -> Iterator[tuple[int, int]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(root / "chain.pem", root / "key.pem")
    with ExitStack() as stack:
        ports = []
        for used in (None, context):
            server = stack.enter_context(serve(_tell, "127.0.0.1", 0, ssl=used))
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            ports.append(server.socket.getsockname()[1])
        yield ports[0], ports[1]


@contextmanager
def serve_proxied() -> Iterator[Proxied]:
    """Run them all until the end of the block."""
    with public_folder() as root, ExitStack() as stack:
        _write_certificate(root)
        http, https, tiny, shy, *squid = free_ports(7)
        nginx = root / "nginx.conf"
        seen = json.dumps(_SEEN)
        nginx.write_text(_ORIGIN.format(root=root, http=http, https=https, seen=seen))
        arguments = ("-p", root, "-c", nginx, "-e", root / "error.log")
        stack.enter_context(running(ensure("nginx"), *arguments, ports=[http, https]))
        for name, port, sender, rules in (
            ("tiny", tiny, "127.0.9.1", ""),
            ("shy", shy, "127.0.9.2", f"BasicAuth ann {_PASSWORD}"),
        ):
            config = root / f"{name}.conf"
            config.write_text(_TINYPROXY.format(port=port, sender=sender, name=name, rules=rules))
            stack.enter_context(running(ensure("tinyproxy"), "-d", "-c", config, ports=[port]))
        config = _write_squid(root, squid)
        # Squids of one name share memory, and would share it with one that another test runs.
        options = ("-N", "-n", f"test{squid[0]}", "-f", config)
        stack.enter_context(running(ensure("squid"), *options, ports=squid))
        names = dict(zip(("squid", "users", "tls"), squid, strict=True), tiny=tiny, shy=shy)
        proxies = {name: f"localhost:{port}" for name, port in names.items()}
        yield Proxied(http, https, proxies, stack.enter_context(_websockets(root)))
