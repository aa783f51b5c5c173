"""Runs the examples of every README.md, each fenced ```python block as a test of its own.

A reader can copy any block and run it, so blocks share nothing. Where an example speaks to
``http://example.org``, the block is given the address of a small server that this file starts
instead: examples stay readable and no test leaves the machine. The server answers GET with a
little page (with JSON where the path ends in ``.json``, with an event stream where it ends in
``/events``, with a redirect to ``/`` where it ends in ``/moved``) and POST and PUT with what it
was sent.

pytest finds the files by itself (``pytest packages/interfaces`` runs that package's README too),
therefore a package that is tested alone needs nothing more than the rest of its tests.
"""

import re
import threading
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Final

import hypothesis
import pytest

# The same examples in every run, and no limit on the time of one: a busy machine is no fault.
hypothesis.settings.load_profile("ci")

STAND_IN: Final = "http://example.org"
BLOCK: Final = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect READMEs beside the test files."""
    if file_path.name != "README.md":
        return None
    readme: Readme = Readme.from_parent(parent, path=file_path)
    return readme


class Readme(pytest.File):
    """One README.md."""

    def collect(self) -> Iterable[pytest.Item]:
        """Make an item of each block, named after its line."""
        text = self.path.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield Example.from_parent(self, name=f"line {line}", source=match[1], line=line)


class Example(pytest.Item):
    """One fenced block."""

    def __init__(self, *, source: str, line: int, name: str, parent: Readme) -> None:
        super().__init__(name, parent)
        self.source = source
        self.line = line

    def runtest(self) -> None:
        """Run the block as a program; an error's traceback points into the README."""
        program = "\n" * self.line + self.source
        if STAND_IN in program:
            with _server() as url:
                self._run(program.replace(STAND_IN, url))
        else:
            self._run(program)

    def _run(self, program: str) -> None:
        exec(compile(program, str(self.path), "exec"), {"__name__": "__main__"})

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """Show the traceback from the README's own line on."""
        trace = excinfo.tb
        while trace.tb_next and trace.tb_frame.f_code.co_filename != str(self.path):
            trace = trace.tb_next
        return "".join(traceback.format_exception(excinfo.type, excinfo.value, trace))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the block stands."""
        return self.path, self.line, f"{self.path.name} {self.name}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.endswith("/moved"):
            self._answer("text/plain", b"", 302, {"Location": "/"})
        elif path.endswith(".json"):
            self._answer("application/json", b'{"name": "martlet"}')
        elif path.endswith("/events"):
            self._answer("text/event-stream", b"event: greeting\ndata: hello\n\n")
        else:
            self._answer("text/html; charset=utf-8", b"<!doctype html><title>Example</title>\n")

    def do_POST(self) -> None:
        if "Transfer-Encoding" in self.headers:
            body = b"".join(iter(self._chunk, b""))
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self._answer(self.headers.get("Content-Type", "application/octet-stream"), body)

    def _chunk(self) -> bytes:
        data = self.rfile.read(int(self.rfile.readline(), 16))
        self.rfile.readline()
        return data

    do_HEAD = do_GET
    do_PUT = do_POST

    def _answer(
        self,
        content_type: str,
        body: bytes,
        status: int = 200,
        fields: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def _server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
