import json
import struct
from pathlib import Path

import pytest

from .answering import AnsweringHandler, web_server
from .library_programs import install, run_program


@pytest.fixture(scope="module")
def libraries(pip: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(pip, tmp_path_factory.mktemp("libraries"), "aiodocker==0.27.0")


class Docker(AnsweringHandler):
    """As much of Docker's daemon as the program asks for."""

    def do_GET(self) -> None:
        assert self.path.endswith("/version")
        version = {"Version": "29.0", "ApiVersion": "1.50", "MinAPIVersion": "1.24"}
        self.answer(json.dumps(version).encode(), "application/json")

    def do_POST(self) -> None:
        request = json.loads(self.body())
        if self.path.endswith("/containers/box/exec"):
            kind = "missing" if request["Cmd"] != ["rev"] else "tty" if request["Tty"] else "plain"
            self.answer(json.dumps({"Id": kind}).encode(), "application/json", 201)
            return
        *_, kind, action = self.path.split("/")
        assert action == "start"
        if kind == "missing":
            self.answer(b'{"message": "no such command"}', "application/json", 404)
            return
        assert self.headers["Upgrade"] == "tcp"
        self.send_response(101, "UPGRADED")
        self.send_header("Content-Type", "application/vnd.docker.raw-stream")
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", "tcp")
        self.end_headers()
        self.close_connection = True
        while (word := self.connection.recv(100)) != b"exit":
            answer = word[::-1]
            head = b"" if kind == "tty" else struct.pack(">BxxxL", 2, len(answer))
            self.wfile.write(head + answer)


def test_it_talks_to_a_command(libraries: Path) -> None:
    with web_server(Docker) as url:
        lines = run_program("docker_client.py", libraries, url)
    assert lines == [
        "29.0",
        "2 tfiws",
        "2 teltram",
        "None",
        "1 tfiws",
        "1 teltram",
        "None",
        "404 no such command",
    ]
