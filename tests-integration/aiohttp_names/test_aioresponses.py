from pathlib import Path

import pytest

from .answering import AnsweringHandler, web_server
from .library_programs import install, run_program


@pytest.fixture(scope="module")
def libraries(pip: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(pip, tmp_path_factory.mktemp("libraries"), "aioresponses==0.7.9")


class Handler(AnsweringHandler):
    """Tells what it was asked for."""

    def do_GET(self) -> None:
        self.answer(f"real {self.path} {self.headers['X-Key']}".encode())


def test_what_is_mocked_is_answered_and_what_is_not_goes_out(libraries: Path) -> None:
    with web_server(Handler) as url:
        lines = run_program("mocked_client.py", libraries, url)
    assert lines == [
        "200 {'items': [1, 2]} 2",
        "201 {'got': {'name': 'n'}}",
        "404 Not Found nobody",
        "404 Not Found nobody",
        "Connection timeout test",
        r"[b'a\n', b'b\n'] 1",
        "moved http://api.test/v1/new 302",
        "Connection refused: GET http://api.test/v1/unknown",
        "200 real /there k",
        "{'name': 'n'} k",
        "200 real /after k",
    ]
