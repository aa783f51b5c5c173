from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .answering import AnsweringHandler, web_server
from .library_programs import install, run_program


@pytest.fixture(scope="module")
def libraries(pip: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(pip, tmp_path_factory.mktemp("libraries"), "aiohttp-retry==2.9.1")


@contextmanager
def unsteady_server() -> Iterator[tuple[str, Counter[str]]]:
    """Serve /flaky, which is there the third time, and /down, which never is; count requests."""
    asked: Counter[str] = Counter()

    class Handler(AnsweringHandler):
        def do_GET(self) -> None:
            asked[self.path] += 1
            ready = self.path == "/flaky" and asked[self.path] == 3
            self.answer(b"there" if ready else b"later", status=200 if ready else 503)

    with web_server(Handler) as url:
        yield url, asked


def test_it_retries_over_martlet(libraries: Path) -> None:
    with unsteady_server() as (url, asked):
        # It forgets the responses after which it tries again.
        first, second = run_program("retrying_client.py", libraries, url, tidy=False)
    assert first.startswith("200 there martlet_client_session.")
    assert second == "503 later"
    assert asked == {"/flaky": 3, "/down": 3}
