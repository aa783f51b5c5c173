"""Proxies: tinyproxy, squid, and squid behind TLS, each with and without authentication."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from yarl import URL

from daemons import free_ports, public_folder, running
from martlet_interfaces import TransportOptions
from system_packages import ensure

from .certificates import issue, origin_authority, proxy_authority, trusting

__all__ = ["Proxy", "basic", "serve_squid", "serve_tinyproxy", "through"]

USER: Final = "user"

# Without ConnectPort it lets everybody connect to everything.
TINYPROXY: Final = """
Listen 127.0.0.1
Port {port}
Allow 127.0.0.1
MaxClients 200
LogLevel Critical
ViaProxyName "tinyproxy"
{rules}
"""

SQUID: Final = """
http_port 127.0.0.1:{ports[0]} name=open
http_port 127.0.0.1:{ports[1]} name=closed
https_port 127.0.0.1:{ports[2]} name=tls tls-cert={root}/chain.pem tls-key={root}/key.pem
https_port 127.0.0.1:{ports[3]} name=tls_closed tls-cert={root}/chain.pem tls-key={root}/key.pem
auth_param basic program /usr/lib/squid/basic_ncsa_auth {root}/passwords
auth_param basic children 1 startup=1
acl closed myportname closed tls_closed
acl known proxy_auth REQUIRED
http_access deny closed !known
http_access allow all
cache deny all
cache_mem 0
pid_filename none
access_log none
cache_store_log none
cache_log /dev/null
netdb_filename none
pinger_enable off
visible_hostname squid.test
shutdown_lifetime 0 seconds
"""


class Proxy(NamedTuple):
    """One proxy; the URLs hold no credentials."""

    via: str
    """What it calls itself in Via."""
    open: URL
    """Lets everybody through."""
    closed: URL
    """Wants credentials."""
    password: str
    keeps_connections: bool
    """Whether it takes several requests on a connection."""
    status_of_wrong_password: int
    status_of_dead_origin: int

    @property
    def user(self) -> str:
        return USER

    def closed_with(self, password: str) -> URL:
        """Give the URL that wants credentials, with some."""
        return self.closed.with_user(USER).with_password(password)


def basic(user: str, password: str) -> str:
    """Make the value of Proxy-Authorization (RFC 7617)."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def through(proxy: URL, **headers: str) -> TransportOptions:
    """Go through *proxy*, with *headers* for it, and trust both it and the origin."""
    trust = trusting(origin_authority, proxy_authority)
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return TransportOptions(ssl=trust, proxy=proxy, proxy_headers=fields)


@contextmanager
def _tinyproxy(root: Path, port: int, rules: str = "") -> Iterator[None]:
    config = root / f"{port}.conf"
    config.write_text(TINYPROXY.format(port=port, rules=rules))
    with running(ensure("tinyproxy"), "-d", "-c", config, ports=[port]):
        yield


@contextmanager
def serve_tinyproxy(tunnels_to: int) -> Iterator[Proxy]:
    """Run tinyproxy twice until the end of the block.

    The one that wants credentials makes tunnels to the port *tunnels_to* only.
    """
    password = "secret"  # its configuration takes letters, digits, ".", "-" and "_" only
    rules = f"BasicAuth {USER} {password}\nConnectPort {tunnels_to}"
    free, closed = free_ports(2)
    with public_folder() as root, _tinyproxy(root, free), _tinyproxy(root, closed, rules):
        yield Proxy(
            via="tinyproxy",
            open=URL(f"http://127.0.0.1:{free}"),
            closed=URL(f"http://127.0.0.1:{closed}"),
            password=password,
            keeps_connections=False,
            status_of_wrong_password=401,  # whatever RFC 9110, section 11.7.1, says
            status_of_dead_origin=500,
        )


@contextmanager
def serve_squid() -> Iterator[tuple[Proxy, Proxy]]:
    """Run squid until the end of the block; give it as it is, and behind TLS."""
    password = "p@ss:w/rd%21"
    squid = ensure("squid")
    ports = free_ports(4)
    with public_folder() as root:
        issue(proxy_authority(), root)
        digest = hashlib.md5(password.encode()).hexdigest()
        (root / "passwords").write_text(f"{USER}:{digest}\n")
        config = root / "squid.conf"
        config.write_text(SQUID.format(root=root, ports=ports))
        # Squids of one name share memory, and would share it with one that another test runs.
        with running(squid, "-N", "-n", f"test{ports[0]}", "-f", config, ports=ports):
            plain = Proxy(
                via="squid.test",
                open=URL(f"http://127.0.0.1:{ports[0]}"),
                closed=URL(f"http://127.0.0.1:{ports[1]}"),
                password=password,
                keeps_connections=True,
                status_of_wrong_password=407,
                status_of_dead_origin=503,
            )
            open_, closed = (URL(f"https://127.0.0.1:{port}") for port in ports[2:])
            yield plain, plain._replace(open=open_, closed=closed)
