"""The servers of the benchmark: nginx, and those for idle connections, bodies and WebSockets."""

import contextlib
import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ._payloads import (
    COOKIES,
    COOKIES_SET,
    HEADERS,
    PARAMS,
    json_text,
    set_cookie,
    write_upload,
)
from ._processes import TOOLS, Cores, on_core, spawn
from ._sample import BenchError
from ._scenarios import (
    HEADER_COUNT,
    HUNDRED_MEGABYTES,
    MEGABYTE,
    POST_BODY,
    RECORD,
    SMALL_BODY,
    TEN_KILOBYTES,
)

_CONFIG = """
daemon off;
worker_processes 1;
worker_rlimit_nofile 65536;
pid {prefix}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 16384; }}
http {{
    access_log off;
    default_type text/plain;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=16;
    client_body_temp_path {prefix}/body;
    proxy_temp_path {prefix}/proxy;
    fastcgi_temp_path {prefix}/fastcgi;
    uwsgi_temp_path {prefix}/uwsgi;
    scgi_temp_path {prefix}/scgi;
    server {{
        listen 127.0.0.1:{plain} backlog=4096;
        {tls}
        root {prefix}/files;
        location /small {{ return 200 '{small}'; }}
        location = /post {{ default_type application/json; return 200 '{post}'; }}
        location = /gzip {{
            default_type application/json;
            add_header Content-Encoding gzip;
        }}
        location = /record {{
            set $got "$arg_page $arg_limit $arg_sort";
            if ($got != "{params}") {{ return 400; }}
            if ($http_x_request_id != "{request_id}") {{ return 400; }}
            default_type application/json;
            return 200 '{record}';
        }}
        location = /redirect {{ return 302 /small; }}
        location = /set-cookies {{
            {all_cookies}
            return 200 '{small}';
        }}
        location = /cookies {{
            set $got "{cookie_names}";
            if ($got != "{cookie_values}") {{ return 400; }}
            {cookies}
            return 200 '{small}';
        }}
        location = /headers {{
            {headers}
            return 200 '{small}';
        }}
    }}
}}
"""

# TLS 1.3 has to be asked for: nginx before 1.23.4 does not offer it by itself.
_TLS = """listen 127.0.0.1:{port} ssl backlog=4096;
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate {prefix}/server.pem;
        ssl_certificate_key {prefix}/server.key;
"""

_CERTIFICATE = """
import sys, trustme
authority = trustme.CA()
issued = authority.issue_cert("127.0.0.1", "localhost")
prefix = sys.argv[1]
authority.cert_pem.write_to_path(prefix + "/ca.pem")
issued.private_key_pem.write_to_path(prefix + "/server.key")
for index, blob in enumerate(issued.cert_chain_pems):
    blob.write_to_path(prefix + "/server.pem", append=index > 0)
"""


@dataclass(frozen=True)
class Addresses:
    """Where the servers listen."""

    plain: str
    tls: str | None = None
    authority: str | None = None
    hold: int | None = None
    """The hold server's port; it counts its connections there, those of TLS as well."""
    hold_tls: int | None = None
    bodies: str | None = None
    """The server that takes bodies."""
    upload: str | None = None
    """The file to send to it."""
    echo: int | None = None
    """The port of the WebSocket server; it counts its connections there, too."""


def nginx_path() -> str:
    """The nginx to run; on Debian as root it is installed when it is missing."""
    # Debian puts it in sbin, which the PATH of an ordinary user does not have.
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin"
    found = shutil.which("nginx", path=path)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(
            ["apt-get", "install", "-y", "--no-install-recommends", "nginx"],
            check=True,
            env=environment,
            stdout=sys.stderr,
        )
        found = shutil.which("nginx", path=path)
    if found is None:
        raise BenchError("nginx is not on PATH: install it (Debian: apt-get install nginx)")
    return found


def nginx_version() -> str:
    """The version nginx gives of itself."""
    done = subprocess.run([nginx_path(), "-v"], capture_output=True, text=True, check=True)
    return done.stderr.strip().rpartition("/")[2]


def _free_ports(count: int) -> list[int]:
    # All are held until the last is known, so that no two are the same.
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _write_files(prefix: Path) -> None:
    files = prefix / "files"
    files.mkdir()
    for name, size in (("10k", TEN_KILOBYTES), ("100m", HUNDRED_MEGABYTES)):
        with (files / name).open("wb") as file:
            file.truncate(size)
    # Without the name and the time of a file, it is the same each time.
    (files / "gzip").write_bytes(gzip.compress(json_text(MEGABYTE), 6, mtime=0))
    # nginx started by root reads the files as another user.
    prefix.chmod(0o755)


def _write_config(prefix: Path, plain: int, tls: int | None) -> None:
    text = _CONFIG.format(
        prefix=prefix,
        plain=plain,
        tls="" if tls is None else _TLS.format(port=tls, prefix=prefix),
        small=SMALL_BODY.decode(),
        post=POST_BODY.decode(),
        record=json.dumps(RECORD),
        params=" ".join(str(PARAMS[name]) for name in ("page", "limit", "sort")),
        request_id=HEADERS["X-Request-ID"],
        all_cookies=_added(("Set-Cookie", set_cookie(name)) for name in COOKIES),
        cookies=_added(("Set-Cookie", set_cookie(name)) for name in COOKIES_SET),
        cookie_names=" ".join(f"$cookie_{name}" for name in COOKIES),
        cookie_values=" ".join(COOKIES.values()),
        headers=_added(
            (f"X-Bench-{number:02}", f"value-of-header-{number:02}")
            for number in range(HEADER_COUNT)
        ),
    )
    (prefix / "nginx.conf").write_text(text)


def _added(fields: Iterable[tuple[str, str]]) -> str:
    """The lines that have nginx add some fields to an answer."""
    return "\n            ".join(f'add_header {name} "{value}";' for name, value in fields)


def _wait_for(port: int, process: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise BenchError(f"nginx did not start:\n{log.read_text()}")


@contextlib.contextmanager
def _stopped_after(process: subprocess.Popen[str]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Wanted:
    """Which servers the scenarios ask for, besides nginx without TLS."""

    tls: bool
    hold: bool
    bodies: bool
    echo: bool


@contextlib.contextmanager
def running(python: Path, cores: Cores, wanted: Wanted) -> Iterator[Addresses]:
    """Run the servers on their core; `python` is the environment's, for its trustme."""
    tls = wanted.tls
    with contextlib.ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="martlet-bench-")
        prefix = Path(stack.enter_context(temporary))
        _write_files(prefix)
        ports = _free_ports(2)
        if tls:
            spawn([str(python), "-I", "-c", _CERTIFICATE, str(prefix)], None)
        _write_config(prefix, ports[0], ports[1] if tls else None)
        stack.enter_context(_nginx(cores, prefix, ports[0]))
        holds: list[int] = []
        if wanted.hold:
            holds = stack.enter_context(_hold_server(cores, prefix if tls else None))
        bodies: list[int] = []
        if wanted.bodies:
            write_upload(prefix / "upload", HUNDRED_MEGABYTES)
            bodies = stack.enter_context(_script("_body_server", [], cores))
        echo: list[int] = []
        if wanted.echo:
            echo = stack.enter_context(_script("_echo_server", [], cores))
        yield Addresses(
            plain=f"http://127.0.0.1:{ports[0]}",
            tls=f"https://127.0.0.1:{ports[1]}" if tls else None,
            authority=str(prefix / "ca.pem") if tls else None,
            hold=holds[0] if holds else None,
            hold_tls=holds[1] if holds and tls else None,
            bodies=f"http://127.0.0.1:{bodies[0]}" if bodies else None,
            upload=str(prefix / "upload") if bodies else None,
            echo=echo[0] if echo else None,
        )


@contextlib.contextmanager
def _nginx(cores: Cores, prefix: Path, port: int) -> Iterator[None]:
    log = prefix / "error.log"
    configured = str(prefix / "nginx.conf")
    command = [nginx_path(), "-p", str(prefix), "-c", configured, "-e", "stderr"]
    with log.open("w") as errors:
        with on_core(cores.server):
            nginx = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=errors, text=True)
        with _stopped_after(nginx):
            _wait_for(port, nginx, log)
            yield


@contextlib.contextmanager
def _hold_server(cores: Cores, certificates: Path | None) -> Iterator[list[int]]:
    """Run the hold server; its ports are the plain one and, with certificates, that of TLS."""
    given: list[str] = []
    if certificates is not None:
        given = [str(certificates / "server.pem"), str(certificates / "server.key")]
    with _script("_hold_server", given, cores) as ports:
        yield ports


@contextlib.contextmanager
def _script(module: str, arguments: list[str], cores: Cores) -> Iterator[list[int]]:
    """Run a server of the benchmark's own, which prints its ports."""
    with on_core(cores.server):
        process = subprocess.Popen(
            [sys.executable, "-m", f"bench.{module}", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            cwd=TOOLS,
        )
    with _stopped_after(process):
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise BenchError(f"{module} did not start")
        yield [int(port) for port in line.split()]
        process.stdout.close()
