"""Processes of the benchmark: on which core they run and how their failures show."""

import contextlib
import os
import resource
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ._sample import BenchError

TOOLS = Path(__file__).resolve().parents[1]
_CHILD_SECONDS = 120
_CERTIFICATES = ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Cores:
    """The core of the servers and that of the clients; None leaves it to the system."""

    server: int | None
    client: int | None


def choose_cores(given: str | None) -> Cores:
    """Two cores of those this process may use, or `SERVER,CLIENT` as given."""
    if given is not None:
        server, client = (int(part) for part in given.split(","))
        return Cores(server, client)
    if not hasattr(os, "sched_getaffinity"):
        return Cores(None, None)
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[1]) if len(usable) > 1 else Cores(None, None)


@contextlib.contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Processes started meanwhile stay on one core: they inherit it from this one."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def allow_many_files() -> None:
    """Raise the soft limit of open files: a thousand connections need it; children inherit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft = 65_536 if hard == resource.RLIM_INFINITY else min(65_536, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _clean_environment() -> dict[str, str]:
    # Some clients honour the variables of proxies and certificates by default and some do not;
    # and byte code must be cached, or the imports would measure the compiler.
    return {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy")
        and not name.startswith("PYTHON")
        and name not in _CERTIFICATES
    }


def spawn(command: Sequence[str], core: int | None, seconds: float = _CHILD_SECONDS) -> str:
    """Run a process in `tools/` to its end and return what it printed; failing is a BenchError."""
    try:
        with on_core(core):
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                cwd=TOOLS,
                env=_clean_environment(),
                timeout=seconds,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        said = (error.stderr or b"").decode(errors="replace")
        raise BenchError(f"no end after {seconds:.0f} s: {command}\n{said}") from error
    if done.returncode != 0:
        raise BenchError(f"exit status {done.returncode}: {command}\n{done.stderr}")
    return done.stdout
