import os
import subprocess
import sys
import threading
import venv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "retrying_client.py"
LIBRARY = "aiohttp-retry==2.9.1"


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the library, and without aiohttp, on which it depends."""
    folder = tmp_path_factory.mktemp("libraries")
    venv.create(folder / "installer", with_pip=True)
    pip = [str(folder / "installer" / "bin" / "python"), "-m", "pip", "--quiet"]
    options = ["--disable-pip-version-check", "--no-deps", "--target", str(folder / "packages")]
    subprocess.run([*pip, "install", *options, LIBRARY], check=True, timeout=300)
    return folder / "packages"


@contextmanager
def unsteady_server() -> Iterator[tuple[str, Counter[str]]]:
    """Serve /flaky, which is there the third time, and /down, which never is; count requests."""
    asked: Counter[str] = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked[self.path] += 1
            ready = self.path == "/flaky" and asked[self.path] == 3
            body = b"there" if ready else b"later"
            self.send_response(200 if ready else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_it_retries_over_martlet(libraries: Path) -> None:
    with unsteady_server() as (url, asked):
        command = [sys.executable, "-X", "dev", "-W", "error", str(PROGRAM), url]
        path = os.pathsep.join([str(libraries), *sys.path])
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "PYTHONPATH": path},
        )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("200 there martlet_client_session.")
    assert second == "503 later"
    assert asked == {"/flaky": 3, "/down": 3}
