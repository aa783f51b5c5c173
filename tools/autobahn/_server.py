"""The suite's fuzzing server: a process that plays the cases and writes the report."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.process import clean_environment

from ._environment import AutobahnError

__all__ = ["fuzzing_server", "specification"]

_START_SECONDS = 60.0
_PAUSE = 0.05
_STOP_SECONDS = 10.0


def specification(port: int, cases: tuple[str, ...], report: Path) -> str:
    """What the server has to do, as it reads it: JSON."""
    return json.dumps(
        {
            "url": f"ws://127.0.0.1:{port}",
            "outdir": str(report),
            "cases": list(cases),
            "exclude-cases": [],
            "exclude-agent-cases": {},
        },
        indent=1,
    )


@contextmanager
def fuzzing_server(
    program: Path, cases: tuple[str, ...], folder: Path, report: Path
) -> Iterator[str]:
    """Run the server meanwhile, and give its address.

    Args:
        program: The suite's ``wstest``.
        cases: Patterns of cases.
        folder: Where specification and log are put.
        report: Where the server puts its report.
    """
    port = _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    rules, log = folder / "spec.json", folder / "server.log"
    rules.write_text(specification(port, cases, report), encoding="utf-8")
    # Its web server for people is turned off by 0.
    command = [str(program), "--mode=fuzzingserver", "--webport=0", f"--spec={rules}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**clean_environment(), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, port, log)
        yield f"ws://127.0.0.1:{port}"
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=_START_SECONDS).close()
        except ConnectionRefusedError:
            time.sleep(_PAUSE)
        else:
            return
    said = log.read_text(encoding="utf-8", errors="replace")
    raise AutobahnError(f"the fuzzing server does not start:\n{said}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
