import pickle
import tracemalloc
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from martlet_cookiejar import CookieJar
from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._cookie_file import load_cookies, read_bounded, read_cookies
from martlet_cookiejar._errors import CookieLoadError
from martlet_cookiejar._file_size import MOST_BYTES
from martlet_cookiejar._json_file import dump_json

NOW = 1e9
PLAIN = Cookie("a", "1", "example.org", "/", True)
FOREIGN = b'{"example.org|": {"a": {"coded_value": "1", "path": "/", "host_only": true}}}'
JARS = {"example.org": SimpleCookie("a=1")}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cookies"


@pytest.mark.parametrize(
    "data",
    [dump_json([PLAIN]), FOREIGN, *(pickle.dumps(JARS, protocol) for protocol in range(6))],
)
def test_format_is_known_by_the_content(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert read_cookies(path, NOW) == read_cookies(str(path), NOW) == [PLAIN]
    assert load_cookies(data, NOW) == [PLAIN]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"# Netscape HTTP Cookie File\n", "neither the JSON nor the pickle of a jar"),
        (b"[]", "neither the JSON nor the pickle of a jar"),
        (b'"text"', "neither the JSON nor the pickle of a jar"),
        (b"null", "neither the JSON nor the pickle of a jar"),
        (b"\x00" * 1000, "neither the JSON nor the pickle of a jar"),
        (b"\xff\xfe{\x00}\x00", "neither the JSON nor the pickle of a jar"),
        (b"<html>", "neither the JSON nor the pickle of a jar"),
        (b"SQLite format 3\x00", "neither the JSON nor the pickle of a jar"),
        (b"{", "no JSON, or is truncated"),
        (b'{"format": "martlet-cookies"', "no JSON, or is truncated"),
        (b"{'a': 1}", "no JSON, or is truncated"),
        (b'{"\xff": 1}', "no JSON, or is truncated"),
        (b'{"a|": NaN}', "no JSON, or is truncated"),
        (b'{"a|": {}, "a|": {}}', "no JSON, or is truncated"),
        (b'{"a|":' * 100_000, "no JSON, or is truncated"),
        (b'{"a|": ' + b"1" * 5000 + b"}", "no JSON, or is truncated"),
        (b'{"format": "of another program"}', "no list of cookies"),
        (b'{"cookies": []}', "not that of a jar"),
        (b"\x80\x04", "damaged or truncated"),
        (b"\x80\x04\xff", "damaged or truncated"),
        (b"\x80\x04N.", "not that of a jar"),
        (b"comment", "damaged or truncated"),
    ],
)
def test_what_is_no_jar_is_refused_and_the_message_names_the_file(
    path: Path, data: bytes, message: str
) -> None:
    path.write_bytes(data)
    with pytest.raises(CookieLoadError, match=message) as raised:
        read_cookies(path, NOW)
    assert str(raised.value).startswith(f"{path}: ")


OTHERS = dump_json([Cookie("b", "2", "example.org"), Cookie("c", "3", "example.org")])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no JSON",
        OTHERS[:-1],
        OTHERS.replace(b"3", b"4"),
        OTHERS.replace(b'"version": 1', b'"version": 2'),
        OTHERS + b" " * MOST_BYTES,
        FOREIGN.replace(b'"a"', b'"b": {"coded_value": "2"}, "c"').replace(b"}}}", b"}, 1: 2}}"),
        FOREIGN.replace(b'"a"', b'"b": {"coded_value": "2"}, "c": 1, "a"'),
        pickle.dumps({"example.org": SimpleCookie("b=2"), "b.org": 1}),
        pickle.dumps({"example.org": SimpleCookie("b=2")})[:-1],
    ],
    ids=range(10),
)
def test_jar_is_as_it_was_after_a_file_that_is_refused(path: Path, data: bytes) -> None:
    jar = CookieJar()
    jar.add(PLAIN)
    before = jar.list_cookies()
    path.write_bytes(data)
    with pytest.raises(CookieLoadError):
        jar.load(path)
    assert jar.list_cookies() == before


def test_file_that_is_too_large_is_refused(path: Path) -> None:
    with path.open("wb") as file:
        file.write(dump_json([PLAIN]))
        file.truncate(MOST_BYTES + 1)
    for read in (lambda: read_bounded(path), lambda: read_cookies(path, NOW)):
        with pytest.raises(CookieLoadError, match=f"{path}: the file has more than 16777216 bytes"):
            read()


def test_file_of_exactly_the_size_is_read(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MOST_BYTES)
    assert read_bounded(path) == bytes(MOST_BYTES)


def test_of_a_file_that_is_too_large_no_more_is_read_than_is_needed_to_tell(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 * MOST_BYTES)
    tracemalloc.start()
    try:
        with pytest.raises(CookieLoadError, match="more than 16777216 bytes"):
            read_bounded(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * MOST_BYTES


def test_file_that_cannot_be_read_is_an_os_error(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_cookies(path, NOW)
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        read_cookies(path, NOW)


def test_error_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="empty"):
        load_cookies(b"", NOW)
