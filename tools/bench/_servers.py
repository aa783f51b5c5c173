"""The servers of the benchmark: nginx, and the hold server for the idle connections."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ._processes import Cores, on_core, spawn
from ._sample import BenchError
from ._scenarios import (
    HEADER_COUNT,
    HUNDRED_MEGABYTES,
    POST_BODY,
    SMALL_BODY,
    TEN_KILOBYTES,
)

_HERE = Path(__file__).resolve().parent

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
    # nginx started by root reads the files as another user.
    prefix.chmod(0o755)


def _write_config(prefix: Path, plain: int, tls: int | None) -> None:
    headers = "\n            ".join(
        f"add_header X-Bench-{number:02} value-of-header-{number:02};"
        for number in range(HEADER_COUNT)
    )
    text = _CONFIG.format(
        prefix=prefix,
        plain=plain,
        tls="" if tls is None else _TLS.format(port=tls, prefix=prefix),
        small=SMALL_BODY.decode(),
        post=POST_BODY.decode(),
        headers=headers,
    )
    (prefix / "nginx.conf").write_text(text)


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


@contextlib.contextmanager
def running(python: Path, cores: Cores, tls: bool, hold: bool) -> Iterator[Addresses]:
    """Run the servers on their core; `python` is the environment's, for its trustme."""
    with contextlib.ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="martlet-bench-")
        prefix = Path(stack.enter_context(temporary))
        _write_files(prefix)
        ports = _free_ports(2)
        if tls:
            spawn([str(python), "-I", "-c", _CERTIFICATE, str(prefix)], None)
        _write_config(prefix, ports[0], ports[1] if tls else None)
        command = [
            nginx_path(),
            "-p",
            str(prefix),
            "-c",
            str(prefix / "nginx.conf"),
            "-e",
            "stderr",
        ]
        log = prefix / "error.log"
        errors = stack.enter_context(log.open("w"))
        with on_core(cores.server):
            nginx = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=errors, text=True)
        stack.enter_context(_stopped_after(nginx))
        _wait_for(ports[0], nginx, log)
        holds = stack.enter_context(_hold_server(cores, prefix if tls else None)) if hold else []
        yield Addresses(
            plain=f"http://127.0.0.1:{ports[0]}",
            tls=f"https://127.0.0.1:{ports[1]}" if tls else None,
            authority=str(prefix / "ca.pem") if tls else None,
            hold=holds[0] if hold else None,
            hold_tls=holds[1] if hold and tls else None,
        )


@contextlib.contextmanager
def _hold_server(cores: Cores, certificates: Path | None) -> Iterator[list[int]]:
    """Run the hold server; its ports are the plain one and, with certificates, that of TLS."""
    command = [sys.executable, str(_HERE / "_hold_server.py")]
    if certificates is not None:
        command += [str(certificates / "server.pem"), str(certificates / "server.key")]
    with on_core(cores.server):
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
    with _stopped_after(process):
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise BenchError("the hold server did not start")
        yield [int(port) for port in line.split()]
        process.stdout.close()
