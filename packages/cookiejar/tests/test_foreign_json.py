import json
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar import CookieJar
from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._cookie_date import END_OF_TIME
from martlet_cookiejar._cookie_file import load_cookies
from martlet_cookiejar._errors import CookieLoadError
from martlet_cookiejar._foreign_json import load_foreign_json

# As aiohttp 3.14.5 wrote it, for
#     sid="a b"; Path=/docs/; Secure; HttpOnly
#     until=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT
#     lang=en; Domain=example.com; Max-Age=3600; SameSite=lax
# of https://www.example.com/docs/x, and {"all": "z z"} without a URL.
WRITTEN = """{
  "www.example.com|/docs": {
    "sid": {
      "key": "sid",
      "value": "a b",
      "coded_value": "\\"a b\\"",
      "path": "/docs/",
      "domain": "www.example.com",
      "secure": true,
      "httponly": true,
      "host_only": true
    },
    "until": {
      "key": "until",
      "value": "1",
      "coded_value": "1",
      "path": "/docs",
      "domain": "www.example.com",
      "host_only": true,
      "expires_timestamp": 1924992000
    }
  },
  "example.com|/docs": {
    "lang": {
      "key": "lang",
      "value": "en",
      "coded_value": "en",
      "path": "/docs",
      "domain": "example.com",
      "samesite": "lax",
      "expires_timestamp": 1795702269.9654505
    }
  },
  "|": {
    "all": {
      "key": "all",
      "value": "z z",
      "coded_value": "\\"z z\\"",
      "path": "/"
    }
  }
}"""
COOKIES = [
    Cookie("sid", '"a b"', "www.example.com", "/docs/", True, secure=True, http_only=True),
    Cookie("until", "1", "www.example.com", "/docs", True, expires=1924992000.0),
    Cookie("lang", "en", "example.com", "/docs", same_site="Lax", expires=1795702269.9654505),
    Cookie("all", '"z z"'),
]


def load(content: object) -> list[Cookie]:
    return load_cookies(json.dumps(content).encode(), now=0)


def one(**fields: object) -> dict[str, Any]:
    given = {"key": "a", "value": "1", "coded_value": "1", "path": "/", "domain": "b.org"}
    return {"b.org|": {"a": {**given, **fields}}}


def test_file_of_aiohttp_is_read() -> None:
    assert load_cookies(WRITTEN.encode(), now=0) == COOKIES
    assert load_foreign_json(json.loads(WRITTEN)) == COOKIES


def test_file_of_an_empty_jar_is_read() -> None:
    assert load_cookies(b"{}", now=0) == []


def test_cookies_go_where_they_went(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(WRITTEN)
    jar = CookieJar(now=lambda: 1795702000.0)
    jar.load(tmp_path / "f")
    secure = "https://www.example.com"
    assert jar.cookie_header(f"{secure}/docs/x") == 'sid="a b"; until=1; lang=en; all="z z"'
    assert jar.cookie_header(f"{secure}/docs") == 'until=1; lang=en; all="z z"'
    assert jar.cookie_header("http://www.example.com/docs/x") == 'until=1; lang=en; all="z z"'
    assert jar.cookie_header("https://a.www.example.com/docs") == 'lang=en; all="z z"'
    assert jar.cookie_header("https://example.org/docs") == 'all="z z"'


def test_value_on_the_wire_is_taken_not_the_one_decoded() -> None:
    assert load(one(value="x", coded_value='"\\170"'))[0].value == '"\\170"'


@pytest.mark.parametrize(
    ("key", "path", "read"),
    [
        ("b.org|", "/", "/"),
        ("b.org|/a", "/a/", "/a/"),
        ("b.org|/a", "/a", "/a"),
        ("b.org|", "//", "//"),
        ("b.org|/A|b", "/A|b", "/A|b"),
        ("b.org|/a", None, "/a"),
        ("b.org|", None, "/"),
        ("b.org|a", "a", "/"),
    ],
)
def test_path_of_the_cookie_is_what_counts(key: str, path: str | None, read: str) -> None:
    fields = {"coded_value": "1"} if path is None else {"coded_value": "1", "path": path}
    assert load({key: {"a": fields}}) == [Cookie("a", "1", "b.org", read)]


@pytest.mark.parametrize(
    ("time", "expires"),
    [
        (0, 0.0),
        (-5, 0.0),
        (1.25, 1.25),
        (END_OF_TIME, float(END_OF_TIME)),
        (1e300, float(END_OF_TIME)),
        (10**400, float(END_OF_TIME)),
        (-(10**400), 0.0),
    ],
)
def test_end_of_a_cookie_is_a_time_that_can_be(time: float, expires: float) -> None:
    read = load(one(expires_timestamp=time))[0].expires
    assert read == expires
    assert isinstance(read, float)


def test_number_beyond_all_times_is_no_end() -> None:
    data = json.dumps(one(expires_timestamp=4711)).replace("4711", "1e999").encode()
    assert load_cookies(data, now=0)[0].expires is None


@pytest.mark.parametrize("value", [False, None, 0, ""])
def test_flag_that_is_not_set_is_not(value: object) -> None:
    flags = dict.fromkeys(("host_only", "secure", "httponly", "partitioned"), value)
    assert load(one(**flags)) == load(one()) == [Cookie("a", "1", "b.org")]


@pytest.mark.parametrize("value", [True, 1, "true", "false"])
def test_flag_that_is_set_narrows(value: object) -> None:
    flags = dict.fromkeys(("host_only", "secure", "httponly", "partitioned"), value)
    (cookie,) = load(one(**flags))
    assert (cookie.host_only, cookie.secure, cookie.http_only, cookie.partitioned) == (True,) * 4


def test_cookies_that_no_request_could_carry_are_left_out() -> None:
    content = json.loads(WRITTEN)
    content["www.example.com|/docs"]["odd"] = {"coded_value": '"a;b"'}
    content["www.example.com|/docs"]["o=d"] = {"coded_value": "1"}
    content[".|"] = {"nowhere": {"coded_value": "1"}}
    assert load(content) == COOKIES


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"b.org": {}}, "not that of a jar"),
        ({"": {}}, "not that of a jar"),
        ({"cookies": [{"name": "a"}]}, "not that of a jar"),
        ({"b.org|": []}, "not that of a jar"),
        ({"b.org|": None}, "not that of a jar"),
        ({"b.org|": "a=1"}, "not that of a jar"),
        ({"b.org|": {"a": "1"}}, "the cookie 'a' of the file is none"),
        ({"b.org|": {"a": None}}, "the cookie 'a' of the file is none"),
        ({"b.org|": {"a": {}}}, "has no text as its 'coded_value'"),
        (one(coded_value=1), "has no text as its 'coded_value'"),
        (one(coded_value=None), "has no text as its 'coded_value'"),
        (one(path=None), "has no text as its 'path'"),
        (one(path=["/"]), "has no text as its 'path'"),
        (one(samesite=True), "has no text as its 'samesite'"),
        (one(samesite={"a": 1}), "has no text as its 'samesite'"),
        (one(expires_timestamp="1"), "has no time as its end"),
        (one(expires_timestamp=None), "has no time as its end"),
        (one(expires_timestamp=True), "has no time as its end"),
        (one(expires_timestamp=[1]), "has no time as its end"),
    ],
)
def test_what_is_no_jar_is_refused(content: object, message: str) -> None:
    with pytest.raises(CookieLoadError, match=message):
        load(content)


def test_every_truncation_is_refused() -> None:
    data = WRITTEN.encode()
    for size in range(len(data)):
        with pytest.raises(CookieLoadError):
            load_cookies(data[:size], now=0)


def test_damage_gives_cookies_or_the_error() -> None:
    # There is no checksum, so a changed letter is a changed letter.
    random = Random(3)
    read = 0
    for _ in range(10_000):
        data = bytearray(WRITTEN.encode())
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        try:
            load_cookies(bytes(data), now=0)
            read += 1
        except CookieLoadError:
            pass
    assert 1000 < read < 9000


@given(st.data())
def test_no_json_is_another_error(data: st.DataObject) -> None:
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    )
    content = deepcopy(json.loads(WRITTEN))
    place = data.draw(st.sampled_from(sorted(content)))
    name = data.draw(st.sampled_from(sorted(content[place])))
    key = data.draw(st.sampled_from(sorted([*content[place][name], "partitioned"])))
    content[place][name][key] = data.draw(values)
    try:
        load(content)
    except CookieLoadError:
        return


def test_a_file_of_very_many_cookies_is_refused() -> None:
    named = {str(number): None for number in range(50_000)}
    with pytest.raises(CookieLoadError, match="the file has more than 100000 cookies"):
        load_foreign_json({"a.example|": named, "b.example|": {**named, "one more": None}})
