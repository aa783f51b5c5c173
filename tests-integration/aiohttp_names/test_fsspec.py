import re
import string
from pathlib import Path

import pytest

from .answering import AnsweringHandler, web_server
from .library_programs import install, run_program

ALPHABET = string.ascii_lowercase.encode()


@pytest.fixture(scope="module")
def libraries(pip: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(pip, tmp_path_factory.mktemp("libraries"), "fsspec==2026.9.0")


class Folder(AnsweringHandler):
    """A folder of files, parts of which may be asked for; it knows who asks."""

    files: dict[str, bytes]
    ranges: list[str]

    def do_GET(self) -> None:
        assert self.headers["X-Key"] == "k" or self.path == "/data/digits.txt"
        name = self.path.removeprefix("/data/")
        if not name:
            links = "".join(f'<a href="{name}">{name}</a>' for name in self.files)
            self.answer(links.encode(), "text/html")
        elif name not in self.files:
            self.answer(b"", status=404)
        elif "Range" in self.headers:
            self.part(self.files[name], self.headers["Range"])
        else:
            self.answer(self.files[name], ETag=f'"{name}"', Accept_Ranges="bytes")

    do_HEAD = do_GET

    def part(self, content: bytes, wanted: str) -> None:
        self.ranges.append(wanted)
        found = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted)
        assert found
        first, last = found.groups()
        start = int(first) if first else len(content) - int(last)
        end = min(int(last), len(content) - 1) if first and last else len(content) - 1
        where = f"bytes {start}-{end}/{len(content)}"
        self.answer(content[start : end + 1], status=206, Content_Range=where)

    def do_PUT(self) -> None:
        if self.headers["Transfer-Encoding"] == "chunked":
            content = b""
            while size := int(self.rfile.readline(), 16):
                content += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            content = self.body()
        self.files[self.path.removeprefix("/data/")] = content
        self.answer(b"", status=201)


def test_a_folder_is_read_and_written(libraries: Path, tmp_path: Path) -> None:
    Folder.files = {"alphabet.txt": ALPHABET, "digits.txt": b"1\n2\n", "picture.png": b"PNG"}
    Folder.ranges = []
    with web_server(Folder) as url:
        lines = run_program("web_folder_client.py", libraries, url, str(tmp_path))
    names = ["/data/alphabet.txt", "/data/digits.txt", "/data/picture.png"]
    assert lines == [
        str(names),
        str(names[:2]),
        "True False True",
        '26 text/plain "alphabet.txt"',
        str(ALPHABET),
        "b'bcd' b'yz'",
        str([b"1\n2\n", ALPHABET]),
        "[b'ab', b'yz']",
        "b'abc' 10 b'kl' b'mnopqr' 18",
        "b'ab' b'cd'",
        r"['1\n', '2\n']",
        "True",
        "b'abc' b'piped'",
        "not there",
    ]
    assert {"bytes=1-3", "bytes=24-25"} <= set(Folder.ranges)
