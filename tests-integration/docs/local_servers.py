"""The servers that stand on this machine for the names in the pages.

============================  ====================================================================
``example.com``               the site of `origin_app`, over http and https
``other.example``             the same, under another name: another origin
``localhost:8080``            the same, over http
``impostor.example``          the same over https, with a certificate that nobody trusts
``proxy.example:3128``        the proxy of `proxy_program`
any other name                is not found
============================  ====================================================================
"""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import trustme

from daemons import free_ports, public_folder, running

__all__ = ["Site", "serve_site"]

_HERE: Final = Path(__file__).parent
_PYTHON: Final = Path(sys.executable)
_NAMES: Final = ("example.com", "other.example", "localhost")
_IMPOSTOR: Final = "impostor.example"
_UVICORN: Final = (
    *("-m", "uvicorn", "origin_app:app", "--app-dir", str(_HERE)),
    *("--http", "httptools", "--ws", "wsproto", "--lifespan", "off"),
    *("--host", "127.0.0.1", "--log-level", "critical", "--timeout-keep-alive", "60"),
)


class Site(NamedTuple):
    places: dict[str, int]
    """Which port of 127.0.0.1 stands for which ``host:port``."""
    authority_file: Path
    """The certificate of who vouches for the site."""


def _issue(authority: trustme.CA, folder: Path, *names: str) -> tuple[str | Path, ...]:
    folder.mkdir()
    certificate = authority.issue_cert(*names)
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(folder / "chain.pem"), append=True)
    return ("--ssl-keyfile", folder / "key.pem", "--ssl-certfile", folder / "chain.pem")


@contextmanager
def serve_site() -> Iterator[Site]:
    """Run them until the end of the block."""
    with public_folder() as root, ExitStack() as stack:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(root / "ca.pem"))
        http, https, impostor, proxy = free_ports(4)
        for port, options in (
            (http, ()),
            (https, _issue(authority, root / "site", *_NAMES)),
            (impostor, _issue(trustme.CA(), root / "impostor", _IMPOSTOR)),
        ):
            arguments = (*_UVICORN, "--port", str(port), *options)
            stack.enter_context(running(_PYTHON, *arguments, ports=[port]))
        places = {f"{name}:443": https for name in _NAMES} | {f"{_IMPOSTOR}:443": impostor}
        places |= {f"{name}:80": http for name in _NAMES} | {"localhost:8080": http}
        program = (_HERE / "proxy_program.py", str(proxy), json.dumps(places))
        stack.enter_context(running(_PYTHON, *program, ports=[proxy]))
        yield Site(places | {"proxy.example:3128": proxy}, root / "ca.pem")
