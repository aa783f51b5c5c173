import json
from hashlib import sha256
from math import inf, nan
from pathlib import Path
from random import Random

import attrs
import pytest

from martlet_cookiejar import CookieJar
from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._cookie_file import load_cookies, read_cookies
from martlet_cookiejar._file_size import MOST_BYTES
from martlet_cookiejar._json_file import dump_json, load_json

from .random_cookies import random_cookies

PLAIN = Cookie("sid", "31d4d96e", "example.org", "/", True)


def load(data: bytes) -> list[Cookie]:
    return load_cookies(data, now=nan)  # Our own file needs no clock.


def test_what_was_dumped_is_loaded_exactly() -> None:
    random = Random(6265)
    for _ in range(10_000):
        cookies = random_cookies(random, 5)
        # Equality would not tell 7 from 7.0, nor 0.0 from -0.0.
        assert repr(load(dump_json(cookies))) == repr(cookies)


def test_file_of_many_cookies_is_loaded_exactly() -> None:
    cookies = random_cookies(Random(1), 5000)
    assert load(dump_json(cookies)) == cookies


def test_order_is_kept() -> None:
    cookies = [attrs.evolve(PLAIN, name=name) for name in ("c", "a", "b")]
    assert load(dump_json(iter(cookies))) == cookies
    assert load(dump_json(cookies[::-1])) == cookies[::-1]


def test_no_cookies_are_a_file_too() -> None:
    assert load(dump_json([])) == []


def test_cookies_that_differ_in_one_part_of_the_key_are_all_kept() -> None:
    others = ({"name": "b"}, {"domain": "b.org"}, {"path": "/b"}, {"host_only": False})
    cookies = [PLAIN, *(attrs.evolve(PLAIN, **other) for other in others)]
    assert load(dump_json(cookies)) == cookies


def test_file_is_ascii_json_with_version_and_checksum_and_a_cookie_a_line() -> None:
    data = dump_json([PLAIN, Cookie("\u00e9", "\udcff", expires=1924992000.25)])
    first, second, third, last, end = data.decode("ascii").split("\n")
    content = json.loads(data)
    assert first.startswith('{"format": "martlet-cookies", "version": 1, "sha256": "')
    assert content["sha256"] == sha256(f"{second}\n{third}".encode()).hexdigest()
    assert json.loads(second.removesuffix(",")) == content["cookies"][0] == attrs.asdict(PLAIN)
    assert json.loads(third)["expires"] == 1924992000.25
    assert (last, end) == ("]}", "")
    assert list(content) == ["format", "version", "sha256", "cookies"]


def test_content_is_that_of_the_data() -> None:
    data = dump_json([PLAIN])
    assert load_json(data, json.loads(data)) == [PLAIN]


@pytest.mark.parametrize("time", [nan, inf, -inf])
def test_what_json_cannot_say_is_not_written(time: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump_json([attrs.evolve(PLAIN, created=time)])


def test_what_servers_set_is_loaded_from_what_the_jar_saved(tmp_path: Path) -> None:
    random = Random(7)
    letters = 'ab\t=; "\\,:%/.\u00e9\udcff' * 10 + "\x00\x1f\x7f\ud800"
    jar, again = CookieJar(unsafe=True), CookieJar()
    for _ in range(3000):
        parts = ["".join(random.choices(letters, k=random.randrange(12))) for _ in range(4)]
        field = f"{parts[0]}{parts[1]}; Path=/{parts[2]}; Max-Age=100{parts[3]}; Secure"
        host = random.choice(("example.org", "b\u00fccher.example", "[::1]", "127.0.0.1"))
        jar.update_cookies_from_headers([field], f"https://{host}/{parts[2]}/x?y")
    assert len(jar) > 100
    jar.save(tmp_path / "cookies.json")
    again.load(tmp_path / "cookies.json")
    assert again.list_cookies() == jar.list_cookies()


def test_first_cookies_are_left_out_of_a_file_that_would_be_too_large(tmp_path: Path) -> None:
    cookies = [attrs.evolve(PLAIN, name=f"n{number}", value="v" * 10**6) for number in range(20)]
    path = tmp_path / "cookies.json"
    path.write_bytes(dump_json(cookies))
    assert path.stat().st_size <= MOST_BYTES
    assert read_cookies(path, nan) == cookies[4:]


def test_file_may_be_as_large_as_can_be_loaded() -> None:
    # A file of one cookie more than what there is room for, by less and less.
    few = [attrs.evolve(PLAIN, name=f"n{number}", value="v" * 2**20) for number in range(15)]
    room = MOST_BYTES - len(dump_json([*few, PLAIN]))
    cookies = [*few, attrs.evolve(PLAIN, value=PLAIN.value + "v" * (room - 200))]
    assert load(dump_json(cookies)) == cookies
    for more in (0, 100, 199, 200, 201):
        cookies[-1] = attrs.evolve(PLAIN, value=PLAIN.value + "v" * (room - 200 + more))
        data = dump_json(cookies)
        assert len(data) <= MOST_BYTES
        assert load(data) in (cookies, cookies[1:])


def test_one_cookie_that_is_too_large_leaves_a_file_of_none() -> None:
    assert load(dump_json([attrs.evolve(PLAIN, value="v" * MOST_BYTES)])) == []
